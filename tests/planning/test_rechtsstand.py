"""What the steps say in the terms of each version of the standard."""

from datetime import date

import pytest

from planning.rechtsstand import Attributes, attributes, entries_in, standing_by
from planning.steps import Entry, Standing, Step, Track
from planning.xplanung.schema import VERSIONS, schema


def entry(step: Step, on: str, until: str = "") -> Entry:
    return Entry(f"{step}-{on}", step, date.fromisoformat(on), date.fromisoformat(until) if until else None)


HEARD = [
    entry(Step.INITIATION, "2026-01-20"),
    entry(Step.EARLY_PUBLIC, "2026-03-02", "2026-03-20"),
    entry(Step.DRAFT_DECISION, "2026-08-01"),
    entry(Step.BODIES, "2026-09-14", "2026-10-14"),
    entry(Step.PUBLICATION, "2026-09-14", "2026-10-14"),
    entry(Step.REPEATED_PUBLICATION, "2026-11-09", "2026-11-23"),
]
DONE = [
    *HEARD,
    entry(Step.ADOPTION, "2026-12-01"),
    entry(Step.APPROVAL, "2026-12-04"),
    entry(Step.EXECUTION, "2026-12-08"),
    entry(Step.ANNOUNCEMENT, "2026-12-18"),
]


def test_a_zoning_plan_of_6_0_says_all_but_the_early_hearing() -> None:
    assert attributes(DONE, plan_type="BP", version="6.0", track=Track.ACCELERATED) == Attributes(
        {
            "rechtsstand": "4000",
            "aufstellungsbeschlussDatum": "2026-01-20",
            "satzungsbeschlussDatum": "2026-12-01",
            "genehmigungsDatum": "2026-12-04",
            "ausfertigungsDatum": "2026-12-08",
            "inkrafttretensDatum": "2026-12-18",
            "auslegungsStartDatum": ["2026-09-14", "2026-11-09"],
            "auslegungsEndDatum": ["2026-10-14", "2026-11-23"],
            "traegerbeteiligungsStartDatum": ["2026-09-14"],
            "traegerbeteiligungsEndDatum": ["2026-10-14"],
        },
        {"verfahren": "3000"},  # since 6.0 it stands at the Bereich
    )


def test_6_1_knows_the_early_hearing() -> None:
    found = attributes(HEARD[:2], plan_type="BP", version="6.1", track=Track.FULL)
    assert found.plan == {
        "rechtsstand": "2200",
        "aufstellungsbeschlussDatum": "2026-01-20",
        "fruehzeitigeOeffentlichkeitsbeteiligungsStartDatum": "2026-03-02",
        "fruehzeitigeOeffentlichkeitsbeteiligungsEndDatum": "2026-03-20",
    }


def test_a_land_use_plan_of_4_0_has_room_for_one_publication_and_other_names() -> None:
    found = attributes(DONE, plan_type="FP", version="4.0", track=Track.ACCELERATED)
    assert found == Attributes(
        {
            "rechtsstand": "4000",
            "aufstellungsbeschlussDatum": "2026-01-20",
            "entwurfsbeschlussDatum": "2026-08-01",
            "planbeschlussDatum": "2026-12-01",
            "wirksamkeitsDatum": "2026-12-18",
            "auslegungsStartDatum": "2026-11-09",
            "auslegungsEndDatum": "2026-11-23",
            "traegerbeteiligungsStartDatum": "2026-09-14",
            "traegerbeteiligungsEndDatum": "2026-10-14",
        }
    )


@pytest.mark.parametrize(
    ("version", "step", "code"),
    [
        ("5.4", Step.DRAFT_DECISION, "2000"),
        ("6.0", Step.DRAFT_DECISION, "2250"),
        ("5.2", Step.REPEAL, "5000"),
        ("5.3", Step.REPEAL, "50000"),
        ("6.1", Step.DISCONTINUED, "1500"),
        ("6.0", Step.DISCONTINUED, None),
        ("6.0", Step.AFFECTED_PUBLIC, "2000"),
        ("6.1", Step.AFFECTED_PUBLIC, "2260"),
        ("6.0", Step.WEIGHING, None),
    ],
)
def test_rechtsstand_of_a_step_by_version(version: str, step: Step, code: str | None) -> None:
    found = attributes([entry(step, "2026-01-20")], plan_type="BP", version=version, track=Track.FULL)
    assert found.plan.get("rechtsstand") == code


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("plan_type", ["BP", "FP"])
def test_every_version_knows_what_is_written(version: str, plan_type: str) -> None:
    plan = schema(version).feature_type(f"{plan_type}_Plan")
    assert plan is not None
    for track in Track:
        found = attributes(DONE, plan_type=plan_type, version=version, track=track)
        assert set(found.plan) <= set(plan.by_name)
        assert str(found.plan["rechtsstand"]) in plan.by_name["rechtsstand"].values
        for name, value in found.plan.items():
            assert isinstance(value, list) == (plan.by_name[name].repeats)


def test_dates_of_a_file_are_hearsay_of_its_steps() -> None:
    dates = {
        "aufstellungsbeschlussDatum": ["2026-01-20"],
        "auslegungsStartDatum": ["2026-09-14", "2026-11-09"],
        "auslegungsEndDatum": ["2026-10-14", "2026-11-23"],
        "technHerstellDatum": ["2025-01-01"],
    }
    found = entries_in(dates, plan_type="BP", version="6.0")
    assert [(row.step, row.on.isoformat(), row.until and row.until.isoformat(), row.certain) for row in found] == [
        (Step.INITIATION, "2026-01-20", None, False),
        (Step.PUBLICATION, "2026-09-14", "2026-10-14", False),
        (Step.PUBLICATION, "2026-11-09", "2026-11-23", False),
    ]  # fmt: skip
    assert entries_in(dates, plan_type="SO", version="6.0") == []


def test_every_rechtsstand_of_the_standard_has_a_standing() -> None:
    for plan_type in ("BP", "FP"):
        for version in VERSIONS:
            plan = schema(version).feature_type(f"{plan_type}_Plan")
            assert plan is not None
            for code in plan.by_name["rechtsstand"].values:
                assert standing_by(plan_type, code) is not Standing.PREPARED, (version, code)
    assert standing_by("BP", "") is Standing.PREPARED
    assert standing_by("RP", "4000") is Standing.PREPARED
