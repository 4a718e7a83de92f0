"""Web Map Service 1.3.0 for programs of the desktop age: pictures of datasets and plans, what lies at a point, legends."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext as _

from planning.drawing import as_png
from twin.ogc import features, ows
from twin.ogc.collections import PLANS, Collection
from twin.ogc.crs import CRS84
from twin.ogc.endpoint import compressed
from twin.ogc.errors import OwsRefused
from twin.ogc.features import Position
from twin.ogc.selecting import Selection, inside
from twin.ogc.views.ows import OwsEndpoint
from twin.ogc.wfs import gml
from twin.ogc.wms import asking, capabilities, legends, painting, plans
from twin.ogc.wms.asking import INFO_FORMATS, PNG, Point, View

HTML, JSON, GML = INFO_FORMATS
AT = 5  # pixels around a point in which features are found


class Wms(OwsEndpoint):
    standard, address = "WMS 1.3.0", "wms"
    exception: ClassVar[tuple[str, str]] = ("ogc/wms/exception.xml", "text/xml; charset=utf-8")

    def answer(self, said: ows.Said) -> HttpResponse:
        acts: dict[str, Callable[[ows.Said], HttpResponse]] = {
            "GetCapabilities": self.capabilities,
            "GetMap": self.picture,
            "GetFeatureInfo": self.point,
            "GetLegendGraphic": self.legend,
        }
        if said.get("service", "WMS").upper() != "WMS":
            raise ows.refused("service", _("One of these is expected: %(choices)s") % {"choices": "WMS"})
        return acts[ows.operation(said, asking.OPERATIONS)](said)

    def layers(self) -> list[tuple[str, str, str]]:
        listed = [(one.id, one.title, one.id) for one in self.listed() if one.geometry_type]
        return [(plans.DRAWING, _("Plans as drawn with the Planzeichen"), ""), *listed]

    def capabilities(self, said: ows.Said) -> HttpResponse:
        shown = [one for one in self.listed() if one.geometry_type]
        told = capabilities.told([(one, self.metadata(one)) for one in shown], address=self.at("wms"))
        return self.xml("ogc/wms/capabilities.xml", told | self.about(), kind="text/xml; charset=utf-8")

    def layer(self, name: str) -> Collection:
        """Raises OwsRefused."""
        try:
            found = self.found(name, parameter="layers")
        except OwsRefused as error:
            raise OwsRefused("LayerNotDefined", "layers", str(error)) from None
        if not found.geometry_type:
            raise OwsRefused("LayerNotDefined", "layers", _("%(name)s is not offered here.") % {"name": name[:60]})  # fmt: skip
        return found

    # --- pictures

    def picture(self, said: ows.Said) -> HttpResponse:
        asked = asking.picture(said)
        painters = [self._painter(name) for name in asked.layers]
        drawn = "".join(paint(asked.view) for paint in painters)
        return _png(legends.document(drawn, asked.view.width, asked.view.height, ground=asked.ground))

    def _painter(self, name: str) -> Callable[[View], str]:
        if name == plans.DRAWING:
            return lambda view: plans.paint(self.request.user, view, site=self.site)
        found = self.layer(name)
        if name == PLANS:
            return lambda view: plans.paint_areas(painting.shapes_in(found, view), view)
        return lambda view: painting.paint(found, view)

    def legend(self, said: ows.Said) -> HttpResponse:
        name = ows.needed(said, "layer")
        return _png(legends.of_plans() if name == plans.DRAWING else legends.of_layer(self.layer(name)))

    # --- what lies at a point

    def point(self, said: ows.Said) -> HttpResponse:
        asked = asking.point(said)
        if plans.DRAWING in asked.layers:
            raise OwsRefused(
                "LayerNotQueryable", "query_layers", _("Ask the layer %(name)s.") % {"name": PLANS}
            )
        found = [self.layer(name) for name in asked.layers]
        if asked.format == JSON:
            return self._as_geojson(found, asked)
        if asked.format == GML:
            return self._as_gml(found, asked)
        tables = [self._table(one, asked) for one in found]
        return self.xml("ogc/wms/point.html", {"tables": [one for one in tables if one["rows"]]}, kind=HTML)

    def _at(self, found: Collection, asked: Point) -> Selection:
        return Selection((inside(found, asked.view.around(AT, at=asked.at), asked.view.crs),))

    def _table(self, found: Collection, asked: Point) -> dict[str, Any]:
        rows = features.rows(found, self._at(found, asked), limit=asked.most, start=Position())
        fields = [(one["name"], one.get("label") or one["name"]) for one in found.fields]
        return {
            "title": found.title,
            "rows": [[(label, values.get(name)) for name, label in fields] for _key, values in rows],
        }

    def _as_geojson(self, found: list[Collection], asked: Point) -> HttpResponse:
        pages = [features.page(one, self._at(one, asked), limit=asked.most, start=Position(), crs=CRS84) for one in found]  # fmt: skip
        listed = b",".join(page.features for page in pages if page.features)
        return compressed(self.request, b'{"type":"FeatureCollection","features":[%b]}' % listed, kind=JSON, cache="private, no-cache")  # fmt: skip

    def _as_gml(self, found: list[Collection], asked: Point) -> HttpResponse:
        wish = gml.Wish(asked.view.crs)
        texts = [text for one in found for text in gml.page(one, self._at(one, asked), limit=asked.most, start=Position(), wish=wish)[1]]  # fmt: skip
        told = gml.collection(texts, namespace=self.at("wfs"))
        return compressed(self.request, told, kind=GML, cache="private, no-cache")


def _png(document: str) -> HttpResponse:
    return HttpResponse(as_png(document), content_type=PNG, headers={"Cache-Control": "private, no-cache"})
