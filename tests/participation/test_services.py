"""What people do: open, say, moderate, answer, take back. A row of another town always lies beside."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry, LineString, Point, Polygon
from django.core.files.uploadedfile import SimpleUploadedFile

from participation import notifications, retention
from participation.drafts import PhaseDates, ProcedureData, StatementData
from participation.errors import (
    ConfirmationInvalid,
    IllegalChange,
    NoConsent,
    NotBeforeDecision,
    NothingToUndo,
    NotOpen,
    ReasonMissing,
    StatementRefused,
)
from participation.models import (
    Anchor,
    Answer,
    ModerationAct,
    ModerationRecord,
    Procedure,
    Question,
    Statement,
    Submitter,
)
from participation.moderating import answer_statement, moderate, sort_statement, undo_moderation
from participation.phases import Kind
from participation.services import (
    change_procedure,
    confirm_mail,
    decide_procedure,
    open_procedure,
    publish_procedure,
    reply_to_question,
    revoke_publication,
    status_of,
    submit_statement,
)
from planning.filing import add_documents, describe_document, replace_document
from planning.papers import Entry
from planning.recording import name_fassung
from tenants.errors import Forbidden
from tenants.models import AuditEvent, OutboxMessage, UsageEvent
from tenants.permissions import share
from tenants.roles import Role, Share
from tenants.scope import acting_for
from tests.factories.participation import END, IN, SECRET, START, make_procedure, make_statement, spot
from tests.factories.planning import add_version, make_plan
from tests.factories.tenants import TenantFactory, county, member

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
TEXT = StatementData(text="Bitte mehr Bäume.")
PHASE = PhaseDates(Kind.CONSULTATION, date(2026, 3, 2), date(2026, 4, 3))


def rows(tenant: Any, model: Any) -> list[Any]:
    with acting_for([tenant.pk]):
        return list(model.objects.all())


# --- procedures


def test_procedure_is_opened_for_the_tenant_alone_and_published_with_its_children() -> None:
    tenant = TenantFactory.create()
    planner = member(tenant, Role.PLANNER)
    plan = make_plan(tenant, public=True)
    with acting_for([tenant.pk], [tenant.pk]):
        data = ProcedureData("Am Weinberg", plan=plan, phases=(PHASE,), categories=("Verkehr", "Natur"))
        procedure = open_procedure(tenant, data=data, actor=planner)
        phase = procedure.phases.get()
        assert (phase.audience, phase.first_day, phase.last_day) == (
            "public",
            PHASE.first_day,
            PHASE.last_day,
        )
        assert procedure.plan_version == plan.published_version
        assert [event.action for event in AuditEvent.objects.all()] == ["open_procedure"]
    assert list(Procedure.objects.all()) == []
    with acting_for([tenant.pk], [tenant.pk]):
        publish_procedure(procedure, actor=planner, at=START)
    assert list(Procedure.objects.all()) == [procedure]
    assert procedure.phases.count() == 1
    assert {category.name for category in procedure.categorys.all()} == {"Verkehr", "Natur"}


def test_phases_are_bound_to_the_fassung_that_is_published_with_them() -> None:
    tenant = TenantFactory.create()
    planner = member(tenant, Role.PLANNER)
    plan = make_plan(tenant, public=True)
    procedure = make_procedure(tenant, plan=plan, kind=Kind.DRAFT_PUBLIC, public=False)
    with acting_for([tenant.pk], [tenant.pk]):
        assert plan.current_version is not None
        draft = name_fassung(plan.current_version, actor=planner, kind="draft", dated_on=date(2026, 2, 1))
        publish_procedure(procedure, actor=planner, at=START)
        newer = add_version(plan)
        other = name_fassung(newer, actor=planner, kind="draft", dated_on=date(2026, 3, 9))
        phases = tuple(
            PhaseDates(kind, first, last, key=key)
            for kind, first, last, key in (
                (Kind.DRAFT_PUBLIC, date(2026, 3, 2), date(2026, 4, 3), procedure.phases.get().pk),
                (Kind.REPEATED_PUBLIC, date(2026, 6, 1), date(2026, 6, 15), None),
            )
        )
        change_procedure(
            procedure,
            data=ProcedureData("x", plan=plan, phases=phases),
            actor=planner,
            at=START - timedelta(days=10),
        )
        draft.refresh_from_db()
        other.refresh_from_db()
        assert [phase.fassung for phase in procedure.phases.all()] == [draft, draft]
        assert (draft.frozen_at is not None, draft.is_public) == (True, True)
    assert (other.pk != draft.pk, other.number, other.frozen_at) == (True, 2, None)


def test_last_day_of_a_phase_belongs_to_it_in_local_time() -> None:
    start, end = PhaseDates(Kind.IDEAS, date(2026, 3, 2), date(2026, 3, 29)).period
    assert start.astimezone(UTC) == datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert end.astimezone(UTC) == datetime(2026, 3, 29, 22, tzinfo=UTC)  # summer time began that night


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.EDITOR, Role.MUNICIPAL_ADMIN])
def test_who_is_no_planner_opens_no_procedure(role: Role) -> None:
    tenant = TenantFactory.create()
    with acting_for([tenant.pk], [tenant.pk]), pytest.raises(Forbidden):
        open_procedure(tenant, data=ProcedureData("x"), actor=member(tenant, role))


def test_planner_of_another_town_changes_nothing() -> None:
    tenant = TenantFactory.create()
    procedure = make_procedure(tenant)
    stranger = member(TenantFactory.create(), Role.PLANNER)
    for act in (publish_procedure, decide_procedure):
        with acting_for([tenant.pk], [tenant.pk]), pytest.raises(Forbidden):
            act(procedure, actor=stranger, at=IN)


def test_procedure_is_not_published_without_phase_or_with_an_invisible_plan() -> None:
    tenant = TenantFactory.create()
    planner = member(tenant, Role.PLANNER)
    for procedure, code in (
        (make_procedure(tenant, kind=None, public=False), "no_phase"),
        (make_procedure(tenant, public=False, plan=make_plan(tenant)), "plan_not_public"),
    ):
        with acting_for([tenant.pk], [tenant.pk]), pytest.raises(IllegalChange) as refusal:
            publish_procedure(procedure, actor=planner, at=IN)
        assert refusal.value.code == code


@pytest.mark.parametrize("kind", [Kind.DRAFT_PUBLIC, Kind.REPEATED_PUBLIC])
def test_plan_is_not_laid_out_before_each_open_document_names_its_schutzgueter(kind: Kind) -> None:
    """§ 3 Abs. 2 BauGB: the notice names the kinds of environmental information. Internal and replaced documents do not count."""
    tenant = TenantFactory.create()
    planner = member(tenant, Role.PLANNER)
    plan = make_plan(tenant, public=True)
    entry = Entry("Umweltbericht", goods=("soil",))

    def file(name: str) -> Any:
        return SimpleUploadedFile(f"{name}.pdf", b"%PDF-" + name.encode(), "application/pdf")

    with acting_for([tenant.pk], [tenant.pk]):
        (untagged,) = add_documents(plan, [file("a")], actor=planner, entry=replace(entry, goods=()))
        add_documents(plan, [file("b")], actor=planner, entry=entry)
        add_documents(plan, [file("c")], actor=planner, entry=replace(entry, goods=(), is_internal=True))
        procedure = make_procedure(tenant, kind=kind, public=False, plan=plan)
        with pytest.raises(IllegalChange) as refusal:
            publish_procedure(procedure, actor=planner, at=IN)
        assert refusal.value.code == "documents_untagged"
        procedure.refresh_from_db()
        assert not procedure.is_public
        values = {"title": "a", "kind": "1010", "dated_on": None, "goods": ["none"]}
        describe_document(untagged, values, actor=planner)
        publish_procedure(procedure, actor=planner, at=IN)
        assert procedure.phases.get().is_public
        new = replace_document(untagged, file("d"), actor=planner)
        describe_document(new, {**values, "goods": []}, actor=planner)
        data = ProcedureData(title="x", summary="y", plan=plan, phases=(), categories=())
        phase = procedure.phases.get()
        again = PhaseDates(kind, phase.first_day, date(2026, 4, 20), key=phase.pk)
        with pytest.raises(IllegalChange):
            change_procedure(procedure, data=replace(data, phases=(again,)), actor=planner, at=IN)


def test_informal_phase_asks_for_no_schutzgueter() -> None:
    tenant = TenantFactory.create()
    planner = member(tenant, Role.PLANNER)
    plan = make_plan(tenant, public=True)
    upload = SimpleUploadedFile("a.pdf", b"%PDF-", "application/pdf")
    with acting_for([tenant.pk], [tenant.pk]):
        add_documents(plan, [upload], actor=planner, entry=Entry("a"))
        publish_procedure(make_procedure(tenant, public=False, plan=plan), actor=planner, at=IN)


LONGER = replace(PHASE, last_day=date(2026, 4, 20))
EARLIER = replace(PHASE, first_day=date(2026, 2, 1))


@pytest.mark.parametrize(
    ("at", "wanted", "code"),
    [
        (START - timedelta(days=9), (EARLIER,), None),
        (START - timedelta(days=9), (), None),
        (IN, (LONGER,), None),
        (IN, (EARLIER,), "phase_begun"),
        (IN, (replace(PHASE, last_day=date(2026, 3, 19)),), "phase_begun"),
        (IN, (replace(PHASE, kind=Kind.IDEAS),), "phase_begun"),
        (IN, (), "phase_begun"),
        (END + SECOND, (LONGER,), "phase_over"),
    ],
)
def test_phase_changes_only_as_far_as_nobody_relies_on_it(
    at: datetime, wanted: tuple[PhaseDates, ...], code: str | None
) -> None:
    tenant = TenantFactory.create()
    start, end = PHASE.period
    procedure = make_procedure(tenant, start=start, end=end)
    planner = member(tenant, Role.PLANNER)
    with acting_for([tenant.pk], [tenant.pk]):
        phase = procedure.phases.get()
        data = ProcedureData("Neu", phases=tuple(replace(dates, key=phase.pk) for dates in wanted))
        if code:
            with pytest.raises(IllegalChange) as refusal:
                change_procedure(procedure, data=data, actor=planner, at=at)
            assert refusal.value.code == code
        else:
            change_procedure(procedure, data=data, actor=planner, at=at)
            got = [(p.first_day, p.last_day) for p in procedure.phases.all()]
            assert got == [(dates.first_day, dates.last_day) for dates in wanted]
            assert AuditEvent.objects.get().after["title"] == "Neu"


def test_public_procedure_keeps_its_plan_and_used_categories_stay() -> None:
    tenant = TenantFactory.create()
    planner = member(tenant, Role.PLANNER)
    procedure = make_procedure(tenant, categories=("Verkehr", "Natur"), plan=make_plan(tenant, public=True))
    with acting_for([tenant.pk], [tenant.pk]):
        used, _ = procedure.categorys.order_by("-name")
    make_statement(procedure, category=used)
    with acting_for([tenant.pk], [tenant.pk]):
        phase = procedure.phases.get()
        dates = (PhaseDates(Kind.CONSULTATION, phase.first_day, phase.last_day, phase.pk),)
        with pytest.raises(IllegalChange):
            change_procedure(procedure, data=ProcedureData("x", phases=dates), actor=planner, at=IN)


# --- statements


def test_statement_is_received_with_number_secret_and_parts() -> None:
    tenant, other = TenantFactory.create(), TenantFactory.create()
    procedure = make_procedure(tenant, categories=("Verkehr",))
    make_statement(make_procedure(other))
    data = StatementData(
        text="Zeile eins\r\nZeile zwei\0",
        category_id=procedure.categorys.get().pk,
        name="Erika Muster",
        email="erika@example.org",
        postal_address="Am Markt 1",
        publication_consent=True,
        geometry=spot(),
    )
    receipt = submit_statement(procedure, data=data, at=IN)
    assert list(Statement.objects.all()) == []  # the scope was open for this act alone
    [statement], [submitter], [anchor] = (rows(tenant, m) for m in (Statement, Submitter, Anchor))
    assert receipt.number == f"{tenant.pk}-{procedure.pk}-00001"
    assert (statement.text, statement.number) == ("Zeile eins\nZeile zwei", 1)
    assert (statement.received_at, statement.is_late, statement.is_public) == (IN, False, False)
    assert (submitter.name, submitter.confirmed_at) == ("Erika Muster", None)
    assert submitter.purge_on == date(2027, 4, 4)
    assert anchor.geometry == spot()
    assert receipt.secret not in (statement.secret_hash, statement.text)


def test_formal_submitters_stay_with_the_file() -> None:
    procedure = make_procedure(TenantFactory.create(), kind=Kind.DRAFT_PUBLIC)
    submit_statement(procedure, data=replace(TEXT, name="Erika Muster"), at=IN)
    assert rows(procedure.tenant, Submitter)[0].purge_on is None


@pytest.mark.parametrize("kind", [Kind.DRAFT_PUBLIC, Kind.EARLY_PUBLIC, Kind.REPEATED_PUBLIC])
def test_formal_statement_a_second_after_the_deadline_is_accepted_and_stamped(kind: Kind) -> None:
    procedure = make_procedure(TenantFactory.create(), kind=kind)
    submit_statement(procedure, data=TEXT, at=END - SECOND)
    submit_statement(procedure, data=TEXT, at=END + SECOND)
    assert [row.is_late for row in rows(procedure.tenant, Statement)] == [True, False]


@pytest.mark.parametrize("kind", [Kind.IDEAS, Kind.CONSULTATION])
def test_informal_statement_a_second_after_the_deadline_is_refused(kind: Kind) -> None:
    procedure = make_procedure(TenantFactory.create(), kind=kind)
    submit_statement(procedure, data=TEXT, at=END - SECOND)
    with pytest.raises(NotOpen):
        submit_statement(procedure, data=TEXT, at=END + SECOND)
    assert len(rows(procedure.tenant, Statement)) == 1


def test_nothing_is_taken_before_after_the_decision_or_while_not_public() -> None:
    tenant = TenantFactory.create()
    for procedure, at in (
        (make_procedure(tenant, kind=Kind.DRAFT_PUBLIC), START - SECOND),
        (make_procedure(tenant, kind=Kind.DRAFT_PUBLIC, decided_at=IN), IN),
        (make_procedure(tenant, kind=Kind.DRAFT_BODIES), IN),
    ):
        with pytest.raises(NotOpen):
            submit_statement(procedure, data=TEXT, at=at)
    hidden = make_procedure(tenant, public=False)
    with pytest.raises(NotOpen):
        submit_statement(hidden, data=TEXT, at=IN)
    assert rows(tenant, Statement) == []


def test_refused_statement_leaves_no_gap_in_the_numbers() -> None:
    procedure = make_procedure(TenantFactory.create())
    submit_statement(procedure, data=TEXT, at=IN)
    with pytest.raises(StatementRefused):
        submit_statement(procedure, data=replace(TEXT, text=" "), at=IN)
    with pytest.raises(NotOpen):
        submit_statement(procedure, data=TEXT, at=END)
    assert submit_statement(procedure, data=TEXT, at=IN).statement.number == 2


def test_body_speaks_in_the_bodies_phase_of_a_procedure_shared_with_it() -> None:
    town, kreis = TenantFactory.create(), county()
    procedure = make_procedure(town, kind=Kind.DRAFT_BODIES, public=False)
    officer = member(kreis, Role.PLANNER)
    with pytest.raises(NotOpen):
        submit_statement(procedure, data=TEXT, at=IN, user=officer)
    share(procedure, holder=kreis, as_=Share.BODY)
    submit_statement(procedure, data=TEXT, at=IN, user=member(kreis, Role.PLANNER))
    [statement] = rows(town, Statement)
    assert statement.from_body


HOSTILE = {
    "html": "<b>fett</b><img src=x onerror=alert(1)>",
    "script": "</textarea><script>alert(1)</script>",
    "sql": "'; DROP TABLE participation_statement; --",
    "rtl": "\u202etxet\u202c \u200b\u200d\ufeff normal",
    "template": "{{ settings.SECRET_KEY }} {% load %}",
    "surrogate": "vorher \ud800 nachher",
    "emoji": "👩‍👩‍👧 " * 100,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_kept_as_text(kind: str) -> None:
    procedure = make_procedure(TenantFactory.create())
    submit_statement(procedure, data=StatementData(text=HOSTILE[kind], name=HOSTILE[kind][:100]), at=IN)
    expected = HOSTILE[kind].encode("utf-8", "replace").decode().strip()
    assert rows(procedure.tenant, Statement)[0].text == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text_empty"),
        (" \n\t", "text_empty"),
        ("\u200b\u202e\ufeff", "text_empty"),
        ("\0\0", "text_empty"),
        ("a" * 50_001, "text_too_long"),
        ("ä" * 1_000_000, "text_too_long"),
    ],
)
def test_text_without_words_or_end_is_refused(text: str, code: str) -> None:
    procedure = make_procedure(TenantFactory.create())
    with pytest.raises(StatementRefused) as refusal:
        submit_statement(procedure, data=StatementData(text=text), at=IN)
    assert refusal.value.code == code


def shape(text: str) -> GEOSGeometry:
    return GEOSGeometry(f"SRID=25833;{text}")


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (Point(386_000, 5_669_000, srid=4326), "place_malformed"),
        (Point(386_000, 5_669_000, 5, srid=25833), "place_malformed"),
        (shape("MULTIPOINT(386000 5669000)"), "place_malformed"),
        (shape("POLYGON EMPTY"), "place_malformed"),
        (LineString([(386_000 + n, 5_669_000) for n in range(1001)], srid=25833), "place_malformed"),
        (Point(13.4, 51.1, srid=25833), "place_outside"),
        (Point(386_000, float("nan"), srid=25833), "place_outside"),
        (Point(float("inf"), 5_669_000, srid=25833), "place_outside"),
        (shape("LINESTRING(386000 5669000, 900000 5669000)"), "place_outside"),
        (
            shape("POLYGON((386000 5669000,386100 5669100,386100 5669000,386000 5669100,386000 5669000))"),
            "place_crosses_itself",
        ),
    ],
)
def test_place_is_checked(place: GEOSGeometry, code: str) -> None:
    procedure = make_procedure(TenantFactory.create())
    with pytest.raises(StatementRefused) as refusal:
        submit_statement(procedure, data=replace(TEXT, geometry=place), at=IN)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "place",
    [
        spot(),
        LineString([(386_000, 5_669_000), (386_100, 5_669_000)], srid=25833),
        Polygon.from_bbox((386_000, 5_669_000, 386_100, 5_669_100)),
    ],
)
def test_point_line_and_area_are_kept(place: GEOSGeometry) -> None:
    place.srid = 25833
    procedure = make_procedure(TenantFactory.create())
    submit_statement(procedure, data=replace(TEXT, geometry=place), at=IN)
    assert rows(procedure.tenant, Anchor)[0].geometry == place


def test_plan_object_belongs_to_the_bound_version() -> None:
    tenant = TenantFactory.create()
    plan, elsewhere = make_plan(tenant, public=True, objects=1), make_plan(tenant, public=True, objects=1)
    procedure = make_procedure(tenant, plan=plan)
    ours, theirs = plan.planobjects.get().pk, elsewhere.planobjects.get().pk
    submit_statement(procedure, data=replace(TEXT, plan_object_id=ours), at=IN)
    for data in (
        replace(TEXT, plan_object_id=theirs),
        replace(TEXT, plan_object_id=ours, geometry=spot()),
    ):
        with pytest.raises(StatementRefused):
            submit_statement(procedure, data=data, at=IN)
    free = make_procedure(tenant)
    with pytest.raises(StatementRefused):
        submit_statement(free, data=replace(TEXT, plan_object_id=ours), at=IN)
    assert [anchor.plan_object_id for anchor in rows(tenant, Anchor)] == [ours]


def test_category_belongs_to_the_procedure() -> None:
    tenant = TenantFactory.create()
    make_procedure(tenant, categories=("Verkehr",))
    theirs = rows(tenant, Procedure)[0].categorys.get()
    with pytest.raises(StatementRefused):
        submit_statement(make_procedure(tenant), data=replace(TEXT, category_id=theirs.pk), at=IN)


# --- mails


def test_receipt_goes_out_once_to_the_address_given_and_is_emptied_of_its_secret() -> None:
    tenant = TenantFactory.create()
    procedure = make_procedure(tenant)
    submit_statement(procedure, data=TEXT, at=IN)
    receipt = submit_statement(procedure, data=replace(TEXT, email="erika@example.org"), at=IN)
    [mail] = rows(tenant, OutboxMessage)
    assert mail.recipient == "erika@example.org"
    assert f"?nr={receipt.number}#{receipt.secret}" in mail.body
    assert mail.confidential


def test_link_in_the_mail_confirms_the_address_and_nothing_else() -> None:
    tenant = TenantFactory.create()
    procedure = make_procedure(tenant)
    submit_statement(procedure, data=replace(TEXT, email="erika@example.org"), at=IN)
    submit_statement(procedure, data=replace(TEXT, email="other@example.org"), at=IN)
    first, second = rows(tenant, Submitter)
    confirm_mail(notifications.confirmation_token(first), at=IN)
    confirm_mail(notifications.confirmation_token(first), at=IN + SECOND)
    assert [row.confirmed_at for row in sorted(rows(tenant, Submitter), key=lambda r: r.pk)] == [IN, None]
    claims, _, signature = notifications.confirmation_token(second).rpartition(":")
    for token in ("", "x", f"{claims}:{signature[::-1]}"):
        with pytest.raises(ConfirmationInvalid):
            confirm_mail(token, at=IN)


# --- receipts


def test_status_opens_with_number_and_secret_only() -> None:
    tenant = TenantFactory.create()
    procedure = make_procedure(tenant)
    first = submit_statement(procedure, data=TEXT, at=IN)
    second = submit_statement(procedure, data=TEXT, at=IN)
    opened = status_of(first.number, f" {first.secret[:5].lower()}-{first.secret[5:]} ")
    assert opened is not None
    assert opened.statement == first.statement
    unknown = f"{tenant.pk}-{procedure.pk}-00099"
    for number, secret in (
        (first.number, second.secret),
        (first.number, ""),
        (unknown, first.secret),
        ("999999-1-1", first.secret),
        ("'; DROP TABLE x; --", first.secret),
        ("", ""),
    ):
        assert status_of(number, secret) is None
        assert not revoke_publication(number, secret, at=IN)


def test_revoking_consent_unpublishes_and_keeps_the_statement() -> None:
    tenant = TenantFactory.create()
    statement = make_statement(make_procedure(tenant), published=True, place=spot())
    assert Statement.objects.count() == 1
    assert revoke_publication(statement.receipt, SECRET, at=IN)
    assert (Statement.objects.count(), Anchor.objects.count()) == (0, 0)
    [kept] = rows(tenant, Statement)
    assert (kept.text, kept.publication, kept.publication_consent) == (statement.text, "hidden", False)
    moderator = member(tenant, Role.MODERATOR)
    with acting_for([tenant.pk], [tenant.pk]):
        with pytest.raises(NoConsent):
            moderate(statement, act=ModerationAct.PUBLISH, actor=moderator, at=IN)
        with pytest.raises(NothingToUndo):
            undo_moderation(statement, actor=moderator, at=IN)


# --- moderation


def test_moderator_publishes_with_consent_and_undoes() -> None:
    tenant, other = TenantFactory.create(), TenantFactory.create()
    statement = make_statement(make_procedure(tenant), publication_consent=True, place=spot())
    make_statement(make_procedure(other), publication_consent=True)
    moderator = member(tenant, Role.MODERATOR)
    with acting_for([tenant.pk], [tenant.pk]):
        moderate(statement, act=ModerationAct.PUBLISH, actor=moderator, at=IN)
    assert list(Statement.objects.all()) == [statement]
    assert Anchor.objects.count() == 1
    with acting_for([tenant.pk], [tenant.pk]):
        undo_moderation(statement, actor=moderator, at=IN)
        statement.refresh_from_db()
        assert statement.publication == "pending"
        with pytest.raises(NothingToUndo):
            undo_moderation(statement, actor=moderator, at=IN)
        assert [row.act for row in ModerationRecord.objects.all()] == ["undo", "publish"]
        told = [
            (row.action, row.actor, row.after["publication"]) for row in AuditEvent.objects.order_by("pk")
        ]
        assert told == [
            ("publish_statement", moderator, "published"),
            ("undo_moderation", moderator, "pending"),
        ]
        assert [event.kind for event in UsageEvent.objects.all()] == ["statement_moderated"]
    assert list(Statement.objects.all()) == []


def test_without_consent_nothing_is_published() -> None:
    tenant = TenantFactory.create()
    statement = make_statement(make_procedure(tenant))
    with acting_for([tenant.pk], [tenant.pk]), pytest.raises(NoConsent):
        moderate(statement, act=ModerationAct.PUBLISH, actor=member(tenant, Role.MODERATOR), at=IN)
    assert list(Statement.objects.all()) == []


def test_hiding_needs_a_reason_and_removes_nothing() -> None:
    tenant = TenantFactory.create()
    statement = make_statement(make_procedure(tenant), published=True)
    moderator = member(tenant, Role.MODERATOR)
    with acting_for([tenant.pk], [tenant.pk]):
        with pytest.raises(ReasonMissing):
            moderate(statement, act=ModerationAct.HIDE, actor=moderator, at=IN, reason="  ")
        moderate(statement, act=ModerationAct.HIDE, actor=moderator, at=IN, reason="Beleidigung")
        statement.refresh_from_db()
        assert (statement.publication, statement.publication_reason) == ("hidden", "Beleidigung")
        undo_moderation(statement, actor=moderator, at=IN)
        statement.refresh_from_db()
        assert (statement.publication, statement.publication_reason) == ("published", "")


def test_moderator_asks_back_and_the_submitter_replies_by_the_secret() -> None:
    tenant = TenantFactory.create()
    statement = make_statement(make_procedure(tenant), email="erika@example.org")
    moderator = member(tenant, Role.MODERATOR)
    with acting_for([tenant.pk], [tenant.pk]):
        moderate(statement, act=ModerationAct.ASK, actor=moderator, at=IN, reason="Welche Straße?")
        question = Question.objects.get()
        assert [mail.recipient for mail in OutboxMessage.objects.all()] == ["erika@example.org"]
    reply: dict[str, Any] = {"number": statement.receipt, "text": "Die Elbstraße.", "at": IN}
    assert not reply_to_question(question.pk, secret="WRONG", **reply)
    assert reply_to_question(question.pk, secret=SECRET, **reply)
    assert not reply_to_question(question.pk, secret=SECRET, **reply)
    assert rows(tenant, Question)[0].reply == "Die Elbstraße."


@pytest.mark.parametrize("role", [Role.EDITOR, Role.MUNICIPAL_ADMIN, None])
def test_who_does_not_moderate_decides_nothing(role: Role | None) -> None:
    tenant = TenantFactory.create()
    statement = make_statement(make_procedure(tenant), publication_consent=True)
    person = member(tenant, role) if role else member(TenantFactory.create(), Role.MODERATOR)
    with acting_for([tenant.pk], [tenant.pk]), pytest.raises(Forbidden):
        moderate(statement, act=ModerationAct.PUBLISH, actor=person, at=IN)


def test_answer_is_public_beside_a_published_informal_statement() -> None:
    tenant = TenantFactory.create()
    statement = make_statement(make_procedure(tenant), published=True)
    planner = member(tenant, Role.PLANNER)
    with acting_for([tenant.pk], [tenant.pk]):
        answer_statement(statement, text="Das prüfen wir.", actor=planner, at=IN)
        assert [event.kind for event in UsageEvent.objects.all()] == ["statement_weighed"]
    assert [answer.text for answer in Answer.objects.all()] == ["Das prüfen wir."]
    with acting_for([tenant.pk], [tenant.pk]):
        moderate(statement, act=ModerationAct.HIDE, actor=planner, at=IN, reason="Irrtum")
    assert Answer.objects.count() == 0


def test_formal_statement_gets_no_answer_before_the_decision() -> None:
    tenant = TenantFactory.create()
    planner = member(tenant, Role.PLANNER)
    procedure = make_procedure(tenant, kind=Kind.DRAFT_PUBLIC)
    statement = make_statement(procedure, published=True)
    with acting_for([tenant.pk], [tenant.pk]):
        with pytest.raises(NotBeforeDecision):
            answer_statement(statement, text="Nein.", actor=planner, at=END + SECOND)
        decide_procedure(procedure, actor=planner, at=END + 2 * SECOND)
        statement = Statement.objects.select_related("phase__procedure").get()
        answer_statement(statement, text="So beschlossen.", actor=planner, at=END + 3 * SECOND)
        with pytest.raises(IllegalChange):
            decide_procedure(procedure, actor=planner, at=END + 4 * SECOND)
    assert Answer.objects.count() == 1


def test_moderator_does_not_answer_officially() -> None:
    tenant = TenantFactory.create()
    statement = make_statement(make_procedure(tenant), published=True)
    with acting_for([tenant.pk], [tenant.pk]), pytest.raises(Forbidden):
        answer_statement(statement, text="x", actor=member(tenant, Role.MODERATOR), at=IN)


def test_statement_is_sorted_under_a_category_of_its_procedure() -> None:
    tenant = TenantFactory.create()
    procedure, other = (
        make_procedure(tenant, categories=("Verkehr",)),
        make_procedure(tenant, categories=("Natur",)),
    )
    statement = make_statement(procedure)
    moderator = member(tenant, Role.MODERATOR)
    with acting_for([tenant.pk], [tenant.pk]):
        sort_statement(statement, category=procedure.categorys.get(), actor=moderator)
        with pytest.raises(IllegalChange):
            sort_statement(statement, category=other.categorys.get(), actor=moderator)
        assert Statement.objects.get().category == procedure.categorys.get()


# --- what the worker does


def test_moderators_get_one_mail_a_day_while_statements_wait() -> None:
    tenant, other = TenantFactory.create(), TenantFactory.create()
    moderator, _editor = member(tenant, Role.MODERATOR), member(tenant, Role.EDITOR)
    member(tenant, Role.PLANNER)
    planner = member(other, Role.PLANNER)
    procedure = make_procedure(tenant)
    for _ in range(7):
        make_statement(procedure, publication_consent=True)
    make_statement(procedure)
    make_statement(procedure, published=True)
    with acting_for([tenant.pk, other.pk], [tenant.pk, other.pk]):
        for day in (date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 3)):
            notifications.remind_moderators(tenant, on=day)
            notifications.remind_moderators(other, on=day)
        mails = list(OutboxMessage.objects.order_by("pk"))
        assert [(mail.recipient, "7" in mail.subject) for mail in mails] == [(moderator.email, True)] * 2
    make_statement(make_procedure(other), publication_consent=True)
    with acting_for([other.pk], [other.pk]):
        notifications.remind_moderators(other, on=date(2026, 3, 3))
        assert [mail.recipient for mail in OutboxMessage.objects.all()] == [planner.email]


def test_personal_data_are_emptied_on_their_day_and_the_statement_stays() -> None:
    tenant = TenantFactory.create()
    informal, formal = make_procedure(tenant), make_procedure(tenant, kind=Kind.DRAFT_PUBLIC)
    for procedure in (informal, formal):
        submit_statement(procedure, data=replace(TEXT, name="Erika", email="e@example.org"), at=IN)
    with acting_for([tenant.pk], [tenant.pk]):
        assert retention.purge(date(2027, 4, 3)) == 0
        assert retention.purge(date(2027, 4, 4)) == 1
        assert retention.purge(date(2027, 4, 5)) == 0
        assert sorted(row.name for row in Submitter.objects.all()) == ["", "Erika"]
        assert Statement.objects.count() == 2
