"""The legal procedure of a Bauleitplan: its steps, where each leads, what has to stand before it, what it sets running.

Pure. What happened is recorded as it happened, also where the law was broken; `problems` says what is wrong with it.
Paragraphs are the Baugesetzbuch's; the order was read in textbooks and the states' planning guides, not ruled by a court here.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from planning import deadlines
from planning.deadlines import Deadline, Shortfall, Term


class Step(StrEnum):
    INITIATION = "initiation"  # § 2 Abs. 1
    EARLY_BODIES = "early_bodies"  # § 4 Abs. 1
    EARLY_PUBLIC = "early_public"  # § 3 Abs. 1
    DRAFT_DECISION = "draft_decision"  # customary, not required: § 3 Abs. 2 knows no such Beschluss
    BODIES = "bodies"  # § 4 Abs. 2
    PUBLICATION = "publication"  # § 3 Abs. 2
    AFFECTED_BODIES = "affected_bodies"  # § 13 Abs. 2 Nr. 3
    AFFECTED_PUBLIC = "affected_public"  # § 13 Abs. 2 Nr. 2
    WEIGHING = "weighing"  # § 1 Abs. 7, § 3 Abs. 2 Satz 6
    REPEATED_BODIES = "repeated_bodies"  # § 4a Abs. 3
    REPEATED_PUBLICATION = "repeated_publication"  # § 4a Abs. 3
    CONTRACT = "contract"  # Durchführungsvertrag, § 12 Abs. 1
    ADOPTION = "adoption"  # § 10 Abs. 1; of a Flächennutzungsplan the Feststellungsbeschluss
    SUBMISSION = "submission"  # the application for approval was received
    APPROVAL = "approval"  # § 6 Abs. 1, § 10 Abs. 2
    ACCESSION = "accession"  # Beitrittsbeschluss to conditions of the approval
    EXECUTION = "execution"  # Ausfertigung
    ANNOUNCEMENT = "announcement"  # § 6 Abs. 5, § 10 Abs. 3: in force
    REPORT = "report"  # § 4 Abs. 3 SächsGemO: the Satzung is reported to the Rechtsaufsicht
    REPAIR = "repair"  # § 214 Abs. 4: ergänzendes Verfahren
    REPEAL = "repeal"  # out of force
    DISCONTINUED = "discontinued"


ORDER = {step: place for place, step in enumerate(Step)}


class Track(StrEnum):
    """Which procedure the law allows; Änderung, Ergänzung and Aufhebung follow the same ones (§ 1 Abs. 8)."""

    FULL = "full"
    SIMPLIFIED = "simplified"  # § 13
    ACCELERATED = "accelerated"  # § 13a
    BY_LAW = "by_law"  # Satzungen under § 34 Abs. 4 and § 35 Abs. 6, as § 13 Abs. 2 Nr. 2, 3


class Standing(StrEnum):
    """How far a plan is; the columns of the board."""

    PREPARED = "prepared"
    INITIATED = "initiated"
    EARLY = "early"
    DRAFT = "draft"
    PUBLISHED = "published"
    WEIGHED = "weighed"
    ADOPTED = "adopted"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    EXECUTED = "executed"
    IN_FORCE = "in_force"
    REPAIRING = "repairing"
    REPEALED = "repealed"
    DISCONTINUED = "discontinued"


_HEARINGS = (Step.BODIES, Step.PUBLICATION, Step.AFFECTED_BODIES, Step.AFFECTED_PUBLIC)
_REPEATED = (Step.REPEATED_BODIES, Step.REPEATED_PUBLICATION)
_EARLY = (Step.EARLY_BODIES, Step.EARLY_PUBLIC)
# What the council decides: whoever is befangen takes no part (§ 20 SächsGemO, zu prüfen).
DECISIONS = frozenset({Step.INITIATION, Step.DRAFT_DECISION, Step.WEIGHING, Step.ADOPTION, Step.ACCESSION})
_ONCE = frozenset({*_HEARINGS, *_EARLY, Step.CONTRACT, Step.REPORT})
# Where a step leads by itself.
_LEADS: dict[Step, Standing] = {
    Step.INITIATION: Standing.INITIATED,
    **dict.fromkeys(_EARLY, Standing.EARLY),
    Step.DRAFT_DECISION: Standing.DRAFT,
    **dict.fromkeys((*_HEARINGS, *_REPEATED), Standing.PUBLISHED),
    Step.WEIGHING: Standing.WEIGHED,
    Step.ADOPTION: Standing.ADOPTED,
    Step.SUBMISSION: Standing.SUBMITTED,
    Step.APPROVAL: Standing.APPROVED,
    Step.ACCESSION: Standing.APPROVED,
    Step.EXECUTION: Standing.EXECUTED,
    Step.ANNOUNCEMENT: Standing.IN_FORCE,
    Step.REPAIR: Standing.REPAIRING,
    Step.REPEAL: Standing.REPEALED,
    Step.DISCONTINUED: Standing.DISCONTINUED,
}
# Which steps may come next; the first ones first.
_NEXT: dict[Standing, tuple[Step, ...]] = {
    Standing.PREPARED: (Step.INITIATION, *_EARLY, Step.DRAFT_DECISION),
    Standing.INITIATED: (*_EARLY, Step.DRAFT_DECISION, Step.CONTRACT, Step.DISCONTINUED),
    Standing.EARLY: (*_EARLY, Step.DRAFT_DECISION, Step.CONTRACT, Step.DISCONTINUED),
    Standing.DRAFT: (*_HEARINGS, *_REPEATED, Step.CONTRACT, Step.DISCONTINUED),
    Standing.PUBLISHED: (*_HEARINGS, Step.WEIGHING, *_REPEATED, Step.DRAFT_DECISION, Step.CONTRACT, Step.DISCONTINUED),
    Standing.WEIGHED: (Step.CONTRACT, Step.ADOPTION, *_REPEATED, Step.DRAFT_DECISION, Step.DISCONTINUED),
    Standing.ADOPTED: (Step.SUBMISSION, Step.REPORT, Step.EXECUTION, Step.DISCONTINUED),
    Standing.SUBMITTED: (Step.APPROVAL, Step.DISCONTINUED),
    Standing.APPROVED: (Step.ACCESSION, Step.EXECUTION, Step.REPORT, Step.DISCONTINUED),
    Standing.EXECUTED: (Step.ANNOUNCEMENT, Step.REPORT, Step.DISCONTINUED),
    Standing.IN_FORCE: (Step.REPORT, Step.REPAIR, Step.REPEAL),
    Standing.REPAIRING: (
        Step.DRAFT_DECISION, *_REPEATED, Step.WEIGHING, Step.ADOPTION, Step.EXECUTION, Step.ANNOUNCEMENT, Step.REPEAL,
    ),
    Standing.REPEALED: (),
    Standing.DISCONTINUED: (Step.INITIATION,),
}  # fmt: skip
TABLE: dict[tuple[Standing, Step], Standing] = {
    (standing, step): _LEADS.get(step, standing) for standing, steps in _NEXT.items() for step in steps
}
TERMS: dict[Step, Term] = {
    **dict.fromkeys(_EARLY, Term.EARLY),
    Step.PUBLICATION: Term.PUBLICATION,
    Step.BODIES: Term.BODIES,
    **dict.fromkeys((Step.AFFECTED_PUBLIC, Step.AFFECTED_BODIES), Term.SIMPLIFIED),
    **dict.fromkeys(_REPEATED, Term.REPEATED),
}


@dataclass(frozen=True, slots=True)
class Case:
    """What the law makes depend on the plan. needs_approval: None where nobody said."""

    plan_type: str
    track: Track = Track.FULL
    on_project: bool = False  # § 12
    needs_approval: bool | None = None
    is_freeze: bool = False  # Veränderungssperre, § 14

    @property
    def is_bylaw(self) -> bool:
        """A Satzung of the town, not a Flächennutzungsplan."""
        return self.plan_type != "FP"


@dataclass(frozen=True, slots=True)
class Entry:
    """A step as recorded. until: last day of a hearing; announced: day of its notice; certain: not by hearsay."""

    key: str
    step: Step
    on: date
    until: date | None = None
    announced: date | None = None
    certain: bool = True

    @property
    def end(self) -> date:
        return self.until or self.on


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the law wants otherwise. code: what; key: of which entry; other: the step or day meant; doubtful: "zu prüfen"."""

    code: str
    key: str
    other: str = ""
    paragraph: str = ""
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A period that an entry set running."""

    key: str
    deadline: Deadline


def after(standing: Standing, step: Step) -> Standing:
    """The standing that follows; a step outside the table leads where it leads by itself."""
    return TABLE.get((standing, step), _LEADS.get(step, standing))


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.on, ORDER[entry.step], entry.key))


def standing_of(entries: Iterable[Entry], *, on: date) -> Standing:
    """How far the plan is on this day; what lies ahead is planned, no more."""
    standing = Standing.PREPARED
    for entry in in_order(entries):
        if entry.on <= on:
            standing = after(standing, entry.step)
    return standing


def coming(standing: Standing, case: Case, *, done: Container[Step] = ()) -> list[tuple[Step, bool]]:
    """Steps that may come next, and whether the law wants each of this plan (False: it may be left out).

    done: what was recorded; a hearing is not offered twice: its repetition is a step of its own."""
    offered = (step for step in _NEXT[standing] if not (step in _ONCE and step in done))
    return [(step, _is_wanted(step, case)) for step in offered if _fits(step, case)]


def _fits(step: Step, case: Case) -> bool:
    if step in (Step.AFFECTED_BODIES, Step.AFFECTED_PUBLIC):
        return case.track is not Track.FULL
    if step in (Step.SUBMISSION, Step.APPROVAL, Step.ACCESSION):
        return case.needs_approval is not False
    return step is not Step.CONTRACT or case.on_project


def _is_wanted(step: Step, case: Case) -> bool:
    """The step is of the main line and no choice between others."""
    if step in (*_EARLY, Step.BODIES, Step.PUBLICATION):
        return case.track is Track.FULL
    if step in (Step.SUBMISSION, Step.APPROVAL):
        return bool(case.needs_approval)
    if step is Step.REPORT:
        return case.is_bylaw
    return step in (
        Step.INITIATION,
        Step.WEIGHING,
        Step.CONTRACT,
        Step.ADOPTION,
        Step.EXECUTION,
        Step.ANNOUNCEMENT,
    )


def dues(entries: Iterable[Entry], case: Case) -> list[Due]:
    """Periods that began with what happened, in the order of their ends."""
    found = [
        Due(entry.key, running)
        for entry in entries
        for term in _started(entry, case)
        if (running := deadlines.deadline(term, entry.on)) is not None
    ]
    return sorted(found, key=lambda due: (due.deadline.last_day, due.deadline.rule.term))


def _started(entry: Entry, case: Case) -> tuple[Term, ...]:
    if entry.step is Step.SUBMISSION:
        return (Term.BP_APPROVAL if case.is_bylaw else Term.FP_APPROVAL,)
    if entry.step is Step.ANNOUNCEMENT:
        bylaw = (Term.FORM_DEFECTS, Term.JUDICIAL_REVIEW) if case.is_bylaw else ()
        freeze = (Term.FREEZE, Term.FREEZE_EXTENDED) if case.is_freeze else ()
        return (Term.OBJECTIONS, *bylaw, *freeze)
    return (TERMS[entry.step],) if entry.step in TERMS else ()


def problems(entries: Iterable[Entry], case: Case) -> list[Problem]:
    """What the law wants otherwise, in the order of the entries."""
    rows = in_order(entries)
    return [problem for entry in rows for problem in _problems_of(entry, rows, case)]


def _problems_of(entry: Entry, rows: list[Entry], case: Case) -> Iterator[Problem]:
    yield from _wrong_period(entry)
    yield from _late_notice(entry)
    for choice, doubtful in _required(entry.step, case):
        earlier = [row for row in rows if row.step in choice and row.on <= entry.on and row.key != entry.key]
        if not earlier:
            # who knows a step by hearsay alone can't say that one before it was left out
            yield Problem("missing", entry.key, choice[0].value, doubtful=doubtful or not entry.certain)
        elif entry.step in (Step.WEIGHING, Step.ADOPTION) and any(row.end >= entry.on for row in earlier if row.step in TERMS):  # fmt: skip
            yield Problem("hearing_runs", entry.key, earlier[-1].step.value)
        elif entry.step is Step.ANNOUNCEMENT and Step.EXECUTION in choice and earlier[-1].on == entry.on:
            yield Problem("executed_same_day", entry.key, Step.EXECUTION.value, doubtful=True)


def _wrong_period(entry: Entry) -> Iterator[Problem]:
    term = TERMS.get(entry.step)
    if term is None:
        return
    if entry.until is None:
        yield Problem("no_end", entry.key)
        return
    short: Shortfall | None = deadlines.shortfall(term, first_day=entry.on, last_day=entry.until)
    if short is not None:
        code = "rest_day" if short.doubtful else "too_short"
        uncertain = short.doubtful or not short.rule.verified
        yield Problem(code, entry.key, short.earliest_last_day.isoformat(), short.rule.paragraph, uncertain)


def _late_notice(entry: Entry) -> Iterator[Problem]:
    latest = deadlines.latest_notice(entry.on) if entry.step is Step.PUBLICATION else None
    if latest is None:
        return
    day, rule = latest
    if entry.announced is None:
        yield Problem("no_notice", entry.key, day.isoformat(), rule.paragraph, doubtful=True)
    elif entry.announced > day:
        yield Problem("late_notice", entry.key, day.isoformat(), rule.paragraph, not rule.verified)


Need = tuple[tuple[Step, ...], bool]


def _required(step: Step, case: Case) -> list[Need]:
    """What has to stand before: of each choice one step; True where its lack is only worth a look."""
    full, approval = case.track is Track.FULL, case.needs_approval
    public: tuple[Step, ...] = (Step.PUBLICATION,) if full else (Step.PUBLICATION, Step.AFFECTED_PUBLIC)
    bodies: tuple[Step, ...] = (Step.BODIES,) if full else (Step.BODIES, Step.AFFECTED_BODIES)
    heard: list[Need] = [(public, False), (bodies, False)]
    approved: list[Need] = [((Step.APPROVAL,), approval is None)] if approval is not False else []
    adopted: Need = ((Step.ADOPTION,), False)
    needs: dict[Step, list[Need]] = {
        # § 3 Abs. 1 Satz 3: the early hearing may be left out for a reason
        Step.PUBLICATION: [((Step.EARLY_PUBLIC,), True)] if full else [],
        Step.BODIES: [((Step.EARLY_BODIES,), True)] if full else [],
        Step.WEIGHING: heard,
        # § 12 Abs. 1 Satz 1: the contract comes first
        Step.ADOPTION: [*heard, ((Step.WEIGHING,), False), *([((Step.CONTRACT,), False)] if case.on_project else [])],
        Step.APPROVAL: [adopted],
        Step.EXECUTION: [adopted, *approved],
        Step.ANNOUNCEMENT: [adopted, *approved, ((Step.EXECUTION,), False)],
    }  # fmt: skip
    return needs.get(step, [])
