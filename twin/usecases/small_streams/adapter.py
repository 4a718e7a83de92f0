"""Between the platform's rows and the streams: what is needed beforehand, what is read."""

import numpy as np
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from twin.analysis import doubting, elevation
from twin.analysis.errors import RunRefused
from twin.analysis.forms import Question
from twin.analysis.models import Run
from twin.analysis.usecase import Estimate
from twin.usecases.small_streams.case import CELL, HECTARE, Inputs, steps


def expect(question: Question) -> Estimate:
    """Raises RunRefused with a proposal."""
    place, least = elevation.place_of(question), question.values["catchment"]
    size = place.area.area / HECTARE
    if size < least:
        raise RunRefused(_("The area has %(size)s ha, and streams begin at %(least)s ha: there would be none. Choose a larger area, as far as the watershed, or a smaller catchment.") % {"size": number_format(round(size, 1)), "least": number_format(f"{least:g}")})  # fmt: skip
    needed = elevation.room_for(place, each=CELL)
    doubted, percent = doubting.doubts(place), elevation.missing(place)
    notes = (_("%s %% of the area have no height; water leaves the analysis there.") % percent,) if percent else ()  # fmt: skip
    return Estimate(place.cells, needed.memory, needed.seconds, notes + elevation.stairs(place), doubted)


def load(run: Run) -> Inputs:
    """Raises RunRefused, InputGone."""
    asked, ground = run.parameters, elevation.read(run)
    heights = np.where(ground.within, ground.heights, np.float32(np.nan))
    wanted = steps(asked["height"])
    return Inputs(
        ground.part, heights, asked["catchment"] * HECTARE, wanted, 1 + wanted.index(asked["height"])
    )
