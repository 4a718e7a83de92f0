"""Which jobs are listed: conformance class "job-list" of OGC API Processes 1.0."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from tenants.models import JobState
from twin.ogc.errors import ParameterRefused
from twin.ogc.processes import STATUS
from twin.ogc.selecting import interval

PROCESS = "process"  # the one type of jobs there is
LONGEST = 10**9  # seconds
DAY = len("2026-01-01")
_STATES = {word: state for state, word in STATUS.items()}


def selected(rows: Any, asked: Mapping[str, str]) -> Any:
    """rows: runs. Parameters of one name are joined by "or", those of several by "and". Raises ParameterRefused."""
    for name, condition in _CONDITIONS.items():
        if name in asked:
            rows = condition(rows, asked[name])
    return rows


def _of_type(rows: Any, text: str) -> Any:
    return rows if PROCESS in text.split(",") else rows.none()


def _of_processes(rows: Any, text: str) -> Any:
    return rows.filter(use_case__in=text.replace("\0", "").split(","))


def _in_states(rows: Any, text: str) -> Any:
    words = text.split(",")
    if not set(words) <= set(_STATES):
        raise ParameterRefused("status", _("One of these is expected: %(choices)s") % {"choices": ", ".join(_STATES)})  # fmt: skip
    states = [_STATES[word] for word in words]
    found = Q(job__state__in=states, finished_at__isnull=True)
    if JobState.DONE in states:  # the jobs of shared runs are hidden
        found |= Q(finished_at__isnull=False)
    return rows.filter(found)


def _created_in(rows: Any, text: str) -> Any:
    first, last = interval(text)
    if first:
        rows = rows.filter(created_at__gte=_moment(first))
    if last:  # a second or a day is meant as a whole
        whole = timedelta(days=1) if len(last) == DAY else timedelta(seconds=1)
        rows = rows.filter(created_at__lt=_moment(last) + whole)
    return rows


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _lasting(rows: Any, **limit: timedelta) -> Any:
    """From their start to their end or now; of those whose job is hidden the time of computing."""
    computed = F("seconds") * Value(timedelta(seconds=1), output_field=DurationField())
    ended = Coalesce("job__finished_at", Now()) - F("job__started_at")
    lapse = Coalesce(
        ExpressionWrapper(ended, output_field=DurationField()),
        ExpressionWrapper(computed, output_field=DurationField()),
    )
    return (
        rows.annotate(lapse=lapse)
        .exclude(finished_at__isnull=True, job__started_at__isnull=True)
        .filter(**limit)
    )


def _at_least(rows: Any, text: str) -> Any:
    return _lasting(rows, lapse__gte=_seconds("minDuration", text))


def _at_most(rows: Any, text: str) -> Any:
    return _lasting(rows, lapse__lte=_seconds("maxDuration", text))


def _seconds(name: str, text: str) -> timedelta:
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(LONGEST)):
        raise ParameterRefused(name, _("A whole number of seconds is expected."))
    return timedelta(seconds=min(int(text), LONGEST))


_CONDITIONS: Mapping[str, Callable[[Any, str], Any]] = {
    "type": _of_type,
    "processID": _of_processes,
    "status": _in_states,
    "datetime": _created_in,
    "minDuration": _at_least,
    "maxDuration": _at_most,
}
PARAMETERS = frozenset(_CONDITIONS)
