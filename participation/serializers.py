"""Shapes of procedures and statements in the REST API. Who submitted a statement is given out nowhere."""

from typing import Any

from rest_framework import serializers

from participation.models import Answer, Category, Phase, PhaseKind, Procedure, Statement
from tenants.models import Tenant
from tenants.serializers import Address, GeoJson, KeyOrNothing, Number, Page, Text


class PhaseShape(serializers.ModelSerializer[Phase]):
    """A span of time in which an audience may speak: from `starts` on, until before `ends`. key: by which it is changed."""

    key = serializers.IntegerField(source="pk", read_only=True)
    starts = serializers.DateTimeField(source="period.lower", read_only=True)
    ends = serializers.DateTimeField(source="period.upper", read_only=True)
    plan_version = Address("api:version", public_id="procedure.plan.public_id", number="plan_version.number")

    class Meta:
        model = Phase
        fields: tuple[str, ...] = ("key", "kind", "audience", "starts", "ends", "plan_version")
        read_only_fields = fields


class ProcedureShape(serializers.ModelSerializer[Procedure]):
    """A participation on a plan or on a free topic."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    tenant = serializers.SlugRelatedField[Tenant](slug_field="slug", read_only=True)
    plan = Address("api:plan", public_id="plan.public_id")
    plan_version = Address("api:version", public_id="plan.public_id", number="plan_version.number")
    phases = PhaseShape(many=True, read_only=True)
    categories = serializers.SlugRelatedField[Category](
        source="categorys", slug_field="name", many=True, read_only=True
    )
    url = Address("api:procedure", public_id="public_id")
    statements = Address("api:published_statements", public_id="public_id")
    page = Page()

    class Meta:
        model = Procedure
        fields: tuple[str, ...] = ("id", "tenant", "title", "summary", "plan", "plan_version", "is_public", "published_at", "decided_at", "phases", "categories", "url", "statements", "page")  # fmt: skip
        read_only_fields = fields


class ProcedureForStaff(ProcedureShape):
    """A procedure for who has just changed it. warnings: where the law wants a phase to last longer."""

    warnings = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta(ProcedureShape.Meta):
        fields = (*ProcedureShape.Meta.fields, "warnings")
        read_only_fields = fields


class PhaseOrder(serializers.Serializer[Any]):
    """Both days belong to the phase. key: of a phase that is there already; one that is not sent again is taken out."""

    key = Number(required=False, min_value=1)
    kind = serializers.ChoiceField(PhaseKind.choices)
    first_day = serializers.DateField()
    last_day = serializers.DateField()


class ProcedureChange(serializers.Serializer[Any]):
    """plan: its id; null for a free topic."""

    title = Text(max_length=200)
    summary = Text(max_length=5000, allow_blank=True)
    plan = KeyOrNothing()
    phases = serializers.ListField(child=PhaseOrder(), max_length=20, required=False)
    categories = serializers.ListField(child=Text(max_length=80), required=False)


class NewProcedure(ProcedureChange):
    title = Text(max_length=200, required=True)


class AnswerShape(serializers.ModelSerializer[Answer]):
    """An official answer."""

    class Meta:
        model = Answer
        fields: tuple[str, ...] = ("text", "answered_at")
        read_only_fields = fields


class PublishedStatement(serializers.ModelSerializer[Statement]):
    """A statement as everybody reads it."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    procedure = Address("api:procedure", public_id="procedure.public_id")
    category = serializers.SlugRelatedField[Category](slug_field="name", read_only=True, allow_null=True)
    place = GeoJson(allow_null=True)
    answers = AnswerShape(many=True, read_only=True)

    class Meta:
        model = Statement
        fields: tuple[str, ...] = ("id", "procedure", "text", "received_at", "category", "place", "answers")
        read_only_fields = fields


class StatementForStaff(PublishedStatement):
    """A statement with what its town decided about its publication."""

    url = Address("api:statement", public_id="public_id")

    class Meta(PublishedStatement.Meta):
        fields = (*PublishedStatement.Meta.fields, "receipt", "is_late", "from_body", "publication_consent", "publication", "publication_reason", "url")  # fmt: skip
        read_only_fields = fields


class NewAnswer(serializers.Serializer[Any]):
    text = Text(max_length=20_000, required=True)


class Topic(serializers.Serializer[Any]):
    """category: a topic of the statement's procedure by its name; null for none."""

    category = Text(max_length=80, required=True, allow_null=True)


class Moderation(serializers.Serializer[Any]):
    """hide: with a reason, that the submitter reads; ask: the reason is the question; undo: the last decision."""

    act = serializers.ChoiceField(["publish", "hide", "ask", "undo"])
    reason = Text(max_length=5000, allow_blank=True)
