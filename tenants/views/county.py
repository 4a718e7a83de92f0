"""The county's tenants, and operators' emergency access."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, ListView

from tenants import services
from tenants.forms import EmergencyForm, FirstAdminForm, NewTenantForm, TenantForm
from tenants.mixins import OperatorPage, RefusableFormMixin, StaffPage
from tenants.models import EmergencyAccess, HostName, Membership, Tenant, TenantKind
from tenants.roles import ADMINS, Role


class TenantList(StaffPage, ListView[Tenant]):
    """All tenants with the state of their onboarding: boundary, administrator, host name, dates."""

    action = "create_tenant"
    template_name = "tenants/tenant_list.html"
    context_object_name = "tenants"

    def get_queryset(self) -> QuerySet[Tenant]:
        def number(rows: QuerySet[Any]) -> Subquery:
            return Subquery(
                rows.filter(tenant=OuterRef("pk")).values("tenant").annotate(n=Count("pk")).values("n")
            )

        return (
            Tenant.objects.exclude(kind=TenantKind.COUNTY)
            .select_related("association")
            .annotate(
                admins=number(Membership.objects.filter(role__in=ADMINS, user__is_active=True)),
                hosts=number(HostName.objects.all()),
                has_boundary=Q(boundary__isnull=False),
            )
            .defer("boundary")
        )


class CreateTenant(StaffPage, RefusableFormMixin, FormView[NewTenantForm]):
    action = "create_tenant"
    form_class = NewTenantForm
    template_name = "tenants/tenant_form.html"
    success_url = reverse_lazy("tenant_list")

    def act(self, form: NewTenantForm) -> None:
        facts = dict(form.cleaned_data)
        host, first_admin = facts.pop("host"), facts.pop("first_admin")
        services.create_tenant(
            facts,
            by=self.tenant,
            actor=self.person,
            host_names=[host] if host else [],
            first_admin=first_admin,
        )
        messages.success(self.request, _("The tenant is set up."))


class ChangeTenant(StaffPage, RefusableFormMixin, FormView[TenantForm]):
    action = "create_tenant"
    form_class = TenantForm
    template_name = "tenants/tenant_form.html"
    success_url = reverse_lazy("tenant_list")

    def get_form_kwargs(self) -> dict[str, Any]:
        town = get_object_or_404(Tenant.objects.exclude(kind=TenantKind.COUNTY), slug=self.kwargs["slug"])
        return {**super().get_form_kwargs(), "instance": town}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        town = kwargs.get("form", self.get_form()).instance
        return super().get_context_data(town=town, first_admin=FirstAdminForm(), **kwargs)

    def act(self, form: TenantForm) -> None:
        stored = Tenant.objects.get(pk=form.instance.pk)
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        services.change_tenant(stored, changed, by=self.tenant, actor=self.person)
        messages.success(self.request, _("The tenant is saved."))


class InviteFirstAdmin(StaffPage, RefusableFormMixin, FormView[FirstAdminForm]):
    """The county invites who administers a town that has nobody yet."""

    action = "create_tenant"
    form_class = FirstAdminForm
    template_name = "tenants/first_admin_form.html"

    @property
    def town(self) -> Tenant:
        return get_object_or_404(Tenant.objects.exclude(kind=TenantKind.COUNTY), slug=self.kwargs["slug"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(town=self.town, **kwargs)

    def get_success_url(self) -> str:
        return reverse("change_tenant", args=[self.kwargs["slug"]])

    def act(self, form: FirstAdminForm) -> None:
        services.invite_member(
            self.town,
            actor=self.person,
            by=self.tenant,
            email=form.cleaned_data["email"],
            roles={Role.MUNICIPAL_ADMIN},
        )
        messages.success(self.request, _("The invitation is on its way."))


class EmergencyAccesses(OperatorPage, RefusableFormMixin, FormView[EmergencyForm]):
    form_class = EmergencyForm
    template_name = "tenants/emergency_access.html"
    success_url = reverse_lazy("emergency_access")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = EmergencyAccess.objects.filter(operator=self.person).select_related("tenant")
        return super().get_context_data(
            accesses=rows.order_by("-opened_at")[:50], now=timezone.now(), **kwargs
        )

    def act(self, form: EmergencyForm) -> None:
        wanted = form.cleaned_data
        services.open_emergency_access(
            wanted["tenant"],
            operator=self.person,
            reason=wanted["reason"],
            duration=timedelta(hours=wanted["hours"]),
        )
        messages.success(self.request, _("Emergency access is open. Choose the tenant above to act for it."))


class CloseEmergencyAccess(OperatorPage):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        access = EmergencyAccess.objects.select_related("tenant").filter(operator=self.person, pk=pk).first()
        if access is None:
            raise Http404
        services.close_emergency_access(access, operator=self.person)
        return redirect("emergency_access")
