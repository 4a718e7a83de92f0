"""Features out of the database: an answer is joined from texts as they are stored, never parsed, nor read as text."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DataError, InternalError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from twin.ogc.collections import Collection, Source
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

    features: bytes
    returned: int
    matched: int | None
    following: str | None

    def document(self, head: dict[str, Any]) -> bytes:
        """GeoJSON whose first members are these."""
        return json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "features": [' + self.features + b"]}"


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
    with limited():
        yield


@contextmanager
def limited() -> Iterator[None]:
    """What is computed as a stranger asked for it. Raises ParameterRefused, TooLong."""
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
    """Its cost does not grow with what lies before the page or behind it."""
    source, found = collection.source, None
    if not selection.conditions:
        matched: int | None = collection.count
    elif start.state == collection.state and (start.matched is None or not selection.by_index):
        matched = start.matched
    elif selection.by_index and not start.after and (found := _few(source, selection, crs, limit=limit)):
        matched = len(found.texts)
    else:
        matched, found = _gathered(source, selection, crs, after=start.after, limit=limit + 1)
    if found is None:
        found = _walked(source, selection, crs, after=start.after, limit=limit + 1)
    shown = found.texts[:limit]
    more = len(found.texts) > limit
    following = Position(found.number(limit - 1), matched, collection.state).token() if more else None
    return Page(b",".join(shown), len(shown), matched, following)


class _Sent:
    """psycopg's own result, since as Python's objects, row by row, half a megabyte of texts would take as long as to find them.

    Columns: text of a feature, its id.
    """

    def __init__(self, selection: Selection, query: str, values: list[Any]) -> None:
        with guarded(selection), connection.cursor() as cursor:
            cursor.execute(query, values)
            self._result = cursor.pgresult
        texts = (self._result.get_value(row, 0) for row in range(self._result.ntuples))
        self.texts: list[bytes] = [text for text in texts if text is not None]

    def number(self, row: int, column: int = 1) -> int:
        return int(self._result.get_value(row, column))


def _columns(crs: Crs) -> str:
    return "f.id, f.key, f.body" if crs == CRS84 else "f.id, f.key, f.body, f.geometry"


def _walked(source: Source, selection: Selection, crs: Crs, *, after: int, limit: int) -> _Sent:
    """On from there in their order, until enough are found."""
    condition, own, order = source.reading
    query = f"""SELECT {_HEAD}{_body(crs)}, id FROM (
            SELECT {_columns(crs)} FROM {source.table}
            WHERE {condition}{selection.text} AND f.id > %s ORDER BY {order} LIMIT %s
        ) page ORDER BY id"""  # noqa: S608 - our own names
    return _Sent(selection, query, [*own, *selection.parameters, after, limit])


def _few(source: Source, selection: Selection, crs: Crs, *, limit: int) -> _Sent | None:
    """All that are selected, None where two pages don't hold them: a third cheaper than to keep them for counting."""
    most = min(2 * limit, MOST_COUNTED)
    query = f"""SELECT {_HEAD}{_body(crs)}, id FROM (
            SELECT {_columns(crs)} FROM {source.table} WHERE {source.condition}{selection.text} LIMIT %s
        ) few ORDER BY id"""  # noqa: S608 - our own names
    found = _Sent(selection, query, [*source.parameters, *selection.parameters, most + 1])
    return found if len(found.texts) <= most else None


def _gathered(
    source: Source, selection: Selection, crs: Crs, *, after: int, limit: int
) -> tuple[int | None, _Sent | None]:
    """How many are selected, and of them those of the page; None and None where they are more than are counted.

    The index of places finds them in no order, so it takes all of them to know the first ones, and counting takes all, too.
    """
    query = f"""
        WITH found AS MATERIALIZED (
            SELECT {_columns(crs)} FROM {source.table} WHERE {source.condition}{selection.text} LIMIT {MOST_COUNTED + 1}
        )
        SELECT text, id, count FROM (SELECT count(*) AS count FROM found) counted LEFT JOIN (
            SELECT id, {_HEAD}{_body(crs)} AS text FROM (SELECT * FROM found WHERE id > %s ORDER BY id LIMIT %s) following
        ) page ON count <= {MOST_COUNTED} ORDER BY id"""  # noqa: S608 - our own names
    found = _Sent(selection, query, [*source.parameters, *selection.parameters, after, limit])
    count = found.number(0, 2)
    return (count, found) if count <= MOST_COUNTED else (None, None)


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
