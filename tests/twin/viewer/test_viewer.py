"""The map page, its search, and what it passes on of harvested services."""

import json
from functools import reduce
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenants.models import Tenant
from tenants.permissions import share
from tenants.roles import Role, Share
from tenants.scope import acting_for
from tests.factories import capabilities as samples
from tests.factories import grids
from tests.factories.catalogue import make_dataset
from tests.factories.planning import make_plan
from tests.factories.services import Reply, Service, collection, feature, square
from tests.factories.sources import make_read, picture, records_of
from tests.factories.tenants import TenantFactory, county, member
from twin.catalogue import importing, publishing
from twin.catalogue.importing import Order
from twin.catalogue.models import Record
from twin.viewer import layers

pytestmark = pytest.mark.django_db
BOX = {"BBOX": "380000,5660000,390000,5670000", "WIDTH": "512", "HEIGHT": "256"}
MAP = reverse("viewer:map")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def harvested(tenant: Tenant, url: str, *, public: bool = True, **fields: Any) -> Record:
    """A WMS's one layer; queryable, in EPSG:25833 and EPSG:4326."""
    body = samples.wms(samples.wms_layer("baeume", "Bäume im Bild"))
    source = make_read(tenant, body, url=url, is_public=public, title="Karten", **fields)
    return records_of(source)["baeume"]


def shown(client: Client, path: str = MAP) -> dict[str, dict[str, Any]]:
    """Layers of the page by title."""
    page = client.get(path).content.decode()
    found = [json.loads(unescape(part.split('"')[0])) for part in page.split('data-layer="')[1:]]
    return {one["title"]: one for one in found}


def test_the_county_sees_all_that_is_public_and_a_town_its_own(client: Client, tenant: Tenant) -> None:
    county()
    other = TenantFactory.create(name="Riesa", slug="riesa")
    make_dataset(tenant, public=True, title="Bäume", slug="baeume")
    make_dataset(other, public=True, title="Spielplätze", slug="spiel")
    make_dataset(tenant, title="Geheim", slug="geheim")
    harvested(tenant, "https://karten.example/wms")
    harvested(other, "https://intern.example/wms", public=False)
    plans = "Pläne mit Geltungsbereich"
    assert set(shown(client)) == {plans, "Bäume", "Spielplätze", "Bäume im Bild"}
    assert set(shown(client, f"{MAP}?ort=riesa")) == {plans, "Spielplätze"}
    assert client.get(f"{MAP}?ort=gibtesnicht").status_code == 404


def test_staff_find_internal_and_shared_datasets_and_nobody_else_does(
    client: Client, tenant: Tenant, tmp_path: Path
) -> None:
    county()
    other, third = TenantFactory.create(name="Riesa", slug="riesa"), TenantFactory.create(name="Nossen")
    make_dataset(tenant, title="Geheim", slug="geheim")
    given = make_dataset(other, title="Gezeigt", slug="gezeigt")
    make_dataset(other, title="Fremd", slug="fremd")
    share(given, holder=tenant, as_=Share.READER)
    with acting_for([tenant.pk], [tenant.pk]):
        order = Order(tenant, None, "dgm.tif", title="Geländemodell")
        importing.import_file(grids.geotiff(tmp_path / "dgm.tif"), order=order)
    plans, staff = "Pläne mit Geltungsbereich", Client()
    staff.force_login(member(tenant, Role.EDITOR), backend=BACKEND)
    for path in (MAP, f"{MAP}?ort=riesa"):
        assert set(shown(staff, path)) == {plans, "Geheim", "Gezeigt", "Geländemodell"}
    page = staff.get(MAP)
    assert page["Cache-Control"] == "private, no-cache"
    for title in ("Intern: Meißen", "Geteilt von Riesa"):
        assert f'<summary class="kz-tree__title">{title}</summary>' in page.content.decode()
    stranger = Client()
    stranger.force_login(member(third, Role.MUNICIPAL_ADMIN), backend=BACKEND)
    assert set(shown(client)) == set(shown(stranger)) == {plans}
    for layer in shown(staff).values():
        addresses = [
            _a_tile(layer),
            *filter(None, (layer["items"], layer["value"] and f"{layer['value']}?at=1,1")),
        ]
        if layer["title"] == plans:
            continue
        for address in addresses:
            answer = staff.get(address)
            assert (answer.status_code in {200, 204}, answer["Cache-Control"]) == (True, "private, no-cache")
            assert {client.get(address).status_code, stranger.get(address).status_code} == {404}
        assert staff.get(layer["page"]).status_code == 200


def _a_tile(layer: dict[str, Any]) -> str:
    values = {"{z}": "12", "{y}": "2100", "{x}": "2779", "__tile__": "0-0-0"}
    return reduce(lambda address, name: address.replace(name, values[name]), values, str(layer["address"]))


