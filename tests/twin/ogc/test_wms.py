"""WMS 1.3.0: pictures that lie right in each reference system, what lies at a point, legends, and what it refuses."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from lxml import etree
from PIL import Image
from pyproj import Transformer

from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.catalogue import SOUTH, WEST, arrival, deliver, make_dataset
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory, member
from tests.twin.ogc.conftest import Town
from twin.ogc.wms import painting

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
N = {"wms": "http://www.opengis.net/wms", "ogc": "http://www.opengis.net/ogc"}
NEAR = (WEST - 20, SOUTH - 20, WEST + 80, SOUTH + 30)  # 2 pixels of a metre at 200 by 100
SAID = {
    "service": "WMS",
    "version": "1.3.0",
    "request": "GetMap",
    "layers": "stadt.baeume",
    "styles": "",
    "crs": "EPSG:25833",
    "bbox": ",".join(map(str, NEAR)),
    "width": "200",
    "height": "100",
    "format": "image/png",
    "transparent": "TRUE",
}
Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


@pytest.fixture
def wms(client: Client) -> Ask:
    def _ask(*, status: int = 200, **said: str) -> Any:
        answer = client.get("/ogc/wms", {**SAID, **said})
        assert answer.status_code == status, answer.content[:500]
        return answer

    return _ask


def picture(answer: Any) -> Image.Image:
    assert answer["Content-Type"] == "image/png"
    return Image.open(io.BytesIO(answer.content)).convert("RGBA")


def drawn(image: Image.Image, x: int, y: int) -> bool:
    pixel: Any = image.getpixel((x, y))
    return bool(pixel[3])


def has_white(image: Image.Image) -> bool:
    """Edges of a pixel lie across pixels, so hardly one is quite white."""
    colours: Any = image.getcolors(10_000)
    return any(red > 150 and alpha > 100 for _count, (red, _green, _blue, alpha) in colours)


def is_empty(image: Image.Image) -> bool:
    return image.getchannel("A").getextrema() == (0, 0)


def refusal(answer: Any) -> tuple[str | None, str | None]:
    one = etree.fromstring(answer.content).find("ogc:ServiceException", N)
    assert one is not None and one.text
    return one.get("code"), one.get("locator")


# --- what there is


def test_capabilities_name_what_everybody_sees(wms: Ask, client: Client, town: Town) -> None:
    make_dataset(town.tenant, slug="intern", title="Vertraulich")
    root = etree.fromstring(wms(request="GetCapabilities").content)
    names = [one.text for one in root.iterfind(".//wms:Layer/wms:Name", N)]
    assert names == ["planzeichnung", "plaene", "stadt.baeume"]
    assert [one.text for one in root.iterfind("wms:Capability/wms:Layer/wms:CRS", N)] == ["CRS:84", "EPSG:25833", "EPSG:25832", "EPSG:4326", "EPSG:3857"]  # fmt: skip
    client.force_login(member(town.tenant, Role.PLANNER), backend=BACKEND)
    assert "Vertraulich" in wms(request="GetCapabilities").content.decode()


def test_internal_data_are_drawn_for_its_own_people_alone(wms: Ask, client: Client, town: Town) -> None:
    make_dataset(town.tenant, slug="intern")
    for said in ({}, {"request": "GetFeatureInfo", "query_layers": "stadt.intern", "i": "1", "j": "1"}, {"request": "GetLegendGraphic", "layer": "stadt.intern"}):  # fmt: skip
        assert refusal(wms(layers="stadt.intern", status=400, **said)) == ("LayerNotDefined", "layers")
    client.force_login(member(TenantFactory.create(), Role.PLANNER), backend=BACKEND)
    assert refusal(wms(layers="stadt.intern", status=400)) == ("LayerNotDefined", "layers")
    client.force_login(member(town.tenant, Role.PLANNER), backend=BACKEND)
    assert drawn(picture(wms(layers="stadt.intern")), 50, 50)


# --- pictures


def test_squares_lie_where_they_are(wms: Ask, town: Town) -> None:
    image = picture(wms())
    assert image.size == (200, 100)
    # square 0: from 20 to 30 metres east of the edge, from 20 to 30 metres above the lower one
    inside, beside = [(50, 50), (90, 50), (130, 50)], [(70, 50), (50, 30), (50, 70), (10, 10)]
    assert [drawn(image, *at) for at in inside] == [True] * 3
    assert [drawn(image, *at) for at in beside] == [False] * 4


@pytest.mark.parametrize(("crs", "srid"), [("EPSG:25832", 25832), ("EPSG:3857", 3857), ("CRS:84", 4326), ("EPSG:4326", 4326)])  # fmt: skip
def test_square_lies_right_in_each_reference_system(wms: Ask, town: Town, crs: str, srid: int) -> None:
    """The picture is 101 pixels around the middle of square 3, which is then its middle, and as wide as fits in."""
    to_system = Transformer.from_crs(25833, srid, always_xy=True)
    x, y = to_system.transform(WEST + 65, SOUTH + 5)
    half = abs(to_system.transform(WEST + 75, SOUTH + 5)[0] - x)  # ten metres
    box = (
        (y - half, x - half, y + half, x + half)
        if crs == "EPSG:4326"
        else (x - half, y - half, x + half, y + half)
    )
    image = picture(wms(crs=crs, bbox=",".join(map(repr, box)), width="101", height="101"))
    assert drawn(image, 50, 50)
    assert drawn(image, 30, 50) and not drawn(image, 15, 50)
    assert not drawn(image, 97, 50)


def test_ground_is_white_or_as_asked(wms: Ask, town: Town) -> None:
    assert picture(wms(transparent="FALSE")).getpixel((10, 10)) == (255, 255, 255, 255)
    assert picture(wms(transparent="", bgcolor="0xFF0080")).getpixel((10, 10)) == (255, 0, 128, 255)


def test_points_and_lines_are_drawn_by_the_style(wms: Ask, town: Town) -> None:
    shapes = (shapely.Point(WEST, SOUTH), shapely.LineString([(WEST + 20, SOUTH), (WEST + 60, SOUTH)]))
    deliver(town.trees, *(arrival(str(at), {"nummer": at}, shape) for at, shape in enumerate(shapes)))
    version = town.trees.datasetversions.get(number=2)
    with acting_for([town.tenant.pk], [town.tenant.pk]):
        version.geometry_type = "Geometry"
        version.save(update_fields=["geometry_type"])
    image = picture(wms())
    assert drawn(image, 40, 60) and drawn(image, 120, 60) and not drawn(image, 60, 60)
    with acting_for([town.tenant.pk], [town.tenant.pk]):
        town.trees.style = {"layers": [{"type": "circle", "paint": {"circle-color": "#ff0000", "circle-radius": 8}}, {"type": "line", "paint": {"line-color": ["get", "farbe"], "line-width": 4}}]}  # fmt: skip
        town.trees.save(update_fields=["style"])
    image = picture(wms())
    assert image.getpixel((40, 60)) == (255, 0, 0, 255)
    assert image.getpixel((120, 60)) == (0, 0, 0, 255)  # what depends on attributes is as if it weren't said


def test_many_points_are_drawn_without_their_edges(
    wms: Ask, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(town.trees, *(arrival(str(at), {"nummer": at}, shapely.Point(WEST + 20 * at, SOUTH)) for at in range(3)))  # fmt: skip
    version = town.trees.datasetversions.get(number=2)
    with acting_for([town.tenant.pk], [town.tenant.pk]):
        version.geometry_type = "Point"
        version.save(update_fields=["geometry_type"])
    with_edge = picture(wms())
    monkeypatch.setattr(painting, "_CROWDED", 2)
    without = picture(wms())
    for image in (with_edge, without):
        assert [image.getpixel((x, 60)) for x in (40, 80, 120)] == [(26, 75, 122, 255)] * 3
    assert has_white(with_edge) and not has_white(without)


def test_more_than_a_picture_holds_are_thinned(wms: Ask, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painting, "MOST", 3)
    assert drawn(picture(wms()), 50, 50)  # three large cells at most: the first square is one of them
    far = ",".join(map(str, (WEST - 5000, SOUTH - 5000, WEST + 5000, SOUTH + 5000)))
    assert not is_empty(picture(wms(bbox=far)))


@pytest.mark.parametrize(
    ("crs", "box"),
    [
        ("EPSG:3857", "-20037508,-20037508,20037508,20037508"),
        ("EPSG:4326", "-90,-180,90,180"),
        ("EPSG:25833", "-50000000,-50000000,50000000,50000000"),
        ("EPSG:25832", "3000000,3000000,3000001,3000001"),
    ],
)
@pytest.mark.parametrize("layer", ["stadt.baeume", "plaene", "planzeichnung"])
def test_far_away_is_a_picture_too(wms: Ask, town: Town, crs: str, box: str, layer: str) -> None:
    make_plan(town.tenant, public=True)
    assert picture(wms(crs=crs, bbox=box, layers=layer)).size == (200, 100)


def test_plans_are_drawn_with_their_area_and_from_near_with_planzeichen(wms: Ask, town: Town) -> None:
    make_plan(town.tenant, public=True, objects=1)
    near = ",".join(map(str, (WEST - 50, SOUTH - 50, WEST + 250, SOUTH + 100)))
    assert not is_empty(picture(wms(layers="plaene", bbox=near)))
    assert not is_empty(picture(wms(layers="planzeichnung", bbox=near)))
    far = ",".join(map(str, (WEST - 5000, SOUTH - 2500, WEST + 5000, SOUTH + 2500)))
    assert is_empty(picture(wms(layers="planzeichnung", bbox=far)))


def test_drafts_of_plans_are_drawn_for_their_own_people_alone(wms: Ask, client: Client, town: Town) -> None:
    make_plan(town.tenant, objects=1)
    for layer in ("plaene", "planzeichnung"):
        assert is_empty(picture(wms(layers=layer)))
    client.force_login(member(town.tenant, Role.PLANNER), backend=BACKEND)
    for layer in ("plaene", "planzeichnung"):
        assert not is_empty(picture(wms(layers=layer)))


# --- what lies at a point

AT = {"request": "GetFeatureInfo", "query_layers": "stadt.baeume", "i": "90", "j": "50"}


def test_what_lies_at_a_point_is_told(wms: Ask, town: Town) -> None:
    found = json.loads(wms(**AT, info_format="application/json").content)
    assert [one["properties"]["nummer"] for one in found["features"]] == [1]
    page = wms(**AT, info_format="text/html").content.decode()
    assert "Bäume 1" in page and "Bäume 2" not in page
    root = etree.fromstring(wms(**AT, info_format="application/gml+xml; version=3.2").content)
    assert [one.text for one in root.iterfind(".//{*}nummer")] == ["1"]
    beside = {**AT, "i": "10", "j": "10"}
    assert json.loads(wms(**beside, info_format="application/json").content)["features"] == []
    assert wms(**beside).content.decode().count("<table") == 0


def test_as_many_features_are_told_as_asked(wms: Ask, town: Town) -> None:
    far = ",".join(map(str, (WEST - 1000, SOUTH - 500, WEST + 1000, SOUTH + 500)))
    said = {**AT, "bbox": far, "i": "100", "j": "50", "info_format": "application/json"}
    assert len(json.loads(wms(**said).content)["features"]) == 1
    assert len(json.loads(wms(**said, feature_count="3").content)["features"]) == 3


def test_values_are_escaped(wms: Ask, town: Town) -> None:
    deliver(town.trees, arrival("1", {"name": "<script>alert(1)</script>", "nummer": 1}))
    said = {**AT, "i": "50"}
    assert "<script>" not in wms(**said).content.decode()
    assert etree.fromstring(wms(**said, info_format="text/xml").content).findtext(".//{*}name") == "<script>alert(1)</script>"  # fmt: skip


def test_legends_are_pictures(wms: Ask, town: Town) -> None:
    for layer in ("stadt.baeume", "plaene"):
        image = picture(wms(request="GetLegendGraphic", layer=layer))
        assert image.height == 22
        assert len(image.getcolors(10_000) or []) > 2
    assert picture(wms(request="GetLegendGraphic", layer="planzeichnung")).height > 1000


# --- what is refused


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"request": ""}, ("MissingParameterValue", "request")),
        ({"request": "GetStyles"}, ("OperationNotSupported", "GetStyles")),
        ({"service": "WFS"}, ("InvalidParameterValue", "service")),
        ({"version": "1.1.1"}, ("InvalidParameterValue", "version")),
        ({"layers": ""}, ("MissingParameterValue", "layers")),
        ({"layers": "gibtesnicht"}, ("LayerNotDefined", "layers")),
        ({"layers": ",".join(f"l{one}" for one in range(21))}, ("InvalidParameterValue", "layers")),
        ({"styles": "bunt"}, ("StyleNotDefined", "styles")),
        ({"crs": "EPSG:31468"}, ("InvalidCRS", "crs")),
        ({"crs": ""}, ("MissingParameterValue", "crs")),
        ({"format": "image/tiff"}, ("InvalidFormat", "format")),
        ({"width": "0"}, ("InvalidParameterValue", "width")),
        ({"width": "1e9"}, ("InvalidParameterValue", "width")),
        ({"width": "100000000000000000000"}, ("InvalidParameterValue", "width")),
        ({"width": "4096", "height": "4096"}, ("InvalidParameterValue", "width")),
        ({"bbox": "1,2,3"}, ("InvalidParameterValue", "bbox")),
        ({"bbox": "nan,0,1,1"}, ("InvalidParameterValue", "bbox")),
        ({"bbox": "2,2,1,3"}, ("InvalidParameterValue", "bbox")),
        ({"bgcolor": "rot", "transparent": "FALSE"}, ("InvalidParameterValue", "bgcolor")),
        ({**AT, "i": "200"}, ("InvalidPoint", "i")),
        ({**AT, "i": "-1"}, ("InvalidParameterValue", "i")),
        ({**AT, "info_format": "text/rtf"}, ("InvalidFormat", "info_format")),
        ({**AT, "query_layers": "planzeichnung"}, ("LayerNotQueryable", "query_layers")),
        ({"request": "GetLegendGraphic"}, ("MissingParameterValue", "layer")),
    ],
)
def test_request_that_cannot_be_answered_is_refused(
    wms: Ask, town: Town, said: dict[str, str], expected: tuple[str, str]
) -> None:
    answer = wms(status=400, **said)
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert refusal(answer) == expected


def test_too_many_requests_are_refused(wms: Ask, town: Town, settings: LazySettings) -> None:
    settings.OGC_PER_MINUTE = 1
    wms()
    assert wms(status=429)["Retry-After"] == "60"


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(("path", "name"), [("/ogc/wms", "stadt.baeume"), ("/ogc/wfs", "kz:stadt.baeume")])
def test_browser_gets_a_page_and_programs_what_they_ask_for(
    client: Client, town: Town, path: str, name: str
) -> None:
    make_dataset(town.tenant, public=False, features=1, slug="geheim")
    page = client.get(path, headers={"accept": BROWSER})
    text = page.content.decode()
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert f"<code>{name}</code>" in text
    assert f"http://testserver{path}" in text
    assert "geheim" not in text
    for accept in ("*/*", "application/xml", ""):
        assert client.get(path, headers={"accept": accept}).status_code == 400
    assert b"<html" not in client.get(f"{path}?request=GetCapabilities&service={path[5:].upper()}", headers={"accept": BROWSER}).content  # fmt: skip
