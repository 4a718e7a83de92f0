"""Phases of a participation: which kinds there are, who may do what before, in and after them, how long the law wants them.

Pure tables; days are civil days, moments are aware. The periods of the law are planning.deadlines' rules.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from planning import deadlines
from planning.deadlines import Shortfall, Term, is_verified


class Audience(StrEnum):
    PUBLIC = "public"  # Öffentlichkeit
    BODIES = "bodies"  # Behörden und sonstige Träger öffentlicher Belange


class Kind(StrEnum):
    """Kinds of phases; all but the last two are steps of the Baugesetzbuch."""

    EARLY_PUBLIC = "early_public"
    EARLY_BODIES = "early_bodies"
    DRAFT_PUBLIC = "draft_public"
    DRAFT_BODIES = "draft_bodies"
    REPEATED_PUBLIC = "repeated_public"
    REPEATED_BODIES = "repeated_bodies"
    SIMPLIFIED_PUBLIC = "simplified_public"
    SIMPLIFIED_BODIES = "simplified_bodies"
    ACCELERATED_PUBLIC = "accelerated_public"
    CONSENT_HEARING = "consent_hearing"
    BY_LAW_PUBLIC = "by_law_public"
    BY_LAW_BODIES = "by_law_bodies"
    IDEAS = "ideas"
    CONSULTATION = "consultation"


class Who(StrEnum):
    """In which part somebody acts. Staff is no third part: who submits is public or a body, also from the town hall."""

    PUBLIC = "public"
    BODY = "body"
    PLANNER = "planner"
    MODERATOR = "moderator"


class Moment(StrEnum):
    BEFORE = "before"
    IN = "in"
    AFTER = "after"
    DECIDED = "decided"  # the council has decided, or the town has closed an informal procedure


class Right(StrEnum):
    READ = "read"  # the phase with its documents and what was published of the statements
    SUBMIT = "submit"
    SUBMIT_LATE = "submit_late"  # accepted, stamped "verspätet"
    MODERATE = "moderate"  # decides on publication, never on weighing
    ANSWER = "answer"  # a public official answer
    VOTE = "vote"  # support of a published statement


@dataclass(frozen=True, slots=True)
class Rule:
    """What makes up a kind. paragraph: of the Baugesetzbuch, empty for informal kinds; term: its period in the law."""

    audience: Audience
    paragraph: str = ""
    term: Term | None = None

    @property
    def verified(self) -> bool:
        """Not shown as "zu prüfen"."""
        return self.term is None or is_verified(self.term)

    @property
    def published(self) -> bool:
        """The draft is published as § 3 Abs. 2 BauGB says, with its notices."""
        return self.audience is Audience.PUBLIC and self.term in (Term.PUBLICATION, Term.REPEATED)

    @property
    def formal(self) -> bool:
        return bool(self.paragraph)


@dataclass(frozen=True, slots=True)
class Span:
    """A phase for the choice of the one that takes a statement: [start, end), aware moments; key: its id."""

    key: int
    kind: Kind
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """The phase that takes a statement, and whether it comes late."""

    key: int
    late: bool


_PUBLIC, _BODIES = Audience.PUBLIC, Audience.BODIES

RULES: dict[Kind, Rule] = {
    Kind.EARLY_PUBLIC: Rule(_PUBLIC, "§ 3 Abs. 1", Term.EARLY),
    Kind.EARLY_BODIES: Rule(_BODIES, "§ 4 Abs. 1", Term.EARLY),
    Kind.DRAFT_PUBLIC: Rule(_PUBLIC, "§ 3 Abs. 2", Term.PUBLICATION),
    Kind.DRAFT_BODIES: Rule(_BODIES, "§ 4 Abs. 2", Term.BODIES),
    Kind.REPEATED_PUBLIC: Rule(_PUBLIC, "§ 4a Abs. 3", Term.REPEATED),  # may be shortened, limited to changes
    Kind.REPEATED_BODIES: Rule(_BODIES, "§ 4a Abs. 3", Term.REPEATED),
    Kind.SIMPLIFIED_PUBLIC: Rule(_PUBLIC, "§ 13 Abs. 2", Term.SIMPLIFIED),
    Kind.SIMPLIFIED_BODIES: Rule(_BODIES, "§ 13 Abs. 2", Term.SIMPLIFIED),
    Kind.ACCELERATED_PUBLIC: Rule(_PUBLIC, "§ 13a Abs. 3", Term.SIMPLIFIED),
    Kind.CONSENT_HEARING: Rule(_PUBLIC, "§ 36a Abs. 2", Term.CONSENT_HEARING),
    Kind.BY_LAW_PUBLIC: Rule(_PUBLIC, "§ 34 Abs. 6, § 35 Abs. 6", Term.SIMPLIFIED),
    Kind.BY_LAW_BODIES: Rule(_BODIES, "§ 34 Abs. 6, § 35 Abs. 6", Term.SIMPLIFIED),
    Kind.IDEAS: Rule(_PUBLIC),
    Kind.CONSULTATION: Rule(_PUBLIC),
}

_READ = frozenset({Right.READ})
_SUBMIT = frozenset({Right.READ, Right.SUBMIT})
_LATE = frozenset({Right.READ, Right.SUBMIT_LATE})
_VOTE = frozenset({Right.VOTE})
_NOTHING = frozenset[Right]()
_MODERATOR = frozenset({Right.READ, Right.MODERATE})
_PLANNER = _MODERATOR | {Right.ANSWER}

# Who submits (the audience of the phase), by moment.
_SUBMITTING: dict[tuple[bool, Moment], frozenset[Right]] = {
    (True, Moment.BEFORE): _READ,
    (True, Moment.IN): _SUBMIT,
    (True, Moment.AFTER): _LATE,
    (True, Moment.DECIDED): _READ,
    (False, Moment.BEFORE): _READ,
    (False, Moment.IN): _SUBMIT | _VOTE,
    (False, Moment.AFTER): _READ,
    (False, Moment.DECIDED): _READ,
}
# Who works on it. No public official answer in a formal phase before the decision.
_WORKING: dict[tuple[bool, Moment], dict[Who, frozenset[Right]]] = {
    **{
        (True, moment): {Who.PLANNER: _MODERATOR, Who.MODERATOR: _MODERATOR}
        for moment in (Moment.BEFORE, Moment.IN, Moment.AFTER)
    },
    (True, Moment.DECIDED): {Who.PLANNER: _PLANNER, Who.MODERATOR: _MODERATOR},
    **{(False, moment): {Who.PLANNER: _PLANNER, Who.MODERATOR: _MODERATOR} for moment in Moment},
}


def rights(kind: Kind, *, who: Who, moment: Moment) -> frozenset[Right]:
    """What somebody may do. A body counts as public in a phase for the public; the public reads a bodies' phase never."""
    rule = RULES[kind]
    if who in (Who.PLANNER, Who.MODERATOR):
        return _WORKING[rule.formal, moment][who]
    if rule.audience is Audience.BODIES and who is Who.PUBLIC:
        return _NOTHING
    return _SUBMITTING[rule.formal, moment]


