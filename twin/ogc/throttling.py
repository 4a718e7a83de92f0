"""How many requests a minute a token or an address may send to the open interfaces."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tenants.throttling import WINDOW, is_too_often
from twin.ogc.errors import TooMany

__all__ = ["WINDOW", "count"]


def count(request: HttpRequest) -> None:
    """Raises TooMany."""
    most = settings.OGC_PER_MINUTE
    if is_too_often(request, at="ogc", most=most):
        raise TooMany(_("At most %(most)s requests a minute. Please wait a little.") % {"most": most})
