"""The key to one statement, kept in the holder's own browser for an hour.

Decided so: the secret never stands in an address, so it gets into no access log, history or Referer. Links carry it in the
fragment (which browsers do not send), forms post it, and between two pages it travels in this signed cookie.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

NAME = "kz_receipt"
HOUR = 3600  # seconds
PATH = "/beteiligung/"


def keep(response: HttpResponse, *, number: str, secret: str) -> None:
    response.set_signed_cookie(
        NAME,
        f"{number}:{secret}",
        max_age=HOUR,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def read(request: HttpRequest) -> tuple[str, str]:
    """(number, secret); two empty texts when there is none."""
    try:
        number, _, secret = str(request.get_signed_cookie(NAME, max_age=HOUR)).partition(":")
    except (KeyError, signing.BadSignature):
        return "", ""
    return number, secret


def drop(response: HttpResponse) -> None:
    response.delete_cookie(NAME, path=PATH)
