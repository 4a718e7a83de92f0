"""Examples of purposes (Zweckbestimmungen), up to 5.4."""

from typing import Any

from tests.planning.xplanung.rules.building import LINE, Code, obj
from tests.planning.xplanung.rules.example import Example, example

PURPOSE, DETAIL, SPECIAL = "zweckbestimmung", "detaillierteZweckbestimmung", "besondereZweckbestimmung"
FURTHER, FURTHER_DETAIL, FURTHER_SPECIAL = "weitereZweckbestimmung", "weitereDetailZweckbestimmung", "weitereBesondZweckbestimmung"  # fmt: skip
ONE, TWO, THREE = Code(0), Code(1), Code(2)


def several(number: str, kind: str, name: str, further: str, *, count: int, also: str = "") -> list[Example]:
    """A further one without the first; in 4.1 also beside a repeated first. also: rules about what is missing then."""
    names = [name, f"{further}1" if count else further, *([f"{further}2"] if count == 2 else [])]
    good = _filled(names)
    if name == DETAIL:
        good |= _filled([each.replace(DETAIL, PURPOSE).replace(FURTHER_DETAIL, FURTHER) for each in names])
    last = f"{further}{count}" if count else further
    twice = {name: [ONE, TWO], names[1]: THREE}
    return [
        example(number, good=obj(kind, **good), bad=obj(kind, **{last: TWO}), versions="4.0-4.1", also=also),
        example(number, good=obj(kind, **good), bad=obj(kind, **twice), versions="4.1", also=also),
    ]


def _filled(names: list[str]) -> dict[str, Any]:
    return dict(zip(names, (ONE, TWO, THREE), strict=False))


def detail(number: str, kind: str, *, special: bool = False) -> list[Example]:
    pair = {PURPOSE: ONE, DETAIL: "x"}
    further = {**pair, f"{FURTHER_DETAIL}1": "y"}
    twice, too_often = {PURPOSE: [ONE, TWO], DETAIL: ["x", "y"]}, {PURPOSE: ONE, DETAIL: ["x", "y"]}
    examples = [
        example(number, good=obj(kind, **pair), bad=obj(kind, **{DETAIL: "x"}), versions="4.0-5.4"),
        example(number, good=obj(kind, **twice), bad=obj(kind, **too_often), versions="4.1-5.4"),
        example(number, good=obj(kind, **pair), bad=obj(kind, **{PURPOSE: [ONE, TWO], DETAIL: "x"}), versions="4.1"),
        example(number, good=obj(kind, **further, **{f"{FURTHER}1": TWO}), bad=obj(kind, **further), versions="4.0-4.1"),
    ]  # fmt: skip
    if special:
        good = obj(kind, **{SPECIAL: ONE, DETAIL: "x"})
        examples.append(example(number, good=good, bad=obj(kind, **{DETAIL: "x"}), versions="4.0-4.1"))
    return examples


def fitting(first: str, second: str, kind: str) -> list[Example]:
    pair = {PURPOSE: "1000", SPECIAL: "10000", f"{FURTHER}1": "1200"}
    return [
        example(first, good=obj(kind, zweckbestimmung="1000", besondereZweckbestimmung="10000"), bad=obj(kind, zweckbestimmung="1200", besondereZweckbestimmung="10000"), versions="4.0-4.1"),
        example(first, good=obj(kind, besondereZweckbestimmung=["10000", "12000"]), bad=obj(kind, zweckbestimmung=["1000", "1200", "1400"], besondereZweckbestimmung=["10000", "12000"]), versions="4.1"),
        example(second, good=obj(kind, **pair, **{f"{FURTHER_SPECIAL}1": "12000"}), bad=obj(kind, **pair, **{f"{FURTHER_SPECIAL}1": "14000"}), versions="4.0-4.1"),
    ]  # fmt: skip


def plain(chapter: str, kind: str, count: int, *, last: str = "3") -> list[Example]:
    return [
        *several(f"{chapter}.1", kind, PURPOSE, FURTHER, count=count),
        *several(f"{chapter}.2", kind, DETAIL, FURTHER_DETAIL, count=count, also=f"{chapter}.{last}"),
        *detail(f"{chapter}.{last}", kind),
    ]


