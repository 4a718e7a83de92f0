"""Libraries that bring markup of their own, under our Content-Security-Policy; a refused script or style fails the test."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Check, Shot

SOLVED = "altcha-widget [data-state=verified]"
pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.urls("tests.browser.showcase.urls")]


@pytest.fixture(autouse=True)
def _key(settings: object) -> None:
    settings.ALTCHA_HMAC_KEY = "test"  # type: ignore[attr-defined]


def test_proof_of_work_is_done_and_accepted(desktop: Page, axe: Check, screenshot: Shot) -> None:
    desktop.goto("/guarded/")
    expect(desktop.locator(SOLVED)).to_be_visible(timeout=15_000)
    axe(desktop)
    screenshot(desktop, "showcase-altcha")
    desktop.click("button.kern-btn--primary")
    assert desktop.inner_text("#place") == "human"


def test_form_without_proof_of_work_is_refused(desktop: Page) -> None:
    desktop.goto("/guarded/")
    expect(desktop.locator(SOLVED)).to_be_visible(timeout=15_000)  # a widget cut off at work would complain
    desktop.evaluate("document.querySelector('altcha-widget').remove()")
    desktop.click("button.kern-btn--primary")
    expect(desktop.locator("[data-kz-error-summary]")).to_be_visible()


def test_geometry_is_edited_on_a_leaflet_map(desktop: Page, screenshot: Shot) -> None:
    desktop.goto("/boundary/")
    expect(desktop.locator(".leaflet-draw-draw-polygon")).to_be_visible()
    screenshot(desktop, "showcase-leaflet")


@pytest.mark.parametrize("status", [403, 404])
def test_error_page_is_ours(desktop: Page, axe: Check, screenshot: Shot, status: int) -> None:
    answer = desktop.goto(f"/broken/{status}/")
    assert answer is not None and answer.status == status
    assert desktop.locator("header.kz-header").count() == 1
    axe(desktop)
    screenshot(desktop, f"showcase-{status}")
