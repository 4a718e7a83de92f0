"""A plan raised to XPlanung 6.0 in a real Chromium: started, read with its map, taken over; desktop and phone."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from planning import tasks, upgradework, upgrading
from planning.importing import Order, import_file
from planning.models import Plan
from tenants.models import Job, Tenant
from tenants.roles import Role
from tenants.scope import acting_for, working_for
from tests.browser.conftest import Check, Shot
from tests.browser.test_plans import sign_in, tenant
from tests.browser.test_reports import square
from tests.factories import xplanung as samples
from tests.factories.tenants import member
from tests.tenants.test_jobs import queue

__all__ = ["queue", "tenant"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

V = "5.0"
HEAD = '<xplan:gehoertZuBereich xlink:href="#PLAN_1_B"/><xplan:rechtscharakter>1000</xplan:rechtscharakter>'


def thing(feature_type: str, number: int, inner: str = "") -> str:
    corners = square(400_000 + 25 * (number % 4), 5_660_000 + 25 * (number // 4), size=20)
    shape = samples.polygon(corners, gml_id=f"P_{number}")
    return (
        f'<xplan:{feature_type} gml:id="GML_{number}">{HEAD}<xplan:position>{shape}</xplan:position>'
        f"<xplan:flaechenschluss>false</xplan:flaechenschluss>{inner}</xplan:{feature_type}>"
    )


def parts() -> list[str]:
    """Parks and streets, which have another form in 6.0, and a value of the plan that 6.0 states in another form."""
    parks = [
        thing("BP_GruenFlaeche", number, f"<xplan:zweckbestimmung>{1000 + 200 * (number % 3)}</xplan:zweckbestimmung>")
        for number in range(7)
    ]  # fmt: skip
    return [*parks, *(thing("BP_StrassenVerkehrsFlaeche", number) for number in range(7, 12))]


def delivered(tenant: Tenant, folder: Path, *things: str) -> Plan:
    """A plan of 5.0 with a value that 6.0 states in another form, and the address of a schema."""
    data = samples.document(V, samples.plan(V), samples.bereich(V), *things)
    lock, place = "<xplan:veraenderungssperre>true</xplan:veraenderungssperre>", "<xplan:bereich xlink:href"
    schema = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.xplanung.de/xplangml/5/0 x.xsd" gml:id="DOC_1"'
    path = folder / "plan.gml"
    path.write_text(data.decode().replace(place, lock + place).replace('gml:id="DOC_1"', schema))
    with working_for([tenant.pk], [tenant.pk]):
        (report,) = import_file(path, name="plan.gml", order=Order(tenant, None))
        assert report.ok, report.findings
    (plan,) = report.plans
    return plan


def work(tenant: Tenant, task: str, act: Any) -> None:
    """What the worker does with the newest job of this kind."""
    with acting_for([tenant.pk]):
        job = Job.objects.filter(task=task).latest("pk")
    act(tenant_id=tenant.pk, job_id=job.pk)


def test_planner_raises_a_plan_reads_the_report_and_takes_it_over(
    desktop: Page, address: str, tenant: Tenant, axe: Check, screenshot: Shot, queue: str, tmp_path: Path
) -> None:
    plan = delivered(tenant, tmp_path, *parts())
    sign_in(desktop, member(tenant, Role.PLANNER), address)
    desktop.goto(plan.get_absolute_url())
    desktop.get_by_role("link", name="Auf XPlanung 6.0 heben").click()
    axe(desktop)
    screenshot(desktop, "upgrade-begin")
    desktop.get_by_role("button", name="Auf XPlanung 6.0 heben").click()
    desktop.wait_for_selector("[data-kz-job]")
    axe(desktop)
    screenshot(desktop, "upgrade-running")
    work(tenant, upgradework.TASK, tasks.upgrade_version)  # the page learns of it by itself
    desktop.wait_for_selector("[data-kz-findings-map][data-drawn]")
    expect(desktop.locator("[data-section]")).to_have_count(2)
    desktop.locator("[data-group='zweckbestimmung'] summary").click()
    axe(desktop)
    screenshot(desktop, "upgrade")
    link = desktop.locator("[data-group='zweckbestimmung'] [data-kz-show]").nth(2)
    chosen = link.get_attribute("data-kz-show")
    link.click()
    desktop.wait_for_selector(f"[data-kz-findings-map][data-chosen='{chosen}']")
    expect(desktop.locator(f"[data-kz-finding='{chosen}']")).to_have_attribute("aria-current", "true")
    desktop.wait_for_timeout(600)  # the map moves for a quarter of a second
    axe(desktop)
    screenshot(desktop, "upgrade-spot")
    with desktop.expect_download() as download:
        desktop.get_by_role("link", name="Bericht als CSV").click()
    assert download.value.suggested_filename.endswith("-xplanung-6.0.csv")
    desktop.get_by_role("button", name="Als neue Version übernehmen").click()
    desktop.wait_for_selector("[data-kz-job]")
    work(tenant, tasks.import_upload.name, tasks.import_upload)
    desktop.get_by_role("link", name="Zum Plan").click()
    expect(desktop.get_by_text("XPlanGML 6.0", exact=True)).to_be_visible()
    expect(desktop.get_by_role("link", name="Auf XPlanung 6.0 heben")).to_have_count(0)


def test_report_and_refusal_on_a_phone(
    phone: Page, address: str, tenant: Tenant, axe: Check, screenshot: Shot, queue: str, tmp_path: Path
) -> None:
    broken = thing("BP_GruenFlaeche", 1, "<xplan:zweckbestimmung>4711</xplan:zweckbestimmung>")
    planner = member(tenant, Role.PLANNER)
    sign_in(phone, planner, address)
    for name, things in (("upgrade-phone", parts()), ("upgrade-refused-phone", [broken])):
        plan = delivered(tenant, tmp_path, *things)  # the second one is a new version of the first
        with acting_for([tenant.pk], [tenant.pk]):
            assert plan.current_version is not None
            job = upgrading.request(plan.current_version, actor=planner)
        tasks.upgrade_version(tenant_id=tenant.pk, job_id=job.pk)
        phone.goto(reverse("planning:upgrade", args=[plan.public_id]))
        if name == "upgrade-phone":
            phone.wait_for_selector("[data-kz-findings-map][data-drawn]")
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        axe(phone)
        screenshot(phone, name)
