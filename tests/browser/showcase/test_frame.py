"""The frame, the partials and the forms on a real browser, with and without script, in both looks and sizes."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Check, Opener, Shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.urls("tests.browser.showcase.urls")]


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("where", ["parts", "statement", "statements", "plan/60"])
def test_page_is_accessible(opener: Opener, axe: Check, screenshot: Shot, where: str, look: str) -> None:
    for size in ({"width": 1280, "height": 800}, PHONE):
        page = opener(viewport=size, color_scheme=look).new_page()
        page.goto(f"/{where}/")
        if where != "parts":
            page.wait_for_selector("[data-drawn]")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        screenshot(page, f"showcase-{where.replace('/', '-')}-{size['width']}-{look}")


def test_refused_form_is_accessible_and_takes_the_focus(desktop: Page, axe: Check, screenshot: Shot) -> None:
    desktop.goto("/statement/")
    desktop.click("#send")
    expect(desktop.locator("[data-kz-error-summary]")).to_be_focused()
    axe(desktop)
    screenshot(desktop, "showcase-refused")
    desktop.click("[data-kz-error-summary] a[href='#id_answer']")
    expect(desktop.locator("#id_answer_0")).to_be_focused()


def test_skip_link_comes_first_and_leads_to_the_content(desktop: Page) -> None:
    desktop.goto("/parts/")
    desktop.keyboard.press("Tab")
    desktop.keyboard.press("Enter")
    expect(desktop.locator("#content")).to_be_focused()


def test_look_is_switched_and_kept(desktop: Page) -> None:
    desktop.goto("/parts/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = desktop.evaluate(ground)
    desktop.click("[data-kz-theme]")
    dark = desktop.evaluate(ground)
    assert dark != light
    desktop.reload()
    assert desktop.evaluate(ground) == dark
    expect(desktop.locator("[data-kz-theme]")).to_have_attribute("aria-pressed", "true")


def test_theme_of_the_town_colours_the_buttons(desktop: Page) -> None:
    desktop.goto("/parts/")
    colour = desktop.locator(".kern-btn--primary").first.evaluate(
        "button => getComputedStyle(button).backgroundColor"
    )
    assert colour == "rgb(155, 28, 49)"


def test_language_is_switched(desktop: Page) -> None:
    desktop.goto("/parts/?q=x")
    desktop.click("button[name=language][value=en]")
    expect(desktop.locator("html")).to_have_attribute("lang", "en")
    assert desktop.url.endswith("/parts/?q=x")


def test_navigation_folds_on_a_phone(phone: Page) -> None:
    phone.goto("/parts/")
    links, toggle = phone.locator(".kz-nav__list"), phone.locator(".kz-header__toggle")
    expect(links).to_be_hidden()
    toggle.click()
    expect(links).to_be_visible()
    expect(toggle).to_have_attribute("aria-expanded", "true")


def test_navigation_is_open_without_script(opener: Opener) -> None:
    page = opener(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto("/parts/")
    expect(page.locator(".kz-nav__list")).to_be_visible()
    expect(page.locator("[data-kz-theme]")).to_be_hidden()


def test_filter_sends_itself_on_a_choice(desktop: Page) -> None:
    desktop.goto("/parts/")
    desktop.select_option("#id_kind", "a")
    desktop.wait_for_url("**/parts/?q=&kind=a")


def test_progress_follows_the_job_to_its_end(desktop: Page) -> None:
    desktop.goto("/parts/")
    expect(desktop.locator("[data-kz-job-text]")).to_have_text("Schritt 2", timeout=8000)
    desktop.wait_for_url("**/thanks/", timeout=8000)


def test_dropped_files_are_taken_and_named(desktop: Page) -> None:
    desktop.goto("/statement/")
    desktop.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["x".repeat(1500)], "plan.gml"));
          data.items.add(new File(["y"], "second.gml"));
          document.querySelector("[data-kz-drop]").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
        }"""
    )
    expect(desktop.locator("[data-kz-files] li")).to_have_text([r"plan.gml (1,5 kB)"])
    assert desktop.evaluate("document.querySelector('#id_attachment').files.length") == 1


def test_form_works_without_script(opener: Opener) -> None:
    page = opener(java_script_enabled=False).new_page()
    page.goto("/statement/")
    page.fill("#id_text", "Zu laut")
    page.check("#id_answer_0")
    page.select_option("#id_plan_object", "a7")
    page.click("#send")
    assert page.inner_text("#chosen") == "a7"
