"""Tree -> SQL with parameters. Every value of the stranger's is a parameter; names of attributes are looked up first.

Attributes lie in a JSONB column, each of a declared type. Numbers are compared as numbers only where the stored value is one, so that
no value can make the query fail. Moments are ISO 8601 texts, compared as such: a date by its ten characters, a time by nineteen.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from twin.ogc.cql2.errors import WORDS, FilterRefused, named
from twin.ogc.messages import _

GEOMETRY = "geometry"
_COMPARISONS = {"=": "=", "<>": "<>", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_ARITHMETIC = {"+": "{} + {}", "-": "{} - {}", "*": "{} * {}", "/": "{} / NULLIF({}, 0)", "%": "{} %% NULLIF({}, 0)",
               "div": "trunc({} / NULLIF({}, 0))", "^": "power({}::float8, {}::float8)::numeric"}  # fmt: skip
_SPATIAL = {f"s_{name}": f"ST_{name.title()}" for name in ("intersects", "equals", "disjoint", "touches", "within", "overlaps", "crosses", "contains")}  # fmt: skip
# a, b: the two operands; each has a beginning (s) and an end (e).
_TEMPORAL = {
    "t_after": "{as} > {be}",
    "t_before": "{ae} < {bs}",
    "t_contains": "{as} < {bs} AND {ae} > {be}",
    "t_disjoint": "{ae} < {bs} OR {as} > {be}",
    "t_during": "{as} > {bs} AND {ae} < {be}",
    "t_equals": "{as} = {bs} AND {ae} = {be}",
    "t_finishedBy": "{as} < {bs} AND {ae} = {be}",
    "t_finishes": "{as} > {bs} AND {ae} = {be}",
    "t_intersects": "{as} <= {be} AND {ae} >= {bs}",
    "t_meets": "{ae} = {bs}",
    "t_metBy": "{as} = {be}",
    "t_overlappedBy": "{as} > {bs} AND {as} < {be} AND {ae} > {be}",
    "t_overlaps": "{as} < {bs} AND {ae} > {bs} AND {ae} < {be}",
    "t_startedBy": "{as} = {bs} AND {ae} > {be}",
    "t_starts": "{as} = {bs} AND {ae} < {be}",
}
_EARLIEST, _LATEST = "", "~"  # before and after every ISO text
_SCALARS = {"text", "number", "boolean", "date", "datetime"}
_KINDS = {"string": "text", "integer": "number", "number": "number", "boolean": "boolean", "date": "date", "datetime": "datetime"}  # fmt: skip


@dataclass(frozen=True)
class Sql:
    """Text with %s for each of its parameters. kind: text, number, boolean, date, datetime, geometry, or truth (a condition).

    literal: the value itself where it is one.
    """

    text: str
    parameters: tuple[Any, ...]
    kind: str
    literal: Any = None


@dataclass(frozen=True)
class Span:
    start: Sql
    end: Sql


@dataclass(frozen=True)
class Vocabulary:
    """What a filter may speak of. types: attribute -> string, integer, number, boolean, date or datetime.

    place: GeoJSON geometry or {"bbox": …} -> (name of the column it is compared with, SQL of the geometry, condition by which an
    index finds what lies near it). Raises ValueError.
    """

    types: Mapping[str, str]
    place: Callable[[Any], tuple[str, Sql, Sql]]
    has_geometry: bool = True
    alias: str = field(default="f")


def translate(tree: Any, words: Vocabulary) -> Sql:
    """The condition that a tree states. Raises FilterRefused."""
    return _Translator(words).truth(tree)


class _Translator:
    def __init__(self, words: Vocabulary) -> None:
        self.words = words
        self.positive = True  # not below a NOT, where what is false differs from what is unknown

    # --- conditions

    def truth(self, node: Any) -> Sql:
        if isinstance(node, bool):
            return Sql("TRUE" if node else "FALSE", (), "truth")
        if not isinstance(node, dict):
            raise FilterRefused(_("A condition is expected, there stands %(found)s."), found=named(node))
        if "op" not in node:
            found = self.value(node)
            if found.kind != "boolean":
                raise FilterRefused(_("A condition is expected, there stands %(found)s."), found=named(node))
            return Sql(found.text, found.parameters, "truth")
        return self.operation(node)

    def operation(self, node: dict[str, Any]) -> Sql:
        op, args = _operation(node)
        if op in _COMPARISONS:
            return self.comparison(op, *_exactly(2, op, args))
        if op in _SPATIAL:
            return self.spatial(op, *_exactly(2, op, args))
        if op in _TEMPORAL:
            return self.temporal(op, *_exactly(2, op, args))
        special: dict[str, Callable[..., Sql]] = {
            "and": lambda: self.joined("AND", args),
            "or": lambda: self.joined("OR", args),
            "not": lambda: self.negated(*_exactly(1, op, args)),
            "like": lambda: self.like(*_exactly(2, op, args)),
            "between": lambda: self.between(*_exactly(3, op, args)),
            "in": lambda: self.one_of(*_exactly(2, op, args)),
            "isNull": lambda: self.is_null(*_exactly(1, op, args)),
        }
        if op not in special:
            raise FilterRefused(_("“%(name)s” is not supported here."), name=op)
        return special[op]()

    def joined(self, word: str, args: list[Any]) -> Sql:
        if not args:
            raise FilterRefused(_("%(name)s needs conditions."), name=word)
        return _join(f" {word} ", [self.truth(one) for one in args])

    def negated(self, node: Any) -> Sql:
        before, self.positive = self.positive, False
        found = self.truth(node)
        self.positive = before
        return Sql(f"(NOT {found.text})", found.parameters, "truth")

    def comparison(self, op: str, left: Any, right: Any) -> Sql:
        a, b = self.value(left), self.value(right)
        if not _comparable(a, b):
            raise FilterRefused(
                _("%(left)s and %(right)s can't be compared: the one is %(kind)s, the other %(other)s."),
                left=named(left),
                right=named(right),
                kind=WORDS[a.kind],
                other=WORDS[b.kind],
            )
        a, b = _same(a, b)
        if op == "=" and self.positive and _is_plain(left, a) and b.literal is not None:
            return contains(left["property"], b.literal, alias=self.words.alias)
        if a.kind not in _SCALARS:
            raise FilterRefused(_("Geometries are compared by S_EQUALS."))
        return Sql(f"({a.text} {op} {b.text})", (*a.parameters, *b.parameters), "truth")

    def like(self, left: Any, pattern: Any) -> Sql:
        a, b = self.value(left), self.value(pattern)
        if (a.kind, b.kind) != ("text", "text"):
            raise FilterRefused(
                _("LIKE compares texts, not %(left)s with %(right)s."),
                left=named(left),
                right=named(pattern),
            )
        return Sql(f"({a.text} LIKE {b.text})", (*a.parameters, *b.parameters), "truth")

    def between(self, value: Any, low: Any, high: Any) -> Sql:
        return _join(" AND ", [self.comparison(">=", value, low), self.comparison("<=", value, high)])

    def one_of(self, value: Any, choices: Any) -> Sql:
        if not isinstance(choices, list) or not choices:
            raise FilterRefused(_("IN needs a list with at least one value."))
        return _join(" OR ", [self.comparison("=", value, one) for one in choices])

    def is_null(self, node: Any) -> Sql:
        if self.is_geometry(node):
            return Sql(f"({self.words.alias}.geometry IS NULL)", (), "truth")
        found = self.value(node)
        return Sql(f"({found.text} IS NULL)", found.parameters, "truth")

    # --- values

    def value(self, node: Any) -> Sql:
        if isinstance(node, bool):
            return Sql("%s", (node,), "boolean", node)
        if isinstance(node, int | float):
            return Sql("%s::numeric", (_number(node),), "number", node)
        if isinstance(node, str):
            return Sql("%s", (_text(node),), "text", node)
        if not isinstance(node, dict):
            raise FilterRefused(_("A value is expected, there stands %(found)s."), found=named(node))
        if "property" in node:
            return self.attribute(node["property"])
        if "date" in node or "timestamp" in node:
            return _moment(node)
        return self.computed(node)

    def known(self) -> list[str]:
        return [*self.words.types, *([GEOMETRY] if self.words.has_geometry else [])]

    def attribute(self, name: Any) -> Sql:
        if not isinstance(name, str) or name not in self.words.types:
            raise FilterRefused(
                _("There is no property “%(name)s”. There are: %(known)s."),
                name=str(name),
                known=self.known(),
            )
        alias, kind = self.words.alias, _KINDS[self.words.types[name]]
        text, json = f"({alias}.properties->>%s)", f"({alias}.properties->%s)"
        if kind == "text":
            return Sql(text, (name,), kind)
        if kind == "date":
            return Sql(f'left({text}, 10) COLLATE "C"', (name,), kind)
        if kind == "datetime":
            return Sql(f"""left(replace({text}, ' ', 'T'), 19) COLLATE "C\"""", (name,), kind)
        cast = "numeric" if kind == "number" else "boolean"
        # CASE is evaluated in order, so the cast meets nothing it can't read
        return Sql(f"CASE WHEN jsonb_typeof{json} = '{kind}' THEN {json}::{cast} END", (name, name), kind)

    def computed(self, node: Any) -> Sql:
        op, args = _operation(node)
        if op in {"casei", "accenti"}:
            (found,) = (self.value(one) for one in _exactly(1, op, args))
            if found.kind != "text":
                raise FilterRefused(_("%(name)s takes a text."), name=op.upper())
            # case folding and decomposition by ICU, whatever the database's own collation
            sql = (
                'upper({} COLLATE "und-x-icu")'
                if op == "casei"
                else "regexp_replace(normalize({}, NFD), '[\u0300-\u036f]', '', 'g')"
            )
            return Sql(sql.format(found.text), found.parameters, "text")
        if op in _ARITHMETIC:
            a, b = (self.value(one) for one in _exactly(2, op, args))
            if (a.kind, b.kind) != ("number", "number"):
                raise FilterRefused(
                    _("“%(name)s” takes numbers, not %(left)s and %(right)s."),
                    name=op,
                    left=named(args[0]),
                    right=named(args[1]),
                )
            return Sql(
                f"({_ARITHMETIC[op].format(a.text, b.text)})", (*a.parameters, *b.parameters), "number"
            )
        found = self.operation(node)
        return Sql(found.text, found.parameters, "boolean")

    # --- places

    def is_geometry(self, node: Any) -> bool:
        return isinstance(node, dict) and self.words.has_geometry and node.get("property") == GEOMETRY

    def spatial(self, op: str, left: Any, right: Any) -> Sql:
        (a_column, a, a_near), (b_column, b, b_near) = self.geometry(left), self.geometry(right)
        column = a_column or b_column or "geometry"
        own = f"{self.words.alias}.{column}"
        texts = [one.text.format(own=own) for one in (a, b)]
        values = (*a.parameters, *b.parameters)
        exact = f"{_SPATIAL[op]}({texts[0]}, {texts[1]})"
        if op == "s_disjoint":
            return Sql(exact, values, "truth")
        if bool(a_near) == bool(
            b_near
        ):  # two of the stranger's, or the feature's own twice: nothing to find by index
            return Sql(exact, values, "truth")
        near = a_near or b_near
        assert near is not None  # noqa: S101 - one of them is there
        return Sql(f"({near.text} AND {exact})", (*near.parameters, *values), "truth")

    def geometry(self, node: Any) -> tuple[str, Sql, Sql | None]:
        """See Vocabulary.place; for the feature's own geometry no column, {own}, and no condition."""
        if self.is_geometry(node):
            return "", Sql("{own}", (), "geometry"), None
        if not isinstance(node, dict) or not ("bbox" in node or "type" in node):
            raise FilterRefused(_("A geometry is expected, there stands %(found)s."), found=named(node))
        try:
            return self.words.place(node)
        except ValueError as error:
            raise FilterRefused(str(error)) from None

    # --- times

    def temporal(self, op: str, left: Any, right: Any) -> Sql:
        a, b = self.span(left), self.span(right)
        ends = [("as", a.start), ("ae", a.end), ("bs", b.start), ("be", b.end)]
        if {one.kind for _, one in ends} - {"open"} == {"date", "datetime"}:
            ends = [(name, _to_day(one)) for name, one in ends]
        return _filled(_TEMPORAL[op], dict(ends))

    def span(self, node: Any) -> Span:
        if isinstance(node, dict) and "interval" in node:
            ends = node["interval"]
            if not isinstance(ends, list) or len(ends) != 2:
                raise FilterRefused(_("An interval has two ends."))
            return Span(self.end(ends[0], _EARLIEST), self.end(ends[1], _LATEST))
        moment = self.value(node)
        if moment.kind not in {"date", "datetime"}:
            raise FilterRefused(_("A date or time is expected, there stands %(found)s."), found=named(node))
        return Span(moment, moment)

    def end(self, node: Any, unknown: str) -> Sql:
        if node == "..":
            return Sql('%s COLLATE "C"', (unknown,), "open")
        if isinstance(node, str):
            return _moment({"timestamp" if "T" in node.upper() else "date": node})
        return self.span(node).start


