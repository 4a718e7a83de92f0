"""The map of the twin in a real Chromium: layers, search, information, measuring, list, link, print; by pointer and by keyboard."""

import re
from pathlib import Path

import pypdfium2
import pytest
import shapely
from django.conf import LazySettings
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, expect

from planning.models import Plan
from tenants.models import Tenant
from tenants.scope import acting_for
from tests.browser.conftest import SHOTS, Check, Shot
from tests.factories import grids
from tests.factories.catalogue import arrival, deliver, make_dataset, square
from tests.factories.planning import make_plan
from tests.factories.services import serving
from tests.factories.sources import make_harvested, picture
from tests.factories.tenants import TenantFactory, county
from twin.catalogue import importing, publishing
from twin.catalogue.importing import Order
from twin.ogc import tiling

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST_SQUARE = "385005 5668005"  # inside of it


@pytest.fixture
def town() -> Tenant:
    cache.clear()
    county()
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    make_plan(found, public=True, objects=1)
    make_dataset(found, public=True, title="Bäume", slug="baeume", features=30)
    make_dataset(found, public=True, title="Spielplätze", slug="spielplaetze")
    return found


def opened(page: Page, path: str = "") -> None:
    page.goto(reverse("viewer:map") + path)
    page.wait_for_selector("[data-kz-twin-map][data-drawn]")


def go_to(page: Page, text: str) -> None:
    page.fill("[name=q]", text)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-search-found] button")
    page.wait_for_timeout(500)  # the tiles of the new place
    page.wait_for_selector("[data-kz-twin-map][data-drawn]")


def show(page: Page, title: str) -> None:
    closed = page.locator("details.kz-tree__folder:not([open]) > summary:visible")
    while closed.count():
        closed.first.click()
    page.get_by_label(title, exact=True).check()


def ask_the_middle(page: Page) -> None:
    page.focus("[data-map-view]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-info-said]")).not_to_have_text("Die Ebenen werden gefragt …")


def test_layers_are_shown_found_and_asked(
    desktop: Page, town: Tenant, axe: Check, screenshot: Shot, settings: LazySettings, address: str
) -> None:
    settings.BASE_URL = address  # objects carry the addresses that programs keep
    benches = make_dataset(town, public=True, title="Bänke", slug="baenke")
    deliver(benches, arrival("1", {"name": "Bank am Markt"}, shapely.Point(385_900, 5_668_900)))
    opened(desktop)
    axe(desktop)
    show(desktop, "Bäume")
    go_to(desktop, FIRST_SQUARE)
    ask_the_middle(desktop)
    info = desktop.locator("[data-info]")
    expect(info).to_contain_text("Bäume 0")
    expect(info).to_contain_text("Pläne mit Geltungsbereich")
    expect(info).to_be_in_viewport(ratio=1)
    expect(info).to_be_focused()
    expect(desktop.locator("[data-legend] li")).to_have_count(2)
    axe(desktop)
    screenshot(desktop, "twin-map")
    desktop.keyboard.press("Escape")
    expect(info).to_be_hidden()
    expect(desktop.locator("[data-map-view]")).to_be_focused()
    desktop.get_by_label("Bäume", exact=True).uncheck()
    ask_the_middle(desktop)
    expect(info).not_to_contain_text("Bäume 0")
    desktop.fill("[name=q]", "bänke")
    desktop.keyboard.press("Enter")
    desktop.get_by_role("button", name="Bänke (Ebene einschalten)").click()
    expect(desktop.get_by_label("Bänke", exact=True)).to_be_checked()
    expect(desktop.get_by_label("Bänke", exact=True)).to_be_focused()
    go_to(desktop, "385900,5668900")
    desktop.locator("[data-map-view]").click()  # its middle
    expect(info).to_contain_text("Bank am Markt")
    expect(desktop.locator("[data-map-view]")).to_be_focused()  # who clicks goes on with the map
    go_to(desktop, FIRST_SQUARE)
    ask_the_middle(desktop)
    info.get_by_role("link", name="Öffnen").last.click()
    expect(desktop.locator("h1")).to_contain_text(Plan.objects.get().name)


