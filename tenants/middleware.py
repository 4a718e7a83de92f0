"""Request -> person, active tenant, site tenant -> database scope and one unit of work."""

from collections.abc import Callable
from contextlib import ExitStack

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from tenants import files
from tenants.models import HostName, Tenant
from tenants.permissions import reach
from tenants.scope import within

SESSION_KEY = "active_tenant"
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


class ScopeMiddleware:
    """Opens the scope, and undoes everything that a failing view wrote, so that the error page can still read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(WITHOUT_SCOPE):
            return self.get_response(request)
        request.user.reach = reach(request.user, active_id=request.session.get(SESSION_KEY))  # type: ignore[union-attr]
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
        unit.enter_context(within(request.user.reach.scope))  # type: ignore[union-attr]
