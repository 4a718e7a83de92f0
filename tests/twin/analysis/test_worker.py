"""Runs in a real worker: a killed one loses nothing, and towns take turns."""

import subprocess
from collections.abc import Callable, Iterator

import pytest
from celery import current_app

from tenants import jobs
from tenants.models import Job, JobState, Tenant
from tenants.roles import Role
from tenants.scope import acting_for, working_for
from tests.factories.tenants import TenantFactory, member
from tests.twin.analysis.test_runs import ask, stored
from tests.workers import kill, start_worker, until
from twin.analysis.usecase import UseCase

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
QUEUE = "analyses"


@pytest.fixture
def worker() -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    empty()
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(start_worker(QUEUE, include="tests.twin.analysis.with_folders"))
        return started[-1]

    yield start
    for process in started:
        kill(process)
    empty()


def empty() -> None:
    with current_app.connection_for_write() as broker:
        broker.default_channel.queue_delete(QUEUE)  # type: ignore[attr-defined]


def test_killed_worker_goes_on_from_its_checkpoint(counting: UseCase, town: Tenant, worker: Callable[[], subprocess.Popen[bytes]]) -> None:  # fmt: skip
    run, _ = ask(counting, member(town, Role.PLANNER), steps=60, pause=0.1)
    first = worker()
    until(lambda: job_of(run.pk, town).checkpoint.get("done", 0.0) > 0.2)
    kill(first)
    reached = job_of(run.pk, town)
    assert reached.state == JobState.RUNNING

    def handed_over() -> bool:
        with working_for([town.pk], [town.pk]):
            return jobs.hand_over_dead() == 1

    until(handed_over, 20)
    worker()
    until(lambda: stored(run).is_over)
    done = stored(run)
    assert done.state == JobState.DONE
    assert done.summary["began"] >= round(60 * reached.checkpoint["done"])
    assert [line["text"].split()[0] for line in done.log] == ["Versuch", "Versuch", "Weiter", "Fertig."]


def job_of(run: int, tenant: Tenant) -> Job:
    with acting_for([tenant.pk]):
        return Job.objects.get(params__run=run)


def test_fifty_runs_of_one_town_do_not_starve_another(counting: UseCase, worker: Callable[[], subprocess.Popen[bytes]]) -> None:  # fmt: skip
    greedy, modest = TenantFactory.create(), TenantFactory.create()
    asker, other = member(greedy, Role.PLANNER), member(modest, Role.PLANNER)
    for number in range(50):
        ask(counting, asker, steps=number + 1)
    wanted, _ = ask(counting, other, steps=1)
    worker()
    until(lambda: stored(wanted).is_over)
    finished = stored(wanted).finished_at
    with acting_for([greedy.pk, modest.pk]):
        before = Job.objects.filter(tenant=greedy, finished_at__lt=finished).count()
        until(lambda: not Job.objects.exclude(state=JobState.DONE).exists())
        assert Job.objects.filter(state=JobState.DONE).count() == 51
    assert before <= 1
