"""The structure check gives XML Schema's verdict: on own, on damaged and on real documents."""

import io
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from planning.xplanung.datatypes import DataTypes
from planning.xplanung.findings import Finding
from planning.xplanung.reader import Reader
from planning.xplanung.schema import schema
from tests.factories import xplanung as samples

REAL = ["rub/v4_0/BP2070.gml", "rub/v5_0_1/BP2070.gml", "rub/v5_0_1/BP2135.gml", "rub/v5_0_1/Demo.gml", "rub/v5_0_1/LA22.gml", "rub/v5_0_1/LA67.gml", "sagis/bp_plan.gml", "sagis/bp_plan1.gml"]  # fmt: skip
XS = "http://www.w3.org/2001/XMLSchema"


def check(data: bytes) -> tuple[bool, list[Finding]]:
    reader = Reader(io.BytesIO(data), srid=25833, check=True)
    for _batch in reader.batches():
        pass
    assert reader.valid is not None
    return reader.valid, [finding for finding in reader.findings if finding.rule.startswith("structure.")]


@cache
def xsd(folder: Path, version: str) -> etree.XMLSchema:
    return etree.XMLSchema(
        etree.parse(
            folder / f"xplan/ref/xsd/XPlanGML_{version.replace('.', '_')}" / "XPlanung-Operationen.xsd"
        )
    )


def rich(version: str) -> bytes:
    """A document with many kinds of values."""
    extra = '<xplan:Fmin uom="m2">250</xplan:Fmin><xplan:GFZ>0.6</xplan:GFZ><xplan:GRZ>0.3</xplan:GRZ><xplan:Z>2</xplan:Z><xplan:besondereArtDerBaulNutzung>1200</xplan:besondereArtDerBaulNutzung>'
    curve = (
        '<gml:Polygon srsName="EPSG:25833" gml:id="BT_2_P"><gml:exterior><gml:Ring><gml:curveMember><gml:Curve gml:id="BT_2_C"><gml:segments>'
        '<gml:Arc interpolation="circularArc3Points"><gml:posList>400000 5660000 400050 5660050 400100 5660000</gml:posList></gml:Arc>'
        "<gml:LineStringSegment><gml:posList>400100 5660000 400000 5660000</gml:posList></gml:LineStringSegment>"
        "</gml:segments></gml:Curve></gml:curveMember></gml:Ring></gml:exterior></gml:Polygon>"
    )
    areas = [samples.area(version, extra=extra), samples.area(version, gml_id="BT_2", geometry=curve)]
    return samples.document(version, samples.plan(version), samples.bereich(version), *areas)


def test_newest_version_is_checked_without_xsd() -> None:
    assert check(rich("6.1")) == (True, [])
    new = (
        rich("6.1")
        .decode()
        .replace("<xplan:nummer>7/26", "<xplan:nameBasis>Weinberg</xplan:nameBasis><xplan:nummer>7/26")
    )
    assert check(new.encode()) == (True, [])
    assert [finding.rule for finding in check(new.replace("6/1", "6/0").encode())[1]] == [
        "structure.unknown_element"
    ]


@pytest.mark.parametrize("version", samples.XSD_VERSIONS)
def test_valid_document_is_valid_for_both(version: str, shared_data: Path) -> None:
    xsd(shared_data, version).assertValid(etree.fromstring(rich(version)))
    assert check(rich(version)) == (True, [])


