"""Checks that only one or two rules need: heights, dimensions, units, dates, the numbered properties of XPlanGML 4."""

import re
from functools import cache

from planning.xplanung.rules.rule import FINE, Check, Details, Item
from planning.xplanung.rules.values import first, many, present, texts
from planning.xplanung.schema import schema

_HEIGHTS = ("h", "hMin", "hMax", "hZwingend")
_SEGMENTS = re.compile(
    rb"<(?:[\w.-]+:)?(Arc|ArcString|ArcByCenterPoint|Circle|CircleByCenterPoint|LineStringSegment|GeodesicString|CubicSpline|BSpline|LineString)[\s/>]"
)
_STATED_TYPE = re.compile(rb"<[^<>]*?\s([\w.-]+):type\s*=\s*[\"']([^\"']*)")
_XLINK_TYPES = {b"simple", b"extended", b"locator", b"arc", b"resource", b"title", b"none"}
_ZONE = re.compile(r"(?:Z|[+-]\d\d:\d\d)$")
_UNITS: dict[str, tuple[str, ...]] = {
    "gml:LengthType": ("m", "urn:adv:uom:m"),
    "gml:AreaType": ("m2", "urn:adv:uom:m2"),
    "gml:VolumeType": ("m3", "urn:adv:uom:m3"),
    "gml:AngleType": ("grad", "urn:adv:uom:grad"),
}
_SPEEDS, _LEVELS = ("km/h", "m/sec"), ("db",)
_LEVEL_NAMES = ("ekwert", "zkWert", "massgeblAussenLaermpegel")


def heights(*allowed: str) -> Check:
    """Which of h, hMin, hMax, hZwingend may stand together."""

    def broken(item: Item) -> Details | None:
        return _odd_heights(item, allowed)

    return Check("heights", {}, broken)


def heights_by_point(*points: str) -> Check:
    """As heights; without any of the reference points only limits may be stated, in a BP_HoehenMass only h."""

    def broken(item: Item) -> Details | None:
        if present(item.values, points):
            return _odd_heights(item, ("h", "hMin", "hMin hMax", "hZwingend"))
        mark = item.record.feature_type == "BP_HoehenMass"
        return _odd_heights(item, ("h",) if mark else ("hMin", "hMax", "hMin hMax"))

    return Check("heights", {}, broken)


def _odd_heights(item: Item, allowed: tuple[str, ...]) -> Details | None:
    found = present(item.values, _HEIGHTS)
    if " ".join(found) in allowed:
        return FINE
    return {
        "given": ", ".join(found) or "–",
        "allowed": "; ".join(each.replace(" ", " + ") for each in allowed),
    }


def height_mark(*, point_forbidden: tuple[str, ...] = ()) -> Check:
    """A BP_HoehenMass states one height, as h, without the given kinds of reference point."""

    def broken(item: Item) -> Details | None:
        found = [value for value in many(item.values, "hoehenangabe") if isinstance(value, dict)]
        fine = len(found) == 1 and (
            not point_forbidden or ("h" in found[0] and not present(found[0], point_forbidden))
        )
        return FINE if fine else {"count": len(found)}

    family = "height_mark" if point_forbidden else "height_mark_once"
    return Check(family, {"others": ", ".join(point_forbidden)} if point_forbidden else {}, broken)


def straight_dimension() -> Check:
    """A distance (typ 1000) is drawn as one LineString of two points."""

    def broken(item: Item) -> Details | None:
        shape = item.record.geometries.get("position")
        if first(item.values, "typ") != "1000" or shape is None:
            return FINE
        fine = _form(item) == "LineString" and shape.geom_type == "LineString" and len(shape.coords) == 2
        return FINE if fine else {"form": _form(item)}

    return Check("dimension_line", {}, broken)


def angular_dimension() -> Check:
    """An angle (typ 2000) is drawn as one Curve of one Arc."""

    def broken(item: Item) -> Details | None:
        if first(item.values, "typ") != "2000" or "position" not in item.values:
            return FINE
        segments = _SEGMENTS.findall(item.record.raw)
        fine = _form(item) == "Curve" and segments == [b"Arc"]
        return FINE if fine else {"form": _form(item)}

    return Check("dimension_arc", {}, broken)


def _form(item: Item) -> str:
    value = item.values.get("position")
    return str(value.get("@geometry", "")) if isinstance(value, dict) else ""


# The numbered properties of XPlanGML 4: zweckbestimmung, weitereZweckbestimmung1, weitereZweckbestimmung2 …


def numbered(name: str, further: str, count: int, *, once: bool = False) -> Check:
    """The first is given before any further one, those in order; once: and never further ones beside a repeated first.
    further: "weitereZweckbestimmung", its properties end in 1 … count."""
    names = (name, *_numbered(further, count))

    def broken(item: Item) -> Details | None:
        given = [each in item.values for each in names]
        gap = given != sorted(given, reverse=True)
        twice = once and len(many(item.values, name)) > 1 and any(given[1:])
        return {"given": ", ".join(present(item.values, names))} if gap or twice else FINE

    return Check(
        "numbered_once" if once else "numbered", {"names": ", ".join(names)}, broken, frozenset(names)
    )


