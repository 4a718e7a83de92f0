"""Conditions of standards -> conditions of the database. Names come from a table, values are never part of a statement."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.gis.gdal import GDALException
from django.contrib.gis.geos import GEOSException, Polygon
from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime

from participation.search import matching
from twin.catalogue.csw.conditions import Compared, Condition, Empty, Joined, Within
from twin.catalogue.csw.refusals import Refusal

WGS84 = 4326
_WEST, _SOUTH, _EAST, _NORTH = -10.0, 34.0, 40.0, 72.0  # degrees; EPSG:25833 knows no place far from here
_FIELDS = {
    "abstract": "description",
    "description": "description",
    "publisher": "publisher",
    "organisationname": "publisher",
    "title": "title",
    "type": "kind",
    "format": "facets",
    "subject": "keywords",
    "identifier": "public_id",
    "modified": "modified",
    "anytext": "",
}
NAMES = ("AnyText", "dc:title", "dct:abstract", "dc:subject", "dc:identifier", "dc:type", "dc:format", "dc:publisher", "dct:modified")  # fmt: skip
_ORDERS = {"title": "title", "modified": "modified", "identifier": "public_id", "type": "kind"}
_SUFFIXES = {"<": "lt", ">": "gt", "<=": "lte", ">=": "gte"}


def where(condition: Condition | None) -> Q:
    """Raises Refusal."""
    match condition:
        case None:
            return Q()
        case Joined(operator, parts):
            return _joined(operator, [where(part) for part in parts])
        case Within(box, srs):
            return Q(extent__bboverlaps=polygon(box, srs))
        case Empty(name):
            field = _field(name)
            return (
                Q(**{f"{field}__isnull": True})
                if field == "modified"
                else Q(**{field: [] if field == "keywords" else ""})
            )
        case Compared():
            return _compared(condition)


def identified(keys: Iterable[str]) -> Q:
    """What is no UUID names no record."""
    return Q(public_id__in=[found for key in keys if (found := _uuid(key))])


def order(sort: tuple[tuple[str, bool], ...]) -> list[str]:
    """Raises Refusal."""
    found = []
    for name, descending in sort:
        column = _ORDERS.get(_local(name))
        if column is None:
            raise Refusal("InvalidParameterValue", "sortBy", f"Known are {', '.join(_ORDERS)}.")
        found.append(f"-{column}" if descending else column)
    return [*found, "pk"]


def _joined(operator: str, parts: list[Q]) -> Q:
    if operator == "not":
        return ~parts[0]
    found = parts[0]
    for part in parts[1:]:
        found = found & part if operator == "and" else found | part
    return found


def _local(name: str) -> str:
    """`dc:title`, `csw:Title` and `apiso:title` are the same."""
    return name.rpartition(":")[2].rpartition("/")[2].lower()


def _field(name: str) -> str:
    field = _FIELDS.get(_local(name))
    if field is None:
        raise Refusal("InvalidParameterValue", "constraint", f"Known properties are {', '.join(NAMES)}.")
    return field


def _compared(asked: Compared) -> Q:
    field = _field(asked.name)
    if asked.operator == "<>":
        return ~_compared(Compared(asked.name, "=", asked.value))
    if field == "modified":
        return _moment(asked)
    if asked.operator not in {"=", "like"}:
        raise Refusal("InvalidParameterValue", "constraint", f"{asked.name} has no order.")
    return _EQUAL.get(field, _equal_text(field))(asked)


def _equal_text(field: str) -> Callable[[Compared], Q]:
    def found(asked: Compared) -> Q:
        if asked.operator == "=":
            return Q(**{field: asked.value})
        escaped = asked.value.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        return Q(**{f"{field}__within": escaped.replace("*", "%").replace("?", "_")})

    return found


def _anywhere(asked: Compared) -> Q:
    return matching(asked.value)


def _identifier(asked: Compared) -> Q:
    return identified([asked.value])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _subject(asked: Compared) -> Q:
    words = asked.value.strip("*")
    return Q(keywords__contains=[words]) if asked.operator == "=" else matching(words)


def _format(asked: Compared) -> Q:
    return Q(facets__contains=[f"format:{asked.value.strip('*').upper()}"])


_EQUAL: dict[str, Callable[[Compared], Q]] = {
    "": _anywhere,
    "public_id": _identifier,
    "keywords": _subject,
    "facets": _format,
}


def _moment(asked: Compared) -> Q:
    try:
        moment, day = parse_datetime(asked.value), parse_date(asked.value[:10])
    except ValueError:
        moment = day = None
    if day is None:
        raise Refusal("InvalidParameterValue", "constraint", "A day such as 2026-03-02.")
    whole = len(asked.value) == 10
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) if whole or moment is None else moment
    start = start if start.tzinfo else start.replace(tzinfo=UTC)
    end = start + timedelta(days=1) if whole else start
    if asked.operator == "=":
        return Q(modified__gte=start, modified__lt=end) if whole else Q(modified=start)
    if asked.operator not in _SUFFIXES:
        raise Refusal("InvalidParameterValue", "constraint", f"{asked.name} is a time.")
    if asked.operator == "<=" and whole:
        return Q(modified__lt=end)
    return (
        Q(modified__gte=end)
        if asked.operator == ">" and whole
        else Q(**{f"modified__{_SUFFIXES[asked.operator]}": start})
    )


def polygon(box: tuple[float, float, float, float], srs: str) -> Polygon:
    """The box in the twin's reference system; degrees far from here are drawn near. Raises Refusal."""
    west, south, east, north = box
    code = srs.rpartition(":")[2].rpartition("/")[2].rpartition("#")[2]
    number = int(code) if code.isdecimal() and len(code) < 7 else WGS84
    if number == WGS84 and srs.startswith(("urn:", "http")) and "CRS84" not in srs:
        west, south, east, north = south, west, north, east  # by the standard's letter, latitude comes first
    if number == WGS84:
        west, east = (min(max(edge, _WEST), _EAST) for edge in (west, east))
        south, north = (min(max(edge, _SOUTH), _NORTH) for edge in (south, north))
    found = Polygon.from_bbox((west, south, east, north))
    found.srid = number
    try:
        moved = found.transform(settings.TWIN_SRID, clone=True)
    except (GDALException, GEOSException):
        raise Refusal(
            "InvalidParameterValue", "constraint", f"The reference system {srs} is not known."
        ) from None
    around = Polygon.from_bbox(moved.extent)
    around.srid = settings.TWIN_SRID
    return around
