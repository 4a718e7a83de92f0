"""The monthly figures in the REST API; all of them are public."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from tenants.rest import Listing, ListQuery
from twin.indicators.models import MONTH, CountySnapshot, MunicipalitySnapshot, Target
from twin.indicators.serializers import CountyFigures, MunicipalityFigures, TargetShape


class MonthQuery(ListQuery):
    month = serializers.RegexField(MONTH.regex, required=False, help_text=_("A month such as 2026-09."))


class TownQuery(MonthQuery):
    tenant = serializers.SlugField(source="tenant__slug", required=False)


class OfCounty(Listing):
    titles = {"GET": _("The county's figures, the newest month first")}
    serializer_class = CountyFigures
    query_class = MonthQuery
    ordering = ("-month", "pk")

    def rows(self) -> Any:
        return CountySnapshot.objects.filter(is_public=True)


class OfMunicipalities(Listing):
    titles = {"GET": _("Figures of the municipalities, the newest month first")}
    serializer_class = MunicipalityFigures
    query_class = TownQuery
    ordering = ("-month", "pk")

    def rows(self) -> Any:
        rows = MunicipalitySnapshot.objects.filter(is_public=True)
        return rows.select_related("tenant").defer("tenant__boundary")


class Targets(Listing):
    titles = {"GET": _("What the county wants to have reached")}
    serializer_class = TargetShape
    ordering = ("pk",)

    def rows(self) -> Any:
        return Target.objects.filter(is_public=True)
