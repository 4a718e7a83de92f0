"""Request -> person, active tenant, site tenant -> database scope and one unit of work."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from tenants import files, tokens
from tenants.models import ApiToken, HostName, Tenant
from tenants.permissions import Reach, reach, reach_of
from tenants.scope import within

SESSION_KEY = "active_tenant"
FOR_PROGRAMS = ("/ogc/", "/api/")
WITHOUT_SCOPE = ("/healthz", "/static/")  # answered without touching the database


def site_tenant(host: str) -> Tenant | None:
    """The tenant whose public pages this host name serves."""
    name = (
        HostName.objects.select_related("tenant")
        .defer("tenant__boundary")
        .filter(host=host.rsplit(":", 1)[0].lower(), tenant__active=True)
        .first()
    )
    return name.tenant if name else None


class TokenMiddleware:
    """`Authorization: Bearer …` in place of a session, at the addresses for programs alone: who holds one can't use the pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not request.path.startswith(FOR_PROGRAMS):
            return self.get_response(request)
        token = tokens.find(secret.strip(), at=timezone.now())
        if token is None:
            return _unknown_token()
        request.user, request.token = token.user, token  # type: ignore[attr-defined]
        return self.get_response(request)


def _unknown_token() -> HttpResponse:
    """RFC 6750, RFC 9457; readable for other sites, which would else see a failed connection."""
    problem = {
        "type": "about:blank",
        "title": _("Not signed in"),
        "status": 401,
        "detail": _("The token is unknown or expired."),
    }
    return JsonResponse(
        problem,
        status=401,
        content_type="application/problem+json",
        headers={
            "WWW-Authenticate": 'Bearer error="invalid_token"',
            "Cache-Control": "no-store",
            "Access-Control-Allow-Origin": "*",
        },
    )


def _reach(request: HttpRequest) -> Reach:
    """A token reaches into its own tenant alone: another one would be more than its person has let the program read.

    One that only reads can't write past the wall either.
    """
    token: ApiToken | None = getattr(request, "token", None)
    if token is not None:
        found = reach(token.user, active_id=token.tenant_id, exactly=True)
        return found if token.may_write else replace(found, scope=replace(found.scope, write=()))
    return reach(request.user, active_id=request.session.get(SESSION_KEY))


class ScopeMiddleware:
    """Opens the scope, and undoes everything that a failing view wrote, so that the error page can still read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(WITHOUT_SCOPE):
            return self.get_response(request)
        request.user.reach = _reach(request)  # type: ignore[union-attr]
        request.site_tenant = SimpleLazyObject(lambda: site_tenant(request.get_host()))  # type: ignore[attr-defined]
        with ExitStack() as unit:
            request.unit = unit  # type: ignore[attr-defined]
            unit.enter_context(files.kept_only_on_success())
            unit.enter_context(within(request.user.reach.scope))  # type: ignore[union-attr]
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        undo(request, exception)


def undo(request: HttpRequest, exception: Exception) -> None:
    """Take back all that the view wrote: rows, mails, queued tasks and files. The error page reads in a transaction of its own."""
    unit: ExitStack | None = getattr(request, "unit", None)
    if unit is not None:
        unit.__exit__(type(exception), exception, exception.__traceback__)
        unit.enter_context(within(reach_of(request.user).scope))
