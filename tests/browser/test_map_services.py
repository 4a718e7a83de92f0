"""Harvested services on the map of the twin: features and tiles of others, by pointer, keyboard and as a list; and when they fail."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from tenants.models import Tenant
from tests.browser.conftest import DESKTOP, Check, Shot
from tests.browser.test_map import FIRST_SQUARE, ask_the_middle, go_to, opened, show
from tests.factories import capabilities as samples
from tests.factories.services import Reply, Service, collection, feature, serving, square
from tests.factories.sources import make_read, picture
from tests.factories.tenants import TenantFactory, county

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HTML = Reply(b"<html><body>Wartung</body></html>", headers={"Content-Type": "text/html"})


@pytest.fixture
def town() -> Tenant:
    cache.clear()
    county()
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    return found


@pytest.fixture
def service(town: Tenant, settings: LazySettings) -> Iterator[Service]:
    """Parking areas as an API, an aerial view as tiles."""
    with serving() as found:
        settings.TRUSTED_HOSTS = [found.host]
        found.answers["/wmts"] = lambda said: picture("green", "blue", size=256)
        found.answers["/collections/parken/items"] = parking
        make_read(town, json.dumps(samples.collections("parken")).encode(), url=f"{found.url}/collections", is_public=True, title="Parken")  # fmt: skip
        make_read(town, samples.wmts(""), url=f"{found.url}/wmts", is_public=True, title="Kacheln")
        yield found


def parking(said: dict[str, str]) -> dict[str, Any]:
    """Of 20,000 those that lie in the middle, fewer the smaller the part."""
    west, _south, east, _north = map(float, said["bbox"].split(","))
    row = {**feature(square(384_980, 5_667_980, 50), bezeichnung="Parkplatz am Markt"), "id": "markt"}
    more = {"numberMatched": 20_000} if east - west > 2_000 else {"numberMatched": 1}
    return {**collection(row), **more}


def test_features_and_tiles_of_others_are_shown_asked_and_listed(desktop: Page, service: Service, axe: Check, screenshot: Shot) -> None:  # fmt: skip
    opened(desktop)
    show(desktop, "Parken")
    expect(desktop.locator("[data-said]", has_text="Nur das erste Objekt")).to_be_visible()
    axe(desktop)
    show(desktop, "Luftbild")
    expect(desktop.locator("[data-said]", has_text="um sie zu sehen")).to_be_visible()
    go_to(desktop, FIRST_SQUARE)
    expect(desktop.locator("[data-said]:visible")).to_have_count(0)
    ask_the_middle(desktop)
    expect(desktop.locator("[data-info]")).to_contain_text("Parkplatz am Markt")
    assert any(path == "/wmts" and one["TILEMATRIX"] == "nah" for path, one in service.asked)
    desktop.click("text=Als Liste")
    desktop.click("[data-list-load]")
    expect(desktop.locator("[data-listed]")).to_contain_text("Parkplatz am Markt")
    axe(desktop)
    screenshot(desktop, "twin-map-services")


def test_phone_shows_services_too(phone: Page, service: Service, axe: Check, screenshot: Shot) -> None:
    opened(phone)
    show(phone, "Parken")
    expect(phone.locator("[data-said]", has_text="Nur das erste Objekt")).to_be_visible()
    show(phone, "Luftbild")
    expect(phone.locator("[data-said]", has_text="um sie zu sehen")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(phone)
    screenshot(phone, "twin-map-services-phone")


def test_service_that_fails_is_a_sentence_and_the_map_goes_on(browser: Browser, address: str, service: Service, axe: Check, screenshot: Shot) -> None:  # fmt: skip
    """In a context of its own: the browser logs each answer that is a failure."""
    service.answers.update({"/wmts": HTML, "/collections/parken/items": HTML})
    with browser.new_context(base_url=address, locale="de-DE", viewport=DESKTOP) as context:
        page = context.new_page()
        opened(page)
        show(page, "Parken")
        show(page, "Luftbild")
        go_to(page, FIRST_SQUARE)
        expect(page.locator("[data-said]", has_text="Der Dienst antwortet nicht.")).to_be_visible()
        expect(page.locator("[data-said]", has_text="liefert für diesen Kartenausschnitt zurzeit nichts")).to_be_visible()  # fmt: skip
        axe(page)
        screenshot(page, "twin-map-services-failed")
        service.answers["/collections/parken/items"] = parking
        page.focus("[data-map-view]")
        page.keyboard.press("ArrowRight")
        expect(page.locator("[data-said]", has_text="Der Dienst antwortet nicht.")).to_be_hidden()
        ask_the_middle(page)
        expect(page.locator("[data-info]")).to_contain_text("Parkplatz am Markt")


def test_harvested_wms_that_fails_shows_its_sentence_at_the_layer(browser: Browser, address: str, town: Tenant, service: Service, axe: Check, screenshot: Shot) -> None:  # fmt: skip
    service.answers["/wms"] = HTML
    described = samples.wms(samples.wms_layer("wege", "Wanderwege"))
    make_read(town, described, url=f"{service.url}/wms", is_public=True, title="Freizeit")
    with browser.new_context(base_url=address, locale="de-DE", viewport=DESKTOP) as context:
        page = context.new_page()
        opened(page)
        show(page, "Wanderwege")
        said = page.locator("li.kz-tree__layer", has_text="Wanderwege").locator("[data-said]")
        expect(said).to_have_text("Der Dienst liefert für diesen Kartenausschnitt zurzeit nichts.")
        expect(page.locator("[data-said]:visible")).to_have_count(1)
        axe(page)
        screenshot(page, "twin-map-wms-failed")
        service.answers["/wms"] = lambda _said: picture("green")
        page.focus("[data-map-view]")
        page.keyboard.press("ArrowRight")
        expect(said).to_be_hidden()


def test_who_searches_too_often_is_told_to_wait(browser: Browser, address: str, town: Tenant, settings: LazySettings) -> None:  # fmt: skip
    settings.OGC_PER_MINUTE = 1
    with browser.new_context(base_url=address, locale="de-DE", viewport=DESKTOP) as context:
        page = context.new_page()
        opened(page)
        for _ in range(2):
            page.fill("[name=q]", FIRST_SQUARE)
            page.keyboard.press("Enter")
        expect(page.locator("[data-search-found]")).to_contain_text("Bitte warten Sie einen Augenblick.")
