"""A plan of 3,000 objects in Chromium: seconds until its map is drawn, and until an object chosen from the list is in view and told.

    .venv/bin/python -m benchmarks.plan_page [--objects 3000] [--rounds 5]

A made-up XPlanGML 6.0 plan goes through `import_plan` into a throw-away database and is served by the production web server. Each
round is a new browser context, so nothing is cached; time counts from the start of the navigation. Goal: usable in 2 s.
Nobody's page does the same (xPlanBox and XPlanung portals draw pictures by WMS), so there is no peer beside it.
Needs the services (`scripts/services.sh start`), the built front end and Chromium.
"""

import argparse
import math
import os
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from benchmarks.scratch import manage, scratch_database, served

CORNER = (395_000, 5_670_000)  # EPSG:25833
CELL = 40  # metres
GOAL = 2.0  # seconds
USES = ("1100", "1200", "1500", "1700")
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<XPlanAuszug xmlns="http://www.xplanung.de/xplangml/6/0" xmlns:gml="http://www.opengis.net/gml/3.2"
 xmlns:xlink="http://www.w3.org/1999/xlink" gml:id="AUSZUG">
<gml:boundedBy><gml:Envelope srsName="EPSG:25833"><gml:lowerCorner>{w} {s}</gml:lowerCorner><gml:upperCorner>{e} {n}</gml:upperCorner></gml:Envelope></gml:boundedBy>
<gml:featureMember><BP_Plan gml:id="PLAN"><name>Messplan</name><raeumlicherGeltungsbereich>{area}</raeumlicherGeltungsbereich>
<gemeinde><XP_Gemeinde><ags>99000000</ags><gemeindeName>Messstadt</gemeindeName></XP_Gemeinde></gemeinde>
<planArt>1000</planArt><bereich xlink:href="#BEREICH"/></BP_Plan></gml:featureMember>
<gml:featureMember><BP_Bereich gml:id="BEREICH"><nummer>0</nummer><gehoertZuPlan xlink:href="#PLAN"/></BP_Bereich></gml:featureMember>
"""
OBJECT = """<gml:featureMember><BP_BaugebietsTeilFlaeche gml:id="T{number}"><ebene>0</ebene><aufschrift>WA {number}</aufschrift>
<gehoertZuBereich xlink:href="#BEREICH"/><rechtscharakter>1000</rechtscharakter><position>{area}</position>
<flaechenschluss>true</flaechenschluss><GRZ>0.4</GRZ><besondereArtDerBaulNutzung>{use}</besondereArtDerBaulNutzung>
</BP_BaugebietsTeilFlaeche></gml:featureMember>
"""
PUBLISH = """
from datetime import date
from planning import services
from planning.models import Plan
from tenants.models import Membership, Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for
town = Tenant.objects.get()
planner = User.objects.create_user("planung@example.org", name="Planung")
Membership.objects.create(user=planner, tenant=town, role=Role.PLANNER)
with acting_for([town.pk], [town.pk]):
    plan = Plan.objects.get()
    services.publish_plan(plan, actor=planner, on=date(2026, 1, 1))
    print(plan.get_absolute_url(), plan.planobjects.count())
"""


def polygon(west: float, south: float, east: float, north: float, *, steps: int = 1) -> str:
    """A rectangle with `steps` points on each side, as files from CAD have them."""
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    points = [
        f"{x0 + (x1 - x0) * step / steps:.3f} {y0 + (y1 - y0) * step / steps:.3f}"
        for (x0, y0), (x1, y1) in zip(corners, corners[1:], strict=False)
        for step in range(steps)
    ]
    ring = " ".join([*points, points[0]])
    return (
        '<gml:Polygon srsName="EPSG:25833"><gml:exterior><gml:LinearRing>'
        f"<gml:posList>{ring}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
    )


def plan(objects: int) -> Iterator[str]:
    side = math.ceil(math.sqrt(objects))
    west, south = CORNER
    east, north = west + side * CELL, south + side * CELL
    yield HEAD.format(w=west, s=south, e=east, n=north, area=polygon(west, south, east, north))
    for number in range(objects):
        x, y = west + number % side * CELL, south + number // side * CELL
        area = polygon(x, y, x + CELL, y + CELL, steps=5)
        yield OBJECT.format(number=number, area=area, use=USES[number % len(USES)])
    yield "</XPlanAuszug>\n"


def stored(objects: int) -> str:
    """Import and publish; the plan's address."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "messplan.gml"
        file.write_text("".join(plan(objects)), encoding="utf-8")
        manage("import_plan", str(file), "--tenant", "messstadt", "--json")
    address, count = manage("shell", "-v", "0", code=PUBLISH).split()
    if int(count) < objects:
        raise SystemExit(f"Only {count} of {objects} objects were stored.")
    return address


def opened(browser: Browser, address: str) -> tuple[float, float]:
    """Seconds from the start of the navigation until the map is drawn, and until a chosen object is shown and told."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("[data-drawn]")
    drawn = time.perf_counter() - start
    page.click("[data-map-objects] summary")
    page.fill("[data-map-search]", "WA 50")  # the list shows a hundred at a time
    page.click("[data-map-objects] [data-object=T50]")
    page.wait_for_selector("[data-shown=T50]")
    page.wait_for_selector("[data-map-info] [data-object=T50]")
    chosen = time.perf_counter() - start
    context.close()
    return drawn, chosen


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--objects", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with scratch_database(tenants=["messstadt"]):
        path = stored(options.objects)
        with served() as host, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell"),
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
            opened(
                browser, host + path
            )  # the first answer of a fresh server reads the tables of the standard
            rounds = [opened(browser, host + path) for _ in range(options.rounds)]
            browser.close()
    for name, seconds in zip(("drawn", "object chosen"), zip(*rounds, strict=True), strict=True):
        print(f"{name}: best {min(seconds):.2f} s, median {median(seconds):.2f} s (goal {GOAL:.0f} s)")
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{options.objects} objects, {options.rounds} rounds, {os.cpu_count()} cores, load {load}")


if __name__ == "__main__":
    main()
