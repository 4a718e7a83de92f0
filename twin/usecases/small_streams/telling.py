"""What came out, as rasters and lines for the map and its slider, as a table, and in numbers for the page and the report."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tenants import geojson
from twin.analysis import elevation, stepping, terrain
from twin.analysis.models import Run
from twin.analysis.stepping import HECTARE
from twin.analysis.usecase import Answer, Legend, Output, Step, classes
from twin.catalogue.importing import GEOTIFF
from twin.usecases.small_streams.case import HEIGHTS, Outcome, steps

AREA, STREAM = "#595959", "#980043"  # an outline; lines that stand out from water and ground
HEIGHT_COLOURS = (
    "#d0d1e6",
    "#a6bddb",
    "#74a9cf",
    "#2b8cbe",
    "#045a8d",
    "#f0f0f0",
)  # ColorBrewer PuBu, grey above
Words = dict[str, Any]


def save(run: Run, outcome: Outcome, folder: Path) -> Answer:
    part = elevation.part_of(run)
    names = {"steps": "stufen", "depth": "wassertiefe", "above": "hoehe-ueber-dem-bach"}
    paths = {name: folder / f"{file}.tif" for name, file in names.items()}
    for name, values in (("steps", outcome.first), ("depth", outcome.depth), ("above", outcome.above)):
        terrain.write(values, paths[name], part=part, srid=settings.TWIN_SRID)
    rows, drawn, table = _rows(outcome, run, part.cell), folder / "baeche.geojson", folder / "flaechen.csv"
    area = run.parameters.get("area") or shapely.geometry.mapping(shapely.box(*part.bounds))
    drawn.write_text(geojson.file(_features(outcome, area), srid=settings.TWIN_SRID))
    with table.open("w", encoding="utf-8", newline="") as target:
        heads = [_("Height above the bed in m"), *stepping.depth_heads(), _("Flooded in ha")]
        stepping.write(target, heads, ([row["height"], *(each["area"] for each in row["classes"]), row["flooded"]] for row in rows))  # fmt: skip
    told = tuple(_step(row) for row in rows)
    outputs = (
        Output("steps", paths["steps"], GEOTIFF, legend=stepping.depths(), steps=told),
        Output("depth", paths["depth"], GEOTIFF, "m", stepping.depths()),
        Output("above", paths["above"], GEOTIFF, "m", classes(HEIGHTS, HEIGHT_COLOURS, unit="m")),
        Output("features", drawn, geojson.CONTENT_TYPE, legend=_drawn()),
        Output("table", table, "text/csv"),
    )
    return Answer(_summary(outcome, rows, cell=part.cell), outputs)


def _step(row: Words) -> Step:
    words = stepping.under_water(_("above the bed of the stream"), row["flooded"])
    return Step(row["name"], words, 100 * row["height"], row["asked"])


def metres(height: float) -> str:
    return f"{number_format(f'{height:g}')} m"


def _drawn() -> Legend:
    return (0.0, AREA, pgettext("analysis", "Area")), (0.0, STREAM, _("Stream"))


def _rows(outcome: Outcome, run: Run, cell: float) -> list[Words]:
    """Of each step: ha of each class, and of all that is flooded."""
    found, asked = [], run.parameters["height"]
    for number, height in enumerate(steps(asked)):
        flooded = [round(float(each) * cell**2 / HECTARE, 2) for each in outcome.cells[:, number]]
        found.append(
            {
                "number": number + 1,
                "name": metres(height),
                "height": height,
                "classes": stepping.by_class(flooded),
                "flooded": flooded[0],
                "asked": height == asked,
            }
        )
    return found


def _summary(outcome: Outcome, rows: list[Words], *, cell: float) -> Words:
    (asked,) = (row for row in rows if row["asked"])
    lengths, known = shapely.length(outcome.streams.lines), np.isfinite(outcome.depth)
    return {
        "height": asked["height"],
        "flooded": asked["flooded"],
        "deepest": round(float(np.nanmax(outcome.depth, initial=0.0)), 2),
        "streams": round(float(lengths.sum()) / 1000, 3),
        "largest": round(float(outcome.streams.catchment.max(initial=0.0)) / HECTARE, 2),
        "area": float(known.sum()) * cell**2 / HECTARE,
        "beside": float((known & np.isnan(outcome.above)).sum()) * cell**2 / HECTARE,
        "asked": asked["name"],
        "steps": rows,
        "ends": stepping.depth_words(),
    }


def _features(outcome: Outcome, area: Words) -> Iterator[str]:
    (_low, grey, words), (_least, colour, stream) = _drawn()
    yield geojson.feature("area", json.dumps(area), {"label": words, "colour": grey, "outline": True, "kind": "area"})  # fmt: skip
    for number, shape in enumerate(shapely.to_geojson(outcome.streams.lines)):
        size = round(float(outcome.streams.catchment[number]) / HECTARE, 2)
        yield geojson.feature(f"b{number + 1}", shape, {"label": stream, "colour": colour, "kind": "stream", "catchment": size})  # fmt: skip
