"""Taking turns: fifty jobs of one tenant don't keep another waiting."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tenants import jobs, turns
from tenants.models import Job, JobState, Tenant
from tenants.scope import working_for
from tests.factories.tenants import TenantFactory

pytestmark = pytest.mark.django_db(transaction=True)
TASK = "tests.turn"


def waiting(tenant: Tenant, count: int) -> list[int]:
    with working_for([tenant.pk], [tenant.pk]):
        return [Job.objects.create(task=TASK, tenant=tenant, title=f"{number}").pk for number in range(count)]


def taken() -> list[int]:
    """Jobs in the order in which workers took them, one after the other."""
    found: list[int] = []

    def work(job: Job, progress: jobs.Progress) -> Mapping[str, Any]:
        found.append(job.pk)
        return {}

    while turns.take_turn([TASK], work):
        pass
    return found


def test_the_second_tenant_comes_second_however_many_wait() -> None:
    greedy, modest = TenantFactory.create(), TenantFactory.create()
    many = waiting(greedy, 50)
    two = waiting(modest, 2)
    assert taken() == [many[0], two[0], many[1], two[1], *many[2:]]


def test_who_has_one_under_way_waits_for_who_has_none() -> None:
    greedy, modest = TenantFactory.create(), TenantFactory.create()
    first, second = waiting(greedy, 2)
    (other,) = waiting(modest, 1)
    everyone = [greedy.pk, modest.pk]
    long_ago = timezone.now() - timedelta(days=1)
    with working_for(everyone, everyone):
        Job.objects.filter(pk=first).update(state=JobState.RUNNING, started_at=long_ago)
        Job.objects.create(task=TASK, tenant=modest, title="before", state=JobState.DONE, started_at=timezone.now())  # fmt: skip
        assert turns.order([TASK]) == [(other, modest.pk), (second, greedy.pk)]


def test_work_has_the_scope_of_its_own_tenant_alone() -> None:
    ours, theirs = TenantFactory.create(), TenantFactory.create()
    waiting(ours, 1)
    waiting(theirs, 1)
    seen: list[set[int]] = []

    def work(job: Job, progress: jobs.Progress) -> Mapping[str, Any]:
        seen.append(set(Job.objects.values_list("tenant_id", flat=True)))
        return {}

    assert [turns.take_turn([TASK], work) for _ in range(3)] == [True, True, False]
    assert seen == [{ours.pk}, {theirs.pk}]


def test_other_tasks_are_left_alone() -> None:
    waiting(TenantFactory.create(), 1)
    assert not turns.take_turn(["tests.other"], lambda job, progress: pytest.fail("worked on"))
