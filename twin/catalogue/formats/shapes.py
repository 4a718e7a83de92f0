"""Geometries of a chunk: flat, placed in the twin's system, valid; and what had to be said about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from twin.catalogue.formats import places
from twin.catalogue.formats.model import Array, Chunk
from twin.catalogue.formats.notes import Notes
from twin.catalogue.formats.places import Extent

Flags = npt.NDArray[np.bool_]
KINDS = {0: "Point", 1: "LineString", 2: "LineString", 3: "Polygon", 4: "MultiPoint", 5: "MultiLineString", 6: "MultiPolygon", 7: "GeometryCollection"}  # fmt: skip
_DIMENSIONS = {"Point": 0, "LineString": 1, "Polygon": 2}
_COLLECTION = 7


@dataclass(frozen=True)
class Target:
    """Where rows must lie. system: what they come in; srid: of the twin; swapped: the coordinates stand the other way round;
    only: the kind of geometry that a data format asks for, or ""."""

    system: str
    srid: int
    extent: Extent
    swapped: bool = False
    only: str = ""


def placed(chunk: Chunk, target: Target, notes: Notes) -> tuple[Array, Flags]:
    """The chunk's geometries in the twin's system, and which rows can't be kept."""
    shapes = chunk.shapes
    assert shapes is not None  # noqa: S101 - asked for layers with geometry alone
    bad = chunk.broken.copy()
    notes.of_rows("geometry.broken", _at(chunk, bad))
    if chunk.unplaced is not None:
        for number, found in zip(chunk.numbers, chunk.unplaced, strict=True):
            if found is not None:
                notes.of_rows(found[0], [(number, found[1])], severity="warning")
    if shapely.has_z(shapes).any():
        notes.of_rows("geometry.heights", _at(chunk, shapely.has_z(shapes)), severity="info")
        shapes = shapely.force_2d(shapes)
    shapes, lost = _moved(shapes, target)
    notes.of_rows("geometry.not_finite", _at(chunk, lost))
    bad |= lost
    shapes = _repaired(chunk, shapes, notes, bad)
    if target.only:
        bad |= _other_kind(chunk, shapes, target.only, notes)
    return shapes, bad


def _at(chunk: Chunk, flags: Flags, words: Mapping[int, Any] | None = None) -> list[tuple[int, Any]]:
    return [(int(chunk.numbers[i]), (words or {}).get(int(i))) for i in np.flatnonzero(flags)]


def _moved(shapes: Array, target: Target) -> tuple[Array, Flags]:
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    if target.swapped:
        points = points[:, ::-1]
    moved = places.transform(points, system=target.system, srid=target.srid)
    finite: Flags = np.asarray(np.isfinite(moved).all(axis=1))
    lost = np.zeros(len(shapes), dtype=bool)
    if not finite.all():
        lost[owner[~finite]] = True
        moved = np.where(finite[:, None], moved, 0.0)
    if moved is points:
        return shapes, lost
    shapes = places.moved(shapes, moved)
    shapes[lost] = None
    return shapes, lost


def _repaired(chunk: Chunk, shapes: Array, notes: Notes, bad: Flags) -> Array:
    """Areas that cross themselves made whole; what is left empty then can't be kept."""
    empty = ~shapely.is_missing(shapes) & shapely.is_empty(shapes)
    invalid = ~shapely.is_missing(shapes) & ~empty & ~shapely.is_valid(shapes)
    if empty.any():
        shapes = shapes.copy()
        shapes[empty] = None
    if invalid.any():
        reasons = dict(
            zip(np.flatnonzero(invalid).tolist(), shapely.is_valid_reason(shapes[invalid]), strict=True)
        )
        shapes = shapes.copy()
        dimensions = shapely.get_dimensions(shapes[invalid])
        whole = shapely.make_valid(shapes[invalid], method="structure", keep_collapsed=False)
        usable = ~shapely.is_empty(whole) & (shapely.get_dimensions(whole) == dimensions)
        whole[~usable] = None
        shapes[invalid] = whole
        lost = invalid.copy()
        lost[invalid] = ~usable
        bad |= lost
        notes.of_rows("geometry.repaired", _at(chunk, invalid & ~lost, reasons), severity="warning")
        notes.of_rows("geometry.lost", _at(chunk, lost, reasons))
    notes.of_rows("geometry.none", _at(chunk, shapely.is_missing(shapes) & ~bad), severity="warning")
    return shapes


def _other_kind(chunk: Chunk, shapes: Array, only: str, notes: Notes) -> Flags:
    kinds = shapely.get_type_id(shapes)
    there = ~shapely.is_missing(shapes)
    other = (there & (shapely.get_dimensions(shapes) != _DIMENSIONS[only])) | (kinds == _COLLECTION)
    words = {int(i): KINDS.get(int(kinds[i]), "?") for i in np.flatnonzero(other)}
    notes.of_rows("format.geometry", _at(chunk, other, words), wanted=only)
    missing = ~there & ~chunk.broken
    notes.of_rows("format.no_geometry", _at(chunk, missing), wanted=only)
    found: Flags = other | missing
    return found


def outside(chunk: Chunk, shapes: Array, extent: Extent) -> list[tuple[int, Any]]:
    """Rows whose geometries lie beyond the extent as a whole."""
    bounds = shapely.bounds(shapes)
    west, south, east, north = extent
    far = (bounds[:, 2] < west) | (bounds[:, 0] > east) | (bounds[:, 3] < south) | (bounds[:, 1] > north)
    return _at(chunk, far)


def kind_of(kinds: set[str]) -> str:
    """One name for the kinds of a layer: "Geometry" where they are of several dimensions."""
    singles = {kind.removeprefix("Multi") for kind in kinds}
    if len(singles) > 1:
        return "Geometry"
    return max(kinds, default="", key=len)