def contains(name: str, value: Any, *, alias: str = "f") -> Sql:
    """The attribute equals the value; found by index."""
    return Sql(f"{alias}.properties @> %s::jsonb", (json.dumps({name: value}),), "truth")


def _is_plain(node: Any, found: Sql) -> bool:
    return isinstance(node, dict) and "property" in node and found.kind in {"text", "number", "boolean"}


def _filled(template: str, ends: dict[str, Sql]) -> Sql:
    """The template's names replaced by SQL, parameters in the order of the text."""
    parts: list[str] = []
    values: list[Any] = []
    for piece in template.replace("{", "\0").replace("}", "\0").split("\0"):
        found = ends.get(piece)
        parts.append(found.text if found else piece)
        values += found.parameters if found else ()
    return Sql(f"({''.join(parts)})", tuple(values), "truth")


def _operation(node: Any) -> tuple[str, list[Any]]:
    if (
        not isinstance(node, dict)
        or not isinstance(node.get("op"), str)
        or not isinstance(node.get("args"), list)
    ):
        raise FilterRefused(_("An operation has op and args, there stands %(found)s."), found=named(node))
    return node["op"], node["args"]


def _exactly(count: int, op: str, args: list[Any]) -> list[Any]:
    if len(args) != count:
        raise FilterRefused(
            _("“%(name)s” takes %(count)s arguments, not %(number)s."),
            name=op,
            count=count,
            number=len(args),
        )
    return args


