"""The catalogue for programs: DCAT-AP.de, whole in pages and of one record. Public records alone, whoever asks, in German."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.generic import View

from tenants import access
from twin.catalogue import feeding
from twin.catalogue.entries import with_all
from twin.catalogue.models import Record

KEPT = 300  # seconds
KINDS = {
    "xml": "application/rdf+xml; charset=utf-8",
    "turtle": "text/turtle; charset=utf-8",
    "json-ld": "application/ld+json",
}


class Rdf(View):
    """form: rdflib's name of the serialization."""

    form: ClassVar[str] = "xml"

    def answer(self, body: bytes) -> HttpResponse:
        found = HttpResponse(body, content_type=KINDS[self.form])
        found["Access-Control-Allow-Origin"] = "*"
        patch_cache_control(found, public=True, max_age=KEPT)
        return found


class Feed(Rdf):
    """?page= from 1."""

    address_name: ClassVar[str] = "catalogue:dcat_rdf"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("page", "1")
        if not asked.isdecimal() or len(asked) > 6 or int(asked) < 1:
            raise Http404
        key = f"catalogue:dcat:{self.form}:{int(asked)}"
        body = cache.get(key)
        if body is None:
            address = f"{settings.BASE_URL}{reverse(self.address_name)}"
            graph = feeding.page(int(asked), address=address)
            if graph is None:
                raise Http404
            body = graph.serialize(format=self.form, encoding="utf-8")
            cache.set(key, body, KEPT)
        return self.answer(body)


class RecordRdf(Rdf):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows = with_all(Record.objects.filter(is_public=True, tenant__active=True))
        record: Record = access.fetch(rows, request.user, "view", public_id=kwargs["public_id"])
        return self.answer(feeding.one(record).serialize(format=self.form, encoding="utf-8"))
