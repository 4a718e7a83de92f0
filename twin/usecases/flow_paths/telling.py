"""What came out, as rasters and features for the map, as a table, and in numbers for the page and the report."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tenants import geojson, tables
from twin.analysis import elevation, terrain
from twin.analysis.models import Run
from twin.analysis.usecase import Answer, Legend, Output, classes
from twin.catalogue.importing import GEOTIFF
from twin.hydro.classes import DEPTH_COLOURS, DEPTHS
from twin.usecases.flow_paths.case import HECTARE, Outcome

MOST_ROWS = 100  # on the page and in the report; all are in the table
AREA, DEPRESSION, WALLED = "#595959", "#b35806", "#542788"  # outlines
PATHS = (
    "#df65b0",
    "#e7298a",
    "#ce1256",
    "#980043",
    "#4a0024",
)  # ColorBrewer PuRd and darker, at least 3:1 on white
Words = dict[str, Any]


def save(run: Run, outcome: Outcome, folder: Path) -> Answer:
    part, rows = elevation.part_of(run), _rows(outcome)
    depth, catchment = folder / "senkentiefe.tif", folder / "einzugsgebietsgroesse.tif"
    terrain.write(outcome.depth, depth, part=part, srid=settings.TWIN_SRID)
    terrain.write(outcome.catchment, catchment, part=part, srid=settings.TWIN_SRID)
    drawn, table = folder / "senken-und-fliesswege.geojson", folder / "senken.csv"
    area = run.parameters.get("area") or shapely.geometry.mapping(shapely.box(*part.bounds))
    drawn.write_text(geojson.file(_features(outcome, rows, area=area), srid=settings.TWIN_SRID))
    with table.open("w", encoding="utf-8", newline="") as target:
        _write(rows, target)
    legend = _legend(outcome)
    outputs = (
        Output("depth", depth, GEOTIFF, "m", classes(DEPTHS, DEPTH_COLOURS, unit="cm", times=100)),
        Output("catchment", catchment, GEOTIFF, "ha", legend),
        Output("features", drawn, geojson.CONTENT_TYPE, legend=(*_outlines(), *_lines(legend))),
        Output("table", table, "text/csv"),
    )
    return Answer(_summary(outcome, rows, cell=part.cell), outputs)


def _legend(outcome: Outcome) -> Legend:
    ends = outcome.least.classes
    return classes(ends, PATHS[-len(ends) :], unit="ha")


def _outlines() -> Legend:
    """Of the area, of depressions, and of those that overflow over buildings alone."""
    return (
        (0.0, AREA, pgettext("analysis", "Area")),
        (0.0, DEPRESSION, _("Depression")),
        (0.0, WALLED, _("Depression that overflows over buildings alone")),
    )


def _lines(legend: Legend) -> Legend:
    return tuple((low, colour, _("Flow path, catchment %s") % words) for low, colour, words in legend)


def _rows(outcome: Outcome) -> list[Words]:
    found = outcome.depressions
    return [
        {
            "id": f"s{number + 1}",
            "depth": round(float(found.depth[number]), 2),
            "area": round(float(found.area[number]), 1),
            "volume": round(float(found.volume[number]), 1),
            "level": round(float(found.level[number]), 2),
            "catchment": round(float(found.catchment[number]) / HECTARE, 2),
            "fills": round(1000 * float(found.volume[number] / found.catchment[number]), 1),
            "walled": bool(found.walled[number]),
        }
        for number in range(len(found))
    ]


# --- the summary


def _summary(outcome: Outcome, rows: list[Words], *, cell: float) -> Words:
    open_ones = [row for row in rows if not row["walled"]]
    lengths = shapely.length(outcome.paths.lines)
    return {
        "area": float(np.isfinite(outcome.depth).sum()) * cell**2,
        "depressions": len(rows),
        "walled": len(rows) - len(open_ones),
        "volume": round(sum(row["volume"] for row in open_ones), 1),
        "deepest": max((row["depth"] for row in open_ones), default=0.0),
        "length": round(float(lengths.sum()) / 1000, 3),
        "largest": round(float(np.nanmax(outcome.catchment, initial=0.0)), 2),
        "rows": open_ones[:MOST_ROWS],
        "left_out": max(0, len(open_ones) - MOST_ROWS),
        "paths": list(_lengths(outcome, lengths)),
    }


def _lengths(outcome: Outcome, lengths: Any) -> Iterator[Words]:
    """Of each class: words, how many paths, km."""
    for number, (_low, _colour, words) in enumerate(_legend(outcome)):
        of_class = outcome.paths.number == number
        yield {
            "words": words,
            "count": int(of_class.sum()),
            "length": round(float(lengths[of_class].sum()) / 1000, 3),
        }


# --- the files


def _features(outcome: Outcome, rows: list[Words], *, area: Words) -> Iterator[str]:
    """The area, what counts in it, and above that the paths."""
    _low, colour, words = _outlines()[0]
    yield geojson.feature(
        "area", json.dumps(area), {"label": words, "colour": colour, "outline": True, "kind": "area"}
    )
    yield from _drawn_depressions(outcome, rows)
    yield from _drawn_paths(outcome)


def _drawn_depressions(outcome: Outcome, rows: list[Words]) -> Iterator[str]:
    for row, shape in zip(rows, shapely.to_geojson(outcome.depressions.shapes), strict=True):
        known = {name: value for name, value in row.items() if name != "id"}
        _low, colour, words = _outlines()[1 + row["walled"]]
        said = {"label": words, "colour": colour, "outline": True, "kind": "depression", **known}
        yield geojson.feature(row["id"], shape, said)


def _drawn_paths(outcome: Outcome) -> Iterator[str]:
    legend, paths = _lines(_legend(outcome)), outcome.paths
    for number, shape in enumerate(shapely.to_geojson(paths.lines)):
        _low, colour, words = legend[paths.number[number]]
        size = round(float(paths.catchment[number]) / HECTARE, 2)
        said = {"label": words, "colour": colour, "kind": "flow_path", "catchment": size}
        yield geojson.feature(f"f{number + 1}", shape, said)


def _write(rows: list[Words], target: Any) -> None:
    """With decimal commas, as German spreadsheets expect."""
    heads = {
        "id": _("Number"),
        "depth": _("Greatest depth in m"),
        "area": _("Area in m²"),
        "volume": _("Volume in m³"),
        "level": _("Overflow at m above sea level"),
        "catchment": _("Catchment in ha"),
        "fills": _("Full after mm of runoff"),
        "walled": _("Overflows over buildings alone"),
    }
    tables.write_csv(
        target,
        list(heads.values()),
        ({heads[name]: tables.said(row[name]) for name in heads} for row in rows),
    )
