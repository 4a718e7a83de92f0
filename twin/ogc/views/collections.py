"""The collections, one collection, and what can be asked for in it."""

from dataclasses import replace
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from twin.ogc import collections, documents
from twin.ogc.collections import PLANS, Mark
from twin.ogc.crs import UTM33
from twin.ogc.endpoint import HTML, JSON, Endpoint, Links, link
from twin.ogc.labels import TYPES
from twin.ogc.records import CATALOGUE
from twin.ogc.views.paging import PagedEndpoint

AT_ONCE = 1_000  # collections
ON_MAP = 1_000  # features of the page's map


class Collections(PagedEndpoint):
    """The catalogue, the plans, then datasets by title; a page at a time, each at the same cost."""

    parameters = frozenset({"limit", "after"})
    template_name = "ogc/collections.html"

    def _found(self) -> tuple[bool, list[collections.Collection], str]:
        """Whether the catalogue is on this page, collections of features, and where the next page begins."""
        limit, user = self.limit(AT_ONCE, most=AT_ONCE), self.request.user
        start = Mark.of(self.asked["after"]) if "after" in self.asked else Mark()
        heads = [CATALOGUE, PLANS][start.heads :][:limit]
        start = replace(start, heads=start.heads + len(heads))
        site = self.request.site_tenant or None  # type: ignore[attr-defined]
        found, following = collections.datasets(user, site=site, start=start, limit=limit - len(heads))
        if start.heads < 2:
            following = start
        listed = [collections.plans(user), *found] if PLANS in heads else found
        return CATALOGUE in heads, listed, following.token() if following else ""

    def as_json(self) -> Any:
        with_catalogue, found, following = self._found()
        listed = [documents.collection(one, self.at, links=self._self("collection", one.id)) for one in found]
        if with_catalogue:
            listed.insert(0, documents.catalogue(self.at, links=self._self("catalogue")))
        links = self.own_links()
        if following:
            links.append(link(self.here(f="json", after=following), "next", JSON))
        return {"links": links, "collections": listed}

    def _self(self, name: str, *args: str) -> Links:
        return [link(self.at(name, *args), "self", JSON)]

    def as_html(self) -> HttpResponse:
        _with_catalogue, found, following = self._found()
        return self.page(collections=found, following=self.here(after=following) if following else "")


class CollectionPage(Endpoint):
    template_name = "ogc/collection.html"

    def as_json(self, collection_id: str) -> Any:
        found = collections.described(collection_id, self.request.user)
        return documents.collection(found, self.at, links=self.own_links())

    def as_html(self, collection_id: str) -> HttpResponse:
        found = collections.described(collection_id, self.request.user)
        facts = [
            (_("From"), found.publisher),
            (_("Features"), number_format(found.count)),
            (_("Licence"), found.licence),
            (_("Keywords"), ", ".join(found.keywords)),
            (_("Identifier"), found.id),
        ]
        shown = (
            f"{self.at('items', found.id)}?{urlencode({'f': 'json', 'crs': UTM33.uri, 'limit': str(ON_MAP)})}"
        )
        return self.page(collection=found, fields=_fields(found), facts=facts, features_url=shown)


class Queryables(Endpoint):
    formats: ClassVar[dict[str, str]] = {"json": documents.SCHEMA, "html": HTML}
    template_name = "ogc/queryables.html"

    def as_json(self, collection_id: str) -> Any:
        found = collections.find(collection_id, self.request.user)
        return documents.queryables(found, self.at("queryables", found.id))

    def as_html(self, collection_id: str) -> HttpResponse:
        found = collections.find(collection_id, self.request.user)
        return self.page(collection=found, fields=_fields(found))


def _fields(found: collections.Collection) -> list[tuple[str, str, str]]:
    """(name, label, type in words)"""
    return [
        (one["name"], one.get("label", ""), str(TYPES.get(one["type"], one["type"]))) for one in found.fields
    ]
