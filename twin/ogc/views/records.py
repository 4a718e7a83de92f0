"""The catalogue of the district as a collection of records, a page at a time, and one record."""

import json
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import reverse

from twin.catalogue import presenting
from twin.catalogue.entries import entry_of
from twin.catalogue.finding import record_for
from twin.catalogue.models import Record
from twin.ogc import documents, records
from twin.ogc.endpoint import GEOJSON, HTML, Links, link
from twin.ogc.features import Position
from twin.ogc.views.paging import PagedEndpoint

DEFAULT, MOST, ON_PAPER = 10, 1_000, 25
SELECTING = frozenset({"q", "type", "ids", "externalIds", "bbox", "datetime"})


class CataloguePage(PagedEndpoint):
    parameters = frozenset[str]()
    template_name = "ogc/records/collection.html"

    def as_json(self) -> Any:
        return documents.catalogue(self.at, links=self.own_links())

    def as_html(self) -> HttpResponse:
        return self.page(collection=documents.catalogue(self.at, links=[]))


class Records(PagedEndpoint):
    """In the order of their numbers, paged by the last one given out."""

    formats: ClassVar[dict[str, str]] = {"json": GEOJSON, "html": HTML}
    parameters = frozenset({"limit", "after"}) | SELECTING
    template_name = "ogc/records/items.html"

    def _found(self, default: int) -> tuple[list[Record], int | None, str]:
        """Records of the page, how many there are, and where the next page begins."""
        limit, start = self.limit(default, most=MOST), self.start()
        site = self.request.site_tenant or None  # type: ignore[attr-defined]
        rows = records.asked_for(records.visible(self.request.user, site=site), self.asked)
        narrow = bool(SELECTING & self.asked.keys()) or site is not None
        tally = records.counted(self.request.user, rows, narrow=narrow)
        listed = records.page(rows, tally, after=start.after, limit=limit)
        shown = listed[:limit]
        following = Position(shown[-1].pk).token() if len(listed) > limit else ""
        return shown, None if narrow and tally.is_capped else tally.total, following

    def as_json(self) -> HttpResponse:
        shown, matched, following = self._found(DEFAULT)
        links = [*self.own_links(), link(self.at("catalogue"), "collection", "application/json")]
        if following:
            links.append(link(self.here(f="json", after=following), "next", GEOJSON))
        count = {} if matched is None else {"numberMatched": matched}
        told = {
            "type": "FeatureCollection",
            **count,
            "numberReturned": len(shown),
            "links": links,
            "features": [records.document(one, self._links(one)) for one in shown],
        }
        return self.document(json.dumps(told, ensure_ascii=False))

    def _links(self, record: Record) -> Links:
        return [link(f"{self.at('record', str(record.public_id))}?f=json", "self", GEOJSON)]

    def as_html(self) -> HttpResponse:
        shown, matched, following = self._found(ON_PAPER)
        return self.page(
            rows=[presenting.row_of(one) for one in shown],
            matched=matched,
            following=self.here(after=following) if following else "",
        )


class RecordItem(PagedEndpoint):
    formats: ClassVar[dict[str, str]] = {"json": GEOJSON, "html": HTML}
    parameters = frozenset[str]()
    template_name = "ogc/records/item.html"

    def as_json(self, record_id: Any) -> HttpResponse:
        record = record_for(self.request.user, record_id)
        described = [("record_iso", "application/xml"), ("record_jsonld", "application/ld+json")]
        links = [
            *self.own_links(),
            link(self.at("catalogue"), "collection", "application/json"),
            link(self._of_catalogue("record", record), "canonical", HTML),
            *(link(self._of_catalogue(name, record), "describedby", kind) for name, kind in described),
        ]
        return self.document(json.dumps(records.document(record, links), ensure_ascii=False))

    def _of_catalogue(self, name: str, record: Record) -> str:
        return self.request.build_absolute_uri(reverse(f"catalogue:{name}", args=[record.public_id]))

    def as_html(self, record_id: Any) -> HttpResponse:
        record = record_for(self.request.user, record_id)
        return self.page(record=record, facts=presenting.facts_of(record, entry_of(record)))