def moment_of(at: datetime, *, start: datetime, end: datetime, decided: bool = False) -> Moment:
    """Where `at` lies; the end itself is after: a phase to 2 March ends at 0:00 of 3 March."""
    if decided:
        return Moment.DECIDED
    if at < start:
        return Moment.BEFORE
    return Moment.IN if at < end else Moment.AFTER


def takes(spans: Iterable[Span], *, who: Who, at: datetime, decided: bool = False) -> Choice | None:
    """The phase that takes a statement made at this moment: a running one first, else the formal one that ended last."""
    running: list[Span] = []
    ended: list[Span] = []
    for span in spans:
        allowed = rights(
            span.kind, who=who, moment=moment_of(at, start=span.start, end=span.end, decided=decided)
        )
        running += [span] if Right.SUBMIT in allowed else []
        ended += [span] if Right.SUBMIT_LATE in allowed else []
    if running:
        # A body in a running phase of its own rather than in the public's.
        return Choice(max(running, key=lambda s: (_is_own(s, who), s.start)).key, late=False)
    if ended:
        return Choice(max(ended, key=lambda s: (_is_own(s, who), s.end)).key, late=True)
    return None


def _is_own(span: Span, who: Who) -> bool:
    return (RULES[span.kind].audience is Audience.BODIES) == (who is Who.BODY)


def shortfall(kind: Kind, *, first_day: date, last_day: date) -> Shortfall | None:
    """Whether the phase is shorter than the law wants; both days belong to it."""
    term = RULES[kind].term
    return deadlines.shortfall(term, first_day=first_day, last_day=last_day) if term else None
