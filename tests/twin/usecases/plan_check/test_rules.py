"""The law as a table: each meaning of an area has something to say to each use of a plan, with words, paragraph and day."""

from datetime import date

import pytest

from twin.catalogue.models import AreaRole
from twin.usecases.plan_check import wording
from twin.usecases.plan_check.rules import CONDITIONS, DEPTH, NEIGHBOUR, RULES, WHG, Verdict, rule_for
from twin.usecases.plan_check.uses import Use, dwelling_share, measure, ratio, use_of

ON = date(2026, 11, 30)


@pytest.mark.parametrize("role", [*AreaRole, DEPTH, NEIGHBOUR])
def test_each_meaning_speaks_to_each_use(role: str) -> None:
    assert [use for use in Use if rule_for(str(role), use, on=ON) is None] == []


def test_each_rule_has_words_and_each_word_a_rule() -> None:
    assert {rule.key for rule in RULES} == set(wording.WORDS)
    assert len(wording.CONDITIONS) == len(CONDITIONS) == 9


@pytest.mark.parametrize(
    ("role", "use", "verdict", "cited"),
    [
        ("floodplain", Use.BUILDING, "bars", "§ 78 Abs. 1 Satz 1 WHG (Fassung seit 05.01.2018)"),
        ("floodplain", Use.TRAFFIC, "weigh", "§ 78 Abs. 3 WHG (Fassung seit 05.01.2018)"),
        ("floodplain", Use.OPEN, "inform", "§ 78a Abs. 1 WHG (Fassung seit 05.01.2018)"),
        ("provisional", Use.BUILDING, "bars", "§ 78 Abs. 8 mit Abs. 1 Satz 1 WHG (Fassung seit 05.01.2018)"),
        ("risk", Use.BUILDING, "weigh", "§ 78b Abs. 1 WHG (Fassung seit 05.01.2018)"),
        ("provisional", Use.LIMIT, "inform", "§ 78 Abs. 8 mit Abs. 4 und 5 WHG (Fassung seit 05.01.2018)"),
        ("origin", Use.BUILDING, "weigh", "§ 78d Abs. 6 WHG (Fassung seit 05.01.2018)"),
        ("origin", Use.TRAFFIC, "weigh", "§ 78d Abs. 4 und 5 WHG (Fassung seit 05.01.2018)"),
        ("threatened", Use.BUILT, "weigh", "§ 75 SächsWG (vom 12.07.2013, Stand 30.07.2024)"),
        ("reserve", Use.TRAFFIC, "bars", "§§ 23, 24 BNatSchG (Fassung seit 01.03.2010)"),
        (NEIGHBOUR, Use.PLAN, "weigh", "§ 2 Abs. 2 BauGB (vom 03.11.2017)"),
    ],
)
def test_rule_is_cited_with_its_day(role: str, use: Use, verdict: str, cited: str) -> None:
    rule = rule_for(role, use, on=ON)
    assert rule is not None
    assert (rule.verdict, wording.cited(rule, on=ON)) == (verdict, cited)


def test_another_version_of_a_law_is_announced_and_then_to_be_checked() -> None:
    """Its wording was not at hand, so nothing is said of what it changes."""
    rule = rule_for("threatened", Use.BUILT, on=ON)
    assert rule is not None
    assert (
        wording.announced(rule.law, on=ON)
        == "Das SächsWG erhält am 01.01.2027 eine andere Fassung. Ob sie dasselbe sagt, ist zu prüfen, bevor über den Plan beschlossen wird."
    )
    after = date(2027, 1, 1)
    assert wording.announced(rule.law, on=after) == ""
    assert (
        wording.cited(rule, on=after)
        == "§ 75 SächsWG (vom 12.07.2013, Stand 30.07.2024; seit 01.01.2027 andere Fassung, zu prüfen)"
    )
    assert wording.announced(WHG, on=ON) == ""


def test_the_nine_conditions_lift_what_bars_new_building_land_alone() -> None:
    lifted = {(rule.role, rule.verdict) for rule in RULES if rule.conditions}
    assert lifted == {(role, verdict) for role in ("floodplain", "provisional") for verdict in (Verdict.BARS, Verdict.WEIGH)}  # fmt: skip


def test_before_its_day_a_rule_is_not_given_out() -> None:
    assert rule_for("floodplain", Use.BUILDING, on=date(2018, 1, 4)) is None


@pytest.mark.parametrize(
    ("feature_type", "use"),
    [
        ("BP_BaugebietsTeilFlaeche", Use.BUILDING),
        ("FP_BebauungsFlaeche", Use.BUILDING),
        ("BP_GemeinbedarfsFlaeche", Use.BUILT),
        ("BP_UeberbaubareGrundstuecksFlaeche", Use.BUILT),
        ("BP_NichtUeberbaubareGrundstuecksflaeche", Use.OTHER),
        ("BP_NebenanlagenAusschlussFlaeche", Use.OTHER),
        ("BP_StrassenVerkehrsFlaeche", Use.TRAFFIC),
        ("BP_VerkehrsflaecheBesondererZweckbestimmung", Use.TRAFFIC),
        ("SO_Gewaesser", Use.WATER),
        ("BP_GruenFlaeche", Use.OPEN),
        ("BP_WaldFlaeche", Use.OPEN),
        ("BP_BauGrenze", Use.LIMIT),
        ("BP_Immissionsschutz", Use.OTHER),
    ],
)
def test_use_follows_from_the_type(feature_type: str, use: Use) -> None:
    assert use_of(feature_type, {}) is use


def test_verges_are_green() -> None:
    kind = "BP_VerkehrsflaecheBesondererZweckbestimmung"
    assert use_of(kind, {"zweckbestimmung": ["2400"]}) is Use.OPEN
    assert use_of(kind, {"zweckbestimmung": ["2400", "1000"]}) is Use.TRAFFIC
    assert use_of("SO_Strassenverkehr", {"zweckbestimmung": "14015"}) is Use.OPEN


def test_measures_are_read_and_not_guessed() -> None:
    stated = {"GRZ": "0,4", "GFZ": {"@text": "0.8"}, "Z": "II", "besondereArtDerBaulNutzung": "1500"}
    assert [measure(stated, name) for name in ("GRZ", "GFZ", "Z", "Zmax")] == [0.4, 0.8, None, None]
    assert ratio(stated, "GRZ", absolute=("GR",), area=1000) == 0.4
    assert ratio({"GRZ": "0", "GR": "250"}, "GRZ", absolute=("GR",), area=1000) == 0.25
    assert ratio({"GRZ": "0", "GR": "0"}, "GRZ", absolute=("GR",), area=1000) is None
    assert (dwelling_share(stated), dwelling_share({"allgArtDerBaulNutzung": "1000"}), dwelling_share({})) == (0.5, 1.0, 0.0)  # fmt: skip
