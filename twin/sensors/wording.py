"""What is measured, and what went wrong, in words for people."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twin.sensors.feeds.reading import Unreadable

_UNREADABLE: Mapping[str, Promise] = {
    "number": gettext_lazy("The source knows no gauge with this number."),
    "moment": gettext_lazy("A moment can't be read; ISO 8601 is expected, such as 2026-11-30T12:00:00Z."),
    "clock": gettext_lazy("At this local time the clocks were changed, so the moment is not certain: give it with its offset."),
    "shape": gettext_lazy("The data have another form than expected."),
    "unit": gettext_lazy("The source measures in units that are not known here; centimetres and m³/s are."),
    "json": gettext_lazy("This is no JSON document."),
    "many": gettext_lazy("Too much at once."),
    "undecoded": gettext_lazy("The network has not decoded the payload: set up a payload formatter for the device."),
}  # fmt: skip
_STEADY = {"W": 1.0, "Q": 1.0, "soil": 0.5}  # units an hour that are no change to speak of; rain has no trend


def unreadable(error: Unreadable) -> str:
    words = str(_UNREADABLE[error.reason])
    return f"{words} ({error.detail})" if error.detail else words


def trend(rise: float | None, quantity: str) -> str:
    """Of the last three hours."""
    if rise is None or quantity not in _STEADY:
        return ""
    if abs(rise) < _STEADY[quantity]:
        return _("steady")
    if rise > 0:
        return _("rising")
    return _("falling")


def stage_in_words(stage: int) -> str:
    return _("Alarm stage %s") % stage if stage else _("below the alarm stages")
