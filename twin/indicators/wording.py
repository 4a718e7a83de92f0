"""What the codes of the formulas mean in words, for pages."""

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twin.indicators.formulas import Missing

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
