"""Slots of a form and back: what was not answered anew stays the very value it is."""

import io
from typing import Any

import pytest
from lxml import etree

from planning.xplanung import attributes, writer
from planning.xplanung.attributes import Answer, Path
from planning.xplanung.reader import FeatureRecord, Reader
from planning.xplanung.schema import FeatureType, schema
from planning.xplanung.structure import StructureCheck
from tests.factories import xplanung as samples
from tests.planning.xplanung.leaves import leaves

FACTS = schema("6.0")
GREEN = {
    "@type": "BP_KomplexeZweckbestGruen",
    "allgemein": "1600",
    "textlicheErgaenzung": "Spielplatz",
}


def kind_of(name: str, version: str = "6.0") -> FeatureType:
    found = schema(version).feature_type(name)
    assert found is not None
    return found


def answers(kind: FeatureType, properties: dict[str, Any], **more: Any) -> dict[Path, Answer]:
    """As the form would send them, untouched."""
    asked = attributes.asked_of(kind, properties, more=more.get("more", ()))
    fresh = frozenset(more.get("more", ()))
    return {slot.path: slot.shown for slot in attributes.slots(asked, properties, FACTS, fresh=fresh)}


def changed(
    kind: FeatureType, properties: dict[str, Any], given: dict[Path, Answer], **more: Any
) -> dict[str, Any]:
    asked = attributes.asked_of(kind, properties, more=more.get("more", ()))
    return attributes.changes(asked, properties, answers(kind, properties, **more) | given, FACTS)


AREA = {
    "gehoertZuBereich": {"@href": "#B"},
    "rechtscharakter": "1000",
    "flaechenschluss": "1",
    "GRZ": "0.40",
    "Fmin": {"@text": "250", "@uom": "m2"},
    "text": "  eins\nzwei ",
    "refTextInhalt": [{"@href": "#T2", "@title": "zwei"}, {"@href": "#T1"}],
    "detaillierteArtDerBaulNutzung": {"@text": "X", "@codeSpace": "https://codes.example"},
    "dachgestaltung": [{"@type": "BP_Dachgestaltung", "DNmin": {"@text": "25", "@uom": "grad"}}],
    "unheard": {"@items": [{"@type": "A"}, {"@type": "B"}]},
}


def test_untouched_answers_change_nothing() -> None:
    assert changed(kind_of("BP_BaugebietsTeilFlaeche"), AREA, {}) == {}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({("GRZ",): "0,6"}, {"GRZ": "0.6"}),
        ({("GRZ",): ""}, {"GRZ": None}),
        ({("Fmin",): "1.300,5"}, {"Fmin": {"@text": "1300.5", "@uom": "m2"}}),
        ({("flaechenschluss",): "false"}, {"flaechenschluss": "false"}),
        ({("Z",): "3"}, {"Z": "3"}),
        ({("detaillierteArtDerBaulNutzung",): "Y"}, {"detaillierteArtDerBaulNutzung": {"@text": "Y", "@codeSpace": "https://codes.example"}}),
        ({("refTextInhalt",): ["#T1", "#T2"]}, {}),  # the same ones
        ({("refTextInhalt",): ["#T2"]}, {"refTextInhalt": [{"@href": "#T2", "@title": "zwei"}]}),
        ({("refTextInhalt",): ["#T2", "#T1", "#T3"]}, {"refTextInhalt": [*AREA["refTextInhalt"], {"@href": "#T3"}]}),
        ({("refTextInhalt",): []}, {"refTextInhalt": None}),
        ({("dachgestaltung", 0, "DNmax"): "45"}, {"dachgestaltung": [{"@type": "BP_Dachgestaltung", "DNmin": {"@text": "25", "@uom": "grad"}, "DNmax": {"@text": "45", "@uom": "grad"}}]}),
        ({("dachgestaltung", 0, "DNmin"): ""}, {"dachgestaltung": None}),
    ],
)  # fmt: skip
def test_an_answer_changes_its_property_alone(given: dict[Path, Answer], expected: dict[str, Any]) -> None:
    assert changed(kind_of("BP_BaugebietsTeilFlaeche"), AREA, given) == expected


