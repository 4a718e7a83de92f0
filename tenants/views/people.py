"""Members, invitations and the own profile."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, UpdateView, View

from tenants import invitations, services
from tenants.forms import InvitationForm, ProfileForm, RegistrationForm, RolesForm
from tenants.middleware import SESSION_KEY
from tenants.mixins import RefusableFormMixin, StaffPage
from tenants.models import ROLES, Invitation, Membership, Tenant, User

PASSWORD_LOGIN = "allauth.account.auth_backends.AuthenticationBackend"  # noqa: S105 - a class, not a password


def members(tenant: Tenant) -> list[tuple[User, list[str]]]:
    """People of the tenant by name, with the labels of their roles; one query."""
    labels = dict(ROLES)
    found: dict[User, list[str]] = {}
    rows = Membership.objects.filter(tenant=tenant).select_related("user").order_by("user__name", "pk")
    for row in rows:
        found.setdefault(row.user, []).append(str(labels[row.role]))
    return list(found.items())


class People(StaffPage, TemplateView):
    action = "invite"
    template_name = "tenants/people.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        labels = dict(ROLES)
        open_ = Invitation.objects.filter(
            tenant=self.tenant, accepted_at__isnull=True, revoked_at__isnull=True
        ).select_related("invited_by")
        invited = [
            (one, [str(labels[role]) for role in one.roles], one.is_open(timezone.now())) for one in open_
        ]
        return super().get_context_data(members=members(self.tenant), invited=invited, **kwargs)


class Invite(StaffPage, RefusableFormMixin, FormView[InvitationForm]):
    action = "invite"
    form_class = InvitationForm
    template_name = "tenants/invitation_form.html"
    success_url = reverse_lazy("people")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "tenant": self.tenant}

    def act(self, form: InvitationForm) -> None:
        services.invite_member(self.tenant, actor=self.person, **form.cleaned_data)
        messages.success(self.request, _("The invitation is on its way."))


class RevokeInvitation(StaffPage):
    action = "invite"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invitation = Invitation.objects.filter(tenant=self.tenant, pk=pk).first()
        if invitation is None:
            raise Http404
        services.revoke_invitation(invitation, actor=self.person)
        messages.success(request, _("The invitation is withdrawn."))
        return redirect("people")


class MemberPage(StaffPage):
    """A page about one member of the active tenant; people of other tenants are not there."""

    action = "change_role"

    @property
    def member(self) -> User:
        found = User.objects.filter(pk=self.kwargs["pk"], memberships__tenant=self.tenant).distinct().first()
        if found is None:
            raise Http404
        return found


class ChangeRoles(MemberPage, RefusableFormMixin, FormView[RolesForm]):
    form_class = RolesForm
    template_name = "tenants/roles_form.html"
    success_url = reverse_lazy("people")

    def get_form_kwargs(self) -> dict[str, Any]:
        held = self.member.memberships.filter(tenant=self.tenant).values_list("role", flat=True)
        return {**super().get_form_kwargs(), "tenant": self.tenant, "initial": {"roles": list(held)}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(member=self.member, **kwargs)

    def act(self, form: RolesForm) -> None:
        services.change_role(self.member, tenant=self.tenant, actor=self.person, **form.cleaned_data)
        messages.success(self.request, _("The roles are changed."))


class DeactivateMember(MemberPage, RefusableFormMixin, FormView[Form]):
    form_class = Form  # nothing to fill in, only to confirm
    template_name = "tenants/member_deactivate.html"
    success_url = reverse_lazy("people")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(member=self.member, **kwargs)

    def act(self, form: Form) -> None:
        services.deactivate_member(self.member, tenant=self.tenant, actor=self.person)
        messages.success(self.request, _("The person has no access to this tenant any more."))


class AcceptInvitation(View):
    """Who follows the link: signed in with the invited address one joins; without an account one gets one."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._page(request, token, None)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if isinstance(request.user, User):
            tenant = services.accept_invitation(token, user=request.user)
            return self._arrive(request, tenant)
        invitation = invitations.find(token, at=timezone.now())
        form = RegistrationForm(request.POST, email=invitation.email)
        if _has_account(invitation) or not form.is_valid():
            return self._page(request, token, form)
        user = services.register_invited(token, **form.cleaned_data)
        login(request, user, backend=PASSWORD_LOGIN)
        return self._arrive(request, invitation.tenant)

    def _page(self, request: HttpRequest, token: str, form: RegistrationForm | None) -> HttpResponse:
        invitation = invitations.find(token, at=timezone.now())
        labels = dict(ROLES)
        context = {
            "invitation": invitation,
            "roles": [labels[role] for role in invitation.roles],
            "has_account": _has_account(invitation),
            "right_account": getattr(request.user, "email", "") == invitation.email,
            "form": form or RegistrationForm(email=invitation.email, initial={"name": invitation.name}),
            "login_url": f"{reverse('account_login')}?next={request.path}",
        }
        response = render(request, "tenants/invitation_accept.html", context)
        response["Referrer-Policy"] = (
            "same-origin"  # the address holds the token; "no-referrer" would void the form's CSRF check
        )
        response["Cache-Control"] = "no-store"
        return response

    def _arrive(self, request: HttpRequest, tenant: Tenant) -> HttpResponse:
        request.session[SESSION_KEY] = tenant.pk
        messages.success(request, _("Welcome to %(tenant)s.") % {"tenant": tenant})
        return redirect("work")


def _has_account(invitation: Invitation) -> bool:
    return User.objects.filter(email=invitation.email, is_active=True).exists()


class Profile(StaffPage, UpdateView[User, ProfileForm]):
    form_class = ProfileForm
    template_name = "tenants/profile.html"
    success_url = reverse_lazy("profile")

    def check(self) -> None:
        """Everybody has a profile, also without a tenant."""

    def get_object(self, queryset: Any = None) -> User:
        return User.objects.get(pk=self.person.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        labels = dict(ROLES)
        rows = self.person.memberships.select_related("tenant").order_by("tenant__name", "pk")
        return super().get_context_data(own_roles=[(row.tenant, labels[row.role]) for row in rows], **kwargs)

    def form_valid(self, form: ProfileForm) -> HttpResponse:
        services.change_profile(self.get_object(), name=form.cleaned_data["name"])
        messages.success(self.request, _("Your profile is saved."))
        return redirect(self.get_success_url())
