"""Between the platform's rows and the science: what is needed beforehand, what is read, what is kept."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from twin.analysis import inputs
from twin.analysis.errors import RunRefused
from twin.analysis.forms import Question
from twin.analysis.models import Run
from twin.analysis.usecase import Answer, Estimate, Output
from twin.catalogue import rastering
from twin.catalogue.importing import GEOTIFF
from twin.catalogue.models import DatasetVersion, Feature
from twin.catalogue.models.datasets import WEB_MERCATOR
from twin.hydro.case import Case, Edge, Side
from twin.hydro.errors import HydroError, TooLarge
from twin.hydro.estimate import Outline, require_room
from twin.usecases.heavy_rain import earthworks, measures, terrain
from twin.usecases.heavy_rain.earthworks import Works
from twin.usecases.heavy_rain.forms import CELLS, storm
from twin.usecases.heavy_rain.measures import BadMeasure, Measure
from twin.usecases.heavy_rain.rainfall import DEPTHS, SPEEDS, Grid, Inputs, Mask, Outcome, areas
from twin.usecases.heavy_rain.terrain import Frame
from twin.usecases.heavy_rain.wording import said

MOST_MISSING = 0.5  # share of the area that may be without heights
OUTSIDE = 0.001  # share of the area that may lie beside the model: its edge drawn by hand
DEEPEST = 3.0  # m that the estimate expects
SURE = 100  # cells: an area of so many holds the middle of one, and is not looked at before the run
DEPTH_COLOURS = ("#c6dbef", "#6baed6", "#2171b5", "#08306b")
SPEED_COLOURS = ("#fee391", "#fe9929", "#a63603")
SOON = (0.0, 15.0, 30.0, 60.0)  # minutes
SOON_COLOURS = ("#7a0177", "#c51b8a", "#f768a1", "#fbb4b9")


def expect(question: Question) -> Estimate:
    """Raises RunRefused with a proposal."""
    version, values = question.dataset("elevation"), question.values
    cell = float(values["cell"])
    area = values.get("area") or shapely.from_wkt(_extent(version).wkt)
    part = _part(version, area, cell)
    duration = (values["minutes"] + values["after"]) * 60.0
    planned = _measures(values)
    _require_place(planned, area, part)
    outline = Outline(part.rows, part.columns, max(1, round(area.area / cell**2)), cell, duration)
    try:
        needed = require_room(outline, memory=settings.ANALYSIS_MEMORY, seconds=settings.ANALYSIS_SECONDS, deepest=_deepest(planned), threads=settings.ANALYSIS_THREADS)  # fmt: skip
    except TooLarge as error:
        raise RunRefused(_too_large(error)) from error
    return Estimate(needed.cells, needed.memory, needed.seconds, _look(version, area, part))


def _deepest(planned: Sequence[Measure]) -> float:
    """m of water at most: a basin or the ground behind a wall may be filled."""
    named = (value for each in planned for name, value in each.values.items() if name in ("depth", "height"))
    return max(DEEPEST, *named, 0.0)


def _extent(version: DatasetVersion) -> Any:
    if version.extent is None or version.raster_id is None:
        raise RunRefused(_("The dataset holds no raster."))
    return version.extent


def _part(version: DatasetVersion, area: BaseGeometry, cell: float) -> Frame:
    """Raises RunRefused where the model does not cover the area, or is coarser than the cells."""
    extent = shapely.box(*_extent(version).extent)
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


def _too_large(error: TooLarge) -> str:
    cell = next((size for size in CELLS if int(size) >= error.cell), CELLS[-1])
    if error.what == "bytes":
        return _("The analysis would need %(needed)s MB of memory, %(allowed)s MB are allowed. Choose cells of %(cell)s m, or a smaller area.") % {"needed": round(error.needed / 2**20), "allowed": round(error.allowed / 2**20), "cell": cell}  # fmt: skip
    return _("The analysis would take about %(needed)s minutes, %(allowed)s are allowed. Choose cells of %(cell)s m, or a smaller area.") % {"needed": round(error.needed / 60), "allowed": round(error.allowed / 60), "cell": cell}  # fmt: skip


def _look(version: DatasetVersion, area: BaseGeometry, part: Frame) -> tuple[str, ...]:
    """What is to be known of the heights. Raises RunRefused where they can't be meant."""
    sample = part.coarser(terrain.LOOKED_AT)
    found = terrain.heights(rastering.path_of(version), sample, exact=True)
    within = terrain.covered([area], sample)
    if not within.any():
        raise RunRefused(_("The area is smaller than a cell."))
    suspicion = terrain.suspicion(found, within)
    missing = terrain.holes(found, within)
    if suspicion is not None and suspicion.kind == "range":
        raise RunRefused(_("The elevation model has a height of %s m. Heights must be metres above sea level; a value that stands for “no height” has to be declared as such in the file.") % round(suspicion.value))  # fmt: skip
    if suspicion is not None and suspicion.kind == "zeros":
        raise RunRefused(_("%s %% of the heights are exactly 0, far below all others: they seem to stand for “no height”. Deliver the elevation model with 0 declared as such.") % number_format(round(100 * suspicion.value, 1), 1))  # fmt: skip
    if suspicion is not None or missing > MOST_MISSING:
        raise RunRefused(_("%s %% of the area have no height. Choose another area or elevation model.") % int(100 * missing))  # fmt: skip
    if missing > 0:
        return (_("%s %% of the area have no height; water does not flow there.") % number_format(max(round(100 * missing, 1), 0.1), 1),)  # fmt: skip
    return ()


