"""Shapes of plans and what belongs to them in the REST API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from planning import batch_report
from planning.messages import text_of
from planning.models import (
    Batch,
    Plan,
    PlanDocument,
    PlanObject,
    PlanUpgrade,
    PlanVersion,
    ProcedureStep,
    Source,
    StepDocument,
    StepKind,
)
from planning.uploads import awaits_decision
from planning.xplanung.upgrade.report import FATES
from tenants.models import Job, Tenant
from tenants.serializers import Address, Box, DayOrNothing, GeoJson, JobShape, Key, Number, Page, Text


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


class StepForStaff(StepShape):
    """A step with what its staff alone reads. is_void: it never happened; reason: of the last correction."""

    plan = Address("api:plan", public_id="plan.public_id")
    url = Address("api:step", public_id="plan.public_id", entry="entry")

    class Meta(StepShape.Meta):
        fields = (*StepShape.Meta.fields, "plan", "number", "body", "revision", "is_void", "reason", "created_at", "url")  # fmt: skip
        read_only_fields = fields


class PaperShape(serializers.ModelSerializer[StepDocument]):
    """A document of a step: a decision, a notice, an approval."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    file = Address("api:paper_file", public_id="plan.public_id", paper_id="public_id")

    class Meta:
        model = StepDocument
        fields: tuple[str, ...] = ("id", "title", "sha256", "is_internal", "is_public", "created_at", "file")
        read_only_fields = fields


class NewPaper(serializers.Serializer[Any]):
    """title: without one the file's name. internal: stays closed when the plan is public."""

    file = serializers.FileField()
    title = Text(max_length=200, allow_blank=True)
    internal = serializers.BooleanField(default=True)


class StepWords(serializers.Serializer[Any]):
    until = DayOrNothing()
    announced_on = DayOrNothing()
    number = Text(max_length=100, allow_blank=True)
    body = Text(max_length=200, allow_blank=True)
    note = Text(max_length=2000, allow_blank=True)
    source = serializers.ChoiceField(Source.choices, required=False)  # type: ignore[assignment]


class NewStep(StepWords):
    """until: last day of a hearing; body: who was responsible; number: of a decision."""

    kind = serializers.ChoiceField(StepKind.choices)
    on = serializers.DateField()


class Striking(serializers.Serializer[Any]):
    """reason: colleagues read it; revision: refused, where another one is the newest by now."""

    reason = Text(max_length=1000, required=True)
    revision = Number(required=False, min_value=1)


class Correction(StepWords, Striking):
    kind = serializers.ChoiceField(StepKind.choices, required=False)
    on = serializers.DateField(required=False)


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
    findings = _findings(report["findings"])
    return dict(ReportShape({**report, "plans": report["plan_ids"], "findings": findings}).data)


def _findings(kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    told = ({**finding, "message": text_of(finding["rule"], finding["params"])} for finding in kept)
    return [dict(FindingShape(finding).data) for finding in told]


class LossShape(serializers.Serializer[Any]):
    """What became of one value. became: new property, type or code."""

    gml_id = serializers.CharField()
    line = serializers.IntegerField()
    feature_type = serializers.CharField()
    property = serializers.CharField()
    value = serializers.CharField()
    fate = serializers.ChoiceField(list(FATES))
    became = serializers.CharField()
    reason = serializers.CharField()


class LossesShape(serializers.Serializer[Any]):
    """What became of every value that did not simply stay."""

    losses = LossShape(many=True)


class UpgradeShape(serializers.ModelSerializer[PlanUpgrade]):
    """What an upgrade to XPlanung 6.0 made of a version. refused: there is no file, and findings say why."""

    version = serializers.SlugRelatedField[PlanVersion](slug_field="number", read_only=True)
    refused = serializers.SerializerMethodField()
    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    findings = serializers.SerializerMethodField()

    class Meta:
        model = PlanUpgrade
        fields: tuple[str, ...] = ("version", "refused", "counts", "findings", "created_at")
        read_only_fields = fields

    def get_refused(self, upgrade: PlanUpgrade) -> bool:
        return upgrade.file_id is None

    @extend_schema_field(FindingShape(many=True))
    def get_findings(self, upgrade: PlanUpgrade) -> list[Any]:
        return _findings(upgrade.findings)


class Files(serializers.Serializer[Any]):
    """Plan files, archives and documents that belong to them."""

    delivered = serializers.ListField(child=serializers.FileField(), min_length=1)


class Delivery(Files):
    """plan: where the files are a new version of one plan."""

    plan = Key(required=False)


class ImportDecision(serializers.Serializer[Any]):
    """version: of the plan proposed; new: a plan of its own; discard: the file is thrown away."""

    answer = serializers.ChoiceField(["version", "new", "discard"])


class BatchShape(serializers.ModelSerializer[Batch]):
    """Plan files that were delivered together."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    tenant = serializers.SlugRelatedField[Tenant](slug_field="slug", read_only=True)
    url = Address("api:plan_batch", public_id="public_id")
    page = Page()

    class Meta:
        model = Batch
        fields: tuple[str, ...] = ("id", "tenant", "title", "created_at", "url", "page")
        read_only_fields = fields


class BatchFileShape(serializers.Serializer[Any]):
    """valid, errors, warnings: of the newest full check of the plan that the file became."""

    file = serializers.CharField()
    verdict = serializers.ChoiceField(list(batch_report.WORDS))
    version = serializers.CharField()
    type = serializers.CharField()
    features = serializers.IntegerField(allow_null=True)
    valid = serializers.BooleanField(allow_null=True)
    errors = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]
    warnings = serializers.IntegerField(allow_null=True)
    messages = serializers.ListField(child=serializers.CharField())
    plan = serializers.CharField(allow_null=True)


class BatchReport(serializers.Serializer[Any]):
    """counts: verdict -> how many."""

    percent = serializers.IntegerField()
    over = serializers.BooleanField()
    counts = serializers.DictField(child=serializers.IntegerField())
    files = BatchFileShape(many=True)


class BatchWithFiles(BatchShape):
    report = serializers.SerializerMethodField()

    class Meta(BatchShape.Meta):
        fields = (*BatchShape.Meta.fields, "report")
        read_only_fields = fields

    @extend_schema_field(BatchReport)
    def get_report(self, batch: Batch) -> dict[str, Any]:
        return dict(BatchReport(batch_report.told(batch)).data)


class Opening(serializers.Serializer[Any]):
    """on: the day of the publication; today where nothing is said."""

    on = serializers.DateField(required=False)
