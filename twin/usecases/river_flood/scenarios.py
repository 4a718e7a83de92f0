"""What is asked of a river, and the steps that are computed: the classes of discharge, and between them what was asked. No Django."""

from dataclasses import dataclass

import numpy as np

from twin.usecases.river_flood.profile import SAME, BadProfile, Levels, Profile, Rating, meaning

CLASS, GAUGE, DISCHARGE = "class", "gauge", "discharge"
MEAN = "MQ"  # what lies below is no flood and no step, if it was not asked for


@dataclass(frozen=True)
class Gauge:
    """zero: m above sea level, None where it is not known; station: km."""

    station: float
    zero: float | None = None
    name: str = ""

    def level(self, stage: float) -> float:
        """m above sea level. stage: cm. Raises BadProfile."""
        if self.zero is None:
            raise BadProfile("zero")
        return self.zero + stage / 100

    def stage(self, level: float) -> float | None:
        """cm, whole ones."""
        return None if self.zero is None else float(round(100 * (level - self.zero)))


@dataclass(frozen=True)
class Asked:
    """kind: CLASS (name), GAUGE (value: cm) or DISCHARGE (value: m3/s). rating: of the gauge, where a table states one."""

    kind: str
    name: str = ""
    value: float = 0.0
    gauge: Gauge | None = None
    rating: Rating | None = None


@dataclass(frozen=True)
class Stand:
    """A step. name: of its class, empty for what lies between two; surface: (n,) m along the river; level: m at the gauge; stage: cm;
    discharge: m3/s; None where they are not known."""

    name: str
    surface: Levels
    level: float | None = None
    stage: float | None = None
    discharge: float | None = None


def stands(profile: Profile, asked: Asked) -> tuple[tuple[Stand, ...], int]:
    """From the lowest to the highest, and the number, from 1 on, of the one that is asked for. Raises BadProfile."""
    surface, place = _wanted(profile, asked)
    shown = _shown(profile.names)
    nearest = round(place)
    if float(np.abs(profile.levels[nearest] - surface).max()) <= SAME:
        shown = sorted({*shown, nearest})
        return tuple(_stand(profile, asked, number) for number in shown), 1 + shown.index(nearest)
    lower = [number for number in shown if number < place]
    between = _stand_of(profile, asked, "", surface)
    found = [_stand(profile, asked, number) for number in shown]
    return (*found[: len(lower)], between, *found[len(lower) :]), 1 + len(lower)


def _wanted(profile: Profile, asked: Asked) -> tuple[Levels, float]:
    if asked.kind == CLASS:
        known = {name.casefold(): number for number, name in enumerate(profile.names)}
        number = known.get(asked.name.strip().casefold())
        if number is None:
            shown = [
                profile.names[each] for each in _shown(profile.names)
            ]  # those that are meant, first: a long list ends
            raise BadProfile("class", name=asked.name, names=[*shown, *(each for each in profile.names if each not in shown)])  # fmt: skip
        return profile.levels[number], float(number)
    gauge = asked.gauge
    if gauge is None:
        raise BadProfile("zero")
    if asked.kind == GAUGE:
        return _by_stage(profile, gauge, asked.value)
    rating = rating_of(profile, asked)
    if rating is None:
        raise BadProfile("no_discharge")
    return profile.surface(rating.level(asked.value), gauge.station)


def _by_stage(profile: Profile, gauge: Gauge, stage: float) -> tuple[Levels, float]:
    level = gauge.level(stage)
    try:
        return profile.surface(level, gauge.station)
    except BadProfile as error:
        if error.code == "beyond":  # said in what was asked
            facts = {end: gauge.stage(error.facts[end]) for end in ("lowest", "highest")}
            raise BadProfile("stages", **{**error.facts, **facts, "stage": stage}) from error
        raise


def rating_of(profile: Profile, asked: Asked) -> Rating | None:
    """Of the gauge: the table's, else what the levels themselves state."""
    if asked.rating is not None or profile.discharges is None or asked.gauge is None:
        return asked.rating
    return Rating(profile.at(asked.gauge.station), profile.at(asked.gauge.station, profile.discharges))


def _shown(names: tuple[str, ...]) -> list[int]:
    """The classes whose names mean something, from mean discharge on; where no name does, all."""
    named = [number for number, name in enumerate(names) if meaning(name)[0]]
    least = next((number for number in named if meaning(names[number]) == (MEAN, 1.0)), 0)
    return [number for number in named if number >= least] or list(range(len(names)))


def _stand(profile: Profile, asked: Asked, number: int) -> Stand:
    return _stand_of(profile, asked, profile.names[number], profile.levels[number])


def _stand_of(profile: Profile, asked: Asked, name: str, surface: Levels) -> Stand:
    gauge = asked.gauge
    if gauge is None:
        return Stand(name, surface)
    profile.at(gauge.station)  # it must lie on the river
    level = float(np.interp(gauge.station, profile.stations, surface))
    rating = rating_of(profile, asked)
    return Stand(name, surface, level, gauge.stage(level), rating.discharge(level) if rating else None)
