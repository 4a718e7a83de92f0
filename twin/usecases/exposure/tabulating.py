"""What came out as tables for spreadsheets: buildings, facilities, municipalities and plans."""

from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from django.utils.translation import gettext as _

from tenants import tables
from twin.analysis import presenting
from twin.analysis.usecase import Legend
from twin.usecases.exposure.case import Outcome
from twin.usecases.exposure.damage import rough

Row = Mapping[str, Any]


def write_houses(outcome: Outcome, affected: Any, legend: Legend, target: Any) -> None:
    """People are told for many buildings together alone."""
    buildings, damage = outcome.inputs.buildings, outcome.damage
    heads = (_("Key"), _("Class"), _("Greatest depth at the walls in m"), _("Mean depth at the walls in m"), _("Footprint in m²"), _("Counted as home"), _("Damage in EUR"))  # fmt: skip
    areas, answers = shapely.area(buildings.shapes), (_("no"), _("yes"))
    cells = (
        (
            str(buildings.keys[number]),
            legend[outcome.classes[number] - 1][2],
            _decimal(outcome.most[number], 2) if outcome.inputs.deep else "",
            _decimal(outcome.mean[number], 2) if outcome.inputs.deep else "",
            _decimal(areas[number], 1),
            answers[int(buildings.homes[number])],
            _decimal(rough(damage.middle[number]), 0) if damage else "",
        )
        for number in affected.tolist()
    )
    tables.write_csv(target, heads, (dict(zip(heads, each, strict=True)) for each in cells))


def write_sites(rows: Sequence[Row], target: Any) -> None:
    heads = {"name": _("Name"), "kind": _("Kind"), "words": _("Class"), "depth": _("Depth in m")}
    _write(heads, [{**row, "depth": _decimal(row["depth"], 2)} for row in rows], target)


def write_places(rows: Sequence[Row], target: Any) -> None:
    """Columns that were not asked for are empty."""
    heads = {"name": _("Municipality or plan"), "buildings": _("Buildings in the water"), "people": _("Inhabitants"), "roads": _("Roads in km"), "facilities": _("Facilities in the water"), "cut": _("Dry buildings that are cut off"), "farmland": _("Agricultural land in ha"), "low": _("Damage to homes in EUR, from"), "middle": _("Damage to homes in EUR, middle"), "high": _("Damage to homes in EUR, up to")}  # fmt: skip
    digits = {"roads": 3, "farmland": 2, "low": 0, "middle": 0, "high": 0}
    said = (
        {name: _decimal(value, digits[name]) if name in digits else value for name, value in row.items()}
        for row in rows
    )
    _write(heads, [row | {"people": _people(row)} for row in said], target)


def _people(row: Row) -> Any:
    """Where they were asked about."""
    if "people" not in row:
        return None
    return presenting.number(row["people"], None, "") if row["people"] is None else row["people"]


def _write(heads: Mapping[str, str], rows: Sequence[Row], target: Any) -> None:
    tables.write_csv(target, list(heads.values()), ({heads[name]: row.get(name) for name in heads} for row in rows))  # fmt: skip


def _decimal(value: Any, digits: int) -> str:
    """With a comma, as German spreadsheets expect; nothing where nothing is known."""
    return "" if value is None else f"{float(value):.{digits}f}".replace(".", ",")