def _same(a: Sql, b: Sql) -> tuple[Sql, Sql]:
    """Both sides as one kind; a date and a time are compared by day."""
    if {a.kind, b.kind} == {"date", "datetime"}:
        return _to_day(a), _to_day(b)
    return a, b


def _comparable(a: Sql, b: Sql) -> bool:
    return a.kind != "truth" and (a.kind == b.kind or {a.kind, b.kind} == {"date", "datetime"})


def _to_day(moment: Sql) -> Sql:
    if moment.kind != "datetime":
        return moment
    return Sql(f'left({moment.text}, 10) COLLATE "C"', moment.parameters, "date")


def _moment(node: dict[str, Any]) -> Sql:
    """ISO 8601 text of a date, or of a time in UTC."""
    kind = "date" if "date" in node else "timestamp"
    try:
        if kind == "date":
            return Sql('%s COLLATE "C"', (date.fromisoformat(node["date"]).isoformat(),), "date")
        found = datetime.fromisoformat(node["timestamp"].upper().replace("Z", "+00:00"))
    except (ValueError, TypeError, AttributeError):
        example = "2026-03-01" if kind == "date" else "2026-03-01T12:00:00Z"
        raise FilterRefused(
            _("A moment such as %(example)s is expected, there stands %(found)s."),
            example=example,
            found=named(node.get(kind)),
        ) from None
    found = found.astimezone(UTC) if found.tzinfo else found
    return Sql('%s COLLATE "C"', (found.strftime("%Y-%m-%dT%H:%M:%S"),), "datetime")


def _number(value: float) -> float:
    if abs(value) > 1e300:
        raise FilterRefused(_("A number is too large."))
    return value


def _text(value: str) -> str:
    if "\0" in value:
        raise FilterRefused(_("A text holds a character that can't be stored."))
    return value


def _join(word: str, parts: list[Sql]) -> Sql:
    return Sql(
        f"({word.join(one.text for one in parts)})",
        tuple(value for one in parts for value in one.parameters),
        "truth",
    )
