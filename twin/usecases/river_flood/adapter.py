"""Between the platform's rows and the river: what is needed beforehand, what is read."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import shapely
from django.utils.translation import gettext as _

from twin.analysis import doubting, elevation, inputs, terrain
from twin.analysis.elevation import Ground, Place
from twin.analysis.errors import RunRefused
from twin.analysis.forms import Question
from twin.analysis.models import Run
from twin.analysis.usecase import Estimate
from twin.catalogue import rastering
from twin.usecases.river_flood import reading, wording
from twin.usecases.river_flood.case import CELL, Inputs, with_levees
from twin.usecases.river_flood.profile import BadProfile
from twin.usecases.river_flood.reading import DATA, LEVEES, OFFICIAL, River, Versions

LOOKED_AT = 500  # places of the axis
APART = 20.0  # m that the lowest levels may lie above or below the ground at the axis, in the middle of all places


def expect(question: Question) -> Estimate:
    """Raises RunRefused with a proposal."""
    place = elevation.place_of(question)
    needed = elevation.room_for(place, each=CELL)
    doubted = doubting.doubts(place)  # before the river is compared with heights that may be no metres
    versions = {name: question.dataset(name) for name in DATA if name in question.data}
    with _in_words():
        river = reading.river(versions, question.parameters)
        _require_together(river, place)
        _require_besides(river, versions, place, question)
    percent = elevation.missing(place)
    notes = (_("%s %% of the area have no height; no depth is told there.") % percent,) if percent else ()
    return Estimate(place.cells, needed.memory, needed.seconds, notes + elevation.stairs(place), doubted)


@contextmanager
def _in_words() -> Iterator[None]:
    """Raises RunRefused for what the pure modules refuse."""
    try:
        yield
    except BadProfile as error:
        raise RunRefused(wording.said(error)) from error


def _require_together(river: River, place: Place) -> None:
    """The river lies in the area, and its levels near the ground there. Raises BadProfile."""
    inside = np.flatnonzero(shapely.contains_xy(place.area, river.axis.points))
    if not inside.size:
        raise BadProfile("away")
    looked_at = inside[:: max(1, inside.size // LOOKED_AT)]
    ground = terrain.at(rastering.path_of(place.version), river.axis.points[looked_at])
    level = np.interp(river.axis.stations[looked_at], river.profile.stations, river.steps[0].surface)
    if abs(float(np.nanmedian(level - ground)) if np.isfinite(ground).any() else 0.0) > APART:
        raise BadProfile("unit", level=float(np.median(level)), ground=float(np.nanmedian(ground)))


def _require_besides(river: River, versions: Versions, place: Place, question: Question) -> None:
    """Levees and official areas, where they are given, lie in the area and can be used. Raises BadProfile."""
    if LEVEES in versions:
        lines = reading.levees(versions[LEVEES], river, raised=question.parameters.get("levee_height"))
        if not any(place.area.intersects(each.line) for each in lines):
            raise BadProfile("levees")
    if OFFICIAL in versions:
        areas = elevation.areas(versions[OFFICIAL], place.part)
        if not any(place.area.intersects(each) for each in areas):
            raise BadProfile("official")


def river_of(run: Run) -> River:
    """Raises RunRefused, InputGone."""
    with inputs.reading(run), _in_words():
        return reading.river(_versions(run), run.parameters)


def load(run: Run) -> Inputs:
    """Raises RunRefused, InputGone."""
    ground = elevation.read(run)
    with inputs.reading(run), _in_words():
        return _inputs(run, ground, _versions(run))


def _versions(run: Run) -> Versions:
    found = {name: inputs.version_of(run, name) for name in DATA}
    return {name: version for name, version in found.items() if version is not None}


def _inputs(run: Run, ground: Ground, versions: Versions) -> Inputs:
    river, part = reading.river(versions, run.parameters), ground.part
    heights = np.where(ground.within, ground.heights, np.float32(np.nan))
    if LEVEES in versions:
        with_levees(heights, reading.levees(versions[LEVEES], river, raised=run.parameters.get("levee_height")), part)  # fmt: skip
    official = None
    if OFFICIAL in versions:
        official = terrain.covered(elevation.areas(versions[OFFICIAL], part), part) & ground.within
    return Inputs(
        part=part,
        heights=heights,
        within=ground.within,
        axis=river.axis,
        stations=river.profile.stations,
        surfaces=np.array([each.surface for each in river.steps]),
        asked=river.asked,
        reach=float(run.parameters["reach"]),
        official=official,
    )
