"""Doppelbelegung: a building area and the überbaubare Grundstücksfläche on it both set the same thing."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely

from planning.xplanung.schema import FeatureType, schema
from planning.xplanung.topology.groups import Entry
from planning.xplanung.topology.shapes import Geometries, Shape, areas, spot
from planning.xplanung.topology.width import cores

BUILDABLE = "BP_UeberbaubareGrundstuecksFlaeche"
_GROUND = ("BP_BaugebietsTeilFlaeche", "BP_BesondererNutzungszweckFlaeche", "BP_SpielSportanlagenFlaeche", "BP_GemeinbedarfsFlaeche", "BP_GruenFlaeche", "BP_VerEntsorgung", "BP_WohngebaeudeFlaeche", "SO_Strassenverkehr")  # fmt: skip
_COMMON = "BP_AbgrabungsFlaeche"  # a plain area: what it has, every area has


class Doubled(NamedTuple):
    """names: the properties that both set."""

    ground: Shape
    buildable: Shape
    names: list[str]
    point: tuple[float, float]


def doubled(entries: list[Entry], version: str, tolerance: float) -> Iterator[Doubled]:
    """Pairs of areas of one plan whose common ground is wider than `tolerance` metres."""
    settings = _settings(version)
    grounds = [entry for entry in entries if entry.feature_type in _GROUND and entry.names & settings]
    above = [entry for entry in entries if entry.feature_type == BUILDABLE and entry.names & settings]
    for first, second, point in _over(_areas(grounds), _areas(above), tolerance):
        ground, buildable = grounds[first], above[second]
        names = sorted(ground.names & buildable.names & settings)
        if names and ground.shape and buildable.shape:
            yield Doubled(ground.shape, buildable.shape, names, point)


def _settings(version: str) -> frozenset[str]:
    """What an überbaubare Grundstücksfläche can set and a plain area cannot."""
    facts = schema(version)
    return _names(facts.feature_type(BUILDABLE)) - _names(facts.feature_type(_COMMON))


def _names(kind: FeatureType | None) -> frozenset[str]:
    return frozenset(kind.by_name) if kind else frozenset()


def _areas(entries: list[Entry]) -> Geometries:
    kept = [
        entry.shape.geometry if entry.shape and entry.shape.is_area else shapely.Polygon()
        for entry in entries
    ]
    return np.array(kept, dtype=object)


def _over(
    grounds: Geometries, above: Geometries, tolerance: float
) -> Iterator[tuple[int, int, tuple[float, float]]]:
    if not len(grounds) or not len(above):
        return
    second, first = shapely.STRtree(grounds).query(above, predicate="intersects")
    common = cores(areas(shapely.intersection(grounds[first], above[second])), tolerance)
    for at in np.flatnonzero(~shapely.is_empty(common)):
        yield int(first[at]), int(second[at]), spot(common[at])
