"""Attributes: their names and types, values as JSON texts, and what a declared data format asks of them."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from json.encoder import encode_basestring  # in C
from typing import Any

import numpy as np
import numpy.typing as npt

from twin.catalogue.formats.model import Array, Field
from twin.catalogue.formats.notes import Notes

LONGEST_NAME = 63  # characters
# Words that the interfaces' addresses use themselves (OGC API Features, Part 1 to 3): ?limit=… could not ask for an attribute.
RESERVED = frozenset({"after", "bbox", "bbox-crs", "crs", "datetime", "f", "filter", "filter-crs", "filter-lang", "limit", "offset", "properties", "skipgeometry", "sortby", "token"})  # fmt: skip
_SIGNS = re.compile(r"[\x00-\x1f\x7f\"\\]+")
_GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9]\d{0,17})")  # 007 is no number but a key
_NUMBER = re.compile(r"[-+]?(?:(?:0|[1-9]\d*)(?:[.,]\d+)?|[1-9]\d{0,2}(?:\.\d{3})+,\d+)(?:[eE][-+]?\d{1,3})?")
_YES, _NO = frozenset({"ja", "true", "wahr"}), frozenset({"nein", "false", "falsch"})
_CHOICES_SHOWN = 300  # characters


def renamed(fields: Sequence[Field], notes: Notes, *, meant: Mapping[str, str]) -> tuple[Field, ...]:
    """With names that each address one attribute: no two alike, none of those that the interfaces need themselves.

    meant: label -> name where a data format has one for it."""
    open_names = dict(meant)
    taken: set[str] = {name.lower() for name in meant.values()}
    found = []
    for number, field in enumerate(fields, 1):
        if field.label in open_names:
            found.append(Field(open_names.pop(field.label), field.label, field.type))
            continue
        bare = _SIGNS.sub("_", field.label).strip()[:LONGEST_NAME] or f"spalte_{number}"
        name = f"{bare}_" if bare.lower() in RESERVED else bare
        if name != bare:
            notes.of_file("attribute.reserved", attribute=bare, name=name)
        if name.lower() in taken:
            name = _free(name, taken)
            notes.of_file("attribute.duplicate", severity="warning", attribute=bare, name=name)
        taken.add(name.lower())
        found.append(Field(name, field.label, field.type))
    return tuple(found)


def _free(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name[: LONGEST_NAME - 5]}_{number}".lower() in taken:
        number += 1
    return f"{name[: LONGEST_NAME - 5]}_{number}"


# --- values


def number_of(text: str) -> float | None:
    """Of a number as people write it: 1234.5, 1234,5 or 1.234,5."""
    bare = text.strip()
    if not _NUMBER.fullmatch(bare):
        return None
    return float(bare.replace(".", "").replace(",", ".") if "," in bare else bare)


def _integer(text: str) -> int | None:
    return int(text) if _INTEGER.fullmatch(text.strip()) else None


def _boolean(text: str) -> bool | None:
    bare = text.strip().lower()
    return True if bare in _YES else False if bare in _NO else None


def _date(text: str) -> str | None:
    bare = text.strip()
    if found := _GERMAN_DATE.fullmatch(bare):
        bare = f"{found.group(3)}-{found.group(2):0>2}-{found.group(1):0>2}"
    try:
        return date.fromisoformat(bare).isoformat() if len(bare) == 10 else None
    except ValueError:
        return None


def _datetime(text: str) -> str | None:
    """In UTC where the text names an offset: what is compared as text must mean the same moment."""
    bare = text.strip()
    try:
        found = datetime.fromisoformat(bare) if len(bare) > 10 else None
        return (found.astimezone(UTC) if found.tzinfo else found).isoformat() if found else None
    except (ValueError, OverflowError):
        return None


def in_utc(column: Array) -> Array:
    """A column of moments as GDAL writes them; what is none of ours stays as it is."""
    return np.array(
        [None if value is None else _datetime(value) or value for value in column.tolist()], dtype=object
    )


_READERS = {
    "integer": _integer,
    "number": number_of,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
}


def read_as(kind: str, value: Any) -> Any:
    """A value as this type, None where it is none of it. kind: one of TYPES; value: not None."""
    if kind == "string":
        return value if isinstance(value, str) else _plain(value)
    if isinstance(value, bool):
        return value if kind == "boolean" else None
    if isinstance(value, int | float):
        return _number_as(kind, value)
    text = value.isoformat() if isinstance(value, date | datetime) else str(value)
    if kind == "date" and len(text) > 10 and text[10:].strip("T0:Z+ ") == "":
        text = text[:10]
    return _READERS[kind](text)


def _plain(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _number_as(kind: str, value: float) -> Any:
    if kind == "number":
        return float(value)
    if kind == "integer":
        return int(value) if float(value).is_integer() else None
    return bool(value) if kind == "boolean" and value in (0, 1) else None


def guessed(values: Sequence[Any]) -> str:
    """The narrowest type that all values of a table's column are of; None: empty."""
    there = [value for value in values if value is not None]
    kinds = ("boolean", "integer", "number", "date", "datetime")
    if not there:
        return "string"
    for kind in kinds:
        if all(read_as(kind, value) is not None for value in there[:50]) and all(read_as(kind, value) is not None for value in there):  # fmt: skip
            return kind
    return "string"


