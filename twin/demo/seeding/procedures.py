"""Procedures with their statements, through the services: opened, published, commented, moderated, decided, answered."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.contrib.gis.geos import Point
from django.db import transaction

from participation.drafts import PhaseDates, ProcedureData, StatementData
from participation.models import Category, ModerationAct, Procedure, Statement
from participation.moderating import answer_statement, moderate
from participation.phases import Kind
from participation.services import decide_procedure, open_procedure, publish_procedure, submit_statement
from planning.models import Plan, PlanObject, PlanState
from planning.services import publish_plan
from tenants.models import Tenant, User
from tenants.permissions import share
from tenants.roles import Share
from twin.demo.geography import places
from twin.demo.people import DOMAIN, planner_of
from twin.demo.plans.gml import gml_id
from twin.demo.texts import CATEGORIES, ProcedureText, StatementText, categories_of, procedures, statements_of
from twin.indicators.formulas import BERLIN

KINDS = {
    "publication": (Kind.DRAFT_PUBLIC, Kind.DRAFT_BODIES),
    "early": (Kind.EARLY_PUBLIC, Kind.EARLY_BODIES),
    "informal": (Kind.IDEAS,),
}
ACTS = {"published": ModerationAct.PUBLISH, "hidden": ModerationAct.HIDE, "asked": ModerationAct.ASK}
SHARED = "elbauenquartier"  # its plan with the external planner, its procedure with the body
DECIDED_AFTER = timedelta(days=6)  # after the last day
MIDPOINTS = {place.ags: place.midpoint for place in places()}


def seed_procedures(plans: Mapping[str, Plan], *, on: date) -> None:
    """All procedures of the demo, each with everything that belongs to it or not at all; existing ones stay as they are."""
    for text in procedures():
        plan = plans.get(text.plan)
        tenant = plan.tenant if plan else Tenant.objects.get(ags=text.municipality)
        if not Procedure.objects.filter(tenant=tenant, title=text.title).exists():
            with transaction.atomic():
                _seed(text, plan, tenant=tenant, on=on)


def _seed(text: ProcedureText, plan: Plan | None, *, tenant: Tenant, on: date) -> None:
    actor = planner_of(tenant.slug)
    first, last = on + timedelta(days=text.starts), on + timedelta(days=text.ends)
    if plan and plan.state != PlanState.PUBLISHED:
        publish_plan(plan, actor=actor, on=min(first, on))
        plan.refresh_from_db()
    data = ProcedureData(
        title=text.title,
        summary=f"{text.summary}\n\n{text.how}",
        plan=plan,
        phases=tuple(PhaseDates(kind, first, last) for kind in KINDS[text.kind]),
        categories=categories_of(text),
    )
    procedure = open_procedure(tenant, data=data, actor=actor)
    publish_procedure(procedure, actor=actor, at=_moment(min(first, on), 8))
    procedure.refresh_from_db()
    said = [(_submit(one, procedure, text=text, first=first), one) for one in statements_of(text)]
    if last < on and text.decided:
        decide_procedure(procedure, actor=actor, at=_moment(last + DECIDED_AFTER, 18))
        procedure.refresh_from_db()
    for statement, one in said:
        _react(statement, one, actor=actor, answered=_moment(last + DECIDED_AFTER + timedelta(days=2), 10))
    if text.slug == SHARED:
        _share(procedure)


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=BERLIN)


def _submit(one: StatementText, procedure: Procedure, *, text: ProcedureText, first: date) -> Statement:
    category = Category.objects.get(procedure=procedure, name=CATEGORIES[one.category])
    data = StatementData(
        text=one.text,
        category_id=category.pk,
        name=one.name,
        publication_consent=one.publish,
        geometry=_point(one, text),
        plan_object_id=_object(one, text, procedure),
    )
    return submit_statement(
        procedure, data=data, at=_moment(first + timedelta(days=one.day), 9 + one.day % 9)
    ).statement


def _point(one: StatementText, text: ProcedureText) -> Point | None:
    if one.offset is None:
        return None
    (east, north), (right, up) = MIDPOINTS[text.municipality], one.offset
    return Point(east + right, north + up, srid=25833)


def _object(one: StatementText, text: ProcedureText, procedure: Procedure) -> int | None:
    if not one.object:
        return None
    named = gml_id(text.plan, one.object)
    return int(PlanObject.objects.get(version=procedure.plan_version, gml_id=named).pk)


def _react(statement: Statement, one: StatementText, *, actor: User, answered: datetime) -> None:
    """Moderate the day after; answer two days later, in formal procedures only after the decision."""
    if one.state in ACTS:
        moderate(
            statement,
            act=ACTS[one.state],
            actor=actor,
            at=statement.received_at + timedelta(days=1),
            reason=one.reason,
        )
    statement.refresh_from_db()
    if one.answer:
        formal = statement.phase.rule.formal
        at = answered if formal else statement.received_at + timedelta(days=2)
        answer_statement(statement, text=one.answer, actor=actor, at=at)


def _share(procedure: Procedure) -> None:
    """Without the mails of the services: nobody reads the demo people's mail."""
    bureau, body = (User.objects.get(email=f"{login}@{DOMAIN}") for login in ("buero", "toeb"))
    if procedure.plan is not None:
        share(procedure.plan, holder=bureau, as_=Share.EXTERNAL_PLANNER)
    share(procedure, holder=body, as_=Share.BODY)
