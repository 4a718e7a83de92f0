"""Latency of the pages that grow: 10,000 statements in one procedure, 5,000 plans in one town, four clients at once.

    .venv/bin/python -m benchmarks.pages [--requests 200] [--web-workers 2]

The product as `./run serve` starts it; clients, product and database share the machine. The goal is a 95th percentile below
200 ms. That the number of queries does not grow with the rows is asserted in tests/. Needs the services
(`scripts/services.sh start`) and its settings (`eval "$(./run env)"`).
"""

import argparse
import json
import os

from benchmarks.load import latencies, percentiles
from benchmarks.scratch import analyze, manage, scratch_database, served

GOAL = 200  # milliseconds
STATEMENTS, PLANS = 10_000, 5_000
SETUP = """
import json
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from participation.models import Anchor, Statement, Submitter
from participation.phases import Kind
from planning.models import Plan, PlanState
from tenants.models import Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.participation import IN, make_procedure, spot
from tests.factories.planning import PlanFactory, make_plan
from tests.factories.tenants import member
town = Tenant.objects.get(slug="town")
plan = make_plan(town, public=True, objects=100)
with acting_for([town.pk], [town.pk]):
    Plan.objects.bulk_create(PlanFactory.build_batch({plans}, tenant=town, is_public=True, state=PlanState.PUBLISHED,
        published_version=plan.current_version, current_version=plan.current_version))
procedure = make_procedure(town, kind=Kind.CONSULTATION, plan=plan, categories=("Verkehr", "Natur"))
with acting_for([town.pk], [town.pk]):
    phase, topics = procedure.phases.get(), list(procedure.categorys.all())
    shown = [number % 10 != 0 for number in range({statements})]
    rows = Statement.objects.bulk_create([
        Statement(tenant=town, procedure=procedure, phase=phase, number=number + 1, secret_hash="0" * 64, received_at=IN,
            text=f"Bitte pflanzen Sie am Weg Nr. {{number}} mehr Bäume, und denken Sie an die Schulkinder. " * (1 + number % 5),
            category=topics[number % 2], publication_consent=True, is_public=public,
            publication="published" if public else "pending")
        for number, public in enumerate(shown)], batch_size=1000)
    Submitter.objects.bulk_create([Submitter(tenant=town, statement=row) for row in rows], batch_size=1000)
    Anchor.objects.bulk_create([Anchor(tenant=town, statement=row, is_public=row.is_public,
        geometry=spot(380_000 + row.number % 100 * 50, 5_660_000 + row.number // 100 * 50)) for row in rows], batch_size=1000)
person = member(town, Role.PLANNER, Role.MODERATOR)
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[1]
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.save()
print(json.dumps(["FOUND", procedure.get_absolute_url(), f"{{settings.SESSION_COOKIE_NAME}}={{session.session_key}}"]))
"""


def pages(procedure: str) -> list[tuple[str, str, bool]]:
    """(name, path, for staff)"""
    return [
        ("procedure page, first statements", procedure, False),
        ("procedure page, last statements", f"{procedure}?page=360", False),
        ("procedure page, text search", f"{procedure}?q=Schulkinder", False),
        ("places of all statements (map)", f"{procedure}orte.geojson", False),
        ("statement form", f"{procedure}stellungnahme/", False),
        ("plan list", "/plaene/", False),
        ("plan list, text search", "/plaene/?q=Weinberg", False),
        ("plan list of staff", "/plaene/", True),
        ("moderation queue", "/arbeit/moderation/", True),
        ("statements of staff", "/arbeit/stellungnahmen/", True),
        ("statements of staff, text search", "/arbeit/stellungnahmen/?q=Schulkinder", True),
    ]


def measure(*, requests: int, web_workers: int) -> None:
    output = manage("shell", "-v", "0", code=SETUP.format(plans=PLANS, statements=STATEMENTS))
    _, procedure, session = json.loads(next(line for line in output.splitlines() if "FOUND" in line))
    analyze()
    print(
        f"{'page':<34} {'median':>7} {'p95':>7}   (ms, 4 clients, {web_workers} web processes; goal p95 < {GOAL})"
    )
    with served(KZ_WEB_WORKERS=str(web_workers)) as address:
        for name, path, staff in pages(procedure):
            cookie = session if staff else ""
            latencies(address + path, requests=20, cookie=cookie)  # the processes have answered before
            middle, high = percentiles(latencies(address + path, requests=requests, cookie=cookie))
            print(f"{name:<34} {middle:7.0f} {high:7.0f}  {'' if high < GOAL else '*'}", flush=True)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--web-workers", type=int, default=2)
    options = parser.parse_args()
    with scratch_database(tenants=["town"]):
        measure(requests=options.requests, web_workers=options.web_workers)


if __name__ == "__main__":
    main()