def test_scale_that_shows_not_all_is_told_at_the_layer(desktop: Page, town: Tenant, axe: Check, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(tiling, "MOST", 20)
    opened(desktop)
    show(desktop, "Bäume")
    row = desktop.locator("li.kz-tree__layer", has_text="Bäume")
    row.locator("summary").click()
    row.get_by_role("button", name="Ganz zeigen").click()
    said = row.locator("[data-said]")
    expect(said).to_have_text("In diesem Maßstab werden nicht alle Objekte gezeichnet; zoomen Sie hinein.")
    axe(desktop)
    go_to(desktop, FIRST_SQUARE)
    expect(said).to_be_hidden()


def test_raster_is_shown_and_goes_again(desktop: Page, town: Tenant, tmp_path: Path, axe: Check, screenshot: Shot) -> None:  # fmt: skip
    with acting_for([town.pk], [town.pk]):
        order = Order(town, None, "dgm.tif", title="Geländemodell")
        version = importing.import_file(grids.geotiff(tmp_path / "dgm.tif"), order=order)
        publishing.make_public(version.dataset, licence="dl-by-de/2.0", actor=None)
    opened(desktop)
    with desktop.expect_response(lambda answer: "/raster/1/" in answer.url) as told:
        show(desktop, "Geländemodell")
        row = desktop.locator("li.kz-tree__layer", has_text="Geländemodell")
        row.locator("summary").click()
        row.get_by_role("button", name="Ganz zeigen").click()
    assert (told.value.status, told.value.headers["content-type"]) == (200, "image/webp")
    desktop.wait_for_timeout(500)  # until it is drawn
    middle = "document.querySelector('[data-map-view] canvas').getContext('2d').getImageData(400, 250, 1, 1).data[3]"
    assert desktop.evaluate(middle) == 255
    ask_the_middle(desktop)
    expect(desktop.locator("[data-info]")).to_contain_text(re.compile(r"Geländemodell\s*Wert\s*\d+,\d+"))
    axe(desktop)
    screenshot(desktop, "twin-map-raster")
    desktop.get_by_label("Geländemodell", exact=True).uncheck()
    desktop.wait_for_timeout(500)
    assert desktop.evaluate(middle) < 255  # the plan below it is drawn with a thin wash


def test_slider_shows_what_was_there_on_a_day(desktop: Page, town: Tenant, axe: Check) -> None:
    dataset = make_dataset(town, public=True, title="Neubauten", slug="neubauten")
    rows = [arrival(day, {"name": f"Bau von {day}", "seit": f"{day}-05-01"}, square(n)) for n, day in enumerate(("2019", "2024"))]  # fmt: skip
    deliver(dataset, *rows)
    with acting_for([town.pk], [town.pk]):
        dataset.time_field = "seit"
        dataset.save(update_fields=["time_field"])
    opened(desktop)
    show(desktop, "Neubauten")
    go_to(desktop, "385022 5668005")  # in the newer one
    ask_the_middle(desktop)
    info = desktop.locator("[data-info]")
    expect(info).to_contain_text("Bau von 2024")
    slider = desktop.get_by_label("Stand vom")
    expect(slider).to_be_visible()
    expect(desktop.locator("[data-time-day]")).to_have_text("1.5.2024")
    slider.press("Home")
    expect(desktop.locator("[data-time-day]")).to_have_text("1.5.2019")
    axe(desktop)
    ask_the_middle(desktop)
    expect(info).not_to_contain_text("Bau von 2024")
    day = desktop.get_by_label("Tag wählen")
    expect(day).to_have_value("2019-05-01")
    day.fill("2024-04-30")
    expect(desktop.locator("[data-time-day]")).to_have_text("30.4.2024")
    ask_the_middle(desktop)
    expect(info).not_to_contain_text("Bau von 2024")
    day.fill("2031-01-01")  # later than all
    expect(desktop.locator("[data-time-day]")).to_have_text("1.5.2024")
    slider.press("ArrowLeft")
    expect(desktop.locator("[data-time-day]")).to_have_text("24.4.2024")  # a week, in a span of five years
    slider.press("End")
    ask_the_middle(desktop)
    expect(info).to_contain_text("Bau von 2024")


def test_a_link_opens_the_same_view(desktop: Page, town: Tenant) -> None:
    opened(desktop)
    show(desktop, "Bäume")
    go_to(desktop, FIRST_SQUARE)
    desktop.wait_for_url(re.compile(r"#(?=.*at=38500[456],566800[456],)(?=.*baeume)"))
    link = desktop.evaluate("location.hash")
    desktop.goto("about:blank")
    opened(desktop, link)
    expect(desktop.get_by_label("Bäume", exact=True)).to_be_checked()
    ask_the_middle(desktop)
    expect(desktop.locator("[data-info]")).to_contain_text("Bäume 0")


def test_distance_and_area_are_measured_by_keyboard_and_saved(
    desktop: Page, town: Tenant, axe: Check, screenshot: Shot
) -> None:
    opened(desktop)
    go_to(desktop, FIRST_SQUARE)
    desktop.click("text=Messen und zeichnen")
    desktop.click("[data-draw=area]")
    desktop.focus("[data-map-view]")
    for step in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        desktop.keyboard.press("Enter")
        desktop.keyboard.press(step)
    desktop.keyboard.press("Enter")
    expect(desktop.locator("[data-draw-said]")).to_contain_text("m²")
    said = desktop.locator("[data-draw-said]").inner_text()
    desktop.click("[data-draw-done]")
    drawn = desktop.locator("[data-drawn-list] li")
    expect(drawn).to_have_text([re.compile(f"^{re.escape(said)}")])
    axe(desktop)
    screenshot(desktop, "twin-map-measuring")
    with desktop.expect_download() as download:
        desktop.click("[data-draw-save]")
    assert download.value.suggested_filename == "zeichnung.geojson"
    assert '"Polygon"' in download.value.path().read_text()
    desktop.click("[data-draw=point]")
    for count in (2, 3):
        desktop.focus("[data-map-view]")
        desktop.keyboard.press("ArrowRight")
        desktop.keyboard.press("Enter")
        expect(drawn).to_have_count(count)
    drawn.first.get_by_role("button", name=f"{said} entfernen").click()
    expect(drawn).to_have_count(2)
    expect(drawn.first.get_by_role("button")).to_be_focused()
    with desktop.expect_download() as download:
        desktop.click("[data-draw-save]")
    assert (download.value.path().read_text()).count('"Point"') == 2
    desktop.click("text=Alles löschen")
    expect(drawn).to_have_count(0)
    expect(desktop.locator("[data-draw-save]")).to_be_hidden()


def test_legend_of_a_service_comes_through_our_server(desktop: Page, town: Tenant, axe: Check, settings: LazySettings) -> None:  # fmt: skip
    with serving() as service:
        settings.TRUSTED_HOSTS = [service.host]
        service.answers["/wms"] = picture("green")
        make_harvested(town, "wald", url=f"{service.url}/wms", is_public=True)
        opened(desktop)
        strangers = []
        desktop.on("request", lambda request: strangers.append(request.url) if service.host in request.url else None)  # fmt: skip
        show(desktop, "Wald")
        signs = desktop.get_by_alt_text("Zeichenerklärung zu „Wald“")
        expect(signs).to_be_visible()
        assert signs.evaluate("image => image.decode().then(() => image.naturalWidth)") == 64
        axe(desktop)
    assert strangers == []
    assert "GetLegendGraphic" in {said.get("REQUEST") for _path, said in service.asked}


def test_the_list_says_what_the_map_shows(desktop: Page, town: Tenant, axe: Check) -> None:
    opened(desktop)
    show(desktop, "Bäume")
    go_to(desktop, FIRST_SQUARE)
    desktop.click("text=Als Liste")
    desktop.click("[data-list-load]")
    listed = desktop.locator("[data-listed]")
    expect(listed).to_contain_text("Bäume 0")
    expect(listed.locator("details").last).to_contain_text("Objekte in diesem Kartenausschnitt")
    axe(desktop)


@pytest.mark.parametrize(
    ("paper", "size"), [("A4 quer", ("277mm", "150mm")), ("A4 hoch", ("190mm", "237mm"))]
)
def test_print_is_true_to_scale_on_one_page(
    desktop: Page, town: Tenant, paper: str, size: tuple[str, str]
) -> None:
    desktop.add_init_script("window.print = () => {};")
    opened(desktop)
    for title in ("Bäume", "Spielplätze"):
        show(desktop, title)
    go_to(desktop, FIRST_SQUARE)
    view = "document.querySelector('[data-map-view]')"
    before = desktop.evaluate(f"{view}.clientWidth")
    desktop.locator("summary", has_text="Drucken").click()
    desktop.get_by_label("Titel der Karte").fill("Bäume am Weinberg")
    desktop.select_option("[name=paper]", label=paper)
    desktop.select_option("[name=scale]", "1000")
    desktop.click("text=Drucken oder als PDF speichern")
    desktop.wait_for_selector("[data-printed]")
    assert desktop.evaluate(f"[{view}.style.width, {view}.style.height]") == list(size)
    document = pypdfium2.PdfDocument(desktop.pdf(prefer_css_page_size=True, print_background=False))
    (page,) = document
    text = page.get_textpage().get_text_bounded()
    assert re.search(r"Bäume am Weinberg.*1 : 1\.000 · ETRS89/UTM 33N.*Legende.*Spielplätze", text, re.DOTALL)
    picture = page.render(scale=1).to_pil().convert("RGB")
    swatch = desktop.locator("[data-legend] .kz-tree__swatch").first
    red, green, blue = map(float, re.findall(r"[\d.]+", swatch.evaluate("one => getComputedStyle(one).borderColor"))[:3])  # fmt: skip
    assert (round(red), round(green), round(blue)) in {
        colour for _count, colour in picture.getcolors(1 << 24)
    }
    picture.save(SHOTS / f"twin-print-{size[0]}.png")
    desktop.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert desktop.evaluate(f"{view}.clientWidth") == before
    expect(desktop.locator("[data-print-note]")).to_be_hidden()


def test_phone_shows_the_map_first(phone: Page, town: Tenant, axe: Check, screenshot: Shot) -> None:
    make_harvested(town, *(f"ebene{number}" for number in range(60)), is_public=True)
    opened(phone, "?ort=meissen")
    show(phone, "Spielplätze")
    assert phone.evaluate(
        "document.querySelector('.kz-tree__view').clientHeight <= 0.6 * innerHeight"
    )  # 60 layers
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(phone)
    screenshot(phone, "twin-map-phone")
    ask_the_middle(phone)
    info = phone.locator("[data-info]")
    expect(info).to_contain_text("Hier wurde nichts gefunden")
    expect(info).to_be_in_viewport(ratio=1)
    screenshot(phone, "twin-map-phone-info")
    info.get_by_role("button", name="Schließen").click()
    expect(info).to_be_hidden()
