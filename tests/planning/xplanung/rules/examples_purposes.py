"""Examples of purposes (Zweckbestimmungen), up to 5.4."""

from tests.planning.xplanung.rules.building import LINE, obj
from tests.planning.xplanung.rules.example import Example, example

PURPOSE, DETAIL, SPECIAL = "zweckbestimmung", "detaillierteZweckbestimmung", "besondereZweckbestimmung"
FURTHER, FURTHER_DETAIL, FURTHER_SPECIAL = "weitereZweckbestimmung", "weitereDetailZweckbestimmung", "weitereBesondZweckbestimmung"  # fmt: skip


def several(number: str, kind: str, name: str, further: str, *, count: int, also: str = "") -> list[Example]:
    """A further one without the first; in 4.1 also beside a repeated first. also: rules about what is missing then."""
    one, last = (f"{further}1", f"{further}{count}") if count else (further, further)
    good = {name: "1000", one: "1200"} | ({last: "1400"} if count == 2 else {})
    fits = {PURPOSE: "1000"} if name == DETAIL else {}
    fits |= {one.replace(FURTHER_DETAIL, FURTHER): "1200"} if name == DETAIL else {}
    fits |= {last.replace(FURTHER_DETAIL, FURTHER): "1400"} if name == DETAIL and count == 2 else {}
    if name == SPECIAL:
        good = {key: f"{value}0" for key, value in good.items()}
    lone = {last: "14000" if name == SPECIAL else "1400"}
    twice = {
        name: ["12000", "14000"] if name == SPECIAL else ["1200", "1400"],
        one: "16000" if name == SPECIAL else "1600",
    }
    return [
        example(
            number, good=obj(kind, **(good | fits)), bad=obj(kind, **lone), versions="4.0-4.1", also=also
        ),
        example(number, good=obj(kind, **(good | fits)), bad=obj(kind, **twice), versions="4.1", also=also),
    ]


def detail(number: str, kind: str, *, count: int, numbered: str, special: bool = False) -> list[Example]:
    examples = [
        example(number, good=obj(kind, zweckbestimmung="1000", detaillierteZweckbestimmung="x"), bad=obj(kind, detaillierteZweckbestimmung="x"), versions="4.0-5.4"),
        example(number, good=obj(kind, zweckbestimmung=["1000", "1200"], detaillierteZweckbestimmung=["x", "y"]), bad=obj(kind, zweckbestimmung="1000", detaillierteZweckbestimmung=["x", "y"]), versions="4.1-5.4"),
        example(number, good=obj(kind, zweckbestimmung="1000", detaillierteZweckbestimmung="x"), bad=obj(kind, zweckbestimmung=["1000", "1200"], detaillierteZweckbestimmung="x"), versions="4.1"),
        example(number, good=obj(kind, **{PURPOSE: "1000", DETAIL: "x", f"{FURTHER}1": "1200", f"{FURTHER_DETAIL}1": "y"}), bad=obj(kind, **{PURPOSE: "1000", DETAIL: "x", f"{FURTHER_DETAIL}1": "y"}), versions="4.0-4.1", also=numbered),
    ]  # fmt: skip
    if special:
        examples.append(example(number, good=obj(kind, besondereZweckbestimmung="10000", detaillierteZweckbestimmung="x"), bad=obj(kind, detaillierteZweckbestimmung="x"), versions="4.0-4.1"))  # fmt: skip
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
        *detail(f"{chapter}.{last}", kind, count=count, numbered=f"{chapter}.2"),
    ]


def with_special(chapter: str, kind: str, count: int) -> list[Example]:
    return [
        *several(f"{chapter}.1", kind, PURPOSE, FURTHER, count=count),
        *several(f"{chapter}.2", kind, SPECIAL, FURTHER_SPECIAL, count=count),
        *several(f"{chapter}.3", kind, DETAIL, FURTHER_DETAIL, count=count, also=f"{chapter}.6"),
        *fitting(f"{chapter}.4", f"{chapter}.5", kind),
        *detail(f"{chapter}.6", kind, count=count, numbered=f"{chapter}.3", special=True),
    ]


def needed(number: str, kind: str, *, versions: str = "4.0-5.4", **more: str) -> Example:
    good, bad = {PURPOSE: "1000", DETAIL: "x", **more}, {DETAIL: "x", **more}
    return example(number, good=obj(kind, **good), bad=obj(kind, **bad), versions=versions)


def no_more(number: str, kind: str, *, versions: str) -> Example:
    good, bad = {PURPOSE: ["1000", "1200"], DETAIL: "x"}, {PURPOSE: "1000", DETAIL: ["x", "y"]}
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
