"""Water levels along a river, for classes of discharge: checked, and between two classes for any level at a gauge. No Django."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Levels = NDArray[np.float64]
UPHILL = 0.25  # m that a level may rise downstream: FLYS rises by up to 0.07 m on the Elbe, between two decimals and behind bridges
CROSSING = 0.1  # m that a class may lie below a smaller one
SAME = 0.005  # m: half of what levels are told to
MOST = 60  # classes; the number of a step is kept in a byte
_NAMED = re.compile(r"(?P<times>\d+(?:[.,]\d+)?)?(?P<mean>MNQ|MQ|MHQ)|HQ[ _]?(?P<years>\d+)", re.IGNORECASE)


class BadProfile(ValueError):
    """Why levels can't be used, or don't reach what is asked. code and facts: what is wrong, for words."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True)
class Entry:
    """A level as a table states it. station: km; level: m; discharge: m3/s, None where it is not stated."""

    name: str
    station: float
    level: float
    discharge: float | None = None


@dataclass(frozen=True)
class Profile:
    """names: of the classes, from the lowest to the highest; stations: (n,) rising, km; levels: (classes, n) m, rising with the class;
    discharges: the same in m3/s, None where they are not stated for each class."""

    names: tuple[str, ...]
    stations: Levels
    levels: Levels
    discharges: Levels | None = None

    def at(self, station: float, values: Levels | None = None) -> Levels:
        """(classes,) levels, or other values, at a station. Raises BadProfile where the levels don't reach there."""
        first, last = float(self.stations[0]), float(self.stations[-1])
        if not first <= station <= last:
            raise BadProfile("station", station=station, first=first, last=last)
        rows = self.levels if values is None else values
        return np.array([np.interp(station, self.stations, row) for row in rows])

    def surface(self, level: float, station: float) -> tuple[Levels, float]:
        """The level along the river that has this level at the station, and its place among the classes (1.5: midway between the second and
        the third). Raises BadProfile where all classes lie above or below it: nothing is extrapolated."""
        here = self.at(station)
        if not here[0] - SAME <= level <= here[-1] + SAME:
            raise BadProfile("beyond", level=level, lowest=float(here[0]), highest=float(here[-1]), first=self.names[0], last=self.names[-1])  # fmt: skip
        place = float(np.interp(level, here, np.arange(len(here))))
        lower = min(int(place), len(here) - 2) if len(here) > 1 else 0
        upper = min(lower + 1, len(here) - 1)
        share = place - lower
        return (1 - share) * self.levels[lower] + share * self.levels[upper], place


def meaning(name: str) -> tuple[str, float]:
    """What a class of discharge is by its name: ("years", 100) for HQ100, ("MQ", 2) for 2MQ, ("", 0) for what has no such name."""
    found = _NAMED.fullmatch(name.strip())
    if found is None:
        return "", 0.0
    if found["years"]:
        return "years", float(found["years"])
    return found["mean"].upper(), float((found["times"] or "1").replace(",", "."))


def build(entries: Iterable[Entry]) -> Profile:
    """Raises BadProfile for levels that contradict each other or can't be those of a river."""
    by_class: dict[str, dict[float, Entry]] = {}
    for each in entries:
        known = by_class.setdefault(each.name, {}).setdefault(each.station, each)
        if abs(known.level - each.level) > SAME:
            raise BadProfile(
                "twice", name=each.name, station=each.station, first=known.level, second=each.level
            )
    if not by_class:
        raise BadProfile("empty")
    if len(by_class) > MOST:
        raise BadProfile("many", count=len(by_class), most=MOST)
    stations = _stations(by_class)
    levels = np.array([_along(rows, stations, [row.level for row in _sorted(rows)]) for rows in by_class.values()])  # fmt: skip
    order = np.argsort(levels.mean(axis=1), kind="stable")
    names = tuple(np.array(list(by_class), object)[order])
    _require_order(names)
    levels = _rising(levels[order], names, stations)
    _require_downhill(levels, names, stations)
    discharges = _discharges(by_class, stations)
    return Profile(names, stations, levels, None if discharges is None else discharges[order])


