"""Foreign services of a tenant: list, register, page, settings; and their state for everybody."""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, UpdateView, View

from tenants import access
from tenants.mixins import StaffPage
from tenants.models import Job
from tenants.permissions import actions, reach_of
from twin.catalogue import gathering, harvesting, probing, registering, tasks, uptime
from twin.catalogue.models import Harvest, Probe, Record, Source, SourceKind
from twin.catalogue.refusals import SourceRefused
from twin.catalogue.sourceforms import RegisterForm, SourceForm

PER_PAGE = 50
_PROBES = 20  # shown, of the last
_RUNS = 10


def _with_history(sources: list[Source]) -> list[tuple[Source, uptime.History]]:
    found = uptime.histories([source.pk for source in sources], today=timezone.localdate())
    return [(source, found[source.pk]) for source in sources]


class SourceList(StaffPage, TemplateView):
    """Services of the active tenant with their state."""

    template_name = "catalogue/source_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        listed = Q(records__is_gone=False, records__parent__isnull=False)
        own = Source.objects.visible_to(self.person).filter(tenant=self.tenant)
        rows = own.annotate(entries=Count("records", filter=listed)).order_by("title", "pk")
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "page": page,
            "rows": _with_history(list(page)),
            "may_harvest": "harvest" in actions(self.person, self.tenant),
        }


class Status(TemplateView):
    """State of all public services, of the site's town alone under its host name; for everybody."""

    template_name = "catalogue/source_status.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        site = self.request.site_tenant  # type: ignore[attr-defined]
        rows = (
            Source.objects.filter(is_public=True, active=True)
            .select_related("tenant")
            .defer("tenant__boundary")
        )
        rows = rows.filter(tenant=site.pk) if site else rows
        page = Paginator(rows.order_by("tenant__name", "title", "pk"), PER_PAGE).get_page(self.request.GET.get("page"))  # fmt: skip
        return super().get_context_data(**kwargs) | {"page": page, "rows": _with_history(list(page))}


class Register(StaffPage, FormView[RegisterForm]):
    """An address is pasted, looked at, and registered once the person has seen what lies there."""

    action = "harvest"
    form_class = RegisterForm
    template_name = "catalogue/source_form.html"

    def form_valid(self, form: RegisterForm) -> HttpResponse:
        try:
            found = gathering.look(form.cleaned_data["url"])
            if "register" not in self.request.POST:
                told = self.get_context_data(form=form, found=found, kind=SourceKind(found.kind).label)
                return self.render_to_response(told)
            source = registering.register_source(
                self.tenant,
                found,
                actor=self.person,
                title=form.cleaned_data["title"],
                use=form.cleaned_data["use"],
            )
        except SourceRefused as refused:
            form.add_error("url", str(refused))
            return self.form_invalid(form)
        messages.success(self.request, _("The service is registered and is being read."))
        return redirect(source)

    def form_invalid(self, form: RegisterForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)


class SourceMixin(View):
    """Fetches the source of the address for `action`."""

    action: ClassVar[str] = "view"
    source: Source

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.action == "view" or request.user.is_authenticated:
            sources = Source.objects.select_related("tenant")
            self.source = access.fetch(sources, request.user, self.action, public_id=kwargs["public_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"source": self.source, "tenant": self.source.tenant}


class SourcePage(SourceMixin, TemplateView):
    """Layers and state; runs and probes for the tenant's own people."""

    template_name = "catalogue/source_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        source = self.source
        staff = source.tenant_id in reach_of(self.request.user).roles
        rows = Record.objects.visible_to(self.request.user).filter(source=source, parent__isnull=False)
        rows = rows.filter(is_gone=False).order_by("foreign__position", "pk")
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        history = uptime.histories([source.pk], today=timezone.localdate())[source.pk]
        context = super().get_context_data(**kwargs) | {
            "page": page,
            "history": history,
            "watched": [day for day in reversed(history.days) if day.hours],
            "service": Record.objects.visible_to(self.request.user).filter(source=source, parent__isnull=True).first(),
            "actions": actions(self.request.user, source),
            "staff": staff,
        }  # fmt: skip
        return context | (self._inside() if staff else {})

    def _inside(self) -> dict[str, Any]:
        probes = Probe.objects.filter(source=self.source)[:_PROBES]
        jobs = Job.objects.filter(task=harvesting.TASK, params__source=self.source.pk)
        return {
            "runs": Harvest.objects.filter(source=self.source)[:_RUNS],
            "probes": [(probe, probing.words_of(probe.check_name)) for probe in probes],
            "running": jobs.filter(state__in=("queued", "running")).first(),
        }


class SourceAct(LoginRequiredMixin, SourceMixin):
    """POST alone."""

    action = "harvest"
    http_method_names = ("post",)


class HarvestNow(SourceAct):
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        registering.request_harvest(self.source, actor=request.user)  # type: ignore[arg-type]
        return redirect(self.source)


class ProbeNow(SourceAct):
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        tasks.probe_soon(self.source)
        messages.success(request, _("The service is being asked. Look again in a moment."))
        return redirect(self.source)


class Open(SourceAct):
    """public = 1 or 0"""

    action = "publish_dataset"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        public = request.POST.get("public") == "1"
        registering.open_source(self.source, actor=request.user, public=public)  # type: ignore[arg-type]
        messages.success(request, _("The service is public now.") if public else _("The service is no longer public."))  # fmt: skip
        return redirect(self.source)


class Settings(LoginRequiredMixin, SourceMixin, UpdateView[Source, SourceForm]):
    action = "harvest"
    form_class = SourceForm
    template_name = "catalogue/source_settings.html"

    def get_object(self, queryset: Any = None) -> Source:
        return self.source

    def form_valid(self, form: SourceForm) -> HttpResponse:
        source = Source.objects.get(pk=self.source.pk)  # as it is stored: the form has written into its own
        registering.change_source(source, actor=self.request.user, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(self.request, _("The settings are saved."))
        return redirect(source)


class Remove(LoginRequiredMixin, SourceMixin, TemplateView):
    action = "harvest"
    template_name = "catalogue/source_delete.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        registering.remove_source(self.source, actor=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The service was removed."))
        return redirect("catalogue:sources")
