"""What datasets say of the ground: its friction by land use, openings below embankments. What can't be meant is said before the run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from twin.analysis import layers, terrain
from twin.analysis.errors import RunRefused
from twin.analysis.terrain import Frame, Mask
from twin.catalogue.models import DatasetVersion
from twin.hydro.case import HEIGHTS, Grid
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
    longest = max((each.line.length for each in found), default=0.0)
    if longest > culverts.LONGEST:
        raise RunRefused(_("“%(title)s” has a line of %(length)s m. A culvert or the opening of a bridge is at most %(most)s m long; roads and streams are none.") % {"title": version.dataset, "length": round(longest), "most": round(culverts.LONGEST)})  # fmt: skip
    wrong = [level for each in found for level in (each.first, each.last) if not (np.isnan(level) or HEIGHTS[0] <= level <= HEIGHTS[1])]  # fmt: skip
    if wrong:
        raise RunRefused(_("“%(title)s” has a bed at %(level)s m. Beds must be metres above sea level.") % {"title": version.dataset, "level": round(wrong[0])})  # fmt: skip


def cut(ground: Grid, version: DatasetVersion, *, part: Frame, built: Mask) -> dict[str, Any]:
    """Cuts the ground in place; what the summary says of it."""
    return culverts.cut(ground, _culverts(version, part), part=part, built=built) | {"source": delivered(version)}  # fmt: skip


def _culverts(version: DatasetVersion, part: Frame) -> list[Culvert]:
    known = {name.casefold(): name for name in layers.names(version)}
    both, first, last = (known.get(name) for name in (culverts.BOTH, culverts.FIRST, culverts.LAST))
    wanted = [name for name in (both, first, last) if name]
    layer = layers.read(version, wanted, rows=layers.near(version, part.bounds))
    nothing = np.full(len(layer), np.nan)
    of = {name: layer.numbers(name) for name in wanted}
    level = of.get(both or "", nothing)
    ends = (np.where(np.isnan(found), level, found) for found in (of.get(first or "", nothing), of.get(last or "", nothing)))  # fmt: skip
    return culverts.lines(layer.shapes, *ends)
