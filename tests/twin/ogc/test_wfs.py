"""WFS 2.0: what it says of itself, features as GML and GeoJSON, filters, pages, and what it refuses."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree
from pyproj import Transformer

from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.catalogue import SOUTH, WEST, arrival, deliver, make_dataset
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory, member
from tests.twin.ogc.conftest import Town

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
KZ = "http://testserver/ogc/wfs"
N = {
    "wfs": "http://www.opengis.net/wfs/2.0",
    "ows": "http://www.opengis.net/ows/1.1",
    "fes": "http://www.opengis.net/fes/2.0",
    "gml": "http://www.opengis.net/gml/3.2",
    "xsd": "http://www.w3.org/2001/XMLSchema",
    "kz": KZ,
}
ID = f"{{{N['gml']}}}id"
BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


@pytest.fixture
def wfs(client: Client) -> Ask:
    """Root of what is answered with `status` to a request by parameters."""

    def _ask(request: str, *, status: int = 200, **said: Any) -> Any:
        answer = client.get("/ogc/wfs", {"service": "WFS", "version": "2.0.0", "request": request, **said})
        assert answer.status_code == status, answer.content[:500]
        return etree.fromstring(answer.content)

    return _ask


@pytest.fixture
def post(client: Client) -> Ask:
    def _post(inside: str, *, operation: str = "GetFeature", status: int = 200, **said: str) -> Any:
        attributes = " ".join(f'{name}="{value}"' for name, value in said.items())
        spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in N.items())
        body = (
            f'<wfs:{operation} service="WFS" version="2.0.0" {spaces} {attributes}>{inside}</wfs:{operation}>'
        )
        answer = client.post("/ogc/wfs", body, content_type="text/xml")
        assert answer.status_code == status, answer.content[:500]
        return etree.fromstring(answer.content)

    return _post


def texts(root: Any, path: str) -> list[str]:
    return [one.text for one in root.findall(path, N)]


def numbers(root: Any) -> list[int]:
    """Attribute `nummer` of all features."""
    return [int(text) for text in texts(root, ".//kz:nummer")]


def refusal(root: Any) -> tuple[str, str | None]:
    one = root.find("ows:Exception", N)
    return one.get("exceptionCode"), one.get("locator")


def filtered(post: Ask, condition: str, **said: str) -> list[int]:
    query = f'<wfs:Query typeNames="kz:stadt.baeume"><fes:Filter>{condition}</fes:Filter></wfs:Query>'
    return numbers(post(query, **said))


def compared(operator: str, name: str, value: str, **said: str) -> str:
    attributes = " ".join(f'{key}="{text}"' for key, text in said.items())
    return (
        f"<fes:{operator} {attributes}><fes:ValueReference>{name}</fes:ValueReference>"
        f"<fes:Literal>{value}</fes:Literal></fes:{operator}>"
    )


# --- what there is


def test_capabilities_name_what_everybody_sees(wfs: Ask, town: Town) -> None:
    make_dataset(town.tenant, slug="intern", title="Vertraulich")
    root = wfs("GetCapabilities")
    assert texts(root, ".//wfs:FeatureType/wfs:Name") == ["kz:plaene", "kz:stadt.baeume"]
    assert "Vertraulich" not in etree.tostring(root, encoding="unicode")
    trees = root.findall(".//wfs:FeatureType", N)[1]
    assert texts(trees, "wfs:DefaultCRS") == ["urn:ogc:def:crs:EPSG::25833"]
    assert len(texts(trees, "wfs:OtherCRS")) == 4
    assert texts(trees, ".//ows:LowerCorner")[0].startswith("13.3")
    assert "/daten/" in trees.find("wfs:MetadataURL", N).get("{http://www.w3.org/1999/xlink}href")
    assert {one.get("name") for one in root.findall(".//ows:Operation", N)} == {
        "GetCapabilities",
        "DescribeFeatureType",
        "GetFeature",
        "GetPropertyValue",
        "ListStoredQueries",
        "DescribeStoredQueries",
    }


def test_internal_data_are_there_for_its_own_people_alone(client: Client, wfs: Ask, town: Town) -> None:
    make_dataset(town.tenant, slug="intern", title="Vertraulich")
    for request in ("GetFeature", "DescribeFeatureType"):
        inside = wfs(request, typeNames="kz:stadt.intern", status=400)
        nowhere = wfs(request, typeNames="kz:stadt.nirgends", status=400)
        assert refusal(inside) == refusal(nowhere) == ("InvalidParameterValue", "typeNames")
    assert refusal(wfs("GetFeature", storedQuery_Id=BY_ID, id="stadt.intern.1", status=404)) == (
        "NotFound",
        "id",
    )
    other = TenantFactory.create()
    client.force_login(member(other, Role.PLANNER), backend=BACKEND)
    assert refusal(wfs("GetFeature", typeNames="kz:stadt.intern", status=400))[1] == "typeNames"
    client.force_login(member(town.tenant, Role.PLANNER), backend=BACKEND)
    assert numbers(wfs("GetFeature", typeNames="kz:stadt.intern")) == [0, 1, 2]
    assert "kz:stadt.intern" in texts(wfs("GetCapabilities"), ".//wfs:FeatureType/wfs:Name")


def test_schema_names_attributes_with_their_types(wfs: Ask, town: Town) -> None:
    root = wfs("DescribeFeatureType", typeNames="kz:stadt.baeume")
    found = {one.get("name"): one.get("type") for one in root.findall(".//xsd:sequence/xsd:element", N)}
    assert found == {"name": "xsd:string", "nummer": "xsd:long", "geometry": "gml:SurfacePropertyType"}
    assert root.get("targetNamespace") == KZ
    every = wfs("DescribeFeatureType")
    assert [one.get("name") for one in every.findall("xsd:element", N)] == ["plaene", "stadt.baeume"]


def test_names_that_xml_cannot_hold_come_back(wfs: Ask, post: Ask, town: Town) -> None:
    values = {"Höhe (m)": 4.5, "1. Art": "Linde & Co <1>", "geometry": "Punkt", "_x0041_": "a\x07b"}
    deliver(town.trees, arrival("Straße 1/2", values))
    (tree,) = wfs("GetFeature", typeNames="stadt.baeume").findall(".//kz:stadt.baeume", N)
    assert tree.get(ID) == "stadt.baeume.Straße_x0020_1_x002F_2"
    found = {etree.QName(one).localname: one.text for one in tree}
    assert found == {
        "Höhe_x0020__x0028_m_x0029_": "4.5",
        "_x0031_._x0020_Art": "Linde & Co <1>",
        "_x0067_eometry": "Punkt",
        "_x005F_x0041_": "ab",
        "geometry": None,
    }
    again = wfs("GetFeature", storedQuery_Id=BY_ID, id=tree.get(ID))
    assert (etree.QName(again).localname, again.get(ID)) == ("stadt.baeume", tree.get(ID))
    condition = compared("PropertyIsGreaterThan", "kz:Höhe_x0020__x0028_m_x0029_", "4")
    query = f'<wfs:Query typeNames="kz:stadt.baeume"><fes:Filter>{condition}</fes:Filter></wfs:Query>'
    assert len(post(query).findall("wfs:member", N)) == 1


# --- features


def test_feature_lies_where_it_is_stored(wfs: Ask, town: Town) -> None:
    root = wfs("GetFeature", typeNames="kz:stadt.baeume", count="1")
    assert (root.get("numberMatched"), root.get("numberReturned")) == ("7", "1")
    shape = root.find(".//kz:geometry/gml:Polygon", N)
    assert shape.get("srsName") == "urn:ogc:def:crs:EPSG::25833"
    assert shape.get(ID) == "_g0.stadt.baeume.0"
    points = {tuple(pair) for pair in zip(*[iter(map(float, texts(shape, ".//gml:posList")[0].split()))] * 2, strict=True)}  # fmt: skip
    assert points == {(WEST, SOUTH), (WEST + 10, SOUTH), (WEST + 10, SOUTH + 10), (WEST, SOUTH + 10)}


@pytest.mark.parametrize(
    ("name", "told", "srid", "first"),
    [
        ("urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG::4326", 4326, "north"),
        ("EPSG:4326", "EPSG:4326", 4326, "east"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84", 4326, "east"),
        ("http://www.opengis.net/def/crs/EPSG/0/25832", "urn:ogc:def:crs:EPSG::25832", 25832, "east"),
        ("EPSG:3857", "urn:ogc:def:crs:EPSG::3857", 3857, "east"),
    ],
)
def test_other_reference_systems_have_their_own_order(
    wfs: Ask, town: Town, name: str, told: str, srid: int, first: str
) -> None:
    shape = wfs("GetFeature", typeNames="stadt.baeume", count="1", srsName=name).find(".//gml:Polygon", N)
    east, north = Transformer.from_crs(25833, srid, always_xy=True).transform(WEST + 10, SOUTH)
    expected = (north, east) if first == "north" else (east, north)
    assert shape.get("srsName") == told
    assert [float(text) for text in texts(shape, ".//gml:posList")[0].split()[:2]] == pytest.approx(expected, abs=1e-3)  # fmt: skip


def test_geojson_is_in_degrees_unless_asked_otherwise(client: Client, town: Town) -> None:
    said = {"service": "WFS", "request": "GetFeature", "typeNames": "kz:stadt.baeume", "outputFormat": "application/geo+json", "count": "2"}  # fmt: skip
    answer = client.get("/ogc/wfs", said)
    found = json.loads(answer.content)
    assert answer["Content-Type"] == "application/geo+json"
    assert (found["numberMatched"], [one["id"] for one in found["features"]]) == (7, ["0", "1"])
    assert 13 < found["features"][0]["geometry"]["coordinates"][0][0][0] < 14
    found = json.loads(client.get("/ogc/wfs", {**said, "srsName": "EPSG:25833"}).content)
    assert found["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::25833"
    assert found["features"][0]["geometry"]["coordinates"][0][0] == [WEST + 10, SOUTH]


def test_hits_count_and_give_nothing(wfs: Ask, post: Ask, town: Town) -> None:
    root = wfs("GetFeature", typeNames="stadt.baeume", resultType="hits")
    assert (root.get("numberMatched"), root.get("numberReturned"), len(root)) == ("7", "0", 0)
    query = f'<wfs:Query typeNames="kz:stadt.baeume"><fes:Filter>{compared("PropertyIsLessThan", "nummer", "3")}</fes:Filter></wfs:Query>'
    assert post(query, resultType="hits").get("numberMatched") == "3"


def test_pages_follow_each_other(wfs: Ask, town: Town) -> None:
    pages = [wfs("GetFeature", typeNames="stadt.baeume", count="3", startIndex=str(start)) for start in (0, 3, 6, 9)]  # fmt: skip
    assert [numbers(page) for page in pages] == [[0, 1, 2], [3, 4, 5], [6], []]
    assert "startIndex=3" in pages[0].get("next")
    assert "startIndex=3" in pages[2].get("previous")
    assert pages[2].get("next") is None
    assert {page.get("numberMatched") for page in pages} == {"7"}


def test_page_goes_on_from_the_one_before(wfs: Ask, town: Town) -> None:
    wfs("GetFeature", typeNames="stadt.baeume", count="3")
    with CaptureQueriesContext(connection) as known:
        assert numbers(wfs("GetFeature", typeNames="stadt.baeume", count="3", startIndex="3")) == [3, 4, 5]
    assert not [one for one in known if "OFFSET" in one["sql"]]
    deliver(
        town.trees, arrival("9", {"name": "neu", "nummer": 9})
    )  # another state: the old place says nothing
    assert numbers(wfs("GetFeature", typeNames="stadt.baeume", count="3", startIndex="3")) == []


def test_count_is_what_one_answer_may_hold(wfs: Ask, town: Town) -> None:
    assert len(numbers(wfs("GetFeature", typeNames="stadt.baeume", count="1000000000000"))) == 7


def test_properties_are_chosen(wfs: Ask, town: Town) -> None:
    (tree,) = wfs("GetFeature", typeNames="stadt.baeume", count="1", propertyName="kz:nummer").findall(".//kz:stadt.baeume", N)  # fmt: skip
    assert [etree.QName(one).localname for one in tree] == ["nummer"]
    said = {"typeNames": "stadt.baeume", "propertyName": "kz:alter"}
    assert refusal(wfs("GetFeature", status=400, **said)) == ("InvalidParameterValue", "propertyName")


def test_values_of_one_property(wfs: Ask, town: Town) -> None:
    root = wfs("GetPropertyValue", typeNames="stadt.baeume", valueReference="kz:nummer", count="2")
    assert etree.QName(root).localname == "ValueCollection"
    assert texts(root, "wfs:member/kz:nummer") == ["0", "1"]
    ids = wfs("GetPropertyValue", typeNames="stadt.baeume", valueReference="@gml:id", count="2")
    assert texts(ids, "wfs:member") == ["stadt.baeume.0", "stadt.baeume.1"]


def test_one_feature_by_its_id(wfs: Ask, post: Ask, town: Town) -> None:
    root = wfs("GetFeature", storedQuery_Id=BY_ID, id="stadt.baeume.5")
    assert (root.get(ID), numbers(root)) == ("stadt.baeume.5", [5])
    query = f'<wfs:StoredQuery id="{BY_ID}"><wfs:Parameter name="id">stadt.baeume.5</wfs:Parameter></wfs:StoredQuery>'
    assert numbers(post(query)) == [5]
    assert numbers(wfs("GetFeature", resourceId="stadt.baeume.2,stadt.baeume.4")) == [2, 4]
    for name in ("stadt.baeume.99", "stadt.nirgends.1"):
        assert refusal(wfs("GetFeature", storedQuery_Id=BY_ID, id=name, status=404)) == ("NotFound", "id")
    assert refusal(wfs("GetFeature", resourceId="unsinn", status=400)) == (
        "InvalidParameterValue",
        "resourceId",
    )
    queries = wfs("ListStoredQueries").findall("wfs:StoredQuery", N)
    assert [one.get("id") for one in queries] == [BY_ID]
    parameters = wfs("DescribeStoredQueries", storedQuery_Id=BY_ID).findall(".//wfs:Parameter", N)
    assert [one.get("name") for one in parameters] == ["id"]


def test_plans_with_their_area(wfs: Ask, client: Client, town: Town) -> None:
    plan = make_plan(town.tenant, public=True, name="Am Weinberg", valid_from="2024-05-01")
    make_plan(town.tenant, name="Entwurf")
    root = wfs("GetFeature", typeNames="plaene")
    assert texts(root, ".//kz:name") == ["Am Weinberg"]
    assert texts(root, ".//kz:in_kraft_ab") == ["2024-05-01"]
    (one,) = root.findall(".//kz:plaene", N)
    assert one.get(ID) == f"plaene.{plan.public_id}"
    assert len(one.findall(".//gml:MultiSurface//gml:Polygon", N)) == 1
    assert wfs("GetFeature", storedQuery_Id=BY_ID, id=one.get(ID)).get(ID) == one.get(ID)


# --- what is asked for


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (f"{WEST + 1},{SOUTH},{WEST + 25},{SOUTH + 5}", [0, 1]),
        (f"{WEST + 1},{SOUTH},{WEST + 25},{SOUTH + 5},urn:ogc:def:crs:EPSG::25833", [0, 1]),
        ("51.1,13.3,51.2,13.4,urn:ogc:def:crs:EPSG::4326", [0, 1, 2, 3, 4, 5, 6]),
        ("13.3,51.1,13.4,51.2,EPSG:4326", [0, 1, 2, 3, 4, 5, 6]),
        ("13.3,51.1,13.4,51.2,urn:ogc:def:crs:EPSG::4326", []),
    ],
)
def test_box_has_the_order_of_its_system(wfs: Ask, town: Town, box: str, expected: list[int]) -> None:
    assert numbers(wfs("GetFeature", typeNames="stadt.baeume", bbox=box)) == expected


POLYGON = f'<gml:Polygon srsName="EPSG:25833"><gml:exterior><gml:LinearRing><gml:posList>{WEST - 5} {SOUTH - 5} {WEST + 15} {SOUTH - 5} {WEST + 15} {SOUTH + 15} {WEST - 5} {SOUTH + 15} {WEST - 5} {SOUTH - 5}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>'
BOX = f'<gml:Envelope srsName="urn:ogc:def:crs:EPSG::25833"><gml:lowerCorner>{WEST} {SOUTH}</gml:lowerCorner><gml:upperCorner>{WEST + 25} {SOUTH + 5}</gml:upperCorner></gml:Envelope>'
PLACE = "<fes:ValueReference>kz:geometry</fes:ValueReference>"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (compared("PropertyIsEqualTo", "kz:nummer", "4"), [4]),
        (compared("PropertyIsNotEqualTo", "kz:nummer", "4"), [0, 1, 2, 3, 5, 6]),
        (compared("PropertyIsEqualTo", "kz:stadt.baeume/kz:nummer", "4.0"), [4]),
        (compared("PropertyIsLessThan", "nummer", "2"), [0, 1]),
        (compared("PropertyIsGreaterThanOrEqualTo", "nummer", "5"), [5, 6]),
        (compared("PropertyIsEqualTo", "name", "BÄUME 3"), []),
        (compared("PropertyIsEqualTo", "name", "BÄUME 3", matchCase="false"), [3]),
        (compared("PropertyIsLike", "name", "*me .", wildCard="*", singleChar=".", escapeChar="!"), [0, 1, 2, 3, 4, 5, 6]),
        (compared("PropertyIsLike", "name", "%3", wildCard="*", singleChar="?", escapeChar="!"), []),
        (compared("PropertyIsLike", "name", "*!3", wildCard="*", singleChar="?", escapeChar="!"), [3]),
        ("<fes:PropertyIsNull><fes:ValueReference>name</fes:ValueReference></fes:PropertyIsNull>", []),
        ("<fes:PropertyIsBetween><fes:ValueReference>nummer</fes:ValueReference><fes:LowerBoundary><fes:Literal>2</fes:Literal></fes:LowerBoundary><fes:UpperBoundary><fes:Literal>4</fes:Literal></fes:UpperBoundary></fes:PropertyIsBetween>", [2, 3, 4]),
        (f"<fes:Not>{compared('PropertyIsLessThan', 'nummer', '5')}</fes:Not>", [5, 6]),
        (f"<fes:Or>{compared('PropertyIsEqualTo', 'nummer', '0')}<fes:And>{compared('PropertyIsGreaterThan', 'nummer', '3')}{compared('PropertyIsLessThan', 'nummer', '5')}</fes:And></fes:Or>", [0, 4]),
        (f"<fes:BBOX>{PLACE}{BOX}</fes:BBOX>", [0, 1]),
        (f"<fes:BBOX>{BOX}</fes:BBOX>", [0, 1]),
        (f"<fes:Intersects>{PLACE}{POLYGON}</fes:Intersects>", [0]),
        (f"<fes:Within>{PLACE}{POLYGON}</fes:Within>", [0]),
        (f"<fes:Disjoint>{PLACE}{POLYGON}</fes:Disjoint>", [1, 2, 3, 4, 5, 6]),
        (f'<fes:And><fes:BBOX>{PLACE}{BOX}</fes:BBOX>{compared("PropertyIsEqualTo", "nummer", "1")}</fes:And>', [1]),
        ('<fes:ResourceId rid="stadt.baeume.3"/><fes:ResourceId rid="stadt.baeume.5"/><fes:ResourceId rid="andere.sache.1"/>', [3, 5]),
    ],
)  # fmt: skip
def test_filter_selects(post: Ask, town: Town, condition: str, expected: list[int]) -> None:
    assert filtered(post, condition) == expected


def test_filter_of_times(post: Ask, town: Town) -> None:
    days = ("2024-12-31", "2025-06-01", "2026-01-01")
    deliver(town.trees, *(arrival(str(at), {"nummer": at, "gepflanzt": day}) for at, day in enumerate(days)))
    version = town.trees.datasetversions.get(number=2)
    version.fields[1]["type"] = "date"

    with acting_for([town.tenant.pk], [town.tenant.pk]):
        version.save(update_fields=["fields"])
    period = "<gml:TimePeriod><gml:beginPosition>2025-01-01</gml:beginPosition><gml:endPosition>2025-12-31</gml:endPosition></gml:TimePeriod>"
    instant = "<gml:TimeInstant><gml:timePosition>2025-06-01</gml:timePosition></gml:TimeInstant>"
    name = "<fes:ValueReference>gepflanzt</fes:ValueReference>"
    assert filtered(post, f"<fes:During>{name}{period}</fes:During>") == [1]
    assert filtered(post, f"<fes:After>{name}{instant}</fes:After>") == [2]
    assert filtered(post, compared("PropertyIsLessThan", "gepflanzt", "2025-01-01")) == [0]


def test_filter_by_parameters(wfs: Ask, town: Town) -> None:
    text = f'<fes:Filter xmlns:fes="{N["fes"]}">{compared("PropertyIsEqualTo", "nummer", "4")}</fes:Filter>'
    assert numbers(wfs("GetFeature", typeNames="stadt.baeume", filter=text)) == [4]


# --- what is refused

DEEP = "<fes:Not>" * 100 + compared("PropertyIsEqualTo", "nummer", "4") + "</fes:Not>" * 100
MANY = "<fes:Or>" + compared("PropertyIsEqualTo", "nummer", "4") * 1000 + "</fes:Or>"


@pytest.mark.parametrize(
    "condition",
    [
        compared("PropertyIsEqualTo", "alter", "4"),
        compared("PropertyIsEqualTo", "nummer", "vier"),
        compared("PropertyIsEqualTo", "nummer", "1e999"),
        compared("PropertyIsLike", "nummer", "4*"),
        compared("PropertyIsEqualTo", "kz:geometry", "4"),
        "<fes:PropertyIsEqualTo/>",
        "<fes:Function/>",
        "<fes:And/>",
        "",
        f"<fes:Intersects>{PLACE}<gml:Kugel/></fes:Intersects>",
        f"<fes:Intersects>{PLACE}<gml:Point srsName='EPSG:31468'><gml:pos>1 2</gml:pos></gml:Point></fes:Intersects>",
        f"<fes:Intersects>{PLACE}<gml:Point><gml:pos>nan nan</gml:pos></gml:Point></fes:Intersects>",
        f"<fes:BBOX>{PLACE}</fes:BBOX>",
        "<fes:BBOX/>",
        "<fes:During><fes:ValueReference>nummer</fes:ValueReference><gml:TimePeriod/></fes:During>",
        f'<fes:ResourceId rid="stadt.baeume.3"/>{compared("PropertyIsEqualTo", "nummer", "4")}',
        DEEP,
        MANY,
    ],
)
def test_filter_that_cannot_be_read_is_refused(post: Ask, town: Town, condition: str) -> None:
    query = f'<wfs:Query typeNames="kz:stadt.baeume"><fes:Filter>{condition}</fes:Filter></wfs:Query>'
    assert refusal(post(query, status=400)) == ("OperationParsingFailed", "filter")


def test_refused_filter_names_its_element_and_what_there_is(post: Ask, town: Town) -> None:
    def told(condition: str) -> str:
        query = f'<wfs:Query typeNames="kz:stadt.baeume"><fes:Filter>\n{condition}</fes:Filter></wfs:Query>'
        return str(post(query, status=400).findtext("ows:Exception/ows:ExceptionText", namespaces=N))

    unknown = told("<fes:Not>\n" + compared("PropertyIsEqualTo", "alter", "4") + "</fes:Not>")
    assert unknown == "Die Eigenschaft „alter“ gibt es nicht. Es gibt: geometry, name, nummer. (Element PropertyIsEqualTo, Zeile 3)"  # fmt: skip
    assert told(compared("PropertyIsEqualTo", "nummer", "vier")).startswith("„vier“ ist keine Zahl.")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"request": ""}, ("MissingParameterValue", "request")),
        ({"request": "Transaction"}, ("OperationNotSupported", "Transaction")),
        ({"service": "WMS"}, ("InvalidParameterValue", "service")),
        ({"version": "1.1.0"}, ("InvalidParameterValue", "version")),
        ({"request": "GetCapabilities", "acceptVersions": "1.0.0"}, ("VersionNegotiationFailed", "acceptVersions")),
        ({"typeNames": ""}, ("MissingParameterValue", "typeNames")),
        ({"typeNames": "stadt.baeume,plaene"}, ("OptionNotSupported", "typeNames")),
        ({"typeNames": "stadt.b\0"}, ("InvalidParameterValue", "typeNames")),
        ({"count": "-1"}, ("InvalidParameterValue", "count")),
        ({"startIndex": "eins"}, ("InvalidParameterValue", "startIndex")),
        ({"resultType": "alles"}, ("InvalidParameterValue", "resultType")),
        ({"srsName": "EPSG:31468"}, ("InvalidParameterValue", "srsName")),
        ({"outputFormat": "shape-zip"}, ("InvalidParameterValue", "outputFormat")),
        ({"bbox": "1,2,3"}, ("InvalidParameterValue", "bbox")),
        ({"bbox": "nan,nan,nan,nan"}, ("InvalidParameterValue", "bbox")),
        ({"bbox": "1,2,3,4,EPSG:31468"}, ("InvalidParameterValue", "bbox")),
        ({"sortBy": "nummer"}, ("OptionNotSupported", "sortBy")),
        ({"storedQuery_Id": "urn:fremd"}, ("InvalidParameterValue", "storedQuery_Id")),
        ({"storedQuery_Id": BY_ID}, ("MissingParameterValue", "id")),
        ({"request": "GetPropertyValue"}, ("MissingParameterValue", "valueReference")),
        ({"request": "GetPropertyValue", "valueReference": "alter"}, ("InvalidParameterValue", "valueReference")),
        ({"filter": "<fes:Filter"}, ("OperationParsingFailed", "filter")),
    ],
)  # fmt: skip
def test_request_that_cannot_be_answered_is_refused(
    client: Client, town: Town, said: dict[str, str], expected: tuple[str, str]
) -> None:
    usual = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": "stadt.baeume"}
    answer = client.get("/ogc/wfs", {**usual, **said})
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/xml")
    assert refusal(etree.fromstring(answer.content)) == expected


BOMB = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0">&b;</wfs:GetFeature>'
FILE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><a>&a;</a>'


@pytest.mark.parametrize("body", [BOMB, FILE, "", "kein XML", "<a>" * 5000, '{"request": "GetFeature"}'])
def test_hostile_document_is_refused(client: Client, town: Town, body: str) -> None:
    answer = client.post("/ogc/wfs", body, content_type="text/xml")
    assert answer.status_code == 400
    assert refusal(etree.fromstring(answer.content)) == ("OperationParsingFailed", "request")


def test_large_document_is_refused_unread(client: Client, town: Town) -> None:
    answer = client.post("/ogc/wfs", "<a/>" + " " * 200_000, content_type="text/xml")
    assert refusal(etree.fromstring(answer.content)) == ("InvalidParameterValue", "request")


def test_two_questions_at_once_are_refused(post: Ask, town: Town) -> None:
    query = '<wfs:Query typeNames="kz:stadt.baeume"/>'
    assert refusal(post(query * 2, status=400)) == ("OptionNotSupported", "Query")


def test_too_many_requests_are_refused(client: Client, town: Town, settings: LazySettings) -> None:
    settings.OGC_PER_MINUTE = 1
    said = {"service": "WFS", "request": "GetCapabilities"}
    assert client.get("/ogc/wfs", said).status_code == 200
    answer = client.get("/ogc/wfs", said)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert refusal(etree.fromstring(answer.content)) == ("NoApplicableCode", None)


def test_answer_is_kept_while_nothing_changes(client: Client, town: Town) -> None:
    said = {"service": "WFS", "request": "GetFeature", "typeNames": "stadt.baeume"}
    answer = client.get("/ogc/wfs", said)
    assert answer["Cache-Control"] == "public, max-age=60"
    assert client.get("/ogc/wfs", said, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    deliver(town.trees, arrival("9", {"name": "neu", "nummer": 9}))
    assert client.get("/ogc/wfs", said, headers={"If-None-Match": answer["ETag"]}).status_code == 200
