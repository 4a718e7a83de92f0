"""Does a plan apply on a day? By what its public version and its public steps say. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Validity(StrEnum):
    IN_FORCE = "in_force"
    UNDER_WAY = "under_way"
    ENDED = "ended"
    UNCLEAR = "unclear"  # nothing says it: shown as to be checked


@dataclass(frozen=True)
class Known:
    """code: Rechtsstand. since, until: first and last day. area_code: SO_Gebiet.rechtsstandGebiet, where a Satzung has one."""

    plan_type: str
    code: str = ""
    since: date | None = None
    until: date | None = None
    area_code: str = ""


_DECIDED = "3000"  # Satzung or Plan: decided, so a date of coming into force fits
_IN_FORCE = {
    "BP": {"4000", "4500", "45000", "45001"},
    "FP": {"4000"},
    "LP": {"4000", "6000"},  # a Landschaftsplan that is being continued still applies
    "RP": {"4000", "5500"},
}
_ENDED = {
    "BP": {"1500", "5000", "50000", "50001"},
    "FP": {"1500", "5000", "50000", "50001"},
    "LP": {"5000"},
    "RP": {"2003", "6000", "7000"},
}
_AREA = {
    "1000": Validity.UNDER_WAY,
    "2000": Validity.UNDER_WAY,
    "3000": Validity.IN_FORCE,
    "4000": Validity.ENDED,
    "5000": Validity.IN_FORCE,
}


def validity(known: Known, *, on: date) -> Validity:
    """Dates go before codes; what contradicts itself, or says nothing, is UNCLEAR."""
    fits, ended = _IN_FORCE.get(known.plan_type, set()), _ENDED.get(known.plan_type, set())
    if known.code in ended or (known.until is not None and known.until < on):
        return Validity.ENDED
    if known.since is not None:
        if known.since > on:
            return Validity.UNDER_WAY
        return Validity.IN_FORCE if known.code in fits | {"", _DECIDED} else Validity.UNCLEAR
    if known.code in fits:
        return Validity.IN_FORCE
    if known.code:
        return Validity.UNDER_WAY if known.code <= _DECIDED else Validity.UNCLEAR
    return _AREA.get(known.area_code, Validity.UNCLEAR)
