"""Errors of all packages -> HTTP answers; the only place that knows both."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.response import Response
from rest_framework.views import exception_handler

from planning.errors import IllegalStep, ImportRefused, NothingToDecide, PlanningError
from planning.messages import text_of
from tenants.errors import (
    FilesUnreachable,
    Forbidden,
    InvitationInvalid,
    QuotaExceeded,
    Refused,
    TenantsError,
)
from tenants.middleware import undo
from tenants.multipart import UploadCutOff
from tenants.rest import PROBLEM
from twin.analysis.errors import RowGone
from twin.catalogue.errors import TooLarge

STATUS: dict[type[Exception], int] = {
    FilesUnreachable: 503,
    Forbidden: 403,
    InvitationInvalid: 410,
    QuotaExceeded: 413,
    TooLarge: 413,
    IllegalStep: 409,
    NothingToDecide: 409,
    ImportRefused: 422,
    Refused: 409,
    RowGone: 404,
}


PAGES = {403: "403.html", 404: "404.html", 503: "500.html"}


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
        response = self.get_response(request)
        if response.status_code == 405 and not response.content and _reads_pages(request):
            return _post_only(request, response["Allow"])
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        status = status_of(exception)
        if status is None:
            return None
        undo(request, exception)
        template = PAGES.get(status, "400.html")
        # of other errors the text is for the log
        reason = str(exception) if isinstance(exception, Refused) else ""
        return render(request, template, {"error": exception, "reason": reason}, status=status)


def _reads_pages(request: HttpRequest) -> bool:
    return "text/html" in request.headers.get("Accept", "")


def _post_only(request: HttpRequest, allowed: str) -> HttpResponse:
    """A person comes to the address of a form's button after signing in again, or by reloading; nothing else would be shown."""
    reason = _("This address only takes what a form sends. Please go back to the form and send it again.")
    page = render(request, "400.html", {"reason": reason}, status=405)
    page["Allow"] = allowed
    return page


TITLES = {
    400: gettext_lazy("Bad request"),
    401: gettext_lazy("Not signed in"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Method not allowed"),
    406: gettext_lazy("Not acceptable"),
    409: gettext_lazy("Conflict"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("Unsupported media type"),
    422: gettext_lazy("Can't be processed"),
    429: gettext_lazy("Too many requests"),
    503: gettext_lazy("Not available at the moment"),
}
# What our errors say where their own text is for the log.
WORDS: dict[type[Exception], Any] = {
    FilesUnreachable: gettext_lazy(
        "The files can't be reached at the moment. Please try again in a few minutes."
    ),
    Forbidden: gettext_lazy("Your role does not allow this."),
    IllegalStep: gettext_lazy("The state of the plan does not allow this."),
    NothingToDecide: gettext_lazy("The import does not wait for a decision."),
}


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: the same table, said as a problem (RFC 9457), and the view's work undone."""
    request = context["request"]
    undo(request._request, error)
    status = status_of(error)
    if status is not None:
        return _problem(request, Response(_said(error), status=status))
    response = exception_handler(error, context)
    return _problem(request, response) if response is not None else None


def _said(error: Exception) -> dict[str, str]:
    if isinstance(error, ImportRefused):
        return {"detail": " ".join(text_of(finding.rule, finding.params) for finding in error.findings)}
    if isinstance(error, QuotaExceeded):
        return {"detail": _("The storage space of %s would not suffice.") % error}
    return {
        "detail": next((str(words) for kind, words in WORDS.items() if isinstance(error, kind)), str(error))
    }


def _problem(request: Any, response: Response) -> Response:
    """errors: what was wrong with each field."""
    said: Any = response.data
    single = isinstance(said, dict) and set(said) == {"detail"}
    response.data = {
        "type": "about:blank",
        "title": str(TITLES.get(response.status_code, response.status_text)),
        "status": response.status_code,
        "detail": str(said["detail"]) if single else _("Some of what was sent can't be used."),
    }
    if not single:
        response.data["errors"] = said if isinstance(said, dict) else {"": said}
    if getattr(request, "accepted_renderer", None) is None or request.accepted_renderer.format == "json":
        response.content_type = PROBLEM
    return response
