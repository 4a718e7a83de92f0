"""An upload in the worker: report, decision, cancel, a killed worker, two planners at once; nothing is left over."""

import io
import subprocess
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from planning import services, tasks
from planning.errors import ImportRefused, NothingToDecide
from planning.models import Plan, PlanDocument, PlanObject, PlanVersion
from tenants import jobs
from tenants.errors import Forbidden
from tenants.models import AuditEvent, Job, JobState, PrivateFile, Tenant, UsageEvent, User
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
GOOD = samples.simple_plan(V)


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(slug="meissen", ags="14627140")
    return found


@pytest.fixture
def planner(tenant: Tenant) -> User:
    return member(tenant, Role.PLANNER)


def upload(name: str = "plan.gml", data: bytes = GOOD) -> Any:
    return SimpleUploadedFile(name, data, "application/octet-stream")


def requested(planner: User, tenant: Tenant, *files: Any, plan: Plan | None = None) -> Job:
    (job,) = services.request_import(files or [upload()], actor=planner, tenant=tenant, plan=plan)
    return job


def worked(job: Job) -> Job:
    tasks.import_upload(tenant_id=job.tenant_id, job_id=job.pk)
    return stored(job)


def on_disk(folder: Path) -> int:
    return sum(path.is_file() for path in (folder / "private").rglob("*"))


def test_upload_becomes_a_plan_and_its_own_original(
    queue: str, planner: User, tenant: Tenant, tmp_path: Path
) -> None:
    job = worked(requested(planner, tenant, upload(), upload("begruendung.pdf", b"%PDF-1.7")))
    assert (job.state, job.share_done) == (JobState.DONE, 1)
    (report,) = job.result["reports"]
    assert (report["ok"], report["features"], report["file"]) == (True, 3, "plan.gml")
    with acting_for([tenant.pk]):
        plan = Plan.objects.get()
        assert str(plan.public_id) == report["plan_ids"][0]
        version, document = PlanVersion.objects.get(), PlanDocument.objects.get()
        assert version.created_by == planner
        assert version.file.content_type == "application/gml+xml"
        assert document.title == "begruendung.pdf"
        assert set(PrivateFile.objects.all()) == {version.file, document.file}
    assert on_disk(tmp_path) == 2


def test_refused_upload_keeps_its_report_and_nothing_else(
    queue: str, planner: User, tenant: Tenant, tmp_path: Path
) -> None:
    job = worked(requested(planner, tenant, upload(data=GOOD[:500]), upload("x.pdf", b"%PDF")))
    assert job.state == JobState.FAILED
    assert job.error
    assert [finding["rule"] for finding in job.result["reports"][0]["findings"]] == ["xml.truncated"]
    with acting_for([tenant.pk]):
        assert (Plan.objects.count(), PrivateFile.objects.count()) == (0, 0)
    assert on_disk(tmp_path) == 0


def test_identical_upload_is_recognised_and_removed(
    queue: str, planner: User, tenant: Tenant, tmp_path: Path
) -> None:
    worked(requested(planner, tenant))
    again = worked(requested(planner, tenant))
    assert again.state == JobState.DONE
    assert [finding["rule"] for finding in again.result["reports"][0]["findings"]] == ["file.unchanged"]
    with acting_for([tenant.pk]):
        assert (PlanVersion.objects.count(), PrivateFile.objects.count()) == (1, 1)
    assert on_disk(tmp_path) == 1


@pytest.mark.parametrize(("as_new", "plans"), [(False, 1), (True, 2)])
def test_planner_confirms_a_new_version(queue: str, planner: User, tenant: Tenant, as_new: bool, plans: int, tmp_path: Path) -> None:  # fmt: skip
    worked(requested(planner, tenant))
    asked = worked(
        requested(planner, tenant, upload(data=samples.simple_plan(V, samples.area(V, gml_id="BT_2"))))
    )
    assert asked.state == JobState.DONE
    assert list(asked.result["reports"][0]["proposals"].values()) == ["7/26 Am Weinberg"]
    with acting_for([tenant.pk]):
        assert PlanVersion.objects.count() == 1
    done = worked(services.decide_import(asked, actor=planner, as_new=as_new))
    assert done.state == JobState.DONE
    with acting_for([tenant.pk]):
        assert (Plan.objects.count(), PlanVersion.objects.count(), PrivateFile.objects.count()) == (
            plans,
            2,
            2,
        )
    with pytest.raises(NothingToDecide):
        services.decide_import(asked, actor=planner, as_new=as_new)
    with acting_for([tenant.pk]):
        decided = AuditEvent.objects.get(action="decide_import", actor=planner)
    assert decided.after == {"decision": "new" if as_new else "auto"}
    assert on_disk(tmp_path) == 2


def test_discarded_upload_is_gone(queue: str, planner: User, tenant: Tenant, tmp_path: Path) -> None:
    worked(requested(planner, tenant))
    asked = worked(
        requested(planner, tenant, upload(data=samples.simple_plan(V, samples.area(V, gml_id="BT_2"))))
    )
    services.discard_import(asked, actor=planner)
    assert on_disk(tmp_path) == 1
    with acting_for([tenant.pk]):
        assert (
            AuditEvent.objects.filter(action="discard_import", actor=planner, label=str(asked)).count() == 1
        )


