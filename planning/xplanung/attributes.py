"""Properties of an object as the inputs of a form, and the answers as changes for the writer; driven by the schema facts.

A slot is one input: the path of its value among the properties ("zweckbestimmung", 0, "allgemein"), what kind of input it
takes and what it shows now. What is not asked for and what is answered as it was stays the very value it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from planning.xplanung.plans import as_list
from planning.xplanung.schema import FeatureType, Property, Schema

Input = Literal["text", "long", "integer", "number", "truth", "day", "code", "codes", "measure", "reference", "references"]  # fmt: skip
Path = tuple[str | int, ...]
Answer = str | list[str]
Answers = Mapping[Path, Answer]
Json = Any

UNITS = {"gml:LengthType": "m", "gml:AreaType": "m2", "gml:VolumeType": "m3", "gml:AngleType": "grad", "gml:ScaleType": "vH", "gml:SpeedType": "kmh"}  # fmt: skip
_INPUTS: Mapping[str, Input] = {"xs:boolean": "truth", "xs:date": "day", "xs:int": "integer", "xs:integer": "integer", "xs:nonNegativeInteger": "integer", "xs:positiveInteger": "integer", "xs:double": "number", "xs:decimal": "number"}  # fmt: skip
_LONG = {
    "text",
    "beschreibung",
    "kommentar",
    "textlicheErgaenzung",
    "massnahmeText",
    "bauweiseText",
    "nutzungText",
}
# Kept by the program itself: they follow from what lies where and from the objects there are.
KEPT = {"planinhalt", "bereich", "gehoertZuPlan", "praesentationsobjekt", "uuid"}
# Asked first where a type has them; everything else is looked for by name.
COMMON = (
    "name", "nummer", "planArt", "gemeinde", "rechtsstand", "verfahren", "beschreibung", "aufschrift", "text", "rechtscharakter", "gehoertZuBereich",
    "refTextInhalt", "flaechenschluss", "allgArtDerBaulNutzung", "besondereArtDerBaulNutzung", "GRZ", "GFZ", "Z", "bauweise", "bebauungsArt", "zweckbestimmung", "nutzungsform",
    "massnahme", "gegenstand", "typ", "ziel", "schluessel", "gesetzlicheGrundlage", "aufstellungsbeschlussDatum", "satzungsbeschlussDatum", "inkrafttretensDatum",
)  # fmt: skip
_TRUTH = {"1": "true", "0": "false"}
_DAY = len("2026-01-31")
_MOST_DEEP = 4


@dataclass(frozen=True, slots=True)
class Slot:
    """One input. shown: the value as a person reads it, "" or [] where nothing is stated. group: path of its data type."""

    path: Path
    item: Property
    input: Input
    shown: Answer
    required: bool = False

    @property
    def group(self) -> Path:
        return self.path[:-1] if isinstance(self.path[-1], str) else self.path[:-2]


def is_asked(item: Property) -> bool:
    return item.kind != "geometry" and item.name not in KEPT and not item.name.startswith("gml:")


def asked_of(
    kind: FeatureType, properties: Mapping[str, Json], *, more: Sequence[str] = ()
) -> list[Property]:
    """What the form shows at first: common, required and stated properties and those asked for (`more`), in schema order."""
    wanted = {*COMMON, *more, *(name for name, value in properties.items() if value not in ("", None))}
    return [item for item in kind.properties if is_asked(item) and (item.name in wanted or item.minimum)]


def slots(
    items: Sequence[Property],
    properties: Mapping[str, Json],
    schema: Schema,
    *,
    fresh: frozenset[str] = frozenset(),
) -> list[Slot]:
    """The inputs of these properties. fresh: names of data types of which one more is offered."""
    return [
        slot for item in items for slot in _of(item, properties.get(item.name), (item.name,), schema, fresh)
    ]


def _of(item: Property, value: Json, path: Path, schema: Schema, fresh: frozenset[str]) -> Iterator[Slot]:
    required = bool(item.minimum)
    if item.kind == "data":
        yield from _data_slots(item, value, path, schema, fresh)
    elif not _is_plain(value):
        return  # nested where the schema wants none: shown nowhere, so changed nowhere
    elif item.repeats and item.kind in ("code", "reference"):
        many: Input = "codes" if item.kind == "code" else "references"
        yield Slot(path, item, many, [shown(item, one) for one in as_list(value)], required)
    elif item.repeats:
        stated = as_list(value)
        for number, one in enumerate([*stated, None]):
            yield Slot((*path, number), item, input_of(item), shown(item, one), required and not number)
    else:
        yield Slot(path, item, input_of(item), shown(item, value), required)


def _data_slots(
    item: Property, value: Json, path: Path, schema: Schema, fresh: frozenset[str]
) -> Iterator[Slot]:
    stated = as_list(value)
    wants_one = not stated and (item.minimum or item.name in fresh)
    extra = [None] if wants_one or (item.repeats and item.name in fresh) else []
    if len(path) > _MOST_DEEP:
        return
    for number, one in enumerate([*stated, *extra]):
        kind = type_of(item, one, schema)
        if kind is None or (one is not None and not (isinstance(one, Mapping) and "@type" in one)):
            continue
        place = (*path, number) if item.repeats else path
        for inner in kind.properties:
            if is_asked(inner):
                content = one.get(inner.name) if one else None
                yield from _of(inner, content, (*place, inner.name), schema, frozenset())


def type_of(item: Property, value: Json, schema: Schema) -> FeatureType | None:
    """The data type of a value, or of one that is to be made."""
    name = value.get("@type") if isinstance(value, Mapping) else item.data_type
    return schema.feature_type(str(name)) if name else None


def input_of(item: Property) -> Input:
    if item.kind == "reference":
        return "reference"
    if item.kind == "code":
        return "code"
    if item.kind == "measure":
        return "measure"
    return _INPUTS.get(item.type, "long" if item.name in _LONG else "text")


def unit_of(item: Property, value: Json = None) -> str:
    stated = value.get("@uom") if isinstance(value, Mapping) else None
    return str(stated or UNITS.get(item.type, ""))


def shown(item: Property, value: Json) -> str:
    """The value as a person reads and writes it: numbers with a comma, days without a zone."""
    text = _text(value).strip() if item.kind != "text" else _text(value)
    kind = input_of(item)
    if kind == "truth":
        return _TRUTH.get(text.strip(), text.strip())
    if kind == "day":
        return text.strip()[:_DAY]
    return text.strip().replace(".", ",") if kind in ("number", "measure") else text


def written(item: Property, answer: str) -> str:
    """An answer as the file says it."""
    if input_of(item) not in ("number", "measure"):
        return answer
    digits = "".join(answer.split())
    return digits.replace(".", "").replace(",", ".") if "," in digits else digits


def _text(value: Json) -> str:
    if isinstance(value, Mapping):
        return str(value.get("@href") or value.get("@text") or "")
    return "" if value is None else str(value)


def _is_plain(value: Json) -> bool:
    return all(
        not isinstance(one, Mapping) or not {"@type", "@items", "@geometry"} & one.keys()
        for one in as_list(value)
    )


def changes(
    items: Sequence[Property], properties: Mapping[str, Json], answers: Answers, schema: Schema
) -> dict[str, Json]:
    """Property -> new value for the writer (None: removed), of those alone whose answers differ from what is stated."""
    found: dict[str, Json] = {}
    for item in items:
        old = properties.get(item.name)
        new = _rebuilt(item, old, (item.name,), answers, schema)
        if as_list(new) != as_list(old):
            found[item.name] = new
    return found


def _rebuilt(item: Property, old: Json, path: Path, answers: Answers, schema: Schema) -> Json:
    if item.kind == "data":
        return _rebuilt_data(item, old, path, answers, schema)
    if not _is_plain(old):
        return old
    stated = as_list(old)
    if isinstance(chosen := answers.get(path), list):
        by_text = {shown(item, one): one for one in stated}
        return [
            by_text.get(text, _leaf(item, None, text)) for text in _kept_order(chosen, list(by_text))
        ] or None
    if not item.repeats:
        return _leaf(item, old, str(answers[path])) if path in answers else old
    count = max((int(key[-1]) + 1 for key in answers if key[:-1] == path), default=0)
    values = [
        _leaf(item, stated[n] if n < len(stated) else None, str(answers.get((*path, n), "")))
        for n in range(count)
    ]
    rest = stated[count:]
    return [value for value in [*values, *rest] if value is not None] or None


def _kept_order(chosen: list[str], before: list[str]) -> list[str]:
    """What was stated before in its order, then what came new."""
    return [*(text for text in before if text in chosen), *(text for text in chosen if text not in before)]


def _leaf(item: Property, old: Json, answer: str) -> Json:
    if old is not None and answer == shown(item, old):
        return old
    text = written(item, answer)
    if not text.strip():
        return None
    if item.kind == "reference":
        return {"@href": text}
    kept = (
        {name: value for name, value in old.items() if name not in ("@text", "@nilReason")}
        if isinstance(old, Mapping)
        else {}
    )
    if item.kind == "measure" and "@uom" not in kept:
        kept["@uom"] = unit_of(item)
    return {"@text": text, **kept} if kept else text


def _rebuilt_data(item: Property, old: Json, path: Path, answers: Answers, schema: Schema) -> Json:
    stated = as_list(old)
    asked = {int(key[len(path)]) for key in answers if key[: len(path)] == path and len(key) > len(path) and item.repeats and isinstance(key[len(path)], int)}  # fmt: skip
    count = max(len(stated), max(asked, default=-1) + 1) if item.repeats else 1
    made = []
    for number in range(count):
        one = stated[number] if number < len(stated) else None
        place = (*path, number) if item.repeats else path
        made.append(_rebuilt_one(item, one, place, answers, schema))
    kept = [value for value in made if value is not None]
    if not kept:
        return None
    return kept if item.repeats else kept[0]


def _rebuilt_one(item: Property, old: Json, place: Path, answers: Answers, schema: Schema) -> Json:
    kind = type_of(item, old, schema)
    if kind is None or (old is not None and not isinstance(old, Mapping)):
        return old
    before: Mapping[str, Json] = old or {}
    values: dict[str, Json] = dict(before)
    for inner in kind.properties:
        if is_asked(inner):
            new = _rebuilt(inner, before.get(inner.name), (*place, inner.name), answers, schema)
            if new is None:
                values.pop(inner.name, None)
            elif as_list(new) != as_list(before.get(inner.name)):
                values[inner.name] = new
    if not any(not name.startswith("@") for name in values):
        return None
    return values if old is not None else {"@type": kind.name, **values}
