"""What datasets say of the ground: its friction by land use, openings below embankments. What can't be meant is said before the run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from twin.analysis import layers, terrain
from twin.analysis.errors import RunRefused
from twin.analysis.terrain import Frame, Mask
from twin.catalogue.models import DatasetVersion
from twin.hydro.case import HEIGHTS, Grid, Pipe
from twin.usecases.heavy_rain import culverts, roughness
from twin.usecases.heavy_rain.culverts import Culvert
from twin.usecases.heavy_rain.roughness import BadLandUse, Column
from twin.usecases.heavy_rain.wording import delivered, told_land_use

LAND_USE, COLUMN, CULVERTS = "landuse", "landuse_column", "culverts"  # parameters
MOST = 30  # values that are told one by one


@dataclass(frozen=True)
class Friction:
    """manning: s/m^(1/3) of each cell; told: as the summary keeps it."""

    manning: Grid
    told: Mapping[str, Any]


def require(parameters: Mapping[str, Any], version: DatasetVersion, part: Frame) -> tuple[str, ...]:
    """What is to be known of it before: values that no class is known for. Raises RunRefused."""
    try:
        of = _column(parameters, version)
        rows = layers.values(layers.near(version, part.bounds), (of.name,))
        found = roughness.frictions(of, {text for (text,) in rows})
    except BadLandUse as error:
        raise RunRefused(told_land_use(error, str(version.dataset))) from error
    unknown = ", ".join([text for text, n in found.items() if n is None][:MOST])
    return (_("No roughness is known for this land use, so the one that is stated counts there: %s") % unknown,) if unknown else ()  # fmt: skip


def friction(parameters: Mapping[str, Any], version: DatasetVersion, part: Frame, active: Mask) -> Friction:
    """Of what lies on the part; where areas lie on each other, of the later one. active: cells that are told about. Raises RunRefused."""
    try:
        of, default = _column(parameters, version), parameters["manning"]
        layer = layers.read(version, (of.name,), rows=layers.near(version, part.bounds))
        found = roughness.frictions(of, layer.values[of.name])
    except BadLandUse as error:
        raise RunRefused(told_land_use(error, str(version.dataset))) from error
    order = {text: number for number, text in enumerate(found, 1)}
    numbers = terrain.numbered(layer.shapes, [order.get(text or "", 0) for text in layer.values[of.name]], part)  # fmt: skip
    shares = roughness.told(numbers, active, found, default)
    rest = sum(each["percent"] for each in shares[MOST:])
    told = {"column": of.name, "shares": shares[:MOST], "rest": round(rest, 2), "source": delivered(version)}
    return Friction(roughness.grid(numbers, list(found.values()), default), told)


def _column(parameters: Mapping[str, Any], version: DatasetVersion) -> Column:
    """Raises BadLandUse."""
    return roughness.column(layers.names(version), parameters.get(COLUMN, ""))


def require_culverts(version: DatasetVersion, part: Frame) -> None:
    """Raises RunRefused."""
    found = _culverts(version, part)
    longest = max((each.line.length for each in found if not each.is_pipe), default=0.0)
    if longest > culverts.LONGEST:
        raise RunRefused(_("“%(title)s” has a line of %(length)s m. A culvert or the opening of a bridge is at most %(most)s m long; roads and streams are none.") % {"title": version.dataset, "length": round(longest), "most": round(culverts.LONGEST)})  # fmt: skip
    if wrong := _beyond((level for each in found for level in (each.first, each.last)), HEIGHTS):
        raise RunRefused(_("“%(title)s” has a bed at %(level)s m. Beds must be metres above sea level.") % {"title": version.dataset, "level": round(wrong[0])})  # fmt: skip
    if wrong := _beyond((each.diameter for each in found), culverts.DIAMETERS):
        raise RunRefused(_("“%(title)s” has a pipe with a diameter of %(value)s m. It must be metres in “durchmesser” or millimetres in “dn”.") % {"title": version.dataset, "value": number_format(f"{wrong[0]:g}")})  # fmt: skip
    if wrong := _beyond((each.most for each in found), culverts.DISCHARGES):
        raise RunRefused(_("“%(title)s” has a pipe that takes %(value)s m³/s at most. It must be more than nothing, in m³/s.") % {"title": version.dataset, "value": number_format(f"{wrong[0]:g}")})  # fmt: skip


def _beyond(values: Iterable[float], limits: tuple[float, float]) -> list[float]:
    """Those that are known and can't be meant."""
    return [each for each in values if not (np.isnan(each) or limits[0] <= each <= limits[1])]


def cut(ground: Grid, version: DatasetVersion, *, part: Frame, closed: Mask) -> tuple[dict[str, Any], Sequence[Pipe]]:  # fmt: skip
    """Cuts the ground in place; what the summary says of it, and the pipes. closed: buildings, and what is no part of the area."""
    told, pipes = culverts.cut(ground, _culverts(version, part), part=part, closed=closed)
    return told | {"source": delivered(version)}, pipes


def _culverts(version: DatasetVersion, part: Frame) -> list[Culvert]:
    known = {name.casefold(): name for name in layers.names(version)}
    wanted = {each: known[each] for each in (culverts.BOTH, culverts.FIRST, culverts.LAST, culverts.DIAMETER, culverts.WIDTH, culverts.MOST) if each in known}  # fmt: skip
    called = next((known[each] for each in culverts.NAMES if each in known), None)
    read = [*wanted.values(), *([called] if called else ())]
    layer = layers.read(version, read, rows=layers.near(version, part.bounds))

    def of(name: str) -> NDArray[np.float64]:
        return layer.numbers(wanted[name]) if name in wanted else np.full(len(layer), np.nan)

    def either(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(np.isnan(first), second, first)

    level, diameter = of(culverts.BOTH), either(of(culverts.DIAMETER), of(culverts.WIDTH) / 1000)
    ends = (either(of(name), level) for name in (culverts.FIRST, culverts.LAST))
    return culverts.lines(
        layer.shapes,
        np.column_stack([*ends, diameter, of(culverts.MOST)]),
        layer.words(called) if called else (),
    )
