"""The reader on documents written for the tests and on the real ones at hand."""

import io
from pathlib import Path
from typing import Any

import pytest
import shapely
from lxml import etree

from planning.xplanung.findings import MESSAGES, UnreadableFile
from planning.xplanung.reader import FeatureRecord, Reader
from planning.xplanung.rules import RULES
from planning.xplanung.scanner import Limits
from tests.factories import xplanung as samples

SRID = 25833


def read(data: bytes, **options: object) -> tuple[list[FeatureRecord], Reader]:
    reader = Reader(io.BytesIO(data), srid=SRID, **options)  # type: ignore[arg-type]
    return [record for batch in reader.batches() for record in batch], reader


def rules(reader: Reader) -> set[str]:
    return {finding.rule for finding in reader.findings}


def refusal(data: bytes, **options: object) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read(data, **options)
    assert caught.value.finding.message  # every parameter of the sentence is there
    return caught.value


@pytest.mark.parametrize("version", samples.VERSIONS)
def test_reader_gives_every_object_with_its_facts(version: str) -> None:
    records, reader = read(samples.simple_plan(version))

    assert [(record.gml_id, record.feature_type, record.order) for record in records] == [
        ("PLAN_1", "BP_Plan", 0),
        ("PLAN_1_B", "BP_Bereich", 1),
        ("BT_1", "BP_BaugebietsTeilFlaeche", 2),
    ]
    assert reader.version == version
    assert reader.plan_count == 1
    assert records[0].properties["name"] == "Am Weinberg"
    assert records[0].properties["gemeinde"] == [
        {"@type": "XP_Gemeinde", "ags": "14627140", "gemeindeName": "Meißen"}
    ]
    assert records[0].geometry == shapely.from_wkt(
        f"POLYGON(({'400000 5660000, 400100 5660000, 400100 5660100, 400000 5660100, 400000 5660000'}))"
    )
    assert [(reference.name, reference.target, reference.order) for reference in records[1].references] == [
        ("gehoertZuPlan", "PLAN_1", 0)
    ]
    assert reader.findings == []


@pytest.mark.parametrize("version", samples.VERSIONS)
def test_frame_and_objects_are_the_document_again(version: str) -> None:
    data = samples.simple_plan(version)
    records, reader = read(data)

    assert (
        reader.frame.head + b"".join(record.before + record.raw for record in records) + reader.frame.tail
        == data
    )


def test_line_is_the_line_in_the_file() -> None:
    data = samples.simple_plan("6.0")
    records, _reader = read(data)

    for record in records:
        assert f'gml:id="{record.gml_id}"'.encode() in data.split(b"\n")[record.line - 1]


def test_several_plans_in_one_file_are_counted() -> None:
    _records, reader = read(
        samples.document("5.4", samples.plan("5.4"), samples.plan("5.4", gml_id="PLAN_2"))
    )

    assert reader.plan_count == 2


def test_dangling_reference_is_reported_with_object_and_line() -> None:
    _records, reader = read(samples.document("6.0", samples.plan("6.0")))

    (finding,) = reader.findings
    assert (finding.rule, finding.gml_id, finding.params["target"]) == (
        "reference.unresolved",
        "PLAN_1",
        "#PLAN_1_B",
    )
    assert finding.line == 4


def test_objects_of_nested_feature_collections_are_found() -> None:
    inner = f"<wfs:SimpleFeatureCollection><wfs:member>{samples.plan('5.3', gml_id='B')}</wfs:member></wfs:SimpleFeatureCollection>"
    body = f"<wfs:member>{samples.plan('5.3', gml_id='A')}</wfs:member><wfs:additionalObjects>{inner}</wfs:additionalObjects>"
    data = (
        '<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xplan="http://www.xplanung.de/xplangml/5/3">{body}</wfs:FeatureCollection>'
    )
    records, reader = read(data.encode())

    assert [record.gml_id for record in records] == ["A", "B"]
    assert reader.frame.member == "wfs:member"


