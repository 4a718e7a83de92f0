"""The drawing in a real Chromium: signs on the map, legend, paper-white in the dark, and the way to a print."""

from typing import Any

import numpy as np
import pypdfium2
import pytest
from django.contrib.gis.geos import LineString, MultiPolygon, Point
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from planning.models import Plan
from tenants.models import Tenant
from tenants.scope import acting_for
from tests.browser.conftest import DESKTOP, SHOTS, Check, Opener, Shot
from tests.factories.planning import add_object, make_plan, square
from tests.factories.tenants import TenantFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

X, Y = 385_000.0, 5_668_000.0
GROUNDS = {"#f5c2b3", "#fbb7de", "#fdd94a", "#9be3a0"}
PAPER = "#ffffff"


@pytest.fixture
def plan() -> Plan:
    """A quarter of 200 m with what a Bebauungsplan mostly holds."""
    tenant: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    area = MultiPolygon(square(X, Y, size=200), srid=25833)
    found = make_plan(tenant, public=True, name="Am Weinberg", number="7/26", area=area)
    rows: list[tuple[str, Any, dict[str, Any]]] = [
        ("BP_Plan", MultiPolygon(square(X, Y, size=200), srid=25833), {}),
        ("BP_BaugebietsTeilFlaeche", square(X, Y + 100, size=100), {"besondereArtDerBaulNutzung": "1200", "GRZ": "0.4", "GFZ": "0.8", "Z": "2", "bauweise": "1000", "bebauungsArt": "4000"}),
        ("BP_UeberbaubareGrundstuecksFlaeche", square(X + 15, Y + 130, size=50), {}),
        ("BP_GemeinbedarfsFlaeche", square(X + 120, Y + 120, size=80), {"zweckbestimmung": ["12000"]}),
        ("BP_StrassenVerkehrsFlaeche", MultiPolygon(square(X + 100, Y, size=20), square(X + 100, Y + 180, size=20), srid=25833), {}),
        ("BP_GruenFlaeche", square(X, Y, size=60), {"zweckbestimmung": ["1600"]}),
        ("BP_AnpflanzungBindungErhaltung", square(X + 60, Y, size=40), {"massnahme": "2000", "gegenstand": ["2000"]}),
        ("BP_VerkehrsflaecheBesondererZweckbestimmung", square(X + 120, Y, size=50), {"zweckbestimmung": ["1000"]}),
        ("BP_StrassenbegrenzungsLinie", LineString((X + 100, Y), (X + 100, Y + 200), srid=25833), {}),
        ("BP_NutzungsartenGrenze", LineString((X, Y + 100), (X + 100, Y + 100), srid=25833), {}),
        ("BP_AnpflanzungBindungErhaltung", Point(X + 90, Y + 90, srid=25833), {"massnahme": "1000", "gegenstand": ["1000"]}),
    ]  # fmt: skip
    with acting_for([tenant.pk], [tenant.pk]):
        for position, (kind, geometry, properties) in enumerate(rows):
            version = found.current_version
            assert version is not None
            add_object(version, position, feature_type=kind, geometry=geometry, properties=properties)
    return found


def shown_on(page: Page) -> set[str]:
    """Which of the colours cover more than a few pixels of the map; two steps off are the same to an eye."""
    path = SHOTS / "map-only.png"
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.locator("[data-map-view]").screenshot(path=path)
    pixels = np.asarray(Image.open(path).convert("RGB")).reshape(-1, 3)
    near = {
        colour: (
            np.abs(pixels.astype(int) - [int(colour[at : at + 2], 16) for at in (1, 3, 5)]).max(axis=1) < 3
        )
        for colour in (*GROUNDS, PAPER)
    }
    return {colour for colour, found in near.items() if found.sum() > 200}


def test_map_shows_the_planzeichen_and_a_legend_of_them(
    desktop: Page, plan: Plan, axe: Check, screenshot: Shot
) -> None:
    desktop.goto(plan.get_absolute_url())
    desktop.wait_for_selector("[data-drawn]")
    desktop.evaluate("document.fonts.ready")
    assert shown_on(desktop) == {*GROUNDS, PAPER}
    assert desktop.locator("[data-map-legend] canvas").count() == 10
    axe(desktop)
    screenshot(desktop, "drawing-desktop")


def test_a_hidden_kind_leaves_the_map(desktop: Page, plan: Plan) -> None:
    desktop.goto(plan.get_absolute_url())
    desktop.wait_for_selector("[data-drawn]")
    for box in desktop.locator("[data-map-legend] input").all():
        box.uncheck()
    desktop.wait_for_timeout(500)
    assert shown_on(desktop) == {PAPER}


def test_plan_stays_on_white_paper_in_the_dark(
    opener: Opener, plan: Plan, axe: Check, screenshot: Shot
) -> None:
    page = opener(viewport=DESKTOP, color_scheme="dark").new_page()
    page.goto(plan.get_absolute_url())
    page.wait_for_selector("[data-drawn]")
    assert shown_on(page) == {*GROUNDS, PAPER}
    axe(page)
    screenshot(page, "drawing-dark")


def test_map_on_a_phone(phone: Page, plan: Plan, axe: Check, screenshot: Shot) -> None:
    phone.goto(plan.get_absolute_url())
    phone.wait_for_selector("[data-drawn]")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(phone)
    screenshot(phone, "drawing-phone")


def test_a_reader_prints_the_plan_to_scale(desktop: Page, plan: Plan, axe: Check, screenshot: Shot) -> None:
    desktop.goto(plan.get_absolute_url())
    desktop.click(f"main a[href='{reverse('planning:drawing', args=[plan.public_id])}']")
    axe(desktop)
    desktop.select_option("[name=scale]", "500")
    desktop.select_option("[name=paper]", "A2")
    desktop.click("main form button[type=submit]")
    link = desktop.locator("main a[href*='zeichnung.pdf']")
    expect(link).to_be_visible()
    axe(desktop)
    screenshot(desktop, "drawing-print")
    answer = desktop.request.get(link.get_attribute("href") or "")
    assert answer.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.body())
    assert [round(length * 25.4 / 72) for length in document[0].get_size()] == [594, 420]
    document[0].render(scale=2).to_pil().save(SHOTS / "drawing-print-sheet.png")


def test_the_print_page_on_a_phone_and_its_refusal(phone: Page, plan: Plan, axe: Check) -> None:
    phone.goto(reverse("planning:drawing", args=[plan.public_id]) + "?scale=500&paper=A4&own=5")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert phone.locator("main a[href*='zeichnung.pdf']").count() == 0
    axe(phone)
