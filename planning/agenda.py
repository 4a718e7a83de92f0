"""Dates of plans for a calendar: what was or is to be done, and what periods end; as rows for a page and as iCalendar."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from planning import legal_words, proceedings
from planning.models import Plan, ProcedureStep
from planning.steps import dues

_BACK = timedelta(days=2 * 366)  # the longest period of the law


@dataclass(frozen=True)
class Appointment:
    """Something on a day, or from a day until another. kind: step, notice or period; key: the same at each reading."""

    on: date
    until: date
    title: str
    plan: Plan
    kind: str
    key: str
    certain: bool


def appointments(tenant_ids: Iterable[int], *, first: date, last: date) -> list[Appointment]:
    """All that touches the days from first to last, in their order."""
    steps = ProcedureStep.objects.filter(
        tenant_id__in=list(tenant_ids), is_current=True, is_void=False, on__gte=first - _BACK, on__lte=last
    ).select_related("plan__tenant")
    by_plan: dict[Plan, list[ProcedureStep]] = defaultdict(list)
    for step in steps.order_by("on", "pk"):
        by_plan[step.plan].append(step)
    found = [one for plan, rows in by_plan.items() for one in _of_plan(plan, rows)]
    within = [one for one in found if one.on <= last and one.until >= first]
    return sorted(within, key=lambda one: (one.on, one.until, str(one.plan), one.key))


def _of_plan(plan: Plan, steps: list[ProcedureStep]) -> Iterator[Appointment]:
    by_key = {str(step.entry): step for step in steps}
    for key, step in by_key.items():
        certain = step.as_entry.certain
        words = legal_words.step_words(step.kind)
        yield Appointment(step.on, step.until or step.on, words, plan, "step", key, certain)
        if step.announced_on:
            title = _("Notice: %s") % words
            yield Appointment(
                step.announced_on, step.announced_on, title, plan, "notice", f"{key}-notice", certain
            )
    for due in dues((step.as_entry for step in steps), proceedings.case_of(plan)):
        if by_key[due.key].until is None:
            end, rule = due.deadline.shifted, due.deadline.rule
            title = legal_words.deadline_words(due.deadline)
            certain = rule.verified and not due.deadline.is_shifted
            yield Appointment(end, end, title, plan, "period", f"{due.key}-{rule.term}", certain)


def as_ical(rows: Iterable[Appointment], *, name: str, stamp: datetime) -> bytes:
    """An iCalendar (RFC 5545) of whole days. stamp: aware."""
    calendar = Calendar()
    calendar.add("prodid", "-//Kreiszwilling//Plans//DE")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    unsure = _("to be checked")
    for row in rows:
        event = Event()
        event.add("uid", f"{row.key}@kreiszwilling")
        event.add("dtstamp", stamp)
        event.add("dtstart", row.on)
        event.add("dtend", row.until + timedelta(days=1))  # the day after: RFC 5545, 3.6.1
        doubt = "" if row.certain else f" ({unsure})"
        event.add("summary", f"{row.plan}: {row.title}{doubt}")
        event.add("url", f"{settings.BASE_URL}{row.plan.get_absolute_url()}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
