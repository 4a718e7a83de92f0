"""A plan as GeoJSON and GeoPackage, read back by GDAL; its record read back by rdflib."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.test import Client
from django.urls import reverse
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF

from planning.metadata import PLU
from planning.models import Plan, PlanDocument, ProcedureStep
from tenants.models import Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.planning import add_object, make_plan, square
from tests.factories.tenants import TenantFactory, member

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    return found


def shaped(plan: Plan) -> None:
    """An area, a line, a point, a text without a place, two objects of one id, and columns that differ by case alone."""
    version = plan.current_version
    assert version is not None
    line = GEOSGeometry("LINESTRING(385000 5668000, 385100 5668000)", srid=25833)
    rows: list[dict[str, Any]] = [
        {"gml_id": "a", "properties": {"GRZ": "0.4", "grz": "x", "aufschrift": ["A", "B"], "refTextInhalt": [{"@href": "#t"}]}},
        {"gml_id": "a", "geometry": square(385_200), "properties": {"DN": {"@text": "30", "@uom": "grad"}, "dachgestaltung": [{"@type": "BP_Dachgestaltung", "DNmin": "10"}]}},
        {"gml_id": "l", "feature_type": "BP_BauGrenze", "geometry": line, "properties": {}},
        {"gml_id": "p", "feature_type": "BP_AnpflanzungBindungErhaltung", "geometry": GEOSGeometry("POINT(385050 5668050)", srid=25833), "properties": {"gml:name": "Eiche"}},
        {"gml_id": "", "feature_type": "BP_TextAbschnitt", "geometry": None, "properties": {"text": "Überall \"gilt\"."}},
        {"gml_id": "s", "feature_type": "XP_PTO", "properties": {}},
    ]  # fmt: skip
    with acting_for([plan.tenant_id], [plan.tenant_id]):
        for position, row in enumerate(rows):
            add_object(version, position, **row)


def url(plan: Plan, name: str) -> str:
    return reverse(f"planning:{name}", args=[plan.public_id])


def read(answer: Any) -> bytes:
    """The body; a file that nobody reads would stay open."""
    body: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body


def test_geojson_is_that_of_the_rfc(client: Client, tenant: Tenant) -> None:
    plan = make_plan(tenant, public=True)
    shaped(plan)
    told = json.loads(client.get(url(plan, "geojson")).content)
    assert "crs" not in told
    assert [each["id"] for each in told["features"]] == ["a", "@1", "l", "p", "@4"]
    first = told["features"][0]
    ring = first["geometry"]["coordinates"][0]
    assert all(13 < longitude < 14 and 51 < latitude < 52 for longitude, latitude in ring)
    assert shapely.is_ccw(shapely.LinearRing(ring))
    assert (first["properties"]["aufschrift"], first["properties"]["GRZ"]) == ("A; B", "0.4")
    assert "refTextInhalt" not in first["properties"]
    assert json.loads(told["features"][1]["properties"]["dachgestaltung"]) == {
        "@type": "BP_Dachgestaltung",
        "DNmin": "10",
    }
    assert told["features"][4]["geometry"] is None


def test_geojson_in_the_twin_s_system_names_it(client: Client, tenant: Tenant, tmp_path: Path) -> None:
    plan = make_plan(tenant, public=True)
    shaped(plan)
    path = tmp_path / "plan.geojson"
    path.write_bytes(client.get(url(plan, "geojson_25833")).content)
    info = pyogrio.read_info(path)
    assert (info["crs"], info["features"]) == ("EPSG:25833", 5)
    assert list(info["total_bounds"]) == [385_000, 5_668_000, 385_300, 5_668_100]


def test_geopackage_has_a_layer_for_each_kind(client: Client, tenant: Tenant, tmp_path: Path) -> None:
    plan = make_plan(tenant, public=True)
    shaped(plan)
    path = tmp_path / "plan.gpkg"
    answer = client.get(url(plan, "gpkg"))
    path.write_bytes(read(answer))
    layers = dict(pyogrio.list_layers(path).tolist())
    assert layers == {
        "geltungsbereich": "MultiPolygon",
        "BP_BaugebietsTeilFlaeche_flaeche": "MultiPolygon",
        "BP_BauGrenze_linie": "MultiLineString",
        "BP_AnpflanzungBindungErhaltung_punkt": "MultiPoint",
        "BP_TextAbschnitt_ohne_ort": None,
    }
    meta, _, shapes, data = pyogrio.raw.read(path, layer="BP_BaugebietsTeilFlaeche_flaeche")
    columns = dict(zip(meta["fields"], data, strict=True))
    assert meta["crs"] == "EPSG:25833"
    assert list(columns["GRZ"]) == ["0.4", None]
    assert list(columns["grz_"]) == ["x", None]
    assert sum(shapely.from_wkb(shape).area for shape in shapes) == pytest.approx(100 + 100**2)
    texts = pyogrio.raw.read(path, layer="BP_TextAbschnitt_ohne_ort")
    assert 'Überall "gilt".' in np.concatenate(texts[3]).tolist()


def test_an_empty_plan_is_exported(client: Client, tenant: Tenant) -> None:
    plan = make_plan(tenant, public=True)
    assert json.loads(client.get(url(plan, "geojson")).content)["features"] == []
    assert read(client.get(url(plan, "gpkg"))).startswith(b"SQLite format 3")


@pytest.mark.parametrize(
    "name", ["geojson", "geojson_25833", "gpkg", "inspire", "dcat_rdf", "dcat_ttl", "dcat_jsonld"]
)
def test_nothing_of_a_draft_leaves(client: Client, tenant: Tenant, name: str) -> None:
    plan = make_plan(tenant)
    assert client.get(url(plan, name)).status_code == 404
    client.force_login(member(tenant, Role.PLANNER), backend=BACKEND)
    answer = client.get(url(plan, name))
    assert answer.status_code == (404 if name.startswith("dcat") else 200)
    read(answer)


# --- the record


@pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"
)  # by rdflib's own parser
@pytest.mark.parametrize(
    ("name", "form"), [("dcat_rdf", "xml"), ("dcat_ttl", "turtle"), ("dcat_jsonld", "json-ld")]
)
def test_the_record_is_the_same_in_every_form(client: Client, tenant: Tenant, name: str, form: str) -> None:
    plan = make_plan(tenant, public=True, legal_status="4000", name="Am <Weinberg> & Elbe")
    version = plan.current_version
    assert version is not None
    with acting_for([tenant.pk], [tenant.pk]):
        ProcedureStep.objects.create(
            tenant=tenant, plan=plan, kind="publication", on="2025-03-03", until="2025-04-03", is_public=True
        )
        ProcedureStep.objects.create(
            tenant=tenant, plan=plan, kind="weighing", on="2025-05-05", is_public=False
        )
        PlanDocument.objects.create(tenant=tenant, plan=plan, version=version, title="Begründung", kind="1010", href="https://example.org/a b<c>.pdf", is_public=True)  # fmt: skip
        PlanDocument.objects.create(tenant=tenant, plan=plan, version=version, title="Geheim", href="https://example.org/geheim.pdf")  # fmt: skip
    graph = Graph().parse(data=client.get(url(plan, name)).content, format=form)
    about = URIRef(settings.BASE_URL + plan.get_absolute_url())
    codes = {str(graph.value(about, predicate)).rpartition("/")[2] for predicate in (PLU.planState, PLU.procedureState, PLU.planType, PLU.procedureType)}  # fmt: skip
    assert codes == {
        "planState#fixed",
        "procedureState#completed",
        "planType#developmentPlan",
        "procedureType#regular",
    }
    assert graph.value(about, DCTERMS.title) == Literal(str(plan), lang="de")
    steps = [str(graph.value(step, PLU.processStepType)) for step in graph.objects(about, PLU.processStep)]
    assert [step.rpartition("#")[2] for step in steps] == ["publicDisclosure"]
    files = {str(one) for one in graph.objects(about, DCAT.distribution)}
    assert "https://example.org/a%20b%3Cc%3E.pdf" in files
    assert not any("geheim" in one for one in files)
    assert len(files) == 6
    for wanted in (
        DCAT.contactPoint,
        DCTERMS.description,
        DCTERMS.identifier,
        DCTERMS.publisher,
        DCTERMS.spatial,
    ):
        assert graph.value(about, wanted) is not None  # mandatory by the profile
    assert (about, RDF.type, DCAT.Dataset) in graph


def test_every_file_of_the_record_is_there(client: Client, tenant: Tenant) -> None:
    plan = make_plan(tenant, public=True)
    graph = Graph().parse(data=client.get(url(plan, "dcat_ttl")).content, format="turtle")
    for one in graph.subjects(RDF.type, DCAT.Distribution):
        answer = client.get(str(one).removeprefix(settings.BASE_URL))
        body = read(answer)
        assert answer.status_code == 200
        if str(one).endswith(".zip"):
            assert zipfile.ZipFile(io.BytesIO(body)).testzip() is None
