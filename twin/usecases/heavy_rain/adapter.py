"""Between the platform's rows and the science: what is needed beforehand, what is read, what is kept."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from tenants import tables
from twin.analysis import doubting, elevation, inputs, terrain
from twin.analysis.elevation import Ground, Place
from twin.analysis.errors import RunRefused
from twin.analysis.forms import Question
from twin.analysis.models import Run
from twin.analysis.terrain import Frame, Mask
from twin.analysis.usecase import Answer, Estimate, Legend, Output, Step, classes
from twin.catalogue.importing import GEOTIFF
from twin.hydro.case import Case, Edge, Grid, Pipe, Side
from twin.hydro.classes import DEPTH_COLOURS, DEPTHS
from twin.hydro.errors import BadCurve, HydroError, TooLarge
from twin.hydro.estimate import Outline, require_room
from twin.hydro.sections import Section
from twin.usecases.heavy_rain import (
    course,
    earthworks,
    gauging,
    hydrographs,
    measures,
    raining,
    surfaces,
    wording,
)
from twin.usecases.heavy_rain.earthworks import Works
from twin.usecases.heavy_rain.kostra import Storm
from twin.usecases.heavy_rain.measures import BadMeasure, Measure
from twin.usecases.heavy_rain.rainfall import SPEEDS, Inputs, Outcome, areas
from twin.usecases.heavy_rain.raining import Field
from twin.usecases.heavy_rain.surfaces import Friction

DEEPEST = 3.0  # m that the estimate expects
ROWS = 25  # of the table of a hydrograph
SURE = 100  # cells: an area of so many holds the middle of one, and is not looked at before the run
SPEED_COLOURS = ("#fee391", "#fe9929", "#a63603")
SOON = (0.0, 15.0, 30.0, 60.0)  # minutes
SOON_COLOURS = ("#7a0177", "#c51b8a", "#f768a1", "#fbb4b9")


def expect(question: Question) -> Estimate:
    """Raises RunRefused with a proposal."""
    place, values = elevation.place_of(question), question.values
    part, planned = place.part, _measures(values)
    _require_place(planned, place.area, part)
    _require_rain(question, place)
    lines = question.dataset(gauging.SECTIONS) if values.get(gauging.SECTIONS) else None
    gauging.sections(_sections(planned), lines, part)
    rough = _require_land_use(question, part)
    if values.get(surfaces.CULVERTS) is not None:
        surfaces.require_culverts(question.dataset(surfaces.CULVERTS), part)
    outline = Outline(
        part.rows, part.columns, place.cells, part.cell, (values["minutes"] + values["after"]) * 60.0
    )
    try:
        needed = require_room(outline, memory=settings.ANALYSIS_MEMORY, seconds=settings.ANALYSIS_SECONDS, deepest=_deepest(planned), threads=settings.ANALYSIS_THREADS)  # fmt: skip
    except TooLarge as error:
        raise elevation.too_large(error) from error
    doubted, percent = doubting.doubts(place), elevation.missing(place)
    notes = (_("%s %% of the area have no height; water does not flow there.") % percent,) if percent else ()
    memory = needed.memory + course.room(part.rows, part.columns)
    return Estimate(needed.cells, memory, needed.seconds, notes + rough + elevation.stairs(place), doubted)


def _require_land_use(question: Question, part: Frame) -> tuple[str, ...]:
    """Raises RunRefused."""
    if question.values.get(surfaces.LAND_USE) is None:
        return ()
    return surfaces.require(question.values, question.dataset(surfaces.LAND_USE), part)


def _require_rain(question: Question, place: Place) -> None:
    """Raises RunRefused where datasets can't say what falls on the area."""
    if question.values.get(raining.RASTER) is not None:
        sample = place.part.coarser(terrain.LOOKED_AT)
        raining.field(question.dataset(raining.RASTER), sample, terrain.covered([place.area], sample))
    if question.values.get(raining.CELLS) is None:
        return
    cells = question.dataset(raining.CELLS)
    table = question.dataset(raining.TABLE) if question.values.get(raining.TABLE) else None
    storm = raining.of_place(question.values, place.area, cells=cells, table=table)
    try:
        raining.rain(question.values, storm)
    except BadCurve as error:
        raise RunRefused(_("The depths of “%s” do not rise with the duration.") % cells.dataset) from error


