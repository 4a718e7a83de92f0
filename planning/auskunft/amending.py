"""Where a plan still applies after its amendments, and what else changed it there. Pure: geometries in one plane system, metres.

A repeal and a replacement cut their area out. A change cuts nothing by itself: both plans are read together; but where the change
draws areas of the Flächenschluss anew, they take the place of those drawn before. A supplement only adds. Two plans that repeal each other
contradict themselves: both stay, with what they say of each other, for a person to judge.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from planning.auskunft.measuring import remaining
from planning.xplanung.relations import Effect

_CUTS = (Effect.REPEALS, Effect.REPLACES)


@dataclass(frozen=True)
class Amendment:
    """One plan (by) changes another one (of) in an area, here clipped to the place asked about."""

    by: int
    of: int
    effect: Effect
    area: BaseGeometry


@dataclass
class Part:
    """Where one plan applies within the place. cut: what took something away; changed: what is to be read with it."""

    area: BaseGeometry
    cut: list[Amendment] = field(default_factory=list)
    changed: list[Amendment] = field(default_factory=list)


def parts(areas: Mapping[int, BaseGeometry], amendments: Iterable[Amendment]) -> dict[int, Part]:
    """Plan -> where it still applies. areas: plan -> its area within the place, all plans in force."""
    found = {key: Part(area) for key, area in areas.items()}
    amendments = list(amendments)
    cuts = {(each.by, each.of) for each in amendments if each.effect in _CUTS}
    for each in amendments:
        part = found.get(each.of)
        if part is None or each.by == each.of or not shapely.intersects(areas[each.of], each.area):
            continue
        if each.effect in _CUTS and (each.of, each.by) not in cuts:
            part.area = remaining(part.area, each.area)
            part.cut.append(each)
        else:
            part.changed.append(each)
    for part in found.values():  # what lies where the plan is gone changes nothing any more
        part.changed = [each for each in part.changed if shapely.intersects(part.area, each.area)]
    return found


def redrawn(part: Part, flush: Mapping[int, list[BaseGeometry]]) -> BaseGeometry:
    """The ground that changes of this plan have drawn anew. flush: plan -> its areas of the Flächenschluss in the place."""
    pieces = [
        shapely.intersection(shapely.union_all(flush[each.by]), each.area)
        for each in part.changed
        if each.effect is Effect.CHANGES and flush.get(each.by)
    ]
    return shapely.union_all(pieces) if pieces else shapely.GeometryCollection()
