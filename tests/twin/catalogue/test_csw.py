"""CSW 2.0.2: what OWSLib finds with it, what it refuses, and that it shows nobody's internal records."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import etree
from owslib.csw import CatalogueServiceWeb
from owslib.fes import (  # fmt: skip
    And,
    BBox,
    Not,
    Or,
    PropertyIsEqualTo,
    PropertyIsGreaterThan,
    PropertyIsLike,
    PropertyIsNull,
    SortBy,
    SortProperty,
)
from pytest_django.live_server_helper import LiveServer

from tenants.models import Tenant
from tests.factories.records import BARE, make_record
from tests.factories.tenants import TenantFactory, county
from twin.catalogue.csw import conditions
from twin.catalogue.csw.conditions import Compared, Empty, Joined, Within
from twin.catalogue.csw.refusals import Refusal

CSW, GMD = "http://www.opengis.net/cat/csw/2.0.2", "http://www.isotc211.org/2005/gmd"
OWS = "{http://www.opengis.net/ows}"


@pytest.fixture
def town(db: None) -> Tenant:
    county()
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    make_record(found, "Baumkataster")
    make_record(found, "Radverkehr", keywords=["Rad"], themes=["TRAN"], publisher="Bauamt", modified=None, extent=None, description="")  # fmt: skip
    make_record(found, "Stadtplan 100 %", **{**BARE, "kind": "service", "service": {"type": "WMS", "url": "https://example.org/wms"}})  # fmt: skip
    make_record(found, "Geheim", public=False)
    make_record(found, "Fort", is_gone=True)
    return found


def ask(client: Client, **said: Any) -> Any:
    answer = client.get(reverse("csw"), {"service": "CSW", "version": "2.0.2", **said})
    return answer, etree.fromstring(answer.content)


def titles(client: Client, constraint: str, **said: Any) -> list[str]:
    _answer, root = ask(client, request="GetRecords", resultType="results", constraint=constraint, constraintLanguage="CQL_TEXT", sortBy="dc:title:A", **said)  # fmt: skip
    return [one.text for one in root.iter("{http://purl.org/dc/elements/1.1/}title")]


# --- a real client


@pytest.fixture
def catalogue(
    live_server: LiveServer, transactional_db: None, settings: LazySettings
) -> Iterator[CatalogueServiceWeb]:
    settings.BASE_URL = live_server.url  # OWSLib asks where the capabilities say
    county()
    town = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    make_record(town, "Baumkataster")
    make_record(town, "Radverkehr", keywords=["Rad"], publisher="Bauamt", modified=None, extent=None)
    make_record(town, "Geheim", public=False)
    yield CatalogueServiceWeb(f"{live_server.url}{reverse('csw')}")


FILTERS: list[tuple[Any, list[str]]] = [
    (None, ["Baumkataster", "Radverkehr"]),
    (PropertyIsEqualTo("dc:title", "Baumkataster"), ["Baumkataster"]),
    (PropertyIsLike("csw:AnyText", "%kataster%"), ["Baumkataster"]),
    (PropertyIsLike("dc:title", "Rad%"), ["Radverkehr"]),
    (PropertyIsGreaterThan("dct:modified", "2026-01-01"), ["Baumkataster"]),
    (PropertyIsNull("dct:modified"), ["Radverkehr"]),
    (BBox([13.3, 51.1, 13.5, 51.2]), ["Baumkataster"]),
    (And([PropertyIsEqualTo("dc:subject", "Baum"), PropertyIsEqualTo("dc:publisher", "Bauamt")]), []),
    (Or([PropertyIsEqualTo("dc:subject", "Baum"), PropertyIsEqualTo("dc:publisher", "Bauamt")]), ["Baumkataster", "Radverkehr"]),
    (Not([PropertyIsEqualTo("dc:subject", "Baum")]), ["Radverkehr"]),
]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_owslib_searches_by_filter(catalogue: CatalogueServiceWeb) -> None:
    for constraint, found in FILTERS:
        catalogue.getrecords2(constraints=[constraint] if constraint else [], esn="full", maxrecords=10, sortby=SortBy([SortProperty("dc:title")]))  # fmt: skip
        assert [record.title for record in catalogue.records.values()] == found
        assert catalogue.results["matches"] == len(found)


@pytest.mark.django_db(transaction=True)
def test_owslib_reads_capabilities_pages_and_single_records(catalogue: CatalogueServiceWeb) -> None:
    assert {operation.name for operation in catalogue.operations} >= {"GetCapabilities", "DescribeRecord", "GetRecords", "GetRecordById"}  # fmt: skip
    catalogue.describerecord()
    catalogue.getrecords2(maxrecords=1, sortby=SortBy([SortProperty("dc:title", "DESC")]))
    (key,) = catalogue.records
    assert (catalogue.records[key].title, catalogue.results["nextrecord"]) == ("Radverkehr", 2)
    catalogue.getrecords2(startposition=2, maxrecords=1, sortby=SortBy([SortProperty("dc:title", "DESC")]))
    (key,) = catalogue.records
    assert (catalogue.records[key].title, catalogue.results["nextrecord"]) == ("Baumkataster", 0)
    catalogue.getrecordbyid(id=[key], outputschema=GMD)
    assert catalogue.records[key].identification[0].title == "Baumkataster"
    catalogue.getrecords2(cql="dc:title like '%kataster'")
    assert [record.title for record in catalogue.records.values()] == ["Baumkataster"]


# --- by hand


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "found"),
    [
        ("dc:title = 'Baumkataster'", ["Baumkataster"]),
        ("AnyText like '%Rad%' or dc:type = 'service'", ["Radverkehr", "Stadtplan 100 %"]),
        ("not (dc:title like 'Baum%' or title like 'rad%')", ["Stadtplan 100 %"]),
        ("dct:modified between '2026-03-02' and '2026-03-02'", ["Baumkataster"]),
        ("dct:modified = '2026-03-02'", ["Baumkataster"]),
        ("dct:modified < 2026-03-02", []),
        ("dct:modified is not null and publisher <> 'x'", ["Baumkataster"]),
        ("dct:abstract is null", ["Radverkehr", "Stadtplan 100 %"]),
        ("BBOX(ows:BoundingBox, 13.3, 51.1, 13.5, 51.2)", ["Baumkataster"]),
        ("BBOX(ows:BoundingBox, 51.1, 13.3, 51.2, 13.5, 'urn:ogc:def:crs:EPSG::4326')", ["Baumkataster"]),
        ("BBOX(ows:BoundingBox, 385000, 5668000, 385010, 5668010, 'EPSG:25833')", ["Baumkataster"]),
        ("BBOX(ows:BoundingBox, -180, -90, 180, 90)", ["Baumkataster"]),
        ("BBOX(ows:BoundingBox, 100, 0, 110, 10)", []),
        ("dc:format = 'CSV'", ["Baumkataster", "Radverkehr"]),
        ("dc:identifier = 'nobody'", []),
        ("dc:title like '%100 _%'", ["Stadtplan 100 %"]),
        ("dc:title = 'x'' OR 1=1 --'", []),
        ("dc:title = 'Geheim'", []),
        ("dc:title = 'Fort'", []),
    ],
)
def test_cql_finds(client: Client, town: Tenant, constraint: str, found: list[str]) -> None:
    assert titles(client, constraint) == found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "code", "locator"),
    [
        ({}, "MissingParameterValue", "request"),
        ({"request": "Drop"}, "OperationNotSupported", "request"),
        ({"request": "GetRecords", "version": "3.0.0"}, "InvalidParameterValue", "version"),
        ({"request": "GetRecords", "service": "WMS"}, "InvalidParameterValue", "service"),
        ({"request": "GetRecords", "outputSchema": "x"}, "InvalidParameterValue", "outputSchema"),
        ({"request": "GetRecords", "elementSetName": "all"}, "InvalidParameterValue", "elementSetName"),
        ({"request": "GetRecords", "maxRecords": "-1"}, "InvalidParameterValue", "maxRecords"),
        ({"request": "GetRecords", "startPosition": "9" * 30}, "InvalidParameterValue", "startPosition"),
        ({"request": "GetRecords", "sortBy": "password"}, "InvalidParameterValue", "sortBy"),
        ({"request": "GetRecords", "constraint": "secret = '1'"}, "InvalidParameterValue", "constraint"),
        ({"request": "GetRecords", "constraint": "title = "}, "InvalidParameterValue", "constraint"),
        ({"request": "GetRecords", "constraint": "title ; 'x'"}, "InvalidParameterValue", "constraint"),
        ({"request": "GetRecords", "constraint": "modified > 'soon'"}, "InvalidParameterValue", "constraint"),
        ({"request": "GetRecords", "constraint": "modified > '2026-99-99'"}, "InvalidParameterValue", "constraint"),
        ({"request": "GetRecords", "constraint": "title > 'a'"}, "InvalidParameterValue", "constraint"),
        ({"request": "GetRecords", "constraint": "BBOX(a, 1, 2, 3)"}, "InvalidParameterValue", "constraint"),
        ({"request": "GetRecords", "constraint": "BBOX(a, 1, 2, 3, 4, 'EPSG:999999')"}, "InvalidParameterValue", "constraint"),
        ({"request": "GetRecords", "constraint": "(" * 500 + "title = 'a'" + ")" * 500}, "InvalidParameterValue", "constraint"),
        ({"request": "GetRecords", "constraint": " or ".join(["title = 'a'"] * 999)}, "InvalidParameterValue", "constraint"),
        ({"request": "GetRecords", "constraint": "<a>", "constraintLanguage": "FILTER"}, "InvalidParameterValue", "constraint"),
        ({"request": "GetRecords", "constraint": "a", "constraintLanguage": "SQL"}, "InvalidParameterValue", "constraintLanguage"),
        ({"request": "GetRecordById"}, "MissingParameterValue", "id"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_told(
    client: Client, town: Tenant, said: dict[str, str], code: str, locator: str
) -> None:
    answer, root = ask(client, **said)
    (exception,) = root.iter(f"{OWS}Exception")
    assert answer.status_code == 400
    assert (exception.get("exceptionCode"), exception.get("locator")) == (code, locator)


BOMB = '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">]><GetRecords>&z;</GetRecords>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><GetRecords>&x;</GetRecords>'
DEEP = "<GetRecords><Query><Constraint><Filter>" + "<Not>" * 40 + "<PropertyIsNull><PropertyName>title</PropertyName></PropertyIsNull>" + "</Not>" * 40 + "</Filter></Constraint></Query></GetRecords>"  # fmt: skip
MANY = "<GetRecords><Query><Constraint><Filter><Or>" + "<PropertyIsNull><PropertyName>title</PropertyName></PropertyIsNull>" * 900 + "</Or></Filter></Constraint></Query></GetRecords>"  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("body", [BOMB, OUTSIDE, DEEP, MANY, "", "<", "{}", "<GetRecords>" + "x" * 200_000 + "</GetRecords>", "<GetRecords><Query><Constraint><Filter><Intersects/></Filter></Constraint></Query></GetRecords>"])  # fmt: skip
def test_hostile_posts_are_refused(client: Client, town: Tenant, body: str) -> None:
    answer = client.post(reverse("csw"), body, content_type="application/xml")
    assert answer.status_code == 400
    (exception,) = etree.fromstring(answer.content).iter(f"{OWS}Exception")
    assert "passwd" not in answer.content.decode()
    assert "root:" not in answer.content.decode()
    assert exception.get("exceptionCode") in {"NoApplicableCode", "InvalidParameterValue"}


@pytest.mark.django_db
def test_internal_records_are_in_no_answer(client: Client, town: Tenant) -> None:
    hidden = make_record(town, "Verschlusssache", public=False)
    for said in (
        {"request": "GetRecords", "resultType": "results", "maxRecords": "100", "elementSetName": "full"},
        {"request": "GetRecords", "resultType": "results", "outputSchema": GMD},
        {"request": "GetRecordById", "id": str(hidden.public_id)},
        {"request": "GetRecordById", "id": f"x,{hidden.public_id}", "outputSchema": GMD},
    ):
        answer, _root = ask(client, **said)
        assert answer.status_code == 200
        assert "Verschlusssache" not in answer.content.decode()
    assert client.get(reverse("catalogue:record_iso", args=[hidden.public_id])).status_code == 404


@pytest.mark.django_db
def test_answer_costs_the_same_queries_with_one_record_and_with_more(client: Client, town: Tenant) -> None:
    def queries(most: int) -> int:
        with CaptureQueriesContext(connection) as caught:
            ask(client, request="GetRecords", resultType="results", maxRecords=str(most), outputSchema=GMD)
        return len(caught)

    queries(1)
    assert queries(1) == queries(3)


# --- conditions


def test_cql_is_read_with_its_precedence() -> None:
    a, b, c = (Compared(name, "=", "1") for name in "abc")
    assert conditions.from_cql("a = 1 or b = '1' and not c = 1") == Joined("or", (a, Joined("and", (b, Joined("not", (c,))))))  # fmt: skip
    assert conditions.from_cql("NOT a IS NULL") == Joined("not", (Empty("a"),))
    assert conditions.from_cql("a not like 'x%'") == Joined("not", (Compared("a", "like", "x*"),))
    assert conditions.from_cql("bbox(x, -1, 2.5, 3, 4)") == Within((-1.0, 2.5, 3.0, 4.0))
    assert conditions.from_cql("a = 'it''s'") == Compared("a", "=", "it's")


@pytest.mark.parametrize(
    "text", ["a", "a =", "= 1", "a = 1 b", "a = 'x", "a and b", "not", "()", "a in (1)", "a = 1 or"]
)
def test_cql_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        conditions.from_cql(text)


def test_wild_cards_of_a_filter_are_its_own() -> None:
    text = '<Filter><PropertyIsLike wildCard="%" singleChar="_" escapeChar="!"><PropertyName>a</PropertyName><Literal>%x_!%</Literal></PropertyIsLike></Filter>'
    assert conditions.from_filter(etree.fromstring(text)) == Compared("a", "like", "*x?%")


def test_browser_gets_a_page_and_programs_the_refusal(client: Client, town: Tenant) -> None:
    page = client.get(
        "/csw", headers={"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    )
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "http://testserver/csw" in page.content.decode()
    for accept in ("*/*", "application/xml", ""):
        assert client.get("/csw", headers={"accept": accept}).status_code == 400
