"""Tiles and features of harvested services, passed on by us; what of a service that is broken, gone stale or unfit."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenants.models import Tenant
from tenants.scope import acting_for
from tests.factories import capabilities as samples
from tests.factories.services import Reply, Service, collection, feature, square
from tests.factories.sources import make_read, picture, records_of
from tests.factories.tenants import county
from tests.twin.viewer.test_viewer import MAP, shown
from twin.catalogue.models import Record, Source
from twin.viewer import features

pytestmark = pytest.mark.django_db
BOX = "384000,5667000,386000,5669000"
HTML = Reply(
    b"<!doctype html><html><body><p>Wartung<br></body></html>", headers={"Content-Type": "text/html"}
)


def of(tenant: Tenant, body: bytes, url: str, **fields: Any) -> Record:
    """The one layer of a public source."""
    (record,) = records_of(make_read(tenant, body, url=url, is_public=True, title="Dienst", **fields), parent__isnull=False).values()  # fmt: skip
    return record


def wmts(tenant: Tenant, service: Service, **options: Any) -> Record:
    return of(tenant, samples.wmts(**options), f"{service.url}/wmts")


def wfs(tenant: Tenant, service: Service, **options: Any) -> Record:
    version = options.pop("version", "2.0.0")
    return of(tenant, samples.wfs(samples.wfs_type("app:baum", "Bäume", **options), version=version), f"{service.url}/wfs")  # fmt: skip


def oaf(tenant: Tenant, service: Service, *, crs: list[str] | None = None) -> Record:
    document = samples.collections("baeume")
    if crs is not None:
        document["collections"][0]["crs"] = crs
    return of(tenant, json.dumps(document).encode(), f"{service.url}/collections")


def tile(client: Client, record: Record, *place: int) -> Any:
    return client.get(reverse("viewer:tile", args=[record.public_id, *place]))


def asked(client: Client, record: Record, **query: str) -> Any:
    return client.get(reverse("viewer:features", args=[record.public_id]), {"bbox": BOX, **query})


# --- tiles


def test_tile_is_fetched_by_the_service_s_own_pattern(client: Client, tenant: Tenant, service: Service) -> None:  # fmt: skip
    record = wmts(tenant, service, template=f"{service.url}/{{Style}}/{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}")  # fmt: skip
    service.answers["/normal/utm33/nah/7/3"] = picture("red")
    answer = tile(client, record, 1, 7, 3)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("template", ["", "https://kacheln.example/{Time}/{TileMatrix}/{TileRow}/{TileCol}"])
def test_tile_is_fetched_by_parameters_where_no_pattern_fits(client: Client, tenant: Tenant, service: Service, template: str) -> None:  # fmt: skip
    record = wmts(tenant, service, template=template)
    service.answers["/wmts"] = picture("red")
    assert tile(client, record, 0, 2, 1).status_code == 200
    ((_path, said),) = service.asked
    assert said == {
        "SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "LAYER": "dop", "STYLE": "normal", "TILEMATRIXSET": "utm33",
        "TILEMATRIX": "fern", "TILEROW": "2", "TILECOL": "1", "FORMAT": "image/jpeg",
    }  # fmt: skip


@pytest.mark.parametrize("place", [(2, 0, 0), (0, 10, 0), (0, 0, 10), (99999, 0, 0)])
def test_tile_outside_of_the_grid_is_refused_and_nobody_asked(client: Client, tenant: Tenant, service: Service, place: tuple[int, ...]) -> None:  # fmt: skip
    record = wmts(tenant, service)
    assert tile(client, record, *place).status_code == 400
    assert service.asked == []


@pytest.mark.parametrize("reply", [HTML, b"", None, Reply(picture("red"), status=500)])
def test_what_is_no_tile_is_not_passed_on(client: Client, tenant: Tenant, service: Service, reply: Any) -> None:  # fmt: skip
    record = wmts(tenant, service, template="")
    service.answers["/wmts"] = reply
    assert tile(client, record, 0, 0, 0).status_code == 502


def test_legend_of_tiles_is_fetched_where_the_service_has_one(client: Client, tenant: Tenant, service: Service) -> None:  # fmt: skip
    county()
    record = wmts(tenant, service, legend=f"{service.url}/legende.png")
    service.answers["/legende.png"] = picture("green")
    address = shown(client)["Luftbild"]["legend"]
    assert client.get(address).content == picture("green")
    with acting_for([tenant.pk], [tenant.pk]):
        record.service["legend"] = ""
        record.save()
    assert shown(client)["Luftbild"]["legend"] == ""
    assert client.get(address).status_code == 400


# --- features


def test_features_of_an_api_come_page_by_page(client: Client, tenant: Tenant, service: Service) -> None:
    record = oaf(tenant, service)
    path = "/collections/baeume/items"

    def pages(said: dict[str, str]) -> dict[str, Any]:
        start = int(said.get("offset", "0"))
        rows = [{**feature(square(385_000, 5_668_000, 10), name=f"Baum {start + n}"), "id": start + n} for n in range(2)]  # fmt: skip
        link = {"rel": "next", "href": f"{service.url}{path}?offset={start + 2}"}
        return {**collection(*rows), "numberMatched": 4, "links": [link] if start < 2 else []}

    service.answers[path] = pages
    answer = asked(client, record).json()
    assert [one["properties"]["name"] for one in answer["features"]] == ["Baum 0", "Baum 1", "Baum 2", "Baum 3"]  # fmt: skip
    assert (answer["numberMatched"], answer["message"]) == (4, "")
    assert answer["features"][0]["geometry"] == square(385_000, 5_668_000, 10)
    said = service.asked[0][1]
    assert (said["bbox"], said["crs"]) == (BOX, "http://www.opengis.net/def/crs/EPSG/0/25833")


def test_api_that_knows_degrees_alone_is_asked_in_degrees(client: Client, tenant: Tenant, service: Service) -> None:  # fmt: skip
    record = oaf(tenant, service, crs=[])
    service.answers["/collections/baeume/items"] = collection(feature({"type": "Point", "coordinates": [13.3567, 51.1537]}))  # fmt: skip
    (one,) = asked(client, record).json()["features"]
    east, north = one["geometry"]["coordinates"]
    assert [east, north] == pytest.approx([385_075, 5_668_201], abs=1)
    west, south, *_ = map(float, service.asked[0][1]["bbox"].split(","))
    assert [west, south] == pytest.approx([13.34, 51.14], abs=0.01)
    assert "crs" not in service.asked[0][1]


def test_page_elsewhere_is_not_followed(client: Client, tenant: Tenant, service: Service) -> None:
    record = oaf(tenant, service)
    link = {"rel": "next", "href": "http://anderswo.example/collections/baeume/items"}
    rows = collection(feature(square(385_000, 5_668_000, 10)))
    service.answers["/collections/baeume/items"] = {**rows, "numberMatched": 9, "links": [link]}
    answer = asked(client, record).json()
    assert (len(answer["features"]), len(service.asked)) == (1, 1)
    assert answer["message"] == "Nur das erste Objekt dieses Kartenausschnitts ist zu sehen; zoomen Sie näher heran, um alle zu sehen."  # fmt: skip


def test_features_of_a_wfs_come_as_json_where_it_has_it(client: Client, tenant: Tenant, service: Service) -> None:  # fmt: skip
    record = wfs(tenant, service)

    def pages(said: dict[str, str]) -> dict[str, Any]:
        start, count = int(said.get("STARTINDEX", "0")), int(said["COUNT"])
        rows = range(start, min(start + count, 1500))
        return {**collection(*({**feature(square(385_000, 5_668_000, 10)), "id": f"baum.{n}"} for n in rows)), "numberMatched": 1500}  # fmt: skip

    service.answers["/wfs"] = pages
    answer = asked(client, record).json()
    assert (len(answer["features"]), answer["message"], len(service.asked)) == (1500, "", 2)
    said = service.asked[0][1]
    assert (said["TYPENAMES"], said["OUTPUTFORMAT"], said["SRSNAME"], said["BBOX"]) == ("app:baum", "application/json", "urn:ogc:def:crs:EPSG::25833", f"{BOX},urn:ogc:def:crs:EPSG::25833")  # fmt: skip


def gml(*, version: str = "3.2", place: str = "385000 5668000", member: str = "member") -> bytes:
    space = "http://www.opengis.net/gml/3.2" if version == "3.2" else "http://www.opengis.net/gml"
    return f"""<?xml version="1.0"?><wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="{space}"
    xmlns:app="http://stadt.example/app" numberMatched="1"><wfs:{member}><app:baum gml:id="baum.1"><gml:boundedBy><gml:Envelope>
    <gml:lowerCorner>0 0</gml:lowerCorner><gml:upperCorner>1 1</gml:upperCorner></gml:Envelope></gml:boundedBy><app:art>Linde &lt;b&gt;</app:art>
    <app:ort><gml:Point gml:id="p"><gml:pos>{place}</gml:pos></gml:Point></app:ort></app:baum></wfs:{member}></wfs:FeatureCollection>""".encode()


@pytest.mark.parametrize("reply", [gml(), gml(version="3.1", member="featureMember"), gml(version="3.1", member="featureMembers")])  # fmt: skip
def test_gml_of_every_age_is_read(client: Client, tenant: Tenant, service: Service, reply: bytes) -> None:
    record = wfs(tenant, service)
    service.answers["/wfs"] = reply
    (one,) = asked(client, record).json()["features"]
    assert (one["id"], one["properties"], one["geometry"]["coordinates"]) == ("baum.1", {"art": "Linde <b>"}, [385_000, 5_668_000])  # fmt: skip


@pytest.mark.parametrize("place", ["51.1537 13.3567", "13.3567 51.1537"])
def test_degrees_that_nobody_asked_for_are_noticed(client: Client, tenant: Tenant, service: Service, place: str) -> None:  # fmt: skip
    record = wfs(tenant, service)
    service.answers["/wfs"] = gml(place=place)
    (one,) = asked(client, record).json()["features"]
    assert one["geometry"]["coordinates"] == pytest.approx([385_075, 5_668_201], abs=1)


def test_old_wfs_is_asked_once_in_its_own_words(client: Client, tenant: Tenant, service: Service) -> None:
    record = wfs(tenant, service, version="1.1.0")
    service.answers["/wfs"] = gml(version="3.1", member="featureMember")
    assert len(asked(client, record).json()["features"]) == 1
    ((_path, said),) = service.asked
    assert (said["TYPENAME"], said["MAXFEATURES"], said["VERSION"]) == ("app:baum", "1000", "1.1.0")


def test_no_more_than_the_limit_comes_and_who_looks_is_told(client: Client, tenant: Tenant, service: Service) -> None:  # fmt: skip
    record = wfs(tenant, service)

    def pages(said: dict[str, str]) -> dict[str, Any]:
        start, count = int(said.get("STARTINDEX", "0")), int(said["COUNT"])
        return {**collection(*({**feature(square(385_000, 5_668_000, 10)), "id": str(start + n)} for n in range(count))), "numberMatched": 70_000}  # fmt: skip

    service.answers["/wfs"] = pages
    answer = asked(client, record).json()
    assert (len(answer["features"]), answer["numberMatched"], len(service.asked)) == (
        features.MOST,
        70_000,
        5,
    )
    assert answer["message"].startswith("Nur die ersten 5000 Objekte")
    assert len(asked(client, record, limit="25").json()["features"]) == 25


def test_service_that_gives_the_same_page_again_is_left(client: Client, tenant: Tenant, service: Service) -> None:  # fmt: skip
    record = wfs(tenant, service)
    service.answers["/wfs"] = {**collection(feature(square(385_000, 5_668_000, 10))), "numberMatched": 9}
    answer = asked(client, record).json()
    assert (len(answer["features"]), bool(answer["message"]), len(service.asked)) == (1, True, 2)


@pytest.mark.parametrize(
    "reply",
    [
        HTML,
        b"",
        b"{",
        b"[]",
        b'{"features": {}}',
        b"[" * 100_000,
        b"<ows:ExceptionReport xmlns:ows='http://www.opengis.net/ows/1.1'/>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><FeatureCollection/>',
        Reply(collection(), status=500),
        None,
        Reply(b"", status=302, headers={"Location": "http://10.0.0.1/"}),
    ],
)  # fmt: skip
def test_what_are_no_features_is_said(client: Client, tenant: Tenant, service: Service, reply: Any) -> None:
    record = wfs(tenant, service)
    service.answers["/wfs"] = reply
    answer = asked(client, record)
    assert (answer.status_code, answer.content.decode()) == (502, "Der Dienst antwortet nicht.")


def test_what_is_broken_in_a_feature_leaves_the_others(client: Client, tenant: Tenant, service: Service) -> None:  # fmt: skip
    record = wfs(tenant, service)
    good = feature(square(385_000, 5_668_000, 10), name="x" * 5000, tief={"a": [1]}, alter=7, ja=True, nichts=None)  # fmt: skip
    bad: list[Any] = [
        None, 7, {}, feature(None), feature({"type": "Polygon", "coordinates": "x"}), feature({"type": "Wolke", "coordinates": []}),
        feature({"type": "Point", "coordinates": []}), {**feature({"type": "Point", "coordinates": [1e300, 1e300]}), "id": "fern"},
    ]  # fmt: skip
    service.answers["/wfs"] = {"type": "FeatureCollection", "features": [*bad, good], "numberMatched": "unknown"}  # fmt: skip
    (one,) = asked(client, record).json()["features"]
    assert one["properties"] == {"name": "x" * 1000, "alter": 7, "ja": True}


@pytest.mark.parametrize("query", [{"bbox": ""}, {"bbox": "1,2,3"}, {"bbox": "nan,0,1,1"}, {"bbox": "9,9,1,1"}, {"limit": "x"}, {"limit": "0"}, {"bbox": "-1e300,-1e300,1e300,1e300"}])  # fmt: skip
def test_impossible_part_is_refused_and_nobody_asked(client: Client, tenant: Tenant, service: Service, query: dict[str, str]) -> None:  # fmt: skip
    record = oaf(tenant, service, crs=[])
    assert asked(client, record, **query).status_code == 400
    assert service.asked == []


# --- the tree


def test_each_kind_is_a_layer_that_says_where_it_comes_from(client: Client, tenant: Tenant, service: Service) -> None:  # fmt: skip
    county()
    records = [wmts(tenant, service), wfs(tenant, service), oaf(tenant, service)]
    layers = {one["key"]: one for one in shown(client).values()}
    mosaic, from_wfs, from_api = (layers[str(record.public_id)] for record in records)
    assert mosaic["address"].endswith("/kachel/{level}/{row}/{column}/")
    assert (mosaic["kind"], mosaic["system"], len(mosaic["grid"]["levels"])) == ("mosaic", "EPSG:25833", 2)
    for layer in (from_wfs, from_api):
        assert (layer["kind"], layer["trouble"], layer["items"]) == ("features", "", layer["address"])


def test_service_that_was_silent_is_named_and_not_asked(client: Client, tenant: Tenant, service: Service) -> None:  # fmt: skip
    county()
    records = [wmts(tenant, service), wfs(tenant, service)]
    with acting_for([tenant.pk], [tenant.pk]):
        Source.objects.update(is_up=False, probed_at=timezone.now())
    assert {one["trouble"] for one in shown(client).values() if one["kind"] != "tiles"} == {"Der Dienst hat bei der letzten Prüfung nicht geantwortet."}  # fmt: skip
    assert client.get(MAP).content.decode().count(" disabled") == 2
    assert (tile(client, records[0], 0, 0, 0).status_code, asked(client, records[1]).status_code) == (502, 502)  # fmt: skip
    assert service.asked == []


def test_layer_in_no_system_of_the_map_says_so(client: Client, tenant: Tenant, service: Service) -> None:
    county()
    records = [wmts(tenant, service, crs="urn:ogc:def:crs:EPSG::31469"), wfs(tenant, service, crs="urn:ogc:def:crs:EPSG::31469")]  # fmt: skip
    said = "Der Dienst gibt sie in keinem Koordinatensystem dieser Karte aus."
    assert [one["trouble"] for one in shown(client).values() if one["kind"] != "tiles"] == [said, said]
    assert (tile(client, records[0], 0, 0, 0).status_code, asked(client, records[1]).status_code) == (400, 400)  # fmt: skip


def test_record_harvested_before_grids_were_kept_waits_for_the_next_harvest(client: Client, tenant: Tenant, service: Service) -> None:  # fmt: skip
    county()
    record = wmts(tenant, service)
    with acting_for([tenant.pk], [tenant.pk]):
        del record.service["grid"]
        record.save()
    assert shown(client)["Luftbild"]["trouble"]
    assert tile(client, record, 0, 0, 0).status_code == 400


@pytest.mark.parametrize("change", [{"is_public": False}, {"is_gone": True}])
def test_what_is_not_public_or_gone_is_not_there(client: Client, tenant: Tenant, service: Service, change: dict[str, bool]) -> None:  # fmt: skip
    records = [wmts(tenant, service), wfs(tenant, service)]
    with acting_for([tenant.pk], [tenant.pk]):
        Record.objects.update(**change)
    assert (tile(client, records[0], 0, 0, 0).status_code, asked(client, records[1]).status_code) == (404, 404)  # fmt: skip
    assert service.asked == []
