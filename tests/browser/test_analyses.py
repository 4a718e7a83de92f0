"""Heavy rain in a real Chromium: asked with a drawn area, watched, read on the map, published; no violation axe can see."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageColor
from playwright.sync_api import Page, expect

from tenants.models import Tenant
from tenants.roles import Role
from tests.browser.conftest import Check, Shot
from tests.browser.test_plans import sign_in
from tests.factories import elevation
from tests.factories.datafiles import SOUTH, WEST
from tests.factories.tenants import TenantFactory, county, member
from tests.twin.hydro import conftest as compiled
from twin.analysis import painting, tasks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["compiled"]


@pytest.fixture
def town() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    return found


def test_a_planner_asks_where_the_water_stands_and_shows_it_to_everybody(
    desktop: Page, phone: Page, town: Tenant, tmp_path: Path, axe: Check, screenshot: Shot, address: str
) -> None:  # fmt: skip
    elevation.model(town, tmp_path)
    sign_in(desktop, member(town, Role.PLANNER), address)
    desktop.goto("/analysen/")
    axe(desktop)
    screenshot(desktop, "analyses")
    desktop.click("main >> text=Starkregen")
    axe(desktop)
    screenshot(desktop, "analysis-form")
    desktop.fill("[name=title]", "Ortslage, hundertjährlich")
    desktop.select_option("[name=elevation]", label="Geländemodell (Meißen)")
    desktop.select_option("[name=cell]", "2")
    desktop.click("button:has-text('Rechnen')")
    expect(desktop.locator("[data-kz-error-summary]")).to_contain_text("wie viel Regen fällt")
    axe(desktop)
    desktop.fill("[name=depth]", "48,9")
    desktop.fill("[name=corners]", "\n".join(f"{WEST + x} {SOUTH + y}" for x, y in ((10, 10), (110, 10), (110, 110), (10, 110))))  # fmt: skip
    desktop.click("button:has-text('Rechnen')")
    desktop.wait_for_selector("[data-kz-job]")
    axe(desktop)
    tasks.take_turn(tenant_id=town.pk, job_id=0)
    desktop.wait_for_selector("[data-kz-features-map][data-drawn='1'][data-rasters-shown='1']")  # by itself
    axe(desktop)
    screenshot(desktop, "analysis-result")
    desktop.click("nav[aria-label='Was die Karte zeigt'] >> text=Größte Geschwindigkeit")
    desktop.click("nav[aria-label='Was die Karte zeigt'] >> text=Verlauf des Wassers")
    desktop.wait_for_selector("[data-kz-features-map][data-step='1']")
    desktop.click("button:has-text('Abspielen')")
    desktop.wait_for_selector("[data-kz-features-map][data-step='3']")
    desktop.click("button:has-text('Anhalten')")
    expect(desktop.locator("[data-steps-told]")).to_contain_text("Nach ")
    axe(desktop)
    screenshot(desktop, "analysis-course")
    desktop.click("button:has-text('Veröffentlichen')")
    expect(desktop.locator("main")).to_contain_text("Die Analyse ist öffentlich.")
    phone.goto(desktop.url)
    phone.wait_for_selector("[data-kz-features-map][data-rasters-shown='1']")
    expect(phone.locator("main")).to_contain_text("mehr als 1,00 m")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(phone)
    screenshot(phone, "analysis-phone")


def test_two_storms_are_compared(
    desktop: Page, town: Tenant, tmp_path: Path, axe: Check, screenshot: Shot, address: str
) -> None:
    elevation.model(town, tmp_path)
    sign_in(desktop, member(town, Role.PLANNER), address)
    desktop.goto("/analysen/neu/heavy-rain/")
    desktop.fill("[name=title]", "Hundertjährlich")
    desktop.select_option("[name=elevation]", label="Geländemodell (Meißen)")
    desktop.fill("[name=depth]", "48,9")
    desktop.click("button:has-text('Rechnen')")
    tasks.take_turn(tenant_id=town.pk, job_id=0)
    expect(desktop.locator("main")).to_contain_text(
        "Größte Tiefe"
    )  # what is clicked before the page renews itself is lost
    desktop.click("text=Ändern und neu rechnen")
    expect(desktop.locator("[name=depth]")).to_have_value("48,9")
    desktop.fill("[name=title]", "Extrem")
    desktop.fill("[name=depth]", "100")
    desktop.click("button:has-text('Rechnen')")
    tasks.take_turn(tenant_id=town.pk, job_id=0)
    expect(desktop.locator("main")).to_contain_text("Größte Tiefe")
    desktop.click("text=Vergleichen")
    axe(desktop)
    desktop.click("main >> text=Hundertjährlich")
    desktop.wait_for_load_state("load")
    assert desktop.evaluate("document.querySelector('.kz-picture').naturalWidth") == 24
    axe(desktop)
    screenshot(desktop, "analyses-compared")


def test_the_water_authority_sees_what_a_wall_does(
    desktop: Page, tmp_path: Path, axe: Check, screenshot: Shot, address: str
) -> None:
    """The same storm on a ramp without and with a wall across it: blue below the wall, red above it."""
    landkreis = county()
    elevation.model(landkreis, tmp_path, elevation.ramp())
    sign_in(desktop, member(landkreis, Role.COUNTY_ADMIN), address)
    desktop.goto("/analysen/neu/heavy-rain/")
    desktop.fill("[name=title]", "Bestand")
    desktop.select_option("[name=elevation]", label="Geländemodell (Landkreis)")
    desktop.select_option("[name=cell]", "2")
    desktop.click("summary:has-text('Boden: Rauheit')")  # closed until something is filled in
    desktop.select_option("[name=edges]", "closed")
    desktop.fill("[name=depth]", "50")
    desktop.fill("[name=corners]", "\n".join(f"{WEST + x} {SOUTH + y}" for x, y in ((0, 0), (120, 0), (120, 120), (0, 120))))  # fmt: skip
    desktop.click("button:has-text('Rechnen')")
    tasks.take_turn(tenant_id=landkreis.pk, job_id=0)
    expect(desktop.locator("main")).to_contain_text("Größte Tiefe")
    without = desktop.url
    desktop.click("text=Ändern und neu rechnen")
    expect(desktop.locator("[name=edges]")).to_be_visible()
    desktop.fill("[name=title]", "Mit Mauer")
    board = desktop.locator("[data-kz-measures]")
    view = board.locator("[data-map-view]")
    view.focus()  # drawn with the keyboard; the third corner, of the pointer, is taken back
    for key in ("Enter", "ArrowRight", "Enter"):
        view.press(key)
    view.click(position={"x": 50, "y": 50})
    expect(board.locator("[data-map-status]")).to_have_text("Ecke 3 ist gesetzt.")
    for key in ("Backspace", "Shift+Enter"):
        view.press(key)
    row = board.locator("[data-measure-rows] > li")
    expect(row).to_have_count(1)
    expect(row.locator("legend")).to_have_text("1 Mauer")
    row.locator("summary").click()
    assert len(row.locator("[data-measure-corners]").input_value().splitlines()) == 2
    row.locator("[data-measure-corners]").fill(f"{WEST} {SOUTH + 61}\n{WEST + 120} {SOUTH + 61}")
    row.locator("[data-measure-value=height]").fill("zwei")
    board.locator("button:has-text('Rückhaltebecken')").click()
    board.locator("button:has-text('Ecken eintippen')").click()
    expect(row).to_have_count(2)
    axe(desktop)
    screenshot(desktop, "measures-form")
    row.nth(1).locator("button:has-text('Entfernen')").click()
    desktop.click("button:has-text('Rechnen')")
    expect(desktop.locator("[data-kz-error-summary]")).to_contain_text("Maßnahme 1 (Mauer): „Höhe über dem Gelände in m“ muss eine Zahl sein.")  # fmt: skip
    row.locator("[data-measure-value=height]").fill("2,5")
    assert desktop.evaluate("document.documentElement.scrollWidth <= innerWidth")
    desktop.click("button:has-text('Rechnen')")
    tasks.take_turn(tenant_id=landkreis.pk, job_id=0)
    desktop.wait_for_selector("[data-kz-features-map][data-drawn='2'][data-rasters-shown='1']")
    expect(desktop.locator("main")).to_contain_text("2,50 m über dem Gelände")
    axe(desktop)
    screenshot(desktop, "measures-result")
    desktop.goto(without)
    desktop.click("text=Vergleichen")
    desktop.click("main >> text=Mit Mauer")
    expect(desktop.locator("main")).to_contain_text("1 Mauer (120 m, Höhe über dem Gelände in m: 2,5)")
    change = desktop.locator("tr:has-text('Größte Tiefe') td").last
    assert change.inner_text().startswith("− 0,2")
    source = desktop.locator(".kz-picture").get_attribute("src") or ""
    picture = Image.open(io.BytesIO(desktop.request.get(source).body()))
    side = picture.width // 60  # pixels of a cell: few are drawn large below a measure
    below, above = (picture.getpixel((30 * side + side // 2, row * side + side // 2)) for row in (59, 27))
    assert below in [ImageColor.getrgb(colour) for colour in painting.LESS]
    assert above in [ImageColor.getrgb(colour) for colour in painting.MORE]
    axe(desktop)
    screenshot(desktop, "measures-compared")