def test_namespaces_declared_below_the_root_stay_with_the_object() -> None:
    namespaces = (
        'xmlns:xplan="http://www.xplanung.de/xplangml/5/3" xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    data = f'<g:FeatureCollection xmlns:g="http://www.opengis.net/gml/3.2"><g:featureMember xmlns:gml="http://www.opengis.net/gml/3.2" {namespaces}>{samples.plan("5.3")}</g:featureMember></g:FeatureCollection>'
    records, _reader = read(data.encode())

    assert records[0].raw.startswith(
        b'<xplan:BP_Plan xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xplan='
    )


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        lambda text: text.replace("UTF-8", "windows-1252").encode("cp1252"),
        lambda text: text.replace("UTF-8", "UTF-16").encode("utf-8-sig"),
    ],
    ids=["bom", "utf-16", "latin-1", "windows-1252", "bom against declaration"],
)
def test_encodings_give_the_same_text(encode: object) -> None:
    records, _reader = read(encode(samples.simple_plan("6.0").decode()))  # type: ignore[operator]

    assert records[0].properties["gemeinde"][0]["gemeindeName"] == "Meißen"
    assert "Meißen".encode() in records[0].raw


DEEP = f"<a>{'<b>' * 10_000}{'</b>' * 10_000}</a>"
BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'
XXE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "file.empty"),
        (b" \n ", "file.empty"),
        (b"PK\x03\x04 no xml at all", "file.not_xml"),
        (b"no xml at all", "file.not_xml"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n", "file.not_xml"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "xml.dtd"),
        (b"<html><body>404</body></html>", "file.html"),
        (b"<html><body>404<br></body></html>", "file.html"),
        (b"<kml/>", "xplan.none"),
        (samples.simple_plan("6.0").replace(b'"UTF-8"', b'"UTF=8"'), "xml.broken"),
        (samples.simple_plan("6.0").replace(b'version="1.0"', b"version='1.0\""), "xml.broken"),
        (BOMB.encode(), "xml.dtd"),
        (XXE.encode(), "xml.dtd"),
        (b"<a>&undefined;</a>", "xml.broken"),
        (DEEP.encode(), "xml.too_deep"),
        (samples.document("6.0", samples.plan("6.0", name=DEEP)), "xml.too_deep"),
        (samples.simple_plan("6.0")[:900], "xml.truncated"),
        (samples.simple_plan("6.0")[:-5], "xml.truncated"),
        (samples.simple_plan("6.0").replace("Meißen".encode(), "Meißen".encode("latin-1")), "xml.encoding"),
        (samples.simple_plan("6.0").replace(b"UTF-8", b"klingon"), "xml.encoding_unknown"),
        (samples.simple_plan("6.0").replace(b"</xplan:name>", b"</xplan:nam>", 1), "xml.broken"),
        (samples.simple_plan("6.0").replace(b"xplangml/6/0", b"xplangml/3/0"), "xplan.version"),
    ],
)  # fmt: skip
def test_unusable_file_is_refused_by_name(data: bytes, rule: str) -> None:
    assert refusal(data).finding.rule == rule


def test_refusal_names_the_line() -> None:
    data = samples.simple_plan("6.0").replace("Meißen".encode(), "Meißen".encode("latin-1"))

    assert refusal(data).finding.line == 4


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        (Limits(file=1000), "file.too_large"),
        (Limits(piece=500), "xml.object_too_large"),
    ],
)
def test_sizes_are_limited(limits: Limits, rule: str) -> None:
    assert refusal(samples.simple_plan("6.0"), limits=limits).finding.rule == rule


def test_huge_attribute_is_refused_before_it_is_complete() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"<a b='" + b"x" * (size - 6) if self.given == size else b"x" * size

    source = Endless()
    with pytest.raises(UnreadableFile) as caught:
        list(Reader(source, srid=SRID, limits=Limits(token=2 << 20)).batches())  # type: ignore[arg-type]
    assert caught.value.finding.rule == "xml.token_too_large"
    assert source.given < 4 << 20


def test_file_without_plan_is_an_error() -> None:
    _records, reader = read(samples.document("6.0", samples.area("6.0")))

    assert "xplan.no_plan" in rules(reader)


