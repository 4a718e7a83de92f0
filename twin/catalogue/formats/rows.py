"""A chunk's rows as lines of text for COPY: the columns of storing's table, see Feature for what they mean."""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
import shapely

from twin.catalogue.formats import attributes, places
from twin.catalogue.formats.model import Array, Field
from twin.catalogue.formats.places import WGS84

NULL = "\\N"
WEB_MERCATOR = 3857
DECIMALS = 7  # of degrees: a centimetre (RFC 7946, section 11.2)
LONGEST_KEY = 200  # characters
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def json_columns(columns: Sequence[Array], fields: Sequence[Field]) -> list[list[str]]:
    """For each field its members: `"name":value`, one for each row."""
    found = []
    for column, field in zip(columns, fields, strict=True):
        name = f'"{field.name}":'
        found.append([name + text for text in attributes.texts(column, field.type)])
    return found


def properties(members: Sequence[Sequence[str]], count: int) -> list[str]:
    if not members:
        return ["{}"] * count
    return ["{" + ",".join(row) + "}" for row in zip(*members, strict=True)]


def digests(
    geometries: Sequence[bytes | None], members: Sequence[Sequence[str]], fields: Sequence[Field]
) -> list[str]:
    """See storing.digest_of: by the names of the attributes, not by their order in the file. geometries: EWKB."""
    order = sorted(range(len(fields)), key=lambda at: fields[at].name)
    texts = properties([members[at] for at in order], len(geometries))
    return [
        hashlib.sha256((ewkb or b"") + text.encode()).hexdigest()[:32]
        for ewkb, text in zip(geometries, texts, strict=True)
    ]


def ewkb(shapes: Array, srid: int) -> list[bytes | None]:
    found: list[bytes | None] = shapely.to_wkb(shapely.set_srid(shapes, srid), include_srid=True).tolist()
    return found


def in_hexadecimal(geometries: Iterable[bytes | None]) -> list[str]:
    """Much faster than GEOS writes it."""
    return [NULL if each is None else each.hex() for each in geometries]


def for_the_web(shapes: Array | None, *, srid: int, count: int) -> tuple[list[str], list[str]]:
    """As EWKB for tiles, and as GeoJSON (RFC 7946: WGS84, outer rings counter-clockwise)."""
    if shapes is None:
        return [NULL] * count, ["null"] * count
    points = shapely.get_coordinates(shapes)
    degrees = places.transform(points, system=f"EPSG:{srid}", srid=WGS84)
    tiles = places.moved(shapes, places.mercator(degrees))
    world = shapely.orient_polygons(places.moved(shapes, np.round(degrees, DECIMALS)))
    texts = ["null" if text is None else text for text in shapely.to_geojson(world).tolist()]
    return in_hexadecimal(ewkb(tiles, WEB_MERCATOR)), texts


def escaped(text: str) -> str:
    return text if text.isalnum() else text.translate(_ESCAPES)


def lines(columns: Sequence[Sequence[str]], *, start: int) -> str:
    """columns: keys, digests, properties, geometries and those for tiles in hexadecimal, GeoJSON geometries; start: position of
    the first row in the delivery."""
    found = []
    for position, (key, digest, members, own, tiles, geometry) in enumerate(
        zip(*columns, strict=True), start
    ):
        plain = members.replace("\\", "\\\\")
        found.append(
            f'{position}\t{escaped(key)}\t{digest}\t{plain}\t{own}\t{tiles}\t"geometry":{geometry},"properties":{plain}\n'
        )
    return "".join(found)
