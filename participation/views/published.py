"""What everybody reads of a procedure: its page, the published statements as list and map, one of them.

The first look of a whole town costs one reading: list and map without a search are kept for the public until something
is published, hidden, sorted or answered (participation.publication.renew).
"""

from dataclasses import astuple
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.db.models.functions import Coalesce, Left
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language
from django.views import View

from participation import publication, queries
from participation.forms import SearchForm
from participation.models import Phase, Procedure
from participation.phases import Audience
from tenants import geojson
from tenants.access import fetch
from tenants.permissions import Person, reach_of

PER_PAGE = 25
NOWHERE = UUID(int=0)
LABEL = 80  # characters of a statement shown beside its marker
KEPT = 3600  # seconds; a change shows at once, this only bounds how long what nobody reads takes up memory


def procedure_for(user: Person, public_id: Any, *joined: str) -> Procedure:
    """The procedure as pages show it: with its town, without the thousands of corners of its boundary; with phases and topics.

    joined: what the page needs besides, for example ``plan``.
    """
    rows = Procedure.objects.select_related("tenant", *joined).defer("tenant__boundary")
    rows = rows.prefetch_related(Prefetch("phases", Phase.objects.with_edition()), "categorys")
    found: Procedure = fetch(rows, user, "view", public_id=public_id)
    return found


def is_everybody(user: Person) -> bool:
    """Whether this is the empty scope: what it sees, all see."""
    return not any(astuple(reach_of(user).scope))


def keep_for_everybody(response: HttpResponse, user: Person) -> HttpResponse:
    """Only an answer of the empty scope may be kept by caches in between."""
    if is_everybody(user):
        patch_cache_control(response, public=True, max_age=60)
    else:
        patch_cache_control(response, private=True, no_store=True)
    patch_vary_headers(response, ["Cookie"])
    return response


class ProcedureView(View):
    """A procedure's phases, and the published statements as list and map with search."""

    def get(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        procedure = procedure_for(request.user, public_id, "plan")
        at = timezone.now()
        context = {
            "procedure": procedure,
            "tenant": procedure.tenant,
            "phases": queries.phases_for(procedure, Audience.PUBLIC),
            "now": at,
            "state": queries.state_of(procedure, at=at),
            "phase": queries.phase_at(procedure, at=at),
            "published": _list(request, procedure, at=at),
        }
        return render(request, "participation/procedure_detail.html", context)


def _list(request: HttpRequest, procedure: Procedure, *, at: datetime) -> str:
    """The section of published statements as HTML. Pages that are none are not kept, so that keys are bounded by rows."""
    key = _key(request, procedure, f"list-{queries.version_key_at(procedure, at=at)}", {"category", "page"})
    section: str | None = cache.get(key) if key else None
    if section is not None:
        return section
    form = SearchForm(request.GET, categories=procedure.categorys.all())
    page = Paginator(queries.published(procedure, **form.filters()), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "procedure": procedure,
        "now": at,
        "form": form,
        "page": page,
        "places_url": f"{reverse('participation:places', args=[procedure.public_id])}?{request.GET.urlencode()}",
    }
    section = str(render_to_string("participation/_published.html", context, request))
    if key and _is_exact(form, request) and request.GET.get("page", "1") == str(page.number):
        cache.set(key, section, KEPT)
    return section


class PlacesView(View):
    """The places of published statements as GeoJSON in the twin's reference system."""

    def get(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        procedure = procedure_for(request.user, public_id, "plan")
        key = _key(request, procedure, "places", {"category"})
        content = cache.get(key) if key else None
        if content is None:
            form = SearchForm(request.GET, categories=procedure.categorys.all())
            content = geojson.packed([_places(procedure, form)])
            if key and _is_exact(form, request):
                cache.set(key, content, KEPT)
        return keep_for_everybody(geojson.unpacked(content, request), request.user)


def _places(procedure: Procedure, form: SearchForm) -> str:
    """The database writes the geometries: 10,000 of them in Python take longer than the whole answer may."""
    rows = queries.published_places(procedure, **form.filters())
    rows = rows.annotate(
        label=Left("statement__text", LABEL),
        place=AsGeoJSON(Coalesce("geometry", "plan_object__geometry"), precision=1),
    ).values_list("statement__public_id", "label", "place")
    address = reverse("participation:published", args=[procedure.public_id, NOWHERE])  # resolved once
    return geojson.collection(
        geojson.feature(key, place, {"label": label, "url": address.replace(str(NOWHERE), str(key))})
        for key, label, place in rows
        if place
    )


def _key(request: HttpRequest, procedure: Procedure, part: str, filters: set[str]) -> str | None:
    """Where the answer for everybody is kept; None for a search, for other parameters, and for who sees more than everybody."""
    if not filters.issuperset(request.GET) or not is_everybody(request.user):
        return None
    asked = (request.GET.get(name, "") for name in sorted(filters))
    shown = procedure.plan is not None and procedure.plan.is_public
    parts = (publication.generation(procedure), shown, get_language(), *asked)
    return f"procedure-{part}:{sha256(repr(parts).encode()).hexdigest()}"


def _is_exact(form: SearchForm, request: HttpRequest) -> bool:
    """Whether the topic is written as our own links do: there is one key for it, not as many as a stranger likes."""
    return form.is_valid() and request.GET.get("category", "") == str(form.filters()["category_id"] or "")


class PublishedView(View):
    """One published statement, for links from the map."""

    def get(self, request: HttpRequest, public_id: Any, statement_id: Any) -> HttpResponse:
        procedure = procedure_for(request.user, public_id)
        statement = get_object_or_404(queries.published(procedure), public_id=statement_id)
        context = {"procedure": procedure, "tenant": procedure.tenant, "statement": statement}
        return render(request, "participation/statement_published.html", context)