def _sorted(rows: dict[float, Entry]) -> list[Entry]:
    return [rows[station] for station in sorted(rows)]


def _along(rows: dict[float, Entry], stations: Levels, values: Sequence[float]) -> Levels:
    return np.interp(stations, sorted(rows), values)


def _stations(by_class: dict[str, dict[float, Entry]]) -> Levels:
    """Where all classes have a level, or lie between two."""
    first, last = max(min(rows) for rows in by_class.values()), min(max(rows) for rows in by_class.values())
    if first >= last:
        raise BadProfile("short")
    every = np.unique([station for rows in by_class.values() for station in rows])
    return every[(every >= first) & (every <= last)]


def _require_order(names: Sequence[str]) -> None:
    """Mean discharge lies below all floods, and a rarer one above the others."""
    meant = [(name, *meaning(name)) for name in names]
    ranked = [(value if kind == "years" else 0.0, name) for name, kind, value in meant if kind == "years" or (kind == "MQ" and value <= 1)]  # fmt: skip
    for (rarer, lower), (common, upper) in pairwise(ranked):
        if rarer > common:
            raise BadProfile("order", lower=lower, upper=upper)


def _rising(levels: Levels, names: Sequence[str], stations: Levels) -> Levels:
    """Levels that lie a little below those of a smaller class are raised to them."""
    falls = levels[:-1] - levels[1:]
    if falls.size and falls.max() > CROSSING:
        row, column = map(int, np.unravel_index(falls.argmax(), falls.shape))
        raise BadProfile("crossing", lower=names[row], upper=names[row + 1], station=float(stations[column]), by=float(falls.max()))  # fmt: skip
    return np.maximum.accumulate(levels, axis=0)


def _require_downhill(levels: Levels, names: Sequence[str], stations: Levels) -> None:
    """Kilometres may count from the source or from the mouth."""
    whole = levels[:, -1] - levels[:, 0]
    if abs(whole.sum()) <= SAME * len(whole):
        return  # still water
    down = levels if whole.sum() < 0 else levels[:, ::-1]
    along = stations if whole.sum() < 0 else stations[::-1]
    rises = down - np.minimum.accumulate(down, axis=1)
    if rises.max() > UPHILL:
        row, column = map(int, np.unravel_index(rises.argmax(), rises.shape))
        raise BadProfile("uphill", name=names[row], station=float(along[column]), by=float(rises.max()))


def _discharges(by_class: dict[str, dict[float, Entry]], stations: Levels) -> Levels | None:
    found = []
    for rows in by_class.values():
        stated = {row.station: row for row in rows.values() if row.discharge is not None}
        if not stated:
            return None
        found.append(_along(stated, stations, [float(row.discharge or 0) for row in _sorted(stated)]))
    return np.array(found)


@dataclass(frozen=True)
class Rating:
    """Discharge by level at one place, both rising. levels: m; discharges: m3/s."""

    levels: Levels
    discharges: Levels

    def discharge(self, level: float) -> float | None:
        """None where the curve does not reach."""
        if not self.levels[0] - SAME <= level <= self.levels[-1] + SAME:
            return None
        return float(np.interp(level, self.levels, self.discharges))

    def level(self, discharge: float) -> float:
        """Raises BadProfile where the curve does not reach."""
        least, most = float(self.discharges[0]), float(self.discharges[-1])
        if not least <= discharge <= most:
            raise BadProfile("rating", discharge=discharge, least=least, most=most)
        return float(np.interp(discharge, self.discharges, self.levels))


def rating(levels: Iterable[float], discharges: Iterable[float]) -> Rating:
    """Raises BadProfile for a curve that falls."""
    pairs = np.array(sorted(zip(levels, discharges, strict=True)), float).reshape(-1, 2)
    if len(pairs) < 2 or (np.diff(pairs[:, 1]) < 0).any():
        raise BadProfile("curve")
    return Rating(pairs[:, 0], pairs[:, 1])
