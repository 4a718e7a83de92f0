"""Landing page, conformance, definition of the interface."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from twin.ogc import collections, documents
from twin.ogc.endpoint import HTML, JSON, Endpoint
from twin.ogc.openapi import definition

SERVICES = (
    ("WFS 2.0.0", "ogc:wfs", _("Features in geographic information systems, such as Cardo")),
    ("WMS 1.3.0", "ogc:wms", _("Pictures of maps")),
    (
        "OGC API Features, Tiles, Records",
        "ogc:landing",
        _("Features, map tiles and the catalogue: QGIS, web maps, programs"),
    ),
    ("CSW 2.0.2", "csw", _("The catalogue with ISO 19139, for spatial data infrastructures")),
    ("DCAT-AP.de 3.0", "catalogue:dcat_rdf", _("The catalogue, for open data portals such as GovData")),
    ("SensorThings 1.1", "ogc:sensorthings_root", _("Gauges and other sensors")),
)


class Landing(Endpoint):
    template_name = "ogc/landing.html"

    def as_json(self) -> Any:
        return documents.landing(self.at, self.own_links())

    def as_html(self) -> HttpResponse:
        """With the addresses that people type into their programs."""
        services = [
            (name, self.request.build_absolute_uri(reverse(address)), purpose)
            for name, address, purpose in SERVICES
        ]
        return self.page(services=services)


class Conformance(Endpoint):
    template_name = "ogc/conformance.html"

    def as_json(self) -> Any:
        return self.document({"conformsTo": documents.CONFORMANCE}, cache="public, max-age=3600")

    def as_html(self) -> HttpResponse:
        return self.page(classes=documents.CONFORMANCE)


class Api(Endpoint):
    formats: ClassVar[dict[str, str]] = {"json": documents.OPENAPI, "html": HTML, "plain": JSON}
    template_name = "ogc/api.html"

    def as_json(self) -> Any:
        return self.document(self._definition())

    as_plain = as_json

    def as_html(self) -> HttpResponse:
        paths = self._definition()["paths"]
        return self.page(
            paths=[
                (path, said["summary"], said["parameters"])
                for path, one in paths.items()
                for said in one.values()
            ]
        )

    def _definition(self) -> dict[str, Any]:
        site = self.request.site_tenant  # type: ignore[attr-defined]
        return definition(self.at("landing"), collections.visible(self.request.user, site=site))
