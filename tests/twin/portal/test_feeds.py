"""Feed and calendar: a town's own public procedures and nothing else, the county's of all towns."""

from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from participation.phases import Kind
from tenants.models import Tenant
from tests.factories.participation import END, START, add_phase, make_procedure, make_statement
from tests.factories.planning import make_plan
from tests.twin.portal.conftest import MARKER, Town, as_person

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def feed(client: Client, slug: str) -> ET.Element:
    answer = client.get(reverse("portal:feed"), {"ort": slug})
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert answer["Cache-Control"] == "public, max-age=300"
    return ET.fromstring(answer.content)  # noqa: S314 - our own answer


def titles(client: Client, slug: str) -> set[str]:
    return {entry.text or "" for entry in feed(client, slug).findall(f"{ATOM}entry/{ATOM}title")}


def events(client: Client, slug: str) -> list[tuple[str, date, date]]:
    answer = client.get(reverse("portal:calendar"), {"ort": slug})
    assert answer["Content-Type"].startswith("text/calendar")
    found = Calendar.from_ical(answer.content)
    return [(str(one["url"]), one.decoded("dtstart"), one.decoded("dtend")) for one in found.walk("VEVENT")]


def test_feed_shows_the_towns_own_public_procedures(
    client: Client, own: Town, neighbour: Town, landkreis: Tenant
) -> None:
    make_procedure(own.tenant, title="Am Weinberg")
    make_procedure(neighbour.tenant, title="Am Anger")
    make_procedure(own.tenant, title=f"{MARKER} Entwurf", public=False)
    make_procedure(own.tenant, title=f"{MARKER} Plan", public=False, plan=make_plan(own.tenant))
    assert titles(client, own.tenant.slug) == {"Am Weinberg"}
    assert titles(client, landkreis.slug) == {"Am Weinberg", "Am Anger"}


def test_no_draft_gets_into_what_everybody_is_shown_because_staff_asked_first(
    client: Client, own: Town
) -> None:
    make_procedure(own.tenant, title="Am Weinberg")
    make_procedure(own.tenant, title=f"{MARKER} Entwurf", public=False)
    assert titles(as_person(own.approver), own.tenant.slug) == {"Am Weinberg"}
    assert titles(client, own.tenant.slug) == {"Am Weinberg"}


def test_calendar_shows_the_publics_phases_with_their_last_day(
    client: Client, own: Town, neighbour: Town
) -> None:
    procedure = make_procedure(own.tenant, kind=Kind.DRAFT_PUBLIC)
    add_phase(procedure, Kind.DRAFT_BODIES)
    make_procedure(neighbour.tenant)
    [(address, first, after)] = events(client, own.tenant.slug)
    assert address.endswith(procedure.get_absolute_url())
    assert (first, after) == (date(2026, 3, 2), date(2026, 4, 5))
    assert (START.date(), END.date()) == (first, after - timedelta(days=1))


def test_unknown_town_has_no_feed(client: Client, landkreis: Tenant) -> None:
    for name in ("feed", "calendar"):
        assert client.get(reverse(f"portal:{name}"), {"ort": "nirgends"}).status_code == 404


def test_pages_lead_to_feed_and_calendar(client: Client, own: Town) -> None:
    page = client.get(f"/{own.tenant.slug}/").content.decode()
    assert f"{reverse('portal:feed')}?ort={own.tenant.slug}" in page
    assert f"{reverse('portal:calendar')}?ort={own.tenant.slug}" in page


def test_form_and_statement_lead_back_to_the_town(client: Client, own: Town) -> None:
    procedure = make_procedure(own.tenant)
    statement = make_statement(procedure, published=True)
    for address in (
        reverse("participation:submit", args=[procedure.public_id]),
        reverse("participation:published", args=[procedure.public_id, statement.public_id]),
    ):
        crumbs = client.get(address).content.decode().partition("kz-breadcrumb")[2].partition("</ol>")[0]
        assert own.page.get_url() in crumbs
        assert procedure.get_absolute_url() in crumbs
