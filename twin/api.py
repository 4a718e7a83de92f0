"""Errors of all packages -> HTTP answers; the only place that knows both."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from rest_framework.response import Response
from rest_framework.views import exception_handler

from planning.errors import IllegalStep, NothingToDecide, PlanningError
from tenants.errors import Forbidden, InvitationInvalid, QuotaExceeded, TenantsError
from tenants.middleware import undo
from tenants.multipart import UploadCutOff
from twin.catalogue.errors import TooLarge

STATUS: dict[type[Exception], int] = {
    Forbidden: 403,
    InvitationInvalid: 410,
    QuotaExceeded: 413,
    TooLarge: 413,
    IllegalStep: 409,
    NothingToDecide: 409,
}


def status_of(error: Exception) -> int | None:
    """HTTP status of an error of ours, None for any other."""
    return next(
        (status for kind, status in STATUS.items() if isinstance(error, kind)),
        400 if isinstance(error, TenantsError | PlanningError) else None,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    return render(request, "400.html", {"cut_off": isinstance(exception, UploadCutOff)}, status=400)


class ErrorPages:
    """Middleware: an error of ours becomes its page, after the view's work was undone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        status = status_of(exception)
        if status is None:
            return None
        undo(request, exception)
        template = f"{status}.html" if status in {400, 403, 404} else "400.html"
        return render(request, template, {"error": exception}, status=status)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: the same table, and the view's work undone."""
    undo(context["request"]._request, error)
    status = status_of(error)
    return Response({"detail": str(error)}, status=status) if status else exception_handler(error, context)
