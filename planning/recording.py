"""What a person does with the legal procedure of a plan: record and correct steps, add papers, name Fassungen, write the
Rechtsstand into the file. As services: may they, change, record."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from planning import agenda, exporting, proceedings, queries, revising
from planning.errors import IllegalStep
from planning.models import (
    CalendarKey,
    Fassung,
    Origin,
    Plan,
    PlanVersion,
    ProcedureStep,
    Source,
    StepDocument,
)
from planning.rechtsstand import Attributes
from planning.services import Upload
from planning.xplanung import writer
from planning.xplanung.schema import schema
from tenants import events, files
from tenants.models import Job, PrivateFile, Tenant, User
from tenants.permissions import memberships, require
from tenants.scope import acting_for

ACTION = "change_plan"
CASE = ("track", "on_project", "development", "amends_id", "amendment")


@dataclass(frozen=True)
class StepData:
    """A step as a person states it."""

    kind: str
    on: date
    until: date | None = None
    announced_on: date | None = None
    number: str = ""
    body: str = ""
    note: str = ""
    source: str = Source.RECORDED


def _scope(plan: Plan) -> Any:
    return acting_for([plan.tenant_id], [plan.tenant_id])


@transaction.atomic
def record_step(plan: Plan, data: StepData, *, actor: User) -> ProcedureStep:
    """What happened, or is planned for a day ahead; nothing is refused because the law wants it otherwise."""
    require(actor, ACTION, plan)
    with _scope(plan):
        step: ProcedureStep = ProcedureStep.objects.create(
            tenant_id=plan.tenant_id, plan=plan, created_by=actor, is_public=plan.is_public, **asdict(data)
        )
        _record("record_step", step, actor=actor, after=asdict(data))
        proceedings.refresh(plan, on=timezone.localdate())
    return step


@transaction.atomic
def correct_step(
    step: ProcedureStep, data: StepData, *, actor: User, reason: str, void: bool = False
) -> ProcedureStep:
    """Put a new revision in the place of a step; the old one stays readable for the staff. void: it never happened.

    Raises IllegalStep when somebody else was faster.
    """
    plan = step.plan
    require(actor, ACTION, plan)
    with _scope(plan):
        own = ProcedureStep.objects.filter(plan=plan, entry=step.entry)
        current = own.select_for_update(of=("self",)).get(is_current=True)
        if current.pk != step.pk:
            raise IllegalStep("the step was corrected meanwhile")
        own.filter(pk=current.pk).update(is_current=False, is_public=False)
        new: ProcedureStep = ProcedureStep.objects.create(
            tenant_id=plan.tenant_id,
            plan=plan,
            entry=current.entry,
            revision=current.revision + 1,
            is_void=void,
            reason=reason,
            created_by=actor,
            is_public=plan.is_public and not void,
            **asdict(data),
        )
        if void:
            _close_papers(new)
        before = {**events.state_of(current, *asdict(data)), "void": current.is_void}
        _record(
            "correct_step",
            new,
            actor=actor,
            before=before,
            after={**asdict(data), "void": void, "reason": reason},
        )
        proceedings.refresh(plan, on=timezone.localdate())
    return new


def papers_of(step: ProcedureStep) -> Any:
    """Documents of all revisions of a step."""
    return StepDocument.objects.filter(plan=step.plan_id, step__entry=step.entry).select_related("file")


def _close_papers(step: ProcedureStep) -> None:
    papers = papers_of(step)
    PrivateFile.objects.filter(pk__in=papers.values("file")).update(is_public=False)
    StepDocument.objects.filter(pk__in=papers.values("pk")).update(is_public=False)


@transaction.atomic
def add_paper(
    step: ProcedureStep, upload: Upload, *, actor: User, title: str, internal: bool
) -> StepDocument:
    """Keep a document with a step. Raises QuotaExceeded."""
    plan = step.plan
    require(actor, ACTION, plan)
    with _scope(plan), files.kept_only_on_success():
        upload.seek(0)
        kept = files.store(
            upload.chunks(),
            tenant=plan.tenant,
            name=upload.name or "",
            content_type=(upload.content_type or "application/octet-stream")[:100],
            by=actor,
        )
        public = step.is_public and not internal
        if public:
            PrivateFile.objects.filter(pk=kept.pk).update(is_public=True)
        paper: StepDocument = StepDocument.objects.create(
            tenant_id=plan.tenant_id,
            plan=plan,
            step=step,
            title=title or PurePosixPath(upload.name or "").stem[:200],
            file=kept,
            sha256=kept.sha256,
            is_internal=internal,
            is_public=public,
            created_by=actor,
        )
        after = {"step": str(step), "title": paper.title, "sha256": paper.sha256, "internal": internal}
        _record("add_step_document", paper, actor=actor, after=after)
    return paper


def file_of(paper: StepDocument) -> PrivateFile:
    """The file of a document that the caller was already allowed to see: a share opens the plan's rows, not the file table."""
    with acting_for([paper.tenant_id]):
        return PrivateFile.objects.get(pk=paper.file_id)


@transaction.atomic
def set_case(plan: Plan, *, actor: User, values: Mapping[str, Any]) -> None:
    """What the law makes depend on the plan: the keys of CASE."""
    require(actor, ACTION, plan)
    with _scope(plan):
        row = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        before = _case(row)
        for name in CASE:
            setattr(row, name, values[name])
        if row.amends_id == row.pk:
            raise IllegalStep("a plan cannot change itself")
        row.save(update_fields=[*CASE, "changed_at"])
        _record("set_plan_case", row, actor=actor, before=before, after=_case(row))
        proceedings.refresh(row, on=timezone.localdate())


