"""What every address of the interfaces has in common: formats, parameters, caching, compression, other origins, problems."""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views import View
from django_stubs_ext import StrPromise

from tenants.permissions import reach_of
from tenants.renderers import pieces
from twin.ogc import throttling
from twin.ogc.collections import Collection
from twin.ogc.errors import NotOffered, OgcError, ParameterRefused

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
PROBLEM = "application/problem+json"
FRESH = 60  # seconds; as long as a withdrawn dataset may still be shown by a cache between
SMALL = 1_000  # bytes; below, compression costs more than it saves
LEVEL = 1  # of gzip: a quarter of the time of level 6 for a fifth more bytes, measured on 1,000 polygons
Links = list[dict[str, str]]


class Interface(View):
    """An address of any of these interfaces."""

    def at(self, name: str, *args: str) -> str:
        return self.request.build_absolute_uri(reverse(f"ogc:{name}", args=args))

    def unchanged(self, collection: Collection, make: Callable[[], HttpResponse]) -> HttpResponse:
        """304 where the asker has this state of the collection already, else what `make` gives, with marks to ask by."""
        etag = f'W/"{etag_of(collection, self.request)}"'
        found = get_conditional_response(self.request, etag=etag) or make()
        found["ETag"] = etag
        found["Cache-Control"] = self.caching(collection)
        return found

    def caching(self, collection: Collection) -> str:
        """Public only for whom sees no more than everybody."""
        nobody = not (reach_of(self.request.user).scope.read or self.request.user.is_authenticated)
        return f"public, max-age={FRESH}" if nobody and collection.is_public else "private, no-cache"


class Endpoint(Interface):
    """A GET address. formats: value of f -> media type, the first is the default. parameters: that it knows besides f.

    Subclasses write one method `as_<f>` for each format, which returns an answer or what is to be written as JSON.
    """

    formats: ClassVar[dict[str, str]] = {"json": JSON, "html": HTML}
    parameters: ClassVar[frozenset[str]] = frozenset()
    template_name: ClassVar[str] = ""
    http_method_names = ["get", "head", "options"]
    asked: dict[str, str]
    format: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.format = self.expected(request)
        try:
            throttling.count(request)
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        except OgcError as error:
            response = self.problem(error.status, str(error.title), str(error), kind=error.kind)
            if error.status == 401:
                response["WWW-Authenticate"] = "Bearer"
            if error.status == 429:
                response["Retry-After"] = str(throttling.WINDOW)
        except Http404:
            if self.format == "html":
                raise
            response = self.problem(404, _("Not found"), _("There is nothing at this address."))
        return open_to_other_origins(response)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.format = self.chosen(request)
        self.asked = known_parameters(request, {"f", *self.parameters_of(**kwargs)})
        content = getattr(self, f"as_{self.format}")(**kwargs)
        response = content if isinstance(content, HttpResponseBase) else self.document(content)
        patch_vary_headers(response, ["Accept", "Authorization", "Cookie"])
        return response

    def expected(self, request: HttpRequest) -> str:
        """The format of a refusal, whatever else is wrong: a browser gets a page, everybody else a problem in JSON."""
        for_people = "html" in self.formats and request.get_preferred_type([JSON, HTML]) == HTML
        default = "html" if for_people else next(iter(self.formats))
        wanted = request.GET.get("f", default)
        return wanted if wanted in self.formats else default

    def chosen(self, request: HttpRequest) -> str:
        """The format of the answer. Raises ParameterRefused, NotOffered."""
        return chosen_format(request, self.formats)

    def parameters_of(self, **kwargs: Any) -> Iterable[str]:
        return self.parameters

    def page(self, **context: Any) -> HttpResponse:
        """The address for people."""
        alternates = [(name, self.here(f=name)) for name in self.formats if name not in {"html", "plain"}]
        response = render(self.request, self.template_name, {"alternates": alternates, **context})
        response["Cache-Control"] = "private, no-cache"  # the frame shows who is signed in
        return response

    def document(self, content: Any, *, kind: str = "", cache: str = "private, no-cache") -> HttpResponse:
        text = (
            content
            if isinstance(content, str | bytes)
            else json.dumps(content, ensure_ascii=False, default=str)
        )
        return compressed(self.request, text, kind=kind or self.formats[self.format], cache=cache)

    def problem(self, status: int, title: str, detail: str, *, kind: str = "about:blank") -> HttpResponse:
        """RFC 9457; for people a page."""
        if self.format == "html":
            return render(
                self.request, "ogc/problem.html", {"error_title": title, "detail": detail}, status=status
            )
        text = json.dumps({"type": kind, "title": title, "status": status, "detail": detail})
        response = HttpResponse(text, content_type=PROBLEM, status=status)
        response["Cache-Control"] = "no-store"
        return response

    def here(self, **changes: str) -> str:
        """This address with other parameters."""
        query = self.request.GET.copy()
        for name, value in changes.items():
            query[name] = value
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")

    def own_links(self) -> Links:
        """This document, and itself in its other formats."""
        return [
            link(self.here(f=name), "self" if name == self.format else "alternate", kind, name.upper())
            for name, kind in self.formats.items()
        ]