def change(old: str, new: str) -> Callable[[str], str]:
    def changed(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return changed


DAMAGE = {
    "unknown element": (change("<xplan:nummer>7/26", "<xplan:erfunden/><xplan:nummer>7/26"), "structure.unknown_element"),
    "wrong order": (change("<xplan:planArt>1000</xplan:planArt><xplan:rechtsstand>3000</xplan:rechtsstand>", "<xplan:rechtsstand>3000</xplan:rechtsstand><xplan:planArt>1000</xplan:planArt>"), "structure.order"),
    "too often": (change("<xplan:nummer>7/26</xplan:nummer>", "<xplan:nummer>1</xplan:nummer><xplan:nummer>2</xplan:nummer>"), "structure.order"),
    "missing": (change("<xplan:planArt>1000</xplan:planArt>", ""), "structure.missing"),
    "unknown code": (change("<xplan:planArt>1000", "<xplan:planArt>4711"), "structure.code"),
    "bad date": (change("2026-11-02", "2026-02-30"), "structure.value"),
    "bad number": (change("<xplan:GFZ>0.6", "<xplan:GFZ>0,6"), "structure.value"),
    "bad integer": (change("<xplan:Z>2", "<xplan:Z>zwei"), "structure.value"),
    "bad boolean": (change("<xplan:flaechenschluss>true", "<xplan:flaechenschluss>ja"), "structure.value"),
    "bad coordinate": (change("400100 5660000 400000", "400100,5660000 400000"), "structure.value"),
    "missing uom": (change(' uom="m2"', ""), "structure.missing_attribute"),
    "unknown attribute": (change("<xplan:GFZ>", '<xplan:GFZ art="x">'), "structure.unknown_attribute"),
    "fixed attribute": (change("circularArc3Points", "linear"), "structure.attribute"),
    "double id": (change('gml:id="BT_2_P"', 'gml:id="BT_1_P"'), "structure.duplicate_id"),
    "id is no name": (change('gml:id="BT_2_P"', 'gml:id="2 P"'), "structure.attribute"),
    "text between": (change("<xplan:planArt>", "stray<xplan:planArt>"), "structure.text"),
    "unknown object": (change("<gml:featureMember>", "<gml:featureMember><xplan:BP_Erfunden/></gml:featureMember><gml:featureMember>"), "structure.unknown_type"),
    "abstract object": (change("<gml:featureMember>", '<gml:featureMember><xplan:BP_Objekt gml:id="A"/></gml:featureMember><gml:featureMember>'), "structure.unknown_type"),
    "two in one member": (change("</gml:featureMember>\n  <gml:featureMember>", ""), "structure.order"),
    "no geometry": (change("<xplan:raeumlicherGeltungsbereich>", "<xplan:raeumlicherGeltungsbereich/><xplan:x>"), "structure.unknown_element"),
}  # fmt: skip


@pytest.mark.parametrize("version", ["4.1", "5.4", "6.0"])
@pytest.mark.parametrize("name", sorted(set(DAMAGE) - {"no geometry"}))
def test_damage_is_named_and_xml_schema_agrees(name: str, version: str, shared_data: Path) -> None:
    damage, rule = DAMAGE[name]
    data = damage(rich(version).decode()).encode()

    valid, findings = check(data)

    assert not xsd(shared_data, version).validate(etree.fromstring(data))
    assert not valid
    assert rule in {finding.rule for finding in findings}
    assert all(finding.message for finding in findings)


def drop(node: etree._Element, parent: etree._Element, _chance: random.Random) -> None:
    parent.remove(node)


def double(node: etree._Element, parent: etree._Element, _chance: random.Random) -> None:
    parent.insert(0, etree.fromstring(etree.tostring(node)))


def move(node: etree._Element, parent: etree._Element, _chance: random.Random) -> None:
    parent.append(node)


def retext(node: etree._Element, _parent: etree._Element, chance: random.Random) -> None:
    if not len(node):
        node.text = chance.choice(["", "1000", "x", "-1", "true", " 12 ", "2026-01-01", "a b", "http://a b", "#x", "1e3", "NaN", "INF", "+1", "01"])  # fmt: skip


def space(node: etree._Element, _parent: etree._Element, _chance: random.Random) -> None:
    if not len(node):
        node.text = f"\n {node.text or ''}\t"


def attribute(node: etree._Element, _parent: etree._Element, chance: random.Random) -> None:
    name = chance.choice(
        ["uom", "codeSpace", "nilReason", "srsName", "owns", "{http://www.w3.org/1999/xlink}href"]
    )
    node.set(name, chance.choice(["m2", "true", "", "a b", "unknown", "other:x", "other:xy"]))


def rename(node: etree._Element, parent: etree._Element, chance: random.Random) -> None:
    node.tag = chance.choice(list(parent.getroottree().iter(etree.Element))).tag


def unattribute(node: etree._Element, _parent: etree._Element, chance: random.Random) -> None:
    for name in list(node.attrib)[:1]:
        del node.attrib[name]


MUTATIONS = [drop, double, move, retext, space, attribute, rename, unattribute]


def mutate(root: etree._Element, chance: random.Random) -> None:
    """One small change anywhere, most of them damage."""
    node = chance.choice(list(root.iter(etree.Element))[1:])
    parent = node.getparent()
    assert parent is not None
    chance.choice(MUTATIONS)(node, parent, chance)


@pytest.mark.slow
@pytest.mark.parametrize("version", samples.XSD_VERSIONS)
def test_random_damage_gets_the_same_verdict(version: str, shared_data: Path) -> None:
    chance = random.Random(f"damage {version}")
    facts = xsd(shared_data, version)
    different = []
    for _round in range(80):
        root = etree.fromstring(rich(version))
        mutate(root, chance)
        data = etree.tostring(root)
        valid, findings = check(data)
        if valid != facts.validate(etree.fromstring(data)):
            different.append(
                (
                    [finding.message for finding in findings],
                    str(facts.error_log),
                    data,
                )
            )

    assert different == []


@pytest.mark.parametrize("name", REAL)
def test_real_file_gets_the_same_verdict(name: str, shared_data: Path) -> None:
    data = (shared_data / "xplan" / name).read_bytes()
    reader = Reader(io.BytesIO(data), srid=25833, check=True)
    list(reader.batches())

    assert reader.valid == xsd(shared_data, reader.version).validate(etree.fromstring(data))


@pytest.mark.parametrize("stated", ["xplan:BP_PlanType", "xplan:Erfunden", "nix:da", "xs:string", ""])
def test_stated_types_never_crash(stated: str, shared_data: Path) -> None:
    namespaces = f'xmlns:xs="{XS}" xmlns:xsi="{XS}-instance"'
    for name in ("<xplan:nummer", "<xplan:BP_Bereich", "<gml:Envelope", "<xplan:gemeinde"):
        data = rich("6.0").replace(name.encode(), f'{name} {namespaces} xsi:type="{stated}"'.encode(), 1)
        assert check(data)[0] == xsd(shared_data, "6.0").validate(etree.fromstring(data))


def test_finding_names_object_line_and_value() -> None:
    data = rich("6.0").replace(b"<xplan:GFZ>0.6", b"\n<xplan:GFZ>hoch")
    (finding,) = check(data)[1]

    assert (finding.gml_id, finding.params["element"], finding.params["value"]) == ("BT_1", "GFZ", "hoch")
    assert b"<xplan:GFZ>hoch" in data.split(b"\n")[(finding.line or 0) - 1]


def test_feature_collection_of_a_service_is_no_xplan_document() -> None:
    data = rich("6.0").replace(b"xplan:XPlanAuszug", b"gml:Sammlung")

    assert [finding.rule for finding in check(data)[1]] == ["structure.root"]


VALUES = {
    "xs:double": ["1", "-1.5", "+.5", "1.", "1e5", "1E-5", "INF", "-INF", "NaN", "", ".", "1,5", "inf", " 1 ", "1 2", "1_0", "0x1"],
    "xs:integer": ["1", "-0", "+7", "1.0", "", " 3", "9" * 30],
    "xs:int": ["2147483647", "2147483648", "-2147483648", "1.0"],
    "xs:positiveInteger": ["1", "0", "+2", "-1", "007"],
    "xs:nonNegativeInteger": ["0", "-0", "-1", "5"],
    "xs:boolean": ["true", "1", "TRUE", " false ", "ja", ""],
    "xs:date": ["2026-11-22", "2026-02-29", "2024-02-29", "2026-1-1", "2026-11-22Z", "2026-11-22+01:00", "2026-11-22+15:00", "0000-01-01", "-0044-03-15", "12026-01-01", "22.11.2026", " 2026-11-22 ", ""],
    "xs:NCName": ["a", "_1", "1a", "a:b", "ä-1", "", "a b"],
    "xs:anyURI": ["", "a b", "http://a.de/b?c=d#e", "http://a.de/%zz", "http://a.de/%20", "D:\\Downloads\\x.pdf", "urn:adv:crs:ETRS89_UTM32", "#GML_1", "##", "a[b", "http://[::1]/", "http://a:port/", "../x.png", "Plan ä.pdf", "Plän.pdf", "http://a.de/{x}", ":x", "1:x", "mailto:a@b.de", "//a/b", "?x", "a#b[1]", "100%"],
    "xs:duration": ["P1Y", "PT5M", "P", "PT", "-P1D", "1Y"],
    "xs:time": ["12:00:00", "24:00:01", "12:00"],
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(VALUES))
def test_values_are_judged_as_libxml2_does(name: str) -> None:
    own = etree.XMLSchema(
        etree.fromstring(f'<xs:schema xmlns:xs="{XS}"><xs:element name="a" type="{name}"/></xs:schema>')
    )
    verdict = DataTypes({}).check(name)
    different = []
    for value in VALUES[name]:
        element = etree.Element("a")
        element.text = value
        if own.validate(element) != verdict(value):
            different.append(value)

    assert different == []


def test_enumerations_keep_white_space() -> None:
    data = DataTypes(schema("6.0").simple)

    assert data.check("BP_Rechtsstand")("1000")
    assert not data.check("BP_Rechtsstand")(" 1000")
