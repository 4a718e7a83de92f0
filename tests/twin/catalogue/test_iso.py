"""An entry as ISO 19139, held against the standard's schema and read by OWSLib."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from owslib.iso import MD_Metadata

from tenants.models import Tenant
from tests.factories.records import BARE, make_record
from tests.factories.tenants import TenantFactory
from twin.catalogue import iso
from twin.catalogue.entries import entry_of
from twin.catalogue.models import Record, Theme

pytestmark = pytest.mark.django_db
GML = "http://www.opengis.net/gml/3.2"
# What the schema of metadata refers to and the profile of GML that lies beside it leaves out.
MISSING = """<element name="UnitDefinition" type="anyType"/><element name="AbstractCRS" type="anyType"/>
<element name="AbstractTimePrimitive" type="anyType"/>
<element name="TimePeriod" type="anyType" substitutionGroup="gml:AbstractTimePrimitive"/>"""


class Beside(etree.Resolver):
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]
        if "gml/3.2.1" in system_url:
            path = self.folder / "gmlProfile" / "gmlProfilexplan.xsd"
            text = path.read_text(encoding="utf-8")
            end = text.rindex("</")
            return self.resolve_string(text[:end] + MISSING + text[end:], context, base_url=str(path))
        if "xlink" in system_url:
            (path,) = (self.folder / "xlink" / "1.0.0").glob("*.xsd")
            return self.resolve_filename(str(path), context)  # type: ignore[attr-defined]
        return None


@pytest.fixture(scope="module")
def schema(shared_data: Path) -> etree.XMLSchema:
    folder = shared_data / "xplan" / "ref" / "xsd" / "XPlanGML_4_0"
    parser = etree.XMLParser()
    parser.resolvers.add(Beside(folder))
    path = folder / "iso" / "19139" / "20070417" / "gmd" / "gmd.xsd"
    return etree.XMLSchema(etree.parse(str(path), parser))


@pytest.fixture
def town() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    return found


def written(record: Record) -> Any:
    """As a client gets it."""
    return etree.fromstring(etree.tostring(iso.metadata(entry_of(record), key=str(record.public_id))))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        BARE,
        {"kind": "series", "inspire_themes": ["Bodennutzung"]},
        {"time_end": None},
        {"time_start": None, "topics": ["no topic"]},
        {"themes": [theme.value for theme in Theme], "topics": []},
        {"title": "Bäume <&> \x0b \ufffe", "description": "]]>", "contact_email": "", "language": "xx"},
        {"distributions": [], "service": {"type": "WMS", "url": "https://example.org/wms", "layer": "x"}},
    ],
)
def test_metadata_of_data_is_valid(town: Tenant, schema: etree.XMLSchema, fields: dict[str, Any]) -> None:
    found = written(make_record(town, **{"title": "Baumkataster", **fields}))
    assert schema.validate(found), schema.error_log


def test_schema_sees_a_wrong_order(town: Tenant, schema: etree.XMLSchema) -> None:
    found = written(make_record(town))
    found.append(found[0])
    assert not schema.validate(found)


def test_owslib_reads_what_was_said(town: Tenant) -> None:
    record = make_record(town, inspire_themes=["Bodennutzung"])
    found = MD_Metadata(written(record))
    (said,) = found.identification
    assert (found.identifier, found.hierarchy, found.languagecode) == (
        str(record.public_id),
        "dataset",
        "ger",
    )
    assert (said.title, said.abstract) == (record.title, record.description)
    assert {word.name for group in said.keywords for word in group.keywords} == {
        "Baum",
        "Straße",
        "Bodennutzung",
    }
    assert said.otherconstraints == ["noLimitations", "http://dcat-ap.de/def/licenses/dl-by-de/2.0", "Quellenvermerk: Stadt Meißen"]  # fmt: skip
    assert (said.denominators, said.topiccategory) == (["5000"], ["environment"])
    assert (said.temporalextent_start, said.temporalextent_end) == ("2020-01-01", "2025-12-31")
    assert said.bbox.minx.startswith("13.3")
    assert [place.url for place in found.distribution.online] == [
        "https://example.org/baeume.csv",
        "https://example.org/wms?",
    ]


@pytest.mark.parametrize(("kind", "service"), [("WMS", "view"), ("WFS", "download"), ("CSW", "discovery")])
def test_owslib_reads_a_service(town: Tenant, kind: str, service: str) -> None:
    record = make_record(
        town, kind="service", distributions=[], service={"type": kind, "url": "https://example.org/ows"}
    )
    found = MD_Metadata(written(record))
    (said,) = found.identification
    assert (found.hierarchy, said.type) == ("service", service)
    (operation,) = said.operations
    assert (
        operation["connectpoint"][0].url == f"https://example.org/ows?SERVICE={kind}&REQUEST=GetCapabilities"
    )
