"""What came out, in numbers for page and report, as features for the map, and as tables."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tenants import geojson
from twin.analysis.models import Run
from twin.analysis.people import FEW, told
from twin.analysis.usecase import Answer, Legend, Output, classes
from twin.analysis.water import lines_of
from twin.hydro.classes import DEPTH_COLOURS, DEPTHS, RIVER_COLOURS, RIVER_DEPTHS
from twin.usecases.exposure import tabulating
from twin.usecases.exposure.case import Met, Outcome, Places
from twin.usecases.exposure.damage import RANGE, rough

MOST_ROWS = 100  # on the page and in the report; all are in the table
MOST_DRAWN = 3000  # buildings on the page's map, the deepest; all are in the file
AREA, CUT = "#595959", "#b35806"  # of all buildings; of those that are cut off
FACILITY, DRY = "#b2182b", "#1b7837"  # of facilities in the water and of others
Words = dict[str, Any]


def save(run: Run, outcome: Outcome, folder: Path) -> Answer:
    legend, affected = _legend(outcome), _affected(outcome)
    drawn, houses = folder / "betroffenheit.geojson", folder / "betroffene-gebaeude.geojson"
    drawn.write_text(geojson.file(_features(outcome, affected, legend), srid=settings.TWIN_SRID))
    houses.write_text(geojson.file(_houses(outcome, affected, legend), srid=settings.TWIN_SRID))
    table, places, sites = (folder / f"{name}.csv" for name in ("betroffene-gebaeude", "betroffenheit-je-gemeinde", "betroffene-einrichtungen"))  # fmt: skip
    rows = [*_places(outcome.inputs.towns, outcome.towns), *_places(outcome.inputs.plans, outcome.plans)]
    with table.open("w", encoding="utf-8", newline="") as target:
        tabulating.write_houses(outcome, affected, legend, target)
    with places.open("w", encoding="utf-8", newline="") as target:
        tabulating.write_places(rows, target)
    with sites.open("w", encoding="utf-8", newline="") as target:
        tabulating.write_sites(_sites(outcome, legend), target)
    outputs = [
        Output("features", drawn, geojson.CONTENT_TYPE, legend=(_around(), *legend, *_signs(outcome))),
        Output("buildings", houses, geojson.CONTENT_TYPE, legend=legend),
        Output("table", table, "text/csv"),
        Output("places", places, "text/csv"),
    ]
    if outcome.standing is not None:
        outputs.append(Output("sites", sites, "text/csv"))
    return Answer(_summary(run, outcome, affected, legend), tuple(outputs))


def _affected(outcome: Outcome) -> Any:
    """Numbers of the buildings in the water, the deepest first."""
    found = np.flatnonzero(outcome.classes > 0)
    return found[np.argsort(-outcome.most[found], kind="stable")]


def _legend(outcome: Outcome) -> Legend:
    if not outcome.inputs.deep:
        return ((0.0, RIVER_COLOURS[3], _("In the water, depth not known")),)
    if outcome.inputs.ends == RIVER_DEPTHS:
        return classes(RIVER_DEPTHS, RIVER_COLOURS, unit="m")
    return classes(DEPTHS, DEPTH_COLOURS, unit="cm", times=100)


def _around() -> tuple[float, str, str]:
    return 0.0, AREA, pgettext("analysis", "Area")


def _signs(outcome: Outcome) -> Legend:
    cut = () if outcome.cut is None else ((0.0, CUT, _("Dry building that is cut off")),)
    if outcome.standing is None:
        return cut
    return (*cut, (0.0, FACILITY, _("Facility in the water")), (0.0, DRY, _("Facility that stays dry")))


# --- the summary


def _summary(run: Run, outcome: Outcome, affected: Any, legend: Legend) -> Words:
    sites = _sites(outcome, legend)
    known = {
        "buildings": len(outcome.inputs.buildings),
        "affected": len(affected),
        "homes": int(outcome.inputs.buildings.homes[affected].sum()),
        "deepest": round(float(outcome.most[affected[0]]), 2)
        if len(affected) and outcome.inputs.deep
        else None,
        **_damage(outcome),
        "roads": round(float(outcome.roads.lengths.sum()) / 1000, 3) if outcome.roads else None,
        "cut": int(outcome.cut.sum()) if outcome.cut is not None else None,
        "facilities": int((outcome.standing[1] > 0).sum()) if outcome.standing else None,
        "farmland": round(float(outcome.farmland.sum()) / 10_000, 2)
        if outcome.farmland is not None
        else None,
    }
    return {name: value for name, value in known.items() if value is not None} | _people(outcome, affected) | {
        "notes": [*run.summary.get("notes", ()), *_notes(outcome)],
        "deep": outcome.inputs.deep,
        "classes": list(_classes(outcome, legend)),
        "sites": sites[:MOST_ROWS],
        "left_out": max(0, len(sites) - MOST_ROWS),
        "towns": _places(outcome.inputs.towns, outcome.towns),
        "plans": _places(outcome.inputs.plans, outcome.plans)[:MOST_ROWS],
        "asked": _asked(outcome),
    }  # fmt: skip


def _asked(outcome: Outcome) -> list[str]:
    known = {"people": outcome.people, "roads": outcome.roads, "facilities": outcome.standing, "farmland": outcome.farmland}  # fmt: skip
    return [name for name, found in known.items() if found is not None]


def _people(outcome: Outcome, affected: Any) -> Words:
    """None where they are few, nothing where they were not asked about."""
    if outcome.people is None:
        return {}
    found = {"people": told(outcome.people[affected].sum()), "inhabitants": told(outcome.people.sum())}
    return found | (
        {"cut_people": told(outcome.people[outcome.cut].sum())} if outcome.cut is not None else {}
    )


def _damage(outcome: Outcome) -> Words:
    if outcome.damage is None:
        return {}
    return {name: rough(getattr(outcome.damage, name).sum()) for name in RANGE}


def _notes(outcome: Outcome) -> Iterator[str]:
    unknown = int(outcome.unknown.sum())
    if unknown:
        yield ngettext(
            "At one building no depth is known: it lies beside the raster or where it has no value. It is counted as dry.",
            "At %(count)s buildings no depth is known: they lie beside the raster or where it has no value. They are counted as dry.",
            unknown,
        ) % {"count": unknown}
    if outcome.lost >= FEW:
        yield _("%s inhabitants live where no home is known among the buildings; they are not counted.") % round(outcome.lost)  # fmt: skip
    if not outcome.inputs.deep:
        yield _("How deep the water stands is not known, so no damage is told.")


def _classes(outcome: Outcome, legend: Legend) -> Iterator[Words]:
    people, roads, farmland = outcome.people, outcome.roads, outcome.farmland
    for number, (_low, colour, words) in enumerate(legend, 1):
        of_class = outcome.classes == number
        yield {
            "words": words,
            "colour": colour,
            "buildings": int(of_class.sum()),
            "people": told(people[of_class].sum()) if people is not None else None,
            "roads": round(float(roads.lengths[roads.classes == number].sum()) / 1000, 3) if roads else None,
            "farmland": round(float(farmland[:, number - 1].sum()) / 10_000, 2)
            if farmland is not None
            else None,
        }


def _sites(outcome: Outcome, legend: Legend) -> list[Words]:
    """Facilities in the water, the deepest first."""
    if outcome.standing is None or outcome.inputs.facilities is None:
        return []
    depths, numbers = outcome.standing
    order = sorted(np.flatnonzero(numbers > 0).tolist(), key=lambda one: -float(depths[one]))
    return [
        {
            "id": f"e{number + 1}",
            "name": outcome.inputs.facilities.names[number] or _("without a name"),
            "kind": outcome.inputs.facilities.kinds[number],
            "depth": round(float(depths[number]), 2) if outcome.inputs.deep else None,
            "words": legend[numbers[number] - 1][2],
        }
        for number in order
    ]


def _places(places: Places | None, met: Met | None) -> list[Words]:
    """Those with something in the water or cut off by it, most buildings first."""
    if places is None or met is None:
        return []
    counts = [
        each for each in (met.buildings, met.roads, met.facilities, met.cut, met.farmland) if each is not None
    ]
    order = sorted(np.flatnonzero(np.any(counts, axis=0)).tolist(), key=lambda one: (-int(met.buildings[one]), places.names[one]))  # fmt: skip
    return [
        {
            "name": places.names[number],
            "address": places.notes[number],
            "buildings": int(met.buildings[number]),
            **_met(met, number),
        }
        for number in order
    ]


def _met(met: Met, number: int) -> Words:
    """Of a place what was asked about; people: None where they are few."""
    found: Words = {"people": told(met.people[number])} if met.people is not None else {}
    if met.roads is not None:
        found["roads"] = round(float(met.roads[number]) / 1000, 3)
    if met.farmland is not None:
        found["farmland"] = round(float(met.farmland[number]) / 10_000, 2)
    found |= {name: int(each[number]) for name, each in (("facilities", met.facilities), ("cut", met.cut)) if each is not None}  # fmt: skip
    return found | ({name: rough(getattr(met.damage, name)[number]) for name in RANGE} if met.damage else {})


# --- the files


def _features(outcome: Outcome, affected: Any, legend: Legend) -> Iterator[str]:
    """What was looked at; roads lie below the buildings, facilities above."""
    around = shapely.box(*shapely.total_bounds(outcome.inputs.buildings.shapes))
    _low, colour, words = _around()
    yield geojson.feature("area", str(shapely.to_geojson(around)), {"label": words, "colour": colour, "outline": True, "kind": "area"})  # fmt: skip
    yield from _roads(outcome, legend)
    yield from _houses(outcome, affected[:MOST_DRAWN], legend)
    yield from _cut(outcome)
    yield from _facilities(outcome)


def _houses(outcome: Outcome, affected: Any, legend: Legend) -> Iterator[str]:
    buildings, deep = outcome.inputs.buildings, outcome.inputs.deep
    looks = [(colour, words, _("Building: %s") % words) for _low, colour, words in legend]
    shapes = shapely.to_geojson(buildings.shapes[affected])
    for number, shape in zip(affected.tolist(), shapes, strict=True):
        colour, words, label = looks[outcome.classes[number] - 1]
        yield geojson.feature(
            f"g{number + 1}",
            shape,
            {
                "label": label,
                "colour": colour,
                "kind": "building",
                "key": str(buildings.keys[number]),
                "class": words,
                "depth": round(float(outcome.most[number]), 2) if deep else None,
                "mean": round(float(outcome.mean[number]), 2) if deep else None,
            },
        )


def _cut(outcome: Outcome) -> Iterator[str]:
    """As many as are drawn of the others."""
    if outcome.cut is None:
        return
    buildings, label = outcome.inputs.buildings, _("Dry building that is cut off")
    numbers = np.flatnonzero(outcome.cut)[:MOST_DRAWN]
    shapes = shapely.to_geojson(buildings.shapes[numbers])
    for number, shape in zip(numbers.tolist(), shapes, strict=True):
        said = {"label": label, "colour": CUT, "kind": "cut", "key": str(buildings.keys[number])}
        yield geojson.feature(f"g{number + 1}", shape, said)


def _roads(outcome: Outcome, legend: Legend) -> Iterator[str]:
    """Of each class all pieces as one."""
    if outcome.roads is None:
        return
    for number, (_low, colour, words) in enumerate(legend, 1):
        ends = outcome.roads.ends[outcome.roads.classes == number]
        if len(ends):
            whole = shapely.line_merge(shapely.multilinestrings(lines_of(ends)))
            said = {"label": _("Road: %s") % words, "colour": colour, "kind": "road", "class": words}
            yield geojson.feature(f"s{number}", str(shapely.to_geojson(whole)), said)


def _facilities(outcome: Outcome) -> Iterator[str]:
    facilities = outcome.inputs.facilities
    if facilities is None or outcome.standing is None:
        return
    depths, numbers = outcome.standing
    for number, shape in enumerate(shapely.to_geojson(facilities.shapes)):
        wet = bool(numbers[number])
        said = {
            "label": facilities.names[number] or _("without a name"),
            "colour": FACILITY if wet else DRY,
            "outline": True,
            "kind": "facility",
            "use": facilities.kinds[number],
            "depth": round(float(depths[number]), 2) if wet and outcome.inputs.deep else None,
        }
        yield geojson.feature(f"e{number + 1}", shape, said)
