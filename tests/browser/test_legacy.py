"""An old plan in a real Chromium: from the list over scan, points and outline to a valid plan with its picture on the map."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from planning import filing, tasks
from planning.models import LegacyPlan, ValidationRun
from planning.papers import Entry
from tenants.models import Job, JobState, Tenant, User
from tenants.permissions import reach
from tenants.roles import Role
from tenants.scope import acting_for, within
from tests.browser.conftest import Check, Shot
from tests.browser.test_plans import sign_in
from tests.factories import pictures
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory, member
from tests.planning.test_filing import upload
from tests.planning.test_legacy import CORNERS, PAIRS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    return found


@pytest.fixture
def planner(tenant: Tenant) -> User:
    return member(tenant, Role.PLANNER)


def run_job(tenant: Tenant, task: Any) -> None:
    with acting_for([tenant.pk]):
        job = Job.objects.filter(task=task.name).latest("pk")
    task(tenant_id=tenant.pk, job_id=job.pk)
    with acting_for([tenant.pk]):
        job.refresh_from_db()
    assert (job.state, job.error) == (JobState.DONE, "")


def send(page: Page) -> None:
    page.click("main form button.kern-btn--primary")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def row_of(tenant: Tenant) -> LegacyPlan:
    with acting_for([tenant.pk]):
        return LegacyPlan.objects.select_related("plan").get()


def begin(page: Page, tenant: Tenant, scan: Path) -> LegacyPlan:
    """A new line with its scan, as far as the page of the points."""
    page.goto(reverse("planning:legacy_new"))
    page.fill("[name=number]", "7/94")
    page.fill("[name=name]", "Am Weinberg")
    send(page)
    page.set_input_files("input[type=file]", [scan])
    send(page)
    page.wait_for_selector("[data-kz-job]")
    run_job(tenant, tasks.prepare_legacy)
    page.wait_for_selector("[data-georeference-map=scan][data-drawn]")  # the page learns of it by itself
    return row_of(tenant)


def pair(page: Page, number: int) -> dict[str, str]:
    fields = page.locator(f"[data-pair='{number}'] [data-pair-field]")
    return {str(fields.nth(i).get_attribute("data-pair-field")): fields.nth(i).input_value() for i in range(4)}  # fmt: skip


def enter(page: Page, points: Sequence[tuple[float, ...]]) -> None:
    for number, point in enumerate(points, 1):
        for name, value in zip(("column", "row", "easting", "northing"), point, strict=True):
            page.fill(f"[data-pair='{number}'] [data-pair-field={name}]", str(value))
    page.keyboard.press("Tab")
    page.wait_for_selector(f"[data-kz-georeference][data-sent='{len(points)}']")


def test_scan_becomes_a_plan_in_the_browser(desktop: Page, address: str, tenant: Tenant, planner: User, axe: Check, screenshot: Shot, tmp_path: Path) -> None:  # fmt: skip
    sign_in(desktop, planner, address)
    desktop.goto(reverse("planning:legacies"))
    axe(desktop)
    row = begin(desktop, tenant, pictures.write(tmp_path / "scan.png"))
    axe(desktop)
    # a click on the scan and one on the map make a pair, and the next row is taken by itself
    for side, name in (("scan", "column"), ("ground", "easting")):
        desktop.locator(f"[data-georeference-map={side}] [data-map-view]").click(
            position={"x": 150, "y": 120}
        )
        expect(desktop.locator(f"[data-pair='1'] [data-pair-field={name}]")).not_to_have_value("")
    expect(desktop.locator("[data-pair='2']")).to_have_attribute("data-current", "")
    assert all(pair(desktop, 1).values())
    # typed coordinates take their place; the fourth pair shows the misses
    enter(desktop, PAIRS)
    misses = desktop.locator("[data-pair-miss]").all_inner_texts()
    assert [text for text in misses if text != "–"] == ["0"] * 4
    screenshot(desktop, "legacy-points")
    axe(desktop)
    desktop.reload()  # a closed tab loses nothing
    desktop.wait_for_selector("[data-georeference-map=scan][data-drawn]")
    assert pair(desktop, 4)["row"] == "300,0"
    desktop.click("[data-georeference-put=ground]")  # and the map is where it was
    place = pair(desktop, 5)
    assert (round(float(place["easting"])), round(float(place["northing"]))) == (385_100, 5_668_225)
    desktop.click("[data-pair='5'] [data-pair-clear]")
    desktop.click("[data-georeference-place]")
    desktop.wait_for_selector("[data-kz-job]")
    run_job(tenant, tasks.prepare_legacy)
    desktop.wait_for_selector("[data-kz-outline][data-drawn][data-rasters-shown='1']")
    axe(desktop)
    view = desktop.locator("[data-kz-outline] [data-map-view]")
    box = view.bounding_box()
    assert box
    for x, y in ((0.3, 0.3), (0.6, 0.3), (0.6, 0.7), (0.3, 0.7)):
        view.click(position={"x": box["width"] * x, "y": box["height"] * y})
        desktop.wait_for_timeout(300)  # two clicks in a row would be a double click, which zooms
    expect(desktop.locator("[name=corners]")).to_have_value(re.compile(r"^(\S+ \S+\n){3}\S+ \S+$"))
    screenshot(desktop, "legacy-outline")
    desktop.locator("[data-outline-undo]").click()
    desktop.fill("[name=corners]", CORNERS)
    send(desktop)
    desktop.fill("[name=in_force]", "1994-05-02")
    desktop.select_option("[name=baunvo]", "1990-01-23")
    axe(desktop)
    screenshot(desktop, "legacy-facts")
    send(desktop)
    axe(desktop)
    screenshot(desktop, "legacy-ready")
    desktop.click("[data-legacy-finish]")
    desktop.wait_for_selector("[data-kz-job]")
    run_job(tenant, tasks.import_upload)
    desktop.wait_for_selector("main a[href^='/plaene/'] >> text=Am Weinberg")
    run_job(tenant, tasks.check_version)
    run_job(tenant, tasks.prepare_rasters)
    with acting_for([tenant.pk]):
        run = ValidationRun.objects.latest("pk")
    assert (run.errors, run.structure_valid) == (0, True)
    plan = row_of(tenant).plan
    assert plan is not None
    desktop.goto(plan.get_absolute_url())
    desktop.wait_for_selector("[data-kz-plan-map][data-drawn][data-rasters-shown='1']")
    desktop.wait_for_timeout(500)  # tiles fade in
    axe(desktop)
    screenshot(desktop, "legacy-plan")
    desktop.goto(reverse("planning:legacies"))
    assert desktop.locator("[data-legacy-state=done]").count() == 1
    screenshot(desktop, "legacy-list")
    assert row.state == "scanned"


def test_points_and_outline_are_set_by_keyboard_on_a_phone(phone: Page, address: str, tenant: Tenant, planner: User, axe: Check, screenshot: Shot, tmp_path: Path) -> None:  # fmt: skip
    sign_in(phone, planner, address)
    row = begin(phone, tenant, pictures.write(tmp_path / "scan.png"))
    assert fits(phone)
    axe(phone)
    screenshot(phone, "legacy-points-phone")
    for side, name in (("scan", "row"), ("ground", "northing")):
        view = phone.locator(f"[data-georeference-map={side}] [data-map-view]")
        view.focus()
        view.press("ArrowRight")
        view.press("Enter")
        expect(phone.locator(f"[data-pair='1'] [data-pair-field={name}]")).not_to_have_value("")
    enter(phone, PAIRS[:3])
    phone.click("[data-georeference-place]")
    phone.wait_for_selector("[data-kz-job]")
    run_job(tenant, tasks.prepare_legacy)
    phone.wait_for_selector("[data-kz-outline][data-drawn][data-rasters-shown='1']")
    view = phone.locator("[data-kz-outline] [data-map-view]")
    view.focus()
    for key in ("Enter", "ArrowRight", "Enter", "ArrowDown", "Enter", "ArrowLeft", "Enter", "Backspace"):
        view.press(key)
    assert len(phone.input_value("[name=corners]").splitlines()) == 3
    assert fits(phone)
    axe(phone)
    screenshot(phone, "legacy-outline-phone")
    send(phone)
    assert fits(phone)
    axe(phone)
    assert row.outline is None
    assert row_of(tenant).outline is not None


def test_picture_of_a_plan_is_switched_and_faded_by_keyboard(desktop: Page, address: str, tenant: Tenant, planner: User, axe: Check, screenshot: Shot, tmp_path: Path) -> None:  # fmt: skip
    plan = make_plan(tenant, public=True, objects=2)
    image = pictures.geotiff(tmp_path / "plan.tif").read_bytes()
    with within(reach(planner).scope):
        filing.add_documents(plan, [upload("Planzeichnung.tif", image, "image/tiff")], actor=planner, entry=Entry(""))  # fmt: skip
    run_job(tenant, tasks.prepare_rasters)
    tiles: list[int] = []
    desktop.on("response", lambda answer: tiles.append(answer.status) if answer.url.endswith(".webp") else None)  # fmt: skip
    desktop.goto(plan.get_absolute_url())
    desktop.wait_for_selector("[data-kz-plan-map][data-drawn][data-rasters-shown='1']")
    shown, opacity = desktop.locator("[data-raster-shown]"), desktop.locator("[data-raster-opacity]")
    opacity.focus()
    opacity.press("ArrowLeft")
    expect(opacity).to_have_value("75")
    shown.focus()
    shown.press("Space")
    expect(shown).not_to_be_checked()
    shown.press("Space")
    expect(shown).to_be_checked()
    axe(desktop)
    desktop.wait_for_timeout(500)  # tiles fade in
    screenshot(desktop, "plan-raster")
    assert tiles
    assert set(tiles) == {200}
