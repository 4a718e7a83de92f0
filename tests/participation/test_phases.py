"""Who may do what, when; and what the law wants of a period. Expected values written by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from participation.phases import (
    RULES,
    Audience,
    Choice,
    Kind,
    Moment,
    Right,
    Span,
    Who,
    moment_of,
    rights,
    shortfall,
    takes,
)

START = datetime(2026, 3, 2, tzinfo=UTC)
END = datetime(2026, 4, 4, tzinfo=UTC)
SECOND = timedelta(seconds=1)

FORMAL_PUBLIC = {
    # who: (before, in, after, decided); r read, s submit, l submit late, m moderate, a answer publicly, v vote
    Who.PUBLIC: ("r", "rs", "rl", "r"),
    Who.BODY: ("r", "rs", "rl", "r"),
    Who.PLANNER: ("rm", "rm", "rm", "rma"),
    Who.MODERATOR: ("rm", "rm", "rm", "rm"),
}
FORMAL_BODIES = {**FORMAL_PUBLIC, Who.PUBLIC: ("", "", "", "")}
INFORMAL = {
    Who.PUBLIC: ("r", "rsv", "r", "r"),
    Who.BODY: ("r", "rsv", "r", "r"),
    Who.PLANNER: ("rma", "rma", "rma", "rma"),
    Who.MODERATOR: ("rm", "rm", "rm", "rm"),
}
LETTERS = {
    "r": Right.READ,
    "s": Right.SUBMIT,
    "l": Right.SUBMIT_LATE,
    "m": Right.MODERATE,
    "a": Right.ANSWER,
    "v": Right.VOTE,
}
TABLES = {
    Kind.EARLY_PUBLIC: FORMAL_PUBLIC,
    Kind.EARLY_BODIES: FORMAL_BODIES,
    Kind.DRAFT_PUBLIC: FORMAL_PUBLIC,
    Kind.DRAFT_BODIES: FORMAL_BODIES,
    Kind.REPEATED_PUBLIC: FORMAL_PUBLIC,
    Kind.REPEATED_BODIES: FORMAL_BODIES,
    Kind.SIMPLIFIED_PUBLIC: FORMAL_PUBLIC,
    Kind.SIMPLIFIED_BODIES: FORMAL_BODIES,
    Kind.ACCELERATED_PUBLIC: FORMAL_PUBLIC,
    Kind.CONSENT_HEARING: FORMAL_PUBLIC,
    Kind.BY_LAW_PUBLIC: FORMAL_PUBLIC,
    Kind.BY_LAW_BODIES: FORMAL_BODIES,
    Kind.IDEAS: INFORMAL,
    Kind.CONSULTATION: INFORMAL,
}


def test_every_kind_is_in_the_table() -> None:
    assert set(TABLES) == set(Kind) == set(RULES)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("who", Who)
def test_rights_by_role_phase_and_time(kind: Kind, who: Who) -> None:
    got = tuple(rights(kind, who=who, moment=moment) for moment in Moment)
    assert got == tuple(frozenset(LETTERS[x] for x in cell) for cell in TABLES[kind][who])


def test_staff_do_not_submit_at_any_time() -> None:
    submit = {Right.SUBMIT, Right.SUBMIT_LATE}
    for kind in Kind:
        for moment in Moment:
            for who in (Who.PLANNER, Who.MODERATOR):
                assert not submit & rights(kind, who=who, moment=moment)


@pytest.mark.parametrize(
    ("at", "moment"),
    [
        (START - SECOND, Moment.BEFORE),
        (START, Moment.IN),
        (END - SECOND, Moment.IN),
        (END, Moment.AFTER),
        (END + SECOND, Moment.AFTER),
    ],
)
def test_moment_at_the_edges(at: datetime, moment: Moment) -> None:
    assert moment_of(at, start=START, end=END) == moment
    assert moment_of(at, start=START, end=END, decided=True) == Moment.DECIDED


FORMAL = Span(1, Kind.DRAFT_PUBLIC, START, END)
BODIES = Span(2, Kind.DRAFT_BODIES, START, END)
TALK = Span(3, Kind.CONSULTATION, START, END)
EARLY = Span(4, Kind.EARLY_PUBLIC, START - timedelta(days=90), START - timedelta(days=60))


@pytest.mark.parametrize(
    ("spans", "who", "at", "choice"),
    [
        ([FORMAL, BODIES], Who.PUBLIC, START, Choice(1, late=False)),
        ([FORMAL, BODIES], Who.BODY, START, Choice(2, late=False)),
        ([FORMAL], Who.BODY, START, Choice(1, late=False)),
        ([BODIES], Who.PUBLIC, START, None),
        ([FORMAL], Who.PUBLIC, START - SECOND, None),
        ([FORMAL], Who.PUBLIC, END + SECOND, Choice(1, late=True)),
        ([FORMAL, EARLY], Who.PUBLIC, END + SECOND, Choice(1, late=True)),
        ([FORMAL, EARLY], Who.PUBLIC, START - SECOND, Choice(4, late=True)),
        ([FORMAL, BODIES], Who.BODY, END + SECOND, Choice(2, late=True)),
        ([TALK], Who.PUBLIC, END - SECOND, Choice(3, late=False)),
        ([TALK], Who.PUBLIC, END, None),
        ([], Who.PUBLIC, START, None),
    ],
)
def test_phase_that_takes_a_statement(
    spans: list[Span], who: Who, at: datetime, choice: Choice | None
) -> None:
    assert takes(spans, who=who, at=at) == choice


def test_no_statement_after_the_decision() -> None:
    assert takes([FORMAL, TALK], who=Who.PUBLIC, at=END + SECOND, decided=True) is None


@pytest.mark.parametrize("kind", [Kind.DRAFT_PUBLIC, Kind.DRAFT_BODIES])
def test_a_phase_is_measured_by_the_law_of_its_first_day(kind: Kind) -> None:
    first, last = date(2027, 2, 1), date(2027, 3, 2)
    assert shortfall(kind, first_day=first, last_day=last) is None
    short = shortfall(kind, first_day=first, last_day=last - timedelta(days=1))
    assert short is not None
    assert (short.earliest_last_day, short.doubtful) == (last, False)


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.DRAFT_PUBLIC, Kind.DRAFT_BODIES}))
def test_no_other_kind_has_a_minimum(kind: Kind) -> None:
    day = date(2027, 2, 1)
    assert shortfall(kind, first_day=day, last_day=day) is None


def test_what_stands_here_from_memory_is_marked() -> None:
    doubtful = {kind for kind, rule in RULES.items() if not rule.verified}
    assert doubtful == {
        Kind.REPEATED_PUBLIC,
        Kind.REPEATED_BODIES,
        Kind.SIMPLIFIED_PUBLIC,
        Kind.SIMPLIFIED_BODIES,
        Kind.ACCELERATED_PUBLIC,
        Kind.BY_LAW_PUBLIC,
        Kind.BY_LAW_BODIES,
    }


def test_audience_follows_the_kind() -> None:
    bodies = {kind for kind, rule in RULES.items() if rule.audience is Audience.BODIES}
    assert bodies == {kind for kind in Kind if kind.value.endswith("bodies")}
