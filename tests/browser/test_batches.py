"""Many plan files in a real Chromium: upload of an archive, progress, report, one answer for all that wait."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from planning.models import Batch
from tenants.models import Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.browser.conftest import PHONE, Check, Shot
from tests.browser.test_plans import sign_in
from tests.factories.tenants import TenantFactory, member
from tests.planning.test_batching import MIXED, archive, import_all, plan, take_apart
from tests.tenants.test_jobs import queue

__all__ = ["queue"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_archive_becomes_a_report(
    desktop: Page, address: str, axe: Check, screenshot: Shot, tmp_path: Path, queue: str
) -> None:
    tenant: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    sign_in(desktop, member(tenant, Role.PLANNER), address)
    file = tmp_path / "altbestand.zip"
    file.write_bytes(archive(**MIXED))
    batch = uploaded(desktop, tenant, file)
    axe(desktop)
    screenshot(desktop, "stapel-laeuft")
    take_apart(batch)
    import_all(batch)
    desktop.wait_for_selector("tr[data-verdict=imported]")  # the page learns of it by itself
    expect(desktop.locator("tr[data-verdict=refused]")).to_have_count(2)
    axe(desktop)
    screenshot(desktop, "stapel-bericht")
    file.write_bytes(
        archive(**{f"{number}.gml": plan(number, extra="<xplan:GRZ>0.3</xplan:GRZ>") for number in (1, 3)})
    )
    second = uploaded(desktop, tenant, file)
    take_apart(second)
    import_all(second)
    desktop.wait_for_selector("tr[data-verdict=asks]")
    desktop.set_viewport_size(PHONE)
    assert desktop.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(desktop)
    screenshot(desktop, "stapel-fragt-phone")
    desktop.click("button[value=version]")
    import_all(second)
    desktop.wait_for_selector("tr[data-verdict=imported]")


def uploaded(page: Page, tenant: Tenant, file: Path) -> Batch:
    page.goto(reverse("planning:upload"))
    page.set_input_files("input[type=file]", [file])
    page.click("main form button.kern-btn--primary")
    page.wait_for_url("**/plaene/stapel/*/")
    with acting_for([tenant.pk]):
        batch: Batch = Batch.objects.select_related("job").latest("pk")
    return batch
