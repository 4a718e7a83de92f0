"""Objects of a plan: for the map, as a table, one in words."""

from typing import Any

from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.generic import TemplateView

from planning import drawing, presenting, queries
from planning.forms import ObjectFilter
from planning.planzeichen import catalogue
from planning.views.plans import PlanMixin
from planning.xplanung.schema import label
from tenants import geojson

PER_PAGE = 100
KEPT = 86_400  # seconds


class Features(PlanMixin):
    """The objects as GeoJSON in the twin's system. A version never changes, so its key and the catalogue's are the ETag,
    and the answer is kept, compressed, for all who may see the version.
    """

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        etag = f'"{self.version.sha256[:32]}-{self.version.pk}-{catalogue.fingerprint()}"'
        answer = get_conditional_response(request, etag=etag)
        if answer is None:
            key = f"plan-features:{etag}:{self.version.created_at.timestamp()}"
            answer = geojson.unpacked(cache.get(key) or self._packed(key), request)
            answer["ETag"] = etag
        everybody = self.version.is_public and request.user.is_anonymous
        answer["Cache-Control"] = "public, no-cache" if everybody else "private, no-cache"
        return answer

    def _packed(self, key: str) -> bytes:
        pieces = presenting.feature_collection(
            queries.for_map(self.version), self.version.xplan_version, drawing.presented(self.version)
        )
        content = geojson.packed(pieces)
        cache.set(key, content, KEPT)
        return content


class ObjectList(PlanMixin, TemplateView):
    """The same objects as the map shows, as a table."""

    template_name = "planning/planobject_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.version
        counted = queries.content_of(version).order_by("feature_type").values_list("feature_type")
        types = [
            (name, f"{label(version.xplan_version, name)} ({count})")
            for name, count in counted.annotate(Count("pk"))
        ]
        form = ObjectFilter(self.request.GET, types=types)
        form.is_valid()  # a filter that cannot be read filters nothing
        rows = self._rows(**{name: form.cleaned_data.get(name, "") for name in form.fields})
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        found = [
            {
                "object": row,
                "key": row.gml_id or f"@{row.position}",
                "title": presenting.title_of(row, version.xplan_version),
                "size": presenting.size_of(row),
            }
            for row in page
        ]
        return super().get_context_data(**kwargs) | {"form": form, "page": page, "rows": found}

    def _rows(self, *, q: str, feature_type: str) -> Any:
        """Objects of that type whose title has all words. Titles are made here, not in the database, so a search reads them all."""
        rows = queries.measured(queries.content_of(self.version))
        if feature_type:
            rows = rows.filter(feature_type=feature_type)
        words = q.casefold().split()
        if not words:
            return rows
        version = self.version.xplan_version
        return [
            row for row in rows if all(word in presenting.title_of(row, version).casefold() for word in words)
        ]


class ObjectPage(PlanMixin, TemplateView):
    """One object in words: a page with a permanent link, or with ?part=1 the fragment that the map shows."""

    def get_template_names(self) -> list[str]:
        part = self.request.GET.get("part") == "1"
        return ["planning/_object.html" if part else "planning/planobject_detail.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.version
        row = queries.object_of(version, kwargs["key"])
        if row is None:
            raise Http404
        context = super().get_context_data(**kwargs)
        described = presenting.describe(row, version.xplan_version)
        self._link(described, context["query"])
        address = reverse(
            "planning:object",
            kwargs={"public_id": self.plan.public_id, "key": row.gml_id or f"@{row.position}"},
        )
        return context | {
            "object": row,
            "title": presenting.title_of(row, version.xplan_version),
            "type_label": label(version.xplan_version, row.feature_type),
            "rows": described,
            "permalink": address + context["query"],
            "map_url": f"{self.plan.get_absolute_url()}{context['query']}#object={row.gml_id or f'@{row.position}'}",
        }

    def _link(self, rows: list[presenting.Row], query: str) -> None:
        """Let references to objects of the file lead to their pages, in words."""
        found = list(presenting.links(rows))
        objects = queries.objects_by_id(self.version, [row.target for row in found])
        for row in found:
            if row.target in objects:
                row.value = presenting.title_of(objects[row.target], self.version.xplan_version)
                row.url = (
                    reverse("planning:object", kwargs={"public_id": self.plan.public_id, "key": row.target})
                    + query
                )
