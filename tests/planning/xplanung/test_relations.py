"""Which plan changes which, as files of different versions say it."""

from typing import Any

import pytest

from planning.xplanung.relations import Effect, Relation, relations_of


def linked(**values: Any) -> dict[str, Any]:
    return {"@type": "XP_VerbundenerPlan", **values}


@pytest.mark.parametrize(
    ("properties", "relation"),
    [
        ({"aendert": [linked(planName="Altplan", rechtscharakter="1000", nummer="7")]}, Relation(True, Effect.CHANGES, "", "Altplan", "7")),
        ({"aendert": [linked(planName="Altplan", rechtscharakter="2000")]}, Relation(True, Effect.REPEALS, "", "Altplan")),
        ({"wurdeGeaendertVon": [linked(nummer="7/1", rechtscharakter="20001")]}, Relation(False, Effect.REPLACES, number="7/1")),
        ({"aendertPlan": [linked(aenderungsArt="10001", verbundenerPlan={"@href": "#GML_1"})]}, Relation(True, Effect.SUPPLEMENTS, "GML_1")),
        ({"wurdeGeaendertVonPlanBereich": [linked(aenderungsArt="3000", verbundenerPlan={"@href": "https://x.de/p?id=1#GML_9"})]}, Relation(False, Effect.REPLACES, "GML_9")),
        ({"aendertPlan": linked(planName="Altplan")}, Relation(True, Effect.CHANGES, "", "Altplan")),
    ],
)  # fmt: skip
def test_a_relation_is_read_in_every_version(properties: dict[str, Any], relation: Relation) -> None:
    assert list(relations_of(properties)) == [relation]


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"aendert": []},
        {"aendert": ["7"]},
        {"aendertPlan": [linked(aenderungsArt="1000")]},
        {"bereich": {"@href": "#B"}},
    ],
)
def test_what_names_nobody_is_no_relation(properties: dict[str, Any]) -> None:
    assert list(relations_of(properties)) == []
