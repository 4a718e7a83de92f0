"""Page types of the public front. Presentation only: a page knows its town by short name and a procedure by public id."""

from collections import Counter
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PagePermissionTester, Site
from wagtail.search import index
from wagtail.url_routing import RouteResult

from tenants.models import Tenant, TenantKind, User
from twin.portal import queries
from twin.portal.blocks import BODY, TEXT_FEATURES, procedure_choices
from twin.portal.media import Download, Picture, Rendition

__all__ = ["Download", "Rendition"]  # Django looks for models here

SHOWN = 5  # rows of each kind on a start page; the rest is behind its link
ANSWERS = 12  # analyses, the newest, on a start page
PER_PAGE = 25
ONE_DAY = timedelta(days=1)  # an event stays listed while it may still go on
TOWN_DEPTH = 3  # root, county home, town
TOWN_PATH = TOWN_DEPTH * Page.steplen


def menu_of_services(tenant: Tenant, path: str) -> list[dict[str, Any]]:
    """Menu entries that are no pages: plans, map, data, figures and search, of the town or of the county. path: of the page that shows them."""
    whole = tenant.kind == TenantKind.COUNTY
    entries = [
        (_("Plans"), reverse("planning:plans"), "" if whole else f"?municipality={tenant.ags}"),
        (_("Map"), reverse("viewer:map"), "" if whole else f"?ort={tenant.slug}"),
        (_("Data"), reverse("catalogue:records"), "" if whole else f"?municipality={tenant.slug}"),
        (_("Search"), reverse("portal:search"), "" if whole else f"?ort={tenant.slug}"),
    ]
    if whole:
        entries[3:3] = [
            (_("Gauges"), reverse("sensors:stations"), ""),
            (_("Figures"), reverse("indicators"), ""),
        ]
    return [
        {"label": label, "url": url + query, "current": path.startswith(url)} for label, url, query in entries
    ]


class StaysTester(PagePermissionTester):
    """Of a page that stays where it is (`is_fixed`), Wagtail then offers no button to remove, hide, move or double it."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return not self.page.is_fixed and super().can_delete(ignore_bulk)

    def can_unpublish(self) -> bool:
        return not self.page.is_fixed and super().can_unpublish()

    def can_copy(self) -> bool:
        return not self.page.is_fixed and super().can_copy()


class PortalPage(Page):
    """Abstract: a page inside a town's part of the tree."""

    is_fixed = False

    class Meta:
        abstract = True

    def permissions_for_user(self, user: User) -> StaysTester:
        specific: PortalPage = self.specific_deferred
        return StaysTester(user, specific)

    promote_panels: ClassVar = [FieldPanel("search_description")]
    show_in_menus_default = False

    @cached_property
    def town(self) -> "MunicipalityPage":
        """The root of the town's (or the county's) part of the tree that this page lies in."""
        found: MunicipalityPage = MunicipalityPage.objects.get(path=self.path[:TOWN_PATH])
        return found

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(self.town.frame(request, page=self))
        return context


class LandkreisHome(Page):
    """The county's start page: what can I take part in now. Made by code; its text is the county's own town page."""

    max_count = 1
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["portal.MunicipalityPage"]
    tenant_slug = models.SlugField(editable=False)

    class Meta:
        verbose_name = _("County start page")

    @cached_property
    def county_page(self) -> "MunicipalityPage | None":
        found: MunicipalityPage | None = (
            MunicipalityPage.objects.child_of(self).live().filter(tenant_slug=self.tenant_slug).first()
        )
        return found

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """The county's own pages answer without its short name too: /impressum/ as well as /landkreis/impressum/."""
        try:
            return super().route(request, path_components)
        except Http404:
            if self.county_page is None:
                raise
            return self.county_page.specific.route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        if self.county_page is None:
            raise Http404
        context.update(self.county_page.frame(request, page=self))
        found = queries.listing(queries.public_procedures(), at=timezone.now())
        open_in = Counter(entry.procedure.tenant_id for entry in found.current)
        pages = {page.tenant_slug: page for page in MunicipalityPage.objects.child_of(self).live()}
        context["text"] = self.county_page
        context["listing"] = found
        context["results"] = [entry for entry in found.past if entry.procedure.decided_at][:SHOWN]
        context["towns"] = [
            {"name": town.name, "url": pages[town.slug].get_url(request), "open": open_in[town.pk]}
            for town in queries.municipalities()
            if town.slug in pages
        ]
        return context


