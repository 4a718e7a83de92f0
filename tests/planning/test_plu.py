"""A plan as INSPIRE Planned Land Use: elements and their order are those of the schema, codes those of our table."""

import re
from datetime import date
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.test import Client
from django.urls import reverse
from lxml import etree

from planning.models import Plan
from planning.xplanung.inspire import table
from planning.xplanung.inspire.writing import BASE, GML, PLU, XLINK
from planning.xplanung.schema import VERSIONS, schema
from tenants.models import Tenant
from tenants.scope import acting_for
from tests.factories.planning import add_object, make_plan, square
from tests.factories.tenants import TenantFactory

pytestmark = pytest.mark.django_db
# Properties in the order of PlannedLandUse.xsd 4.0.1; * may be left out, + may repeat.
ORDER = {
    "SpatialPlan": "inspireId extent beginLifespanVersion officialTitle levelOfSpatialPlan endLifespanVersion* validFrom* validTo* alternativeTitle planTypeName processStepGeneral backgroundMap ordinance+ officialDocument+ member*+ restriction*+",
    "ZoningElement": "inspireId geometry validFrom* validTo* hilucsLandUse+ beginLifespanVersion hilucsPresence specificLandUse+ specificPresence regulationNature endLifespanVersion* processStepGeneral backgroundMap dimensioningIndication*+ officialDocument+ plan",
    "SupplementaryRegulation": "validFrom* validTo* specificSupplementaryRegulation+ processStepGeneral backgroundMap beginLifespanVersion dimensioningIndication*+ inspireId endLifespanVersion* geometry inheritedFromOtherPlans specificRegulationNature name*+ regulationNature supplementaryRegulation+ officialDocument+ plan",
    "OfficialDocumentation": "inspireId legislationCitation* regulationText* planDocument*",
}
OBJECTS: list[dict[str, Any]] = [
    {"gml_id": "1 x", "flaechenschluss": True, "rechtscharakter": "1000", "properties": {"besondereArtDerBaulNutzung": "1600"}},
    {"gml_id": "w", "feature_type": "BP_WaldFlaeche", "flaechenschluss": True, "rechtscharakter": "1000", "properties": {"name": "Forst <& \x01>"}},
    {"gml_id": "w", "feature_type": "BP_Wegerecht", "flaechenschluss": False, "properties": {}},
    {"gml_id": "", "feature_type": "BP_BauGrenze", "geometry": GEOSGeometry("LINESTRING(385000 5668000, 385100 5668000)", srid=25833), "properties": {}},
    {"gml_id": "p", "feature_type": "BP_AnpflanzungBindungErhaltung", "geometry": GEOSGeometry("POINT(385050 5668050)", srid=25833), "rechtscharakter": "2000", "properties": {}},
    {"gml_id": "bow", "feature_type": "BP_GruenFlaeche", "flaechenschluss": True, "geometry": GEOSGeometry("POLYGON((385000 5668000, 385010 5668010, 385010 5668000, 385000 5668010, 385000 5668000))", srid=25833), "properties": {}},
    {"gml_id": "t", "feature_type": "XP_TextAbschnitt", "geometry": None, "properties": {}},
]  # fmt: skip


@pytest.fixture
def plan() -> Plan:
    tenant: Tenant = TenantFactory.create(name="Meißen", slug="meissen")
    found = make_plan(
        tenant,
        public=True,
        legal_status="4000",
        valid_from=date(2020, 1, 2),
        dates={"satzungsbeschlussDatum": ["2019-11-12"]},
    )
    version = found.current_version
    assert version is not None
    with acting_for([tenant.pk], [tenant.pk]):
        for position, row in enumerate(OBJECTS):
            add_object(version, position, **{"geometry": square(385_000 + 100 * position), **row})
    return found


def features(plan: Plan) -> list[etree._Element]:
    root = etree.fromstring(Client().get(reverse("planning:inspire", args=[plan.public_id])).content)
    return [member[0] for member in root]


def of(found: list[etree._Element], name: str) -> list[etree._Element]:
    return [each for each in found if each.tag == f"{{{PLU}}}{name}"]


def codes(element: etree._Element, name: str) -> list[str]:
    return [
        str(each.get(f"{{{XLINK}}}href")).rpartition("/")[2] for each in element.findall(f"{{{PLU}}}{name}")
    ]


def test_properties_stand_in_the_order_of_the_schema(plan: Plan) -> None:
    found = features(plan)
    assert [etree.QName(each).localname for each in found] == ["SpatialPlan", "OfficialDocumentation", "ZoningElement", "ZoningElement", "SupplementaryRegulation", "SupplementaryRegulation", "SupplementaryRegulation", "ZoningElement"]  # fmt: skip
    for each in found:
        pattern = "".join(
            rf"(?:{re.escape(name.rstrip('*+'))} ){_times(name)}"
            for name in ORDER[etree.QName(each).localname].split()
        )
        assert re.fullmatch(pattern, "".join(f"{etree.QName(child).localname} " for child in each)), (
            etree.QName(each)
        )


