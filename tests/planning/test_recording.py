"""What a person does with the legal procedure of a plan: traces of corrections, frozen Fassungen, the file kept in step."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from planning import exporting, proceedings, recording, services, tasks
from planning.errors import IllegalStep
from planning.importing import Order, import_file
from planning.models import (
    Fassung,
    Origin,
    Plan,
    PlanDocument,
    PlanVersion,
    ProcedureStep,
    Source,
    StepDocument,
)
from planning.recording import StepData
from planning.steps import Standing
from tenants.errors import Forbidden
from tenants.models import AuditEvent, Job, PrivateFile, Tenant, User
from tenants.permissions import reach, share
from tenants.roles import Role, Share
from tenants.scope import acting_for, within
from tests.factories import xplanung as samples
from tests.factories.planning import add_version, make_plan
from tests.factories.tenants import TenantFactory, UserFactory, member

pytestmark = pytest.mark.django_db

DECIDED = StepData("initiation", date(2026, 1, 20), number="2026/07", body="Stadtrat")
OUT = StepData("publication", date(2026, 3, 2), until=date(2026, 4, 2), announced_on=date(2026, 2, 20))


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen")
    return found


@pytest.fixture
def planner(tenant: Tenant) -> User:
    return member(tenant, Role.PLANNER)


def steps(plan: Plan) -> list[ProcedureStep]:
    return list(ProcedureStep.objects.filter(plan=plan).order_by("entry", "revision"))


def test_recorded_step_moves_the_plan_on_the_board_and_leaves_a_record(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant, legal_status="")
    with within(reach(planner).scope):
        recording.record_step(plan, DECIDED, actor=planner)
        plan.refresh_from_db()
        assert (plan.standing, plan.standing_certain) == (Standing.INITIATED, True)
        recording.record_step(
            plan, StepData("draft_decision", date(2026, 2, 1), source=Source.HEARSAY), actor=planner
        )
        plan.refresh_from_db()
        assert (plan.standing, plan.standing_certain) == (Standing.DRAFT, False)
        recording.record_step(plan, StepData("adoption", date(2099, 1, 1)), actor=planner)  # planned
        plan.refresh_from_db()
    assert plan.standing == Standing.DRAFT
    with acting_for([tenant.pk]):
        events = AuditEvent.objects.filter(action="record_step")
        assert {event.after["number"] for event in events} == {"2026/07", ""}


def test_correction_is_a_new_revision_with_who_when_and_why(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant, public=True, legal_status="")
    with within(reach(planner).scope):
        first = recording.record_step(plan, DECIDED, actor=planner)
        right = StepData("initiation", date(2026, 1, 27), number="2026/09", body="Stadtrat")
        recording.correct_step(first, right, actor=planner, reason="Typed from the wrong minutes.")
        old, new = steps(plan)
        assert (old.on, old.number, old.is_current, old.is_public) == (
            date(2026, 1, 20),
            "2026/07",
            False,
            False,
        )
        assert (new.on, new.number, new.revision, new.is_current, new.is_public) == (
            date(2026, 1, 27),
            "2026/09",
            2,
            True,
            True,
        )
        assert (new.entry, new.reason, new.created_by) == (
            old.entry,
            "Typed from the wrong minutes.",
            planner,
        )
        assert new.created_at is not None
        with pytest.raises(IllegalStep):  # from a page opened before the correction
            recording.correct_step(first, DECIDED, actor=planner, reason="late")
    with acting_for([tenant.pk]):
        (event,) = AuditEvent.objects.filter(action="correct_step")
    assert (event.before["number"], event.after["number"]) == ("2026/07", "2026/09")


def test_the_table_itself_refuses_to_rewrite_a_step(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant)
    with within(reach(planner).scope):
        recording.record_step(plan, DECIDED, actor=planner)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            ProcedureStep.objects.update(number="2026/99")
        assert ProcedureStep.objects.get().number == "2026/07"


def test_step_recorded_by_mistake_counts_no_more_and_closes_its_papers(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant, public=True, legal_status="")
    with within(reach(planner).scope):
        step = recording.record_step(plan, DECIDED, actor=planner)
        minutes = SimpleUploadedFile("minutes.pdf", b"%PDF-1.7", content_type="application/pdf")
        paper = recording.add_paper(step, minutes, actor=planner, title="Minutes", internal=False)
        assert (paper.is_public, paper.file.is_public or PrivateFile.objects.get(pk=paper.file_id).is_public) == (True, True)  # fmt: skip
        recording.correct_step(step, DECIDED, actor=planner, reason="Another plan.", void=True)
        paper.refresh_from_db()
        plan.refresh_from_db()
        assert proceedings.current_steps(plan) == []
        assert (paper.is_public, PrivateFile.objects.get(pk=paper.file_id).is_public) == (False, False)
    assert plan.standing == Standing.PREPARED
    assert ProcedureStep.objects.count() == 0  # without any scope
    assert StepDocument.objects.count() == 0


def test_internal_paper_stays_closed_when_the_plan_is_published_and_goes_with_the_draft(
    tenant: Tenant, planner: User
) -> None:
    plan = make_plan(tenant)
    with within(reach(planner).scope):
        step = recording.record_step(plan, DECIDED, actor=planner)
        for title, internal in (("Minutes", True), ("Notice", False)):
            upload = SimpleUploadedFile("a.pdf", title.encode(), content_type="application/pdf")
            recording.add_paper(step, upload, actor=planner, title=title, internal=internal)
        services.publish_plan(plan, actor=planner, on=date(2026, 1, 21))
    assert [paper.title for paper in StepDocument.objects.all()] == ["Notice"]
    assert ProcedureStep.objects.count() == 1
    with within(reach(planner).scope):
        services.withdraw_plan(plan, actor=planner)
    assert [StepDocument.objects.count(), ProcedureStep.objects.count()] == [0, 0]
    draft = make_plan(tenant)
    with within(reach(planner).scope):
        step = recording.record_step(draft, DECIDED, actor=planner)
        upload = SimpleUploadedFile("a.pdf", b"x", content_type="application/pdf")
        recording.add_paper(step, upload, actor=planner, title="", internal=True)
        recording.name_fassung(
            PlanVersion.objects.get(plan=draft), actor=planner, kind="draft", dated_on=date(2026, 1, 1)
        )
        services.delete_plan(draft, actor=planner)
        assert not ProcedureStep.objects.filter(plan=draft.pk).exists()
        assert not PrivateFile.objects.filter(
            pk__in=StepDocument.objects.filter(plan=draft.pk).values("file")
        )


def test_only_who_may_change_the_plan_records(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant)
    bureau, reader = UserFactory.create(), UserFactory.create()
    share(plan, holder=bureau, as_=Share.EXTERNAL_PLANNER)
    share(plan, holder=reader, as_=Share.READER)
    with within(reach(bureau).scope):
        recording.record_step(plan, DECIDED, actor=bureau)
    for person in (reader, member(TenantFactory.create(), Role.PLANNER), member(tenant, Role.MODERATOR)):
        with within(reach(person).scope), pytest.raises(Forbidden):
            recording.record_step(plan, DECIDED, actor=person)


def test_fassung_follows_its_draft_until_it_is_frozen(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant)
    with within(reach(planner).scope):
        first = plan.current_version
        assert first is not None
        draft = recording.name_fassung(first, actor=planner, kind="draft", dated_on=date(2026, 1, 5))
        second = add_version(plan)
        same = recording.name_fassung(second, actor=planner, kind="draft", dated_on=date(2026, 2, 5))
        assert (same.pk, same.version, same.number) == (draft.pk, second, 1)
        recording.freeze_fassung(same, actor=planner)
        with pytest.raises(IllegalStep):
            recording.freeze_fassung(same, actor=planner)
        for change in ({"version": first}, {"dated_on": date(2026, 3, 1)}, {"frozen_at": None}):
            with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
                Fassung.objects.filter(pk=same.pk).update(**change)
        third = add_version(plan)
        new = recording.name_fassung(third, actor=planner, kind="draft", dated_on=date(2026, 4, 5))
        assert (new.pk != same.pk, new.number) == (True, 2)


def test_publishing_a_version_freezes_its_fassung_and_no_other(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant)
    with within(reach(planner).scope):
        old = plan.current_version
        assert old is not None
        recording.name_fassung(old, actor=planner, kind="preliminary", dated_on=date(2026, 1, 5))
        recording.name_fassung(add_version(plan), actor=planner, kind="draft", dated_on=date(2026, 2, 5))
        services.publish_plan(plan, actor=planner, on=date(2026, 3, 1))
        found = {
            fassung.kind: (fassung.frozen_at is not None, fassung.is_public)
            for fassung in Fassung.objects.all()
        }
    assert found == {"preliminary": (False, False), "draft": (True, True)}


def imported(tenant: Tenant, folder: Path, version: str) -> Plan:
    path = folder / "plan.gml"
    path.write_bytes(samples.simple_plan(version))
    with acting_for([tenant.pk], [tenant.pk]):
        (report,) = import_file(path, name="plan.gml", order=Order(tenant, None))
        (plan,) = report.plans
    return plan


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("version", ["5.4", "6.0"])
def test_the_file_is_kept_in_step_by_a_new_version(
    tenant: Tenant, planner: User, tmp_path: Path, version: str, queue: str
) -> None:
    plan = imported(tenant, tmp_path, version)
    with within(reach(planner).scope):
        before = PlanVersion.objects.get(plan=plan)
        text = b"".join(exporting.gml(before))
        paper = PrivateFile.objects.get(pk=before.file_id)
        PlanDocument.objects.create(
            tenant=tenant,
            plan=plan,
            version=before,
            title="Text",
            file=paper,
            href="plan.gml",
            is_internal=True,
        )
        values = dict.fromkeys(recording.CASE) | {"track": "simplified", "on_project": False, "development": "", "amendment": ""}  # fmt: skip
        recording.set_case(plan, actor=planner, values=values)
        for data in (
            DECIDED,
            OUT,
            StepData("adoption", date(2026, 5, 5)),
            StepData("announcement", date(2026, 6, 1)),
            StepData("repeal", date(2099, 1, 1)),
        ):
            recording.record_step(plan, data, actor=planner)
        plan.refresh_from_db()
        job = recording.write_attributes(plan, actor=planner)
    tasks.import_upload(tenant_id=tenant.pk, job_id=job.pk)
    with acting_for([tenant.pk]):
        job = Job.objects.get(pk=job.pk)
        assert job.state == "done", job.result
        plan = Plan.objects.get(pk=plan.pk)
        new = plan.current_version
        assert new is not None
        assert (new.number, new.origin, before.origin) == (2, Origin.LIFECYCLE, Origin.DELIVERED)
        assert b"".join(exporting.gml(PlanVersion.objects.get(pk=before.pk))) == text
        header: dict[str, Any] = new.header
        assert header["legal_status"] == "4000"
        assert {
            name: header["dates"][name]
            for name in (
                "aufstellungsbeschlussDatum",
                "auslegungsStartDatum",
                "auslegungsEndDatum",
                "satzungsbeschlussDatum",
            )
        } == {
            "aufstellungsbeschlussDatum": ["2026-01-20"],
            "auslegungsStartDatum": ["2026-03-02"],
            "auslegungsEndDatum": ["2026-04-02"],
            "satzungsbeschlussDatum": ["2026-05-05"],
        }
        assert "2099-01-01" not in str(header)
        procedure = header["procedure_kind"] or {
            row.properties["verfahren"] for row in proceedings.bereiche(new)
        }
        assert procedure in ("2000", {"2000"})
        assert new.validation_runs.get().errors == before.validation_runs.get().errors
        carried = new.documents.get(file=paper)
        assert (carried.title, carried.is_internal) == ("Text", True)
        steps_now = proceedings.current_steps(plan)
        wanted = proceedings.wanted(plan, steps_now, new, on=date(2026, 6, 2))
        assert proceedings.differences(new, wanted) == []
        others = [
            row.raw
            for row in new.plan_objects.exclude(feature_type__endswith="_Plan").exclude(
                feature_type__endswith="_Bereich"
            )
        ]
        assert others == [
            row.raw
            for row in before.plan_objects.exclude(feature_type__endswith="_Plan").exclude(
                feature_type__endswith="_Bereich"
            )
        ]
    with within(reach(planner).scope), pytest.raises(IllegalStep):
        recording.write_attributes(plan, actor=planner)


def test_a_file_further_than_the_steps_is_never_taken_back(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant, legal_status="4000")
    with within(reach(planner).scope):
        recording.record_step(plan, DECIDED, actor=planner)
        plan.refresh_from_db()
        assert (plan.standing, plan.standing_certain) == (Standing.IN_FORCE, False)
        version = plan.current_version
        assert version is not None
        found = proceedings.wanted(plan, proceedings.current_steps(plan), version, on=date(2026, 6, 1))
    assert "rechtsstand" not in found.plan


def test_dates_of_the_file_are_hearsay_until_somebody_records_the_step(tenant: Tenant, planner: User) -> None:
    dates = {"aufstellungsbeschlussDatum": ["2026-01-20"], "satzungsbeschlussDatum": ["2026-05-05"]}
    plan = make_plan(tenant, legal_status="", dates=dates)
    with within(reach(planner).scope):
        recording.record_step(plan, DECIDED, actor=planner)
        found = proceedings.entries_of(plan, proceedings.current_steps(plan), plan.current_version)
        plan.refresh_from_db()
    assert [(entry.step.value, entry.certain) for entry in found] == [
        ("initiation", True),
        ("adoption", False),
    ]
    assert (plan.standing, plan.standing_certain) == (Standing.ADOPTED, False)


def test_a_planned_step_moves_the_plan_in_the_night_it_is_reached(tenant: Tenant, planner: User) -> None:
    plan, other = make_plan(tenant, legal_status=""), make_plan(tenant, legal_status="")
    ahead = timezone.localdate() + timedelta(days=3)
    with within(reach(planner).scope):
        recording.record_step(plan, StepData("initiation", ahead), actor=planner)
        recording.record_step(other, StepData("initiation", ahead + timedelta(days=9)), actor=planner)
        found = []
        for late in (-1, 0, 2):  # the last: a night was missed
            Plan.objects.update(standing="prepared")
            proceedings.refresh_reached(on=ahead + timedelta(days=late))
            found.append(Plan.objects.get(pk=plan.pk).standing)
        assert Plan.objects.get(pk=other.pk).standing == "prepared"
    assert found == ["prepared", "initiated", "initiated"]


def test_a_plan_does_not_change_itself_and_nothing_of_another_tenant(tenant: Tenant, planner: User) -> None:
    plan, foreign = make_plan(tenant), make_plan(TenantFactory.create())
    values: dict[str, Any] = {"track": "", "on_project": False, "development": "ahead", "amendment": "change"}
    with within(reach(planner).scope):
        with pytest.raises(IllegalStep):
            recording.set_case(plan, actor=planner, values={**values, "amends_id": plan.pk})
        base = make_plan(tenant)
        recording.set_case(plan, actor=planner, values={**values, "amends_id": base.pk})
        plan.refresh_from_db()
        assert (plan.amends, proceedings.case_of(plan).needs_approval) == (base, True)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            recording.set_case(plan, actor=planner, values={**values, "amends_id": foreign.pk})
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_calendar_key_is_one_per_person_and_renewed_it_is_another(tenant: Tenant, planner: User) -> None:
    with within(reach(planner).scope):
        first = recording.calendar_key(tenant, actor=planner)
        again = recording.calendar_key(tenant, actor=planner)
        new = recording.renew_calendar_key(tenant, actor=planner)
    assert (first.pk, first.public_id) == (again.pk, again.public_id)
    assert (new.pk, new.public_id != first.public_id) == (first.pk, True)
