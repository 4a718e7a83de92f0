"""CSW 2.0.2 and single records as ISO 19139: public records alone, whoever asks."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View
from lxml import etree

from tenants import access
from twin.catalogue import feeding, iso, selecting
from twin.catalogue.csw import answering, asking
from twin.catalogue.csw.answering import Listed, Service
from twin.catalogue.csw.asking import Asked
from twin.catalogue.csw.refusals import Refusal
from twin.catalogue.entries import entry_of, with_all
from twin.catalogue.entry import Agent
from twin.catalogue.models import Record

BIGGEST = 100_000  # bytes of a request


def _answer(root: etree._Element, *, status: int = 200) -> HttpResponse:
    body = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    found = HttpResponse(body, content_type="application/xml; charset=utf-8", status=status)
    found["Access-Control-Allow-Origin"] = "*"
    return found


@method_decorator(csrf_exempt, name="dispatch")  # a question; nothing is changed by it
class Csw(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.GET and request.get_preferred_type(["application/xml", "text/html"]) == "text/html":
            return self.page(request)
        try:
            return _answer(_told(asking.from_parameters(request.GET.dict())))
        except Refusal as refusal:
            return _answer(answering.exception(refusal), status=400)

    def page(self, request: HttpRequest) -> HttpResponse:
        """For who comes with a browser and asks for nothing."""
        told = {"service": "CSW", "version": "2.0.2", "address": request.build_absolute_uri(reverse("csw"))}
        found = render(request, "catalogue/csw.html", told)
        found["Cache-Control"] = "private, no-cache"  # the frame shows who is signed in
        patch_vary_headers(found, ["Accept", "Cookie"])
        return found

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            if int(request.META.get("CONTENT_LENGTH") or 0) > BIGGEST:
                raise Refusal("NoApplicableCode", "request", f"A request has {BIGGEST} bytes at most.")
            return _answer(_told(asking.from_xml(request.body)))
        except Refusal as refusal:
            return _answer(answering.exception(refusal), status=400)


def _told(asked: Asked) -> etree._Element:
    match asked.operation:
        case "GetCapabilities":
            return answering.capabilities(_service())
        case "DescribeRecord":
            return answering.description()
        case "GetRecordById":
            if not asked.ids:
                raise Refusal("MissingParameterValue", "id", "The parameter id is missing.")
            return answering.by_id(asked, _listed(_with_ids(asked)))
    rows = feeding.records().filter(selecting.where(asked.condition))
    total = rows.count()
    start = asked.start - 1
    order = selecting.order(asked.sort)
    wanted = [] if asked.hits_only else with_all(rows.order_by(*order))[start : start + asked.most]
    return answering.found(asked, _listed(wanted), total=total, at=timezone.now())


def _with_ids(asked: Asked) -> Any:
    return with_all(feeding.records()).filter(selecting.identified(asked.ids[: asking.MOST]))


def _listed(rows: Any) -> list[Listed]:
    return [Listed(str(record.public_id), entry_of(record)) for record in rows]


def _service() -> Service:
    with translation.override(settings.LANGUAGE_CODE):
        about = feeding.catalogue(at=timezone.now())
        return Service(
            address=f"{settings.BASE_URL}{reverse('csw')}",
            title=about.title,
            abstract=_("Public entries of the catalogue, as Dublin Core and ISO 19139."),
            provider=Agent(about.publisher.name, url=about.homepage),
            properties=selecting.NAMES,
        )


class RecordIso(View):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows = with_all(Record.objects.filter(is_public=True, tenant__active=True))
        record: Record = access.fetch(rows, request.user, "view", public_id=kwargs["public_id"])
        return _answer(iso.metadata(entry_of(record), key=str(record.public_id)))