def _case(plan: Plan) -> dict[str, Any]:
    amended = Plan.objects.filter(pk__in=[plan.amends_id]).first()
    told = events.state_of(plan, *(name for name in CASE if name != "amends_id"))
    return {**told, "amends": str(amended or "")}


@transaction.atomic
def name_fassung(version: PlanVersion, *, actor: User, kind: str, dated_on: date) -> Fassung:
    """Say under which legal name a file revision goes: the open Fassung of this kind gets it, else a new one is begun."""
    plan = version.plan
    require(actor, ACTION, plan)
    with _scope(plan):
        Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)  # two persons, one number
        own = Fassung.objects.filter(plan=plan, kind=kind)
        fassung: Fassung | None = own.filter(frozen_at__isnull=True).first()
        if fassung is None:
            number = (own.aggregate(last=Max("number"))["last"] or 0) + 1
            fassung = Fassung(tenant_id=plan.tenant_id, plan=plan, kind=kind, number=number, created_by=actor)
        fassung.version, fassung.dated_on = version, dated_on
        fassung.save()
        after = {"fassung": str(fassung), "version": version.number, "dated_on": dated_on}
        _record("name_fassung", fassung, actor=actor, after=after)
    return fassung


@transaction.atomic
def freeze_fassung(fassung: Fassung, *, actor: User) -> None:
    """It was published or decided on, here or elsewhere: nobody changes it any more. Raises IllegalStep."""
    require(actor, ACTION, fassung.plan)
    with _scope(fassung.plan):
        rows = Fassung.objects.filter(pk=fassung.pk, frozen_at__isnull=True)
        if not rows.update(frozen_at=timezone.now()):
            raise IllegalStep("the Fassung is frozen already")
        _record("freeze_fassung", fassung, actor=actor, after={"fassung": str(fassung)})


@transaction.atomic
def write_attributes(plan: Plan, *, actor: User) -> Job:
    """Start a job that makes a new version whose Rechtsstand, Verfahren and dates are those of the steps; the newest version
    itself stays as it came. Raises IllegalStep where there is nothing to write."""
    require(actor, "import_plan", plan)
    with _scope(plan), files.kept_only_on_success():
        version = plan.current_version
        if version is None:
            raise IllegalStep("there is no version to write into")
        steps = proceedings.current_steps(plan)
        attributes = proceedings.wanted(plan, steps, version, on=timezone.localdate())
        if not proceedings.differences(version, attributes):
            raise IllegalStep("the file says what the steps say")
        content = exporting.gml(version, edited=_edited(version, attributes))
        title = _("Rechtsstand of %s") % plan
        return revising.bring_in(version, content, actor=actor, origin=Origin.LIFECYCLE, title=title)


def _edited(version: PlanVersion, attributes: Attributes) -> dict[int, bytes]:
    """Position -> XML of the objects that change."""
    kind = f"{version.plan.plan_type}_Plan"
    plan_object = version.plan_objects.filter(feature_type=kind).order_by("position").first()
    if plan_object is None:
        raise IllegalStep("the version has no plan object")
    changes: list[tuple[Any, Mapping[str, Any]]] = [(plan_object, attributes.plan)]
    changes += [(row, attributes.bereich) for row in proceedings.bereiche(version) if attributes.bereich]
    facts, spaces = schema(version.xplan_version), queries.frame_of(version).namespaces
    return {
        row.position: writer.edited(row.raw.encode(), values, schema=facts, namespaces=spaces)
        for row, values in changes
    }


@transaction.atomic
def calendar_key(tenant: Tenant, *, actor: User) -> CalendarKey:
    """The person's key to the dates of the tenant, made when there is none."""
    require(actor, "view", tenant)
    key, made = CalendarKey.objects.get_or_create(tenant=tenant, user=actor)
    if made:
        events.audit("make_calendar_key", tenant_id=tenant.pk, thing=key, actor=actor)
    return key


@transaction.atomic
def renew_calendar_key(tenant: Tenant, *, actor: User) -> CalendarKey:
    """A new address; the old one is dead."""
    require(actor, "view", tenant)
    key = calendar_key(tenant, actor=actor)
    key.public_id = uuid.uuid4()
    key.save(update_fields=["public_id"])
    events.audit("renew_calendar_key", tenant_id=tenant.pk, thing=key, actor=actor)
    return key


def calendar_key_of(tenant: Tenant, person: User) -> CalendarKey | None:
    found: CalendarKey | None = CalendarKey.objects.filter(tenant=tenant, user=person).first()
    return found


def feed(tenant_id: int, key: str, *, at: datetime, days: int) -> bytes | None:
    """The dates of the tenant as iCalendar for the holder of a key; None when the key is dead or its person left."""
    with acting_for([tenant_id]):
        row = (
            CalendarKey.objects.filter(tenant=tenant_id, public_id=key)
            .select_related("user", "tenant")
            .first()
        )
        if row is None or not row.user.is_active or row.tenant not in memberships(row.user):
            return None
        today = timezone.localdate(at)
        rows = agenda.appointments(
            [tenant_id], first=today - timedelta(days=days // 3), last=today + timedelta(days=days)
        )
        return agenda.as_ical(rows, name=_("Plans of %s") % row.tenant, stamp=at)


def _record(
    action: str,
    thing: ProcedureStep | StepDocument | Fassung | Plan,
    *,
    actor: User,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    events.audit(action, tenant_id=thing.tenant_id, thing=thing, actor=actor, before=before, after=after)