def _deepest(planned: Sequence[Measure]) -> float:
    """m of water at most: a basin or the ground behind a wall may be filled."""
    named = (value for each in planned for name, value in each.values.items() if name in ("depth", "height"))
    return max(DEEPEST, *named, 0.0)


def load(run: Run) -> Inputs:
    """Raises RunRefused, InputGone."""
    parameters, ground = run.parameters, elevation.read(run)
    storm, told = _storm_of(run, ground.area)
    active = ground.within & np.isfinite(ground.heights)
    field = _field(run, ground.part, active)
    friction, cut, pipes = _surfaces(run, ground, active)
    works = _works(parameters, ground.heights, part=ground.part, built=ground.built)
    edges = tuple(_edges(ground.within, active)) if parameters["edges"] == "open" else ()
    try:
        case = Case(
            works.ground,
            ground.part.cell,
            (parameters["minutes"] + parameters["after"]) * 60.0,
            manning=friction.manning if friction else parameters["manning"],
            infiltration=works.infiltration,
            rain=raining.rain(parameters, storm, field),
            pipes=tuple(pipes),
            edges=edges,
            area=active,
        )
    except HydroError as error:
        raise RunRefused(_("The computation can't be made from these data: %s") % error) from error
    facts = {"friction": friction and friction.told, "culverts": cut, "measures": list(works.facts), "rain_raster": field and field.told}  # fmt: skip
    told |= {name: found for name, found in facts.items() if found}
    return Inputs(case, ground.built, settings.ANALYSIS_THREADS, told, _faces(run, ground.part))


def _faces(run: Run, part: Frame) -> list[tuple[str, Section]]:
    """Of the lines across which discharge is told. Raises RunRefused, InputGone."""
    with inputs.reading(run):
        return gauging.sections(_sections(_measures(run.parameters)), inputs.version_of(run, gauging.SECTIONS), part)  # fmt: skip


def _sections(planned: Sequence[Measure]) -> list[Measure]:
    return [each for each in planned if each.kind == measures.SECTION]


def _storm_of(run: Run, area: BaseGeometry) -> tuple[Storm | None, dict[str, Any]]:
    """The storm of the place, where it is asked for, and what the summary says of it. Raises RunRefused, InputGone."""
    with inputs.reading(run):
        cells, table = (inputs.version_of(run, name) for name in (raining.CELLS, raining.TABLE))
        if cells is None:
            return None, {}
        storm = raining.of_place(run.parameters, area, cells=cells, table=table)
    sources = (cells, table) if table else (cells,)
    return storm, {"storm": raining.told(run.parameters, storm, sources)}


def _field(run: Run, part: Frame, active: Mask) -> Field | None:
    """Raises RunRefused, InputGone."""
    with inputs.reading(run):
        version = inputs.version_of(run, raining.RASTER)
        return raining.field(version, part, active) if version else None


def _surfaces(run: Run, ground: Ground, active: Mask) -> tuple[Friction | None, dict[str, Any] | None, Sequence[Pipe]]:  # fmt: skip
    """By the datasets that are named: friction, and what was cut into the ground, or leads through it. Raises RunRefused, InputGone."""
    part = ground.part
    with inputs.reading(run):
        land, lines = (inputs.version_of(run, name) for name in (surfaces.LAND_USE, surfaces.CULVERTS))
        cut, pipes = surfaces.cut(ground.heights, lines, part=part, closed=ground.built | ~ground.within) if lines else (None, ())  # fmt: skip
        return surfaces.friction(run.parameters, land, part, active) if land else None, cut, pipes


def _works(parameters: Mapping[str, Any], ground: Grid, *, part: Frame, built: Mask) -> Works:
    """Raises RunRefused."""
    try:
        built_in = [each for each in _measures(parameters) if each.kind != measures.SECTION]
        return earthworks.build(ground, built_in, part=part, built=built, infiltration=parameters["infiltration"])  # fmt: skip
    except BadMeasure as error:
        raise RunRefused(wording.said(error)) from error


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
        raise RunRefused(wording.said(error)) from error


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
    part, outputs = elevation.part_of(run), []
    for name, values, unit, legend in _grids(outcome):
        path = folder / f"{FILES[name]}.tif"
        terrain.write(values, path, part=part, srid=settings.TWIN_SRID)
        outputs.append(Output(name, path, GEOTIFF, unit, legend))
    rise = [{"minutes": minutes, "wet": int(cells) * part.cell**2} for minutes, cells in zip(_moments(run), outcome.course.wet, strict=True)]  # fmt: skip
    outputs.append(_course(outcome, part, rise, folder / "wasserverlauf.tif"))
    if outcome.hydrographs:
        outputs.append(_series(outcome, folder / "ganglinien.csv"))
    return Answer(_summary(outcome, part.cell) | {"course": rise}, tuple(outputs))