def test_a_layer_says_where_its_tiles_and_its_list_are(client: Client, tenant: Tenant) -> None:
    county()
    make_dataset(tenant, public=True, title="Bäume", slug="baeume")
    layer = shown(client)["Bäume"]
    assert client.get(layer["items"]).json()["numberMatched"] == 3
    assert client.get(_a_tile(layer)).status_code in {200, 204}
    assert client.get(layer["page"]).status_code == 200
    assert layer["fields"] == {"name": "name", "nummer": "nummer"}
    assert layer["geometry"] == "area"


def test_raster_is_a_layer_once_it_is_public(client: Client, tenant: Tenant, tmp_path: Path) -> None:
    county()
    with acting_for([tenant.pk], [tenant.pk]):
        order = Order(tenant, None, "dgm.tif", title="Geländemodell")
        version = importing.import_file(grids.geotiff(tmp_path / "dgm.tif"), order=order)
    assert "Geländemodell" not in shown(client)
    with acting_for([tenant.pk], [tenant.pk]):
        publishing.make_public(version.dataset, licence="dl-by-de/2.0", actor=None)
    layer = shown(client)["Geländemodell"]
    assert (layer["kind"], layer["items"], layer["grid"]) == ("raster", "", version.grid)
    answer = client.get(_a_tile(layer))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")


def test_page_takes_the_same_number_of_queries_for_one_and_many(client: Client, tenant: Tenant) -> None:
    county()
    make_dataset(tenant, public=True, slug="eins")
    harvested(tenant, "https://karten.example/wms")
    counts = []
    for number in range(3):
        client.get(MAP)  # what surrounds the town's pages is kept
        with CaptureQueriesContext(connection) as queries:
            client.get(MAP)
        counts.append(len(queries))
        make_dataset(TenantFactory.create(), public=True, slug=f"mehr-{number}")
        harvested(tenant, f"https://karten{number}.example/wms")
    assert len(set(counts)) == 1


def test_layers_are_counted_through_all_folders() -> None:
    inner = layers.Folder("innen", folders=[layers.Folder("leer")])
    assert inner.is_empty
    inner.folders[0].layers.append(layers.Layer("a", "A", layers.TILES, "", ""))
    assert (inner.is_empty, layers.count([inner])) == (False, 1)


def test_service_keeps_its_folders(client: Client, tenant: Tenant) -> None:
    county()
    rails = samples.wms_layer("", "Schiene", samples.wms_layer("gleise", "Gleise"))
    traffic = samples.wms_layer("verkehr", "Verkehr", samples.wms_layer("strassen", "Straßen"), rails)
    body = samples.wms(samples.wms_layer("luft", "Luftbild"), traffic)
    make_read(tenant, body, url="https://karten.example/wms", is_public=True, title="Karten")
    _plans, services = layers.tree(tenant, AnonymousUser())
    (service,) = services.folders
    (inner,) = service.folders
    (deepest,) = inner.folders
    found = [(folder.title, [layer.title for layer in folder.layers]) for folder in (service, inner, deepest)]
    assert found == [
        ("Karten", ["Luftbild"]),
        ("Verkehr", ["Alles von „Verkehr“", "Straßen"]),
        ("Schiene", ["Gleise"]),
    ]
    assert "Schiene</summary>" in client.get(MAP).content.decode()


def test_colour_of_a_layer_stays_when_others_come(client: Client, tenant: Tenant) -> None:
    county()
    make_dataset(tenant, public=True, title="Mitte", slug="mitte")
    harvested(tenant, "https://karten.example/wms")
    before = shown(client)
    for number in range(5):
        make_dataset(tenant, public=True, title=f"Anfang {number}", slug=f"anfang-{number}")
    after = shown(client)
    assert [after[title]["colour"] for title in before] == [one["colour"] for one in before.values()]
    colours = {layer["colour"] for title, layer in after.items() if title != "Pläne mit Geltungsbereich"}
    assert colours <= set(range(1, 8)) and len(colours) > 1  # 0 is that of plans


# --- search


def found(client: Client, text: str, **query: str) -> Any:
    return client.get(reverse("viewer:search"), {"q": text, **query}).json()


def test_search_finds_coordinates_towns_and_public_plans(client: Client, tenant: Tenant) -> None:
    county()
    tenant.boundary = MultiPolygon(Polygon.from_bbox((380_000, 5_660_000, 390_000, 5_670_000)), srid=25833)
    tenant.save()
    plan = make_plan(tenant, public=True, objects=1)
    secret = make_plan(tenant, objects=1)
    (place,) = found(client, "385000 5668000")["found"]
    assert place["extent"] == [385_000, 5_668_000, 385_000, 5_668_000]
    for words in ("meiß", "MEISS", "Meißen"):
        town = found(client, words)["found"][0]
        assert (town["label"], town["extent"][0]) == ("Meißen", 380_000)
    urls = [one["url"] for one in found(client, plan.name)["found"]]
    assert plan.get_absolute_url() in urls
    assert secret.get_absolute_url() not in urls


