"""A chunk's rows as tuples for COPY in binary: the columns of storing's table, see Feature for what they mean."""

import hashlib
import struct
from collections.abc import Iterable, Sequence
from itertools import chain, repeat

import numpy as np
import shapely

from twin.catalogue.formats import attributes, places
from twin.catalogue.formats.model import Array, Field
from twin.catalogue.formats.places import WGS84

WEB_MERCATOR = 3857
DECIMALS = 7  # of degrees: a centimetre (RFC 7946, section 11.2)
LONGEST_KEY = 200  # characters
_JSONB = b"\x01"  # version of its binary form
_SRID = 0x20000000  # flag in the type of an EWKB


def json_columns(columns: Sequence[Array], fields: Sequence[Field]) -> list[list[str]]:
    """For each field its members: `"name":value`, one for each row."""
    found = []
    for column, field in zip(columns, fields, strict=True):
        name = f'"{field.name}":'
        found.append([name + text for text in attributes.texts(column, field.type)])
    return found


def properties(members: Sequence[Sequence[str]], count: int) -> list[bytes]:
    if not members:
        return [b"{}"] * count
    return [f"{{{','.join(row)}}}".encode() for row in zip(*members, strict=True)]


def digests(
    geometries: Sequence[bytes | None], members: Sequence[Sequence[str]], fields: Sequence[Field]
) -> list[str]:
    """By the names of the attributes, not by their order in the file. geometries: EWKB."""
    order = sorted(range(len(fields)), key=lambda at: fields[at].name)
    texts = properties([members[at] for at in order], len(geometries))
    return [
        hashlib.sha256((ewkb or b"") + text).hexdigest()[:32]
        for ewkb, text in zip(geometries, texts, strict=True)
    ]


def ewkb(shapes: Array, srid: int) -> list[bytes | None]:
    """Of flat geometries. Written over the plain form's head, since GEOS would copy each geometry to note its system."""
    heads = {kind: struct.pack("<BII", 1, kind | _SRID, srid) for kind in range(1, 8)}
    plain = shapely.to_wkb(shapes, byte_order=1).tolist()
    return [None if each is None else heads[each[1]] + each[5:] for each in plain]


def for_the_web(shapes: Array | None, *, srid: int, count: int) -> tuple[list[bytes | None], list[bytes]]:
    """As EWKB for tiles, and as GeoJSON (RFC 7946: WGS84, outer rings counter-clockwise)."""
    if shapes is None:
        return [None] * count, [b"null"] * count
    points = shapely.get_coordinates(shapes)
    degrees = places.transform(points, system=f"EPSG:{srid}", srid=WGS84)
    tiles = ewkb(places.moved(shapes, places.mercator(degrees)), WEB_MERCATOR)
    world = shapely.orient_polygons(places.moved(shapes, np.round(degrees, DECIMALS)))
    texts = [b"null" if text is None else text.encode() for text in shapely.to_geojson(world).tolist()]
    return tiles, texts


def tuples(
    keys: Iterable[str],
    digests: Iterable[str],
    members: Sequence[bytes],
    *,
    own: Sequence[bytes | None],
    web: tuple[Sequence[bytes | None], Sequence[bytes]],
) -> bytes:
    """Rows of PostgreSQL's binary COPY, without its head and end. members: the properties; own, web: geometries as EWKB, see for_the_web."""
    tiles, texts = web
    bodies = [
        b'"geometry":' + text + b',"properties":' + plain for text, plain in zip(texts, members, strict=True)
    ]
    columns = (
        [key.encode() for key in keys],
        [digest.encode() for digest in digests],
        [_JSONB + plain for plain in members],
        own,
        tiles,
        bodies,
    )
    parts: list[Iterable[bytes]] = [repeat(struct.pack(">h", len(columns)), len(members))]
    for column in columns:
        lengths = np.array([-1 if value is None else len(value) for value in column], dtype=">i4")
        parts += [lengths.view("V4").tolist(), [value or b"" for value in column]]
    return b"".join(chain.from_iterable(zip(*parts, strict=True)))