def not_both_ways(name: str, further: str, count: int) -> Check:
    """A repeated first property forbids the numbered ones."""
    names = tuple(_numbered(further, count))

    def broken(item: Item) -> Details | None:
        found = present(item.values, names) if len(many(item.values, name)) > 1 else ()
        return {"given": ", ".join(found)} if found else FINE

    return Check("not_both_ways", {"name": name, "others": ", ".join(names)}, broken, frozenset({name}))


def detailed(detail: str, *mains: str, further: tuple[str, ...], count: int, exactly: bool = False) -> Check:
    """A detail needs its main property, the numbered details the main ones of the same number. exactly: and as often as it.
    further: stems of the numbered details and of their main properties, ("weitereDetail", "weitere", …)."""
    pairs = [
        (f"{further[0]}{number}", tuple(f"{stem}{number}" for stem in further[1:]))
        for number in range(1, count + 1)
    ]

    def broken(item: Item) -> Details | None:
        times = len(many(item.values, detail))
        counts = [len(many(item.values, main)) for main in mains]
        if times and (times not in counts if exactly else not any(counts)):
            return {"given": detail, "needed": ", ".join(mains)}
        for name, others in pairs:
            if name in item.values and not present(item.values, others):
                return {"given": name, "needed": ", ".join(others)}
        return FINE

    watched = frozenset({detail, *(name for name, _ in pairs)})
    return Check(
        "detailed_as_often" if exactly else "detailed",
        {"name": detail, "others": ", ".join(mains)},
        broken,
        watched,
    )


def special_fits(special: str, general: str, *, as_often_from: int = 0) -> Check:
    """A special code ABCDE belongs to the general code ABCD; as_often_from: given so often or more, the general one, if given,
    must stand as often."""

    def broken(item: Item) -> Details | None:
        fine, found = texts(item.values, special), texts(item.values, general)
        wrong = [code for code in fine if found and code[:4] not in found]
        uneven = found and len(found) != len(fine) and 0 < as_often_from <= len(fine)
        return {"code": ", ".join(wrong or fine), "found": ", ".join(found)} if wrong or uneven else FINE

    family = "special_fits_as_often" if as_often_from else "special_fits"
    return Check(family, {"name": special, "other": general}, broken, frozenset({special}))


def numbered_special_fits(special: str, general: str, count: int) -> Check:
    """As special_fits, for each pair of numbered properties."""
    pairs = list(zip(_numbered(special, count), _numbered(general, count), strict=True))

    def broken(item: Item) -> Details | None:
        for name, other in pairs:
            code, found = first(item.values, name), first(item.values, other)
            if code and found and code[:4] != found:
                return {"name": name, "other": other, "code": code, "found": found}
        return FINE

    names = {"name": f"{special}1 … {count}", "other": f"{general}1 … {count}"}
    return Check("special_fits", names, broken, frozenset(name for name, _ in pairs))


def _numbered(stem: str, count: int) -> list[str]:
    """count 0: the stem alone is the one further property."""
    return [f"{stem}{number}" for number in range(1, count + 1)] or [stem]


# Any object


def units() -> Check:
    """Units of measures as the standard names them."""

    def broken(item: Item) -> Details | None:
        for name, allowed in _measures(item.record.version, item.type).items():
            for value in many(item.values, name):
                unit = value.get("@uom", "") if isinstance(value, dict) else ""
                if unit and unit not in allowed:
                    return {"name": name, "unit": str(unit), "allowed": ", ".join(allowed)}
        return FINE

    return Check("units", {}, broken)


@cache
def _measures(version: str, type_name: str) -> dict[str, tuple[str, ...]]:
    """Measures of a type -> units that they may have."""
    declared = schema(version).feature_type(type_name)
    properties = declared.properties if declared else ()
    known = {item.name: _UNITS[item.type] for item in properties if item.type in _UNITS}
    speeds = {
        item.name: _SPEEDS for item in properties if item.name == "geschwindigkeit" and item.kind == "measure"
    }
    levels = {
        item.name: _LEVELS
        for item in properties
        if item.kind == "measure" and item.name.startswith(_LEVEL_NAMES)
    }
    return {**known, **speeds, **levels}


def dates_without_zone() -> Check:
    def broken(item: Item) -> Details | None:
        for name in _dates(item.record.version, item.type):
            for found in texts(item.values, name):
                if _ZONE.search(found):
                    return {"name": name, "text": found}
        return FINE

    return Check("dates", {}, broken)


@cache
def _dates(version: str, type_name: str) -> tuple[str, ...]:
    declared = schema(version).feature_type(type_name)
    properties = declared.properties if declared else ()
    return tuple(item.name for item in properties if item.type == "xs:date")


def no_stated_type() -> Check:
    """No xsi:type anywhere in the object's XML."""

    def broken(item: Item) -> Details | None:
        raw = item.record.raw
        if b":type" not in raw or item.values is not item.record.properties:
            return FINE
        for prefix, value in _STATED_TYPE.findall(raw):
            if value not in _XLINK_TYPES:
                return {"stated": f"{prefix.decode()}:type={value.decode(errors='replace')}"}
        return FINE

    return Check("stated_type", {}, broken)
