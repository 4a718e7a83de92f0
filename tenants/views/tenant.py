"""The active tenant: switching, appearance, host names, audit."""

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.generic import FormView, TemplateView

from tenants import acts, services, theming
from tenants.forms import AuditFilter, BrandForm, HostNameForm
from tenants.middleware import SESSION_KEY
from tenants.mixins import RefusableFormMixin, StaffPage
from tenants.models import AuditEvent, HostName, Tenant
from tenants.permissions import reach_of

PER_PAGE = 50


@cache_control(public=True, max_age=86_400)  # the address carries the colour
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """The style sheet with the tenant's colour as CSS custom properties."""
    tenant = get_object_or_404(Tenant, slug=slug, active=True)
    return HttpResponse(theming.stylesheet(tenant.colour), content_type="text/css; charset=utf-8")


class SwitchTenant(StaffPage):
    def check(self) -> None:
        """Everybody may; who belongs nowhere finds nothing to switch to."""

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = request.POST.get("tenant", "")
        chosen = next((one for one in reach_of(self.person).tenants if str(one.pk) == wanted), None)
        if chosen is None:
            raise Http404
        services.switch_tenant(self.person, left=reach_of(self.person).active, entered=chosen)
        request.session[SESSION_KEY] = chosen.pk
        messages.success(request, _("You now act for %(tenant)s.") % {"tenant": chosen})
        return redirect("work")


class Brand(StaffPage, RefusableFormMixin, FormView[BrandForm]):
    action = "brand"
    form_class = BrandForm
    template_name = "tenants/brand_form.html"
    success_url = reverse_lazy("brand")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": Tenant.objects.get(pk=self.tenant.pk)}

    def act(self, form: BrandForm) -> None:
        values = dict(form.cleaned_data)
        upload, remove = values.pop("upload"), values.pop("remove_arms")
        services.brand_tenant(
            Tenant.objects.get(pk=self.tenant.pk),
            actor=self.person,
            words=values,
            coat_of_arms=upload or None,
            remove_arms=remove,
        )
        messages.success(self.request, _("The appearance is saved."))


class HostNames(StaffPage, RefusableFormMixin, FormView[HostNameForm]):
    action = "configure"
    form_class = HostNameForm
    template_name = "tenants/host_names.html"
    success_url = reverse_lazy("host_names")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = HostName.objects.filter(tenant=self.tenant).order_by("host")
        return super().get_context_data(host_names=rows, **kwargs)

    def act(self, form: HostNameForm) -> None:
        services.add_host_name(self.tenant, form.cleaned_data["host"], actor=self.person)


class RemoveHostName(StaffPage):
    action = "configure"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = HostName.objects.select_related("tenant").filter(tenant=self.tenant, pk=pk).first()
        if row is None:
            raise Http404
        services.remove_host_name(row, actor=self.person)
        return redirect("host_names")


class AuditLog(StaffPage, TemplateView):
    """Who did what in the active tenant, newest first."""

    action = "audit"
    template_name = "tenants/audit_log.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own: QuerySet[AuditEvent] = AuditEvent.objects.visible_to(self.person).filter(tenant=self.tenant)
        actions = list(own.order_by("action").values_list("action", flat=True).distinct())
        form = AuditFilter(self.request.GET or None, actions=actions)
        rows = _filtered(own.select_related("actor"), form) if form.is_bound else own.select_related("actor")
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        told = [
            (row, acts.in_words(row.action), acts.told(row.kind, row.before), acts.told(row.kind, row.after))
            for row in page
        ]
        return super().get_context_data(form=form, page=page, rows=told, **kwargs)


def _filtered(rows: QuerySet[AuditEvent], form: Form) -> QuerySet[AuditEvent]:
    """What the filter asks for; all when it holds a mistake, which the form then shows."""
    if not form.is_valid():
        return rows
    wanted = form.cleaned_data
    if text := wanted["q"].replace("\0", ""):
        rows = rows.filter(
            Q(label__icontains=text) | Q(actor_name__icontains=text) | Q(action__icontains=text)
        )
    if wanted["action"]:
        rows = rows.filter(action=wanted["action"])
    if wanted["since"]:
        rows = rows.filter(at__gte=timezone.make_aware(datetime.combine(wanted["since"], time.min)))
    if wanted["until"]:
        rows = rows.filter(at__lte=timezone.make_aware(datetime.combine(wanted["until"], time.max)))
    return rows