def test_data_types_are_made_kept_and_taken_away() -> None:
    kind = kind_of("BP_GruenFlaeche")
    one = {"zweckbestimmung": [GREEN]}
    new: dict[Path, Answer] = {("zweckbestimmung", 1, "allgemein"): "1000"}
    assert changed(kind, one, new, more=["zweckbestimmung"]) == {
        "zweckbestimmung": [GREEN, {"@type": "BP_KomplexeZweckbestGruen", "allgemein": "1000"}]
    }
    gone: dict[Path, Answer] = {
        ("zweckbestimmung", 0, name): "" for name in ("allgemein", "textlicheErgaenzung")
    }
    assert changed(kind, one, gone) == {"zweckbestimmung": None}
    measure: dict[Path, Answer] = {
        ("massnahme", 0, "massnahmeText"): "Obstwiese",
        ("massnahme", 0, "klassifizMassnahme"): "1400",
    }
    found = changed(kind_of("BP_AusgleichsFlaeche"), {}, measure, more=["massnahme"])
    assert found == {
        "massnahme": [
            {"@type": "XP_SPEMassnahmenDaten", "klassifizMassnahme": "1400", "massnahmeText": "Obstwiese"}
        ]
    }


def test_lists_of_plain_values_grow_and_shrink() -> None:
    kind = kind_of("BP_Plan")
    plan = {"name": "A", "auslegungsStartDatum": ["2026-01-01Z", "2026-02-02"]}
    slots = attributes.slots(attributes.asked_of(kind, plan), plan, FACTS)
    dates = [slot.shown for slot in slots if slot.path[0] == "auslegungsStartDatum"]
    assert dates == ["2026-01-01", "2026-02-02", ""]  # one more is always offered
    assert changed(kind, plan, {("auslegungsStartDatum", 2): "2026-03-03"}) == {
        "auslegungsStartDatum": ["2026-01-01Z", "2026-02-02", "2026-03-03"]
    }
    assert changed(kind, plan, {("auslegungsStartDatum", 0): ""}) == {"auslegungsStartDatum": ["2026-02-02"]}


def test_what_the_program_keeps_itself_is_not_asked() -> None:
    for name in ("BP_Plan", "BP_Bereich", "BP_BaugebietsTeilFlaeche"):
        asked = {item.name for item in kind_of(name).properties if attributes.is_asked(item)}
        assert not asked & {
            "bereich",
            "planinhalt",
            "gehoertZuPlan",
            "position",
            "raeumlicherGeltungsbereich",
        }
        assert asked


def read(data: bytes) -> tuple[list[FeatureRecord], Reader]:
    reader = Reader(io.BytesIO(data), srid=25833, check=True)
    return [record for batch in reader.batches() for record in batch], reader


def samples_of(slot: attributes.Slot) -> str:
    """A value that this slot takes."""
    if slot.item.values:
        return next(iter(slot.item.values))
    return {"truth": "true", "day": "2026-05-06", "integer": "3", "number": "0,5", "measure": "12,5"}.get(
        slot.input, "abc"
    )


@pytest.mark.parametrize("version", samples.VERSIONS)
def test_every_plain_attribute_of_an_object_can_be_stated_and_stays_valid(version: str) -> None:
    """Property test of the writer: each attribute alone, in every version; the rest keeps its leaves, the structure its order."""
    data = samples.simple_plan(version)
    records, reader = read(data)
    record = next(one for one in records if one.feature_type == "BP_BaugebietsTeilFlaeche")
    facts, kind = schema(version), kind_of("BP_BaugebietsTeilFlaeche", version)
    tried = 0
    for item in kind.properties:
        if not attributes.is_asked(item) or item.kind in ("reference", "data"):
            continue
        (slot, *_) = attributes.slots([item], {}, facts)
        value: Answer = [samples_of(slot)] if slot.input == "codes" else samples_of(slot)
        changes = attributes.changes([item], record.properties, {slot.path: value}, facts)
        if not changes:
            continue
        raw = writer.edited(record.raw, changes, schema=facts, namespaces=reader.frame.namespaces)
        check = StructureCheck(facts)
        check.element(etree.fromstring(raw), line=1)
        assert check.findings == [], item.name
        before, after = leaves(wrapped(record.raw, reader)), leaves(wrapped(raw, reader))
        others = [leaf for leaf in after if item.name not in leaf[0]]
        assert others == [leaf for leaf in before if item.name not in leaf[0]], item.name
        tried += 1
    assert tried > 40


def wrapped(raw: bytes, reader: Reader) -> bytes:
    return b"".join(writer.part(reader.frame, [raw]))
