"""Pure: the columns of a plan's row, out of the facts that a file states."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from planning.xplanung.findings import Finding
from planning.xplanung.plans import PlanFacts

_AGS = re.compile(r"^\d{7,8}$")  # seven: a leading zero was lost, as spreadsheets do
_AGS_LENGTH = 8
_IN_FORCE = ("inkrafttretensDatum", "wirksamkeitsDatum")
_NAME, _NUMBER, _PLACE, _ID, _CODE = 500, 200, 500, 300, 20  # lengths of the columns


@dataclass(frozen=True)
class Header:
    """Columns of a plan as one file states them, ready for JSON."""

    plan_type: str
    gml_id: str
    name: str
    number: str = ""
    place: str = ""
    ags: list[str] = field(default_factory=list)
    xplan_version: str = ""
    legal_status: str = ""
    procedure_kind: str = ""
    dates: dict[str, list[str]] = field(default_factory=dict)
    valid_from: str | None = None
    valid_until: str | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def header_of(facts: PlanFacts, *, file_stem: str) -> tuple[Header, list[Finding]]:
    """The header of a plan and what is odd about it. file_stem: the name where the plan has none."""
    findings: list[Finding] = []
    if not facts.name:
        findings.append(Finding("plan.no_name", "warning", {}, facts.gml_id, facts.line))
    keys = list(dict.fromkeys(town.ags for town in facts.municipalities if town.ags))
    findings += [
        Finding("plan.ags", "warning", {"ags": ags[:40]}, facts.gml_id, facts.line)
        for ags in keys
        if len(ags) != _AGS_LENGTH or not _AGS.match(ags)
    ]
    names = dict.fromkeys(town.name for town in facts.municipalities if town.name)
    header = Header(
        plan_type=facts.kind,
        gml_id=facts.gml_id[:_ID],
        name=(facts.name or file_stem)[:_NAME],
        number=facts.number[:_NUMBER],
        place=", ".join(names)[:_PLACE],
        ags=[ags.zfill(_AGS_LENGTH) for ags in keys if _AGS.match(ags)],
        xplan_version=facts.version,
        legal_status=facts.legal_state.code[:_CODE] if facts.legal_state else "",
        procedure_kind=facts.procedure.code[:_CODE] if facts.procedure else "",
        dates={name: [day.isoformat() for day in days] for name, days in facts.dates.items()},
        valid_from=_first(facts.dates, *_IN_FORCE),
        valid_until=_first(facts.dates, "untergangsDatum"),
    )
    return header, findings


def _first(dates: Mapping[str, tuple[date, ...]], *names: str) -> str | None:
    return next((dates[name][0].isoformat() for name in names if dates.get(name)), None)
