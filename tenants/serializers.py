"""Shapes that all packages give out in the REST API, and those of tenants and jobs."""

import json
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from tenants.models import Job, Tenant

WGS84 = 4326
DECIMALS = 7  # of a degree: a centimetre


@extend_schema_field({"type": ["string", "null"], "format": "uri"})
class Address(serializers.Field[Any, Any, Any, Any]):
    """Address of a row's own or of another one. parameters: of the address -> path to the attribute; nothing where one is empty."""

    def __init__(self, name: str, **parameters: str) -> None:
        super().__init__(source="*", read_only=True)
        self.name, self.parameters = name, parameters

    def __deepcopy__(self, memo: Any) -> "Address":
        return Address(self.name, **self.parameters)

    def to_representation(self, value: Any) -> str | None:
        found = {name: _at(value, path) for name, path in self.parameters.items()}
        if None in found.values():
            return None
        return reverse(self.name, kwargs=found, request=self.context["request"])


def _at(row: Any, path: str) -> Any:
    first, _dot, rest = path.partition(".")
    found = getattr(row, first)
    return _at(found, rest) if rest and found is not None else found


@extend_schema_field({"type": "string", "format": "uri"})
class Page(serializers.Field[Any, Any, Any, Any]):
    """Address of the row's page for people."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True, help_text=_("Page for people"))

    def __deepcopy__(self, memo: Any) -> "Page":
        return Page()

    def to_representation(self, value: Any) -> str:
        return str(self.context["request"].build_absolute_uri(value.get_absolute_url()))


@extend_schema_field(
    {
        "type": ["object", "null"],
        "description": "GeoJSON (RFC 7946)",
        "required": ["type"],
        "properties": {"type": {"type": "string"}},
    }
)
class GeoJson(serializers.Field[Any, Any, Any, Any]):
    """A geometry that the database has written as GeoJSON text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: str) -> Any:
        return json.loads(value)


@extend_schema_field({"type": ["array", "null"], "items": {"type": "number"}, "minItems": 4, "maxItems": 4})
class Box(serializers.Field[Any, Any, Any, Any]):
    """West, south, east, north in degrees, of a geometry in any system."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            read_only=True, help_text=_("West, south, east, north in degrees (WGS84)"), **options
        )

    def to_representation(self, value: Any) -> list[float]:
        return [round(edge, DECIMALS) for edge in value.transform(WGS84, clone=True).extent]


# What comes in as JSON has types: "1" is no number and 1 no text.


class Text(serializers.CharField):
    """Optional, and taken as it was sent: no blanks are cut off."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "trim_whitespace": False, **options})

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Number(serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, float) and data.is_integer():  # 2.0 is 2 in JSON
            data = int(data)
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class YesNo(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Key(serializers.UUIDField):
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


def _or_nothing(kind: str) -> dict[str, Any]:
    return {"anyOf": [{"type": "string", "format": kind}, {"type": "null"}]}


@extend_schema_field(_or_nothing("uuid"))
class KeyOrNothing(Key):
    """null takes away what is there; left out, it stays."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "allow_null": True, **options})


@extend_schema_field(_or_nothing("date"))
class DayOrNothing(serializers.DateField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "allow_null": True, **options})


class Problem(serializers.Serializer[Any]):
    """What went wrong (RFC 9457). errors: of each field, by its name."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(required=False)  # type: ignore[assignment]


class TenantShape(serializers.ModelSerializer[Tenant]):
    """A municipality, a Verwaltungsgemeinschaft or the county."""

    association = serializers.SlugRelatedField[Tenant](slug_field="slug", read_only=True, allow_null=True)
    url = Address("api:tenant", slug="slug")

    class Meta:
        model = Tenant
        fields: tuple[str, ...] = (
            "slug",
            "kind",
            "name",
            "ags",
            "ars",
            "association",
            "population",
            "contact",
            "url",
        )
        read_only_fields = fields


class TenantWithBoundary(TenantShape):
    boundary = GeoJson(source="place")

    class Meta(TenantShape.Meta):
        fields = (*TenantShape.Meta.fields, "boundary")
        read_only_fields = fields


class JobShape(serializers.ModelSerializer[Job]):
    """A long piece of work: how far it is, and how it ended."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    tenant = serializers.SlugRelatedField[Tenant](slug_field="slug", read_only=True)
    percent = serializers.IntegerField(read_only=True)
    is_over = serializers.BooleanField(read_only=True)
    url = Address("api:job", public_id="public_id")

    class Meta:
        model = Job
        fields: tuple[str, ...] = ("id", "tenant", "title", "state", "percent", "step", "error", "is_over", "created_at", "started_at", "finished_at", "url")  # fmt: skip
        read_only_fields = fields
