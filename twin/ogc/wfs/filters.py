"""FES 2.0 -> the tree of CQL2, whose limits and translation hold for it too. Knows no framework.

Literals are texts there; each is taken as the type of the attribute it is compared with. A geometry is {"type": "gml", "shape", "srs"}:
its own reference system goes along.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import shapely
from lxml import etree
from shapely.errors import ShapelyError

from planning.xplanung.geometry import BadGeometry, Drawing, draw, srs_of
from twin.catalogue.capabilities import xml
from twin.ogc import names
from twin.ogc.cql2.errors import FilterRefused
from twin.ogc.cql2.sql import GEOMETRY
from twin.ogc.messages import _

Element = etree._Element
Tree = dict[str, Any]
DEEPEST = 24  # conditions within each other
DEEPEST_XML = 64  # elements within each other, which geometries have more of
MOST = 2_000  # elements of a filter
COMPARISONS = {
    "PropertyIsEqualTo": "=",
    "PropertyIsNotEqualTo": "<>",
    "PropertyIsLessThan": "<",
    "PropertyIsGreaterThan": ">",
    "PropertyIsLessThanOrEqualTo": "<=",
    "PropertyIsGreaterThanOrEqualTo": ">=",
}
SPATIAL = ("Intersects", "Equals", "Disjoint", "Touches", "Within", "Overlaps", "Crosses", "Contains")
TEMPORAL = {
    "After": "t_after",
    "Before": "t_before",
    "During": "t_during",
    "TEquals": "t_equals",
    "Begins": "t_starts",
    "BegunBy": "t_startedBy",
    "Ends": "t_finishes",
    "EndedBy": "t_finishedBy",
    "TContains": "t_contains",
    "TOverlaps": "t_overlaps",
    "OverlappedBy": "t_overlappedBy",
    "Meets": "t_meets",
    "MetBy": "t_metBy",
    "AnyInteracts": "t_intersects",
}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def ids_in(root: Element) -> tuple[str, ...] | None:
    """Of a filter that names features by their ids; None of one that states conditions. Raises FilterRefused."""
    found = [one.get("rid", "") for one in root if xml.name(one) == "ResourceId"]
    if found and len(found) != len(root):
        raise FilterRefused(_("Ids of features and conditions can't be in one filter."))
    return tuple(found) if found else None


def tree_of(root: Element, types: Mapping[str, str]) -> Tree:
    """root: fes:Filter. types: attribute -> string, integer, number, boolean, date or datetime. Raises FilterRefused."""
    if sum(1 for _one in root.iter()) > MOST:
        raise FilterRefused(_("The filter has more than %(most)s elements."), most=MOST)
    if any(sum(1 for _above in one.iterancestors()) > DEEPEST_XML for one in root.iter()):
        raise FilterRefused(_("The filter is nested too deeply."))
    if len(root) != 1:
        raise FilterRefused(_("A filter holds one condition."))
    return _Reader(types).condition(root[0], depth=0)


class _Reader:
    def __init__(self, types: Mapping[str, str]) -> None:
        self.types = types

    def condition(self, one: Element, *, depth: int) -> Tree:
        """Of what is refused the innermost condition is named."""
        try:
            return self.read(one, depth=depth)
        except FilterRefused as error:
            line: Any = one.sourceline
            error.place = error.place or (xml.name(one), line or 1)
            raise

    def read(self, one: Element, *, depth: int) -> Tree:
        if depth > DEEPEST:
            raise FilterRefused(_("The filter is nested too deeply."))
        kind = xml.name(one)
        if kind in {"And", "Or", "Not"}:
            return {"op": kind.lower(), "args": [self.condition(part, depth=depth + 1) for part in one]}
        if kind in SPATIAL or kind == "BBOX":
            return self.spatial(one, kind)
        special: dict[str, Callable[[Element], Tree]] = {
            **dict.fromkeys(COMPARISONS, self.comparison),
            **dict.fromkeys(TEMPORAL, self.temporal),
            **dict.fromkeys(("PropertyIsNull", "PropertyIsNil"), self.is_null),
            "PropertyIsLike": self.like,
            "PropertyIsBetween": self.between,
        }
        if kind not in special:
            raise FilterRefused(_("“%(name)s” is not supported here."), name=kind)
        return special[kind](one)

    # --- what is compared

    def attribute(self, one: Element | None) -> str:
        """The name behind a ValueReference: kz:art, art, or a path that ends in it."""
        text = _text(one)
        if one is None or xml.name(one) not in {"ValueReference", "PropertyName"} or not text:
            raise FilterRefused(_("A ValueReference is expected."))
        name = names.local(text.rpartition("/")[2])
        if name not in self.types and name != GEOMETRY:
            raise FilterRefused(
                _("There is no property “%(name)s”. There are: %(known)s."),
                name=name,
                known=[*self.types, GEOMETRY],
            )
        return name

    def literal(self, one: Element, kind: str) -> Any:
        text = _text(one)
        if kind in {"integer", "number"}:
            return _number(text)
        if kind == "boolean":
            if text not in {"true", "false", "1", "0"}:
                raise FilterRefused(_("“%(text)s” is neither true nor false."), text=text)
            return text in {"true", "1"}
        if kind in {"date", "datetime"}:
            return {"timestamp": text} if len(text) > 10 else {"date": text}
        return one.text or ""

    def sides(self, one: Element) -> tuple[list[Any], str]:
        """Both sides of a comparison, and the type they are compared as."""
        if len(one) != 2:
            raise FilterRefused(_("%(name)s compares two things."), name=xml.name(one))
        called = [self.attribute(part) if xml.name(part) != "Literal" else None for part in one]
        kind = next((self.types.get(name, "string") for name in called if name), "string")
        return [
            {"property": name} if name else self.literal(part, kind)
            for name, part in zip(called, one, strict=True)
        ], kind

    def comparison(self, one: Element) -> Tree:
        args, kind = self.sides(one)
        if one.get("matchCase") in {"false", "0"} and kind == "string":
            args = [{"op": "casei", "args": [arg]} for arg in args]
        return {"op": COMPARISONS[xml.name(one)], "args": args}

    def is_null(self, one: Element) -> Tree:
        return {"op": "isNull", "args": [{"property": self.attribute(next(iter(one), None))}]}

    def like(self, one: Element) -> Tree:
        (value, pattern), _kind = self.sides(one)
        if not isinstance(pattern, str):
            raise FilterRefused(_("PropertyIsLike compares a text with a pattern."))
        signs = {one.get("wildCard", "*"): "%", one.get("singleChar", "?"): "_"}
        args: list[Any] = [value, _pattern(pattern, signs, escape=one.get("escapeChar", "\\"))]
        if one.get("matchCase") in {"false", "0"}:
            args = [{"op": "casei", "args": [arg]} for arg in args]
        return {"op": "like", "args": args}

    def between(self, one: Element) -> Tree:
        name = self.attribute(next(iter(one), None))
        bounds = [xml.child(one, tag, "Literal") for tag in ("LowerBoundary", "UpperBoundary")]
        values = [self.literal(each, self.types.get(name, "")) for each in bounds if each is not None]
        if len(values) != 2:
            raise FilterRefused(_("PropertyIsBetween has two boundaries."))
        return {"op": "between", "args": [{"property": name}, *values]}

    # --- places and times

    def spatial(self, one: Element, kind: str) -> Tree:
        *named, shape = one if len(one) else [None]
        if shape is None or len(named) > 1:
            raise FilterRefused(_("%(name)s takes a property and a geometry."), name=kind)
        if named and self.attribute(named[0]) != GEOMETRY:
            raise FilterRefused(_("%(name)s compares geometries; the property “geometry” is one."), name=kind)
        op = "s_intersects" if kind == "BBOX" else f"s_{kind.lower()}"
        return {"op": op, "args": [{"property": GEOMETRY}, _geometry(shape)]}

    def temporal(self, one: Element) -> Tree:
        if len(one) != 2:
            raise FilterRefused(_("%(name)s compares two things."), name=xml.name(one))
        return {
            "op": TEMPORAL[xml.name(one)],
            "args": [{"property": self.attribute(one[0])}, _moment(one[1])],
        }


def _text(one: Element | None) -> str:
    return (one.text or "").strip() if one is not None else ""


def _number(text: str) -> int | float:
    if not _NUMBER.fullmatch(text) or len(text) > 40:
        raise FilterRefused(_("“%(text)s” is no number."), text=text)
    return int(text) if text.lstrip("+-").isdecimal() else float(text)


def _pattern(pattern: str, signs: Mapping[str, str], *, escape: str) -> str:
    """With the wildcards of CQL2, whose escape sign is the backslash."""
    found, literal = [], False
    for sign in pattern:
        if literal or sign not in {*signs, escape}:
            found.append(f"\\{sign}" if sign in "%_\\" else sign)
            literal = False
        elif sign == escape:
            literal = True
        else:
            found.append(signs[sign])
    return "".join(found)


def _geometry(one: Element) -> Tree:
    if xml.name(one) == "Envelope":
        return {"type": "gml", "box": _corners(one), "srs": srs_of(one) or ""}
    try:
        shape = draw(one, Drawing("Filter", one))
    except (BadGeometry, ShapelyError):
        raise FilterRefused(_("The geometry %(name)s can't be read."), name=xml.name(one)) from None
    return {"type": "gml", "shape": shapely.force_2d(shape), "srs": srs_of(one) or ""}


def _corners(one: Element) -> list[float]:
    texts = [text for tag in ("lowerCorner", "upperCorner") for text in _text(xml.child(one, tag)).split()]
    try:
        return [float(text) for text in texts]
    except ValueError:
        raise FilterRefused(_("An envelope has two corners of numbers.")) from None


def _moment(one: Element) -> Tree:
    """gml:TimeInstant, gml:TimePeriod, or a literal."""
    if xml.name(one) == "TimePeriod":
        ends = [
            xml.text(one, f"{end}Position") or xml.text(one, end, "TimeInstant", "timePosition") or ".."
            for end in ("begin", "end")
        ]
        return {"interval": ends}
    text = xml.text(one, "timePosition") if xml.name(one) == "TimeInstant" else _text(one)
    return {"timestamp": text} if len(text) > 10 else {"date": text}