def _times(name: str) -> str:
    return ("*" if "*" in name else "+") if "+" in name else ("?" if "*" in name else "")


def test_ids_are_unique_and_references_lead_somewhere(plan: Plan) -> None:
    found = features(plan)
    ids = [
        str(node.get(f"{{{GML}}}id")) for each in found for node in each.iter() if node.get(f"{{{GML}}}id")
    ]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", one) for one in ids)
    targets = {
        str(node.get(f"{{{XLINK}}}href"))
        for each in found
        for node in each.iter()
        if node.get(f"{{{XLINK}}}href")
    }
    assert {one[1:] for one in targets if one.startswith("#")} <= set(ids)
    keys = [each.findtext(f".//{{{BASE}}}localId") for each in found]
    assert len(keys) == len(set(keys))


def test_what_the_plan_says_becomes_codes(plan: Plan) -> None:
    found = features(plan)
    (spatial,) = of(found, "SpatialPlan")
    assert (codes(spatial, "levelOfSpatialPlan"), codes(spatial, "processStepGeneral")) == (
        ["infraLocal"],
        ["legalForce"],
    )
    assert spatial.findtext(f".//{{{PLU}}}ordinanceDate") == "2019-11-12T00:00:00"
    assert (len(codes(spatial, "member")), len(codes(spatial, "restriction"))) == (3, 3)
    assert [codes(each, "hilucsLandUse") for each in of(found, "ZoningElement")] == [
        ["3_1_CommercialServices", "5_2_ResidentialUseWithOtherCompatibleUses"],
        ["1_2_Forestry"],
        ["3_4_4_OpenAirRecreationalAreas"],
    ]
    rules = of(found, "SupplementaryRegulation")
    assert [codes(each, "supplementaryRegulation") for each in rules] == [
        ["4_1_PublicEasement"],
        ["6_2_BoundaryLine"],
        ["3_1_NaturalHeritageProtection"],
    ]
    assert [each.findtext(f"{{{PLU}}}inheritedFromOtherPlans") for each in rules] == [
        "false",
        "false",
        "true",
    ]


def test_geometries_are_measured_as_drawn(plan: Plan) -> None:
    found = features(plan)
    zone = of(found, "ZoningElement")[0]
    numbers = [float(text) for text in str(zone.findtext(f".//{{{GML}}}posList")).split()]
    ring = shapely.Polygon(list(zip(numbers[::2], numbers[1::2], strict=True)))
    assert ring.area == 10_000
    assert shapely.is_ccw(ring.exterior)
    assert (
        len(of(found, "ZoningElement")[2].findall(f".//{{{GML}}}Polygon")) == 2
    )  # what crossed itself is two areas
    kinds = [
        each.findall(f"{{{PLU}}}geometry/*")[0].tag.rpartition("}")[2]
        for each in of(found, "SupplementaryRegulation")
    ]
    assert kinds == ["MultiSurface", "MultiCurve", "MultiPoint"]


def test_the_table_names_types_and_codes_of_the_standard() -> None:
    known = {found.name for version in VERSIONS for found in schema(version).feature_types()}
    assert set(table.LAND_USES) | set(table.REGULATIONS) | set(table.BUILDING) <= known
    area = schema("6.0").feature_type("BP_BaugebietsTeilFlaeche")
    assert area is not None
    assert set(table.SPECIAL_USES) | {"9999"} == set(area.by_name["besondereArtDerBaulNutzung"].values)
    assert set(table.GENERAL_USES) | {"9999"} == set(area.by_name["allgArtDerBaulNutzung"].values)


@pytest.mark.parametrize(
    ("kind", "character", "version", "nature"),
    [
        ("BP_WaldFlaeche", "1000", "6.0", "generallyBinding"),
        ("FP_WaldFlaeche", "3000", "6.0", "bindingOnlyForAuthorities"),
        ("BP_WaldFlaeche", "2000", "6.0", "definedInLegislation"),
        ("BP_WaldFlaeche", "6000", "6.0", "nonBinding"),
        ("BP_WaldFlaeche", "1000", "5.4", "generallyBinding"),
        ("FP_WaldFlaeche", "1000", "4.1", "bindingOnlyForAuthorities"),
        ("BP_WaldFlaeche", "3000", "5.4", "nonBinding"),
    ],
)
def test_how_binding_a_provision_is(kind: str, character: str, version: str, nature: str) -> None:
    assert table.nature(kind, character, version) == nature
