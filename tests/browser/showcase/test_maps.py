"""Maps by pointer and by keyboard alone, on the server's GeoJSON, in a real browser."""

import json
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import Check, Opener
from tests.browser.showcase.urls import CELL, CORNER

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.urls("tests.browser.showcase.urls")]


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_selector("[data-drawn]")
    return page


def place(page: Page) -> Any:
    return json.loads(page.input_value("#id_place") or "null")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def focus_map(page: Page) -> None:
    """As a person with a keyboard does: Tab from the button before it."""
    page.focus("[data-pick-mode=object]")
    page.keyboard.press("Tab")
    expect(page.locator("[data-map-view]")).to_be_focused()


def test_point_is_placed_by_keyboard_alone(desktop: Page) -> None:
    opened(desktop, "/statement/")
    focus_map(desktop)
    press(desktop, "Enter")
    first = place(desktop)
    assert first["type"] == "Point"
    assert CORNER[0] < first["coordinates"][0] < CORNER[0] + 8 * CELL
    press(desktop, "ArrowRight", "ArrowUp", "Enter")
    second = place(desktop)
    assert second["coordinates"][0] > first["coordinates"][0]
    assert second["coordinates"][1] > first["coordinates"][1]


def test_area_is_drawn_and_sent_by_keyboard_alone(desktop: Page, axe: Check) -> None:
    opened(desktop, "/statement/")
    desktop.focus("#id_text")
    desktop.keyboard.type("Hier fehlt ein Baum")
    desktop.focus("#id_answer_0")
    press(desktop, "Space")
    desktop.focus("[data-pick-mode=area]")
    press(desktop, "Enter")
    focus_map(desktop)
    press(desktop, "Enter", "ArrowRight", "Enter")
    assert place(desktop) is None  # two corners are no area yet
    press(desktop, "ArrowUp", "Enter")
    drawn = place(desktop)
    assert drawn["type"] == "Polygon"
    ring = drawn["coordinates"][0]
    assert len(ring) == 4 and ring[0] == ring[-1]
    axe(desktop)
    desktop.focus("#send")
    press(desktop, "Enter")
    assert json.loads(desktop.inner_text("#place")) == drawn


def test_backspace_takes_back_and_escape_removes(desktop: Page) -> None:
    opened(desktop, "/statement/")
    desktop.click("[data-pick-mode=line]")
    focus_map(desktop)
    press(desktop, "Enter", "ArrowRight", "Enter", "ArrowRight", "Enter")
    assert len(place(desktop)["coordinates"]) == 3
    press(desktop, "Backspace")
    assert len(place(desktop)["coordinates"]) == 2
    press(desktop, "Escape")
    assert place(desktop) is None
    assert desktop.url.endswith("/statement/")  # neither key has left the page


def test_only_what_is_there_can_be_taken_back(desktop: Page) -> None:
    opened(desktop, "/statement/")
    undo, clear = desktop.locator("[data-pick-undo]"), desktop.locator("[data-pick-clear]")
    desktop.click("[data-pick-mode=line]")
    expect(undo).to_be_hidden()
    expect(clear).to_be_hidden()
    focus_map(desktop)
    press(desktop, "Enter")
    expect(undo).to_be_visible()
    clear.focus()
    press(desktop, "Enter")
    expect(undo).to_be_hidden()
    expect(clear).to_be_hidden()
    expect(desktop.locator("[data-map-view]")).to_be_focused()  # not lost with the button
    desktop.select_option("#id_plan_object", "a3")
    expect(clear).to_be_visible()
    desktop.select_option("#id_plan_object", "")
    expect(clear).to_be_hidden()


def test_every_step_is_announced(desktop: Page) -> None:
    opened(desktop, "/statement/")
    status = desktop.locator("[data-kz-anchor] [data-map-status]")
    seen = []
    for key in ("Enter", "Backspace", "Backspace", "Escape"):
        focus_map(desktop)
        before = status.inner_text()
        press(desktop, key)
        expect(status).not_to_have_text(before)
        expect(status).not_to_be_empty()
        seen.append(status.inner_text())
    assert len(set(seen)) == len(seen)


def test_plan_object_is_chosen_on_the_map_or_in_the_list(desktop: Page) -> None:
    opened(desktop, "/statement/")
    desktop.click("[data-pick-mode=object]")
    focus_map(desktop)
    press(desktop, "Enter")
    chosen = desktop.input_value("#id_plan_object")
    assert chosen[0] in "awl" and chosen[1:].isdigit()
    desktop.select_option("#id_plan_object", "a3")
    assert place(desktop) is None
    desktop.click("[data-pick-mode=point]")
    focus_map(desktop)
    press(desktop, "Enter")
    assert place(desktop)["type"] == "Point"
    assert desktop.input_value("#id_plan_object") == ""


def test_point_is_placed_by_tap(phone: Page) -> None:
    opened(phone, "/statement/")
    view = phone.locator("[data-map-view]")
    view.scroll_into_view_if_needed()
    view.tap(position={"x": 100, "y": 150})
    expect(phone.locator("#id_place")).not_to_have_value("")
    assert place(phone)["type"] == "Point"


