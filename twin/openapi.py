"""The REST API described: its root, the OpenAPI document, and the same as a page for people."""

from functools import cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from tenants.renderers import PageRenderer
from tenants.rest import Open

# First word of an address -> what it is about.
GROUPS = {
    "tenants": _("Municipalities and county"),
    "plans": _("Plans"),
    "plan-imports": _("Imports of plans"),
    "plan-batches": _("Batches of plan files"),
    "procedures": _("Participation procedures"),
    "statements": _("Statements"),
    "datasets": _("Datasets"),
    "uploads": _("Uploads"),
    "records": _("Catalogue"),
    "sources": _("Foreign services"),
    "data-formats": _("Data formats"),
    "indicators": _("Indicators"),
    "jobs": _("Jobs"),
    "schema": _("Description of the interface"),
    "api": _("Beginning"),
}
BEGINNINGS = ("tenants", "plans", "plan_imports", "plan_batches", "procedures", "statements", "datasets", "records", "sources", "data_formats", "county_figures", "municipality_figures", "jobs", "schema")  # fmt: skip


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "tenants.rest.ByToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class Root(Open):
    titles = {"GET": _("Where everything begins")}

    @extend_schema(
        responses={200: {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}}
    )
    def get(self, request: Request) -> Response:
        return Response({name: reverse(f"api:{name}", request=request) for name in BEGINNINGS})


class Nothing(Open):
    """Any other address below the API's, so that programs get a problem and no page of the site."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        raise exceptions.NotFound

    post = put = patch = delete = get


def ours(endpoints: list[tuple[str, str, str, Any]]) -> list[tuple[str, str, str, Any]]:
    """Without the addresses that Wagtail's own pages ask."""
    return [one for one in endpoints if one[0].startswith("/api/v1/")]


@cache
def definition(language: str) -> Any:
    """The OpenAPI document; the same for everybody."""
    with translation.override(language):
        return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]


class DescriptionPage(PageRenderer):
    """Every address with its parameters, by what it is about."""

    template_name = "rest/description.html"

    def context(self, view: Any, data: Any) -> dict[str, Any]:
        groups: dict[str, list[dict[str, Any]]] = {word: [] for word in GROUPS}
        for path, methods in data["paths"].items():
            for method, one in methods.items():
                groups[one["tags"][0]].append(_operation(path, method, one, data["components"]["schemas"]))
        named = [(GROUPS[word], operations) for word, operations in groups.items()]
        return super().context(view, None) | {"groups": named}


def _operation(path: str, method: str, one: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    """body: of what is sent, by the first of the ways to send it."""
    ways = list(one.get("requestBody", {"content": {}})["content"].values())
    address = ways[0]["schema"].get("$ref", "") if ways else ""
    shape = shapes.get(address.rpartition("/")[2], {})
    return {
        "path": path,
        "method": method.upper(),
        "summary": one["summary"],
        "closed": {} not in one["security"],
        "parameters": [
            (each["name"], _first_line(each), _values(each["schema"])) for each in one.get("parameters", ())
        ],
        "body": [
            (name, _first_line(each), _values(each)) for name, each in shape.get("properties", {}).items()
        ],
    }


def _first_line(each: dict[str, Any]) -> str:
    """What it means; the values that may follow stand in their own column."""
    return str(each.get("description") or each.get("title") or "").partition("\n")[0]


def _values(schema: dict[str, Any]) -> list[str]:
    schema = schema.get("anyOf", [schema])[0]  # or null
    return [str(one) for one in schema.get("enum", ())] or [
        str(schema.get("format") or schema.get("type", ""))
    ]


class Schema(Open):
    renderer_classes = (JSONRenderer, DescriptionPage)
    titles = {"GET": _("This interface in OpenAPI 3.1")}

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response(definition(translation.get_language()))
