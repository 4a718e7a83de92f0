"""Where what plans state meets areas of datasets and plans of neighbours, computed by PostGIS for all of it at once, in the twin's system.

A plan's objects are few and small, a flood area may have 100,000 corners: each is cut to the rectangle around a plan before it is met with the
plan's objects. What two sources draw alike never coincides to the centimetre: overlaps narrower than WIDTH everywhere count as none, and so
do pieces of lines shorter than that. A size is m² of an area, m of a line, the number of points.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

from planning.auskunft.measuring import WIDTH

AREA = 2  # dimension
_SIZE = "CASE dimension WHEN 2 THEN ST_Area({0}) WHEN 1 THEN ST_Length({0}) ELSE ST_NumGeometries(ST_Multi({0})) END"
_SOUND = "ST_CollectionExtract(CASE WHEN ST_IsValid({0}) THEN {0} ELSE ST_MakeValid({0}) END, 3)"
_SITES = f"""CREATE TEMPORARY TABLE check_site ON COMMIT DROP AS
    SELECT o.id AS key, o.version_id, ST_Dimension(o.geometry) AS dimension, ST_IsValid(o.geometry) AS valid,
        CASE ST_Dimension(o.geometry) WHEN 2 THEN {_SOUND.format("o.geometry")} ELSE ST_CollectionExtract(o.geometry, ST_Dimension(o.geometry) + 1) END AS geom
    FROM planning_planobject o WHERE o.id = ANY(%(objects)s)
    UNION ALL
    SELECT -v.id, v.id, 2, ST_IsValid(v.area), {_SOUND.format("v.area")} FROM planning_planversion v WHERE v.id = ANY(%(versions)s)"""  # noqa: S608 - our own words
_FRAMES = """CREATE TEMPORARY TABLE check_frame ON COMMIT DROP AS
    SELECT version_id, frame::box2d AS frame, ST_Transform(ST_Expand(frame, 2), 3857) AS web
    FROM (SELECT version_id, ST_SetSRID(ST_Extent(geom)::geometry, %(srid)s) AS frame FROM check_site GROUP BY version_id) each"""
# The index of places holds what is in the current version; the other branch finds what was in the one that was asked about.
_PIECES = f"""CREATE TEMPORARY TABLE check_piece ON COMMIT DROP AS
    SELECT version_id, dataset_id, {_SOUND.format("cut")} AS geom FROM (
        SELECT fr.version_id, f.dataset_id, ST_ClipByBox2D(f.geometry, fr.frame) AS cut
        FROM check_frame fr CROSS JOIN unnest(%(datasets)s::int[], %(numbers)s::int[]) AS d(id, number)
        JOIN catalogue_feature f ON f.dataset_id = d.id AND f.geometry_3857 && fr.web AND f.until IS NULL AND f.since <= d.number
        UNION ALL
        SELECT fr.version_id, f.dataset_id, ST_ClipByBox2D(f.geometry, fr.frame)
        FROM unnest(%(datasets)s::int[], %(numbers)s::int[]) AS d(id, number)
        JOIN catalogue_feature f ON f.dataset_id = d.id AND f.until > d.number AND f.since <= d.number
        JOIN check_frame fr ON f.geometry_3857 && fr.web
    ) each WHERE NOT ST_IsEmpty(cut)"""  # noqa: S608 - our own words
_OVERLAPS = f"""SELECT key, dataset_id, {_SIZE.format("met")}, ST_AsGeoJSON(met, 3) FROM (
        SELECT s.key, s.dimension, p.dataset_id, ST_Union(ST_CollectionExtract(ST_Intersection(s.geom, p.geom), s.dimension + 1)) AS met
        FROM check_site s JOIN check_piece p ON p.version_id = s.version_id AND s.geom && p.geom AND ST_Intersects(s.geom, p.geom)
        GROUP BY s.key, s.dimension, p.dataset_id) each
    WHERE CASE dimension
        WHEN 2 THEN ST_Area(met) > %(width)s * ST_Perimeter(met) OR NOT ST_IsEmpty(ST_Buffer(met, -%(width)s / 2))
        WHEN 1 THEN ST_Length(met) >= %(width)s
        ELSE NOT ST_IsEmpty(met) END
    ORDER BY key, dataset_id"""  # noqa: S608 - our own words
_MEASURED = f"SELECT key, dimension, valid, size FROM (SELECT key, dimension, valid, {_SIZE.format('geom')} AS size FROM check_site) each WHERE size > 0"  # noqa: S608 - our own words
_SHAPES = "SELECT key, ST_AsBinary(geom) FROM check_site WHERE dimension = 2 AND geom && ST_MakeEnvelope(%s, %s, %s, %s, %s) AND ST_Area(geom) > 0"
_OUTLINES = "SELECT version_id, ST_AsGeoJSON(geom, 3) FROM check_site WHERE key < 0"
_BESIDES = f"""WITH other AS MATERIALIZED (
        SELECT id, {_SOUND.format("area")} AS geom FROM planning_planversion WHERE id = ANY(%(others)s))
    SELECT s.version_id, other.id, ST_Area(ST_Intersection(s.geom, other.geom)), ST_Distance(s.geom, other.geom)
    FROM check_site s JOIN other ON ST_DWithin(s.geom, other.geom, %(near)s) WHERE s.key < 0 ORDER BY 1, 3 DESC, 4, 2"""  # noqa: S608 - our own words
_NEAR = """SELECT n.id FROM planning_plan n WHERE n.id = ANY(%(others)s) AND EXISTS (
        SELECT FROM planning_planversion v WHERE v.id = ANY(%(versions)s) AND n.area && ST_Expand(v.area, %(near)s))"""


@dataclass(frozen=True)
class Sites:
    """What is measured: objects of versions by their ids, and each version as a whole."""

    versions: Sequence[int]
    objects: Sequence[int]


@contextmanager
def laid_out(sites: Sites) -> Iterator[None]:
    """The transaction's tables of what is measured; needs an open transaction."""
    values: dict[str, Any] = {
        "versions": list(sites.versions),
        "objects": list(sites.objects),
        "srid": settings.TWIN_SRID,
    }
    with connection.cursor() as cursor:
        for statement in (_SITES, _FRAMES):
            cursor.execute(statement, values)
        cursor.execute("ANALYZE check_site")
        yield
        cursor.execute("DROP TABLE check_site, check_frame")