def test_cancelled_upload_leaves_nothing(queue: str, planner: User, tenant: Tenant, tmp_path: Path) -> None:
    job = requested(planner, tenant)
    services.cancel_import(job, actor=planner)
    assert worked(job).state == JobState.CANCELLED
    with acting_for([tenant.pk]):
        assert AuditEvent.objects.filter(action="cancel_job", actor=planner).count() == 1
    assert on_disk(tmp_path) == 0


def test_upload_without_a_plan_is_refused_at_once(
    queue: str, planner: User, tenant: Tenant, tmp_path: Path
) -> None:
    with pytest.raises(ImportRefused):
        requested(planner, tenant, upload("photo.png"))
    assert on_disk(tmp_path) == 0


def test_external_planner_delivers_to_the_shared_plan_only(queue: str, tenant: Tenant) -> None:
    plan, other = make_plan(tenant), make_plan(tenant)
    bureau = UserFactory.create()
    share(plan, holder=bureau, as_=Share.EXTERNAL_PLANNER)
    assert worked(requested(bureau, tenant, plan=plan)).state == JobState.DONE
    with acting_for([tenant.pk]):
        assert list(plan.planversions.values_list("number", flat=True)) == [2, 1]
    for target in (other, None):
        with pytest.raises(Forbidden):
            requested(bureau, tenant, plan=target)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PLANNER])
def test_only_planners_import(role: Role, queue: str, tenant: Tenant) -> None:
    with pytest.raises(Forbidden):
        requested(member(tenant, role), tenant)


def test_two_planners_with_the_same_file_make_one_plan(queue: str, planner: User, tenant: Tenant) -> None:
    started = [requested(planner, tenant), requested(member(tenant, Role.PLANNER), tenant)]
    barrier, errors = threading.Barrier(2), []

    def run(job: Job) -> None:
        try:
            barrier.wait(10)
            tasks.import_upload(tenant_id=job.tenant_id, job_id=job.pk)
        except Exception as error:  # noqa: BLE001 - shown by the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in started]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert [stored(job).state for job in started] == [JobState.DONE, JobState.DONE]
    with acting_for([tenant.pk]):
        assert (Plan.objects.count(), PlanVersion.objects.count(), PlanObject.objects.count()) == (1, 1, 3)
        assert (PrivateFile.objects.count(), UsageEvent.objects.count()) == (1, 1)


def unpacked(folder: Path) -> int:
    """Files of archives that lie unpacked for an import."""
    return sum(path.is_file() for path in (folder / "work").rglob("*"))


def zipped(plan: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("plan.gml", plan)
    return target.getvalue()


def large_plan(objects: int) -> bytes:
    return samples.simple_plan(V, *(samples.area(V, gml_id=f"BT_{number}") for number in range(2, objects)))


@pytest.mark.slow
def test_import_survives_a_killed_worker(
    planner: User, tenant: Tenant, worker: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    job = requested(planner, tenant, upload("plan.zip", zipped(large_plan(12_000))))
    first = worker()
    until(lambda: 0.05 < stored(job).share_done < 0.85)
    kill(first)
    assert unpacked(tmp_path) == 1
    assert stored(job).state == JobState.RUNNING
    with acting_for([tenant.pk]):
        assert (Plan.objects.count(), PlanObject.objects.count()) == (0, 0)

    def handed_over() -> bool:
        with working_for([tenant.pk], [tenant.pk]):
            return jobs.hand_over_dead() == 1

    until(handed_over, 20)
    worker()
    until(lambda: stored(job).is_over)
    assert (stored(job).state, stored(job).attempts) == (JobState.DONE, 2)
    with acting_for([tenant.pk]):
        assert (Plan.objects.count(), PlanObject.objects.count()) == (1, 12_001)
    until(lambda: on_disk(tmp_path) == 1)  # the worker tidies up once the job is over
    assert unpacked(tmp_path) == 0


def test_plan_that_is_being_published_waits_and_stays_published(
    queue: str, planner: User, tenant: Tenant
) -> None:
    """The import reads the plan only after the publishing transaction, so it writes no older state back."""
    worked(requested(planner, tenant))
    job = requested(planner, tenant, upload(data=samples.simple_plan(V, samples.area(V, gml_id="BT_2"))))
    with acting_for([tenant.pk], [tenant.pk]):
        Job.objects.filter(pk=job.pk).update(params={**job.params, "decision": "auto"})
        plan = Plan.objects.get()
    thread = threading.Thread(target=run_apart, args=[job])
    with acting_for([tenant.pk], [tenant.pk]):
        Plan.objects.update(state="published", is_public=True, published_version=plan.current_version)
        thread.start()
        thread.join(3)
        assert thread.is_alive()  # waits for the row
    thread.join(60)
    with acting_for([tenant.pk]):
        plan.refresh_from_db()
        assert (plan.state, plan.is_public) == ("published", True)
        assert plan.current_version is not None
        assert plan.current_version.number == 2
        assert plan.published_version_id != plan.current_version_id


def run_apart(job: Job) -> None:
    """Work in a thread of its own, with its own connection."""
    try:
        tasks.import_upload(tenant_id=job.tenant_id, job_id=job.pk)
    finally:
        connection.close()
