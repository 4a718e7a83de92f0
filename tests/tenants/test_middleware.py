"""A request is one scope and one unit of work: what a failing view wrote is gone, and its error page can still read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.test import Client

from tenants.middleware import SESSION_KEY, site_tenant
from tenants.models import HostName, Job, Tenant
from tenants.roles import FOR_COUNTY, Role
from tenants.scope import acting_for
from tests.factories.tenants import TenantFactory, county, member
from tests.tenants import urls_for_middleware
from tests.tenants.urls_for_middleware import said

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(urls_for_middleware.__name__)]


@pytest.fixture
def town() -> Tenant:
    return TenantFactory.create()


@pytest.fixture
def browser(client: Client, town: Tenant, settings: LazySettings) -> Iterator[Client]:
    engine: dict[str, Any] = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [Path(__file__).parent, *engine["DIRS"]]}]
    client.force_login(member(town, Role.PLANNER), backend=settings.AUTHENTICATION_BACKENDS[1])
    client.raise_request_exception = False
    said.clear()
    with acting_for([town.pk], [town.pk]):
        Job.objects.create(tenant=town, task="t", title="before")
    yield client


def titles(tenant: Tenant) -> list[str]:
    with acting_for([tenant.pk]):
        return sorted(Job.objects.values_list("title", flat=True))


def stored_files() -> list[Path]:
    return [path for path in Path(settings.PRIVATE_ROOT).rglob("*") if path.is_file()]


def test_good_view_keeps_all_it_wrote(browser: Client, town: Tenant) -> None:
    assert sorted(browser.get("/good/").json()) == ["before", "written"]
    assert titles(town) == ["before", "written"]
    assert said == ["committed"]
    assert len(stored_files()) == 1


@pytest.mark.parametrize(("kind", "status"), [("missing", 404), ("crash", 500)])
def test_failing_view_keeps_nothing_and_its_page_can_read(
    browser: Client, town: Tenant, kind: str, status: int
) -> None:
    response = browser.get(f"/bad/{kind}/")
    assert response.status_code == status
    assert response.json() == ["before"]
    assert titles(town) == ["before"]
    assert said == []
    assert stored_files() == []


@pytest.mark.parametrize("address", ["/bad/forbidden/", "/api/"])
def test_error_of_ours_becomes_its_status_and_keeps_nothing(
    browser: Client, town: Tenant, address: str
) -> None:
    assert browser.get(address).status_code == 403
    assert titles(town) == ["before"]
    assert said == []
    assert stored_files() == []


def test_county_and_nobody_see_no_row_of_a_town(browser: Client, town: Tenant) -> None:
    for person in (member(county(), *FOR_COUNTY), member(TenantFactory.create(), *Role)):
        browser.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[1])
        assert browser.get("/listed/").json() == []
    browser.logout()
    assert browser.get("/listed/").json() == []


def test_forged_tenant_in_the_session_opens_nothing(browser: Client, town: Tenant) -> None:
    browser.force_login(
        member(TenantFactory.create(), Role.PLANNER), backend=settings.AUTHENTICATION_BACKENDS[1]
    )
    session = browser.session
    session[SESSION_KEY] = town.pk
    session.save()
    assert browser.get("/listed/").json() == []


def test_scope_does_not_outlive_the_request(browser: Client) -> None:
    browser.get("/good/")
    assert Job.objects.count() == 0


def test_host_name_names_the_tenant(town: Tenant) -> None:
    HostName.objects.create(tenant=town, host="plan.example.de")
    assert site_tenant("PLAN.example.de:8000") == town
    assert site_tenant("other.example.de") is None
    town.active = False
    town.save()
    assert site_tenant("plan.example.de") is None
