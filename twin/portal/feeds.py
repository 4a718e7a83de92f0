"""Public procedures as a feed (Atom) and their phases as a calendar (iCalendar). Takes listed procedures, gives text."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from participation.models import Phase, Procedure
from participation.phases import Audience

ONE_DAY = timedelta(days=1)
AGAIN = timedelta(hours=12)  # how often a calendar program is asked to look again


def atom(rows: Iterable[Procedure], *, title: str, address: str, feed_address: str) -> str:
    """Newest first. address: of the page that shows the same; feed_address: of the feed itself; both without host."""
    feed = Atom1Feed(
        title=title,
        link=_url(address),
        description=None,
        feed_url=_url(feed_address),
        language=settings.LANGUAGE_CODE,
        feed_guid=_url(feed_address),
    )
    for row in rows:
        published = row.published_at or row.created_at
        feed.add_item(
            title=row.title,
            link=_url(row.get_absolute_url()),
            description=_content(row),
            unique_id=f"urn:uuid:{row.public_id}",
            author_name=row.tenant.name,
            pubdate=published,
            updateddate=max(published, row.decided_at or published),
        )
    return str(feed.writeString("utf-8"))


def _content(row: Procedure) -> str:
    dates = [f"{phase}: {phase.first_day:%d.%m.%Y} – {phase.last_day:%d.%m.%Y}" for phase in _public(row)]
    return "\n".join(part for part in [row.summary, *dates] if part)


def calendar(rows: Iterable[Procedure], *, title: str) -> bytes:
    """A whole-day event for each phase in which the public may take part."""
    found = Calendar()
    found.add("prodid", "-//Kreiszwilling//DE")
    found.add("version", "2.0")
    found.add("x-wr-calname", title)
    found.add("refresh-interval", AGAIN, {"value": "DURATION"})
    for row in rows:
        for phase in _public(row):
            found.add_component(_event(row, phase))
    return bytes(found.to_ical())


def _event(row: Procedure, phase: Phase) -> Event:
    event = Event()
    event.add("uid", f"{row.public_id}-{phase.pk}@kreiszwilling")
    event.add("dtstamp", _changed(row))
    event.add("dtstart", phase.first_day)
    event.add("dtend", phase.last_day + ONE_DAY)  # the day after, as RFC 5545 counts whole days
    event.add("summary", _("%(title)s: take part") % {"title": row.title})
    event.add("description", f"{phase}\n{_url(row.get_absolute_url())}")
    event.add("location", row.tenant.name)
    event.add("url", _url(row.get_absolute_url()))
    event.add("transp", "TRANSPARENT")  # nobody is busy for a month
    return event


def _changed(row: Procedure) -> datetime:
    at = row.decided_at or row.published_at or row.created_at
    return at.astimezone(UTC).replace(microsecond=0)


def _public(row: Procedure) -> list[Phase]:
    return [phase for phase in row.phases.all() if phase.audience == Audience.PUBLIC.value]


def _url(path: str) -> str:
    return urljoin(settings.BASE_URL + "/", path)
