"""Jobs: every end is written down; a killed worker's job goes on from its checkpoint."""

import subprocess
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from tenants import files, jobs
from tenants.errors import JobFailed
from tenants.models import AuditEvent, Job, JobState, PrivateFile, Tenant
from tenants.permissions import reach
from tenants.roles import Role
from tenants.scope import acting_for, within, working_for
from tests.factories.tenants import TenantFactory, UserFactory, member
from tests.workers import kill, start_worker, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def queue() -> Iterator[str]:
    """A queue of this test's own in the real broker, removed afterwards."""
    before = current_app.conf.task_default_queue
    name = current_app.conf.task_default_queue = f"test-{uuid.uuid4()}"
    yield name
    with current_app.connection_for_write() as broker:
        broker.default_channel.queue_delete(name)  # type: ignore[attr-defined]
    current_app.conf.task_default_queue = before


@pytest.fixture
def tenant() -> Tenant:
    return TenantFactory.create()


def waiting(queue: str) -> int:
    with current_app.connection_for_read() as broker:
        return broker.default_channel.client.llen(queue)  # type: ignore[attr-defined]


def new_job(tenant: Tenant, **params: Any) -> Job:
    with acting_for([tenant.pk], [tenant.pk]):
        return jobs.start("tests.count", tenant=tenant, actor=None, title="count", params=params)


def stored(job: Job) -> Job:
    with acting_for([job.tenant_id]):
        return Job.objects.get(pk=job.pk)


def work(job: Job, function: Callable[[Job, jobs.Progress], Mapping[str, Any]]) -> Job:
    with working_for([job.tenant_id], [job.tenant_id]):
        jobs.work_on(job.pk, function)
    return stored(job)


def test_job_is_sent_after_commit_and_never_without_it(queue: str, tenant: Tenant) -> None:
    with pytest.raises(ValueError, match="undo"), acting_for([tenant.pk], [tenant.pk]):
        jobs.start("tests.count", tenant=tenant, actor=None, title="count", params={})
        assert waiting(queue) == 0
        raise ValueError("undo")
    assert waiting(queue) == 0
    new_job(tenant)
    assert waiting(queue) == 1


def test_job_keeps_result_and_progress(queue: str, tenant: Tenant) -> None:
    seen = []

    def function(job: Job, progress: jobs.Progress) -> Mapping[str, Any]:
        progress(0.25, "quarter", checkpoint={"at": 1})
        seen.append(stored(job))
        return {"rows": 3}

    done = work(new_job(tenant), function)
    assert (seen[0].state, seen[0].share_done, seen[0].step, seen[0].checkpoint) == (
        JobState.RUNNING,
        0.25,
        "quarter",
        {"at": 1},
    )
    assert (done.state, done.percent, done.result, done.step) == (JobState.DONE, 100, {"rows": 3}, "")
    assert done.finished_at is not None


def test_progress_inside_a_transaction_is_seen_from_outside(queue: str, tenant: Tenant) -> None:
    job = new_job(tenant)
    seen = []

    def function(job: Job, progress: jobs.Progress) -> Mapping[str, Any]:
        with transaction.atomic():
            progress(0.4)
            seen.append((stored(job).share_done, stored(job).percent))
        return {}

    assert work(job, function).percent == 100
    assert seen == [(0.0, 40)]


def test_failed_job_says_why_and_leaves_no_file(queue: str, tenant: Tenant) -> None:
    def function(job: Job, progress: jobs.Progress) -> Mapping[str, Any]:
        with transaction.atomic():
            files.store([b"half"], tenant=tenant, name="half.txt", content_type="text/plain")
            raise JobFailed("line 7 is broken")

    failed = work(new_job(tenant), function)
    assert (failed.state, failed.error) == (JobState.FAILED, "line 7 is broken")
    assert [path for path in Path(settings.PRIVATE_ROOT).rglob("*") if path.is_file()] == []


def test_unexpected_error_is_not_shown_but_named(queue: str, tenant: Tenant) -> None:
    def function(job: Job, progress: jobs.Progress) -> Mapping[str, Any]:
        raise RuntimeError("secret internals")

    failed = work(new_job(tenant), function)
    assert failed.state == JobState.FAILED
    assert "secret" not in failed.error
    assert str(failed.pk) in failed.error


def test_cancel_of_a_waiting_job_ends_it_at_once(queue: str, tenant: Tenant) -> None:
    job, person = new_job(tenant), UserFactory.create()
    jobs.cancel(job, actor=person)
    jobs.cancel(job, actor=person)  # over already: nothing happens, nothing is recorded
    assert stored(job).state == JobState.CANCELLED
    with acting_for([tenant.pk]):
        told = AuditEvent.objects.values_list("action", "actor_name", "before", "after")
        assert list(told) == [("cancel_job", str(person), {"state": "queued"}, {"state": "cancelled"})]
    assert work(job, lambda job, progress: pytest.fail("worked on")).state == JobState.CANCELLED


