"""The law's periods. Expected days are counted by hand on a calendar."""

from datetime import date, timedelta

import pytest

from planning.deadlines import (
    RULES,
    Bound,
    Term,
    consent_deadline,
    deadline,
    holiday,
    is_verified,
    latest_notice,
    next_working_day,
    rule_for,
    shortfall,
)

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2027, 2, 1), date(2027, 3, 2)),  # 28 days are a month, 30 days are later
        (date(2027, 1, 31), date(2027, 3, 1)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2027, 7, 15), date(2027, 8, 14)),  # 31 days: the month is later
        (date(2027, 6, 1), date(2027, 6, 30)),
        (date(2027, 12, 31), date(2028, 1, 30)),
        (date(2027, 12, 1), date(2027, 12, 31)),
    ],
)
def test_publication_lasts_the_later_of_a_month_and_30_days(first: date, last: date) -> None:
    for term in (Term.PUBLICATION, Term.BODIES):
        found = deadline(term, first)
        assert found is not None
        assert (found.first_day, found.last_day) == (first, last)
        short = shortfall(term, first_day=first, last_day=last - DAY)
        assert short is not None
        assert (short.earliest_last_day, short.doubtful) == (last, False)


@pytest.mark.parametrize(
    ("first", "last", "working"),
    [
        (date(2027, 7, 15), date(2027, 8, 14), date(2027, 8, 16)),  # Saturday
        (date(2026, 10, 19), date(2026, 11, 18), date(2026, 11, 19)),  # Buß- und Bettag
        (date(2026, 3, 4), date(2026, 4, 3), date(2026, 4, 7)),  # Good Friday to Tuesday after Easter
        (date(2026, 11, 27), date(2026, 12, 26), date(2026, 12, 28)),  # Boxing Day on a Saturday
    ],
)
def test_end_on_a_day_of_rest_is_doubtful_on_line_and_short_in_the_town_hall(
    first: date, last: date, working: date
) -> None:
    found = deadline(Term.PUBLICATION, first)
    assert found is not None
    assert (found.last_day, found.shifted, found.is_shifted) == (last, working, True)
    doubt = shortfall(Term.PUBLICATION, first_day=first, last_day=last)
    assert doubt is not None
    assert (doubt.earliest_last_day, doubt.doubtful) == (working, True)
    assert shortfall(Term.PUBLICATION, first_day=first, last_day=working) is None


def test_end_on_a_saturday_was_too_short_while_plans_lay_in_the_town_hall() -> None:
    """OVG Koblenz, 8 C 12180/99. 10 January to 9 February 2019, a Saturday."""
    short = shortfall(Term.PUBLICATION, first_day=date(2019, 1, 10), last_day=date(2019, 2, 9))
    assert short is not None
    assert (short.earliest_last_day, short.doubtful) == (date(2019, 2, 11), False)


def test_first_day_of_laying_out_counts() -> None:
    """GmS-OGB 2/71: 24 May to 23 June 1965 was a month; the same in 1995, when the BauGB held, ends on a Friday."""
    found = deadline(Term.PUBLICATION, date(1995, 5, 24))
    assert found is not None
    assert (found.last_day, found.shifted) == (date(1995, 6, 23), date(1995, 6, 23))


@pytest.mark.parametrize(
    ("on", "length", "verified"),
    [
        (date(2017, 5, 12), (1, 0), False),
        (date(2017, 5, 13), (1, 30), False),
        (date(2023, 7, 6), (1, 30), False),
        (date(2023, 7, 7), (1, 30), True),
    ],
)
def test_a_period_follows_the_law_of_its_first_day(on: date, length: tuple[int, int], verified: bool) -> None:
    rule = rule_for(Term.PUBLICATION, on)
    assert rule is not None
    assert ((rule.months, rule.days), rule.verified) == (length, verified)


def test_no_rule_is_known_before_the_first_law() -> None:
    assert rule_for(Term.PUBLICATION, date(1990, 10, 2)) is None
    assert deadline(Term.PUBLICATION, date(1990, 10, 2)) is None


