"""Configuration for Masterportal: what is public of a town or of all, in the shape that real portals use."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.gis.geos import MultiPolygon
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenants.models import Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories import capabilities as samples
from tests.factories.catalogue import EXTENT, make_dataset
from tests.factories.planning import make_plan
from tests.factories.sources import make_harvested, make_source, records_of
from tests.factories.tenants import TenantFactory, member
from twin.catalogue import harvesting, masterportal
from twin.catalogue.capabilities import reading
from twin.catalogue.gathering import Gathered
from twin.catalogue.models import Record

pytestmark = pytest.mark.django_db
BASE = settings.BASE_URL
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def asked(client: Client, tenant: Tenant, document: str = "services") -> Any:
    response = client.get(reverse(f"masterportal_{document}", args=[tenant.slug]))
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    return json.loads(response.content)


def public(tenant: Tenant, body: bytes, *, url: str, **fields: Any) -> dict[str, Record]:
    found = reading.read(body, url=url)
    source = make_source(tenant, url=found.url, kind=found.kind, is_public=True, **fields)
    with acting_for([tenant.pk], [tenant.pk]):
        harvesting.write(source, Gathered(found), at=source.created_at)
    return records_of(source)


def entry(client: Client, tenant: Tenant, name: str) -> dict[str, Any]:
    (found,) = [one for one in asked(client, tenant) if one["name"] == name]
    return found


def test_wms_layer_is_an_entry_with_what_a_portal_needs(client: Client, tenant: Tenant) -> None:
    rows = public(tenant, samples.wms(samples.wms_layer("baeume", "Bäume")), url="https://karten.example/wms?map=a", title="Karten")  # fmt: skip
    found = entry(client, tenant, "Bäume")
    assert found["id"] == str(rows["baeume"].public_id)
    assert (found["typ"], found["url"], found["layers"], found["format"], found["version"]) == ("WMS", "https://karten.example/wms?map=a", "baeume", "image/png", "1.3.0")  # fmt: skip
    (dataset,) = found["datasets"]
    assert (dataset["md_name"], dataset["kategorie_organisation"]) == ("Bäume", "Stadt Beispiel")
    assert found["layerAttribution"] == "Stadt Beispiel"


def test_wfs_wmts_oaf_and_sensors_are_entries(client: Client, tenant: Tenant) -> None:
    public(tenant, samples.wfs(samples.wfs_type("app:baum", "Baum")), url="https://a.example/wfs")
    public(tenant, samples.wmts(), url="https://b.example/wmts", use="base")
    public(tenant, json.dumps(samples.collections("wege")).encode(), url="https://c.example/collections")
    public(tenant, json.dumps(samples.sensorthings("https://d.example/v1.1")).encode(), url="https://d.example/v1.1")  # fmt: skip
    found = {one["typ"]: one for one in asked(client, tenant)}
    assert set(found) == {"WFS", "WMTS", "OAF", "SensorThings"}
    assert (found["WFS"]["featureType"], found["WFS"]["featureNS"], found["WFS"]["version"]) == ("baum", "http://stadt.example/app", "2.0.0")  # fmt: skip
    assert (found["WMTS"]["tileMatrixSet"], found["WMTS"]["optionsFromCapabilities"]) == ("utm33", True)
    assert (found["OAF"]["url"], found["OAF"]["collection"], found["OAF"]["crs"]) == ("https://c.example", "wege", "http://www.opengis.net/def/crs/EPSG/0/25833")  # fmt: skip
    assert (found["SensorThings"]["url"], found["SensorThings"]["version"]) == ("https://d.example", "1.1")
    config = asked(client, tenant, "config")
    base = [{"id": found["WMTS"]["id"], "visibility": True}]
    assert config["Themenconfig"]["Hintergrundkarten"]["Layer"] == base


def test_own_data_are_features_and_tiles_that_answer_other_origins(client: Client, tenant: Tenant) -> None:
    dataset = make_dataset(tenant, public=True, title="Bäume", slug="baeume")
    found = {one["typ"]: one for one in asked(client, tenant)}
    assert set(found) == {"OAF", "VectorTile"}
    oaf, tiles = found["OAF"], found["VectorTile"]
    assert (oaf["id"], tiles["id"]) == (str(dataset.public_id), f"{dataset.public_id}-tiles")
    assert oaf["gfiAttributes"] == {"name": "name", "nummer": "nummer"}
    assert in_tree(asked(client, tenant, "config")["layerConfig"]) == {oaf["id"]}
    items = client.get(f"{oaf['url'].removeprefix(BASE)}/collections/{oaf['collection']}/items", {"crs": oaf["crs"], "bbox-crs": oaf["bboxCrs"], "bbox": "385000,5668000,386000,5669000", "f": "json"})  # fmt: skip
    assert len(items.json()["features"]) == 3
    tile = client.get(tiles["url"].removeprefix(BASE).format(z=14, y=5454, x=8811))
    style = client.get(tiles["vtStyles"][0]["url"].removeprefix(BASE))
    for answer in (items, tile, style):
        assert (answer.status_code in {200, 204}, answer.headers["Access-Control-Allow-Origin"]) == (True, "*")  # fmt: skip


def test_large_data_are_shown_as_tiles(client: Client, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    dataset = make_dataset(tenant, public=True)
    monkeypatch.setattr(masterportal, "_DRAWN_WHOLE", 2)
    assert in_tree(asked(client, tenant, "config")["Themenconfig"]) == {f"{dataset.public_id}-tiles"}


def test_public_plans_of_a_town_are_layers(client: Client, tenant: Tenant) -> None:
    plan = make_plan(tenant, public=True, name="Am Markt")
    make_plan(tenant, name="Entwurf")
    found = [one for one in asked(client, tenant) if one["typ"] == "GeoJSON"]
    assert [one["id"] for one in found] == [str(plan.public_id)]
    shown = client.get(found[0]["url"].removeprefix(BASE))
    assert (shown.status_code, shown.headers["Access-Control-Allow-Origin"]) == (200, "*")


def test_drawings_of_plans_are_a_layer_that_answers(client: Client, tenant: Tenant) -> None:
    make_plan(tenant, public=True, objects=1)
    (found,) = [one for one in asked(client, tenant) if one["typ"] == "WMS"]
    box = "384950,5667950,385250,5668250"
    said = {"service": "WMS", "request": "GetMap", "layers": found["layers"], "version": found["version"], "format": found["format"], "styles": "", "crs": "EPSG:25833", "bbox": box, "width": "50", "height": "50"}  # fmt: skip
    shown = client.get(found["url"].removeprefix(BASE), said)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    legend = client.get(found["legendURL"].removeprefix(BASE))
    assert (legend.status_code, legend["Content-Type"]) == (200, "image/png")


def test_tree_has_the_folders_of_the_service_in_both_generations(client: Client, tenant: Tenant) -> None:
    body = samples.wms(samples.wms_layer("", "Grün", samples.wms_layer("baeume")), samples.wms_layer("wege"))
    rows = public(tenant, body, url="https://karten.example/wms", title="Karten")
    trees, ways = str(rows["baeume"].public_id), str(rows["wege"].public_id)
    config = asked(client, tenant, "config")
    assert config["Themenconfig"]["Fachdaten"] == {"Layer": [], "Ordner": [{"Titel": "Karten", "Layer": [{"id": ways}], "Ordner": [{"Titel": "Grün", "Layer": [{"id": trees}]}]}]}  # fmt: skip
    assert config["layerConfig"]["subjectlayer"]["elements"] == [{"name": "Karten", "type": "folder", "elements": [{"name": "Grün", "type": "folder", "elements": [{"id": trees}]}, {"id": ways}]}]  # fmt: skip


def in_tree(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(in_tree, node))
    if isinstance(node, dict):
        own = {node["id"]} if "id" in node else set()
        return own.union(*map(in_tree, node.values()))
    return set()


def test_county_shows_all_towns_and_a_town_its_own(client: Client, tenant: Tenant) -> None:
    neighbour, county = TenantFactory.create(), TenantFactory.create(kind="county", ags=None, ars=None)
    for town, name in ((tenant, "baeume"), (neighbour, "wege")):
        make_harvested(town, name, title=f"Karten {name}", is_public=True)
    assert [one["name"] for one in asked(client, tenant)] == ["Baeume"]
    assert {"Baeume", "Wege"} <= {one["name"] for one in asked(client, county)}
    config = asked(client, county, "config")
    assert {tenant.name, neighbour.name} <= {one["name"] for one in config["layerConfig"]["subjectlayer"]["elements"]}  # fmt: skip
    known = {one["id"] for one in asked(client, county)}
    assert in_tree(config["Themenconfig"]) == in_tree(config["layerConfig"]) == known


def test_what_is_internal_gone_or_not_for_maps_is_left_out(client: Client, tenant: Tenant) -> None:
    make_harvested(tenant, "geheim", title="Intern", url="https://a.example/wms")
    make_harvested(tenant, "ungenutzt", title="Nicht auf Karten", url="https://b.example/wms", is_public=True, use="none")  # fmt: skip
    gone = make_harvested(tenant, "fort", title="Fort", url="https://c.example/wms", is_public=True)
    make_dataset(tenant, title="Interne Daten", slug="intern")
    with acting_for([tenant.pk], [tenant.pk]):
        Record.objects.filter(source=gone).update(is_gone=True)
    assert asked(client, tenant) == []
    client.force_login(member(tenant, Role.PLANNER), backend=BACKEND)
    assert asked(client, tenant) == []  # also to own people: what a portal shows everybody sees


def test_words_of_strangers_stay_words_in_the_portals_page(client: Client, tenant: Tenant) -> None:
    evil = "&lt;img src=x onerror=alert(1)&gt;"
    body = samples.wms(samples.wms_layer("a", more=f"<Attribution><Title>{evil}</Title></Attribution>"))
    public(tenant, body, url="https://karten.example/wms")
    assert entry(client, tenant, "a")["layerAttribution"] == evil


def test_unknown_tenant_has_no_portal(client: Client, tenant: Tenant) -> None:
    tenant.active = False
    tenant.save()
    for slug in (tenant.slug, "niemand"):
        assert client.get(f"/masterportal/{slug}/services.json").status_code == 404


def test_view_begins_in_the_town_and_colours_are_its_own(client: Client, tenant: Tenant) -> None:
    tenant.boundary, tenant.colour = MultiPolygon(EXTENT, srid=25833), "#102030"
    tenant.save()
    view = asked(client, tenant, "config")["Portalconfig"]["mapView"]
    assert (view["epsg"], view["startCenter"]) == ("EPSG:25833", [385_500, 5_668_500])
    (style,) = asked(client, tenant, "style")
    assert style["rules"][0]["style"]["lineStrokeColor"] == [16, 32, 48, 1]


def test_portal_costs_as_many_queries_for_more_layers(client: Client, tenant: Tenant) -> None:
    def needed() -> int:
        with CaptureQueriesContext(connection) as queries:
            asked(client, tenant)
        return len(queries)

    def add(number: int) -> None:
        make_harvested(tenant, "a", "b", url=f"https://{number}.example/", is_public=True)
        make_plan(tenant, public=True)
        make_dataset(tenant, public=True, slug=f"satz-{number}", title=str(number))

    add(1)
    one = needed()
    add(2)
    add(3)
    assert needed() == one


def test_entries_have_what_those_of_real_portals_have(client: Client, tenant: Tenant, shared_data: Path) -> None:  # fmt: skip
    public(tenant, samples.wms(samples.wms_layer("a")), url="https://a.example/wms")
    public(tenant, samples.wfs(samples.wfs_type("app:b")), url="https://b.example/wfs")
    real = json.loads((shared_data / "services/masterportal_hamburg_services-internet.json").read_text())
    for own in asked(client, tenant):
        alike = [set(one) for one in real if one["typ"] == own["typ"]]
        assert set.intersection(*alike) - set(own) == set(), own["typ"]
        for key, value in own.items():
            kinds = {type(one[key]) for one in real if one["typ"] == own["typ"] and key in one}
            assert not kinds or type(value) in kinds or key in {"gfiAttributes", "layers"}, key


def test_config_has_the_parts_of_real_ones(client: Client, tenant: Tenant, shared_data: Path) -> None:
    config = asked(client, tenant, "config")
    for name in ("basic", "master", "potsdam"):
        real = json.loads((shared_data / f"services/masterportal_{name}_config.json").read_text())
        assert set(real) <= set(config)
        assert set(real["Themenconfig"]) == set(config["Themenconfig"])
        assert {"mapView", "menu", "controls"} <= set(real["Portalconfig"]) & set(config["Portalconfig"])
        assert (
            "startCenter" in real["Portalconfig"]["mapView"].keys() & config["Portalconfig"]["mapView"].keys()
        )
