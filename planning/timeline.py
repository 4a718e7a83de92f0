"""The legal procedure of a plan as its page tells it: each step with its papers, periods and problems."""

from dataclasses import dataclass, field
from datetime import date

from planning import legal_words, proceedings
from planning.models import Plan, ProcedureStep, StepDocument
from planning.steps import DECISIONS, Due, Entry, Problem, Standing, Step, coming, dues, problems


@dataclass(frozen=True)
class Note:
    """A sentence at a step. level: of an alert; doubtful: "zu prüfen"."""

    text: str
    level: str = "info"
    doubtful: bool = False
    code: str = ""


@dataclass
class Item:
    """A step on the timeline. step: None where only the file states it."""

    entry: Entry
    title: str
    state: str  # done, current or empty: to come
    step: ProcedureStep | None = None
    notes: list[Note] = field(default_factory=list)
    periods: list[Note] = field(default_factory=list)
    papers: list[StepDocument] = field(default_factory=list)

    @property
    def doubts(self) -> list[Note]:
        return [note for note in self.notes if note.doubtful]

    @property
    def problems(self) -> list[Note]:
        return [note for note in self.notes if not note.doubtful]


@dataclass(frozen=True)
class Story:
    """All of a plan's procedure on one day."""

    items: list[Item]
    standing: Standing
    certain: bool
    next_steps: list[tuple[str, str, bool]]  # code, words, whether the law wants it


def tell(plan: Plan, *, on: date) -> Story:
    """For the staff: with hearsay, corrections counted in, and what may come next."""
    steps = proceedings.current_steps(plan)
    entries = proceedings.entries_of(plan, steps, plan.current_version)
    case = proceedings.case_of(plan)
    standing, certain = proceedings.standing_at(plan, entries, on=on)
    by_key = {str(step.entry): step for step in steps}
    items = [
        Item(entry, legal_words.step_words(entry.step), _state(entry, on), by_key.get(entry.key))
        for entry in entries
    ]
    _add_notes(items, problems(entries, case), dues(entries, case))
    _add_bias(items)
    _add_papers(plan, items)
    offered = coming(standing, case, done={entry.step for entry in entries})
    following = [(step.value, legal_words.step_words(step), needed) for step, needed in offered]
    return Story(items, standing, certain, following)


def _state(entry: Entry, on: date) -> str:
    if entry.on > on:
        return ""
    return "current" if entry.until is not None and on <= entry.until else "done"


def _add_notes(items: list[Item], wrong: list[Problem], running: list[Due]) -> None:
    by_key = {item.entry.key: item for item in items}
    for problem in wrong:
        level = "info" if problem.doubtful else "warning"
        words = legal_words.problem_words(problem)
        by_key[problem.key].notes.append(Note(words, level, problem.doubtful, problem.code))
    for due in running:
        item = by_key[due.key]
        if item.entry.until is not None and item.entry.step is not Step.SUBMISSION:
            continue  # the end is known; whether it is late enough is said above
        shift = legal_words.shift_words(due.deadline)
        words = legal_words.deadline_words(due.deadline)
        text = f"{words}. {shift}" if shift else words
        item.periods.append(
            Note(text, doubtful=not due.deadline.rule.verified or bool(shift), code=due.deadline.rule.term)
        )


def _add_bias(items: list[Item]) -> None:
    """At decisions of the council whose note says nothing of it."""
    for item in items:
        if item.entry.step in DECISIONS and item.step and "befangen" not in item.step.note.casefold():
            item.notes.append(Note(legal_words.bias_words(), doubtful=True, code="bias"))


def _add_papers(plan: Plan, items: list[Item]) -> None:
    by_entry = {item.step.entry: item for item in items if item.step is not None}
    for paper in StepDocument.objects.filter(plan=plan).select_related("step"):
        if paper.step.entry in by_entry:
            by_entry[paper.step.entry].papers.append(paper)
