"""What came out, in numbers for page and report, as features for the map, and as tables."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenants import geojson, tables
from twin.analysis import people, presenting
from twin.analysis.models import Run
from twin.analysis.usecase import Answer, Legend, Output, classes
from twin.analysis.water import Numbers
from twin.usecases.infrastructure.case import Ids, Kind, Outcome

MOST_ROWS = 100  # on the page and in the report; all are in the table
NEARER = ("#7a0177", "#ae017e", "#dd3497", "#f768a1", "#fbb4b9")  # ColorBrewer RdPu, the nearest darkest
NO_WAY, CLOSED, FACILITY, DROWNED, ESTATE = "#595959", "#0868ac", "#000000", "#b2182b", "#1b7837"
Words = dict[str, Any]


def save(run: Run, outcome: Outcome, folder: Path) -> Answer:
    legend, rows = _legend(outcome), _facilities(outcome)
    drawn, roads = folder / "erreichbarkeit.geojson", folder / "strassen-minuten.geojson"
    drawn.write_text(geojson.file(_features(outcome, legend, rows), srid=settings.TWIN_SRID))
    roads.write_text(geojson.file(_roads(outcome, legend), srid=settings.TWIN_SRID))
    table, homes = folder / "einrichtungen.csv", folder / "wohnorte.csv"
    with table.open("w", encoding="utf-8", newline="") as target:
        _write(_heads(outcome), map(_row, rows), target)
    outputs = [
        Output("features", drawn, geojson.CONTENT_TYPE, legend=(*legend, *_signs(outcome))),
        Output("roads", roads, geojson.CONTENT_TYPE, legend=legend),
        Output("table", table, "text/csv"),
    ]
    if outcome.inputs.homes is not None:
        with homes.open("w", encoding="utf-8", newline="") as target:
            _write(_home_heads(), _homes(outcome), target)
        outputs.append(Output("homes", homes, "text/csv"))
    return Answer(_summary(run, outcome, rows), tuple(outputs))


def _legend(outcome: Outcome) -> Legend:
    """By minutes, and what is not reached at all."""
    return (*classes(outcome.inputs.ends, NEARER, unit="min"), (np.inf, NO_WAY, _("not reached")))


def _signs(outcome: Outcome) -> Legend:
    found = [(0.0, FACILITY, _("Facility"))]
    if outcome.flooded is not None:
        found.append((0.0, CLOSED, _("Road closed by water")))
        found.append((0.0, DROWNED, _("Facility in the water")))
    if outcome.inputs.estate is not None:
        found.append((0.0, ESTATE, _("New area")))
    return tuple(found)


def _class(outcome: Outcome, seconds: Numbers) -> Ids:
    """The number in the legend."""
    ends = [*(60 * end for end in outcome.inputs.ends[1:]), np.inf]
    found: Ids = np.digitize(seconds, ends)
    return found


# --- the summary


def _summary(run: Run, outcome: Outcome, rows: list[Words]) -> Words:
    given, flooded = outcome.inputs, outcome.flooded
    closed = outcome.network.lengths[outcome.closed].sum() / 1000
    known = {
        "facilities": len(given.facilities.names),
        "roads": round(float(outcome.network.lengths.sum()) / 1000, 1),
        "closed": round(float(closed), 2) if flooded else None,
        "drowned": int(outcome.drowned.sum()) if flooded else None,
        "added": round(given.estate.people) if given.estate and given.estate.people else None,
    }
    return {name: value for name, value in known.items() if value is not None} | _people(outcome) | {
        "notes": [*run.summary.get("notes", ()), *_notes(outcome)],
        "minutes": given.minutes,
        "counted": given.homes.counted if given.homes else None,
        "has_water": flooded is not None,
        "estate": given.estate.name if given.estate else "",
        "times": _times(outcome),
        "kinds": [_kind(each, outcome) for each in outcome.kinds],
        "rows": rows[:MOST_ROWS],
        "left_out": max(0, len(rows) - MOST_ROWS),
        "conditions": _lots(outcome, given.facilities.conditions, given.roads.conditions),
        "bodies": _lots(outcome, given.facilities.bodies, given.roads.bodies),
    }  # fmt: skip


def _notes(outcome: Outcome) -> Iterator[str]:
    if outcome.apart:
        reach = number_format(outcome.inputs.reach, 0)
        yield ngettext("One home lies further than %(reach)s m from a road; it counts as not reached.", "%(count)s homes lie further than %(reach)s m from a road; they count as not reached.", outcome.apart) % {"count": outcome.apart, "reach": reach}  # fmt: skip


def _people(outcome: Outcome) -> Words:
    """Of homes: how many there are, reach a facility in the minutes asked, and are cut off; None where those are few."""
    homes = outcome.inputs.homes
    if homes is None:
        return {}
    limit = outcome.inputs.minutes * 60
    found = {"people": homes.people.sum(), "within": homes.people[outcome.today.homes <= limit].sum()}
    if outcome.flooded is not None:
        found["within_flooded"] = homes.people[outcome.flooded.homes <= limit].sum()
        found["lost"] = homes.people[outcome.lost].sum()
    told: Words = {name: _told(value, outcome) for name, value in found.items()}
    return told | {"share": _percent(found["within"], found["people"])}


def _told(found: Any, outcome: Outcome) -> int | None:
    """None where they are few people; addresses are nobody."""
    homes = outcome.inputs.homes
    return people.told(found) if homes and homes.counted else round(float(found))


def _percent(part: Any, whole: Any) -> float:
    return round(100 * float(part) / float(whole), 1) if whole else 0.0


def _times(outcome: Outcome) -> list[Words]:
    """Of each class of minutes: people and km of road, today and with the water."""
    homes, lengths = outcome.inputs.homes, outcome.network.lengths
    views = [outcome.today, outcome.flooded] if outcome.flooded else [outcome.today]
    found = []
    for number, (_low, colour, words) in enumerate(_legend(outcome)):
        row: Words = {"words": words, "colour": colour, "people": [], "roads": []}
        for view in views:
            of_roads = _class(outcome, view.pieces) == number
            row["roads"].append(round(float(lengths[of_roads].sum()) / 1000, 2))
            if homes is not None:
                row["people"].append(
                    _told(homes.people[_class(outcome, view.homes) == number].sum(), outcome)
                )
        found.append(row)
    return found


def _kind(kind: Kind, outcome: Outcome) -> Words:
    homes = outcome.inputs.homes
    whole = homes.people.sum() if homes is not None else 0.0
    return {
        "name": kind.name or _("without a kind"),
        "facilities": kind.facilities,
        "within": _percent(kind.within, whole),
        "within_flooded": None if kind.within_flooded is None else _percent(kind.within_flooded, whole),
        "estate": _way(kind.estate, outcome),
        "estate_flooded": _way(kind.estate_flooded, outcome) if outcome.flooded is not None else None,
    }


def _way(found: tuple[int, float] | None, outcome: Outcome) -> Words:
    """Where the new area goes."""
    if found is None:
        return {"name": "", "minutes": None}
    return {"name": outcome.inputs.facilities.names[found[0]], "minutes": _minutes(found[1])}


def _minutes(seconds: float) -> float | None:
    return round(float(seconds) / 60, 1) if np.isfinite(seconds) else None


def _lots(outcome: Outcome, facilities: Iterable[str], roads: Iterable[str]) -> list[Words]:
    """By what the data say: how many facilities, how many km of road; empty where they say nothing."""
    counts, of_line = Counter(facilities), np.array(list(roads), object)[outcome.network.lines]
    names = sorted({*counts, *of_line.tolist()})
    if not any(names):
        return []
    return [
        {
            "name": name or _("not stated"),
            "facilities": counts[name],
            "roads": round(float(outcome.network.lengths[of_line == name].sum()) / 1000, 1),
        }
        for name in names
    ]


def _facilities(outcome: Outcome) -> list[Words]:
    """Each with whom it serves, most people first."""
    given, load = outcome.inputs.facilities, outcome.load
    order = sorted(range(len(given.names)), key=lambda one: (-float(load.today[one]), given.names[one]))
    return [
        {
            "id": f"e{number + 1}",
            "name": given.names[number],
            "kind": given.kinds[number],
            "body": given.bodies[number],
            "condition": given.conditions[number],
            "places": int(given.places[number]) if np.isfinite(given.places[number]) else None,
            **_load(outcome, number),
            "added": round(float(load.added[number])),
            "far": bool(outcome.far[number]),
            "drowned": bool(outcome.drowned[number]),
        }
        for number in order
    ]  # fmt: skip


def _load(outcome: Outcome, number: int) -> Words:
    """People that a facility serves; None where they are few, nothing where no homes were asked about."""
    load = outcome.load
    if outcome.inputs.homes is None:
        return {}
    found = {"people": _told(load.today[number], outcome)}
    return found | ({"flooded": _told(load.flooded[number], outcome)} if load.flooded is not None else {})


# --- the files


def _features(outcome: Outcome, legend: Legend, rows: list[Words]) -> Iterator[str]:
    """Roads by minutes, what is closed above them, then the new area and the facilities."""
    lines, numbers = outcome.network.drawn(), _class(outcome, outcome.today.pieces)
    for number, (_low, colour, words) in enumerate(legend):
        if (numbers == number).any():
            yield _merged(f"m{number}", lines[numbers == number], {"label": words, "colour": colour, "kind": "road"})  # fmt: skip
    if outcome.closed.any():
        yield _merged("closed", lines[outcome.closed], {"label": _("Road closed by water"), "colour": CLOSED, "kind": "closed"})  # fmt: skip
    if outcome.inputs.estate is not None:
        shape = str(shapely.to_geojson(outcome.inputs.estate.shape[0]))
        yield geojson.feature("estate", shape, {"label": outcome.inputs.estate.name, "colour": ESTATE, "outline": True, "kind": "estate"})  # fmt: skip
    for row in rows:
        shape = str(shapely.to_geojson(outcome.inputs.facilities.shapes[int(row["id"][1:]) - 1]))
        yield geojson.feature(row["id"], shape, {"label": row["name"], "colour": DROWNED if row["drowned"] else FACILITY, "outline": True, "kind": "facility", "use": row["kind"]})  # fmt: skip


def _merged(key: str, lines: Any, properties: Words) -> str:
    whole = shapely.line_merge(shapely.multilinestrings(list(lines)))
    return geojson.feature(key, str(shapely.to_geojson(whole)), properties)


def _roads(outcome: Outcome, legend: Legend) -> Iterator[str]:
    """Of each road what lies in one class of minutes."""
    pieces = outcome.network
    lines, numbers = pieces.drawn(), _class(outcome, outcome.today.pieces)
    both = pieces.lines * len(legend) + numbers
    order = np.argsort(both, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(both[order])) + 1):
        first = group[0]
        _low, colour, words = legend[numbers[first]]
        flooded = outcome.flooded.pieces[group] if outcome.flooded is not None else None
        said = {
            "label": words,
            "colour": colour,
            "key": str(outcome.inputs.roads.keys[pieces.lines[first]]),
            "minutes": _minutes(outcome.today.pieces[group].mean()),
            "minutes_flooded": None if flooded is None else _minutes(flooded.mean()),
            "closed": bool(outcome.closed[group].any()) if flooded is not None else None,
        }
        yield _merged(f"r{pieces.lines[first] + 1}-{numbers[first]}", lines[group], said)


def _homes(outcome: Outcome) -> Iterator[Words]:
    assert outcome.inputs.homes is not None  # noqa: S101 - asked before
    flooded, names = outcome.flooded, outcome.inputs.facilities.names
    for number, key in enumerate(outcome.inputs.homes.keys):
        nearest = outcome.today.nearest[number]
        yield {
            "key": str(key),
            "nearest": names[nearest] if nearest >= 0 else "",
            "minutes": _minutes(outcome.today.homes[number]),
            "flooded": _minutes(flooded.homes[number]) if flooded is not None else None,
            "lost": bool(outcome.lost[number]) if flooded is not None else None,
        }


def _row(row: Words) -> Words:
    """With words for few people."""
    few = {
        name: presenting.number(None, None, "") for name in ("people", "flooded") if row.get(name, 0) is None
    }
    return row | few


def _heads(outcome: Outcome) -> dict[str, str]:
    homes = outcome.inputs.homes
    served = (
        _("Nearest for so many people")
        if homes is None or homes.counted
        else _("Nearest for so many addresses")
    )
    found = {"name": _("Facility"), "kind": _("Kind"), "body": _("Run by"), "condition": _("Condition"), "places": _("Places"), "people": served, "flooded": _("With the water"), "added": _("From the new area")}  # fmt: skip
    return found | ({"drowned": _("In the water")} if outcome.flooded is not None else {})


def _home_heads() -> dict[str, str]:
    return {"key": _("Key"), "nearest": _("Nearest facility"), "minutes": _("Minutes"), "flooded": _("Minutes with the water"), "lost": _("Cut off by the water")}  # fmt: skip


def _write(heads: dict[str, str], rows: Iterable[Words], target: Any) -> None:
    tables.write_csv(target, list(heads.values()), ({heads[name]: tables.said(row.get(name)) for name in heads} for row in rows))  # fmt: skip
