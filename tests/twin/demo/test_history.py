"""The invented history is plausible, the same in every run, and all in the past."""

from datetime import date

from twin.demo.geography import places
from twin.demo.history import MONTHS, careers, checks, months, onboarded_on, trained_on, uses
from twin.indicators.formulas import BERLIN, Month

TODAY = date(2026, 11, 22)


def test_history_covers_fourteen_months() -> None:
    assert (str(months(TODAY)[0]), str(months(TODAY)[-1])) == ("2025-10", "2026-11")
    assert len(months(TODAY)) == MONTHS


def test_every_town_has_a_career_and_large_ones_join_first() -> None:
    found = careers(places())
    assert {career.place.ags for career in found} == {place.ags for place in places()}
    assert [career.joined for career in found] == sorted(career.joined for career in found)
    assert {career.people for career in found} == {1, 2}
    assert any(career.left < MONTHS for career in found)


def test_events_lie_in_the_past_on_working_days() -> None:
    listed = [use for career in careers(places()) for use in uses(career, on=TODAY)]
    assert len(listed) > 1000
    for use in listed:
        assert date(2025, 10, 1) <= use.at.date() < TODAY
        assert use.at.weekday() < 5
        assert 8 <= use.at.hour < 17
        assert use.at.tzinfo is BERLIN
        assert bool(use.use_case) == (use.kind == "use_case_run")


def test_events_grow_over_the_year() -> None:
    listed = [use for career in careers(places()) for use in uses(career, on=TODAY)]
    counts = [sum(Month.containing(use.at) == month for use in listed) for month in months(TODAY)[:-1]]
    assert counts[0] < counts[6] < counts[12]


def test_history_is_the_same_in_every_run() -> None:
    first, second = ([*uses(careers(places())[3], on=TODAY)] for _ in range(2))
    assert first == second


def test_checks_begin_after_joining_and_the_first_finds_mistakes() -> None:
    career = careers(places())[0]
    listed = list(checks(career, on=TODAY))
    assert listed[0].on == date(2025, 12, 2)
    assert [check.violations for check in listed][:2] == [3, 0]
    assert all(check.on < TODAY and check.data_version < check.on for check in listed)


def test_training_follows_onboarding() -> None:
    career = careers(places())[0]
    assert onboarded_on(career, on=TODAY) == date(2025, 10, 1)
    assert trained_on(career, on=TODAY) == date(2025, 10, 22)
