"""Landing page, conformance, definition of the interface."""

from typing import Any, ClassVar

from django.http import HttpResponse

from twin.ogc import collections, documents
from twin.ogc.endpoint import HTML, JSON, Endpoint
from twin.ogc.openapi import definition


class Landing(Endpoint):
    template_name = "ogc/landing.html"

    def as_json(self) -> Any:
        return documents.landing(self.at, self.own_links())

    def as_html(self) -> HttpResponse:
        return self.page()


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
