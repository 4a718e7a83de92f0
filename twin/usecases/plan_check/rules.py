"""What the law says of areas that meet: dated, each with its paragraph. Pure; the words stand in wording.py.

Days and gazettes: WHG of 31.07.2009 (BGBl. I S. 2585), §§ 78 to 78d as worded by the Hochwasserschutzgesetz II of 30.06.2017 (BGBl. I
S. 2193), in force since 05.01.2018; SächsWG of 12.07.2013 (SächsGVBl. S. 503), as it stands since 30.07.2024 (Gesetz of 19.06.2024, SächsGVBl.
S. 636, Art. 3); the state's collection of laws announces another version from 01.01.2027 on, whose wording was not at hand; BNatSchG of 29.07.2009 (BGBl. I S. 2542), in force since
01.03.2010; BauGB as published on 03.11.2017 (BGBl. I S. 3634).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from twin.usecases.plan_check.uses import Use


class Verdict(StrEnum):
    """From the strongest to the weakest."""

    BARS = "bars"  # steht entgegen
    WEIGH = "weigh"  # ist abzuwägen
    INFORM = "inform"  # Hinweis


ORDER = list(Verdict)
CONDITIONS = range(1, 10)  # Nr. 1 to 9 of § 78 Abs. 2 Satz 1 WHG


@dataclass(frozen=True)
class Law:
    """made: of the law or its last publication as a whole; since: when what is cited came into force in its present wording; stands: the day of
    the version that was looked at; renewed: when another version comes into force that was not."""

    name: str
    made: date
    since: date | None = None
    stands: date | None = None
    renewed: date | None = None


WHG = Law("WHG", date(2009, 7, 31), since=date(2018, 1, 5))
SAECHSWG = Law("SächsWG", date(2013, 7, 12), stands=date(2024, 7, 30), renewed=date(2027, 1, 1))
BNATSCHG = Law("BNatSchG", date(2009, 7, 29), since=date(2010, 3, 1))
BAUGB = Law("BauGB", date(2017, 11, 3))


@dataclass(frozen=True)
class Rule:
    """key: of its words. role: of a dataset's areas (twin.catalogue AreaRole), or one of DEPTH, NEIGHBOUR. uses: of the plan's objects; empty:
    any. since, until: while it is given out. conditions: § 78 Abs. 2 WHG may lift it."""

    key: str
    role: str
    verdict: Verdict
    paragraph: str
    law: Law
    uses: frozenset[Use] = frozenset()
    conditions: bool = False
    since: date = date(2018, 1, 5)
    until: date | None = None


DEPTH, NEIGHBOUR, ORIGIN = "depth", "neighbour", "origin"
_BUILDING = frozenset({Use.BUILDING})
_BUILT = frozenset({Use.BUILDING, Use.BUILT, Use.OUTLINE})
_MADE = _BUILT | {Use.TRAFFIC}
_WHOLE, _LIMITS = frozenset({Use.PLAN}), frozenset({Use.LIMIT})
# Of one role the first that fits holds.
RULES: tuple[Rule, ...] = (
    Rule("floodplain_building", "floodplain", Verdict.BARS, "§ 78 Abs. 1 Satz 1", WHG, _BUILDING, conditions=True),
    Rule("floodplain_outline", "floodplain", Verdict.WEIGH, "§ 78 Abs. 1 bis 3", WHG, frozenset({Use.OUTLINE}), conditions=True),
    Rule("floodplain_built", "floodplain", Verdict.WEIGH, "§ 78 Abs. 3", WHG, _MADE),
    Rule("floodplain_whole", "floodplain", Verdict.INFORM, "§ 77 Abs. 2", SAECHSWG, _WHOLE),
    Rule("floodplain_limit", "floodplain", Verdict.INFORM, "§ 78 Abs. 4 und 5", WHG, _LIMITS),
    Rule("floodplain_open", "floodplain", Verdict.INFORM, "§ 78a Abs. 1", WHG),
    Rule("provisional_building", "provisional", Verdict.BARS, "§ 78 Abs. 8 mit Abs. 1 Satz 1", WHG, _BUILDING, conditions=True),
    Rule("floodplain_outline", "provisional", Verdict.WEIGH, "§ 78 Abs. 8 mit Abs. 1 bis 3", WHG, frozenset({Use.OUTLINE}), conditions=True),
    Rule("floodplain_built", "provisional", Verdict.WEIGH, "§ 78 Abs. 8 mit Abs. 3", WHG, _MADE),
    Rule("floodplain_whole", "provisional", Verdict.INFORM, "§ 77 Abs. 2", SAECHSWG, _WHOLE),
    Rule("floodplain_limit", "provisional", Verdict.INFORM, "§ 78 Abs. 8 mit Abs. 4 und 5", WHG, _LIMITS),
    Rule("floodplain_open", "provisional", Verdict.INFORM, "§ 78a Abs. 6 mit Abs. 1", WHG),
    Rule("risk_built", "risk", Verdict.WEIGH, "§ 78b Abs. 1", WHG, _MADE),
    Rule("risk_any", "risk", Verdict.INFORM, "§ 78b", WHG),
    Rule("origin_building", ORIGIN, Verdict.WEIGH, "§ 78d Abs. 6", WHG, frozenset({Use.BUILDING, Use.OUTLINE})),
    Rule("origin_made", ORIGIN, Verdict.WEIGH, "§ 78d Abs. 4 und 5", WHG, frozenset({Use.BUILT, Use.TRAFFIC})),
    Rule("floodplain_whole", ORIGIN, Verdict.INFORM, "§ 77 Abs. 2", SAECHSWG, _WHOLE),
    Rule("origin_any", ORIGIN, Verdict.INFORM, "§ 76 Abs. 2", SAECHSWG),
    Rule("threatened_built", "threatened", Verdict.WEIGH, "§ 75", SAECHSWG, _MADE),
    Rule("floodplain_whole", "threatened", Verdict.INFORM, "§ 77 Abs. 2", SAECHSWG, _WHOLE),
    Rule("threatened_any", "threatened", Verdict.INFORM, "§ 75", SAECHSWG),
    Rule("reserve_made", "reserve", Verdict.BARS, "§§ 23, 24", BNATSCHG, _MADE),
    Rule("protected_any", "reserve", Verdict.INFORM, "§§ 23, 24", BNATSCHG),
    Rule("landscape_made", "landscape", Verdict.BARS, "§ 26 Abs. 2", BNATSCHG, _MADE),
    Rule("protected_any", "landscape", Verdict.INFORM, "§ 26", BNATSCHG),
    Rule("natura_made", "natura", Verdict.WEIGH, "§ 36 mit § 34", BNATSCHG, _MADE),
    Rule("protected_any", "natura", Verdict.INFORM, "§§ 31 bis 36", BNATSCHG),
    Rule("biotope_made", "biotope", Verdict.BARS, "§ 30 Abs. 2", BNATSCHG, _MADE),
    Rule("protected_any", "biotope", Verdict.INFORM, "§ 30", BNATSCHG),
    Rule("protected_made", "protected", Verdict.WEIGH, "§§ 25, 27 bis 29", BNATSCHG, _MADE),
    Rule("protected_any", "protected", Verdict.INFORM, "§§ 25, 27 bis 29", BNATSCHG),
    Rule("infrastructure_any", "infrastructure", Verdict.INFORM, "§ 4", BAUGB),
    Rule("depth_built", DEPTH, Verdict.WEIGH, "§ 1 Abs. 6 Nr. 12", BAUGB, _MADE),
    Rule("depth_any", DEPTH, Verdict.INFORM, "§ 1 Abs. 6 Nr. 12", BAUGB),
    Rule("neighbour_any", NEIGHBOUR, Verdict.WEIGH, "§ 2 Abs. 2", BAUGB),
)  # fmt: skip


def rule_for(role: str, use: Use, *, on: date) -> Rule | None:
    """None where nothing is said of such areas."""
    fitting = (rule for rule in RULES if rule.role == role and (not rule.uses or use in rule.uses))
    return next(
        (rule for rule in fitting if rule.since <= on and (rule.until is None or on <= rule.until)), None
    )