def load(run: Run) -> Inputs:
    """Raises RunRefused, InputGone."""
    parameters = run.parameters
    with inputs.reading(run):
        version = inputs.version_of(run, "elevation")
        assert version is not None  # noqa: S101 - the form asks for it
        part, area = _place(version, parameters)
        ground = terrain.heights(rastering.path_of(version), part)
        houses = _footprints(inputs.version_of(run, "buildings"), part)
    within = terrain.covered([area], part)
    built = terrain.covered(houses, part) & within
    active = within & np.isfinite(ground)
    edges = tuple(_edges(within, active)) if parameters["edges"] == "open" else ()
    works = _works(parameters, ground, part=part, built=built)
    try:
        case = Case(
            works.ground,
            part.cell,
            (parameters["minutes"] + parameters["after"]) * 60.0,
            manning=parameters["manning"],
            infiltration=works.infiltration,
            rain=storm(parameters),
            edges=edges,
            area=active,
        )
    except HydroError as error:
        raise RunRefused(_("The computation can't be made from these data: %s") % error) from error
    return Inputs(case, built, settings.ANALYSIS_THREADS, works.facts)


def _works(parameters: Mapping[str, Any], ground: Grid, *, part: Frame, built: Mask) -> Works:
    """Raises RunRefused."""
    try:
        return earthworks.build(ground, _measures(parameters), part=part, built=built, infiltration=parameters["infiltration"])  # fmt: skip
    except BadMeasure as error:
        raise RunRefused(said(error)) from error


def _measures(parameters: Mapping[str, Any]) -> tuple[Measure, ...]:
    return measures.of(parameters["measures"]) if parameters.get("measures") else ()


def _require_place(planned: Sequence[Measure], area: BaseGeometry, part: Frame) -> None:
    """Raises RunRefused for a measure that lies outside, but for a cell at the edge, or is so small that it takes no cell."""
    around = area.buffer(part.cell)
    try:
        for each in planned:
            if not around.covers(each.shape):
                raise BadMeasure("outside", each.number, each.kind)
            if 0 < each.shape.area < SURE * part.cell**2:
                earthworks.cells_of(each, part)
    except BadMeasure as error:
        raise RunRefused(said(error)) from error


def _place(version: DatasetVersion, parameters: Mapping[str, Any]) -> tuple[Frame, BaseGeometry]:
    area = shape(parameters["area"]) if "area" in parameters else shapely.box(*_extent(version).extent)
    return _part(version, area, float(parameters["cell"])), area


def _footprints(version: DatasetVersion | None, part: Frame) -> list[BaseGeometry]:
    """Those of the version that touch the part."""
    if version is None:
        return []
    rows = Feature.objects.filter(dataset=version.dataset_id, since__lte=version.number)
    rows = rows.filter(Q(until__isnull=True) | Q(until__gt=version.number))
    box = Polygon.from_bbox(part.bounds)
    box.srid = settings.TWIN_SRID
    box.transform(WEB_MERCATOR)
    rows = rows.filter(geometry_3857__bboverlaps=box)
    return [
        shapely.from_wkb(bytes(geometry.wkb))
        for geometry in rows.values_list("geometry", flat=True)
        if geometry.dims == 2
    ]