class Measured(NamedTuple):
    """dimension: 2 an area, 1 a line, 0 points; valid: as it came."""

    dimension: int
    valid: bool
    size: float


def sites() -> dict[int, Measured]:
    """By object's id, or by that of a version with a minus for the whole plan. Within `laid_out`."""
    return {key: Measured(*measured) for key, *measured in _rows(_MEASURED)}


def outlines() -> dict[int, str]:
    """Of the plans by version, as GeoJSON. Within `laid_out`."""
    return dict(_rows(_OUTLINES))


def shapes(box: Sequence[float]) -> list[tuple[int, bytes]]:
    """Of the areas that may meet the rectangle, as WKB. Within `laid_out`."""
    return [(key, bytes(shape)) for key, shape in _rows(_SHAPES, [*box, settings.TWIN_SRID])]


def overlaps(datasets: Sequence[tuple[int, int]]) -> list[tuple[int, int, float, str]]:
    """datasets: (id, number of the version). Returns (key as in `sites`, dataset, size, GeoJSON). Within `laid_out`."""
    values = {"datasets": [each[0] for each in datasets], "numbers": [each[1] for each in datasets]}
    with connection.cursor() as cursor:
        cursor.execute(_PIECES, values)
        cursor.execute("ANALYZE check_piece")
        cursor.execute(_OVERLAPS, {"width": WIDTH})
        found: list[tuple[int, int, float, str]] = cursor.fetchall()
        cursor.execute("DROP TABLE check_piece")
    return found


def besides(others: Sequence[int], *, near: float) -> list[tuple[int, int, float, float]]:
    """others: ids of versions. Returns (version, other, m² of the overlap, m between them) of those at most so many m away. Within `laid_out`."""
    return _rows(_BESIDES, {"others": list(others), "near": near})


def near(plans: Sequence[int], *, versions: Sequence[int], within: float) -> set[int]:
    """Which of these plans' rectangles lie at most so many m from those of the versions."""
    return {
        key for (key,) in _rows(_NEAR, {"others": list(plans), "versions": list(versions), "near": within})
    }


def _rows(statement: str, values: Any = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[Any] = cursor.fetchall()
    return found
