"""OGC API Records: the catalogue as a collection, its searches, its pages, and whose records are in it."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenants.models import HostName, Tenant
from tenants.roles import Role
from tests.factories.catalogue import make_dataset
from tests.factories.records import BARE, make_record
from tests.factories.tenants import TenantFactory, county, member
from tests.twin.ogc.conftest import Ask, keys
from twin.catalogue.models import Record
from twin.ogc.collections import Mark
from twin.ogc.tokens import written

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ITEMS = "/ogc/collections/katalog/items"


@pytest.fixture
def town(db: None) -> Tenant:
    cache.clear()
    county()
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    make_record(found, "Baumkataster", time_start=date(2020, 1, 1), time_end=date(2020, 12, 31))
    make_record(found, "Radverkehr", description="", keywords=["Rad"], extent=None, time_start=date(2024, 1, 1), time_end=None)  # fmt: skip
    make_record(found, "Stadtplan", **{**BARE, "kind": "service", "identifier": "urn:plan:7"})
    make_record(found, "Geheim", public=False)
    make_record(found, "Fort", is_gone=True)
    return found


def titles(answer: Any) -> list[str]:
    return [one["properties"]["title"] for one in answer["features"]]


def test_catalogue_is_a_collection_of_records(ask: Ask, town: Tenant) -> None:
    (found,) = [one for one in ask("/ogc/collections")["collections"] if one["id"] == "katalog"]
    assert found["itemType"] == "record"
    assert ask("/ogc/collections/katalog")["title"] == found["title"]
    classes = ask("/ogc/conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/searchable-catalog" in classes


def test_public_records_are_listed(ask: Ask, town: Tenant) -> None:
    answer = ask(ITEMS)
    assert titles(answer) == ["Baumkataster", "Radverkehr", "Stadtplan"]
    assert (answer["numberMatched"], answer["numberReturned"]) == (3, 3)
    tree = answer["features"][0]
    assert tree["time"] == {"interval": ["2020-01-01", "2020-12-31"]}
    assert tree["geometry"]["type"] == "Polygon"
    assert tree["properties"]["type"] == "dataset"
    assert answer["features"][1]["geometry"] is None


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"q": "baumkataster"}, ["Baumkataster"]),
        ({"q": "baum,rad"}, ["Baumkataster", "Radverkehr"]),
        ({"q": "geheim"}, []),
        ({"type": "service"}, ["Stadtplan"]),
        ({"type": "service,dataset"}, ["Baumkataster", "Radverkehr", "Stadtplan"]),
        ({"externalIds": "urn:plan:7"}, ["Stadtplan"]),
        ({"ids": "unsinn"}, []),
        ({"bbox": "13,51,14,52"}, ["Baumkataster"]),
        ({"bbox": "1,51,2,52"}, []),
        ({"bbox": "170,51,-170,52"}, []),
        ({"datetime": "2020-06-01"}, ["Baumkataster"]),
        ({"datetime": "2021-01-01/.."}, ["Radverkehr"]),
        ({"datetime": "../2023-01-01"}, ["Baumkataster"]),
        ({"type": "dataset", "q": "rad"}, ["Radverkehr"]),
    ],
)
def test_records_are_searched(ask: Ask, town: Tenant, asked: dict[str, str], expected: list[str]) -> None:
    answer = ask(ITEMS, **asked)
    assert (titles(answer), answer["numberMatched"]) == (expected, len(expected))


def test_pages_follow_each_other(ask: Ask, client: Client, town: Tenant) -> None:
    seen, address, number = [], f"{ITEMS}?limit=2", 0
    while address and number < 5:
        answer = client.get(address).json()
        seen.append(titles(answer))
        following = [one["href"] for one in answer["links"] if one["rel"] == "next"]
        address, number = (following[0] if following else ""), number + 1
    assert seen == [["Baumkataster", "Radverkehr"], ["Stadtplan"]]


def test_one_record_by_its_id(ask: Ask, client: Client, town: Tenant) -> None:
    tree = Record.objects.get(title="Baumkataster")
    answer = ask(f"{ITEMS}/{tree.public_id}")
    assert (answer["id"], answer["properties"]["title"]) == (str(tree.public_id), "Baumkataster")
    assert keys(ask(ITEMS, ids=str(tree.public_id))) == [str(tree.public_id)]
    links = {one["rel"]: one["href"] for one in answer["links"]}
    assert client.get(links["canonical"]).status_code == 200
    assert {"self", "collection", "describedby"} <= links.keys()
    page = client.get(f"{ITEMS}/{tree.public_id}", {"f": "html"}).content.decode()
    assert "Baumkataster" in page


def test_internal_records_are_there_for_their_own_people_alone(ask: Ask, client: Client, town: Tenant) -> None:  # fmt: skip
    other = member(TenantFactory.create(), Role.PLANNER)
    own = member(town, Role.PLANNER)
    client.force_login(own, backend=BACKEND)
    assert "Geheim" in titles(ask(ITEMS))
    (inside,) = [one["id"] for one in ask(ITEMS)["features"] if one["properties"]["title"] == "Geheim"]
    for person in (other, None):
        client.logout()
        if person:
            client.force_login(person, backend=BACKEND)
        assert "Geheim" not in titles(ask(ITEMS))
        ask(f"{ITEMS}/{inside}", status=404)
        assert keys(ask(ITEMS, ids=inside)) == []
        assert "Geheim" not in client.get(ITEMS, {"f": "html"}).content.decode()


def test_host_of_a_town_lists_its_own(ask: Ask, town: Tenant) -> None:
    other = TenantFactory.create(slug="andere")
    make_record(other, "Wege")
    HostName.objects.create(tenant=other, host="testserver")
    assert titles(ask(ITEMS)) == ["Wege"]


@pytest.mark.parametrize(
    "asked",
    [{"type": "unsinn"}, {"bbox": "1,2,3"}, {"datetime": "gestern"}, {"limit": "0"}, {"after": "x"}, {"ids": "1," * 101}, {"q": ""}, {"type": ","}, {"sortby": "title"}],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(ask: Ask, town: Tenant, asked: dict[str, str]) -> None:
    answer = ask(ITEMS, status=400, **asked)
    assert next(iter(asked)) in answer["detail"]


def test_pages_for_people(client: Client, town: Tenant) -> None:
    for path in ("/ogc/collections/katalog", ITEMS):
        answer = client.get(path, {"f": "html"})
        assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, "text/html")
    assert "Baumkataster" in answer.content.decode()


def test_more_records_cost_no_more_queries(ask: Ask, town: Tenant) -> None:
    ask(ITEMS)
    with CaptureQueriesContext(connection) as few:
        ask(ITEMS, type="dataset")
    make_record(town, "Noch eines")
    make_record(town, "Und noch eines")
    with CaptureQueriesContext(connection) as many:
        ask(ITEMS, type="dataset")
    assert len(many) == len(few)


def walked(client: Client, address: str) -> list[list[str]]:
    """Ids of the collections on each page."""
    seen: list[list[str]] = []
    while address:
        assert len(seen) < 9, "it goes round in circles"
        answer = client.get(address).json()
        seen.append([one["id"] for one in answer["collections"]])
        address = next((one["href"] for one in answer["links"] if one["rel"] == "next"), "")
    return seen


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 6, 1000])
def test_collections_come_in_pages(client: Client, town: Tenant, limit: int) -> None:
    for slug, title in (("z", "Alt"), ("y", "Alt"), ("x", "Neu")):
        make_dataset(town, public=True, slug=slug, title=title)
    every = ["katalog", "plaene", "meissen.z", "meissen.y", "meissen.x"]
    pages = walked(client, f"/ogc/collections?limit={limit}")
    assert pages == [every[at : at + limit] for at in range(0, 5, limit)]


def test_pages_of_collections_for_people_lead_on(client: Client, town: Tenant) -> None:
    make_dataset(town, public=True, slug="z", title="Alleebäume")
    page = client.get("/ogc/collections", {"f": "html", "limit": "2"}).content.decode()
    assert "/ogc/collections/katalog" in page and "Alleebäume" not in page
    (address,) = re.findall(r'rel="next" href="([^"]+)"', page)
    assert "Alleebäume" in client.get(unescape(address)).content.decode()


@pytest.mark.parametrize("after", ["x", Mark(0, "\0", 1).token(), Mark(-1).token(), written([1, 2]), written(["a", "b", "c"])])  # fmt: skip
def test_mark_of_collections_that_is_not_ours_is_refused(ask: Ask, town: Tenant, after: str) -> None:
    assert "after" in ask("/ogc/collections", status=400, after=after)["detail"]
