"""What came out, as rasters for the map and its slider, as a table, and in numbers for the page and the report."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from twin.analysis import elevation, stepping, terrain
from twin.analysis.models import Run
from twin.analysis.stepping import HECTARE
from twin.analysis.terrain import Frame
from twin.analysis.usecase import Answer, Legend, Output, Step
from twin.catalogue.importing import GEOTIFF
from twin.usecases.river_flood import wording
from twin.usecases.river_flood.adapter import river_of
from twin.usecases.river_flood.case import Outcome
from twin.usecases.river_flood.core import BOTH, COMPUTED, OFFICIAL
from twin.usecases.river_flood.reading import River

BEHIND = "#e6ab02"
AGREEMENT = ("#1b7837", "#542788", "#e66101")  # told apart by all kinds of colour vision
Words = dict[str, Any]


def save(run: Run, outcome: Outcome, folder: Path) -> Answer:
    part, river = elevation.part_of(run), river_of(run)
    names = {"steps": "stufen", "depth": "wassertiefe", "agreement": "uebereinstimmung"}
    paths = {name: folder / f"{file}.tif" for name, file in names.items()}
    terrain.write(outcome.first, paths["steps"], part=part, srid=settings.TWIN_SRID)
    terrain.write(outcome.depth, paths["depth"], part=part, srid=settings.TWIN_SRID)
    rows, table = _rows(outcome, river, part), folder / "flaechen.csv"
    outputs = [
        Output("steps", paths["steps"], GEOTIFF, legend=_steps_legend(), steps=tuple(_steps(river, rows))),
        Output("depth", paths["depth"], GEOTIFF, "m", stepping.depths()),
    ]
    if outcome.agreement is not None:
        terrain.write(outcome.agreement, paths["agreement"], part=part, srid=settings.TWIN_SRID)
        outputs.append(Output("agreement", paths["agreement"], GEOTIFF, legend=_agreement_legend()))
    with table.open("w", encoding="utf-8", newline="") as target:
        _write(rows, target)
    return Answer(_summary(outcome, river, rows, part), (*outputs, Output("table", table, "text/csv")))


def _steps(river: River, rows: list[Words]) -> Iterator[Step]:
    for stand, row in zip(river.steps, rows, strict=True):
        words = stepping.under_water(wording.words(stand, river.gauge), row["flooded"])
        yield Step(row["name"], words, stand.stage, row["asked"])


def _steps_legend() -> Legend:
    return ((0.0, BEHIND, _("Lower than the water, but not connected with the river")), *stepping.depths())


def _agreement_legend() -> Legend:
    words = (_("Flooded in both"), _("In the official map alone"), _("In this analysis alone"))
    return tuple(zip((BOTH, OFFICIAL, COMPUTED), AGREEMENT, words, strict=True))


def _rows(outcome: Outcome, river: River, part: Frame) -> list[Words]:
    """Of each step: ha of each class, of all that is flooded, and of what is lower but not connected."""
    hectares = outcome.cells * (part.cell**2 / HECTARE)
    found = []
    for number, stand in enumerate(river.steps):
        low, *flooded = (round(float(each), 2) for each in hectares[:, number])
        found.append(
            {
                "number": number + 1,
                "name": wording.title(stand),
                "often": wording.often(stand.name),
                "stage": stand.stage,
                "level": None if stand.level is None else round(stand.level, 2),
                "discharge": None if stand.discharge is None else round(stand.discharge, 1),
                "classes": stepping.by_class(flooded),
                "flooded": flooded[0],
                "behind": round(low - flooded[0], 2),
                "asked": number + 1 == river.asked,
            }
        )
    return found


def _summary(outcome: Outcome, river: River, rows: list[Words], part: Frame) -> Words:
    asked = rows[river.asked - 1]
    known = {name: asked[name] for name in ("stage", "level", "discharge") if asked[name] is not None}
    found = {
        **known,
        "flooded": asked["flooded"],
        "behind": asked["behind"],
        "deepest": round(float(np.nanmax(outcome.depth, initial=0.0)), 2),
        "area": float(np.isfinite(outcome.depth).sum()) * part.cell**2 / HECTARE,
        "asked": asked["name"],
        "gauge": river.gauge.name if river.gauge else "",
        "steps": rows,
        "ends": stepping.depth_words(),
    }
    return found if outcome.agreement is None else found | _agreement(outcome.agreement, part)


def _agreement(values: Any, part: Frame) -> Words:
    """ha, and percent: hits of what is official, false alarms of what is computed, critical success index of all."""
    both, missed, alone = (
        float((values == kind).sum()) * part.cell**2 / HECTARE for kind in (BOTH, OFFICIAL, COMPUTED)
    )
    shares = {"hits": both / (both + missed) if both + missed else None, "false_alarms": alone / (both + alone) if both + alone else None, "csi": both / (both + missed + alone) if both + missed + alone else None}  # fmt: skip
    areas = {"both": both, "official": missed, "computed": alone}
    return {name: round(value, 2) for name, value in areas.items()} | {name: round(100 * value, 1) for name, value in shares.items() if value is not None}  # fmt: skip


def _write(rows: list[Words], target: Any) -> None:
    heads = [pgettext("map", "Step"), _("Level at the gauge in cm"), _("Level at the gauge in m above sea level"), _("Discharge in m³/s"), *stepping.depth_heads(), _("Flooded in ha"), _("Not connected in ha")]  # fmt: skip
    named = ("name", "stage", "level", "discharge")
    stepping.write(target, heads, ([*(row[name] for name in named), *(each["area"] for each in row["classes"]), row["flooded"], row["behind"]] for row in rows))  # fmt: skip