def typed(values: Sequence[Any], kind: str) -> tuple[list[Any], list[int]]:
    """Values as this type, and the indexes of those that are not; those become None."""
    found: list[Any] = [None if value is None or value == "" else read_as(kind, value) for value in values]
    wrong = [
        index
        for index, value in enumerate(values)
        if found[index] is None and value is not None and value != ""
    ]
    return found, wrong


# --- as JSON


def texts(column: Array, kind: str) -> list[str]:
    """Each value as JSON; a float that is none as null."""
    values = column.tolist()
    if kind == "string":
        return ["null" if value is None else encode_basestring(_text(value)) for value in values]
    if kind in {"date", "datetime"}:
        return ["null" if value is None else f'"{value}"' for value in values]
    if kind == "boolean":
        return [
            "null" if value is None or value != value else "true" if value else "false" for value in values
        ]
    if kind == "integer":
        return ["null" if value is None or value != value else str(int(value)) for value in values]
    return ["null" if value is None or value - value != 0 else repr(float(value)) for value in values]


def _text(value: Any) -> str:
    """Without NUL, which PostgreSQL takes in no text, nor halves of signs."""
    text = value if isinstance(value, str) else str(value)
    return text if text.isprintable() else text.replace("\0", "").encode("utf-8", "replace").decode()


def is_empty(column: Array) -> npt.NDArray[np.bool_]:
    if column.dtype.kind == "f":
        return np.isnan(column)
    if column.dtype.kind == "O":
        return np.array([value is None or value == "" for value in column], dtype=bool)
    return np.zeros(len(column), dtype=bool)


# --- a declared data format


def checked(
    column: Array, wanted: Mapping[str, Any], *, numbers: npt.NDArray[np.int64], notes: Notes
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """The column with values of the declared type, and which rows break the format. wanted: see DataFormat.fields."""
    name = str(wanted["name"])
    raw = [None if value != value else value for value in column.tolist()]
    values, wrong = typed(raw, str(wanted["type"]))
    bad = np.zeros(len(values), dtype=bool)
    bad[wrong] = True
    notes.of_rows(
        "format.type", ((numbers[i], raw[i]) for i in wrong), attribute=name, type=str(wanted["type"])
    )
    if wanted.get("required"):
        empty = [i for i, value in enumerate(raw) if value is None or value == ""]
        bad[empty] = True
        notes.of_rows("format.required", ((numbers[i], None) for i in empty), attribute=name)
    if choices := wanted.get("choices"):
        known = set(choices)
        other = [i for i, value in enumerate(values) if value is not None and value not in known]
        bad[other] = True
        shown = ", ".join(map(str, choices))[:_CHOICES_SHOWN]
        notes.of_rows(
            "format.choice", ((numbers[i], values[i]) for i in other), attribute=name, choices=shown
        )
    return np.array(values, dtype=object), bad