def _edges(within: Mask, active: Mask) -> list[Edge]:
    """Where the area ends, on each side; what has no height inside it stays closed."""
    padded = np.pad(within, 1)
    found = []
    for side in Side:
        rows, columns = side.value
        beyond = padded[1 + rows : padded.shape[0] - 1 + rows, 1 + columns : padded.shape[1] - 1 + columns]
        cells = active & ~beyond
        if cells.any():
            found.append(Edge(side, cells))
    return found


def save(run: Run, outcome: Outcome, folder: Path) -> Answer:
    with inputs.reading(run):
        version = inputs.version_of(run, "elevation")
        assert version is not None  # noqa: S101 - the form asks for it
        part, _area = _place(version, run.parameters)
    outputs = []
    for name, values, unit, legend in _grids(outcome):
        path = folder / f"{FILES[name]}.tif"
        terrain.write(values, path, part=part, srid=settings.TWIN_SRID)
        outputs.append(Output(name, path, GEOTIFF, unit, legend))
    return Answer(_summary(outcome, part.cell), tuple(outputs))


Legend = tuple[tuple[float, str, str], ...]
FILES = {"depth": "wassertiefe", "speed": "geschwindigkeit", "flow": "tiefe-mal-geschwindigkeit", "arrival": "ankunftszeit"}  # fmt: skip


def _grids(outcome: Outcome) -> list[tuple[str, Any, str, Legend]]:
    centimetres = tuple(100 * end for end in DEPTHS)
    return [
        ("depth", outcome.depth, "m", _legend(DEPTHS, DEPTH_COLOURS, _classes(centimetres, "cm"))),
        ("speed", outcome.speed, "m/s", _legend(SPEEDS, SPEED_COLOURS, _classes(SPEEDS, "m/s"))),
        ("arrival", outcome.arrival, "min", _legend(SOON, SOON_COLOURS, _classes(SOON, "min"))),
        ("flow", outcome.flow, "m²/s", ()),
    ]


def _legend(ends: tuple[float, ...], colours: tuple[str, ...], words: list[str]) -> Legend:
    return tuple(zip(ends, colours, words, strict=True))


def _classes(ends: tuple[float, ...], unit: str) -> list[str]:
    """ "5–10 cm", and "> 100 cm" for the last one."""
    said = [f"{end:g}".replace(".", ",") for end in ends]
    return [*(f"{low}–{high} {unit}" for low, high in pairwise(said)), f"> {said[-1]} {unit}"]


def _summary(outcome: Outcome, cell: float) -> dict[str, Any]:
    wet = areas(outcome.depth, ends=DEPTHS, cell=cell)
    fast = areas(
        np.where(outcome.depth >= DEPTHS[0], outcome.speed, np.float32(np.nan)), ends=SPEEDS, cell=cell
    )
    computed = float(np.isfinite(outcome.depth).sum()) * cell**2
    rained = outcome.balance["rained"]
    built = {"measures": list(outcome.measures)} if outcome.measures else {}
    return built | {
        "area": computed,
        "deepest": round(float(np.nanmax(outcome.depth)), 3),
        "fastest": round(float(np.nanmax(outcome.speed)), 3),
        "wet": sum(wet),
        "minutes": round(outcome.minutes, 2),
        "steps": outcome.steps,
        **{name: round(value, 3) for name, value in outcome.balance.items() if name != "error"},
        "error": float(f"{abs(outcome.balance['error']) / rained if rained else 0.0:.2g}"),
        "depth_classes": _table(DEPTHS, wet, computed),
        "speed_classes": _table(SPEEDS, fast, computed),
    }


def _table(ends: tuple[float, ...], found: list[float], whole: float) -> list[dict[str, float | None]]:
    """from, to (None: open), m2 and percent of the computed area."""
    return [
        {"from": low, "to": high, "area": area, "percent": round(100 * area / whole, 3) if whole else 0.0}
        for low, high, area in zip(ends, [*ends[1:], None], found, strict=True)
    ]
