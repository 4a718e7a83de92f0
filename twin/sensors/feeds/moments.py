"""When something was measured, read from what others write. No framework."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from twin.sensors.feeds.reading import Unreadable

LOCAL = ZoneInfo("Europe/Berlin")


def moment(text: object) -> datetime:
    """ISO 8601 as UTC; without an offset it is the clock on the wall of Europe/Berlin. Raises Unreadable("moment")."""
    if not isinstance(text, str) or not 10 < len(text) < 50:  # a date alone is no moment
        raise Unreadable("moment", str(text)[:50])
    try:
        found = datetime.fromisoformat(text.strip())
        return from_wall(found) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable("moment", text[:50]) from None


def from_wall(wall: datetime, *, zone: ZoneInfo = LOCAL) -> datetime:
    """What a clock showed, as UTC.

    Raises Unreadable: “clock” for the hour that is twice in autumn and the one that is left out in spring: nobody can tell which it was.
    """
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first != second:
        raise Unreadable("clock", f"{wall:%Y-%m-%d %H:%M}")
    return first


def offset(text: object) -> timedelta:
    """“+01:00” as a duration. Raises Unreadable."""
    try:
        sign, hours, minutes = str(text)[0], *str(text)[1:].split(":")
        found = timedelta(hours=int(hours), minutes=int(minutes))
    except (ValueError, IndexError):
        raise Unreadable("moment", str(text)[:50]) from None
    if sign not in "+-" or found > timedelta(hours=14):
        raise Unreadable("moment", str(text)[:50])
    return -found if sign == "-" else found
