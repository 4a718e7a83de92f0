"""What everybody may open: a procedure with its published statements, and the form."""

import json
from dataclasses import astuple
from typing import Any
from uuid import UUID

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models.functions import Coalesce, Left
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views import View
from django_altcha import get_altcha_challenge

from participation import guard, queries
from participation.errors import NotOpen, StatementRefused, TooMany
from participation.forms import FIELD_OF, MESSAGES, PROOF_NUMBERS, SearchForm, StatementForm
from participation.models import Procedure
from participation.phases import Audience, Moment
from participation.services import submit_statement
from participation.views import cookie
from planning import drawing
from planning.presenting import size_of, title_of
from tenants.access import fetch
from tenants.models import Tenant, User
from tenants.permissions import Person, reach_of

PER_PAGE = 25
NOWHERE = UUID(int=0)
LABEL = 80  # characters of a statement shown beside its marker


def procedure_for(user: Person, public_id: Any, *joined: str) -> Procedure:
    """The procedure with its phases and topics; without its town's boundary, thousands of corners that no page shows.

    joined: what the page needs besides, for example ``plan``.
    """
    rows = Procedure.objects.select_related("tenant", *joined).defer("tenant__boundary")
    rows = rows.prefetch_related("phases", "categorys")
    found: Procedure = fetch(rows, user, "view", public_id=public_id)
    return found


def keep_for_everybody(response: HttpResponse, user: Person) -> HttpResponse:
    """Only an answer of the empty scope may be kept by caches in between."""
    if not any(astuple(reach_of(user).scope)):
        patch_cache_control(response, public=True, max_age=60)
    else:
        patch_cache_control(response, private=True, no_store=True)
    patch_vary_headers(response, ["Cookie"])
    return response


