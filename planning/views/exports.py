"""A plan for programs that know no XPlanGML: GeoJSON, GeoPackage, and its record for portals."""

import tempfile
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.views.generic import View

from planning import exporting, geodata, metadata, plu
from planning.models import Plan
from planning.views.plans import PlanMixin
from tenants import access

RECORD_KINDS = {"xml": "application/rdf+xml", "turtle": "text/turtle", "json-ld": "application/ld+json"}


class GeoJson(PlanMixin):
    srid = geodata.WGS84

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        body = "".join(geodata.geojson(self.version, srid=self.srid))
        answer = HttpResponse(body, content_type="application/geo+json")
        name = exporting.file_name_of(self.version, suffix=".geojson")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        if self.version.is_public and request.user.is_anonymous:
            answer["Access-Control-Allow-Origin"] = "*"
        return answer


class GeoPackage(PlanMixin):
    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "plan.gpkg"
            geodata.write_geopackage(self.version, path)
            opened = path.open(
                "rb"
            )  # the folder goes, the open file stays readable until the response closes it
        name = exporting.file_name_of(self.version, suffix=".gpkg")
        return FileResponse(
            opened, as_attachment=True, filename=name, content_type="application/geopackage+sqlite3"
        )


class Inspire(PlanMixin):
    """Planned Land Use 4.0, of the version that the person sees."""

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        with translation.override("de"):
            body = b"".join(plu.gml(self.plan, self.version, on=timezone.localdate()))
        answer = HttpResponse(body, content_type="application/gml+xml; version=3.2")
        name = exporting.file_name_of(self.version, suffix="-inspire-plu.gml")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer


class Record(View):
    """DCAT-AP.PLU; of public plans alone, whoever asks, and the same words for everybody."""

    form = "xml"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        plans = Plan.objects.select_related("tenant")
        plan = access.fetch(plans, request.user, "view", public_id=kwargs["public_id"])
        if not plan.is_public:
            raise Http404
        with translation.override("de"):
            graph = metadata.record(plan, on=timezone.localdate())
        pretty = "pretty-xml" if self.form == "xml" else self.form
        answer = HttpResponse(
            graph.serialize(format=pretty, encoding="utf-8"), content_type=RECORD_KINDS[self.form]
        )
        answer["Access-Control-Allow-Origin"] = "*"
        return answer
