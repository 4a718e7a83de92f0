"""The slider of a river flood in a real Chromium: from a gauge, by keyboard, on desktop and phone, and without JavaScript."""

import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tenants.models import Tenant, User
from tenants.permissions import reach
from tenants.roles import Role
from tenants.scope import within
from tests.browser.conftest import Check, Opener, Shot
from tests.browser.test_map import ask_the_middle, opened, show
from tests.factories import elevation
from tests.factories.sensors import measured, series_of
from tests.factories.tenants import TenantFactory, member
from tests.twin.analysis.test_runs import ask, compute
from tests.twin.usecases.river_flood.conftest import axis, table, valley
from twin.analysis import registry, services
from twin.analysis.models import Run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DRAWN = "[data-kz-features-map][data-step='{}']"


@pytest.fixture
def public(tmp_path: Path) -> Run:
    """Computed and published, as a town does."""
    town: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    planner: User = member(town, Role.PLANNER)
    datasets = {
        "elevation": elevation.model(town, tmp_path, valley()),
        "levels": elevation.delivered(town, table(tmp_path / "wsp.csv"), title="Wasserspiegellagen"),
        "axis": elevation.delivered(town, axis(tmp_path / "achse.gpkg"), title="Gewässerachse"),
    }
    asked = {name: str(dataset.public_id) for name, dataset in datasets.items()}
    gauge = {"gauge": "Musterstadt", "gauge_zero": "99", "gauge_station": "1"}
    use_case = registry.use_cases()["river-flood"]
    run = compute(ask(use_case, planner, **asked, **gauge, cell="2", title="Elbe in Musterstadt")[0])
    with within(reach(planner).scope):
        services.publish_run(run, actor=planner)
    return run


def test_a_citizen_moves_the_flood_slider(
    desktop: Page, phone: Page, opener: Opener, public: Run, axe: Check, screenshot: Shot
) -> None:
    gauge = series_of(public.tenant, name="Musterstadt", public=True)
    measured(gauge, 205, until=timezone.now())
    desktop.goto(gauge.station.get_absolute_url())
    desktop.get_by_role("link", name="Was bei diesem Wasserstand unter Wasser stünde").click()
    desktop.wait_for_selector(DRAWN.format(1))
    slider = desktop.get_by_role("slider", name="Stufe")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("MQ, 205 cm am Pegel Musterstadt, 50 m³/s, mittlerer Abfluss · .* ha unter Wasser"))  # fmt: skip
    slider.focus()
    desktop.keyboard.press("ArrowRight")
    desktop.wait_for_selector(DRAWN.format(2))
    desktop.keyboard.press("End")
    desktop.wait_for_selector(DRAWN.format(3))
    expect(desktop.locator("[data-steps-told]")).to_contain_text("HQ100 · 405 cm am Pegel Musterstadt")
    expect(desktop.locator("tr[data-kz-step][aria-current]")).to_contain_text("HQ100")
    assert "stufe=3" in desktop.url and "wert" not in desktop.url
    expect(desktop.get_by_role("link", name="Wie der Pegel Musterstadt jetzt steht")).to_be_visible()
    axe(desktop)
    screenshot(desktop, "river-flood-desktop")
    _require_on_the_map_of_the_town(desktop, axe, screenshot)
    _require_a_legend_for_a_phone(phone, desktop.url)
    phone.goto(public.get_absolute_url())
    phone.wait_for_selector(DRAWN.format(3))
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(phone)
    screenshot(phone, "river-flood-phone")
    plain = opener(java_script_enabled=False).new_page()
    plain.goto(public.get_absolute_url())
    plain.select_option("[name=stufe]", "1")
    plain.click("button:has-text('Zeigen')")
    expect(plain.locator("[data-steps-told]")).to_contain_text("MQ · 205 cm am Pegel Musterstadt")


def _require_on_the_map_of_the_town(page: Page, axe: Check, screenshot: Shot) -> None:
    """With the classes of its own page, at whichever step; a place is answered as it is painted."""
    opened(page, "?ort=meissen")
    show(page, "Stufe für Stufe")
    row = page.locator("li.kz-tree__layer", has_text="Stufe für Stufe")
    row.locator("summary").click()
    row.get_by_role("button", name="Ganz zeigen").click()
    legend = page.locator("[data-legend]")
    expect(legend).to_contain_text("Stufe für Stufe: HQ100")
    expect(legend).to_contain_text("0,5–1 m")
    row.get_by_role("combobox").select_option(label="MQ")
    expect(legend).to_contain_text("Stufe für Stufe: MQ")
    page.wait_for_timeout(500)  # the tiles of the new place
    ask_the_middle(page)
    expect(page.locator("[data-info-said]")).to_contain_text("0,5–1 m")
    axe(page)
    screenshot(page, "river-flood-town")


def _require_a_legend_for_a_phone(page: Page, address: str) -> None:
    """By the link to the view; long words stand beside their colour, not below it."""
    page.goto(address)
    page.wait_for_selector("[data-kz-twin-map][data-drawn]")
    row = page.locator("[data-legend] li li", has_text="nicht mit dem Fluss verbunden")
    swatch, whole = row.locator("svg").bounding_box(), row.bounding_box()
    assert swatch and whole
    assert whole["height"] < 2 * swatch["height"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
