"""The order of the law, by whole procedures written out by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from planning.deadlines import Term
from planning.steps import (
    TABLE,
    Case,
    Entry,
    Standing,
    Step,
    Track,
    after,
    coming,
    dues,
    problems,
    standing_of,
)

BP, FP = Case("BP", needs_approval=False), Case("FP", needs_approval=True)
LATE = date(2030, 1, 1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def entry(step: Step, on: str, until: str = "", announced: str = "", key: str = "") -> Entry:
    return Entry(
        key or step.value,
        step,
        day(on),
        day(until) if until else None,
        day(announced) if announced else None,
    )


FULL = [
    entry(Step.INITIATION, "2026-01-20"),
    entry(Step.EARLY_BODIES, "2026-03-02", "2026-04-02"),
    entry(Step.EARLY_PUBLIC, "2026-03-02", "2026-03-20"),
    entry(Step.DRAFT_DECISION, "2026-09-01"),
    entry(Step.BODIES, "2026-09-14", "2026-10-14"),
    entry(Step.PUBLICATION, "2026-09-14", "2026-10-14", announced="2026-09-04"),
    entry(Step.WEIGHING, "2026-12-01"),
    entry(Step.ADOPTION, "2026-12-01"),
    entry(Step.EXECUTION, "2026-12-08"),
    entry(Step.ANNOUNCEMENT, "2026-12-18"),
]


def without(*steps: Step) -> list[Entry]:
    return [row for row in FULL if row.step not in steps]


def found(rows: list[Entry], case: Case = BP) -> set[tuple[str, str, str, bool]]:
    return {(one.code, one.key, one.other, one.doubtful) for one in problems(rows, case)}


def test_a_full_procedure_in_order_has_no_problem_and_ends_in_force() -> None:
    assert problems(FULL, BP) == []
    standings = [standing_of(FULL[:count], on=LATE) for count in range(len(FULL) + 1)]
    assert standings == [
        Standing.PREPARED,
        Standing.INITIATED,
        Standing.EARLY,
        Standing.EARLY,
        Standing.DRAFT,
        Standing.PUBLISHED,
        Standing.PUBLISHED,
        Standing.WEIGHED,
        Standing.ADOPTED,
        Standing.EXECUTED,
        Standing.IN_FORCE,
    ]


def test_the_order_of_recording_does_not_matter_and_the_future_does_not_count() -> None:
    assert standing_of(reversed(FULL), on=LATE) is Standing.IN_FORCE
    assert standing_of(FULL, on=day("2026-12-17")) is Standing.EXECUTED
    assert standing_of(FULL, on=day("2026-01-19")) is Standing.PREPARED


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        (Step.EXECUTION, {("missing", "announcement", "execution", False)}),
        (
            Step.PUBLICATION,
            {("missing", "weighing", "publication", False), ("missing", "adoption", "publication", False)},
        ),
        (Step.WEIGHING, {("missing", "adoption", "weighing", False)}),
        (Step.EARLY_PUBLIC, {("missing", "publication", "early_public", True)}),
        (Step.INITIATION, set()),  # no condition of validity
        (Step.DRAFT_DECISION, set()),  # § 3 Abs. 2 BauGB asks for none
    ],
)
def test_a_step_left_out_is_named(left_out: Step, missing: set[tuple[str, str, str, bool]]) -> None:
    assert found(without(left_out)) == missing


def test_what_a_step_known_by_hearsay_lacks_is_only_worth_a_look() -> None:
    """Of an old plan only the day in force is known; that says nothing of what the council did."""
    (alone,) = (replace(row, certain=False) for row in FULL if row.step is Step.ANNOUNCEMENT)
    assert {problem.doubtful for problem in problems([alone], BP)} == {True}
    assert False in {problem.doubtful for problem in problems([replace(alone, certain=True)], BP)}


def test_announcement_before_the_execution_is_a_mistake_and_on_its_day_a_doubt() -> None:
    rows = without(Step.EXECUTION)
    assert found([*rows, entry(Step.EXECUTION, "2026-12-19")]) == {
        ("missing", "announcement", "execution", False)
    }
    assert found([*rows, entry(Step.EXECUTION, "2026-12-18")]) == {
        ("executed_same_day", "announcement", "execution", True)
    }


def test_weighing_while_the_publication_still_runs() -> None:
    rows = [*without(Step.WEIGHING), entry(Step.WEIGHING, "2026-10-14")]
    assert found(rows) == {("hearing_runs", "weighing", "publication", False), ("hearing_runs", "weighing", "bodies", False)}  # fmt: skip


@pytest.mark.parametrize(
    ("publication", "problem"),
    [
        (("2026-09-14", "2026-10-12", "2026-09-04"), ("too_short", "2026-10-13", False)),
        (("2026-10-19", "2026-11-18", "2026-10-09"), ("rest_day", "2026-11-19", True)),  # Buß- und Bettag
        (("2026-09-14", "", "2026-09-04"), ("no_end", "", False)),
        (("2026-09-14", "2026-10-14", "2026-09-14"), ("late_notice", "2026-09-13", False)),
        (("2026-09-14", "2026-10-14", ""), ("no_notice", "2026-09-13", True)),
        (("2022-09-14", "2022-10-14", "2022-09-07"), ("late_notice", "2022-09-06", False)),
        (("2022-09-14", "2022-10-12", "2022-09-01"), ("too_short", "2022-10-13", True)),  # from memory
    ],
)
def test_period_and_notice_of_a_publication(
    publication: tuple[str, str, str], problem: tuple[str, str, bool]
) -> None:
    row = entry(Step.PUBLICATION, *publication)
    case = Case("BP", Track.SIMPLIFIED, needs_approval=False)
    assert [(one.code, one.other, one.doubtful) for one in problems([row], case)] == [problem]


def test_a_land_use_plan_needs_its_approval_and_a_zoning_plan_perhaps() -> None:
    assert found(FULL, FP) == {
        ("missing", "execution", "approval", False),
        ("missing", "announcement", "approval", False),
    }
    assert {doubtful for *_, doubtful in found(FULL, Case("BP"))} == {True}
    approved = [
        *FULL,
        entry(Step.SUBMISSION, "2026-12-02"),
        entry(Step.APPROVAL, "2026-12-07"),
    ]
    assert found(approved, FP) == set()
    assert standing_of(approved, on=day("2026-12-07")) is Standing.APPROVED


def test_simplified_procedure_hears_those_affected_alone() -> None:
    case = Case("BP", Track.SIMPLIFIED, needs_approval=False)
    rows = [
        *without(Step.EARLY_BODIES, Step.EARLY_PUBLIC, Step.BODIES, Step.PUBLICATION),
        entry(Step.AFFECTED_PUBLIC, "2026-09-14", "2026-09-28"),
        entry(Step.AFFECTED_BODIES, "2026-09-14", "2026-09-28"),
    ]
    assert found(rows, case) == set()
    assert ("missing", "adoption", "publication", False) in found(rows)


def test_plan_on_a_project_needs_its_contract_before_the_council_adopts() -> None:
    case = Case("BP", on_project=True, needs_approval=False)
    assert found(FULL, case) == {("missing", "adoption", "contract", False)}
    assert found([*FULL, entry(Step.CONTRACT, "2026-11-30")], case) == set()
    assert found([*FULL, entry(Step.CONTRACT, "2026-12-02")], case) == {
        ("missing", "adoption", "contract", False)
    }


def test_changed_draft_is_published_again() -> None:
    rows = [
        *without(Step.ADOPTION, Step.EXECUTION, Step.ANNOUNCEMENT),
        entry(Step.REPEATED_PUBLICATION, "2027-01-11", "2027-01-25"),
    ]
    assert standing_of(rows, on=LATE) is Standing.PUBLISHED
    assert found(rows) == set()  # the law names no number: "angemessen"
    again = [*rows, entry(Step.WEIGHING, "2027-03-01", key="again")]
    assert standing_of(again, on=LATE) is Standing.WEIGHED


@pytest.mark.parametrize(
    ("standing", "case", "expected"),
    [
        (
            Standing.INITIATED,
            BP,
            [
                (Step.EARLY_BODIES, True),
                (Step.EARLY_PUBLIC, True),
                (Step.DRAFT_DECISION, False),
                (Step.DISCONTINUED, False),
            ],
        ),
        (Standing.ADOPTED, BP, [(Step.REPORT, True), (Step.EXECUTION, True), (Step.DISCONTINUED, False)]),
        (
            Standing.ADOPTED,
            FP,
            [
                (Step.SUBMISSION, True),
                (Step.REPORT, False),
                (Step.EXECUTION, True),
                (Step.DISCONTINUED, False),
            ],
        ),
        (Standing.EXECUTED, BP, [(Step.ANNOUNCEMENT, True), (Step.REPORT, True), (Step.DISCONTINUED, False)]),
        (Standing.REPEALED, BP, []),
    ],
)
def test_what_comes_next(standing: Standing, case: Case, expected: list[tuple[Step, bool]]) -> None:
    assert coming(standing, case) == expected


def test_a_hearing_is_not_offered_twice_and_a_new_draft_only_if_needed() -> None:
    done = {Step.PUBLICATION, Step.BODIES}
    assert coming(Standing.PUBLISHED, BP, done=done) == [
        (Step.WEIGHING, True),
        (Step.REPEATED_BODIES, False),
        (Step.REPEATED_PUBLICATION, False),
        (Step.DRAFT_DECISION, False),
        (Step.DISCONTINUED, False),
    ]


def test_every_standing_is_reached_and_every_step_leads_somewhere() -> None:
    assert set(TABLE.values()) == set(Standing) - {Standing.PREPARED}
    assert {step for _, step in TABLE} == set(Step)
    assert after(Standing.ADOPTED, Step.REPORT) is Standing.ADOPTED
    assert (
        after(Standing.PREPARED, Step.ANNOUNCEMENT) is Standing.IN_FORCE
    )  # of an old plan nothing else is known


def test_announcement_and_submission_set_periods_running() -> None:
    rows = [entry(Step.SUBMISSION, "2026-12-01"), entry(Step.ANNOUNCEMENT, "2026-12-18")]
    assert [(due.deadline.rule.term, due.deadline.last_day) for due in dues(rows, BP)] == [
        (Term.BP_APPROVAL, date(2027, 1, 1)),
        (Term.FORM_DEFECTS, date(2027, 12, 18)),
        (Term.JUDICIAL_REVIEW, date(2027, 12, 18)),
        (Term.OBJECTIONS, date(2027, 12, 18)),
    ]
    assert [due.deadline.rule.term for due in dues(rows, FP)] == [Term.FP_APPROVAL, Term.OBJECTIONS]
    new_year = dues(rows, BP)[0].deadline
    assert new_year.shifted - new_year.last_day == timedelta(days=3)  # Friday, 1 January, to Monday


def test_a_veraenderungssperre_ends_by_itself() -> None:
    rows = [entry(Step.ANNOUNCEMENT, "2026-12-18")]
    case = Case("SO", needs_approval=False, is_freeze=True)
    ends = {due.deadline.rule.term: due.deadline.last_day for due in dues(rows, case)}
    assert (ends[Term.FREEZE], ends[Term.FREEZE_EXTENDED]) == (date(2028, 12, 18), date(2029, 12, 18))
    assert Term.FREEZE not in {due.deadline.rule.term for due in dues(rows, Case("SO", needs_approval=False))}
