"""The collections, one collection, and what can be asked for in it."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from twin.ogc import collections, documents
from twin.ogc.crs import UTM33
from twin.ogc.endpoint import HTML, Endpoint, link
from twin.ogc.labels import TYPES

ON_MAP = 1_000  # features of the page's map


class Collections(Endpoint):
    template_name = "ogc/collections.html"

    def _found(self) -> list[collections.Collection]:
        site = self.request.site_tenant  # type: ignore[attr-defined]
        return collections.visible(self.request.user, site=site)

    def as_json(self) -> Any:
        listed = [
            documents.collection(
                one, self.at, links=[link(self.at("collection", one.id), "self", "application/json")]
            )
            for one in self._found()
        ]
        return {"links": self.own_links(), "collections": listed}

    def as_html(self) -> HttpResponse:
        return self.page(collections=self._found())


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
