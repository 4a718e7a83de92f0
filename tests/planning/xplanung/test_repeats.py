"""An object that repeats the markup of one before gets the verdict that a full check gives it."""

import re
from pathlib import Path

import pytest
from lxml import etree

from planning.xplanung.repeats import taken_apart
from planning.xplanung.scanner import Limits, Scanner, declarations
from planning.xplanung.schema import schema, version_of
from planning.xplanung.structure import StructureCheck
from tests.factories import xplanung as samples

V = "6.0"
GOOD = samples.area(V, gml_id="A_1", extra='<xplan:Fmin uom="m2">250</xplan:Fmin>')
OTHER = re.sub("A_1", "A_2", GOOD).replace("250", "7.5").replace("400000 5660000", "400000.5 5660000.5")
NAMESPACES = {
    "xplan": schema(V).namespace,
    "gml": "http://www.opengis.net/gml/3.2",
    "xlink": "http://www.w3.org/1999/xlink",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}


def parsed(raw: str) -> etree._Element:
    return etree.fromstring(b"<w" + declarations(NAMESPACES) + b">" + raw.encode() + b"</w>")[0]


def both(*raws: str) -> StructureCheck:
    """The quick check, once its verdict is known to be that of the full one."""
    quick, full = StructureCheck(schema(V)), StructureCheck(schema(V))
    for raw in raws:
        quick.object(raw.encode(), parsed(raw), line=7)
        full.element(parsed(raw), line=7)
    assert (quick.findings, quick.broken) == (full.findings, full.broken)
    return quick


def times_in_full(monkeypatch: pytest.MonkeyPatch, *raws: str) -> int:
    calls: list[int] = []
    in_full = StructureCheck.element

    def counted(self: StructureCheck, element: etree._Element, *, line: int) -> None:
        calls.append(line)
        in_full(self, element, line=line)

    check = StructureCheck(schema(V))
    monkeypatch.setattr(StructureCheck, "element", counted)
    for raw in raws:
        check.object(raw.encode(), parsed(raw), line=7)
    return len(calls)


def test_valid_repeat_is_judged_by_its_values_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert both(GOOD, OTHER).findings == []
    assert times_in_full(monkeypatch, GOOD, OTHER, OTHER.replace("A_2", "A_3")) == 1


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("1000<", "1001<", "structure.code"),
        ("7.5", "seven", "structure.value"),
        ("400000.5 ", "400000,5 ", "structure.value"),
        ("true", "maybe", "structure.value"),
        ('"A_2"', '"2 A"', "structure.attribute"),
        ('"A_2"', '"A_1"', "structure.duplicate_id"),
        ('"A_2_P"', '"A_2"', "structure.duplicate_id"),
        ("#PLAN_1_B", "#%zz", "structure.attribute"),
        (' uom="m2"', ' unit="m2"', "structure.unknown_attribute"),
        ("</xplan:position>", "</xplan:position>text", "structure.text"),
    ],
)
def test_broken_repeat_is_told_as_by_the_full_check(old: str, new: str, rule: str) -> None:
    assert old in OTHER
    check = both(GOOD, OTHER.replace(old, new), OTHER.replace("A_2", "A_4"))
    assert rule in {finding.rule for finding in check.findings}
    assert {finding.line for finding in check.findings} == {7}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("7.5", "&#55;.5"),
        ("7.5", "<![CDATA[7.5]]>"),
        ("7.5", "7<!-- seven -->.5"),
        ('uom="m2"', "uom='m2'"),
        ('uom="m2"', 'xsi:type="gml:AreaType" uom="m2"'),
        ("<xplan:Fmin ", '<xplan:Fmin xmlns:a="b" '),
        ("7.5", "\r\n7.5\r\n"),
    ],
)
def test_unusual_markup_changes_no_verdict(old: str, new: str) -> None:
    unusual = OTHER.replace(old, new)
    again = unusual.replace("A_2", "A_3")
    check = both(GOOD, unusual, again, again.replace("A_3", "A_5").replace("1000<", "1001<"))
    assert [finding.rule for finding in check.findings if finding.gml_id != "A_5"] == []
    assert check.broken == 1


def test_objects_are_alike_but_for_their_values() -> None:
    assert taken_apart(b'<a b="1">\n  <c>x</c> <d/>\n</a>') == (
        '<a b\0">\n  <c\0</c> <d/>\n</a>\0="\0>',
        ["1", "x"],
    )
    (markup, values), (other, others) = taken_apart(GOOD.encode()), taken_apart(OTHER.encode())
    assert markup == other
    assert [(old, new) for old, new in zip(values, others, strict=True) if old != new] == [
        ("A_1", "A_2"),
        ("A_1_P", "A_2_P"),
        (samples.SQUARE, samples.SQUARE.replace("400000 5660000", "400000.5 5660000.5")),
        ("250", "7.5"),
    ]


@pytest.mark.parametrize("name", ["rub/v5_0_1/LA22.gml", "rub/v4_0/BP2070.gml", "sagis/bp_plan.gml"])
def test_real_plans_get_the_same_verdict(shared_data: Path, name: str) -> None:
    with (shared_data / "xplan" / name).open("rb") as source:
        scanner = Scanner(source, limits=Limits())
        pieces = list(scanner.pieces())
    facts = schema(version_of(pieces[0].namespace) or "")
    quick, full = StructureCheck(facts), StructureCheck(facts)
    opening = b"<w" + declarations(scanner.frame.namespaces) + b">"
    for piece in pieces:
        element = etree.fromstring(opening + piece.raw + b"</w>")[0]
        quick.object(piece.raw, element, line=piece.line)
        full.element(element, line=piece.line)
    assert (quick.findings, quick.broken) == (full.findings, full.broken)
