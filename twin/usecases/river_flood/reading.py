"""Rows of datasets -> the river: its levels, axis, gauge, levees. Knows our rows; needs `inputs.reading` around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from twin.analysis import layers
from twin.catalogue.models import DatasetVersion
from twin.usecases.river_flood import case, columns
from twin.usecases.river_flood.case import Axis, Levee
from twin.usecases.river_flood.profile import BadProfile, Profile, build
from twin.usecases.river_flood.scenarios import Asked, Gauge, Stand, stands

LEVELS, AXIS, RATING, LEVEES, OFFICIAL = "levels", "axis", "rating", "levees", "official"
DATA = (LEVELS, AXIS, RATING, LEVEES, OFFICIAL)  # parameters that name datasets
MOST_ROWS = 200_000
HIGH = 50.0  # m that a crest may lie above or below the levels
Versions = Mapping[str, DatasetVersion]
Place = tuple[BaseGeometry | None, Mapping[str, Any]]


@dataclass(frozen=True)
class River:
    """What is computed: steps from the lowest to the highest, asked is the number of one, from 1 on."""

    profile: Profile
    axis: Axis
    steps: tuple[Stand, ...]
    asked: int
    gauge: Gauge | None


def river(versions: Versions, parameters: Mapping[str, Any]) -> River:
    """Raises BadProfile."""
    rows = _rows(versions[LEVELS])
    named = {key: parameters.get(f"{name}_column", "") for key, name in (("station", "station"), ("name", "class"), ("level", "level"))}  # fmt: skip
    profile = build(columns.entries([properties for _shape, properties in rows], **named))
    places = _rows(versions[AXIS]) if AXIS in versions else rows
    axis = _axis(places, named["station"] if AXIS not in versions else "")
    gauge = _gauge(parameters)
    asked = Asked(
        parameters["scenario"],
        name=parameters.get("discharge_class", ""),
        value=float(parameters.get("stage", parameters.get("discharge", 0.0))),
        gauge=gauge,
        rating=_rating(versions.get(RATING), gauge),
    )
    steps, number = stands(profile, asked)
    axis = axis.within(float(profile.stations[0]), float(profile.stations[-1]))
    if len(axis.stations) < 2:
        raise BadProfile("axis")
    return River(profile, axis, steps, number, gauge)


def _rows(version: DatasetVersion) -> list[Place]:
    found = [
        (shapely.from_wkb(bytes(geometry.wkb)) if geometry else None, properties)
        for geometry, properties in layers.features_of(version).values_list("geometry", "properties")[
            : MOST_ROWS + 1
        ]
    ]
    if len(found) > MOST_ROWS:
        raise BadProfile("rows", title=version.dataset.title, most=MOST_ROWS)
    return found


def _axis(rows: Sequence[Place], station: str) -> Axis:
    placed = [(shape, properties) for shape, properties in rows if shape is not None]
    if not placed:
        raise BadProfile("no_axis")
    at = columns.station_column(list(placed[0][1]), station)
    known: dict[float, BaseGeometry] = {}
    for shape, properties in placed:
        value = columns.number(properties.get(at))
        if value is not None and shape.geom_type == "Point":
            known.setdefault(value, shape)
    if len(known) < 2:
        raise BadProfile("axis")
    return case.axis(shapely.get_coordinates(list(known.values())), np.array(list(known)))


def _gauge(parameters: Mapping[str, Any]) -> Gauge | None:
    if "gauge_station" not in parameters:
        return None
    return Gauge(parameters["gauge_station"], parameters.get("gauge_zero"), parameters.get("gauge", ""))


def _rating(version: DatasetVersion | None, gauge: Gauge | None) -> Any:
    if version is None or gauge is None or gauge.zero is None:
        return None
    return columns.curve(
        [properties for _shape, properties in _rows(version)], zero=gauge.zero, gauge=gauge.name
    )


def levees(version: DatasetVersion, found: River, *, raised: float | None) -> list[Levee]:
    """Raises BadProfile for lines without a height, or with one that can't be meant."""
    rows = [(shape, properties) for shape, properties in _rows(version) if shape is not None and shape.geom_type.endswith("LineString")]  # fmt: skip
    names = list(dict.fromkeys(key for _shape, properties in rows for key in properties))
    at = columns.column(names, columns.CREST)
    if at is None and raised is None:
        raise BadProfile("crest")
    return [_levee(shape, columns.number(properties.get(at)) if at else None, found, raised) for shape, properties in rows]  # fmt: skip


def _levee(line: BaseGeometry, crest: float | None, found: River, raised: float | None) -> Levee:
    if crest is None and raised is None:
        raise BadProfile("crestless")
    lowest, highest = float(found.profile.levels.min()), float(found.profile.levels.max())
    if crest is not None and not lowest - HIGH <= crest <= highest + HIGH:
        raise BadProfile("crests", crest=crest, lowest=lowest, highest=highest)
    return Levee(line, crest=crest, raised=raised)
