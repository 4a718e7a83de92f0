"""The catalogue's search as everybody uses it: what it finds, counts, sorts, and never shows."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenants.models import Tenant
from tenants.permissions import share
from tenants.roles import Role, Share
from tenants.scope import acting_for
from tests.factories.catalogue import make_dataset
from tests.factories.records import make_record
from tests.factories.tenants import TenantFactory, UserFactory, member
from twin.catalogue import finding
from twin.catalogue.models import Record

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _no_old_numbers() -> None:
    cache.clear()


@pytest.fixture
def town() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen")
    return found


def titles(client: Client, **asked: Any) -> list[str]:
    answer = client.get(reverse("catalogue:records"), asked)
    assert answer.status_code == 200
    return re.findall(
        r'<h2 class="kern-title"><a class="kern-link" href="[^"]+">([^<]+)</a>', answer.content.decode()
    )


def options(client: Client, name: str, **asked: Any) -> list[str]:
    page = client.get(reverse("catalogue:records"), asked).content.decode()
    (select,) = re.findall(rf'<select name="{name}".*?</select>', page, re.DOTALL)
    return re.findall(r"<option[^>]*>([^<]+)</option>", select)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("baumkataster", ["Baumkataster"]),
        ("kataster", ["Baumkataster"]),  # a part of a word
        ("Straßen park", ["Baumkataster"]),  # by stem, from the description
        ("Stadtverwaltung", ["Baumkataster"]),
        ("Baum Spielplatz", []),
        ("%", ["Baumkataster"]),  # no word at all: everything
        ("' OR 1=1 --", []),
        ("a" * 5000, []),
    ],
)
def test_search_finds_stems_and_parts_of_words(
    client: Client, town: Tenant, text: str, found: list[str]
) -> None:
    make_record(town)
    if len(text) > 200:
        found = ["Baumkataster"]  # a filter that cannot be read filters nothing
    assert titles(client, q=text) == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"theme": "TRAN"}, ["Radwege"]),
        ({"kind": "service"}, ["Radwege"]),
        ({"licence": "cc-zero"}, ["Radwege"]),
        ({"format": "WFS"}, ["Radwege"]),
        ({"publisher": "Bauamt"}, ["Radwege"]),
        ({"municipality": "riesa"}, ["Radwege"]),
        ({"municipality": "riesa", "theme": "ENVI"}, []),
        ({"bbox": "385000,5668000,385010,5668010"}, ["Bäume"]),
        ({"bbox": "nowhere"}, ["Bäume", "Radwege"]),
        ({"bbox": "1e999,0,1,1"}, ["Bäume", "Radwege"]),
        ({"bbox": "nan,0,1,1"}, ["Bäume", "Radwege"]),
        ({"theme": "ENVI' OR 'x'='x"}, []),
        ({"municipality": "nowhere"}, ["Bäume", "Radwege"]),
        ({"order": "nonsense"}, ["Bäume", "Radwege"]),
        ({"page": "99999999999999999999"}, ["Bäume", "Radwege"]),
    ],
)
def test_each_condition_narrows_the_list(
    client: Client, town: Tenant, asked: dict[str, str], found: list[str]
) -> None:
    make_record(town, "Bäume")
    make_record(TenantFactory.create(slug="riesa"), "Radwege", kind="service", themes=["TRAN"], licence="cc-zero", publisher="Bauamt", extent=None, distributions=[], service={"type": "WFS", "url": "https://example.org/wfs"})  # fmt: skip
    assert sorted(titles(client, **asked)) == found


def test_choices_carry_numbers_of_what_is_found(client: Client, town: Tenant) -> None:
    make_record(town, "Bäume")
    make_record(town, "Radwege", themes=["TRAN"], distributions=[{"format": "http://publications.europa.eu/resource/authority/file-type/csv"}])  # fmt: skip
    assert options(client, "theme") == ["Alle", "Umwelt (1)", "Verkehr (1)"]
    assert options(client, "format") == ["Alle", "CSV (2)", "WMS (1)"]
    assert options(client, "format", theme="TRAN") == ["Alle", "CSV (1)"]
    assert options(client, "theme", theme="TRAN") == [
        "Alle",
        "Umwelt",
        "Verkehr (1)",
    ]  # the others can still be chosen


def test_title_hits_come_first_then_the_newest(client: Client, town: Tenant) -> None:
    make_record(town, "Spielplätze", description="neben der Kita")
    make_record(town, "Kita")
    make_record(town, "Wege", description="zur Kita")
    assert titles(client, q="Kita") == ["Kita", "Wege", "Spielplätze"]
    assert titles(client, q="Kita", order="newest") == ["Wege", "Kita", "Spielplätze"]
    assert titles(client, order="title") == ["Kita", "Spielplätze", "Wege"]


def test_above_the_cap_the_list_goes_on_and_numbers_are_of_all_records(
    client: Client, town: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "CAP", 3)
    monkeypatch.setattr(finding.tally, "__kwdefaults__", {"cap": 3})
    for number in range(5):
        make_record(town, f"Baum {number}")
    page = client.get(reverse("catalogue:records")).content.decode()
    assert 'data-found="5"' in page
    assert options(client, "theme") == ["Alle", "Umwelt (5)"]
    narrowed = client.get(reverse("catalogue:records"), {"q": "Baum"}).content.decode()
    assert "Mehr als 3 Einträge" in narrowed
    assert len(titles(client, q="Baum")) == 3
    assert options(client, "theme", q="Baum") == ["Alle", "Umwelt"]  # offered, and not counted


def test_only_public_records_of_active_towns_that_are_still_there_are_found(
    client: Client, town: Tenant
) -> None:
    make_record(town, "Öffentlich")
    make_record(town, "Intern", public=False, publisher="Geheimamt", themes=["HEAL"])
    make_record(town, "Weg", is_gone=True)
    make_record(TenantFactory.create(active=False), "Stillgelegt")
    assert titles(client) == ["Öffentlich"]
    assert options(client, "publisher") == ["Alle", "Stadtverwaltung (1)"]
    assert options(client, "theme") == ["Alle", "Umwelt (1)"]


def test_who_works_here_finds_internal_records_of_the_own_town_and_shared_ones(
    client: Client, town: Tenant
) -> None:
    other = TenantFactory.create()
    make_record(town, "Eigen", public=False)
    make_record(other, "Fremd", public=False)
    shared = make_dataset(other, title="Geteilt")
    person = member(town, Role.PLANNER)
    with acting_for([other.pk], [other.pk]):
        share(shared, holder=town, as_=Share.READER)
        record = Record.objects.get(dataset=shared)
    client.force_login(person, backend=BACKEND)
    assert titles(client) == ["Geteilt", "Eigen"]
    assert client.get(record.get_absolute_url()).status_code == 200
    client.force_login(UserFactory.create(), backend=BACKEND)
    assert titles(client) == []
    assert client.get(record.get_absolute_url()).status_code == 404


def test_numbers_kept_for_one_person_are_not_shown_to_another(
    client: Client, town: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding.tally, "__kwdefaults__", {"cap": 0})
    make_record(town, "Öffentlich")
    make_record(town, "Intern", public=False, themes=["HEAL"])
    client.force_login(member(town, Role.PLANNER), backend=BACKEND)
    assert "Gesundheit (1)" in options(client, "theme")
    assert options(Client(), "theme") == ["Alle", "Umwelt (1)"]


def test_the_list_costs_the_same_queries_with_one_row_and_with_three(client: Client, town: Tenant) -> None:
    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as caught:
            titles(client)
        return len(caught)

    make_record(town)
    titles(client)  # what is read once for a process
    few = queries()
    for _number in range(2):
        make_record(town)
    assert queries() == few