def test_unknown_type_missing_and_double_ids_are_findings() -> None:
    area = samples.area("6.0")
    odd = "<xplan:BP_Erfunden/>"
    records, reader = read(samples.simple_plan("6.0", area, odd))

    assert len(records) == 5
    assert rules(reader) == {"xplan.duplicate_id", "xplan.unknown_type", "xplan.no_id"}


def test_script_and_markup_in_text_stays_text() -> None:
    records, _reader = read(
        samples.document(
            "6.0", samples.plan("6.0", name="&lt;script&gt;alert(1)&lt;/script&gt; '; DROP TABLE")
        )
    )

    assert records[0].properties["name"] == "<script>alert(1)</script> '; DROP TABLE"


def test_attributes_of_values_are_kept() -> None:
    extra = '<xplan:Fmin uom="m2">250</xplan:Fmin><xplan:GFZ>0.6</xplan:GFZ>'
    records, _reader = read(samples.document("6.0", samples.area("6.0", extra=extra)))

    assert records[0].properties["Fmin"] == {"@text": "250", "@uom": "m2"}
    assert records[0].properties["GFZ"] == "0.6"


def test_every_finding_has_a_sentence() -> None:
    folder = Path(__file__).resolve().parents[3] / "planning" / "xplanung"
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py")))
    unused = [key for key in MESSAGES if source.count(f'"{key}"') < 2 and not key.startswith("semantic.")]
    families = {f"semantic.{rule.check.family}" for rule in RULES if rule.checked}

    assert unused == []
    assert {key for key in MESSAGES if key.startswith("semantic.")} == families


def gml_ids(data: bytes) -> list[str]:
    """Ids of the objects as lxml finds them."""
    features: Any = etree.fromstring(data).xpath(
        "//*[contains(namespace-uri(), 'xplangml') and not(ancestor::*[contains(namespace-uri(), 'xplangml') and local-name() != 'XPlanAuszug']) and local-name() != 'XPlanAuszug']"
    )
    return [str(node.get("{http://www.opengis.net/gml/3.2}id")) for node in features]


def test_reference_to_the_wrong_type_is_a_finding() -> None:
    data = samples.simple_plan("6.0").replace(
        b'gehoertZuBereich xlink:href="#PLAN_1_B"', b'gehoertZuBereich xlink:href="#PLAN_1"'
    )
    (finding,) = read(data)[1].findings

    assert (finding.rule, finding.gml_id, finding.params["expected"]) == (
        "reference.wrong_type",
        "BT_1",
        "XP_Bereich",
    )


@pytest.mark.parametrize(
    ("features", "named"),
    [
        (
            [
                samples.area("6.0", bereich_id="BT_2"),
                samples.area("6.0", gml_id="BT_2", bereich_id="BT_1"),
            ],
            {"BT_1", "BT_2"},
        ),
        ([samples.area("6.0", bereich_id="BT_1")], {"BT_1"}),
    ],
    ids=["each other", "itself"],
)
def test_references_in_a_circle_are_findings(features: list[str], named: set[str]) -> None:
    data = samples.document("6.0", samples.plan("6.0"), samples.bereich("6.0"), *features)
    records, reader = read(data)

    assert len(records) == 2 + len(features)
    assert {(finding.rule, finding.gml_id) for finding in reader.findings} == {
        ("reference.wrong_type", gml_id) for gml_id in named
    }


REAL = ["rub/v4_0/BP2070.gml", "rub/v5_0_1/BP2070.gml", "rub/v5_0_1/BP2135.gml", "rub/v5_0_1/Demo.gml", "rub/v5_0_1/LA22.gml", "rub/v5_0_1/LA67.gml", "sagis/bp_plan.gml", "sagis/bp_plan1.gml"]  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_real_file_is_read_whole(name: str, shared_data: Path) -> None:
    data = (shared_data / "xplan" / name).read_bytes()
    records, reader = read(data)

    assert (
        reader.frame.head + b"".join(record.before + record.raw for record in records) + reader.frame.tail
        == data
    )
    assert [record.gml_id for record in records] == gml_ids(data)
    assert all(finding.message for finding in reader.findings)
