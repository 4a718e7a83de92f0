"""The address that sensors send to."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from tenants.throttling import WINDOW, is_too_often
from twin.sensors import receiving, wording
from twin.sensors.feeds import payloads
from twin.sensors.feeds.reading import Unreadable

BIGGEST = 64 << 10  # bytes of a request; an uplink has some 3 kB
PER_MINUTE = 600  # of one address: a network server forwards all sensors of a town
_UNAUTHORIZED = {"WWW-Authenticate": "Bearer"}


@method_decorator(csrf_exempt, name="dispatch")
class Push(View):
    """POST with `Authorization: Bearer kzs_…`; what is wrong is told as JSON, and to strangers nothing but that the token is."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> JsonResponse:
        if is_too_often(request, at="push", most=PER_MINUTE):
            return _problem(429, _("Too many requests"), headers={"Retry-After": str(WINDOW)})
        kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
        token = receiving.sender(secret.strip(), now=timezone.now()) if kind.lower() == "bearer" else None
        if token is None:
            return _problem(401, _("The token is unknown or revoked."), headers=_UNAUTHORIZED)
        size = request.META.get("CONTENT_LENGTH") or "0"
        if not size.isdecimal() or int(size) > BIGGEST:
            return _problem(413, _("A request has at most %(most)s bytes.") % {"most": BIGGEST})
        try:
            stored, unread = receiving.receive(token, payloads.read(request.body), now=timezone.now())
        except Unreadable as error:
            return _problem(400, wording.unreadable(error))
        return JsonResponse({**vars(stored), "unread": unread})


def _problem(status: int, detail: str, *, headers: dict[str, Any] | None = None) -> JsonResponse:
    return JsonResponse({"status": status, "detail": detail}, status=status, headers=headers)
