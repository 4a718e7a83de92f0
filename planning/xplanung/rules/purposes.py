"""Zweckbestimmungen of Bebauungsplan and Flächennutzungsplan up to 5.4: XPlanGML 4 numbers the further ones, XPlanGML 5 repeats one property."""

from planning.xplanung.rules.families import not_more_often, requires
from planning.xplanung.rules.rule import Rule, Unchecked, rule
from planning.xplanung.rules.special import detailed, numbered, numbered_special_fits, special_fits

_PURPOSE, _FURTHER = "zweckbestimmung", "weitereZweckbestimmung"
_DETAIL, _FURTHER_DETAIL = "detaillierteZweckbestimmung", "weitereDetailZweckbestimmung"
_SPECIAL, _FURTHER_SPECIAL = "besondereZweckbestimmung", "weitereBesondZweckbestimmung"


def _several(number: str, types: str, name: str, further: str, count: int) -> list[Rule]:
    """Further ones in order; 4.1 lets the first repeat instead."""
    return [
        rule(number, "4.0", types, numbered(name, further, count)),
        rule(number, "4.1", types, numbered(name, further, count, once=True)),
    ]


def _detail(number: str, types: str, count: int, *, special: bool = False) -> list[Rule]:
    """A detail needs what it details; 4.1 wants it exactly as often, 5 not more often."""
    mains = (_PURPOSE, _SPECIAL) if special else (_PURPOSE,)
    further = (_FURTHER_DETAIL, _FURTHER, _FURTHER_SPECIAL) if special else (_FURTHER_DETAIL, _FURTHER)
    return [
        rule(number, "4.0", types, detailed(_DETAIL, *mains, further=further, count=count)),
        rule(number, "4.1", types, detailed(_DETAIL, *mains, further=further, count=count, exactly=True)),
        rule(number, "5.0-5.4", types, not_more_often(_DETAIL, _PURPOSE)),
    ]


def _plain(chapter: str, types: str, count: int, *, detail: str = "3") -> list[Rule]:
    """Types with purposes and details."""
    return [
        *_several(f"{chapter}.1", types, _PURPOSE, _FURTHER, count),
        *_several(f"{chapter}.2", types, _DETAIL, _FURTHER_DETAIL, count),
        *_detail(f"{chapter}.{detail}", types, count),
    ]


def _fitting(first: str, second: str, types: str, count: int, *, as_often_from: int = 2) -> list[Rule]:
    """Special purposes belong to the general ones."""
    return [
        rule(first, "4.0", types, special_fits(_SPECIAL, _PURPOSE)),
        rule(first, "4.1", types, special_fits(_SPECIAL, _PURPOSE, as_often_from=as_often_from)),
        rule(second, "4.0-4.1", types, numbered_special_fits(_FURTHER_SPECIAL, _FURTHER, count)),
    ]


def _with_special(chapter: str, types: str, count: int, *, as_often_from: int = 2) -> list[Rule]:
    """Types with purposes, special purposes and details."""
    return [
        *_several(f"{chapter}.1", types, _PURPOSE, _FURTHER, count),
        *_several(f"{chapter}.2", types, _SPECIAL, _FURTHER_SPECIAL, count),
        *_several(f"{chapter}.3", types, _DETAIL, _FURTHER_DETAIL, count),
        *_fitting(f"{chapter}.4", f"{chapter}.5", types, count, as_often_from=as_often_from),
        *_detail(f"{chapter}.6", types, count, special=True),
    ]


RULES: tuple[Rule, ...] = (
    *_plain("4.5.13", "BP_NebenanlagenFlaeche", 4),
    *_plain("4.5.14", "BP_GemeinschaftsanlagenFlaeche", 4, detail="4"),
    *_with_special("4.7.1", "BP_GemeinbedarfsFlaeche", 4, as_often_from=1),
    *_plain("4.7.2", "BP_SpielSportanlagenFlaeche", 1),
    *_plain("4.8.1", "BP_WaldFlaeche", 2),
    *_plain("4.8.2", "BP_Landwirtschaft", 3),
    rule("4.8.2.3", "6.0", "BP_Landwirtschaft", Unchecked("no_such_type", {"type": "BP_Landwirtschaft"})),
    *_with_special("4.8.3", "BP_GruenFlaeche", 4),
    rule("4.8.4.1", "5.1-5.4", "BP_LandwirtschaftsFlaeche", not_more_often(_DETAIL, _PURPOSE)),
    *_with_special("4.11.1", "BP_VerEntsorgung", 3),
    rule("4.12.2.2", "4.0-5.1", "BP_VerkehrsflaecheBesondererZweckbestimmung", requires(_DETAIL, _PURPOSE)),
    rule("4.12.2.2", "5.2-5.4", "BP_VerkehrsflaecheBesondererZweckbestimmung", not_more_often(_DETAIL, _PURPOSE)),
    rule("4.13.1.1", "4.0-5.4", "BP_GewaesserFlaeche", requires(_DETAIL, _PURPOSE)),
    rule("4.13.2.1", "4.0-5.4", "BP_WasserwirtschaftsFlaeche", requires(_DETAIL, _PURPOSE)),
    *_several("4.14.1.1", "BP_GenerischesObjekt", _PURPOSE, _FURTHER, 4),
    *_several("4.14.4.1", "BP_KennzeichnungsFlaeche", _PURPOSE, _FURTHER, 0),
    *_with_special("5.4.1", "FP_Gemeinbedarf", 5),
    *_plain("5.4.2", "FP_SpielSportanlage", 1),
    *_plain("5.5.1", "FP_WaldFlaeche", 2),
    *_plain("5.5.2", "FP_LandwirtschaftsFlaeche", 3),
    *_with_special("5.5.3", "FP_Gruen", 5),
    rule("5.5.4.1", "5.1-5.4", "FP_Landwirtschaft", not_more_often(_DETAIL, _PURPOSE)),
    *_with_special("5.7.1", "FP_VerEntsorgung", 3),
    rule("5.8.1.1", "4.0-4.1", "FP_Strassenverkehr", special_fits(_SPECIAL, _PURPOSE)),
    rule("5.8.1.2", "4.0-4.1", "FP_Strassenverkehr", requires(_DETAIL, _PURPOSE, _SPECIAL)),
    rule("5.8.1.2", "5.0-5.1", "FP_Strassenverkehr", requires(_DETAIL, _PURPOSE)),
    rule("5.8.1.2", "5.2-5.4", "FP_Strassenverkehr", not_more_often(_DETAIL, _PURPOSE)),
    rule("5.9.1.1", "4.0-5.4", "FP_Gewaesser", requires(_DETAIL, _PURPOSE)),
    rule("5.9.2.1", "4.0-5.4", "FP_Wasserwirtschaft", requires(_DETAIL, _PURPOSE)),
    *_several("5.10.1.1", "FP_GenerischesObjekt", _PURPOSE, _FURTHER, 3),
    *_several("5.10.2.1", "FP_PrivilegiertesVorhaben", _PURPOSE, _FURTHER, 2),
    *_several("5.10.2.2", "FP_PrivilegiertesVorhaben", _SPECIAL, _FURTHER_SPECIAL, 2),
    *_fitting("5.10.2.3", "5.10.2.4", "FP_PrivilegiertesVorhaben", 2),
    *_several("5.10.3.1", "FP_Kennzeichnung", _PURPOSE, _FURTHER, 1),
)  # fmt: skip