class MunicipalityPage(PortalPage):
    """A town's start page, root of its site and of its editors' rights. The county has one too, for its own news and texts."""

    parent_page_types: ClassVar = ["portal.LandkreisHome"]
    subpage_types: ClassVar = [
        "portal.ProcedureIndexPage",
        "portal.NewsIndexPage",
        "portal.StandardPage",
    ]
    is_fixed = True
    tenant_slug = models.SlugField(unique=True, editable=False)
    introduction = RichTextField(_("Introduction"), features=TEXT_FEATURES, blank=True)
    body = StreamField(BODY, verbose_name=_("Content"), blank=True)
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("Municipality page")
        verbose_name_plural = _("Municipality pages")

    @cached_property
    def town(self) -> "MunicipalityPage":
        return self

    @cached_property
    def tenant(self) -> Tenant | None:
        """The town or the county itself; None while it is not active."""
        return Tenant.objects.filter(slug=self.tenant_slug, active=True).first()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        tenant: Tenant = context["tenant"]
        plans = queries.plans_in_force(tenant, on=timezone.localdate())
        context["listing"] = queries.listing(queries.public_procedures(tenant), at=timezone.now())
        context["plans"] = plans[:SHOWN]
        context["plan_count"] = plans.count()
        context["analyses"] = queries.published(tenant).filter(tenant=tenant)[:ANSWERS]
        context["map_settings"] = queries.map_of(tenant)
        context["news"] = (
            NewsPage.objects.descendant_of(self)
            .live()
            .select_related("picture")
            .order_by("-date", "-pk")[:SHOWN]
        )
        return context

    def frame(self, request: HttpRequest, *, page: Page | None = None) -> dict[str, Any]:
        """What every page of the town shows around its content. Raises Http404 while the town is not active."""
        if self.tenant is None:
            raise Http404
        return {
            "tenant": self.tenant,
            "town_url": self.get_url(request),
            "legal": self.legal_pages(request),
            "navigation": [
                *(
                    {**entry, "current": page is not None and page.path.startswith(entry["path"])}
                    for entry in self.entries(request)
                ),
                *menu_of_services(self.tenant, request.path),
            ],
            "crumbs": self._crumbs(request, page) if page is not None else [],
        }

    def legal_pages(self, request: HttpRequest) -> list[dict[str, str]]:
        rows = StandardPage.objects.child_of(self).live().exclude(kind=LegalKind.NONE)
        return [{"label": entry.title, "url": entry.get_url(request)} for entry in rows]

    def entries(self, request: HttpRequest) -> list[dict[str, str]]:
        """Menu entries that are pages below this one, but for the legal ones."""
        legal = StandardPage.objects.child_of(self).exclude(kind=LegalKind.NONE)
        rows = self.get_children().live().exclude(pk__in=legal.values("pk"))
        return [{"label": entry.title, "url": entry.get_url(request), "path": entry.path} for entry in rows]

    def _crumbs(self, request: HttpRequest, page: Page) -> list[dict[str, Any]]:
        """The way from the site's start page to this page, itself included."""
        site = Site.find_for_request(request)
        way = page.get_ancestors(inclusive=True).filter(path__startswith=site.root_page.path) if site else []
        return [{"label": step.title, "url": step.get_url(request)} for step in way]


class ProcedureIndexPage(PortalPage):
    """All public procedures of a town; listed from the data, no page per procedure needed."""

    max_count_per_parent = 1
    parent_page_types: ClassVar = ["portal.MunicipalityPage"]
    subpage_types: ClassVar = ["portal.ProcedurePage"]
    introduction = RichTextField(_("Introduction"), features=TEXT_FEATURES, blank=True)
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("Procedure list")
        verbose_name_plural = _("Procedure lists")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        found = queries.listing(queries.public_procedures(context["tenant"]), at=timezone.now())
        context["listing"] = found
        context["map_settings"] = queries.map_of(context["tenant"])
        context["past"] = Paginator(found.past, PER_PAGE).get_page(request.GET.get("page"))
        return context


