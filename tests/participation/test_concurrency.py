"""Many at once, on real connections: every accepted statement has a number of its own, and none is missing."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from participation.drafts import StatementData
from participation.models import ModerationAct, ModerationRecord, Statement
from participation.moderating import moderate
from participation.services import submit_statement
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.participation import IN, make_procedure, make_statement
from tests.factories.tenants import TenantFactory, member

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8


def at_once(act: Callable[[int], Any], times: int) -> list[Any]:
    def run(number: int) -> Any:
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(times)))


def test_numbers_are_unique_and_without_gap_though_some_are_rolled_back() -> None:
    tenant = TenantFactory.create()
    procedure, other = make_procedure(tenant), make_procedure(tenant)

    def submit(number: int) -> int | None:
        target = other if number % 10 == 9 else procedure
        with transaction.atomic():
            receipt = submit_statement(target, data=StatementData(text=f"Nr. {number}"), at=IN)
            if number % 5 == 0:  # a client that goes away, a process that is killed before commit
                transaction.set_rollback(True)
                return None
        return receipt.statement.number if target is procedure else None

    given = [number for number in at_once(submit, 160) if number is not None]
    with acting_for([tenant.pk]):
        stored = sorted(procedure.statements.values_list("number", flat=True))
        assert stored == list(range(1, 113)) == sorted(given)
        assert sorted(other.statements.values_list("number", flat=True)) == list(range(1, 17))
        assert max(Counter(Statement.objects.values_list("secret_hash", flat=True)).values()) == 1


def test_two_moderators_at_once_leave_one_consistent_history() -> None:
    tenant = TenantFactory.create()
    statement = make_statement(make_procedure(tenant), publication_consent=True)
    moderators = [member(tenant, Role.MODERATOR) for _ in range(THREADS)]

    def act(number: int) -> None:
        with acting_for([tenant.pk], [tenant.pk]):
            kind = ModerationAct.PUBLISH if number % 2 else ModerationAct.HIDE
            moderate(statement, act=kind, actor=moderators[number], at=IN, reason="Grund")

    at_once(act, THREADS)
    with acting_for([tenant.pk]):
        records = list(ModerationRecord.objects.order_by("pk"))
        statement.refresh_from_db()
    assert [record.before for record in records] == ["pending", *(record.after for record in records[:-1])]
    assert statement.publication == records[-1].after
