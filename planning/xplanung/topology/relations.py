"""The objects of one plan against each other: what each check finds, as faults."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

import numpy as np
import shapely

from planning.xplanung.findings import Severity, Value
from planning.xplanung.topology.containment import outside
from planning.xplanung.topology.coverage import Cover, gaps
from planning.xplanung.topology.groups import Entry, Plan
from planning.xplanung.topology.occupancy import doubled
from planning.xplanung.topology.overlap import overlaps
from planning.xplanung.topology.shapes import Fault, Geometries, Shape, array_of, point_of, spot
from planning.xplanung.topology.vertices import missing_vertices

FLUSH = 0.002  # metres; Konformitätsbedingung 2.2.1.1: nearer vertices are one, so narrower gaps and overlaps are none
WITHIN = 0.001  # metres; Konformitätsbedingung 2.2.3.1
_MOST = 1000  # overlaps of one group, gaps of one area, objects outside of it


def faults_of(plan: Plan, version: str) -> Iterator[Fault]:
    """`version` decides what is an error: since 6.0 the Flächenschluss may have no gaps, and nothing be set twice."""
    loose, covers = Cover(plan.flush), [Cover(bereich.flush) for bereich in plan.bereiche.values()]
    checks = [_unassigned(plan), _flush([loose, *covers]), _outside(plan), _bereiche(plan)]
    if not plan.entry.feature_type.startswith("LP_"):
        checks.append(_bare(plan, loose, covers, severity="error" if version >= "6" else "warning"))
    if version >= "6":
        checks.append(_doubled(plan, version))
    for check in checks:
        yield from _survived(plan, check)


def _survived(plan: Plan, check: Iterator[Fault]) -> Iterator[Fault]:
    """The geometry engine may give up on what is nearly degenerate; then the other checks still count."""
    try:
        yield from check
    except shapely.errors.GEOSException as error:
        shape = next(
            (
                entry.shape
                for entry in (plan.entry, *plan.entries)
                if entry.shape and not entry.shape.geometry.is_empty
            ),
            None,
        )
        if shape:
            point = point_of(shapely.get_coordinates(shape.geometry)[0])
            yield Fault("topology.failed", "warning", shape, point, {"reason": str(error)[:200]})


def _flush(covers: list[Cover]) -> Iterator[Fault]:
    """Overlaps and missing vertices. Where everything lies on everything, the overlaps say it."""
    for cover in covers:
        shapes = cover.shapes
        found = [] if cover.fits else overlaps(cover.geometries, FLUSH, _MOST)
        for pair in found:
            params = _params(shapes[pair.second], pair.size)
            yield Fault("topology.overlap", "error", shapes[pair.first], pair.point, params)
        if len(found) < _MOST:
            over = {frozenset((id(shapes[pair.first]), id(shapes[pair.second]))) for pair in found}
            yield from _unlike(shapes, over)


def _unassigned(plan: Plan) -> Iterator[Fault]:
    if plan.flush and len(plan.bereiche) > 1:
        first = plan.flush[0]
        yield Fault("topology.unassigned", "error", first, spot(first.geometry), {"count": len(plan.flush)})


def _unlike(flush: list[Shape], overlapping: set[frozenset[int]]) -> Iterator[Fault]:
    """One fault for each shape that lacks vertices of others it does not overlap, at the first of them."""
    missing = [
        one
        for one in missing_vertices(flush, FLUSH)
        if frozenset((id(one.shape), id(one.neighbour))) not in overlapping
    ]
    counts = Counter(id(one.shape) for one in missing)
    first = {id(one.shape): one for one in reversed(missing)}
    for which, one in first.items():
        params: dict[str, Value] = {"other": one.neighbour.gml_id, "count": counts[which]}
        yield Fault("topology.vertex", "warning", one.shape, one.point, params)


def _bare(plan: Plan, loose: Cover, covers: list[Cover], *, severity: Severity) -> Iterator[Fault]:
    """Gaps Bereich by Bereich, then what of the plan's area belongs to none of them."""
    whole, grounds, done = _area(plan.entry), [loose.ground] if loose.shapes else [], plan.amending
    for bereich, cover in zip(plan.bereiche.values(), covers, strict=True):
        area = _area(bereich.entry)
        if area and cover.shapes:
            yield from _gaps("topology.gap_bereich", severity, area, cover.ground)
        if cover.shapes and not bereich.entry.elsewhere:
            grounds.append(array_of([area]) if area else cover.ground)
            done = done or _same(area, whole)
    if whole and grounds and not done:
        yield from _gaps("topology.gap_plan", severity, whole, np.concatenate(grounds))


def _gaps(rule: str, severity: Severity, area: Shape, covers: Geometries) -> Iterator[Fault]:
    for gap in gaps(area.geometry, covers, FLUSH, _MOST):
        yield Fault(rule, severity, area, gap.point, {"size": round(gap.size, 3)})


def _outside(plan: Plan) -> Iterator[Fault]:
    """Where Bereich and plan have the same area, the Bereich is enough."""
    whole, bound = _area(plan.entry), list(plan.bound)
    for bereich in plan.bereiche.values():
        area = _area(bereich.entry)
        if area:
            yield from _beyond("topology.outside_bereich", area, bereich.bound)
        if not bereich.entry.elsewhere and not _same(area, whole):
            bound += bereich.bound
    if whole:
        yield from _beyond("topology.outside_plan", whole, bound)


def _bereiche(plan: Plan) -> Iterator[Fault]:
    whole, entries = _area(plan.entry), [bereich.entry for bereich in plan.bereiche.values()]
    if whole:
        inner = [area for entry in entries if not entry.elsewhere and (area := _area(entry))]
        differing = [area for area in inner if not _same(area, whole)]
        yield from _beyond("topology.bereich_outside", whole, differing)
    tiles = [area for entry in entries if entry.tile and (area := _area(entry))]
    for pair in overlaps(array_of(tiles), FLUSH, _MOST):
        params = _params(tiles[pair.second], pair.size)
        yield Fault("topology.bereiche_overlap", "warning", tiles[pair.first], pair.point, params)


def _beyond(rule: str, area: Shape, shapes: list[Shape]) -> Iterator[Fault]:
    for found in islice(outside(area, shapes, WITHIN), _MOST):
        yield Fault(rule, "error", found.shape, found.point, _params(area, found.size))


def _doubled(plan: Plan, version: str) -> Iterator[Fault]:
    for found in doubled(plan.entries, version, FLUSH):
        params: dict[str, Value] = {"other": found.buildable.gml_id, "properties": ", ".join(found.names)}
        yield Fault("topology.doubled", "error", found.ground, found.point, params)


def _area(entry: Entry) -> Shape | None:
    return entry.shape if entry.shape and entry.shape.is_area else None


def _same(one: Shape | None, other: Shape | None) -> bool:
    """The same rings, wherever they begin: the usual case of a single Bereich, and cheap to see."""
    if one is None or other is None:
        return False
    return bool(shapely.normalize(one.geometry) == shapely.normalize(other.geometry))


def _params(other: Shape, size: float) -> dict[str, Value]:
    return {"other": other.gml_id, "size": round(size, 3)}
