"""What WFS and WMS have in common: requests by parameters in any case, and their refusals."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from twin.catalogue.capabilities import xml
from twin.catalogue.capabilities.errors import Unreadable
from twin.ogc.errors import OwsRefused

Said = Mapping[str, str]


def lowered(parameters: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in parameters.items()}


def refused(parameter: str, message: str) -> OwsRefused:
    return OwsRefused("InvalidParameterValue", parameter, message)


def needed(said: Said, parameter: str) -> str:
    """Raises OwsRefused."""
    if not said.get(parameter.lower(), "").strip():
        raise OwsRefused(
            "MissingParameterValue", parameter, _("The parameter %(name)s is missing.") % {"name": parameter}
        )
    return said[parameter.lower()].strip()


def operation(said: Said, known: tuple[str, ...]) -> str:
    """Which of those known is asked for. Raises OwsRefused."""
    wanted = needed(said, "request")
    for name in known:
        if name.lower() == wanted.lower():
            return name
    raise OwsRefused(
        "OperationNotSupported",
        wanted[:60],
        _("One of these is expected: %(choices)s") % {"choices": ", ".join(known)},
    )


def number(said: Said, parameter: str, *, default: int | None = None, least: int = 0) -> int:
    """A whole number, at most nine digits of it. Raises OwsRefused."""
    text = said.get(parameter.lower(), "").strip() or ("" if default is None else str(default))
    if not text:
        needed(said, parameter)
    if not (text.isascii() and text.isdecimal()) or int(text[:9]) < least:
        raise refused(parameter, _("A whole number from %(least)s is expected.") % {"least": least})
    return int(text) if len(text) < 10 else 999_999_999


def parsed(text: str | bytes, parameter: str) -> xml.Element:
    """Raises OwsRefused."""
    try:
        return xml.parse(text.encode() if isinstance(text, str) else text)
    except Unreadable:
        raise OwsRefused("OperationParsingFailed", parameter, _("This is no XML that can be read.")) from None
