"""The form with which everybody takes part."""

from datetime import datetime
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views import View
from django_altcha import get_altcha_challenge

from participation import guard, queries
from participation.errors import NotOpen, StatementRefused, TooMany
from participation.forms import FIELD_OF, MESSAGES, PROOF_NUMBERS, StatementForm
from participation.models import Procedure
from participation.phases import Moment
from participation.services import submit_statement
from participation.views import cookie
from participation.views.published import keep_for_everybody, procedure_for
from planning import drawing
from planning.presenting import size_of, title_of
from tenants import geojson
from tenants.access import fetch
from tenants.models import User


class ObjectsView(View):
    """The plan's objects that a statement may speak of, as GeoJSON for the map in the form."""

    def get(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        procedure = procedure_for(request.user, public_id)
        bound = queries.version_at(procedure, at=timezone.now())
        version = bound.xplan_version if bound else ""
        rows = queries.plan_objects(bound).annotate(place=AsGeoJSON("geometry", precision=2))
        features = [
            geojson.feature(
                row.pk,
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
        return keep_for_everybody(geojson.answer(features), request.user)


def _choices(procedure: Procedure, *, at: datetime) -> list[tuple[int, str]]:
    """The plan's objects as a form offers them: what they are called and how large they are, for many are called alike."""
    bound = queries.version_at(procedure, at=at)
    version = bound.xplan_version if bound else ""
    named = ((row.pk, title_of(row, version), size_of(row)) for row in queries.plan_objects(bound))
    return [(key, f"{title} – {size}" if size else title) for key, title, size in named]


class StatementView(View):
    """The form: text is all that is required; no account, no JavaScript needed; what was typed always comes back."""

    def get(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        procedure = procedure_for(request.user, public_id)
        return self.show(request, procedure, _form(procedure))

    def post(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        at = timezone.now()  # received is what has reached us, not what we have finished with
        # the row alone: hundreds arrive in the last hour, and few of them need a page
        procedure = fetch(Procedure.objects.all(), request.user, "view", public_id=public_id)
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
        form.offer(_choices(procedure, at=at))
        context = {
            "procedure": procedure,
            "tenant": procedure.tenant,
            "form": form,
            "phase": phase,
            "now": at,
            "late": phase is not None and phase.moment(at) is Moment.AFTER,
            "objects_url": reverse("participation:objects", args=[procedure.public_id]),
            "draft": f"statement-{procedure.public_id}",
            "extent": procedure.tenant.extent,  # a plan, once loaded, is nearer still
        }
        response = render(request, "participation/statement_form.html", context, status=status)
        patch_cache_control(response, private=True, no_store=True)
        return response


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
