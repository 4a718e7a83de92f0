"""Data delivered in a real Chromium: chosen, sent in pieces, looked at, imported, published; no violation axe can see."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tenants.models import Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.browser.conftest import Check, Shot
from tests.browser.test_plans import sign_in
from tests.factories import datafiles, grids
from tests.factories.tenants import TenantFactory, member
from tests.twin.catalogue.test_addressed import known
from twin.catalogue import tasks, uploads
from twin.catalogue.models import Upload

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    return found


def work(town: Tenant) -> None:
    """What the worker would do now."""
    with acting_for([town.pk]):
        job = Upload.objects.get().job
        assert job is not None  # a whole upload has one
    task = tasks.look_into_upload if job.task == uploads.LOOK else tasks.import_upload
    task(tenant_id=town.pk, job_id=job.pk)


def test_file_becomes_a_public_dataset(
    desktop: Page, phone: Page, town: Tenant, tmp_path: Path, axe: Check, screenshot: Shot, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr("twin.catalogue.views.uploads.PIECE", 40_000)  # several pieces
    path = datafiles.write(
        tmp_path / "baeume.gpkg", [*datafiles.points(40), None], nr=[f"{n}" for n in range(41)]
    )
    sign_in(desktop, member(town, Role.PLANNER), address)
    desktop.goto("/daten/datensaetze/")
    axe(desktop)
    desktop.click("main >> text=Daten liefern")
    axe(desktop)
    desktop.set_input_files("input[type=file]", path)
    desktop.click("button:has-text('Hochladen')")
    desktop.wait_for_selector("[data-kz-job]")
    axe(desktop)
    work(town)
    desktop.wait_for_selector("[data-kz-features-map][data-drawn='40']")
    axe(desktop)
    screenshot(desktop, "dataset-preview")
    desktop.fill("[name=title]", "Stadtbäume")
    desktop.select_option("[name=key]", "nr")
    desktop.click("button:has-text('Importieren')")
    desktop.wait_for_selector("[data-kz-job]")
    work(town)
    desktop.wait_for_selector("[data-rule='geometry.none']")
    axe(desktop)
    screenshot(desktop, "dataset-report")
    desktop.click("text=Zum Datensatz")
    desktop.wait_for_selector("[data-kz-features-map][data-drawn='40']")
    axe(desktop)
    screenshot(desktop, "dataset-page")
    desktop.fill("[name=description]", "Alle Bäume der Stadt.")
    desktop.select_option("[name=licence]", "dl-by-de/2.0")
    desktop.click("button:has-text('Veröffentlichen')")
    expect(desktop.locator(".kz-messages")).to_contain_text("öffentlich")
    phone.goto(desktop.url)
    phone.wait_for_selector("[data-kz-features-map][data-drawn='40']")
    axe(phone)
    screenshot(phone, "dataset-page-phone")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def deliver(page: Page, path: Path, *, town: Tenant, address: str) -> None:
    sign_in(page, member(town, Role.PLANNER), address)
    page.goto("/daten/lieferungen/neu/")
    page.set_input_files("input[type=file]", path)
    page.click("button:has-text('Hochladen')")
    page.wait_for_selector("[data-kz-job]")
    work(town)


def test_table_of_addresses_is_shown_on_the_map_before_it_is_imported(
    desktop: Page, town: Tenant, tmp_path: Path, axe: Check, screenshot: Shot, address: str
) -> None:
    known(town, tmp_path, *(f"Markt;{n};01662;Meißen;{datafiles.WEST + 9 * n};{datafiles.SOUTH}" for n in range(1, 9)))  # fmt: skip
    path = tmp_path / "orte.csv"
    path.write_text("Name;Straße;Hausnummer;PLZ;Ort\n" + "".join(f"Haus {n};Markt;{n};01662;Meißen\n" for n in range(1, 11)))  # fmt: skip
    deliver(desktop, path, town=town, address=address)
    desktop.wait_for_selector("[data-kz-features-map][data-drawn='8']")
    expect(desktop.locator("[name=address]:checked")).to_have_count(4)
    axe(desktop)
    screenshot(desktop, "addresses-preview")
    desktop.click("button:has-text('Importieren')")
    desktop.wait_for_selector("[data-kz-job]")
    work(town)
    desktop.wait_for_selector("[data-rule='address.no_house']")
    axe(desktop)
    screenshot(desktop, "addresses-report")


def test_terrain_model_becomes_a_dataset_with_its_picture(
    desktop: Page, town: Tenant, tmp_path: Path, axe: Check, screenshot: Shot, address: str
) -> None:
    path = grids.xyz(tmp_path / "dgm.xyz")
    deliver(desktop, path, town=town, address=address)
    desktop.wait_for_selector("[data-kz-features-map][data-drawn='1']")
    expect(desktop.locator("[name=srs]")).to_have_value("25833")
    expect(desktop.locator("[name=key]")).to_have_count(0)
    axe(desktop)
    screenshot(desktop, "raster-preview")
    desktop.click("button:has-text('Importieren')")
    desktop.wait_for_selector("[data-kz-job]")
    work(town)
    desktop.click("text=Zum Datensatz")
    with desktop.expect_response("**/raster/1/*.webp") as tile:
        desktop.reload()
    assert tile.value.status == 200
    desktop.wait_for_selector("[data-kz-features-map][data-rasters-shown='1']")
    axe(desktop)
    screenshot(desktop, "raster-page")
