"""Web Feature Service 2.0 for programs of the desktop age: Cardo, QGIS, GDAL. Reading only."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import quoteattr

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from twin.ogc import features, names, ows
from twin.ogc.collections import Collection
from twin.ogc.cql2.sql import GEOMETRY
from twin.ogc.crs import CRS84, UTM33
from twin.ogc.endpoint import compressed
from twin.ogc.errors import NoSuchFeature, OwsRefused
from twin.ogc.features import Page
from twin.ogc.selecting import Selection
from twin.ogc.views.ows import OwsEndpoint
from twin.ogc.wfs import asking, capabilities, choosing, gml, paging
from twin.ogc.wfs.asking import GEOJSON, GML, Asked
from twin.ogc.wfs.gml import Wish

BIGGEST = 200_000  # bytes of a request


@method_decorator(csrf_exempt, name="dispatch")  # a question; nothing is changed by it
class Wfs(OwsEndpoint):
    standard, address = "WFS 2.0.0", "wfs"
    http_method_names = ["get", "head", "post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > BIGGEST:
            raise ows.refused("request", _("A request has at most %(most)s bytes.") % {"most": BIGGEST})
        return self.act(asking.from_xml(request.body))

    def answer(self, said: ows.Said) -> HttpResponse:
        return self.act(asking.from_parameters(said))

    def act(self, asked: Asked) -> HttpResponse:
        acts: dict[str, Callable[[Asked], HttpResponse]] = {
            "GetCapabilities": self.capabilities,
            "DescribeFeatureType": self.schema,
            "GetFeature": self.features,
            "GetPropertyValue": self.features,
            "ListStoredQueries": self.stored_queries,
            "DescribeStoredQueries": self.stored_query,
        }
        return acts[asked.operation](asked)

    # --- what there is

    def layers(self) -> list[tuple[str, str, str]]:
        return [(f"{gml.PREFIX}:{one.id}", one.title, one.id) for one in self.listed()]

    def capabilities(self, asked: Asked) -> HttpResponse:
        told = capabilities.told([(one, self.metadata(one)) for one in self.listed()], address=self.at("wfs"))
        return self.xml("ogc/wfs/capabilities.xml", told | self.about() | self.space())

    def space(self) -> dict[str, str]:
        return {"prefix": gml.PREFIX, "namespace": self.at("wfs")}

    def schema(self, asked: Asked) -> HttpResponse:
        found = [self.found(name, parameter="typeNames") for name in asked.types] or self.listed()
        types = [(gml.type_name(one), list(gml.elements(one))) for one in found]
        return self.xml("ogc/wfs/schema.xml", {"types": types, **self.space()}, kind=GML)

    def stored_queries(self, asked: Asked) -> HttpResponse:
        return self.xml("ogc/wfs/stored_queries.xml", self._stored())

    def stored_query(self, asked: Asked) -> HttpResponse:
        return self.xml("ogc/wfs/stored_query.xml", self._stored())

    def _stored(self) -> dict[str, Any]:
        types = [gml.type_name(one) for one in self.listed()]
        return {"by_id": asking.BY_ID, "title": _("A feature by its id"), "types": types, **self.space()}

    # --- features

    def features(self, asked: Asked) -> HttpResponse:
        if asked.by_id is not None:
            asked = replace(asked, ids=(asked.by_id,), types=())
        found = self._type(asked)
        for name in sorted((asked.properties or frozenset()) - {*found.types, GEOMETRY}):
            raise ows.refused("propertyName", _("%(name)s is not offered here.") % {"name": name[:60]})
        selection = choosing.selection(found, asked)
        return self.unchanged(found, lambda: self._written(found, selection, asked))

    def _type(self, asked: Asked) -> Collection:
        name = choosing.type_of(asked)
        try:
            return self.found(name, parameter="typeNames")
        except OwsRefused:
            if asked.by_id is None:
                raise
            raise _nowhere() from None

    def _written(self, found: Collection, selection: Selection, asked: Asked) -> HttpResponse:
        if asked.operation == "GetPropertyValue":
            return self._as_values(found, selection, asked)
        if asked.format == GEOJSON and not asked.hits_only:
            return self._as_geojson(found, selection, asked)
        wish = Wish(asked.system or UTM33, asked.properties)
        page, texts = self._page(found, selection, asked, wish)
        if asked.by_id is None:
            return self._collection("FeatureCollection", found, texts, head=self._head(page, asked))
        if not texts:
            raise _nowhere()
        return self._gml(texts[0].replace(" ", f" {self._spaces(found)} ", 1))

    def _as_values(self, found: Collection, selection: Selection, asked: Asked) -> HttpResponse:
        """Of one property, for each feature that has it."""
        last = asked.value.rpartition("/")[2]
        name = last if last == gml.ID else names.local(last)
        if name not in {*found.types, GEOMETRY, gml.ID}:
            raise ows.refused("valueReference", _("%(name)s is not offered here.") % {"name": name[:60]})
        wish = Wish(asked.system or UTM33, frozenset({name}), whole=False)
        page, texts = self._page(found, selection, asked, wish)
        there = [text for text in texts if text]
        head = self._head(replace(page, returned=len(there)), asked)
        return self._collection("ValueCollection", found, there, head=head)

    def _as_geojson(self, found: Collection, selection: Selection, asked: Asked) -> HttpResponse:
        system = asked.system or CRS84
        start = paging.start(found, selection, asked.start)
        page = features.page(found, selection, limit=asked.count, start=start, crs=system)
        paging.remember(found, selection, asked.start, page=page)
        head: dict[str, Any] = {
            "type": "FeatureCollection",
            "timeStamp": _now(),
            "numberMatched": "unknown" if page.matched is None else page.matched,
            "numberReturned": page.returned,
        }
        if system != CRS84:
            head["crs"] = {"type": "name", "properties": {"name": system.urn}}
        return compressed(self.request, page.document(head), kind=GEOJSON, cache="")

    def _page(
        self, found: Collection, selection: Selection, asked: Asked, wish: Wish
    ) -> tuple[Page, list[str]]:
        if asked.hits_only:
            return Page(b"", 0, features.counted(found, selection, most=None), None), []
        start = paging.start(found, selection, asked.start)
        page, texts = gml.page(found, selection, limit=asked.count, start=start, wish=wish)
        paging.remember(found, selection, asked.start, page=page)
        return page, texts

    # --- as XML

    def _collection(self, kind: str, found: Collection, texts: list[str], *, head: str) -> HttpResponse:
        members = "".join(f"<wfs:member>{text}</wfs:member>" for text in texts)
        return self._gml(f"<wfs:{kind} {self._spaces(found)} {head}>{members}</wfs:{kind}>")

    def _gml(self, text: str) -> HttpResponse:
        return compressed(self.request, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', kind=GML, cache="")

    def _spaces(self, found: Collection) -> str:
        """Declared at the root, with the addresses of the schemas."""
        own = self.at("wfs")
        schema = f"{own}?service=WFS&version=2.0.0&request=DescribeFeatureType&typeNames={gml.PREFIX}:{gml.type_name(found)}"
        places = f"{own} {schema} {gml.WFS_SPACE} http://schemas.opengis.net/wfs/2.0/wfs.xsd {gml.GML_SPACE} http://schemas.opengis.net/gml/3.2.1/gml.xsd"
        spaces = {
            "xmlns:wfs": gml.WFS_SPACE,
            "xmlns:gml": gml.GML_SPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            f"xmlns:{gml.PREFIX}": own,
            "xsi:schemaLocation": places,
        }
        return _attributes(spaces)

    def _head(self, page: Page, asked: Asked) -> str:
        told = {
            "timeStamp": _now(),
            "numberMatched": "unknown" if page.matched is None else str(page.matched),
            "numberReturned": str(page.returned),
        }
        if page.following and self.request.method == "GET":
            told["next"] = self._from(asked.start + asked.count)
        if asked.start and self.request.method == "GET":
            told["previous"] = self._from(max(0, asked.start - asked.count))
        return _attributes(told)

    def _from(self, start: int) -> str:
        query = self.request.GET.copy()
        for name in [name for name in query if name.lower() == "startindex"]:
            del query[name]
        query["startIndex"] = str(start)
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")


def _attributes(values: dict[str, str]) -> str:
    return " ".join(f"{name}={quoteattr(value)}" for name, value in values.items())


def _now() -> str:
    return timezone.now().isoformat(timespec="seconds")


def _nowhere() -> NoSuchFeature:
    return NoSuchFeature("NotFound", "id", _("There is no such feature."))