@pytest.mark.parametrize("text", ["", "\0", "' OR 1=1 --", "%", "ganz unbekannt", "1e400 1e400", "x" * 5000])
def test_search_that_finds_nothing_says_why(client: Client, tenant: Tenant, text: str) -> None:
    county()
    answer = found(client, text)
    assert answer["found"] == []
    assert answer["message"]
    assert "Datei" not in answer["message"]  # nobody can give one here


# --- harvested pictures


def test_picture_is_fetched_as_the_service_wants_it(client: Client, tenant: Tenant, service: Service) -> None:
    record = harvested(tenant, f"{service.url}/wms")
    service.answers["/wms"] = picture("red", "blue")
    answer = client.get(reverse("viewer:picture", args=[record.public_id]), BOX)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    ((path, asked),) = service.asked
    assert (path, asked["REQUEST"], asked["LAYERS"], asked["CRS"]) == (
        "/wms",
        "GetMap",
        "baeume",
        "EPSG:25833",
    )
    assert (asked["BBOX"], asked["WIDTH"], asked["HEIGHT"]) == ("380000,5660000,390000,5670000", "512", "256")


def test_legend_is_fetched_by_us(client: Client, tenant: Tenant, service: Service) -> None:
    county()
    record = harvested(tenant, f"{service.url}/wms")
    service.answers["/wms"] = picture("green")
    address = shown(client)["Bäume im Bild"]["legend"]
    answer = client.get(address)
    assert (answer.content, answer["Content-Type"]) == (picture("green"), "image/png")
    ((_path, asked),) = service.asked
    assert (asked["REQUEST"], asked["LAYER"], asked["FORMAT"]) == ("GetLegendGraphic", "baeume", "image/png")
    with acting_for([tenant.pk], [tenant.pk]):
        Record.objects.filter(pk=record.pk).update(
            service=record.service | {"legend": f"{service.url}/legende"}
        )
    service.answers["/legende"] = picture("blue")
    assert client.get(address).content == picture("blue")  # as the service itself names it
    service.answers["/legende"] = b"<ServiceException>kaputt</ServiceException>"
    assert client.get(address).status_code == 502
    with acting_for([tenant.pk], [tenant.pk]):
        Record.objects.filter(pk=record.pk).update(is_public=False)
    assert client.get(address).status_code == 404


def test_latitude_comes_first_where_the_standard_wants_it(
    client: Client, tenant: Tenant, service: Service
) -> None:
    record = harvested(tenant, f"{service.url}/wms")
    with acting_for([tenant.pk], [tenant.pk]):
        record.service["crs"] = ["EPSG:4326"]
        record.save()
    service.answers["/wms"] = picture("red")
    box = {**BOX, "BBOX": "13,51,13.5,51.5"}
    assert client.get(reverse("viewer:picture", args=[record.public_id]), box).status_code == 200
    assert service.asked[0][1]["BBOX"] == "51,13,51.5,13.5"


@pytest.mark.parametrize(
    "change",
    [
        {"WIDTH": "100000"},
        {"WIDTH": "0"},
        {"HEIGHT": "-5"},
        {"WIDTH": "x"},
        {"BBOX": "1,2,3"},
        {"BBOX": "nan,1,2,3"},
        {"BBOX": "inf,1,2,3"},
        {"BBOX": "10,10,5,5"},
        {"BBOX": ""},
    ],
)
def test_impossible_extract_is_refused_and_nobody_asked(
    client: Client, tenant: Tenant, service: Service, change: dict[str, str]
) -> None:
    record = harvested(tenant, f"{service.url}/wms")
    answer = client.get(reverse("viewer:picture", args=[record.public_id]), {**BOX, **change})
    assert answer.status_code == 400
    assert "Ausschnitt" in answer.content.decode()
    assert service.asked == []


@pytest.mark.parametrize(
    "reply",
    [
        b"<ServiceException>kaputt</ServiceException>",
        Reply(b"<script>alert(1)</script>", headers={"Content-Type": "image/png"}),
        Reply(picture("red"), status=500),
        Reply(b"", status=302, headers={"Location": "http://127.0.0.1:1/"}),
    ],
)
def test_what_is_no_picture_is_not_passed_on(
    client: Client, tenant: Tenant, service: Service, reply: Any
) -> None:
    record = harvested(tenant, f"{service.url}/wms")
    service.answers["/wms"] = reply
    assert client.get(reverse("viewer:picture", args=[record.public_id]), BOX).status_code == 502