def test_cancel_of_a_running_job_ends_it_at_its_next_report(queue: str, tenant: Tenant) -> None:
    person = UserFactory.create()

    def function(job: Job, progress: jobs.Progress) -> Mapping[str, Any]:
        jobs.cancel(job, actor=person)
        progress(0.5, checkpoint={})
        return pytest.fail("went on")

    assert work(new_job(tenant), function).state == JobState.CANCELLED


def test_job_alive_elsewhere_is_left_alone(queue: str, tenant: Tenant) -> None:
    job = new_job(tenant)
    with psycopg.connect(**connection.get_connection_params()) as other:  # another worker's session
        other.execute("SELECT pg_advisory_lock(%s, %s)", [jobs.LOCK_SPACE, job.pk])
        assert work(job, lambda job, progress: pytest.fail("worked on")).state == JobState.QUEUED
    assert work(job, lambda job, progress: {}).state == JobState.DONE


def test_job_is_given_up_after_its_attempts(queue: str, tenant: Tenant) -> None:
    job = new_job(tenant)
    with acting_for([tenant.pk], [tenant.pk]):
        Job.objects.update(attempts=jobs.MAX_ATTEMPTS, state=JobState.RUNNING)
    given_up = work(job, lambda job, progress: pytest.fail("worked on"))
    assert given_up.state == JobState.FAILED
    assert given_up.error


def test_only_dead_and_lost_jobs_are_handed_over(queue: str, tenant: Tenant) -> None:
    fresh, lost, alive, dead, over = (new_job(tenant) for _ in range(5))
    long_ago = timezone.now() - jobs.MESSAGE_LOST_AFTER - timedelta(seconds=1)
    with acting_for([tenant.pk], [tenant.pk]):
        Job.objects.filter(pk=lost.pk).update(sent_at=long_ago)
        Job.objects.filter(pk__in=[alive.pk, dead.pk]).update(state=JobState.RUNNING)
        Job.objects.filter(pk=over.pk).update(state=JobState.DONE, sent_at=long_ago)
    before = waiting(queue)
    with (
        psycopg.connect(**connection.get_connection_params()) as other,
        working_for([tenant.pk], [tenant.pk]),
    ):
        other.execute("SELECT pg_advisory_lock(%s, %s)", [jobs.LOCK_SPACE, alive.pk])
        assert jobs.hand_over_dead() == 2
        assert jobs.hand_over_dead() == 0  # both wait now; they are not sent again and again
    assert waiting(queue) == before + 2
    assert (stored(alive).state, stored(dead).state) == (JobState.RUNNING, JobState.QUEUED)
    assert stored(fresh).sent_at < stored(lost).sent_at  # type: ignore[operator]


def test_who_started_a_job_from_outside_sees_it_and_nobody_else_does(queue: str, tenant: Tenant) -> None:
    bureau, stranger = UserFactory.create(), member(TenantFactory.create(), Role.PLANNER)
    with acting_for([tenant.pk], [tenant.pk]):
        job = jobs.start("tests.count", tenant=tenant, actor=bureau, title="import", params={})
    for person, expected in ((bureau, [job]), (stranger, [])):
        person.reach = reach(person)
        with within(person.reach.scope):
            assert list(Job.objects.all()) == expected
            assert list(Job.objects.visible_to(person)) == expected


# --- a real worker


@pytest.fixture
def worker(queue: str) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts Celery workers on the test's queue; none survives the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(start_worker(queue, include="tests.tenants.worker_tasks"))
        return started[-1]

    yield start
    for process in started:
        kill(process)


@pytest.mark.slow
def test_killed_worker_loses_nothing(
    tenant: Tenant, worker: Callable[[], subprocess.Popen[bytes]], queue: str
) -> None:
    job = new_job(tenant, pause=0.1)
    first = worker()
    until(lambda: stored(job).checkpoint.get("done", 0) >= 5)
    with working_for([tenant.pk], [tenant.pk]):
        assert jobs.hand_over_dead() == 0  # alive
    kill(first)
    reached = stored(job).checkpoint["done"]
    assert stored(job).state == JobState.RUNNING

    def handed_over() -> bool:
        with working_for([tenant.pk], [tenant.pk]):
            return jobs.hand_over_dead() == 1

    until(handed_over, 20)  # PostgreSQL notices the dead session by itself
    worker()
    until(lambda: stored(job).is_over)
    done = stored(job)
    assert (done.state, done.attempts) == (JobState.DONE, 2)
    assert done.result["began_at"] >= reached
    with acting_for([tenant.pk]):
        assert PrivateFile.objects.count() == 0
