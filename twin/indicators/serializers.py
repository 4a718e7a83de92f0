"""Shapes of the monthly figures in the REST API."""

from rest_framework import serializers

from tenants.models import Tenant
from twin.indicators.models import CountySnapshot, MunicipalitySnapshot, Target


class CountyFigures(serializers.ModelSerializer[CountySnapshot]):
    """The county's figures of a month."""

    class Meta:
        model = CountySnapshot
        fields = (
            "month",
            "computed_at",
            "municipalities",
            "use_reached",
            "use_year_reached",
            "onboarded",
            "trained",
            "users",
            "delivery_reached",
            "delivery_by_county",
            "pairs",
            "pairs_year_before",
            "growth",
            "new_pairs",
            "use_cases",
            "cross_municipal",
        )
        read_only_fields = fields


class MunicipalityFigures(serializers.ModelSerializer[MunicipalitySnapshot]):
    """What one municipality lacks in a month, by code."""

    tenant = serializers.SlugRelatedField[Tenant](slug_field="slug", read_only=True)

    class Meta:
        model = MunicipalitySnapshot
        fields = ("tenant", "month", "computed_at", "use_missing", "use_year_missing", "delivery_missing", "pairs", "use_cases")  # fmt: skip
        read_only_fields = fields


class TargetShape(serializers.ModelSerializer[Target]):
    """At least `percent` until the month `due`; start: the month in which it was set."""

    due = serializers.SerializerMethodField()

    class Meta:
        model = Target
        fields: tuple[str, ...] = ("indicator", "percent", "start", "months", "due")
        read_only_fields = fields

    def get_due(self, target: Target) -> str:
        return str(target.goal.due)
