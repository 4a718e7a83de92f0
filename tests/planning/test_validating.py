"""The check of a version in the worker: follows each import, survives a killed worker, is cancelled, replaces the one before."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from celery import current_app
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse

from planning import services, tasks, validating
from planning.models import Finding, Plan, PlanVersion, ValidationRun
from planning.xplanung import findings as core
from planning.xplanung.stages import STAGES
from tenants import files, jobs
from tenants.errors import Forbidden
from tenants.models import AuditEvent, Job, JobState, Tenant, UsageEvent, User
from tenants.permissions import share
from tenants.roles import Role, Share
from tenants.scope import acting_for, working_for
from tests.factories import xplanung as samples
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory, UserFactory, member
from tests.tenants.test_jobs import stored
from tests.workers import kill, until

pytestmark = pytest.mark.django_db(transaction=True)

V = "6.0"
LONELY = samples.area(V, gml_id="BT_2").replace("<xplan:flaechenschluss>true", "<xplan:flaechenschluss>false")
GOOD, ODD = samples.simple_plan(V), samples.simple_plan(V, LONELY)


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(slug="meissen", ags="14627140")
    return found


@pytest.fixture
def planner(tenant: Tenant) -> User:
    return member(tenant, Role.PLANNER)


def imported(planner: User, tenant: Tenant, data: bytes = ODD, *documents: SimpleUploadedFile) -> PlanVersion:
    """The only version, as its import leaves it."""
    uploads = [SimpleUploadedFile("plan.gml", data), *documents]
    (job,) = services.request_import(uploads, actor=planner, tenant=tenant)
    tasks.import_upload(tenant_id=tenant.pk, job_id=job.pk)
    with acting_for([tenant.pk]):
        found: PlanVersion = PlanVersion.objects.select_related("plan__tenant").get()
    return found


def job_of(version: PlanVersion) -> Job:
    with acting_for([version.tenant_id]):
        job = validating.latest_job(version)
    assert job is not None
    return job


def worked(job: Job) -> Job:
    tasks.check_version(tenant_id=job.tenant_id, job_id=job.pk)
    return stored(job)


def outcome(version: PlanVersion) -> ValidationRun:
    """The only check of the version."""
    with acting_for([version.tenant_id]):
        found: ValidationRun = ValidationRun.objects.get(version=version)
    return found


def rules(run: ValidationRun) -> set[str]:
    with acting_for([run.tenant_id]):
        return set(Finding.objects.filter(run=run).values_list("rule", flat=True))


def test_import_is_there_at_once_and_the_full_check_follows(
    queue: str, planner: User, tenant: Tenant
) -> None:
    version = imported(planner, tenant)
    first, job = outcome(version), job_of(version)
    assert (first.is_complete, job.state, job.actor) == (False, JobState.QUEUED, planner)
    assert not any(rule.startswith(("semantic.", "topology.")) for rule in rules(first))
    done = worked(job)
    assert done.state == JobState.DONE
    assert done.result["url"] == reverse("planning:findings", args=[version.plan.public_id]) + "?version=1"
    run = outcome(version)  # in place of the first one
    assert (run.is_complete, run.structure_valid, run.checks) == (True, True, list(STAGES))
    assert any(rule.startswith("semantic.") for rule in rules(run))
    assert run.errors == sum(count.get("error", 0) for count in run.stages.values()) > 0
    assert run.stages["semantics"]["error"] > 0
    assert run.seconds > 0


def test_findings_are_kept_with_number_line_and_place(queue: str, planner: User, tenant: Tenant) -> None:
    version = imported(planner, tenant)
    worked(job_of(version))
    with acting_for([tenant.pk]):
        rows = list(Finding.objects.order_by("order"))
    assert [row.order for row in rows] == list(range(len(rows)))
    assert [row.line or 0 for row in rows] == sorted(row.line or 0 for row in rows)
    broken = [row for row in rows if row.gml_id == "BT_2" and row.condition]
    assert broken
    assert all(row.point is not None and 400_000 <= row.point.x <= 400_100 for row in broken)


def test_delivered_documents_are_part_of_the_check(queue: str, planner: User, tenant: Tenant) -> None:
    stray = SimpleUploadedFile("begruendung.pdf", b"%PDF-1.7")
    version = imported(planner, tenant, GOOD, stray)
    worked(job_of(version))
    assert "document.unreferenced" in rules(outcome(version))


def test_plan_of_several_keeps_its_own_findings(queue: str, planner: User, tenant: Tenant) -> None:
    far = samples.SQUARE.replace("400", "410")
    second = samples.plan(V, gml_id="PLAN_2", coordinates=far, name="Am Hang")
    other = samples.bereich(V, gml_id="PLAN_2_B", plan_id="PLAN_2")
    data = samples.document(V, samples.plan(V), samples.bereich(V), samples.area(V), LONELY, second, other)
    (job,) = services.request_import([SimpleUploadedFile("two.gml", data)], actor=planner, tenant=tenant)
    tasks.import_upload(tenant_id=tenant.pk, job_id=job.pk)
    with acting_for([tenant.pk]):
        versions = {version.plan.name: version for version in PlanVersion.objects.select_related("plan")}
    for version in versions.values():
        worked(job_of(version))
    with acting_for([tenant.pk]):
        touched = {
            name: set(Finding.objects.filter(run__version=version).values_list("gml_id", flat=True))
            for name, version in versions.items()
        }
    assert "BT_2" in touched["Am Weinberg"]
    assert "BT_2" not in touched["Am Hang"]


def test_planner_checks_again_and_is_recorded(queue: str, planner: User, tenant: Tenant) -> None:
    version = imported(planner, tenant)
    assert services.request_check(version, actor=planner) == job_of(version)  # under way already
    worked(job_of(version))
    before = outcome(version)
    again = services.request_check(version, actor=planner)
    assert stored(again).state == JobState.QUEUED
    worked(again)
    assert outcome(version).pk != before.pk
    with acting_for([tenant.pk]):
        assert AuditEvent.objects.filter(action="check_plan", actor=planner).count() == 2
        assert UsageEvent.objects.filter(kind="plan_checked", user=planner).count() == 2
        assert Finding.objects.exclude(run=outcome(version)).count() == 0


def test_only_who_may_change_the_plan_checks_it(queue: str, planner: User, tenant: Tenant) -> None:
    version = imported(planner, tenant)
    bureau = UserFactory.create()
    share(version.plan, holder=bureau, as_=Share.EXTERNAL_PLANNER)
    services.request_check(version, actor=bureau)
    for stranger in (member(tenant, Role.EDITOR), member(TenantFactory.create(), Role.PLANNER)):
        with pytest.raises(Forbidden):
            services.request_check(version, actor=stranger)
        with pytest.raises(Forbidden):
            services.cancel_check(version, actor=stranger)


def test_cancelled_check_leaves_the_outcome_before(queue: str, planner: User, tenant: Tenant) -> None:
    version = imported(planner, tenant)
    before = outcome(version)
    services.cancel_check(version, actor=planner)
    assert worked(job_of(version)).state == JobState.CANCELLED
    assert outcome(version) == before


def test_check_is_cancelled_while_it_reads(queue: str, planner: User, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(jobs, "REPORT_EVERY", 0)
    version = imported(planner, tenant)
    before, job = outcome(version), job_of(version)
    with acting_for([tenant.pk], [tenant.pk]):
        Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
    seen: list[str] = []

    class Impatient(jobs.Progress):
        def __call__(self, share_done: float, step: str = "", **more: object) -> None:
            seen.append(step)
            if len(seen) == 2:
                jobs.cancel(self.job, actor=planner)
            super().__call__(share_done, step)

    monkeypatch.setattr(jobs, "Progress", Impatient)
    assert worked(job).state == JobState.CANCELLED
    assert len(seen) == 2
    assert outcome(version) == before


def test_plan_deleted_meanwhile_ends_the_check(queue: str, planner: User, tenant: Tenant) -> None:
    version = imported(planner, tenant)
    job = job_of(version)
    with acting_for([tenant.pk], [tenant.pk]):
        services.delete_plan(version.plan, actor=planner)
    failed = worked(job)
    assert (failed.state, bool(failed.error)) == (JobState.FAILED, True)


def test_lost_file_is_said_and_leaves_the_outcome_before(queue: str, planner: User, tenant: Tenant) -> None:
    version = imported(planner, tenant)
    before = outcome(version)
    with acting_for([tenant.pk]):
        files.path_of(version.file).unlink()
    assert worked(job_of(version)).state == JobState.FAILED
    assert outcome(version) == before


def test_refused_import_starts_no_check(queue: str, planner: User, tenant: Tenant) -> None:
    (job,) = services.request_import(
        [SimpleUploadedFile("plan.gml", GOOD[:500])], actor=planner, tenant=tenant
    )
    tasks.import_upload(tenant_id=tenant.pk, job_id=job.pk)
    with acting_for([tenant.pk]):
        assert Job.objects.filter(task=validating.TASK).count() == 0


def many(count: int, severity: core.Severity = "warning") -> list[core.Finding]:
    return [
        core.Finding("plan.ags", severity, {"ags": f"“{number}” \\ %"}, f"ID_{number}", number, (400_000.5, 5_660_000.0))
        for number in range(count)
    ]  # fmt: skip


def test_ten_thousand_findings_are_stored_in_a_moment(tenant: Tenant) -> None:
    plan = make_plan(tenant)
    started = time.process_time()
    with acting_for([tenant.pk], [tenant.pk]):
        assert plan.current_version is not None
        run = validating.keep(plan.current_version, many(10_000), checks=STAGES)
        assert time.process_time() - started < 2
        assert (run.warnings, run.left_out, run.findings.count()) == (10_000, 0, 10_000)
        last = run.findings.get(order=9_999)
        assert (last.params, last.gml_id, last.line) == ({"ags": "“9999” \\ %"}, "ID_9999", 9999)
        assert last.point is not None
        assert (last.point.x, last.point.srid) == (400_000.5, 25833)


def test_of_too_many_findings_the_mildest_are_left_out(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validating, "MOST", 5)
    plan = make_plan(tenant)
    with acting_for([tenant.pk], [tenant.pk]):
        assert plan.current_version is not None
        found = [*many(4), *many(3, "error")]
        run = validating.keep(plan.current_version, found, checks=STAGES, capped=["4.5.1.1"])
        kept = list(run.findings.order_by("order").values_list("severity", flat=True))
    assert kept == ["warning", "warning", "error", "error", "error"]
    assert (run.errors, run.warnings, run.left_out, run.capped) == (3, 4, 2, ["4.5.1.1"])


def test_the_wall_stands_around_checks(tenant: Tenant) -> None:
    plan = make_plan(tenant)
    other: Tenant = TenantFactory.create()
    with acting_for([tenant.pk], [tenant.pk]):
        assert plan.current_version is not None
        validating.keep(plan.current_version, many(3), checks=STAGES)
    with acting_for([other.pk], [other.pk]):
        assert (ValidationRun.objects.count(), Finding.objects.count()) == (0, 0)
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            validating.keep(plan.current_version, many(3), checks=STAGES)
    assert connection.is_usable()


@pytest.mark.slow
def test_check_survives_a_killed_worker(
    planner: User, tenant: Tenant, worker: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    areas = (samples.area(V, gml_id=f"BT_{number}") for number in range(2, 8_000))
    version = imported(planner, tenant, samples.simple_plan(V, *areas))
    before, job = outcome(version), job_of(version)
    first = worker()
    until(lambda: stored(job).share_done > 0.05)
    kill(first)
    assert stored(job).state == JobState.RUNNING
    assert outcome(version) == before

    def handed_over() -> bool:
        with working_for([tenant.pk], [tenant.pk]):
            return jobs.hand_over_dead() == 1

    until(handed_over)
    worker()
    until(lambda: stored(job).is_over, 120)
    assert (stored(job).state, stored(job).attempts) == (JobState.DONE, 2)
    assert outcome(version).is_complete


def test_plans_stay_whole_when_the_broker_is_away(planner: User, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """The sweeper sends the job later; the import that was committed is no failure."""

    def away(*_args: object, **_kwargs: object) -> None:
        raise ConnectionError("no broker")

    plan = make_plan(tenant)
    monkeypatch.setattr(current_app, "send_task", away)
    with acting_for([tenant.pk], [tenant.pk]):
        assert plan.current_version is not None
        validating.request(plan.current_version, actor=planner)
    with acting_for([tenant.pk]):
        assert Job.objects.get(task=validating.TASK).state == JobState.QUEUED
        assert Plan.objects.count() == 1
