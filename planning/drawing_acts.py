"""What the map asks for, put into acts of planning.editing: corners snapped to what is there, gaps found. JSON of an act:

{"act": "reshape", "objects": [{"id", "mark", "geometry"}], "along": bool}    geometry: GeoJSON in the twin's system
{"act": "add", "kind": key of the palette, "geometry"}
{"act": "fill", "kind", "point": [easting, northing]}                          the gap around a place
{"act": "cut", "id", "mark", "line": GeoJSON}
{"act": "remove", "id", "mark"}
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from planning import drafting, editing
from planning.drafting import Item
from planning.editing import Outcome, Reshape
from planning.models import EditDraft
from planning.xplanung import cutting
from planning.xplanung.palette import Kind, kinds_of
from tenants.models import User

_DIMENSIONS = {"area": 2, "line": 1, "point": 0}
_FAR = 1e8  # metres; no coordinate of the twin's system is further from its origin


class Misunderstood(ValueError):
    """No act of these."""


def perform(draft: EditDraft, wanted: Any, *, actor: User) -> Outcome:
    """Raises Misunderstood, and what planning.editing raises."""
    try:
        return _ACTS[wanted["act"]](draft, wanted, actor)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise Misunderstood from error


def _reshape(draft: EditDraft, wanted: Mapping[str, Any], actor: User) -> Outcome:
    objects = [
        Reshape(str(one["id"]), int(one["mark"]), _geometry(one["geometry"])) for one in wanted["objects"]
    ]
    if not objects:
        raise Misunderstood
    return reshape(draft, objects, actor=actor, along=wanted.get("along") is not False, snap=False)


def reshape(draft: EditDraft, wanted: Sequence[Reshape], *, actor: User, along: bool, snap: bool) -> Outcome:
    """snap: put changed corners onto those of neighbours first."""
    if snap:
        wanted = [Reshape(one.key, one.mark, _snapped(draft, one)) for one in wanted]
    return editing.reshape(draft, wanted, actor=actor, along=along)


def _snapped(draft: EditDraft, one: Reshape) -> BaseGeometry:
    """Only corners that are new: those that stayed stay."""
    item = drafting.item_of(draft, one.key)
    before = item.geometry if item else None
    others = _others(draft, one.geometry, item)
    stayed = {tuple(point) for point in shapely.get_coordinates(cutting.rounded(before))} if before else set()
    fixed = {corner: corner for corner in stayed}

    def place(points: Any) -> Any:
        return [
            corner if (corner := (float(east), float(north))) in fixed else cutting.snapped(corner, others)
            for east, north in points.round(cutting.DIGITS)
        ]

    found: BaseGeometry = shapely.transform(one.geometry, place)
    return found


def _others(draft: EditDraft, shape: BaseGeometry, item: Item | None) -> list[BaseGeometry]:
    """Geometries around a shape that corners snap to; an object that moves takes its neighbours' own corners along."""
    near = drafting.near(draft, shape, within=cutting.SNAPPING)
    return [
        one.geometry
        for one in near
        if one.geometry is not None and (item is None or one.position != item.position)
    ]


def add(draft: EditDraft, kind: Kind, geometry: BaseGeometry | None, *, actor: User, snap: bool) -> Outcome:
    """Draw a new object. Raises EditRefused."""
    if geometry is not None and snap:
        geometry = cutting.all_snapped(geometry, _others(draft, geometry, None))
    return editing.add(draft, kind, geometry, actor=actor)


def _add(draft: EditDraft, wanted: Mapping[str, Any], actor: User) -> Outcome:
    kind = _kind(draft, wanted)
    geometry = _geometry(wanted["geometry"])
    if shapely.get_dimensions(geometry) != _DIMENSIONS.get(kind.shape):
        raise Misunderstood
    return add(draft, kind, geometry, actor=actor, snap=True)


def _fill(draft: EditDraft, wanted: Mapping[str, Any], actor: User) -> Outcome:
    east, north = wanted["point"]
    return editing.fill(draft, _kind(draft, wanted), (float(east), float(north)), actor=actor)


def _cut(draft: EditDraft, wanted: Mapping[str, Any], actor: User) -> Outcome:
    line = _geometry(wanted["line"])
    if not isinstance(line, shapely.LineString):
        raise Misunderstood
    return editing.cut(draft, str(wanted["id"]), line, actor=actor, mark=int(wanted["mark"]))


def _remove(draft: EditDraft, wanted: Mapping[str, Any], actor: User) -> Outcome:
    return Outcome(editing.remove(draft, str(wanted["id"]), actor=actor, mark=int(wanted["mark"])))


_ACTS = {"reshape": _reshape, "add": _add, "fill": _fill, "cut": _cut, "remove": _remove}


def _kind(draft: EditDraft, wanted: Mapping[str, Any]) -> Kind:
    known = {kind.key: kind for kind in kinds_of(draft.base.xplan_version, draft.plan.plan_type)}
    return known[wanted["kind"]]


def _geometry(given: Any) -> BaseGeometry:
    """GeoJSON of the twin's system. Raises Misunderstood."""
    try:
        found: Any = shapely.from_geojson(json.dumps(given))
    except (ValueError, TypeError, shapely.errors.ShapelyError) as error:
        raise Misunderstood from error
    points = shapely.get_coordinates(found)
    if found.is_empty or not len(points) or not (abs(points) < _FAR).all():
        raise Misunderstood
    whole: BaseGeometry = shapely.force_2d(found)
    return whole
