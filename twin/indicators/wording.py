"""What the codes of the formulas mean in words, for pages."""

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from twin.indicators.formulas import Missing
from twin.indicators.targets import LOOK_BACK, Goal, Outlook, State

WORDS = {
    Missing.USERS: gettext_lazy(
        "Too few people of this municipality have used the twin in the last 90 days."
    ),
    Missing.DAYS: gettext_lazy("There was productive work on fewer than two days in the last 90 days."),
    Missing.RECORD: gettext_lazy("It has no catalogue record of its own yet."),
    Missing.VIOLATIONS: gettext_lazy("Its catalogue record does not meet the standard yet."),
    Missing.UNREACHABLE: gettext_lazy("The data behind its catalogue record cannot be reached."),
    Missing.OUTDATED: gettext_lazy("Its data are older than agreed."),
}


def missing_in_words(codes: Iterable[str]) -> list[str]:
    return [str(WORDS[Missing(code)]) for code in codes]


def month_in_words(month: str) -> str:
    """`2026-09` as "September 2026" in the reader's language."""
    year, number = month.split("-")
    return date_format(date(int(year), int(number), 1), "F Y")


def month_in_short(month: str) -> str:
    """`2026-09` as "09/26"."""
    return f"{month[5:]}/{month[2:4]}"


def share_in_words(reached: int, of: int) -> str:
    """A share as "57 % (16 of 28)", or a dash where there is nothing to share."""
    if not of:
        return "–"
    return _("%(percent)d %% (%(reached)d of %(of)d)") % {
        "percent": round(100 * reached / of),
        "reached": reached,
        "of": of,
    }


def growth_in_words(growth: float | None) -> str:
    return "–" if growth is None else f"{growth * 100:+.0f} %"


STATES = {  # words and kind of the badge
    State.REACHED: (gettext_lazy("Target reached"), "success"),
    State.ON_THE_WAY: (gettext_lazy("On the way"), "info"),
    State.BEHIND: (gettext_lazy("Behind the target"), "warning"),
    State.OVERDUE: (gettext_lazy("Time is over"), "danger"),
}


def goal_in_words(goal: Goal) -> str:
    return _("Target: at least %(percent)d %% in %(months)d months, that is by %(due)s.") % {
        "percent": goal.percent,
        "months": goal.months,
        "due": month_in_words(str(goal.due)),
    }


def outlook_in_words(found: Outlook, *, of: int) -> list[str]:
    """How many municipalities that means, and how fast they come beside how fast they would have to."""
    words = [_("That is %(needed)d of %(of)d municipalities.") % {"needed": found.needed, "of": of}]
    if found.missing:
        words.append(
            ngettext("%(count)d is still missing.", "%(count)d are still missing.", found.missing)
            % {"count": found.missing}
        )
    if found.pace is not None and found.pace_needed is not None:
        words.append(
            _(
                "In the last %(span)d months the number changed by %(pace)s a month on average; %(needed)s a month are needed."
            )
            % {
                "span": LOOK_BACK,
                "pace": number_format(found.pace, 2),
                "needed": number_format(found.pace_needed, 2),
            }
        )
    return words
