"""The own access tokens."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from tenants import tokens
from tenants.errors import Refused
from tenants.forms import TokenForm
from tenants.mixins import StaffPage
from tenants.models import ApiToken
from tenants.permissions import reach_of


class OwnPage(StaffPage):
    def check(self) -> None:
        """Everybody has tokens of their own, also without a tenant."""


@method_decorator(never_cache, name="dispatch")
class Tokens(OwnPage, FormView[TokenForm]):
    """A new token stands on the answer itself, once: neither in a session nor in an address."""

    form_class = TokenForm
    template_name = "tenants/tokens.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.person.access_tokens.select_related("tenant").defer("tenant__boundary")
        active = reach_of(self.person).active
        return super().get_context_data(tokens=rows, now=timezone.now(), reads_in=active, **kwargs)

    def form_valid(self, form: TokenForm) -> HttpResponse:
        active = reach_of(self.person).active
        try:
            secret = tokens.make_token(self.person, tenant=active, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=self.form_class(), secret=secret))


class RevokeToken(OwnPage):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        token = ApiToken.objects.filter(user=self.person, pk=pk).first()
        if token is None:
            raise Http404
        tokens.revoke_token(token, actor=self.person)
        messages.success(request, _("The access token is revoked."))
        return redirect("tokens")
