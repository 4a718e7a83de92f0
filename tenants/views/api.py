"""Tenants and jobs in the REST API."""

from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON, Transform
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tenants import services
from tenants.access import fetch
from tenants.models import Job, JobState, Tenant, TenantKind
from tenants.rest import CLOSED, Endpoint, Listing, ListQuery, Single
from tenants.serializers import DECIMALS, WGS84, JobShape, TenantShape, TenantWithBoundary


class TenantQuery(ListQuery):
    kind = serializers.ChoiceField(TenantKind.choices, required=False)


class Tenants(Listing):
    titles = {"GET": _("Municipalities, Verwaltungsgemeinschaften and the county")}
    serializer_class = TenantShape
    query_class = TenantQuery
    ordering = ("slug",)

    def rows(self) -> Any:
        rows = Tenant.objects.filter(active=True).select_related("association")
        return rows.defer("boundary", "association__boundary")


class OneTenant(Single):
    titles = {"GET": _("One tenant, with its boundary")}
    serializer_class = TenantWithBoundary

    def row(self) -> Any:
        place = AsGeoJSON(Transform("boundary", WGS84), precision=DECIMALS)
        rows = Tenant.objects.filter(active=True).select_related("association").annotate(place=place)
        found = rows.defer("boundary", "association__boundary").filter(slug=self.kwargs["slug"]).first()
        if found is None:
            raise Http404
        return found


class JobQuery(ListQuery):
    state = serializers.ChoiceField(JobState.choices, required=False)


def own_jobs(user: Any) -> Any:
    return Job.objects.visible_to(user).select_related("tenant").defer("tenant__boundary", "params", "result", "checkpoint")  # fmt: skip


class Jobs(Listing):
    titles = {"GET": _("Jobs of the own tenant, and own ones")}
    permission_classes = CLOSED
    serializer_class = JobShape
    query_class = JobQuery

    def rows(self) -> Any:
        return own_jobs(self.request.user)


class OneJob(Single):
    titles = {"GET": _("One job: how far it is, and how it ended")}
    permission_classes = CLOSED
    serializer_class = JobShape

    def row(self) -> Any:
        return fetch(
            own_jobs(self.request.user), self.request.user, "view", public_id=self.kwargs["public_id"]
        )


class CancelJob(Endpoint):
    titles = {"POST": _("Stop a job")}

    @extend_schema(request=None, responses={200: JobShape})
    def post(self, request: Request, **kwargs: Any) -> Response:
        job = fetch(own_jobs(self.person), self.person, "view", public_id=kwargs["public_id"])
        services.cancel_job(job, actor=self.person)
        return self.answer(JobShape, own_jobs(self.person).get(pk=job.pk))