def with_special(chapter: str, kind: str, count: int) -> list[Example]:
    return [
        *several(f"{chapter}.1", kind, PURPOSE, FURTHER, count=count),
        *several(f"{chapter}.2", kind, SPECIAL, FURTHER_SPECIAL, count=count),
        *several(f"{chapter}.3", kind, DETAIL, FURTHER_DETAIL, count=count, also=f"{chapter}.6"),
        *fitting(f"{chapter}.4", f"{chapter}.5", kind),
        *detail(f"{chapter}.6", kind, special=True),
    ]


def needed(number: str, kind: str, *, versions: str = "4.0-5.4", **more: str) -> Example:
    good, bad = {PURPOSE: ONE, DETAIL: "x", **more}, {DETAIL: "x", **more}
    return example(number, good=obj(kind, **good), bad=obj(kind, **bad), versions=versions)


def no_more(number: str, kind: str, *, versions: str) -> Example:
    good, bad = {PURPOSE: [ONE, TWO], DETAIL: "x"}, {PURPOSE: ONE, DETAIL: ["x", "y"]}
    return example(number, good=obj(kind, **good), bad=obj(kind, **bad), versions=versions)


EXAMPLES: tuple[Example, ...] = (
    *plain("4.5.13", "BP_NebenanlagenFlaeche", 4),
    *plain("4.5.14", "BP_GemeinschaftsanlagenFlaeche", 4, last="4"),
    *with_special("4.7.1", "BP_GemeinbedarfsFlaeche", 4),
    example("4.7.1.4", versions="4.1", good=obj("BP_GemeinbedarfsFlaeche", zweckbestimmung="1000", besondereZweckbestimmung="10000"), bad=obj("BP_GemeinbedarfsFlaeche", zweckbestimmung=["1000", "1200"], besondereZweckbestimmung="10000")),
    *plain("4.7.2", "BP_SpielSportanlagenFlaeche", 1),
    *plain("4.8.1", "BP_WaldFlaeche", 2),
    *plain("4.8.2", "BP_Landwirtschaft", 3),
    *with_special("4.8.3", "BP_GruenFlaeche", 4),
    no_more("4.8.4.1", "BP_LandwirtschaftsFlaeche", versions="5.1-5.4"),
    *with_special("4.11.1", "BP_VerEntsorgung", 3),
    needed("4.12.2.2", "BP_VerkehrsflaecheBesondererZweckbestimmung"),
    no_more("4.12.2.2", "BP_VerkehrsflaecheBesondererZweckbestimmung", versions="5.2-5.4"),
    needed("4.13.1.1", "BP_GewaesserFlaeche"),
    needed("4.13.2.1", "BP_WasserwirtschaftsFlaeche"),
    *several("4.14.1.1", "BP_GenerischesObjekt", PURPOSE, FURTHER, count=4),
    *several("4.14.4.1", "BP_KennzeichnungsFlaeche", PURPOSE, FURTHER, count=0),
    *with_special("5.4.1", "FP_Gemeinbedarf", 5),
    *plain("5.4.2", "FP_SpielSportanlage", 1),
    *plain("5.5.1", "FP_WaldFlaeche", 2),
    *plain("5.5.2", "FP_LandwirtschaftsFlaeche", 3),
    *with_special("5.5.3", "FP_Gruen", 5),
    no_more("5.5.4.1", "FP_Landwirtschaft", versions="5.1-5.4"),
    *with_special("5.7.1", "FP_VerEntsorgung", 3),
    example("5.8.1.1", versions="4.0-4.1", good=obj("FP_Strassenverkehr", zweckbestimmung="1400", besondereZweckbestimmung="14003"), bad=obj("FP_Strassenverkehr", zweckbestimmung="1600", besondereZweckbestimmung="14003")),
    needed("5.8.1.2", "FP_Strassenverkehr"),
    no_more("5.8.1.2", "FP_Strassenverkehr", versions="5.2-5.4"),
    needed("5.9.1.1", "FP_Gewaesser"),
    needed("5.9.2.1", "FP_Wasserwirtschaft", position=LINE),
    *several("5.10.1.1", "FP_GenerischesObjekt", PURPOSE, FURTHER, count=3),
    *several("5.10.2.1", "FP_PrivilegiertesVorhaben", PURPOSE, FURTHER, count=2),
    *several("5.10.2.2", "FP_PrivilegiertesVorhaben", SPECIAL, FURTHER_SPECIAL, count=2),
    *fitting("5.10.2.3", "5.10.2.4", "FP_PrivilegiertesVorhaben"),
    *several("5.10.3.1", "FP_Kennzeichnung", PURPOSE, FURTHER, count=1),
)  # fmt: skip
