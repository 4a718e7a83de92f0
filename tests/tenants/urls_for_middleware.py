"""Views that fail in every way a view can; the middleware's tests serve them."""

from functools import partial

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from tenants import files
from tenants.errors import Forbidden
from tenants.models import Job

said: list[str] = []
ERRORS = {
    "forbidden": Forbidden("no"),
    "missing": Http404(),
    "crash": ZeroDivisionError(),
}


def write(request: HttpRequest) -> None:
    tenant = request.user.reach.active  # type: ignore[union-attr]
    Job.objects.create(tenant=tenant, task="t", title="written")
    files.store([b"written"], tenant=tenant, name="n", content_type="text/plain")
    transaction.on_commit(partial(said.append, "committed"))


def good(request: HttpRequest) -> HttpResponse:
    write(request)
    return JsonResponse([job.title for job in Job.objects.visible_to(request.user)], safe=False)


def bad(request: HttpRequest, kind: str) -> HttpResponse:
    write(request)
    raise ERRORS[kind]


@api_view(["GET"])
@permission_classes([AllowAny])
def api(request: Request) -> Response:
    write(request._request)
    raise Forbidden("no")


def error_page(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Reads the database as every error page does, for its navigation."""
    titles = [job.title for job in Job.objects.visible_to(request.user)]
    return JsonResponse(titles, safe=False, status=500 if exception is None else 404)


def listed(request: HttpRequest) -> HttpResponse:
    return JsonResponse([job.title for job in Job.objects.all()], safe=False)


urlpatterns = [
    path("good/", good),
    path("bad/<kind>/", bad),
    path("api/", api),
    path("listed/", listed),
]
handler404 = handler500 = error_page