def _course(outcome: Outcome, part: Frame, rise: Sequence[Mapping[str, float]], path: Path) -> Output:
    """Pictures of the classes of depth, which the map plays."""
    pictures, side = outcome.course.pictures, course.coarser(part.rows, part.columns)
    shown = Frame(part.west, part.north, part.cell * side, *pictures.shape[1:])
    terrain.write(pictures, path, part=shown, srid=settings.TWIN_SRID)
    steps = tuple(_step(each["minutes"], each["wet"]) for each in rise)
    return Output("course", path, GEOTIFF, "m", classes(DEPTHS, DEPTH_COLOURS, unit="cm", times=100), steps, frames=True)  # fmt: skip


def _step(minutes: float, wet: float) -> Step:
    """wet: m² with the lowest class of depth at least."""
    area = _("%s m² with 5 cm and more") % number_format(round(wet), force_grouping=True)
    return Step(_("After %s minutes") % wording.shortly(minutes), area, value=minutes)


def _moments(run: Run) -> list[float]:
    """Minutes after which a picture was taken."""
    whole = run.parameters["minutes"] + run.parameters["after"]
    return [whole * number / course.FRAMES for number in range(1, course.FRAMES + 1)]


def _series(outcome: Outcome, path: Path) -> Output:
    """Discharge across all lines, with decimal commas."""
    heads = [_("Minutes"), *(f"{each['number']} {each['name']} (m³/s)" for each in outcome.hydrographs)]
    columns = [[row[0] for row in outcome.hydrographs[0]["values"]], *([row[1] for row in each["values"]] for each in outcome.hydrographs)]  # fmt: skip
    rows = ({head: f"{value:.4f}".replace(".", ",") for head, value in zip(heads, row, strict=True)} for row in zip(*columns, strict=True))  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as target:
        tables.write_csv(target, heads, rows)
    return Output("hydrographs", path, "text/csv")


def _told(each: Mapping[str, Any]) -> dict[str, Any]:
    """Of a hydrograph, with what the page draws: all values stand in the file."""
    values = each["values"]
    return {**each, "values": hydrographs.thinned(values, ROWS), "chart": hydrographs.chart(values)}


FILES = {"depth": "wassertiefe", "speed": "geschwindigkeit", "flow": "tiefe-mal-geschwindigkeit", "arrival": "ankunftszeit"}  # fmt: skip


def _grids(outcome: Outcome) -> list[tuple[str, Any, str, Legend]]:
    return [
        ("depth", outcome.depth, "m", classes(DEPTHS, DEPTH_COLOURS, unit="cm", times=100)),
        ("speed", outcome.speed, "m/s", classes(SPEEDS, SPEED_COLOURS, unit="m/s")),
        ("arrival", outcome.arrival, "min", classes(SOON, SOON_COLOURS, unit="min")),
        ("flow", outcome.flow, "m²/s", ()),
    ]


def _pipes(outcome: Outcome) -> list[dict[str, Any]]:
    """With what the dataset calls them."""
    names = outcome.told["culverts"]["names"]
    return [{**row, "name": name} for row, name in zip(outcome.pipes, names, strict=True)]


def _summary(outcome: Outcome, cell: float) -> dict[str, Any]:
    wet = areas(outcome.depth, ends=DEPTHS, cell=cell)
    fast = areas(
        np.where(outcome.depth >= DEPTHS[0], outcome.speed, np.float32(np.nan)), ends=SPEEDS, cell=cell
    )
    computed = float(np.isfinite(outcome.depth).sum()) * cell**2
    rained = outcome.balance["rained"]
    return dict(outcome.told) | {
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
        **({"pipes": _pipes(outcome)} if outcome.pipes else {}),
        **({"hydrographs": [_told(each) for each in outcome.hydrographs]} if outcome.hydrographs else {}),
    }


def _table(ends: tuple[float, ...], found: list[float], whole: float) -> list[dict[str, float | None]]:
    """from, to (None: open), m2 and percent of the computed area."""
    return [
        {"from": low, "to": high, "area": area, "percent": round(100 * area / whole, 3) if whole else 0.0}
        for low, high, area in zip(ends, [*ends[1:], None], found, strict=True)
    ]
