"""What the browser test of the whole journey needs: its two towns, eyes for every page, hands that count."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from playwright.sync_api import Page, expect
from shapely import Polygon

from tenants.models import Tenant, User
from tests.browser.conftest import DESKTOP, PHONE, Check, Shot
from tests.factories import tenants as factories
from twin.demo.geography import boundaries
from twin.demo.geography import county as county_area

PASSWORD = "correct horse battery"
SIZES = {"desktop": DESKTOP, "phone": PHONE}
UNDRAWN = ", ".join(
    f"[data-kz-{kind}]:not([data-drawn])" for kind in ("plan-map", "statements-map", "anchor")
)
TABS = 80  # a form that needs more presses of Tab is not usable by keyboard


def ground(area: Polygon) -> MultiPolygon:
    return MultiPolygon(GEOSGeometry(memoryview(area.wkb)), srid=25833)


def county() -> Tenant:
    found: Tenant = factories.county(boundary=ground(county_area()), contact="Auskunft im Kreishaus")
    return found


def town(name: str, slug: str, ags: str) -> Tenant:
    found: Tenant = factories.TenantFactory.create(
        name=name, slug=slug, ags=ags, boundary=ground(boundaries()[ags]), population=28_000, colour="#7a1f2b"
    )
    return found


@dataclass
class Eyes:
    """Looks at a page as it is now, in both sizes: whole, without sideways scrolling, without a violation axe can see."""

    axe: Check
    screenshot: Shot
    seen: list[str] = field(default_factory=list)

    def look(self, page: Page, name: str) -> None:
        before = page.viewport_size
        self.seen.append(name)
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            expect(page.locator(UNDRAWN)).to_have_count(0, timeout=60_000)
            self.screenshot(page, f"journey-{len(self.seen):02}-{name}-{size}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} {size}"
            self.axe(page)
        if before is not None:
            page.set_viewport_size(before)


@dataclass
class Hands:
    """A person at a page; every click, typed field and chosen option counts as a step."""

    page: Page
    steps: int = 0

    def click(self, selector: str) -> None:
        self.steps += 1
        self.page.click(selector)

    def write(self, selector: str, text: str) -> None:
        self.steps += 1
        self.page.fill(selector, text)

    def choose(self, selector: str, value: str) -> None:
        self.steps += 1
        self.page.select_option(selector, value)


def tab_to(page: Page, selector: str) -> None:
    """By keyboard alone: Tab until the element has the focus."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def sign_in(page: Page, person: User) -> None:
    page.goto("/konto/login/")
    page.fill("input[name=login]", person.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("form.kz-form button[type=submit]")
    page.wait_for_selector("details.kz-menu", state="attached")  # folded on a phone


def path_of(page: Page) -> str:
    return page.url.split("//", 1)[1].partition("/")[2].partition("#")[0]


def downloaded(page: Page, click: Callable[[], None]) -> bytes:
    with page.expect_download() as download:
        click()
    return download.value.path().read_bytes()
