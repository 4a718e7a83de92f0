"""What WFS and WMS have in common: parameters of any case, XML as answer, refusals as the standard wants them told."""

from typing import Any, ClassVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from tenants.models import Tenant
from twin.catalogue import feeding
from twin.catalogue.iso import clean
from twin.ogc import collections, ows, throttling
from twin.ogc.collections import Collection
from twin.ogc.endpoint import HTML, Interface, compressed, open_to_other_origins
from twin.ogc.errors import OgcError, OwsRefused, ParameterRefused

XML = "application/xml; charset=utf-8"


class OwsEndpoint(Interface):
    """exception: template and media type of a refusal; standard, address: its name for people, and of its address. Subclasses answer
    to what is said (names in small letters) in `answer`, and name their layers for people in `layers`.

    Who comes with a browser and asks for nothing gets a page."""

    standard: ClassVar[str]
    address: ClassVar[str]
    exception: ClassVar[tuple[str, str]] = ("ogc/ows_exception.xml", XML)
    http_method_names = ["get", "head", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            throttling.count(request)
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        except ParameterRefused as error:
            response = self.refusal(OwsRefused("InvalidParameterValue", error.parameter, str(error)))
        except OwsRefused as error:
            response = self.refusal(error)
        except OgcError as error:
            response = self.refusal(OwsRefused("NoApplicableCode", "", str(error)), status=error.status)
            if error.status == 429:
                response["Retry-After"] = str(throttling.WINDOW)
        patch_vary_headers(response, ["Authorization", "Cookie"])
        return open_to_other_origins(response)

    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.GET and request.get_preferred_type(["application/xml", HTML]) == HTML:
            return self.page()
        return self.answer(ows.lowered(request.GET.dict()))

    def page(self) -> HttpResponse:
        service, version = self.standard.split()
        told = {"standard": self.standard, "service": service, "version": version, "address": self.at(self.address)}  # fmt: skip
        found = render(self.request, "ogc/ows.html", {**told, "layers": self.layers()})
        found["Cache-Control"] = "private, no-cache"  # the frame shows who is signed in
        patch_vary_headers(found, ["Accept"])
        return found

    def layers(self) -> list[tuple[str, str, str]]:
        """Name in the service, title, and id of the collection or ""."""
        raise NotImplementedError

    def answer(self, said: ows.Said) -> HttpResponse:
        raise NotImplementedError

    def refusal(self, error: OwsRefused, *, status: int = 0) -> HttpResponse:
        template, kind = self.exception
        told = {"code": error.code, "locator": error.locator, "text": str(error)}
        return HttpResponse(
            written(template, told),
            status=status or error.status,
            content_type=kind,
            headers={"Cache-Control": "no-store"},
        )

    def xml(self, template: str, told: dict[str, Any], *, kind: str = XML) -> HttpResponse:
        return compressed(self.request, written(template, told), kind=kind, cache="private, no-cache")

    # --- what there is

    @property
    def site(self) -> Tenant | None:
        found: Tenant | None = self.request.site_tenant  # type: ignore[attr-defined]
        return found or None

    def listed(self) -> list[Collection]:
        return collections.visible(self.request.user, site=self.site)

    def found(self, name: str, *, parameter: str) -> Collection:
        """The collection of this id. Raises OwsRefused alike for "not there" and "not yours"."""
        try:
            return collections.find(name, self.request.user)
        except Http404:
            raise ows.refused(parameter, _("%(name)s is not offered here.") % {"name": name[:60]}) from None

    def metadata(self, one: Collection) -> str:
        """Address of what the catalogue says of a collection, empty where it says nothing to everybody."""
        if one.record is None or not one.is_public:
            return ""
        return self.request.build_absolute_uri(reverse("catalogue:record_iso", args=[one.record]))

    def about(self) -> dict[str, Any]:
        """Of the service itself, in the platform's language, whoever reads it."""
        with translation.override(settings.LANGUAGE_CODE):
            catalogue = feeding.catalogue(at=timezone.now())
            return {
                "title": _("Data of the district and its municipalities"),
                "abstract": _("Datasets and plans of all municipalities."),
                "provider": self.site.name if self.site else catalogue.publisher.name,
                "homepage": catalogue.publisher.url or catalogue.homepage,
            }


def written(template: str, told: dict[str, Any]) -> str:
    return clean(render_to_string(template, told))
