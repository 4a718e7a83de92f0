"""Between the platform's rows and the terrain: what is needed beforehand, what is read."""

import numpy as np
from django.utils.translation import gettext as _

from twin.analysis import doubting, elevation, terrain
from twin.analysis.forms import Question
from twin.analysis.models import Run
from twin.analysis.usecase import Estimate
from twin.usecases.flow_paths.case import CELL, HECTARE, Inputs, Least


def expect(question: Question) -> Estimate:
    """Raises RunRefused with a proposal."""
    place = elevation.place_of(question)
    needed = elevation.room_for(place, each=CELL)
    doubted, percent = doubting.doubts(place), elevation.missing(place)
    notes = (_("%s %% of the area have no height; water leaves the analysis there.") % percent,) if percent else ()  # fmt: skip
    return Estimate(place.cells, needed.memory, needed.seconds, notes + elevation.stairs(place), doubted)


def load(run: Run) -> Inputs:
    """Raises RunRefused, InputGone."""
    asked, ground = run.parameters, elevation.read(run)
    heights = np.where(ground.within, ground.heights, np.float32(np.nan))
    heights[ground.built] += terrain.RAISED
    least = Least(asked["depth"] / 100, asked["volume"], asked["catchment"] * HECTARE)
    return Inputs(ground.part, heights, ground.built, least)