def test_information_is_passed_on_as_plain_text(client: Client, tenant: Tenant, service: Service) -> None:
    record = harvested(tenant, f"{service.url}/wms")
    service.answers["/wms"] = Reply(
        "Höhe <b>12</b>".encode(), headers={"Content-Type": "text/plain; charset=utf-8"}
    )
    path = reverse("viewer:information", args=[record.public_id])
    answer = client.get(path, {**BOX, "X": "10", "Y": "20"})
    assert (answer.content.decode(), answer["Content-Type"]) == (
        "Höhe <b>12</b>",
        "text/plain; charset=utf-8",
    )
    assert (service.asked[0][1]["I"], service.asked[0][1]["J"]) == ("10", "20")
    assert client.get(path, {**BOX, "X": "٣", "Y": "20"}).status_code == 400
    service.answers["/wms"] = Reply(b"<html>", headers={"Content-Type": "text/html"})
    assert client.get(path, {**BOX, "X": "10", "Y": "20"}).status_code == 502


@pytest.mark.parametrize("fields", [{"public": False}, {"use": "none"}])
def test_service_that_is_not_public_or_not_for_maps_is_not_there(
    client: Client, tenant: Tenant, service: Service, fields: dict[str, Any]
) -> None:
    record = harvested(tenant, f"{service.url}/wms", **fields)
    for name in ("viewer:picture", "viewer:information", "viewer:legend"):
        assert client.get(reverse(name, args=[record.public_id]), BOX).status_code == 404
    assert service.asked == []


def test_internal_service_is_on_the_map_of_those_who_work_in_its_town_alone(
    client: Client, tenant: Tenant, service: Service
) -> None:
    county()
    record = harvested(tenant, f"{service.url}/wms", public=False)
    service.answers["/wms"] = picture("red")
    address = reverse("viewer:picture", args=[record.public_id])
    for stranger in (None, member(TenantFactory.create(), Role.PLANNER)):
        if stranger:
            client.force_login(stranger, backend=BACKEND)
        assert "Bäume im Bild" not in shown(client)
        assert client.get(address, BOX).status_code == 404
    assert service.asked == []
    client.force_login(member(tenant, Role.PLANNER), backend=BACKEND)
    assert shown(client)["Bäume im Bild"]["address"] == address
    answer = client.get(address, BOX)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, max-age=3600")


def test_one_address_cannot_ask_for_ever(
    client: Client, tenant: Tenant, service: Service, settings: LazySettings
) -> None:
    settings.OGC_PER_MINUTE = 2
    record = harvested(tenant, f"{service.url}/wms")
    service.answers["/wms"] = picture("red")
    path = reverse("viewer:picture", args=[record.public_id])
    assert [client.get(path, BOX).status_code for _ in range(4)][-1] == 429


def test_one_address_cannot_search_for_ever(client: Client, tenant: Tenant, settings: LazySettings) -> None:
    """Each search may ask a service of somebody else's for an address."""
    county()
    settings.OGC_PER_MINUTE = 2
    answers = [client.get(reverse("viewer:search"), {"q": "Markt 1"}) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert "Anfragen in der Minute" in answers[-1].json()["message"]


def test_parcel_is_found_by_its_number_as_one(
    client: Client, tenant: Tenant, service: Service, settings: LazySettings
) -> None:
    county()
    settings.PARCELS_URL = f"{service.url}/collections/flurstueck/items"
    settings.PARCELS_FIELD = "flstkennz"
    service.answers["/collections/flurstueck/items"] = collection(feature(square(385_000, 5_668_000, 20), flstkennz="146270"))  # fmt: skip
    (one,) = found(client, "143127/12")["found"]
    assert (one["kind"], one["extent"]) == ("Flurstück", [385_000, 5_668_000, 385_020, 5_668_020])


@pytest.mark.parametrize("change", [{"parent": None}, {"is_gone": True}, {"is_public": False}])
def test_only_layers_that_are_there_are_passed_on(
    client: Client, tenant: Tenant, service: Service, change: dict[str, Any]
) -> None:
    record = harvested(tenant, f"{service.url}/wms")
    with acting_for([tenant.pk], [tenant.pk]):
        Record.objects.filter(pk=record.pk).update(**change)
    assert client.get(reverse("viewer:picture", args=[record.public_id]), BOX).status_code == 404
    assert service.asked == []


def test_nothing_of_a_town_that_left_is_passed_on(client: Client, tenant: Tenant, service: Service) -> None:
    record = harvested(tenant, f"{service.url}/wms")
    tenant.active = False
    tenant.save()
    assert client.get(reverse("viewer:picture", args=[record.public_id]), BOX).status_code == 404
    assert service.asked == []
