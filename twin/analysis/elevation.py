"""The elevation model that a question is about: whether it can be meant, what of it is computed, and what stands on it."""

from dataclasses import dataclass

import shapely
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from twin.analysis import inputs, layers, terrain
from twin.analysis.errors import RunRefused
from twin.analysis.forms import Question
from twin.analysis.models import Run
from twin.analysis.terrain import CELLS, Frame, Mask, Need
from twin.catalogue import rastering
from twin.catalogue.models import DatasetVersion
from twin.hydro.case import Grid
from twin.hydro.errors import TooLarge

ELEVATION, BUILDINGS = "elevation", "buildings"  # the parameters that name the datasets
MOST_MISSING = 0.5  # share of the area that may be without heights
AREAL = 2  # dimensions of an area
OUTSIDE = 0.001  # share of the area that may lie beside the model: its edge drawn by hand


@dataclass(frozen=True)
class Place:
    """What is asked about: the version of the model, the area, and the cells that cover it."""

    version: DatasetVersion
    area: BaseGeometry
    part: Frame

    @property
    def cells(self) -> int:
        """Of the area, about."""
        return max(1, round(self.area.area / self.part.cell**2))


@dataclass(frozen=True)
class Ground:
    """(rows, columns). heights: float32 m, NaN where there is none; within: the area, on the cells; built: buildings in it."""

    area: BaseGeometry
    part: Frame
    heights: Grid
    within: Mask
    built: Mask


def place_of(question: Question) -> Place:
    """Raises RunRefused where the model does not cover the area, or is coarser than the cells."""
    return _place(question.dataset(ELEVATION), question.values.get("area"), float(question.values["cell"]))


def part_of(run: Run) -> Frame:
    """Raises RunRefused, InputGone."""
    with inputs.reading(run):
        return _asked(run).part


def read(run: Run) -> Ground:
    """Raises RunRefused, InputGone."""
    with inputs.reading(run):
        place = _asked(run)
        part = place.part
        heights = terrain.heights(rastering.path_of(place.version), part)
        houses = areas(inputs.version_of(run, BUILDINGS), part)
    within = terrain.covered([place.area], part)
    return Ground(place.area, part, heights, within, terrain.covered(houses, part) & within)


def _asked(run: Run) -> Place:
    version, parameters = inputs.version_of(run, ELEVATION), run.parameters
    area = shape(parameters["area"]) if "area" in parameters else None
    return _place(version, area, float(parameters["cell"]))


def _place(version: DatasetVersion | None, area: BaseGeometry | None, cell: float) -> Place:
    if version is None or version.extent is None or version.raster_id is None:
        raise RunRefused(_("The dataset holds no raster."))
    extent = shapely.box(*version.extent.extent)
    wanted = shapely.from_wkt(version.extent.wkt) if area is None else area
    return Place(version, wanted, _part(version, wanted, extent=extent, cell=cell))


def _part(version: DatasetVersion, area: BaseGeometry, *, extent: BaseGeometry, cell: float) -> Frame:
    inside = area.intersection(extent).area / area.area if area.area else 0.0
    if inside < 1 - OUTSIDE:
        west, south, east, north = (round(side) for side in extent.bounds)
        raise RunRefused(
            _(
                "The elevation model covers %(share)s %% of the area; it reaches from %(west)s to %(east)s east and from %(south)s to %(north)s "
                "north. Draw the area inside it, or leave it empty for all of the model."
            )
            % {"share": int(100 * inside), "west": west, "south": south, "east": east, "north": north}
        )
    finest = float(version.grid["resolution"])
    if cell < finest * 0.999:
        raise RunRefused(
            _("The elevation model has cells of %(finest)s m. Choose cells of %(finest)s m or more.")
            % {"finest": number_format(finest, 2 if finest % 1 else 0)}
        )
    return terrain.frame(area.intersection(extent).bounds, cell)


def room_for(place: Place, *, each: Need) -> Need:
    """What all cells of the place take. Raises RunRefused, with cells that do, where that is too much."""
    try:
        return terrain.require_room(place.part, each=each, memory=settings.ANALYSIS_MEMORY, seconds=settings.ANALYSIS_SECONDS)  # fmt: skip
    except TooLarge as error:
        raise too_large(error) from error


def too_large(error: TooLarge) -> RunRefused:
    """In words, with cells that are offered."""
    cell = next((size for size in CELLS if size >= error.cell), CELLS[-1])
    proposed = f"{cell:g}"
    if error.what == "bytes":
        return RunRefused(_("The analysis would need %(needed)s MB of memory, %(allowed)s MB are allowed. Choose cells of %(cell)s m, or a smaller area.") % {"needed": round(error.needed / 2**20), "allowed": round(error.allowed / 2**20), "cell": proposed})  # fmt: skip
    return RunRefused(_("The analysis would take about %(needed)s minutes, %(allowed)s are allowed. Choose cells of %(cell)s m, or a smaller area.") % {"needed": round(error.needed / 60), "allowed": round(error.allowed / 60), "cell": proposed})  # fmt: skip


def missing(place: Place) -> str:
    """Percent of the area without a height, as it is said; empty where there is none. Raises RunRefused where heights can't be meant."""
    sample = place.part.coarser(terrain.LOOKED_AT)
    found = terrain.heights(rastering.path_of(place.version), sample, exact=True)
    within = terrain.covered([place.area], sample)
    if not within.any():
        raise RunRefused(_("The area is smaller than a cell."))
    suspicion = terrain.suspicion(found, within)
    share = terrain.holes(found, within)
    if suspicion is not None and suspicion.kind == "range":
        raise RunRefused(_("The elevation model has a height of %s m. Heights must be metres above sea level; a value that stands for “no height” has to be declared as such in the file.") % round(suspicion.value))  # fmt: skip
    if suspicion is not None and suspicion.kind == "zeros":
        raise RunRefused(_("%s %% of the heights are exactly 0, far below all others: they seem to stand for “no height”. Deliver the elevation model with 0 declared as such.") % number_format(round(100 * suspicion.value, 1), 1))  # fmt: skip
    if suspicion is not None or share > MOST_MISSING:
        raise RunRefused(_("%s %% of the area have no height. Choose another area or elevation model.") % int(100 * share))  # fmt: skip
    return number_format(max(round(100 * share, 1), 0.1), 1) if share > 0 else ""


def stairs(place: Place) -> tuple[str, ...]:
    """A note where the heights jump along a straight line, as where tiles of different surveys meet."""
    sample = place.part.coarser(terrain.LOOKED_AT)
    found = terrain.stair(terrain.heights(rastering.path_of(place.version), sample, exact=True), sample)
    if found is None:
        return ()
    named = {"rise": number_format(abs(found.rise), 1), "at": round(found.at)}
    words = _("Along the line %(at)s east the heights jump by %(rise)s m: tiles may not fit together. Water does not flow over such a step as it would.") if found.upright else _("Along the line %(at)s north the heights jump by %(rise)s m: tiles may not fit together. Water does not flow over such a step as it would.")  # fmt: skip
    return (words % named,)


def areas(version: DatasetVersion | None, part: Frame) -> list[BaseGeometry]:
    """Of the version, those that touch the part. Needs `inputs.reading`."""
    if version is None:
        return []
    found = layers.read(version, rows=layers.near(version, part.bounds)).shapes
    return list(found[shapely.get_dimensions(found) == AREAL])
