"""A town's own register of addresses: how many there are, and a file that replaces them as a whole."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView

from planning import addressing
from planning.addresses import Reading
from planning.addressforms import AddressesForm
from planning.models import Address
from tenants.errors import Refused
from tenants.mixins import StaffPage

SHOWN = 200  # faults on the page


class Addresses(StaffPage, FormView[AddressesForm]):
    action = addressing.ACTION
    form_class = AddressesForm
    template_name = "planning/address_import.html"
    success_url = reverse_lazy("planning:addresses")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"tenant": self.tenant}

    def form_valid(self, form: AddressesForm) -> HttpResponse:
        name = str(form.cleaned_data["file"].name)
        try:
            done = addressing.replace_addresses(
                self.tenant, form.reading, actor=self.person, name=name, skip=form.cleaned_data["skip"]
            )
        except Refused as refused:
            form.add_error(None, str(refused))
            return self.render_to_response(self._context(form, form.reading), status=400)
        words = {"imported": done.imported, "removed": done.removed}
        told = _("%(imported)s addresses were taken over in place of %(removed)s.") % words
        return self.render_to_response(self._context(form, form.reading, told=told))

    def form_invalid(self, form: AddressesForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def _context(self, form: AddressesForm, reading: Reading, *, told: str = "") -> dict[str, Any]:
        faults = reading.faults
        again = AddressesForm(tenant=self.tenant) if told else form
        return self.get_context_data(form=again, told=told, faults=faults[:SHOWN], more=len(faults) - SHOWN)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = Address.objects.visible_to(self.person).filter(tenant=self.tenant)
        return super().get_context_data(**kwargs) | {"tenant": self.tenant, "count": own.count()}
