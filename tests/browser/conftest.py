"""A real Chromium on the live server: pages in two sizes, an accessibility check, screenshots as build output."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, sync_playwright
from pytest_django.live_server_helper import LiveServer

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
DESKTOP = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=844)
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
SHOTS = Path(settings.BASE_DIR) / "build" / "screenshots"
AXE = Path(settings.BASE_DIR) / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
Check = Callable[[Page], None]
Shot = Callable[[Page, str], None]
Opener = Callable[..., BrowserContext]


@pytest.fixture(autouse=True, scope="session")
def _static_root(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The live server starts before a test's own settings; WhiteNoise warns of a folder that is not there."""
    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright's loop runs in this thread; Django would refuse the test's own queries in it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell"), args=list(FLAGS)
        )
        yield chromium
        chromium.close()


@pytest.fixture
def address(live_server: LiveServer) -> str:
    return str(live_server.url)


@pytest.fixture
def opener(browser: Browser, address: str) -> Iterator[Opener]:
    """Opens contexts on the live server. At the end no page of theirs may have logged an error: a refused script or style,
    a missing file, an exception."""
    contexts: list[BrowserContext] = []
    errors: list[tuple[str, str]] = []
    asked: set[str] = (
        set()
    )  # pages; the status of one is for the test to judge, an error page may be what it wants

    def note(message: ConsoleMessage) -> None:
        where = message.location["url"]
        if message.type == "error" and not (
            where in asked and message.text.startswith("Failed to load resource")
        ):
            errors.append((message.text, where))

    def open_context(**options: Any) -> BrowserContext:
        defaults = {
            "base_url": address,
            "locale": "de-DE",
            "timezone_id": "Europe/Berlin",
            "color_scheme": "light",
        }
        context = browser.new_context(**{**defaults, **options})
        context.on(
            "request", lambda request: asked.add(request.url) if request.is_navigation_request() else None
        )
        context.on("console", note)
        context.on(
            "weberror", lambda error: errors.append((str(error.error), error.page.url if error.page else ""))
        )
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def desktop(opener: Opener) -> Page:
    return opener(viewport=DESKTOP).new_page()


@pytest.fixture
def phone(opener: Opener) -> Page:
    return opener(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2).new_page()


@pytest.fixture(scope="session")
def axe() -> Check:
    """Asserts that a page, as it is now, breaks no rule of WCAG 2.1 A and AA that axe can see."""
    script = AXE.read_text()
    options = {"runOnly": STANDARD, "resultTypes": ["violations"]}

    def check(page: Page) -> None:
        page.wait_for_load_state()
        page.evaluate(script)
        result = page.evaluate("options => axe.run(document, options)", options)
        assert [
            (rule["id"], [node["target"] for node in rule["nodes"]]) for rule in result["violations"]
        ] == []

    return check


@pytest.fixture(scope="session")
def screenshot() -> Shot:
    """Writes build/screenshots/NAME.png of the whole page."""

    def shoot(page: Page, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    return shoot
