"""What the database itself refuses: other towns' rows, changed statements, publication without consent, overlapping phases."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point
from django.db import DatabaseError, IntegrityError, connection, transaction

from participation.models import (
    Anchor,
    Answer,
    ModerationAct,
    ModerationRecord,
    Phase,
    Procedure,
    Publication,
    Question,
    ReceiptCounter,
    Statement,
    Submitter,
)
from participation.phases import Kind
from tenants.models import Tenant
from tenants.scope import Scope, acting_for, within
from tests.factories.participation import END, IN, START, add_phase, make_procedure, make_statement, spot
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory, county

pytestmark = pytest.mark.django_db


def test_without_scope_only_what_was_published_is_seen() -> None:
    tenant = TenantFactory.create()
    hidden = make_procedure(tenant, public=False)
    open_one = make_procedure(tenant)
    make_statement(hidden)
    make_statement(open_one, email="a@example.org", place=spot())
    shown = make_statement(open_one, published=True, email="b@example.org", place=spot())
    assert list(Procedure.objects.all()) == [open_one]
    assert list(Statement.objects.all()) == [shown]
    assert [anchor.statement_id for anchor in Anchor.objects.all()] == [shown.pk]
    assert list(Submitter.objects.all()) == []
    assert list(ReceiptCounter.objects.all()) == []


def test_county_sees_no_submitter_and_no_unpublished_statement_even_of_a_shared_procedure() -> None:
    town, kreis = TenantFactory.create(), county()
    procedure = make_procedure(town, public=False)
    make_statement(procedure, name="Erika Muster")
    with within(Scope(read=(kreis.pk,), write=(kreis.pk,), procedures=(procedure.pk,))):
        assert list(Procedure.objects.all()) == [procedure]
        assert Phase.objects.count() == 1
        assert Statement.objects.count() == 0
        assert Submitter.objects.count() == 0
        assert Anchor.objects.count() == 0


def test_row_on_another_towns_procedure_is_refused() -> None:
    own, other = TenantFactory.create(), TenantFactory.create()
    theirs = make_procedure(other)
    with pytest.raises(IntegrityError), acting_for([own.pk], [own.pk]):
        Phase.objects.create(
            tenant=own, procedure=theirs, kind=Kind.IDEAS, audience="public", period=(START, END)
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_anchor_on_another_towns_plan_object_is_refused() -> None:
    own, other = TenantFactory.create(), TenantFactory.create()
    theirs = make_plan(other, public=True, objects=1)
    statement = make_statement(make_procedure(own))
    with pytest.raises(IntegrityError), acting_for([own.pk], [own.pk]):
        Statement.objects.get(pk=statement.pk)
        Anchor.objects.create(
            tenant=own, statement=make_statement_without_anchor(own), plan_object=theirs.planobjects.get()
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def make_statement_without_anchor(tenant: Tenant) -> Statement:
    procedure = Procedure.objects.get(tenant=tenant)
    statement: Statement = Statement.objects.create(
        tenant=tenant,
        procedure=procedure,
        phase=procedure.phases.get(),
        number=77,
        secret_hash="x",
        text="Ohne Ort",
        received_at=IN,
    )
    return statement


CHANGES: dict[str, Callable[[Statement], object]] = {
    "text": lambda s: Statement.objects.filter(pk=s.pk).update(text="umgeschrieben"),
    "time": lambda s: Statement.objects.filter(pk=s.pk).update(received_at=END),
    "number": lambda s: Statement.objects.filter(pk=s.pk).update(number=9),
    "secret": lambda s: Statement.objects.filter(pk=s.pk).update(secret_hash="x"),
    "late": lambda s: Statement.objects.filter(pk=s.pk).update(is_late=True),
    "phase": lambda s: Statement.objects.filter(pk=s.pk).update(phase=None),
    "remove": lambda s: Statement.objects.filter(pk=s.pk)._raw_delete("default"),
    "place": lambda s: Anchor.objects.filter(statement=s).update(geometry=Point(0, 0, srid=25833)),
    "remove place": lambda s: Anchor.objects.filter(statement=s)._raw_delete("default"),
    "remove submitter": lambda s: Submitter.objects.filter(statement=s)._raw_delete("default"),
    "moderation": lambda s: ModerationRecord.objects.filter(statement=s).update(reason="anders"),
    "remove moderation": lambda s: ModerationRecord.objects.filter(statement=s)._raw_delete("default"),
    "question": lambda s: Question.objects.filter(statement=s).update(text="anders"),
    "answer": lambda s: Answer.objects.filter(statement=s).update(text="anders"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_file_cannot_be_changed_by_the_serving_login(change: str) -> None:
    tenant = TenantFactory.create()
    statement = make_statement(make_procedure(tenant), place=spot())
    with acting_for([tenant.pk], [tenant.pk]):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            CHANGES[change](statement)
        statement.refresh_from_db()
        assert statement.text == "Bitte mehr Bäume."
        assert Anchor.objects.get(statement=statement).geometry == spot()


def test_what_moderation_changes_stays_changeable() -> None:
    tenant = TenantFactory.create()
    statement = make_statement(make_procedure(tenant))
    with acting_for([tenant.pk], [tenant.pk]):
        statement.publication = Publication.HIDDEN
        statement.save(update_fields=["publication"])
        assert Statement.objects.get().publication == "hidden"


@pytest.mark.parametrize(
    ("consent", "public", "publication"),
    [(False, True, "published"), (True, True, "pending"), (True, False, "published")],
)
def test_statement_is_public_with_consent_and_decision_only(
    consent: bool, public: bool, publication: str
) -> None:
    tenant = TenantFactory.create()
    statement = make_statement(make_procedure(tenant))
    with (
        pytest.raises(IntegrityError, match="statement_public_with_consent"),
        acting_for([tenant.pk], [tenant.pk]),
    ):
        Statement.objects.filter(pk=statement.pk).update(
            publication_consent=consent, is_public=public, publication=publication
        )


def test_phases_of_one_audience_do_not_overlap() -> None:
    tenant = TenantFactory.create()
    procedure = make_procedure(tenant, kind=Kind.DRAFT_PUBLIC)
    add_phase(procedure, Kind.DRAFT_BODIES)
    add_phase(procedure, Kind.REPEATED_PUBLIC, start=END, end=END + timedelta(days=14))
    make_procedure(tenant, kind=Kind.DRAFT_PUBLIC)
    with pytest.raises(IntegrityError, match="phase_no_overlap"):
        add_phase(procedure, Kind.IDEAS, start=END - timedelta(seconds=1), end=END + timedelta(days=1))


@pytest.mark.parametrize(("start", "end"), [(START, None), (None, END), (START, START)])
def test_phase_has_a_beginning_and_an_end(start: object, end: object) -> None:
    procedure = make_procedure(TenantFactory.create(), kind=None)
    with pytest.raises(IntegrityError, match="phase_is_bounded"):
        add_phase(procedure, Kind.IDEAS, start=start, end=end)  # type: ignore[arg-type]


def test_anchor_has_one_place_at_most() -> None:
    tenant = TenantFactory.create()
    plan = make_plan(tenant, objects=1)
    with acting_for([tenant.pk]):
        plan_object = plan.planobjects.get()
    procedure = make_procedure(tenant, plan=plan)
    make_statement(procedure, plan_object=plan_object)
    make_statement(procedure, place=spot())
    make_statement(procedure)
    with pytest.raises(IntegrityError, match="anchor_at_most_one"):
        make_statement(procedure, place=spot(), plan_object=plan_object)


def test_two_statements_cannot_have_one_number() -> None:
    tenant = TenantFactory.create()
    procedure = make_procedure(tenant)
    make_statement(procedure)
    with acting_for([tenant.pk], [tenant.pk]):
        ReceiptCounter.objects.update(last=0)
    with pytest.raises(IntegrityError, match="statement_number"):
        make_statement(procedure)


def test_moderation_record_can_be_added() -> None:
    tenant = TenantFactory.create()
    statement = make_statement(make_procedure(tenant))
    with acting_for([tenant.pk], [tenant.pk]):
        ModerationRecord.objects.create(
            tenant=tenant,
            statement=statement,
            act=ModerationAct.HIDE,
            before="pending",
            after="hidden",
            at=IN,
        )
        assert ModerationRecord.objects.count() == 1
