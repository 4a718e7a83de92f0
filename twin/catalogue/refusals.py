"""Why a foreign service could not be read, in words for people."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.errors import FetchFailed, Refused
from twin.catalogue.capabilities.errors import Unreadable

_FETCHING: Mapping[str, Promise] = {
    "address": _("This is no address of a web server."),
    "private": _("The server lies inside a private network. The operator can allow it by KZ_TRUSTED_HOSTS."),
    "unreachable": _("The server cannot be reached, or it broke off."),
    "slow": _("The server does not answer in time."),
    "large": _("The answer is too large."),
    "content": _("The answer cannot be unpacked."),
}
_READING: Mapping[str, Promise] = {
    "empty": _("The answer is empty."),
    "large": _("The answer is too large."),
    "html": _("A web page came in place of the service’s description."),
    "syntax": _("The answer cannot be read: it is no sound XML, JSON or Turtle."),
    "entities": _("The document declares entities; they are not opened, for safety."),
    "context": _(
        "The document takes its meaning from another address (JSON-LD context); that is not opened, for safety."
    ),  # fmt: skip
    "exception": _("The service answers with an error."),
    "unknown": _("The answer describes no service or catalogue that is known here."),
    "kind": _("The service is of another kind."),
    "size": _("The map does not have the size that was asked for."),
    "blank": _("The map is empty."),
}
_STATUS: Mapping[int, Promise] = {
    401: _("The service wants a login (status 401)."),
    403: _("The service refuses us (status 403)."),
    404: _("There is nothing at this address (status 404)."),
    429: _("The service is asked too often (status 429)."),
}


class SourceRefused(Refused):
    """A service or catalogue cannot be read; the message says why."""


def unfetched(error: FetchFailed) -> str:
    return str(_FETCHING.get(error.reason, _FETCHING["unreachable"]))


def unread(error: Unreadable) -> str:
    words = str(_READING[error.reason])
    return f"{words} ({error.detail})" if error.detail else words


def status(code: int) -> str:
    return str(_STATUS.get(code) or _("The server answers with status %s.") % code)
