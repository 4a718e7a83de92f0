"""Documents leave as they came; edits touch only what was edited."""

import io
from pathlib import Path

import pytest
import shapely
from lxml import etree

from planning.xplanung import writer
from planning.xplanung.reader import FeatureRecord, Reader
from planning.xplanung.schema import schema
from tests.factories import xplanung as samples
from tests.planning.xplanung.leaves import Leaf, leaves

REAL = ["rub/v4_0/BP2070.gml", "rub/v5_0_1/BP2070.gml", "rub/v5_0_1/BP2135.gml", "rub/v5_0_1/Demo.gml", "rub/v5_0_1/LA22.gml", "rub/v5_0_1/LA67.gml", "sagis/bp_plan.gml", "sagis/bp_plan1.gml"]  # fmt: skip


def read(data: bytes) -> tuple[list[FeatureRecord], Reader]:
    reader = Reader(io.BytesIO(data), srid=25833)
    return [record for batch in reader.batches() for record in batch], reader


def whole(data: bytes) -> bytes:
    records, reader = read(data)
    return b"".join(writer.whole(reader.frame, ((record.before, record.raw) for record in records)))


def part(data: bytes) -> bytes:
    records, reader = read(data)
    return b"".join(writer.part(reader.frame, (record.raw for record in records)))


@pytest.mark.parametrize("version", samples.VERSIONS)
@pytest.mark.parametrize("write", [whole, part])
def test_untouched_document_has_the_same_leaves(version: str, write: object) -> None:
    extra = '<xplan:Fmin uom="m2">250</xplan:Fmin>'
    data = samples.document(
        version, samples.plan(version), samples.bereich(version), samples.area(version, extra=extra)
    )

    assert leaves(write(data)) == leaves(data)  # type: ignore[operator]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_encoding_does_not_change_the_leaves(encoding: str) -> None:
    text = samples.simple_plan("6.0").decode().replace("UTF-8", encoding.removesuffix("-sig"))

    assert leaves(whole(text.encode(encoding))) == leaves(text.encode(encoding))


@pytest.mark.parametrize("name", REAL)
def test_real_file_leaves_as_it_came(name: str, shared_data: Path) -> None:
    data = (shared_data / "xplan" / name).read_bytes()

    assert leaves(whole(data)) == leaves(data)


def test_one_plan_of_several_leaves_alone() -> None:
    data = samples.document(
        "6.0", samples.plan("6.0"), samples.bereich("6.0"), samples.plan("6.0", gml_id="PLAN_2")
    )
    records, reader = read(data)

    one = b"".join(writer.part(reader.frame, [records[2].raw]))

    alone = samples.document("6.0", samples.plan("6.0", gml_id="PLAN_2"))
    assert leaves(one) == leaves(alone)


def test_answer_of_a_service_states_the_new_count() -> None:
    root = b'<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xplan="http://www.xplanung.de/xplangml/5/3" numberMatched="7" numberReturned="7">'
    data = root + b"<wfs:member>" + samples.plan("5.3").encode() + b"</wfs:member></wfs:FeatureCollection>"
    records, reader = read(data)

    one = b"".join(writer.part(reader.frame, [records[0].raw], count=1))

    assert leaves(one) == leaves(data.replace(b'"7"', b'"1"'))


def edit(changes: dict[str, object]) -> tuple[list[Leaf], list[Leaf]]:
    """Leaves of an area before and after an edit."""
    records, reader = read(
        samples.document(
            "6.0", samples.area("6.0", extra="<xplan:GFZ>0.6</xplan:GFZ><xplan:GRZ>0.3</xplan:GRZ>")
        )
    )
    raw = writer.edited(records[0].raw, changes, schema=schema("6.0"), namespaces=reader.frame.namespaces)
    before = b"".join(writer.part(reader.frame, [records[0].raw]))
    after = b"".join(writer.part(reader.frame, [raw]))
    return leaves(before), leaves(after)


def test_edit_changes_one_leaf() -> None:
    before, after = edit({"GFZ": "0.8"})

    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [(old[1], new[1]) for old, new in changed] == [("0.6", "0.8")]


def test_edit_inserts_in_schema_order() -> None:
    _before, after = edit({"text": "Hinweis", "Fmin": {"@text": "250", "@uom": "m2"}, "GFZ": None})

    names = [
        leaf[0].rpartition("}")[2]
        for leaf in after
        if leaf[0].count("{") == 4 and "xplangml" in leaf[0].rpartition("{")[2]
    ]
    assert names == [
        "text",
        "gehoertZuBereich",
        "rechtscharakter",
        "position",
        "flaechenschluss",
        "Fmin",
        "GRZ",
    ]


def test_unknown_property_is_refused() -> None:
    with pytest.raises(writer.NotWritable, match="erfunden"):
        edit({"erfunden": "x"})


def created_plan() -> bytes:
    facts = schema("6.0")
    outline = shapely.set_srid(shapely.box(400000, 5660000, 400100, 5660100), 25833)
    plan = {
        "bereich": {"@href": "#B"},
        "name": "Neu & <frei>",
        "raeumlicherGeltungsbereich": outline,
        "gemeinde": {"@type": "XP_Gemeinde", "gemeindeName": "Meißen", "ags": "14627140"},
        "planArt": "1000",
        "staedtebaulicherVertrag": False,
    }
    bereich = {
        "gehoertZuPlan": {"@href": "#P"},
        "nummer": 0,
        "geltungsbereich": shapely.set_srid(shapely.multipolygons([outline]), 25833),
    }
    objects = [
        writer.created("BP_Plan", "P", plan, schema=facts),
        writer.created("BP_Bereich", "B", bereich, schema=facts),
    ]
    return b"".join(writer.part(writer.new_frame(facts, gml_id="D"), objects))


def test_created_plan_is_read_back() -> None:
    records, reader = read(created_plan())

    assert records[0].properties["name"] == "Neu & <frei>"
    assert records[0].properties["gemeinde"] == [
        {"@type": "XP_Gemeinde", "ags": "14627140", "gemeindeName": "Meißen"}
    ]
    assert shapely.equals(records[0].geometry, shapely.box(400000, 5660000, 400100, 5660100))
    assert [finding.rule for finding in reader.findings] == []


def test_created_plan_is_valid_by_the_schema(shared_data: Path) -> None:
    xsd = etree.XMLSchema(etree.parse(shared_data / "xplan/ref/xsd/XPlanGML_6_0/XPlanung-Operationen.xsd"))

    xsd.assertValid(etree.fromstring(created_plan()))
