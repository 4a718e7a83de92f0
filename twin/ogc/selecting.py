"""What of a collection is asked for: parameters of a request -> conditions in SQL."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _

from twin.ogc import crs
from twin.ogc.collections import TILE, Collection
from twin.ogc.cql2.errors import FilterRefused
from twin.ogc.cql2.reading import read
from twin.ogc.cql2.sql import Sql, Vocabulary, contains, translate
from twin.ogc.crs import CRS84, Crs, Place
from twin.ogc.errors import ParameterRefused

LANGUAGES = ("cql2-text", "cql2-json")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True)
class Condition:
    """by_index: an index finds what fits, so that few cost little however many there are."""

    text: str
    parameters: tuple[Any, ...]
    by_index: bool = False


@dataclass(frozen=True)
class Selection:
    """conditions: all must hold. is_computed: a filter of the stranger's own is among them, which may fail or take long."""

    conditions: tuple[Condition, ...] = ()
    is_computed: bool = False

    @property
    def by_index(self) -> bool:
        return all(one.by_index for one in self.conditions)

    @property
    def text(self) -> str:
        return "".join(f" AND {one.text}" for one in self.conditions)

    @property
    def parameters(self) -> tuple[Any, ...]:
        return tuple(value for one in self.conditions for value in one.parameters)


def selection(collection: Collection, asked: Mapping[str, str]) -> Selection:
    """asked: parameters by name, all of them known. Raises ParameterRefused."""
    found: list[Condition] = []
    if "bbox" in asked:
        found.append(in_box(collection, asked["bbox"], system(asked, "bbox-crs")))
    if asked.get("datetime") and (condition := _at_time(collection, asked["datetime"])):
        found.append(condition)
    found += [_equal(name, asked[name], kind) for name, kind in collection.types.items() if name in asked]
    computed = "filter" in asked
    if computed:
        found.append(_filter(collection, asked))
    return Selection(tuple(found), is_computed=computed)


def system(asked: Mapping[str, str], parameter: str) -> Crs:
    """The reference system that this parameter names; without it degrees. Raises ParameterRefused."""
    found = crs.named(asked[parameter]) if parameter in asked else CRS84
    if found is None:
        raise ParameterRefused(parameter, _("This reference system is not offered."))
    return found


# --- places


def in_box(collection: Collection, text: str, system: Crs) -> Condition:
    """Raises ParameterRefused."""
    return inside(collection, numbers("bbox", text), system)


def numbers(parameter: str, text: str) -> list[float]:
    """Raises ParameterRefused."""
    parts = text.split(",")
    if not all(_NUMBER.fullmatch(part.strip()) for part in parts):
        raise ParameterRefused(parameter, _("Numbers with commas between them are expected."))
    return [float(part) for part in parts]


def inside(collection: Collection, box: Sequence[float], system: Crs) -> Condition:
    """Raises ParameterRefused."""
    try:
        places = crs.box(box, system)
    except ValueError as error:
        raise ParameterRefused("bbox", _(str(error))) from None
    conditions = [_meets(place, collection) for place in places]
    return _either(conditions)


def _meets(place: Place, collection: Collection) -> Condition:
    """The index finds the box; of what is found, only what lies at its edge is looked at exactly, which costs half as much as finding it."""
    column, shape, near = _where(place, collection)
    exact, values = f"ST_Intersects(f.{column}, {shape.text})", shape.parameters
    if place.core and column == place.column:
        exact = f"(f.{column} @ ST_MakeEnvelope(%s, %s, %s, %s, {place.srid}) OR {exact})"
        values = (*place.core, *values)
    return Condition(
        f"({near.text} AND {exact})", (*near.parameters, *values), by_index=collection.source.has_mercator
    )


def _where(place: Place, collection: Collection) -> tuple[str, Sql, Sql]:
    """Column, SQL of the geometry as it is compared with it, and the condition by which the index finds what lies near it."""
    stored = collection.source.has_mercator
    place = place if stored else crs.in_utm(place)
    shape = Sql(f"ST_GeomFromWKB(%s, {place.srid})", (place.wkb,), "geometry")
    if stored and place.srid != crs.MERCATOR:
        box = f"ST_MakeEnvelope(%s, %s, %s, %s, {crs.MERCATOR})"
        return place.column, shape, Sql(f"f.{TILE} && {box}", crs.around(place), "truth")
    return place.column, shape, Sql(f"f.{place.column} && {shape.text}", shape.parameters, "truth")


