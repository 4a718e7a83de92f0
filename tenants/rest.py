"""What every address of the REST API has in common: who asks, what may be asked, pages of rows, caches, its description."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DataError
from django.forms import BaseForm
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.openapi import AutoSchema
from rest_framework import exceptions, serializers
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import ListModelMixin
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.permissions import (
    SAFE_METHODS,
    BasePermission,
    IsAuthenticated,
    IsAuthenticatedOrReadOnly,
)
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from tenants.errors import Forbidden
from tenants.models import Tenant, User
from tenants.permissions import reach_of
from tenants.renderers import PageRenderer
from tenants.serializers import Problem, Text
from tenants.throttling import WINDOW, is_too_often

PROBLEM = "application/problem+json"  # RFC 9457
FRESH = 60  # seconds; as long as a withdrawn plan may still be shown by a cache between
PER_PAGE, MOST = 50, 200  # rows


class ByToken(BaseAuthentication):
    """Whose token the middleware has found."""

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        token = getattr(request._request, "token", None)
        return (token.user, token) if token else None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class PerMinute(BaseThrottle):
    def allow_request(self, request: Request, view: Any) -> bool:
        return not is_too_often(request._request, at="api", most=settings.API_PER_MINUTE)

    def wait(self) -> float:
        return WINDOW


class MayWrite(BasePermission):
    """Of tokens: most only read."""

    message = gettext_lazy("This access token only reads. Make one in your profile that may change things.")

    def has_permission(self, request: Request, view: Any) -> bool:
        token: Any = request.auth
        return request.method in SAFE_METHODS or token is None or token.may_write


class Unfit(serializers.ValidationError):
    """What was sent is of the right shape, and still can't be used."""

    status_code = 422


class Negotiation(DefaultContentNegotiation):
    def filter_renderers(self, renderers: Iterable[Any], format: str) -> list[Any]:
        """By f; a word that is none of them is said to be wrong, not missing."""
        found = [renderer for renderer in renderers if renderer.format == format]
        if not found:
            offered = ", ".join(renderer.format for renderer in renderers)
            raise serializers.ValidationError(
                {"f": _("One of these is expected: %(choices)s") % {"choices": offered}}
            )
        return found


