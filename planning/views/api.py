"""Plans in the REST API: what everybody reads, and what the person sees besides."""

from typing import Any, ClassVar

from django.contrib.gis.db.models.functions import AsGeoJSON, Envelope, Transform
from django.db.models import Case, F, When
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from planning import queries, services
from planning.models import Plan, PlanDocument, PlanType, PlanVersion
from planning.serializers import (
    DocumentShape,
    ObjectShape,
    PlanShape,
    PlanWithArea,
    StepShape,
    VersionShape,
)
from planning.views.plans import as_file
from tenants import files
from tenants.access import fetch
from tenants.rest import Listing, ListQuery, Open, Single
from tenants.serializers import DECIMALS, WGS84, Text


class PlanQuery(ListQuery):
    apart: ClassVar[frozenset[str]] = ListQuery.apart | {"q", "ags"}
    q = Text(max_length=200, help_text=_("Words in name, number or place"))
    tenant = serializers.SlugField(source="tenant__slug", required=False)
    plan_type = serializers.ChoiceField(PlanType.choices, required=False)
    legal_status = Text(max_length=20, help_text=_("Code of the Rechtsstand"))
    ags = serializers.RegexField(r"^\d{8}$", required=False, help_text=_("AGS of a municipality that the plan covers"))  # fmt: skip
    is_public = serializers.BooleanField(required=False)
    changed_since = serializers.DateTimeField(source="changed_at__gte", required=False)


def plans() -> Any:
    """Plans as their shapes show them: of the Geltungsbereich, thousands of corners, the database gives the box alone."""
    rows = Plan.objects.select_related("tenant").annotate(box=Envelope("area"))
    return rows.defer("tenant__boundary", "search", "area")


class Plans(Listing):
    titles = {"GET": _("Plans, the newest first")}
    serializer_class = PlanShape
    query_class = PlanQuery

    def rows(self) -> Any:
        rows = plans().visible_to(self.request.user)
        if "ags" in self.asked:
            rows = rows.covering(self.asked["ags"])
        return queries.having_words(rows, self.asked.get("q", ""))


class OnePlan(Single):
    titles = {"GET": _("One plan, with its Geltungsbereich")}
    serializer_class = PlanWithArea

    def row(self) -> Any:
        shape = AsGeoJSON(Transform("area", WGS84), precision=DECIMALS)
        return fetch(
            plans().annotate(shape=shape), self.request.user, "view", public_id=self.kwargs["public_id"]
        )


class OfPlan(Open):
    """What belongs to the plan of the address."""

    def plan(self) -> Plan:
        found: Plan = fetch(plans(), self.request.user, "view", public_id=self.kwargs["public_id"])
        return found

    def version(self) -> PlanVersion:
        plan = self.plan()
        found = queries.version_for(self.request.user, plan, number=self.kwargs["number"])
        if found is None:
            raise Http404
        found.plan = plan
        return found


def _boxed(versions: Any) -> Any:
    rows = versions.select_related("plan").annotate(box=Envelope("area"))
    return rows.defer("area", "frame", "header", "plan__area", "plan__search")


class Versions(OfPlan, Listing):
    titles = {"GET": _("Versions of a plan, the newest first")}
    serializer_class = VersionShape
    ordering = ("-number",)

    def rows(self) -> Any:
        return _boxed(PlanVersion.objects.visible_to(self.request.user).filter(plan=self.plan()))


class OneVersion(OfPlan, Single):
    titles = {"GET": _("One version of a plan")}
    serializer_class = VersionShape

    def row(self) -> Any:
        return _boxed(PlanVersion.objects).get(pk=self.version().pk)


class ObjectQuery(ListQuery):
    feature_type = Text(max_length=100, help_text=_("Class of XPlanung, such as BP_BaugebietsTeilFlaeche"))  # fmt: skip
    gml_id = Text(max_length=300)


class Objects(OfPlan, Listing):
    titles = {"GET": _("Objects of a version, in the order of the file")}
    serializer_class = ObjectShape
    query_class = ObjectQuery
    ordering = ("position",)

    def rows(self) -> Any:
        return _shaped(self.version().plan_objects.select_related("plan", "version"))


def _shaped(rows: Any) -> Any:
    shape = AsGeoJSON(Transform("geometry", WGS84), precision=DECIMALS)
    return rows.defer("raw", "before", "geometry", "plan__area", "version__area", "version__frame").annotate(
        shape=shape
    )


class OneObject(OfPlan, Single):
    titles = {"GET": _("One object of a version")}
    serializer_class = ObjectShape

    def row(self) -> Any:
        rows = _shaped(self.version().plan_objects.select_related("plan", "version"))
        found = rows.filter(position=self.kwargs["position"]).first()
        if found is None:
            raise Http404
        return found


class Documents(OfPlan, Listing):
    titles = {"GET": _("Documents of a version that were not replaced")}
    serializer_class = DocumentShape
    ordering = ("order", "pk")

    def rows(self) -> Any:
        stored = Case(When(file__isnull=False, then=F("public_id")))
        rows = PlanDocument.objects.visible_to(self.request.user).filter(version=self.version()).current()
        return rows.filter(is_companion=False).select_related("plan").annotate(stored_id=stored)


class Steps(OfPlan, Listing):
    titles = {"GET": _("Steps of a plan's legal procedure")}
    serializer_class = StepShape
    ordering = ("on", "pk")

    def rows(self) -> Any:
        return self.plan().proceduresteps.visible_to(self.request.user).filter(is_current=True, is_void=False)


# --- files


class DocumentFile(OfPlan):
    titles = {"GET": _("File of a document")}

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        plan = self.plan()
        rows = PlanDocument.objects.visible_to(request.user).filter(plan=plan, file__isnull=False)
        document = rows.filter(public_id=kwargs["document_id"]).first()
        if document is None:
            raise Http404
        (file,) = services.readable_files(plan, [document])
        return files.serve(file)


class Gml(OfPlan):
    titles = {"GET": _("A version as XPlanGML")}

    @extend_schema(responses={(200, "application/gml+xml"): OpenApiTypes.BINARY})
    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        return as_file(self.version())
