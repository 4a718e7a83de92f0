"""Rows of a delivery -> features of a version: COPY into a temporary table, then INSERT or a merge under the wall.

COPY into a table with policies is refused, hence the temporary one. What is the same as before stays one row, so a delivery
writes what changed in it alone; see Feature. Where there was nothing before, rows go on as they come. Of more than a few, those
that lie together are written together: a page or a tile is then read from few blocks (ADR 16). The few stay in the file's order.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from twin.catalogue.models import Dataset, Feature

TABLE = "arriving"
_COLUMNS = "key, digest, properties, geometry, geometry_3857, body"
_CREATE = f"""CREATE TEMPORARY TABLE {TABLE} (key text COLLATE "C", digest text COLLATE "C", properties jsonb,
    geometry geometry, geometry_3857 geometry, body text) ON COMMIT DROP"""
_FEW = 1_000  # rows, as many as a page
_HEAD, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"  # of binary COPY (PostgreSQL, COPY, file formats)
# What is there no more, or otherwise.
_CLOSE = f"""UPDATE catalogue_feature f SET until = %(version)s, is_public = false
    WHERE f.dataset_id = %(dataset)s AND f.until IS NULL
      AND NOT EXISTS (SELECT FROM {TABLE} a WHERE a.key = f.key AND a.digest = f.digest)"""  # noqa: S608 - our own name
_ADD = f"""INSERT INTO catalogue_feature
    (tenant_id, dataset_id, since, key, digest, properties, geometry, geometry_3857, body, is_public)
    SELECT %(tenant)s, %(dataset)s, %(version)s, a.key, a.digest, a.properties, a.geometry, a.geometry_3857, a.body, %(public)s
    FROM {TABLE} a"""  # noqa: S608 - our own name
# PostGIS compares geometries along a Hilbert curve.
_BY_PLACE = f"ORDER BY CASE WHEN (SELECT count(*) FROM {TABLE}) > {_FEW} THEN a.geometry_3857 END, a.ctid"  # noqa: S608
_ADD_ALL = f"{_ADD} {_BY_PLACE}"
# What is new, or otherwise than before.
_ADD_OTHERS = f"""{_ADD} WHERE NOT EXISTS (SELECT FROM catalogue_feature f
    WHERE f.dataset_id = %(dataset)s AND f.until IS NULL AND f.key = a.key AND f.digest = a.digest) {_BY_PLACE}"""


@dataclass(frozen=True)
class Difference:
    """Against the version before, in features. A changed one has the same key and another content."""

    added: int
    changed: int
    gone: int


@contextmanager
def arriving() -> Iterator[None]:
    """A transaction's temporary table for one delivery; needs an open transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        yield
        cursor.execute(f"DROP TABLE {TABLE}")


def copy(rows: bytes) -> None:
    """Put the tuples of formats.rows into the temporary table; no two of a delivery have the same key."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {TABLE} ({_COLUMNS}) FROM STDIN (FORMAT BINARY)") as stream:  # fmt: skip
        stream.write(_HEAD)
        stream.write(rows)
        stream.write(_END)


def add(dataset: Dataset, *, version: int) -> int:
    """Make what arrived so far content of the dataset's first version; returns how many features that are."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD_ALL, _values(dataset, version))
        added = cursor.rowcount
        cursor.execute(f"TRUNCATE {TABLE}")
    return int(added)


def merge(dataset: Dataset, *, version: int) -> Difference:
    """Make what arrived the content of this version. The dataset's row must be locked by the caller."""
    values = _values(dataset, version)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {TABLE} (key, digest)")
        cursor.execute(_CLOSE, values)
        closed = cursor.rowcount
        cursor.execute(_ADD_OTHERS, values)
        inserted = cursor.rowcount
        changed = _changed(cursor, dataset, version=version) if closed and inserted else 0
    return Difference(added=inserted - changed, changed=changed, gone=closed - changed)


def _values(dataset: Dataset, version: int) -> dict[str, Any]:
    return {
        "dataset": dataset.pk,
        "tenant": dataset.tenant_id,
        "version": version,
        "public": dataset.is_public,
    }


def _changed(cursor: Any, dataset: Dataset, *, version: int) -> int:
    cursor.execute(
        "SELECT count(*) FROM catalogue_feature n WHERE n.dataset_id = %(dataset)s AND n.since = %(version)s"
        " AND EXISTS (SELECT FROM catalogue_feature o WHERE o.dataset_id = %(dataset)s AND o.until = %(version)s AND o.key = n.key)",
        {"dataset": dataset.pk, "version": version},
    )
    return int(cursor.fetchone()[0])


def restore(dataset: Dataset, *, old: int, version: int) -> Difference:
    """Make the content of an old version the content of this new one."""
    rows = Feature.objects.filter(dataset=dataset, since__lte=old).exclude(until__lte=old)
    query, parameters = rows.values_list("pk").query.sql_with_params()
    with arriving(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} ({_COLUMNS}) SELECT {_COLUMNS} FROM catalogue_feature WHERE id IN ({query}) ORDER BY id",  # noqa: S608 - our own names
            parameters,
        )
        return merge(dataset, version=version)
