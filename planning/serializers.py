"""Shapes of plans and what belongs to them in the REST API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from planning.messages import text_of
from planning.models import Plan, PlanDocument, PlanObject, PlanVersion, ProcedureStep
from planning.uploads import awaits_decision
from tenants.models import Job, Tenant
from tenants.serializers import Address, Box, GeoJson, JobShape, Key, Page


class PlanShape(serializers.ModelSerializer[Plan]):
    """A plan. Its columns describe the version that its readers see."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    tenant = serializers.SlugRelatedField[Tenant](slug_field="slug", read_only=True)
    dates = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), read_only=True)
    portal_url = serializers.CharField(read_only=True)
    bbox = Box(source="box", allow_null=True)
    url = Address("api:plan", public_id="public_id")
    versions = Address("api:versions", public_id="public_id")
    steps = Address("api:steps", public_id="public_id")
    page = Page()

    class Meta:
        model = Plan
        fields: tuple[str, ...] = (
            "id",
            "tenant",
            "plan_type",
            "number",
            "name",
            "place",
            "ags",
            "xplan_version",
            "legal_status",
            "procedure_kind",
            "dates",
            "valid_from",
            "valid_until",
            "state",
            "is_public",
            "published_on",
            "portal_url",
            "changed_at",
            "bbox",
            "url",
            "versions",
            "steps",
            "page",
        )
        read_only_fields = fields


class PlanWithArea(PlanShape):
    area = GeoJson(source="shape")

    class Meta(PlanShape.Meta):
        fields = (*PlanShape.Meta.fields, "area")
        read_only_fields = fields


class VersionShape(serializers.ModelSerializer[PlanVersion]):
    """A file of a plan, exact and never changed."""

    plan = Address("api:plan", public_id="plan.public_id")
    bbox = Box(source="box", allow_null=True)
    url = Address("api:version", public_id="plan.public_id", number="number")
    objects = Address("api:objects", public_id="plan.public_id", number="number")
    documents = Address("api:documents", public_id="plan.public_id", number="number")
    gml = Address("api:gml", public_id="plan.public_id", number="number")

    class Meta:
        model = PlanVersion
        fields: tuple[str, ...] = ("number", "plan", "xplan_version", "origin", "sha256", "feature_count", "is_public", "created_at", "bbox", "url", "objects", "documents", "gml")  # fmt: skip
        read_only_fields = fields


class ObjectShape(serializers.ModelSerializer[PlanObject]):
    """An object of a version; its properties as the file has them, in JSON."""

    properties = serializers.DictField(read_only=True)
    geometry = GeoJson(source="shape")
    url = Address("api:object", public_id="plan.public_id", number="version.number", position="position")

    class Meta:
        model = PlanObject
        fields: tuple[str, ...] = ("position", "gml_id", "feature_type", "bereich", "ebene", "rechtscharakter", "flaechenschluss", "properties", "geometry", "url")  # fmt: skip
        read_only_fields = fields


class DocumentShape(serializers.ModelSerializer[PlanDocument]):
    """A document of a version."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    file = Address("api:document_file", public_id="plan.public_id", document_id="stored_id")

    class Meta:
        model = PlanDocument
        fields: tuple[str, ...] = ("id", "title", "kind", "href", "sha256", "dated_on", "goods", "is_internal", "is_public", "created_at", "file")  # fmt: skip
        read_only_fields = fields


class StepShape(serializers.ModelSerializer[ProcedureStep]):
    """A step of the plan's legal procedure, as last recorded."""

    id = serializers.UUIDField(source="entry", read_only=True)

    class Meta:
        model = ProcedureStep
        fields: tuple[str, ...] = ("id", "kind", "on", "until", "announced_on", "note", "source", "is_public")
        read_only_fields = fields


# --- importing files


class FindingShape(serializers.Serializer[Any]):
    rule = serializers.CharField()
    severity = serializers.CharField()
    message = serializers.CharField()
    gml_id = serializers.CharField()
    line = serializers.IntegerField(allow_null=True)


class ReportShape(serializers.Serializer[Any]):
    """What became of one plan file. proposals: plans (id -> name) that it may be a new version of."""

    file = serializers.CharField()
    ok = serializers.BooleanField()
    plans = serializers.ListField(child=serializers.UUIDField())
    findings = FindingShape(many=True)
    proposals = serializers.DictField(child=serializers.CharField())


class ImportShape(JobShape):
    """The import of a plan file. awaits_decision: somebody has to say where it belongs."""

    url = Address("api:plan_import", public_id="public_id")
    awaits_decision = serializers.SerializerMethodField()
    reports = serializers.SerializerMethodField()

    class Meta(JobShape.Meta):
        fields = (*JobShape.Meta.fields, "awaits_decision", "reports")
        read_only_fields = fields

    def get_awaits_decision(self, job: Job) -> bool:
        return bool(awaits_decision(job))

    @extend_schema_field(ReportShape(many=True))
    def get_reports(self, job: Job) -> list[Any]:
        return [_in_words(report) for report in job.result.get("reports", ())]


def _in_words(report: dict[str, Any]) -> dict[str, Any]:
    findings = [
        {**finding, "message": text_of(finding["rule"], finding["params"])} for finding in report["findings"]
    ]
    return dict(ReportShape({**report, "plans": report["plan_ids"], "findings": findings}).data)


class Delivery(serializers.Serializer[Any]):
    """Plan files, archives and documents that belong to them; plan: where they are a new version of one plan."""

    delivered = serializers.ListField(child=serializers.FileField(), min_length=1)
    plan = Key(required=False)


class ImportDecision(serializers.Serializer[Any]):
    """version: of the plan proposed; new: a plan of its own; discard: the file is thrown away."""

    answer = serializers.ChoiceField(["version", "new", "discard"])


class Opening(serializers.Serializer[Any]):
    """on: the day of the publication; today where nothing is said."""

    on = serializers.DateField(required=False)
