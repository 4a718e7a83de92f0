"""What every staff page has in common: somebody signed in, a tenant to act for, a role that allows it."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views import View
from django.views.generic.edit import FormMixin

from tenants.errors import Forbidden, Refused
from tenants.models import Tenant, User
from tenants.permissions import reach_of, require


class SignedIn(LoginRequiredMixin, View):
    """A page for a person whom we know; strangers are sent to sign in."""

    @property
    def person(self) -> User:
        assert isinstance(self.request.user, User)  # noqa: S101 - dispatch has sent everybody else away
        return self.request.user


class StaffPage(SignedIn):
    """A page for who may do `action` in the active tenant; colleagues without the role get 403."""

    action = "view"

    @property
    def tenant(self) -> Tenant:
        """The tenant that the person acts for."""
        active = reach_of(self.request.user).active
        if active is None:
            raise Forbidden("no tenant")
        return active

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.check()
        return super().dispatch(request, *args, **kwargs)

    def check(self) -> None:
        require(self.person, self.action, self.tenant)


class OperatorPage(StaffPage):
    """A page for operators of the platform (superusers)."""

    def check(self) -> None:
        if not self.person.is_superuser:
            raise Forbidden("operator")


class RefusableFormMixin(FormMixin[Any]):
    """Forms whose service may refuse: the reason stands on the form. Subclasses write `act` instead of `form_valid`."""

    def act(self, form: Any) -> None:
        raise NotImplementedError

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            self.act(form)
        except Refused as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        return super().form_valid(form)