class Json(JSONParser):
    """As nested as Python reads it, and no deeper."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError:
            raise exceptions.ParseError(_("The JSON is nested too deeply.")) from None


class Query(serializers.Serializer[Any]):
    """What may stand behind the question mark; anything else is refused, for a typing error would else filter nothing."""

    f = serializers.ChoiceField(
        ["json", "html"], required=False, help_text=gettext_lazy("Format of the answer")
    )


class ListQuery(Query):
    """Fields of subclasses are filters: what they are asked for goes into the condition under their `source`."""

    apart: ClassVar[frozenset[str]] = frozenset({"f", "limit", "cursor"})  # no columns
    limit = serializers.IntegerField(
        min_value=1, max_value=MOST, required=False, help_text=gettext_lazy("Entries on a page")
    )
    cursor = Text(help_text=gettext_lazy("From the address of the next or previous page"))


class Keyset(CursorPagination):
    """Pages by what was last given out: each costs the same at any depth."""

    page_size_query_param = "limit"

    def get_page_size(self, request: Request) -> int:
        return int(request.query_params.get("limit", PER_PAGE))

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        return tuple(view.ordering)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError, DataError):  # a cursor that somebody made up
            if self.cursor_query_param not in request.query_params:
                raise
            raise exceptions.NotFound(self.invalid_cursor_message) from None

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": address, "previous": address, "results": schema},
        }


class Description(AutoSchema):
    """How an endpoint is described in OpenAPI."""

    view: Any

    def get_summary(self) -> str:
        return str(self.view.titles[self.method])

    def get_description(self) -> str:  # type: ignore[override]
        return ""  # docstrings are for who reads the code

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").partition("/")[0] or "api"]

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        return type(serializer).__name__.removesuffix("Shape")

    def get_override_parameters(self) -> list[Any]:
        return [self.view.query_class if self.method == "GET" else Query]

    def _get_format_parameters(self) -> list[Any]:
        return []  # f is a part of query_class, as are those of the next two

    def _get_pagination_parameters(self) -> list[Any]:
        return []

    def _get_filter_parameters(self) -> list[Any]:
        return []

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        found: dict[str, Any] = super()._get_response_bodies(direction)
        found["4XX"] = self._get_response_for_code(Problem, "4XX", [PROBLEM])  # type: ignore[no-untyped-call]
        for answer in found.values():
            if any(kind.endswith("json") for kind in answer.get("content", ())):
                answer["content"][PageRenderer.media_type] = {"schema": {"type": "string"}}
        return found


CLOSED = (IsAuthenticated, MayWrite)


class Endpoint(GenericAPIView[Any]):
    """titles: of each method, for the description and for the page. query_class: what may be asked."""

    titles: ClassVar[Mapping[str, Any]] = {}
    permission_classes: Any = CLOSED
    parser_classes: Any = (Json,)
    query_class: ClassVar[type[Query]] = Query
    authentication_classes = (ByToken, SessionAuthentication)
    throttle_classes = (PerMinute,)
    content_negotiation_class = Negotiation
    renderer_classes = (JSONRenderer, PageRenderer)
    asked: dict[str, Any]

    @property
    def person(self) -> User:
        assert isinstance(self.request.user, User)  # noqa: S101 - the permission has sent everybody else away
        return self.request.user

    @property
    def tenant(self) -> Tenant:
        """The tenant that the person acts for."""
        active = reach_of(self.person).active
        if active is None:
            raise Forbidden("no tenant")
        return active

    def sent(self, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """What the body says, checked."""
        found = shape(data=self.request.data)
        found.is_valid(raise_exception=True)
        return dict(found.validated_data)

    def checked(self, form: BaseForm) -> Any:
        """What a form of the pages says to the same questions."""
        if not form.is_valid():
            raise Unfit({name: [str(error) for error in errors] for name, errors in form.errors.items()})
        return form.cleaned_data

    def answer(
        self, shape: type[serializers.Serializer[Any]], row: Any, *, status: int = 200, many: bool = False
    ) -> Response:
        return Response(shape(row, many=many, context=self.get_serializer_context()).data, status=status)

    def get_permissions(self) -> list[Any]:
        """Browsers ask, without saying for whom, what another site may send."""
        return [] if self.request.method == "OPTIONS" else list(super().get_permissions())

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return Response(status=204)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not hasattr(self, str(request.method).lower()):
            raise exceptions.MethodNotAllowed(str(request.method))
        super().initial(request, *args, **kwargs)
        reach_of(request.user)  # visible_to looks at it
        self.asked = self._asked(request)

    def _asked(self, request: Request) -> dict[str, Any]:
        query_class = self.query_class if request.method in {"GET", "HEAD"} else Query
        query = query_class(data=request.query_params.dict())
        known: Any = query.fields.keys()
        wrong = {
            name: [_("This parameter is unknown here.")] for name in request.query_params if name not in known
        }
        wrong |= {name: [_("Give it once.")] for name in known if len(request.query_params.getlist(name)) > 1}
        if not query.is_valid() or wrong:
            raise serializers.ValidationError({**query.errors, **wrong})
        return dict(query.validated_data)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        self._cache(request, response)
        patch_vary_headers(response, ["Accept", "Authorization", "Cookie"])
        # Other sites may read what everybody may, or what a token opens; without credentials no session of ours is used.
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response["Access-Control-Allow-Methods"] = ", ".join(self.allowed_methods)
        return response

    def _cache(self, request: Request, response: Any) -> None:
        """Public only for whom sees no more than everybody; a page's frame shows who is signed in."""
        if response.has_header("Cache-Control"):
            return
        is_json = getattr(request, "accepted_renderer", None) and request.accepted_renderer.format == "json"
        nobody = is_json and not request.user.is_authenticated
        if nobody and request.method in {"GET", "HEAD"} and response.status_code == 200:
            patch_cache_control(response, public=True, max_age=FRESH)
        else:
            patch_cache_control(response, private=True, no_store=True)


class Open(Endpoint):
    """Reading for everybody: what is public, and what the person sees besides."""

    permission_classes: Any = (IsAuthenticatedOrReadOnly, MayWrite)


class Listing(ListModelMixin, Open):
    """Rows that the person may see, narrowed as asked, a page at a time. ordering: by what few rows have in common."""

    pagination_class = Keyset
    query_class: ClassVar[type[ListQuery]] = ListQuery
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)

    def rows(self) -> Any:
        raise NotImplementedError

    def get_queryset(self) -> Any:
        apart = self.query_class.apart
        return self.rows().filter(
            **{column: one for column, one in self.asked.items() if column not in apart}
        )

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.list(request, **kwargs)


class Single(Open):
    """One row, by access.fetch."""

    def row(self) -> Any:
        raise NotImplementedError

    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.row()).data)