class ProcedureView(View):
    """A procedure's phases, and the published statements as list and map with search."""

    def get(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        procedure = procedure_for(request.user, public_id, "plan")
        form = SearchForm(request.GET, categories=procedure.categorys.all())
        rows = queries.published(procedure, **form.filters())
        at = timezone.now()
        context = {
            "procedure": procedure,
            "tenant": procedure.tenant,
            "phases": queries.phases_for(procedure, Audience.PUBLIC),
            "now": at,
            "state": queries.state_of(procedure, at=at),
            "phase": queries.phase_at(procedure, at=at),
            "form": form,
            "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
            "places_url": f"{reverse('participation:places', args=[procedure.public_id])}?{request.GET.urlencode()}",
        }
        return render(request, "participation/procedure_detail.html", context)


class PlacesView(View):
    """The places of published statements as GeoJSON in the twin's reference system."""

    def get(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        procedure = procedure_for(request.user, public_id)
        form = SearchForm(request.GET, categories=procedure.categorys.all())
        rows = queries.published_places(procedure, **form.filters())
        # The database writes the geometries: 10,000 of them in Python take longer than the whole answer may.
        rows = rows.annotate(
            label=Left("statement__text", LABEL),
            place=AsGeoJSON(Coalesce("geometry", "plan_object__geometry"), precision=1),
        ).values_list("statement__public_id", "label", "place")
        address = reverse("participation:published", args=[procedure.public_id, NOWHERE])  # resolved once
        features = [
            feature(key, place, {"label": label, "url": address.replace(str(NOWHERE), str(key))})
            for key, label, place in rows
            if place
        ]
        return keep_for_everybody(geojson(features), request.user)


class ObjectsView(View):
    """The plan's objects that a statement may speak of, as GeoJSON for the map in the form."""

    def get(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        procedure = procedure_for(request.user, public_id, "plan_version")
        version = _version_of(procedure)
        rows = queries.plan_objects(procedure).annotate(place=AsGeoJSON("geometry", precision=2))
        features = [
            feature(
                str(row.pk),
                row.place,
                {
                    "feature_type": row.feature_type,
                    "label": title_of(row, version),
                    "gml_id": row.gml_id,
                    **drawing.as_properties(
                        {"feature_type": row.feature_type, "properties": row.properties},
                        drawing.shape_of(row.geometry.geom_type if row.geometry else ""),
                        (),
                    ),
                },
            )
            for row in rows
        ]
        return keep_for_everybody(geojson(features), request.user)


def _version_of(procedure: Procedure) -> str:
    return procedure.plan_version.xplan_version if procedure.plan_version else ""


def _choices(procedure: Procedure) -> list[tuple[int, str]]:
    """The plan's objects as a form offers them: what they are called and how large they are, for many are called alike."""
    version = _version_of(procedure)
    named = ((row.pk, title_of(row, version), size_of(row)) for row in queries.plan_objects(procedure))
    return [(key, f"{title} – {size}" if size else title) for key, title, size in named]


def feature(key: Any, place: str, properties: dict[str, Any]) -> str:
    kept = {name: value for name, value in properties.items() if value is not None}
    return f'{{"type":"Feature","id":"{key}","geometry":{place},"properties":{json.dumps(kept)}}}'


def geojson(features: list[str]) -> HttpResponse:
    return HttpResponse(
        f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}',
        content_type="application/geo+json",
    )


class PublishedView(View):
    """One published statement, for links from the map."""

    def get(self, request: HttpRequest, public_id: Any, statement_id: Any) -> HttpResponse:
        procedure = procedure_for(request.user, public_id)
        statement = get_object_or_404(queries.published(procedure), public_id=statement_id)
        context = {"procedure": procedure, "tenant": procedure.tenant, "statement": statement}
        return render(request, "participation/statement_published.html", context)


class StatementView(View):
    """The form: text is all that is required; no account, no JavaScript needed; what was typed always comes back."""

    def get(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        procedure = procedure_for(request.user, public_id, "plan_version")
        return self.show(request, procedure, _form(procedure))

    def post(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        at = timezone.now()  # received is what has reached us, not what we have finished with
        procedure = procedure_for(request.user, public_id)
        form = _form(procedure, request.POST)
        if not form.is_valid():
            return self.show(request, procedure, form, status=400)
        try:
            guard.admit(guard.address_of(request), proven=form.is_proven)
            user = request.user if isinstance(request.user, User) else None
            receipt = submit_statement(procedure, data=form.statement(), at=at, user=user)
        except StatementRefused as error:
            form.add_error(FIELD_OF.get(error.code), ValidationError(MESSAGES[error.code], code=error.code))
            return self.show(request, procedure, form, status=400)
        except NotOpen:
            form.add_error(
                None,
                ValidationError(
                    _(
                        "This participation takes no statements now. Your text is still here: copy it if you need it."
                    ),
                    code="not_open",
                ),
            )
            return self.show(request, procedure, form, status=409)
        except TooMany:
            form.add_error(
                None,
                ValidationError(
                    _(
                        "Too many statements came from your connection. Please try again in an hour; your text stays here."
                    ),
                    code="too_many",
                ),
            )
            return self.show(request, procedure, form, status=429)
        response = redirect("participation:receipt")
        cookie.keep(response, number=receipt.number, secret=receipt.secret)
        return response

    def show(
        self, request: HttpRequest, procedure: Procedure, form: StatementForm, status: int = 200
    ) -> HttpResponse:
        at = timezone.now()
        phase = queries.phase_at(procedure, at=at)
        form.offer(_choices(procedure))
        context = {
            "procedure": procedure,
            "tenant": procedure.tenant,
            "form": form,
            "phase": phase,
            "late": phase is not None and phase.moment(at) is Moment.AFTER,
            "objects_url": reverse("participation:objects", args=[procedure.public_id]),
            "draft": f"statement-{procedure.public_id}",
            "extent": _extent_of(procedure.tenant),
        }
        response = render(request, "participation/statement_form.html", context, status=status)
        patch_cache_control(response, private=True, no_store=True)
        return response


def _extent_of(tenant: Tenant) -> str:
    """Where the map begins: west, south, east and north of the town; a plan, once loaded, is nearer still."""
    return ",".join(f"{edge:.0f}" for edge in tenant.boundary.extent) if tenant.boundary else ""


def _form(procedure: Procedure, data: Any = None) -> StatementForm:
    return StatementForm(
        data, categories=procedure.categorys.all(), has_plan=procedure.plan_version_id is not None
    )


class ChallengeView(View):
    """A fresh proof-of-work challenge, signed, so that none has to be stored before it is solved."""

    def get(self, request: HttpRequest) -> JsonResponse:
        challenge = get_altcha_challenge(max_number=PROOF_NUMBERS)
        response = JsonResponse({**challenge.to_dict(), "maxnumber": challenge.max_number})
        patch_cache_control(response, no_store=True)
        return response
