"""Answers judged by the schemas that the OGC publishes for Features (Part 1) and Records (Part 1).

They lie among the shared test data, not here: a copy would have to carry the OGC's licence text and change with its corrections.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.cache import cache
from jsonschema_rs import Draft202012Validator, ValidationError

from tenants.models import Tenant
from tests.factories.catalogue import make_dataset
from tests.factories.planning import make_plan
from tests.factories.records import BARE, make_record
from tests.factories.tenants import TenantFactory, county
from tests.twin.ogc.conftest import Ask

pytestmark = pytest.mark.django_db
Judge = Callable[[str, Any], list[str]]
ADDRESS = "https://schemas.opengis.net/ogcapi/{}/part1/1.0/openapi/schemas/{}.yaml"
NOTHING = {"type": "object", "nullable": True}
ITEMS = "/ogc/collections/katalog/items"


def _as_json_schema(node: Any) -> Any:
    """Records speaks OpenAPI 3.0, Features writes the type null without quotation marks. In Records an object that may be null
    stands beside the real one wherever null alone is meant: taken by the word, no place at all would pass "oneOf"."""
    if node == NOTHING:
        return {"type": "null"}
    if isinstance(node, dict):
        return {key: _as_json_schema("null" if key == "type" and one is None else one) for key, one in node.items() if key != "nullable"}  # fmt: skip
    if isinstance(node, list):
        return ["null" if one is None else _as_json_schema(one) for one in node]
    return node


@pytest.fixture
def faults(shared_data: Path) -> Judge:
    """What a document breaks of a schema, such as records/recordGeoJSON."""

    def read(address: str) -> Any:
        standard = "records" if "/records/" in address else "features"
        path = shared_data / "catalogue" / "ogcapi" / f"{standard}-schemas" / address.rpartition("/")[2]
        return _as_json_schema(yaml.safe_load(path.read_text()))

    def judge(name: str, document: Any) -> list[str]:
        validator = Draft202012Validator(
            {"$ref": ADDRESS.format(*name.split("/"))}, retriever=read, validate_formats=True
        )
        return [_said(error) for error in validator.iter_errors(document)]

    return judge


def _said(error: ValidationError) -> str:
    return f"{'/'.join(map(str, error.instance_path))}: {error.message}"


@pytest.fixture
def town(db: None) -> Tenant:
    cache.clear()
    county()
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    make_record(found, "Baumkataster", time_start=date(2020, 1, 1), time_end=date(2020, 12, 31))
    make_record(
        found, "Radverkehr", description="", keywords=["Rad"], extent=None, time_start=date(2024, 1, 1)
    )
    make_record(found, "Stadtplan", **{**BARE, "kind": "service", "identifier": "urn:plan:7"})
    make_dataset(found, title="Bäume", features=3, public=True)
    make_plan(found, public=True)
    return found


def test_records_keep_the_schema_of_records(ask: Ask, town: Tenant, faults: Judge) -> None:
    listed = ask(ITEMS)
    assert listed["numberReturned"] >= 3
    assert faults("records/recordCollectionGeoJSON", listed) == []
    for one in listed["features"]:
        assert faults("records/recordGeoJSON", ask(f"{ITEMS}/{one['id']}")) == []
    assert faults("records/collection", ask("/ogc/collections/katalog")) == []


def test_schema_finds_what_is_wrong(ask: Ask, town: Tenant, faults: Judge) -> None:
    """Else the tests beside it would say nothing."""
    one = ask(ITEMS)["features"][0]
    for member in ("id", "geometry", "properties"):
        assert faults("records/recordGeoJSON", {key: each for key, each in one.items() if key != member})
    assert faults("records/recordGeoJSON", {**one, "time": {"interval": ["gestern", ".."]}})
    assert faults("records/recordGeoJSON", {**one, "geometry": {"type": "Polygon"}})
    assert faults("records/recordGeoJSON", {**one, "links": [{"rel": "self"}]})
    assert faults("features/featureCollectionGeoJSON", {"type": "FeatureCollection"})


def test_features_and_collections_keep_the_schemas_of_features(ask: Ask, town: Tenant, faults: Judge) -> None:
    assert faults("features/landingPage", ask("/ogc/")) == []
    assert faults("features/confClasses", ask("/ogc/conformance")) == []
    assert faults("features/exception", ask("/ogc/collections/fehlt", status=404)) == []
    collections = ask("/ogc/collections")
    assert faults("features/collections", collections) == []
    names = [one["id"] for one in collections["collections"]]
    assert len(names) >= 3
    for name in names:
        assert faults("features/collection", ask(f"/ogc/collections/{name}")) == []
        items = ask(f"/ogc/collections/{name}/items")
        assert items["features"], name
        assert faults("features/featureCollectionGeoJSON", items) == []
        one = ask(f"/ogc/collections/{name}/items/{items['features'][0]['id']}")
        assert faults("features/featureGeoJSON", one) == []
