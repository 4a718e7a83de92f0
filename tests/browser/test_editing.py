"""The drawing board in a real Chromium: an attribute on a phone, a shared corner by pointer, a plan of thirty objects from nothing."""

from pathlib import Path
from typing import Any

import pytest
import shapely
from django.urls import reverse
from playwright.sync_api import Page, expect

from planning import drafting, editing, tasks
from planning.models import EditDraft, Plan
from tenants.models import Job, Tenant, User
from tenants.permissions import reach
from tenants.roles import Role
from tenants.scope import acting_for, within
from tests.browser.conftest import Check, Shot
from tests.browser.test_lifecycle import fits
from tests.browser.test_plans import sign_in
from tests.factories.tenants import TenantFactory, member
from tests.planning.test_editing import imported, two_areas
from tests.tenants.test_jobs import queue

__all__ = ["queue"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CORNERS = "main [name=corners]"
SAVE = "main form .kz-form__actions button.kern-btn--primary"


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    return found


@pytest.fixture
def planner(tenant: Tenant) -> User:
    return member(tenant, Role.PLANNER)


@pytest.fixture
def plan(tenant: Tenant, planner: User, tmp_path: Path) -> Plan:
    return imported(two_areas(), tenant=tenant, actor=planner, folder=tmp_path)


def board(plan: Plan) -> str:
    return reverse("planning:edit", args=[plan.public_id])


def properties(plan: Plan, key: str) -> dict[str, Any]:
    with acting_for([plan.tenant_id]):
        draft = drafting.open_draft_of(plan)
        assert draft is not None
        found = drafting.item_of(draft, key)
        assert found is not None
        return found.properties


def areas(plan: Plan) -> list[Any]:
    with acting_for([plan.tenant_id]):
        draft = EditDraft.objects.select_related("base").get(plan=plan, state="open")
        return [
            one.geometry for one in drafting.items(draft) if one.properties.get("flaechenschluss") == "true"
        ]


def test_an_attribute_is_edited_on_a_phone(
    phone: Page, address: str, plan: Plan, planner: User, axe: Check, screenshot: Shot
) -> None:
    sign_in(phone, planner, address)
    phone.goto(plan.get_absolute_url())
    phone.click(f"a[href='{board(plan)}']")
    axe(phone)
    phone.click("main form button.kern-btn--primary")
    phone.wait_for_selector("[data-kz-edit-map][data-drawn]")
    assert fits(phone)
    axe(phone)
    screenshot(phone, "edit-board-phone")
    phone.click("[data-object=W] th a")
    axe(phone)
    assert fits(phone)
    phone.fill("[name=p-GRZ]", "viel")
    phone.click(SAVE)
    phone.wait_for_selector("[data-kz-error-summary]")
    axe(phone)
    phone.fill("[name=p-GRZ]", "0,4")
    phone.fill("[name=attribute]", "Dachgestaltung")
    phone.click("button[name=add]")
    phone.fill("[name=p-dachgestaltung-0-DNmin]", "25")
    axe(phone)
    screenshot(phone, "edit-attributes-phone")
    phone.click(SAVE)
    phone.wait_for_selector("[data-step-kind=attributes]")
    assert properties(plan, "W")["GRZ"] == "0.4"
    assert properties(plan, "W")["dachgestaltung"][0]["DNmin"] == {"@text": "25", "@uom": "grad"}
    phone.goto(reverse("planning:edit_finish", args=[plan.public_id]))
    expect(phone.locator("[data-change=changed]")).to_have_count(1)
    axe(phone)
    screenshot(phone, "edit-finish-phone")


class Map:
    """The drawing board's map by coordinates."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator("[data-kz-edit-map][data-drawn]")
        self.root.wait_for()
        page.locator("[data-map-view]").scroll_into_view_if_needed()
        page.wait_for_function("document.querySelector('[data-kz-edit-map]').dataset.view")

    def pixel(self, east: float, north: float) -> tuple[float, float]:
        stated = self.root.get_attribute("data-view") or ""
        centre_east, centre_north, resolution = map(float, stated.split(","))
        box = self.page.locator("[data-map-view]").bounding_box()
        assert box is not None
        x = box["x"] + box["width"] / 2 + (east - centre_east) / resolution
        y = box["y"] + box["height"] / 2 - (north - centre_north) / resolution
        return x, y

    def mode(self, name: str) -> None:
        self.page.click(f"[data-edit-mode={name}]")
        self.page.locator("[data-map-view]").scroll_into_view_if_needed()

    def draw(self, kind: str) -> None:
        self.page.select_option("[data-edit-kind]", kind)
        self.mode("draw")

    def click(self, east: float, north: float) -> None:
        self.page.mouse.move(*self.pixel(east, north))
        self.page.mouse.click(*self.pixel(east, north))
        self.page.wait_for_timeout(
            300
        )  # two clicks within 250 ms are one double click, which zooms or ends a drawing

    def act(self, *corners: tuple[float, float]) -> str:
        """Click the corners, then wait until the server has answered; gives the message."""
        before = int(self.root.get_attribute("data-acts") or 0)
        for corner in corners:
            self.click(*corner)
        return self.answered(before)

    def answered(self, before: int) -> str:
        self.page.wait_for_selector(f"[data-kz-edit-map][data-acts='{before + 1}'][data-drawn]")
        return self.page.locator("[data-edit-message]").inner_text()


def test_a_shared_corner_moves_in_all_neighbours_and_back_by_keyboard(
    desktop: Page, address: str, plan: Plan, planner: User, axe: Check, screenshot: Shot
) -> None:
    with within(reach(planner).scope):
        editing.begin(plan, actor=planner)
    sign_in(desktop, planner, address)
    desktop.goto(board(plan))
    drawn = Map(desktop)
    before = areas(plan)
    drawn.mode("corners")
    desktop.mouse.move(*drawn.pixel(400050, 5660100))
    desktop.mouse.down()
    desktop.mouse.move(*drawn.pixel(400058, 5660090), steps=4)
    desktop.mouse.move(*drawn.pixel(400065, 5660080), steps=4)
    desktop.mouse.up()
    drawn.answered(0)
    west, east = areas(plan)
    assert not west.equals(before[0])
    assert west.intersection(east).area == 0
    assert west.intersection(east).length == pytest.approx(
        shapely.Point(400050, 5660000).distance(shapely.Point(400065, 5660080)), abs=2
    )
    expect(desktop.locator("[data-step-kind=geometry]")).to_have_count(1)
    axe(desktop)
    screenshot(desktop, "edit-corner-moved")
    desktop.keyboard.press("Control+z")
    expect(desktop.locator("[data-step-kind=geometry][data-undone]")).to_have_count(1)
    assert all(now.equals(then) for now, then in zip(areas(plan), before, strict=True))
    desktop.keyboard.press("Control+y")
    expect(desktop.locator("[data-step-kind=geometry][data-undone]")).to_have_count(0)
    # by keyboard: the crosshair sets corners
    desktop.wait_for_selector("[data-kz-edit-map][data-drawn='3']")
    drawn.draw("tree")
    acts = int(drawn.root.get_attribute("data-acts") or 0)
    desktop.focus("[data-map-view]")
    desktop.keyboard.press("ArrowLeft")
    desktop.keyboard.press("Enter")
    drawn.answered(acts)
    expect(desktop.locator("[data-step-kind=added]")).to_have_count(1)
    screenshot(desktop, "edit-board")
    # corners as a list
    desktop.goto(reverse("planning:edit_corners", args=[plan.public_id, "W"]))
    axe(desktop)
    screenshot(desktop, "edit-corners")


def test_a_plan_of_thirty_objects_is_made_from_nothing(
    desktop: Page, address: str, tenant: Tenant, planner: User, axe: Check, screenshot: Shot, queue: str
) -> None:
    sign_in(desktop, planner, address)
    desktop.goto(reverse("planning:found"))
    axe(desktop)
    desktop.fill("main [name=name]", "Neue Siedlung")
    desktop.fill("main [name=number]", "31")
    desktop.fill(CORNERS, "400000 5660000\n400300 5660000\n400300 5660200\n400000 5660200")
    screenshot(desktop, "edit-found")
    desktop.focus("[data-map-view]")
    for key in ("Enter", "ArrowRight", "Enter", "ArrowUp", "Enter"):  # the map draws nothing but an area
        desktop.keyboard.press(key)
    assert '"Polygon"' in desktop.input_value("main [name=place]")
    desktop.click(SAVE)
    plan = brought_in(tenant, desktop)
    desktop.goto(board(plan))
    desktop.click("main form button.kern-btn--primary")
    drawn = Map(desktop)
    drawn.draw("street")
    street = [(400000, 5660095), (400300, 5660095), (400300, 5660105), (400000, 5660105), (400000, 5660095)]
    drawn.act(*street)
    desktop.select_option("[data-edit-kind]", "wa")
    drawn.mode("fill")
    drawn.act((400100, 5660050))
    drawn.act((400100, 5660150))
    divide(drawn)
    furnish(drawn)
    axe(desktop)
    screenshot(desktop, "edit-thirty-objects")
    desktop.goto(reverse("planning:edit_finish", args=[plan.public_id]))
    axe(desktop)
    desktop.click("main form button.kern-btn--primary")
    plan = brought_in(tenant, desktop)
    assert_valid(plan, objects=30)
    desktop.goto(plan.get_absolute_url())
    desktop.wait_for_selector("[data-drawn]")
    screenshot(desktop, "edit-thirty-objects-plan")


def test_a_flaechennutzungsplan_is_made_from_nothing(
    desktop: Page, address: str, tenant: Tenant, planner: User, axe: Check, screenshot: Shot, queue: str
) -> None:
    sign_in(desktop, planner, address)
    desktop.goto(reverse("planning:found"))
    desktop.select_option("main [name=plan_type]", "FP")
    desktop.fill("main [name=name]", "Flächennutzungsplan")
    desktop.fill(CORNERS, "400000 5660000\n400300 5660000\n400300 5660200\n400000 5660200")
    desktop.click(SAVE)
    plan = brought_in(tenant, desktop)
    desktop.goto(board(plan))
    desktop.click("main form button.kern-btn--primary")
    drawn = Map(desktop)
    for kind, west in (("housing", 400000), ("forest", 400100)):
        drawn.draw(kind)
        drawn.act(*((west + east, 5660000 + north) for east, north in ((0, 0), (100, 0), (100, 200), (0, 200), (0, 0))))  # fmt: skip
    desktop.select_option("[data-edit-kind]", "farmland")
    drawn.mode("fill")
    drawn.act((400250, 5660100))
    axe(desktop)
    screenshot(desktop, "edit-flaechennutzungsplan")
    desktop.goto(reverse("planning:edit_finish", args=[plan.public_id]))
    desktop.click("main form button.kern-btn--primary")
    plan = brought_in(tenant, desktop)
    assert plan.plan_type == "FP"
    assert_valid(plan, objects=5)  # three areas, the Bereich and the plan
    desktop.goto(plan.get_absolute_url())
    desktop.wait_for_selector("[data-drawn]")
    screenshot(desktop, "edit-flaechennutzungsplan-plan")


def divide(drawn: Map) -> None:
    """Five plots on both sides of the street, cut off one after the other."""
    for east in (60, 120, 180, 240):
        for north, beyond in ((5659990, 5660100), (5660100, 5660210)):
            drawn.mode("select")
            drawn.click(400000 + east + 30, (5660050 if beyond == 5660100 else 5660150))
            drawn.mode("cut")
            before = int(drawn.root.get_attribute("data-acts") or 0)
            drawn.click(400000 + east, north)
            drawn.page.mouse.move(*drawn.pixel(400000 + east, beyond))
            drawn.page.mouse.dblclick(*drawn.pixel(400000 + east, beyond))
            drawn.answered(before)


def furnish(drawn: Map) -> None:
    """A building window in each plot; trees and hedges in some."""
    for number in range(10):
        east, north = 400010 + 60 * (number % 5), 5660015 + 110 * (number // 5)
        drawn.draw("building")
        drawn.act(
            (east, north), (east + 30, north), (east + 30, north + 30), (east, north + 30), (east, north)
        )
    for number in range(5):
        drawn.draw("tree")
        drawn.act((400050 + 60 * number, 5660070))
    for number in range(4):
        east, north = 400010 + 60 * number, 5660175
        drawn.draw("planting")
        drawn.act((east, north), (east + 30, north), (east + 30, north + 8), (east, north))


def brought_in(tenant: Tenant, page: Page) -> Plan:
    """Do the waiting import as the worker does. The page that waits for it would go on by itself, in the midst of the test's steps."""
    page.wait_for_selector("[data-kz-job]")
    page.goto("about:blank")
    with acting_for([tenant.pk]):
        job = Job.objects.filter(task="planning.tasks.import_upload").latest("pk")
    tasks.import_upload(tenant_id=tenant.pk, job_id=job.pk)
    with acting_for([tenant.pk]):
        found: Plan = Plan.objects.select_related("current_version").get()
        return found


def assert_valid(plan: Plan, *, objects: int) -> None:
    version = plan.current_version
    assert version is not None
    with acting_for([plan.tenant_id]):
        job = Job.objects.get(task="planning.tasks.check_version", params__version=version.pk)
    tasks.check_version(tenant_id=plan.tenant_id, job_id=job.pk)
    with acting_for([plan.tenant_id]):
        run = version.validation_runs.first()
        assert run is not None
        errors = run.findings.filter(severity__in=("error", "fatal"))
        assert list(errors.values_list("rule", "condition", "params")) == []
        assert (run.structure_valid, version.feature_count >= objects) == (True, True)