def test_draft_survives_a_closed_tab_and_ends_with_success(opener: Opener) -> None:
    context = opener()
    page = opened(context.new_page(), "/statement/")
    page.fill("#id_text", "Ein langer Text")
    page.check("#id_topic_1")
    page.focus("[data-map-view]")
    press(page, "Enter")
    drawn = place(page)
    page.close(run_before_unload=True)
    page = opened(context.new_page(), "/statement/")
    assert page.input_value("#id_text") == "Ein langer Text"
    assert page.is_checked("#id_topic_1")
    assert place(page) == drawn
    expect(page.locator("[data-kz-draft-restored]")).to_be_visible()
    page.check("#id_answer_0")
    page.click("#send")
    page.wait_for_url("**/thanks/**")
    page = opened(context.new_page(), "/statement/")
    assert page.input_value("#id_text") == ""
    expect(page.locator("[data-kz-draft-restored]")).to_be_hidden()


def test_draft_can_be_thrown_away(desktop: Page) -> None:
    opened(desktop, "/statement/")
    desktop.fill("#id_text", "Unsinn")
    opened(desktop, "/statement/")
    desktop.click("[data-kz-draft-discard]")
    assert desktop.input_value("#id_text") == ""
    opened(desktop, "/statement/")
    assert desktop.input_value("#id_text") == ""


def test_plan_shows_object_by_keyboard_and_by_link(desktop: Page, opener: Opener) -> None:
    opened(desktop, "/plan/60/")
    assert (
        desktop.get_attribute("[data-kz-plan-map]", "data-drawn") == "83"
    )  # 60 areas, 15 windows, 7 lines, the frame
    desktop.focus("[data-map-view]")
    press(desktop, "+", "ArrowRight", "Enter")
    panel = desktop.locator("[data-map-info] h3")
    expect(panel).to_have_text(desktop.url.split("object=", 1)[1].split("&")[0])
    other = opened(opener().new_page(), desktop.url)
    expect(other.locator("[data-map-info] h3")).to_have_text(panel.inner_text())
    assert other.title() != "broken"  # a script inside the fragment did not run


def test_list_is_equivalent_to_the_map(desktop: Page) -> None:
    opened(desktop, "/plan/60/")
    desktop.click("[data-map-objects] summary")
    expect(desktop.locator("[data-object]")).to_have_count(83)
    desktop.fill("[data-map-search]", "baulinie 9")
    desktop.focus("[data-object]")
    press(desktop, "Enter")
    expect(desktop.locator("[data-map-info] h3")).to_have_text("l9")
    expect(desktop.locator("[data-object=l9]")).to_have_attribute("aria-current", "true")


def test_legend_is_open_beside_the_map_and_folded_below_it(desktop: Page, phone: Page) -> None:
    for page, shown in ((desktop, True), (phone, False)):
        opened(page, "/plan/60/")
        expect(page.locator("[data-map-legend]")).to_be_visible(visible=shown)


def test_legend_switches_a_kind_off(desktop: Page) -> None:
    opened(desktop, "/plan/60/")
    desktop.click("[data-map-objects] summary")
    desktop.fill("[data-map-search]", "baufenster 8")
    desktop.click("[data-object=w8]")
    desktop.wait_for_selector("[data-shown=w8]")  # the view glides there, and the crosshair must have arrived
    row = desktop.locator(".kz-map__legend-row", has_text="Überbaubar")
    row.locator("input").uncheck()
    desktop.evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )  # it is drawn now
    desktop.focus("[data-map-view]")
    press(desktop, "Enter")  # the crosshair is on the window still, but the window is not shown
    expect(desktop.locator("[data-map-info] h3")).to_have_text("a8")


def test_statements_and_list_go_together(desktop: Page) -> None:
    opened(desktop, "/statements/")
    assert desktop.get_attribute("[data-kz-statements-map]", "data-drawn") == "6"
    box = desktop.locator("[data-map-view]").bounding_box()
    assert box is not None
    # Two statements stand at the same far corner: the top right of what the map fits.
    height = box["height"] - 48
    right = box["x"] + box["width"] / 2 + height / 2
    desktop.mouse.click(right, box["y"] + 24)
    expect(desktop.locator("[data-map-info] li")).to_have_count(2)
    expect(desktop.locator("#statement-2")).to_have_attribute("aria-current", "true")


def test_map_says_when_its_objects_do_not_come(opener: Opener) -> None:
    context = opener()
    context.route("**/features/**", lambda route: route.fulfill(status=204))
    page = context.new_page()
    page.goto("/plan/60/")
    expect(page.locator("[data-map-failed]")).to_be_visible()


def test_plan_of_3000_objects_takes_under_two_seconds_of_work(desktop: Page) -> None:
    """Counted as processor time of the page's main thread: a busy test machine must not decide. The clock is benchmarks' matter."""
    opened(desktop, "/plan/60/")  # scripts and fonts are in the cache, as for everybody's second page
    session = desktop.context.new_cdp_session(desktop)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = work_done(session)
    opened(desktop, "/plan/2200/")
    assert int(desktop.get_attribute("[data-kz-plan-map]", "data-drawn") or 0) >= 2990
    desktop.focus("[data-map-view]")
    press(desktop, "Enter")
    expect(desktop.locator("[data-map-info] h3")).to_be_visible()
    took = work_done(session) - before
    assert 0 < took < 2


def work_done(session: CDPSession) -> float:
    """Seconds of processor time that the page's main thread has worked."""
    metrics = {
        metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]
    }
    return float(metrics["TaskDuration"])