@pytest.mark.parametrize(
    ("term", "event", "last", "working"),
    [
        (Term.FP_APPROVAL, date(2023, 7, 7), date(2023, 10, 7), date(2023, 10, 9)),  # § 245f: *after* 7 July
        (Term.FP_APPROVAL, date(2023, 7, 8), date(2023, 8, 8), date(2023, 8, 8)),
        (Term.FP_APPROVAL, date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 1)),  # Sunday
        (Term.BP_APPROVAL, date(2027, 3, 10), date(2027, 4, 10), date(2027, 4, 12)),  # Saturday
        (Term.OBJECTIONS, date(2026, 11, 18), date(2027, 11, 18), date(2027, 11, 18)),
        (Term.OBJECTIONS, date(2024, 2, 29), date(2025, 2, 28), date(2025, 2, 28)),
        (Term.OBJECTIONS, date(2006, 12, 31), date(2008, 12, 31), date(2008, 12, 31)),
        (Term.FORM_DEFECTS, date(2026, 5, 2), date(2027, 5, 2), date(2027, 5, 3)),  # Sunday
        (Term.CONSENT, date(2025, 11, 30), date(2026, 2, 28), date(2026, 3, 2)),  # Saturday
    ],
)
def test_periods_after_an_event_do_not_count_its_day(
    term: Term, event: date, last: date, working: date
) -> None:
    found = deadline(term, event)
    assert found is not None
    assert (found.first_day, found.last_day, found.shifted) == (event + DAY, last, working)


def test_hearing_extends_the_time_for_consent_by_its_length() -> None:
    alone = consent_deadline(date(2026, 1, 5))
    heard = consent_deadline(date(2026, 1, 5), hearing=(date(2026, 1, 12), date(2026, 2, 10)))
    assert alone is not None
    assert heard is not None
    assert (alone.last_day, heard.last_day) == (date(2026, 4, 5), date(2026, 5, 5))  # 30 days


def test_hearing_of_three_months_gives_one() -> None:
    """§ 36a Abs. 2 BauGB: a month at most; 12 January to 11 February are 31 days."""
    heard = consent_deadline(date(2026, 1, 5), hearing=(date(2026, 1, 12), date(2026, 4, 11)))
    assert heard is not None
    assert heard.last_day == date(2026, 4, 5) + timedelta(days=31)


def test_notice_comes_a_week_before_and_since_2023_the_day_before() -> None:
    """OVG Lüneburg, 6 C 12/80: the day of the notice does not count, so seven whole days lie between."""
    old, new = latest_notice(date(2022, 5, 9)), latest_notice(date(2026, 5, 11))
    assert old is not None
    assert new is not None
    assert (old[0], new[0]) == (date(2022, 5, 1), date(2026, 5, 10))


def test_the_law_names_no_number_for_a_shortened_repetition() -> None:
    rule = rule_for(Term.REPEATED, date(2026, 5, 11))
    assert rule is not None
    assert rule.bound is Bound.REASONABLE
    assert deadline(Term.REPEATED, date(2026, 5, 11)) is None


def test_holidays_are_those_of_saxony() -> None:
    """§ 1 SächsSFG, for 2026."""
    days = {date(2026, 1, 1) + n * DAY for n in range(365)}
    assert sorted(day for day in days if holiday(day)) == [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 10, 3),
        date(2026, 10, 31),
        date(2026, 11, 18),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ]
    assert next_working_day(date(2026, 11, 18)) == date(2026, 11, 19)
    assert holiday(date(2026, 11, 18), land="BY") == ""


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (date(2025, 10, 29), False),
        (date(2025, 10, 30), True),
        (date(2030, 12, 31), True),
        (date(2031, 1, 1), False),
    ],
)
def test_deviations_for_housing_end_with_2030(on: date, holds: bool) -> None:
    assert (rule_for(Term.HOUSING, on) is not None) == holds
    assert deadline(Term.HOUSING, on) is None  # no period that something sets running


def test_a_veraenderungssperre_lasts_two_years_and_three_at_most_at_first() -> None:
    """From a Monday to a Saturday: a Satzung ends on a day of rest, too."""
    for term, last in ((Term.FREEZE, date(2028, 11, 25)), (Term.FREEZE_EXTENDED, date(2029, 11, 25))):
        found = deadline(term, date(2026, 11, 25))
        assert found is not None
        assert (found.last_day, found.is_shifted, found.rule.verified) == (last, False, False)


@pytest.mark.parametrize("term", Term)
def test_every_term_has_one_rule_for_each_day_and_one_for_today(term: Term) -> None:
    rules = sorted((rule for rule in RULES if rule.term is term), key=lambda rule: rule.since)
    assert [rule.until for rule in rules[:-1]] == [rule.since - DAY for rule in rules[1:]]
    assert rules[-1].until == (date(2030, 12, 31) if term is Term.HOUSING else None)
    assert rules[-1].paragraph
    assert rules[-1].verified == bool(rules[-1].source) == is_verified(term)
