"""Features of a collection, a page at a time, and one feature."""

import json
from collections.abc import Iterable
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.utils import timezone

from twin.ogc import collections, crs, features
from twin.ogc.collections import Collection
from twin.ogc.crs import CRS84, Crs
from twin.ogc.endpoint import GEOJSON, HTML, link
from twin.ogc.features import Position
from twin.ogc.selecting import Selection, selection, system
from twin.ogc.views.paging import PagedEndpoint

DEFAULT, MOST = 100, 10_000  # features on a page
ON_PAPER = 25  # rows of the page for people


class FeatureEndpoint(PagedEndpoint):
    formats: ClassVar[dict[str, str]] = {"json": GEOJSON, "html": HTML}

    def system(self) -> Crs:
        """The reference system asked for."""
        return system(self.asked, "crs")

    def geojson(self, text: str | bytes, system: Crs) -> HttpResponse:
        response = self.document(text)
        response["Content-Crs"] = f"<{system.uri}>"
        return response


class Items(FeatureEndpoint):
    """Filters by place, time, attributes and CQL2; paged by what was last given out, so that each page costs the same."""

    parameters = frozenset(
        {"limit", "after", "crs", "bbox", "bbox-crs", "datetime", "filter", "filter-lang", "filter-crs"}
    )
    template_name = "ogc/items.html"
    collection: Collection

    def parameters_of(self, **kwargs: Any) -> Iterable[str]:
        self.collection = collections.find(kwargs["collection_id"], self.request.user)
        return self.parameters | self.collection.types.keys()

    def selected(self) -> Selection:
        return selection(self.collection, self.asked)

    def as_json(self, collection_id: str) -> HttpResponse:
        chosen = (self.selected(), self.limit(DEFAULT, most=MOST), self.start(), self.system())
        return self.unchanged(self.collection, lambda: self._answer(*chosen))

    def _answer(self, selected: Selection, limit: int, start: Position, system: Crs) -> HttpResponse:
        found = features.page(self.collection, selected, limit=limit, start=start, crs=system)
        links = [
            *self.own_links(),
            link(self.at("collection", self.collection.id), "collection", "application/json"),
        ]
        if found.following:
            links.append(link(self.here(f="json", after=found.following), "next", GEOJSON))
        head: dict[str, Any] = {
            "type": "FeatureCollection",
            "timeStamp": timezone.now().isoformat(timespec="seconds"),
        }
        if found.matched is not None:
            head["numberMatched"] = found.matched
        head |= {"numberReturned": found.returned, "links": links}
        return self.geojson(found.document(head), system)

    def as_html(self, collection_id: str) -> HttpResponse:
        limit, start, selected = self.limit(ON_PAPER, most=MOST // 100), self.start(), self.selected()
        found = features.page(self.collection, selected, limit=limit, start=start, crs=CRS84)
        names = [one["name"] for one in self.collection.fields]
        listed = features.rows(self.collection, selected, limit=limit, start=start)
        return self.page(
            collection=self.collection,
            found=found,
            columns=[one.get("label") or one["name"] for one in self.collection.fields],
            rows=[(key, [values.get(name) for name in names]) for key, values in listed],
            following=self.here(after=found.following) if found.following else "",
            features_url=self.here(f="json", crs=crs.UTM33.uri, limit=str(limit)),
        )


class Item(FeatureEndpoint):
    parameters = frozenset({"crs"})
    template_name = "ogc/item.html"

    def as_json(self, collection_id: str, feature_id: str) -> HttpResponse:
        found, system = collections.find(collection_id, self.request.user), self.system()
        return self.unchanged(found, lambda: self._answer(found, feature_id, system))

    def _answer(self, found: Collection, feature_id: str, system: Crs) -> HttpResponse:
        text = features.one(found, feature_id, crs=system)
        if text is None:
            raise Http404
        links = [*self.own_links(), link(self.at("collection", found.id), "collection", "application/json")]
        return self.geojson(f'{text[:-1]},"links":{json.dumps(links, ensure_ascii=False)}}}', system)

    def as_html(self, collection_id: str, feature_id: str) -> HttpResponse:
        found = collections.find(collection_id, self.request.user)
        text = features.one(found, feature_id, crs=CRS84)
        if text is None:
            raise Http404
        values = json.loads(text)["properties"] or {}
        facts = [(one.get("label") or one["name"], values.get(one["name"])) for one in found.fields]
        return self.page(
            collection=found,
            feature_id=feature_id,
            facts=facts,
            features_url=self.here(f="json", crs=crs.UTM33.uri),
        )