class Told(Endpoint):
    """An address without a page of its own: people see what programs get, its addresses as links.

    title: of the page; people: the same for people, as name of an address and words."""

    formats: ClassVar[dict[str, str]] = {"json": JSON, "html": HTML}
    template_name = "ogc/told.html"
    title: ClassVar[str]
    people: ClassVar[tuple[str, StrPromise]]

    def as_html(self, **kwargs: Any) -> HttpResponseBase:
        self.format = "json"  # as its links shall say
        try:
            content = getattr(self, "as_json")(**kwargs)  # noqa: B009 - each has its own parameters
        finally:
            self.format = "html"
        if isinstance(content, HttpResponseBase):
            return content
        site = self.request.build_absolute_uri("/")
        address, words = self.people
        return self.page(title=self.title, pieces=list(pieces(content, site=site)), people=reverse(address), words=words)  # fmt: skip


def link(href: str, rel: str, kind: str, title: str = "") -> dict[str, str]:
    found = {"href": href, "rel": rel, "type": kind}
    return {**found, "title": title} if title else found


def etag_of(collection: Collection, request: HttpRequest) -> str:
    """Content of the collection, who looks, and by which address (links in the answer carry the host)."""
    scope = reach_of(request.user).scope
    who = f"{scope.read}{scope.datasets}{scope.plans}"
    text = f"{collection.state} {who} {request.build_absolute_uri()} {request.headers.get('Accept', '')}"
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:24]


def chosen_format(request: HttpRequest, formats: Mapping[str, str]) -> str:
    """By f, else by the Accept header. Raises ParameterRefused, NotOffered."""
    wanted = request.GET.get("f")
    if wanted is not None:
        if wanted not in formats:
            raise ParameterRefused(
                "f", _("One of these is expected: %(choices)s") % {"choices": ", ".join(formats)}
            )
        return wanted
    kinds = {kind: name for name, kind in formats.items()}
    if any_json := next((name for name, kind in formats.items() if kind.endswith("+json")), None):
        kinds.setdefault(JSON, any_json)  # who takes any JSON
    found = request.get_preferred_type([*formats.values(), JSON] if JSON in kinds else list(kinds))
    if found is None:
        raise NotOffered(_("Offered here: %(formats)s") % {"formats": ", ".join(formats.values())})
    return kinds[found]


def known_parameters(request: HttpRequest, known: set[str]) -> dict[str, str]:
    """All parameters, each once. Raises ParameterRefused for others: a typing error would else filter nothing."""
    for name in request.GET:
        if name not in known:
            raise ParameterRefused(name[:60], _("This parameter is unknown here."))
        if len(request.GET.getlist(name)) > 1:
            raise ParameterRefused(name, _("Give it once."))
    return {name: str(request.GET[name]) for name in request.GET if name != "f"}


def compressed(request: HttpRequest, content: str | bytes, *, kind: str, cache: str) -> HttpResponse:
    body = content.encode() if isinstance(content, str) else content
    zipped = len(body) > SMALL and "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(gzip.compress(body, LEVEL, mtime=0) if zipped else body, content_type=kind)
    if zipped:
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = cache
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def open_to_other_origins(response: HttpResponseBase) -> HttpResponseBase:
    """Maps on other sites may read what everybody may, or what a token opens; without credentials no session of ours is used."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, If-None-Match, Prefer"
    response["Access-Control-Expose-Headers"] = "Content-Crs, ETag, Link, Location"
    return response
