"""The monthly figures for machines: one flat record each, for JSON and CSV. Names are stable."""

import csv
from collections.abc import Iterable
from typing import Any

from tenants.tables import Writable, defused
from twin.indicators.formulas import share
from twin.indicators.models import CountySnapshot, MunicipalitySnapshot


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def county_figures(row: CountySnapshot) -> dict[str, Any]:
    """Shares between 0 and 1, None where there is nothing to share; counts of people below 3 are None."""
    return {
        "month": row.month,
        "computed_at": row.computed_at.isoformat(),
        "municipalities": row.municipalities,
        "use": _rounded(share(row.use_reached, row.municipalities)),
        "use_reached": row.use_reached,
        "use_12_months": _rounded(share(row.use_year_reached, row.municipalities)),
        "use_12_months_reached": row.use_year_reached,
        "onboarded": row.onboarded,
        "trained": row.trained,
        "users": row.users,
        "delivery": _rounded(share(row.delivery_reached, row.municipalities)),
        "delivery_reached": row.delivery_reached,
        "delivery_by_county": row.delivery_by_county,
        "use_cases_in_use": row.pairs,
        "use_cases_in_use_year_before": row.pairs_year_before,
        "growth": _rounded(row.growth),
        "new": row.new_pairs,
        "distinct_use_cases": row.use_cases,
        "cross_municipal_use_cases": row.cross_municipal,
    }


def municipality_figures(row: MunicipalitySnapshot) -> dict[str, Any]:
    """What the municipality lacks, as codes; an empty list means that it counts."""
    return {
        "month": row.month,
        "ags": row.tenant.ags,
        "name": row.tenant.name,
        "use_missing": row.use_missing,
        "use_12_months_missing": row.use_year_missing,
        "delivery_missing": row.delivery_missing,
        "use_cases_in_use": row.pairs,
        "use_cases": row.use_cases,
    }


def write_csv(rows: Iterable[dict[str, Any]], file: Writable) -> None:
    """Semicolons and a header, as German spreadsheets expect; lists joined by blanks."""
    listed = list(rows)
    if not listed:
        return
    writer = csv.DictWriter(file, fieldnames=list(listed[0]), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for row in listed:
        writer.writerow({k: _cell(v) for k, v in row.items()})


def _cell(value: Any) -> Any:
    return defused(" ".join(value) if isinstance(value, list) else value)
