"""The law's steps, periods and problems in words. Terms of the law stay German; "zu prüfen" marks what nobody has verified."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from planning.deadlines import Bound, Deadline, Term, holiday
from planning.models import StepKind
from planning.steps import Problem


def step_words(step: str) -> str:
    return str(StepKind(step).label)


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def term_words(term: Term) -> str:
    """What a period is for."""
    words = {
        Term.EARLY: _("Early participation"),
        Term.NOTICE: _("Announcement before the publication"),
        Term.PUBLICATION: _("Publication on the internet"),
        Term.BODIES: _("Statements of the bodies"),
        Term.REPEATED: _("Repeated participation"),
        Term.SIMPLIFIED: _("Participation of those affected"),
        Term.FP_APPROVAL: _("Decision on the approval"),
        Term.BP_APPROVAL: _("Decision on the approval"),
        Term.OBJECTIONS: _("Objections to mistakes of the procedure and of the Abwägung"),
        Term.FORM_DEFECTS: _("Objections to mistakes of form under municipal law"),
        Term.JUDICIAL_REVIEW: _("Normenkontrolle at the Oberverwaltungsgericht"),
        Term.CONSENT: _("Consent of the municipality"),
        Term.CONSENT_HEARING: _("Hearing before the consent"),
        Term.HOUSING: _("Deviations for housing"),
        Term.FREEZE: _("Veränderungssperre, less the time of an earlier Zurückstellung (§ 15 BauGB)"),
        Term.FREEZE_EXTENDED: _("Veränderungssperre, if extended by a year"),
    }
    return words[term]


def deadline_words(deadline: Deadline) -> str:
    """When a period ends and what follows, with its paragraph."""
    rule = deadline.rule
    values = {"what": term_words(rule.term), "day": _day(deadline.last_day), "paragraph": rule.paragraph}
    words = {
        Bound.AT_LEAST: _("%(what)s: at least until %(day)s (%(paragraph)s)"),
        Bound.AT_MOST: _("%(what)s: until %(day)s at the latest (%(paragraph)s)"),
        Bound.FICTION: _("%(what)s: counts as given after %(day)s (%(paragraph)s)"),
        Bound.LAPSE: _("%(what)s: until %(day)s (%(paragraph)s)"),
    }
    return words[rule.bound] % values


def shift_words(deadline: Deadline) -> str:
    """Why and whereto an end on a day of rest may move; empty on a working day."""
    if not deadline.is_shifted:
        return ""
    rest = holiday(deadline.last_day) or date_format(deadline.last_day, "l")
    return _("The last day is a day of rest (%(rest)s): under § 193 BGB the period may end on %(day)s only.") % {
        "rest": rest,
        "day": _day(deadline.shifted),
    }  # fmt: skip


def bias_words() -> str:
    """What a decision of the council wants noted besides."""
    return _("Befangenheit: whoever is befangen neither advises nor decides (§ 20 SächsGemO). Say in the note that this was asked and how many took no part, without names.")  # fmt: skip


def problem_words(problem: Problem) -> str:
    """What the law wants otherwise."""
    words = {
        "missing": _("Before this step there is no “%(step)s”."),
        "hearing_runs": _("“%(step)s” had not ended yet."),
        "executed_same_day": _("The Ausfertigung has to come before the Bekanntmachung; both are of the same day."),
        "no_end": _("The last day is not recorded."),
        "too_short": _("Shorter than %(paragraph)s allows: at least until %(day)s."),
        "rest_day": _("Ends on a day of rest: whether %(paragraph)s then runs on is disputed. Until %(day)s is safe."),
        "no_notice": _("No announcement is recorded; it had to come by %(day)s (%(paragraph)s)."),
        "late_notice": _("Announced too late: by %(day)s at the latest (%(paragraph)s)."),
    }  # fmt: skip
    is_day = problem.code in ("too_short", "rest_day", "no_notice", "late_notice")
    return words[problem.code] % {
        "step": "" if is_day or not problem.other else step_words(problem.other),
        "day": _day(date.fromisoformat(problem.other)) if is_day else "",
        "paragraph": problem.paragraph,
    }