class ProcedurePageForm(WagtailAdminPageForm):
    """The procedure is chosen by its name."""

    procedure = forms.ChoiceField(label=_("Procedure"), choices=procedure_choices)


class ProcedurePage(PortalPage):
    """More text for one procedure. The procedure's own address stays the only one: it is printed as a QR code."""

    parent_page_types: ClassVar = ["portal.ProcedureIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    procedure = models.UUIDField(_("Procedure"))
    body = StreamField(BODY, verbose_name=_("Content"), blank=True)
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("procedure"), FieldPanel("body")]
    base_form_class = ProcedurePageForm
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("Text on a procedure")
        verbose_name_plural = _("Texts on procedures")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("participation:procedure", self.procedure)


class NewsIndexPage(PortalPage):
    """News and dates of a town."""

    max_count_per_parent = 1
    parent_page_types: ClassVar = ["portal.MunicipalityPage"]
    subpage_types: ClassVar = ["portal.NewsPage", "portal.EventPage"]
    introduction = RichTextField(_("Introduction"), features=TEXT_FEATURES, blank=True)
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("News list")
        verbose_name_plural = _("News lists")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        rows = NewsPage.objects.child_of(self).live().select_related("picture").order_by("-date", "-pk")
        context["news"] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        coming = EventPage.objects.child_of(self).live().filter(starts_at__gte=timezone.now() - ONE_DAY)
        context["events"] = coming.order_by("starts_at")
        return context


class NewsPage(PortalPage):
    parent_page_types: ClassVar = ["portal.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    date = models.DateField(_("Date"))
    teaser = models.TextField(_("Teaser"), max_length=400, help_text=_("Two sentences, shown in lists."))
    picture = models.ForeignKey(
        Picture,
        verbose_name=_("Picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    body = StreamField(BODY, verbose_name=_("Content"), blank=True)
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("date"),
        FieldPanel("teaser"),
        FieldPanel("picture"),
        FieldPanel("body"),
    ]
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("teaser"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("News")
        verbose_name_plural = _("News")


class EventPage(PortalPage):
    parent_page_types: ClassVar = ["portal.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    starts_at = models.DateTimeField(_("Begins"))
    ends_at = models.DateTimeField(_("Ends"), null=True, blank=True)
    place = models.CharField(_("Place"), max_length=200)
    teaser = models.TextField(_("Teaser"), max_length=400, help_text=_("Two sentences, shown in lists."))
    body = StreamField(BODY, verbose_name=_("Content"), blank=True)
    content_panels: ClassVar = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("starts_at"), FieldPanel("ends_at"), FieldPanel("place")], _("When and where")
        ),
        FieldPanel("teaser"),
        FieldPanel("body"),
    ]
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("place"),
        index.SearchField("teaser"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("Event")
        verbose_name_plural = _("Events")


class LegalKind(models.TextChoices):
    NONE = "", _("none")
    IMPRINT = "impressum", _("Impressum")
    PRIVACY = "datenschutz", _("Data protection")
    ACCESSIBILITY = "barrierefreiheit", _("Accessibility")
    EASY = "leichte-sprache", _("Leichte Sprache")


class StandardPage(PortalPage):
    """A page of text; the legal ones are prefilled for every town and linked in each footer."""

    parent_page_types: ClassVar = ["portal.MunicipalityPage", "portal.StandardPage"]
    subpage_types: ClassVar = ["portal.StandardPage"]
    kind = models.CharField(
        max_length=20, choices=LegalKind, default=LegalKind.NONE, blank=True, editable=False
    )
    body = StreamField(BODY, verbose_name=_("Content"), blank=True)
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("body")]
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("Page of text")
        verbose_name_plural = _("Pages of text")

    @property
    def is_fixed(self) -> bool:  # type: ignore[override]  # what a class says of most types, the row says here
        return bool(self.kind)
