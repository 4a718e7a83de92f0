"""Features out of the database: an answer is joined from texts there and never parsed here."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DataError, InternalError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from twin.ogc.collections import Collection
from twin.ogc.crs import CRS84, STORED, Crs
from twin.ogc.errors import ParameterRefused, TooLong
from twin.ogc.selecting import Selection
from twin.ogc.tokens import read, written

MOST_COUNTED = (
    10_000  # features; of more it isn't told how many fit a filter, which would cost time with each
)
LONGEST = "10s"  # that a filter of a stranger's own may take
_HEAD = """'{"type":"Feature","id":' || to_json(key)::text || ',' || """


@dataclass(frozen=True)
class Page:
    """features: GeoJSON features with commas between them. matched: None where it isn't known. following: token of what follows."""

    features: str
    returned: int
    matched: int | None
    following: str | None


@dataclass(frozen=True)
class Position:
    """Where a page begins: after the feature with this id; matched: as counted for the first page of this state."""

    after: int = 0
    matched: int | None = None
    state: str = ""

    def token(self) -> str:
        return written([self.after, self.matched, self.state])

    @classmethod
    def of(cls, token: str) -> "Position":
        """Raises ParameterRefused unless it is one of ours."""
        after, matched, state = read(token, kinds=(int, int | None, str))
        return cls(after, matched, state)


def _body(crs: Crs) -> str:
    """SQL of a feature's text behind its id. Other than in WGS84 the geometry is written anew, the attributes are as they were."""
    if crs == CRS84:
        return "body || '}'"
    attributes = """substr(body, position(',"properties":' in body))"""
    shape = f"ST_AsGeoJSON({shape_in(crs)}, {digits_of(crs)})"
    return f"""'"geometry":' || coalesce({shape}, 'null') || {attributes} || '}}'"""


def shape_in(crs: Crs) -> str:
    """SQL of a feature's geometry."""
    shape = "geometry" if crs.srid == STORED else f"ST_Transform(geometry, {crs.srid})"
    return f"ST_FlipCoordinates({shape})" if crs.latitude_first else shape


def digits_of(crs: Crs) -> int:
    """Decimals of coordinates: a centimetre, a millimetre."""
    return 7 if crs.degrees else 3


@contextmanager
def guarded(selection: Selection) -> Iterator[None]:
    """A stranger's own filter may divide by zero or take long: that is their mistake, and the request goes on without it."""
    if not selection.is_computed:
        yield
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [LONGEST])
            yield
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    except (DataError, InternalError):
        raise ParameterRefused("filter", _("It can't be computed for every feature.")) from None
    except OperationalError:
        raise TooLong(_("The filter takes longer than ten seconds.")) from None


def page(collection: Collection, selection: Selection, *, limit: int, start: Position, crs: Crs) -> Page:
    """One query, whose cost does not grow with what lies before the page or behind it."""
    source = collection.source
    where = f"{source.table} WHERE {source.condition}{selection.text}"
    condition, own, order = source.reading
    wanted = (*source.parameters, *selection.parameters)
    known = start.matched if start.state == collection.state else None
    if not selection.conditions:
        known = collection.count
    counting = f"(SELECT count(*) FROM (SELECT FROM {where} LIMIT {MOST_COUNTED + 1}) c)"  # noqa: S608 - our own names
    count = "NULL" if known is not None else counting
    query = f"""
        WITH page AS MATERIALIZED (
            SELECT f.id, f.key, f.body, f.geometry FROM {source.table}
            WHERE {condition}{selection.text} AND f.id > %s ORDER BY {order} LIMIT %s
        ), numbered AS (SELECT page.*, row_number() OVER (ORDER BY id) AS number FROM page)
        SELECT string_agg({_HEAD}{_body(crs)}, ',' ORDER BY id) FILTER (WHERE number <= %s),
            count(*), max(id) FILTER (WHERE number <= %s), {count} FROM numbered"""  # noqa: S608 - our own names
    values = [
        *own,
        *selection.parameters,
        start.after,
        limit + 1,
        limit,
        limit,
        *(wanted if known is None else ()),
    ]
    with guarded(selection), connection.cursor() as cursor:
        cursor.execute(query, values)
        text, found, last, counted = cursor.fetchone() or (None, 0, 0, 0)
    if known is None and counted <= MOST_COUNTED:
        known = counted
    following = Position(last, known, collection.state).token() if found > limit else None
    return Page(text or "", min(found, limit), known, following)


def counted(collection: Collection, selection: Selection, *, most: int | None = MOST_COUNTED) -> int | None:
    """How many features are selected; None where there are more than `most`."""
    if not selection.conditions:
        return collection.count
    source = collection.source
    limit = "" if most is None else f"LIMIT {most + 1}"
    query = f"SELECT count(*) FROM (SELECT FROM {source.table} WHERE {source.condition}{selection.text} {limit}) c"  # noqa: S608
    with guarded(selection), connection.cursor() as cursor:
        cursor.execute(query, [*source.parameters, *selection.parameters])
        (found,) = cursor.fetchone() or (0,)
    return int(found) if most is None or found <= most else None


def passed_over(collection: Collection, selection: Selection, count: int) -> Position | None:
    """Where a page begins that leaves out this many features, None where there are no more. Its cost grows with their number."""
    source = collection.source
    condition, own, order = source.reading
    query = f"""SELECT f.id FROM {source.table} WHERE {condition}{selection.text}
        ORDER BY {order} OFFSET %s LIMIT 1"""  # noqa: S608 - our own names
    with guarded(selection), connection.cursor() as cursor:
        cursor.execute(query, [*own, *selection.parameters, count - 1])
        row = cursor.fetchone()
    return Position(row[0]) if row else None


def one(collection: Collection, key: str, *, crs: Crs) -> str | None:
    """The feature of this key as GeoJSON, None where there is none."""
    source = collection.source
    if "\0" in key:
        return None
    query = f"SELECT {_HEAD}{_body(crs)} FROM {source.table} WHERE {source.condition} AND f.key = %s LIMIT 1"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, [*source.parameters, key])
        row = cursor.fetchone()
    return str(row[0]) if row else None


def rows(
    collection: Collection, selection: Selection, *, limit: int, start: Position
) -> list[tuple[str, dict[str, Any]]]:
    """(key, attributes) of a page, for people to read."""
    source = collection.source
    condition, own, order = source.reading
    query = f"""SELECT f.key, f.properties FROM {source.table} WHERE {condition}{selection.text}
        AND f.id > %s ORDER BY {order} LIMIT %s"""  # noqa: S608 - our own names
    with guarded(selection), connection.cursor() as cursor:
        cursor.execute(query, [*own, *selection.parameters, start.after, limit])
        return [
            (key, properties if isinstance(properties, dict) else json.loads(properties))
            for key, properties in cursor.fetchall()
        ]
