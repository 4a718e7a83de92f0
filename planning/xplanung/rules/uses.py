"""Rules that Bebauungsplan and Flächennutzungsplan share: kind of use by BauNVO, and Sondergebiete."""

from planning.xplanung.rules.families import fits, requires, same_group
from planning.xplanung.rules.rule import Rule, rule

_SINCE = {
    "4.0-4.1": "1400 1500 1600",
    "5.0-5.3": "1400 1500 1550 1600",
    "5.4-6.1": "1400 1450 1500 1550 1600",
}  # codes of mixed use
_RECREATION = "1100 1200 1300 1400"
_OTHER = "1500 1600 1700 1800 1900 2000 2100 2200 2300 2400 2500 2600 2700 2800 2900 9999"
_OTHER_41 = f"{_OTHER} 16000 16001 16002"
_OTHER_52 = f"{_OTHER_41} 23000 2720"
_OTHER_60 = f"{_OTHER_52} 1650"


def kind_of_use(number: str, types: str) -> list[Rule]:
    """The special kind of use (§§ 2 to 11 BauNVO) belongs to the general one (§ 1): W, M, G, S."""
    name, general = "besondereArtDerBaulNutzung", "allgArtDerBaulNutzung"
    groups = {"1000 1100 1200 1300": "1000", "1700 1800": "3000", "2000 2100 3000 4000": "4000"}
    return [
        rule(number, versions, types, fits(name, general, {**groups, mixed: "2000"}))
        for versions, mixed in _SINCE.items()
    ]


def special_use(number: str, types: str, name: str, *, changed: str = "5.1") -> list[Rule]:
    """A Sondergebiet for recreation is one of § 10 BauNVO, any other one of § 11. changed: version from which code 1000, a
    Wochenendhausgebiet of its own before, belongs to § 10."""
    kind = "besondereArtDerBaulNutzung"
    before = {"1000": "3000", _RECREATION: "2000"}
    since = {f"1000 {_RECREATION}": "2000"}
    rules = [rule(number, "4.0", types, fits(name, kind, {**before, _OTHER: "2100"}))]
    if changed == "5.1":
        rules += [
            rule(number, "4.1-5.0", types, fits(name, kind, {**before, _OTHER_41: "2100"})),
            rule(number, "5.1", types, fits(name, kind, {**since, _OTHER_41: "2100"})),
        ]
    else:
        rules += [rule(number, "4.1-5.1", types, fits(name, kind, {**before, _OTHER_41: "2100"}))]
    return [
        *rules,
        rule(number, "5.2-5.4", types, fits(name, kind, {**since, _OTHER_52: "2100"})),
        rule(number, "6.0-6.1", types, fits("sondernutzung/allgemein", kind, {**since, _OTHER_60: "2100"})),
    ]


def detailed_use(number: str, types: str, special: str) -> list[Rule]:
    """A detailed kind of use needs the kind of use that it details."""
    name, general, kind = (
        "detaillierteArtDerBaulNutzung",
        "allgArtDerBaulNutzung",
        "besondereArtDerBaulNutzung",
    )
    return [
        rule(number, "4.0-5.4", types, requires(name, general, kind, special)),
        rule(number, "6.0-6.1", types, requires(name, general, kind)),
    ]


def one_kind_of_special_use(number: str, types: str) -> Rule:
    return rule(number, "6.0", types, same_group("sondernutzung/allgemein", f"1000 {_RECREATION}", _OTHER_60))