def _either(conditions: list[Condition]) -> Condition:
    text = " OR ".join(one.text for one in conditions)
    values = tuple(value for one in conditions for value in one.parameters)
    return Condition(f"({text})", values, by_index=all(one.by_index for one in conditions))


def with_keys(keys: Iterable[str]) -> Condition:
    return Condition("f.key = ANY(%s)", (list(keys),), by_index=True)


# --- times


def _at_time(collection: Collection, text: str) -> Condition | None:
    """Without an attribute of time everything fits."""
    first, last = interval(text)
    kind = collection.types.get(collection.time_field)
    if kind not in {"date", "datetime"}:
        return None
    length = 10 if kind == "date" else 19
    column = f"left(replace(f.properties->>%s, ' ', 'T'), {length}) COLLATE \"C\""
    parts: list[str] = []
    values: list[str] = []
    for moment, sign, rest in ((first, ">=", "T00:00:00"), (last, "<=", "T23:59:59")):
        if moment:
            parts.append(f"{column} {sign} %s")
            values += [collection.time_field, (moment + rest if len(moment) == 10 else moment)[:length]]
    return Condition(f"({' AND '.join(parts)})", tuple(values))


def interval(text: str) -> tuple[str | None, str | None]:
    """A moment as both ends, or first/last where .. or nothing leaves an end open. Raises ParameterRefused."""
    ends = text.split("/")
    if len(ends) > 2 or all(end in {"", ".."} for end in ends):
        raise ParameterRefused(
            "datetime", _("A moment or an interval is expected, such as 2026-01-01/2026-12-31.")
        )
    moments = [None if end in {"", ".."} and len(ends) == 2 else _moment(end) for end in ends]
    first, last = moments[0], moments[-1]
    if first and last and first > last:
        raise ParameterRefused("datetime", _("The interval ends before it begins."))
    return first, last


def _moment(text: str) -> str:
    """A day, or a second in UTC."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text).isoformat()
        found = datetime.fromisoformat(text.upper())
        return (found.astimezone(UTC) if found.tzinfo else found).strftime("%Y-%m-%dT%H:%M:%S")
    except (ValueError, OverflowError):
        raise ParameterRefused(
            "datetime", _("A moment is expected, such as 2026-03-01 or 2026-03-01T12:00:00Z.")
        ) from None


# --- attributes


def _equal(name: str, text: str, kind: str) -> Condition:
    found = contains(name, _value(name, text, kind))
    return Condition(found.text, found.parameters, by_index=True)


def _value(name: str, text: str, kind: str) -> Any:
    if kind in {"integer", "number"}:
        if not _NUMBER.fullmatch(text) or len(text) > 40:
            raise ParameterRefused(name, _("A number is expected."))
        return float(text) if not re.fullmatch(r"-?\d+", text) else int(text)
    if kind == "boolean":
        if text not in {"true", "false"}:
            raise ParameterRefused(name, _("true or false is expected."))
        return text == "true"
    if "\0" in text:
        raise ParameterRefused(name, _("The text holds a character that can't be stored."))
    return text


# --- CQL2


def _filter(collection: Collection, asked: Mapping[str, str]) -> Condition:
    language = asked.get("filter-lang", "cql2-text")
    if language not in LANGUAGES:
        raise ParameterRefused(
            "filter-lang", _("One of these is expected: %(choices)s") % {"choices": ", ".join(LANGUAGES)}
        )
    given = system(asked, "filter-crs")
    try:
        tree = read(asked["filter"], language=language)
        return stated(collection, tree, lambda node: _literal(node, given))
    except FilterRefused as error:
        raise ParameterRefused("filter", error.said(_)) from None


def stated(collection: Collection, tree: Any, place: Callable[[Any], Place]) -> Condition:
    """What a tree of CQL2 states. place: of a geometry in it; raises ValueError. Raises FilterRefused."""
    words = Vocabulary(
        collection.types,
        lambda node: _where(place(node), collection),
        has_geometry=bool(collection.geometry_type),
    )
    found = translate(tree, words)
    return Condition(found.text, found.parameters)


def _literal(node: Any, system: Crs) -> Place:
    """Raises ValueError."""
    if "bbox" not in node:
        return crs.placed(crs.from_geojson(node), system)
    try:
        places = crs.box([float(number) for number in node["bbox"]], system)
    except TypeError:
        raise ValueError(_("A box is four numbers.")) from None
    if len(places) != 1:
        raise ValueError(_("A box in a filter can't cross the antimeridian."))
    return places[0]
