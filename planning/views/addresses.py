"""A town's own register of addresses: how many there are, and a file that replaces them as a whole once its columns are chosen."""

from functools import cached_property
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView

from planning import addresses, addressing
from planning.addresses import AddressesUnreadable, Fault, Look, Reading
from planning.addressforms import AddressesForm, ColumnsForm
from planning.models import Address
from tenants.errors import Refused
from tenants.mixins import StaffPage

SHOWN = 200  # faults on the page
MOST_LINES = 30_000  # some seconds of a request; a whole county goes by manage.py import_addresses
_MARK, _NAME = "addresses_mark", "addresses_name"  # in the session: the file whose columns are to be chosen


class Addresses(StaffPage, FormView[AddressesForm]):
    action = addressing.ACTION
    form_class = AddressesForm
    template_name = "planning/address_import.html"

    def form_valid(self, form: AddressesForm) -> HttpResponse:
        file = form.cleaned_data["file"]
        session = self.request.session
        if before := session.get(_MARK):
            addressing.drop(self.tenant, before)
        session[_MARK] = addressing.keep(self.tenant, file.chunks(), actor=self.person)
        session[_NAME] = file.name
        return redirect("planning:address_columns")

    def form_invalid(self, form: AddressesForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = Address.objects.visible_to(self.person).filter(tenant=self.tenant)
        return super().get_context_data(**kwargs) | {"tenant": self.tenant, "count": own.count()}


class AddressColumns(StaffPage, FormView[ColumnsForm]):
    """The first lines of the file, and what their columns mean."""

    action = addressing.ACTION
    form_class = ColumnsForm
    template_name = "planning/address_columns.html"

    @cached_property
    def path(self) -> Path | None:
        """Of the file; None where there is none, or no longer."""
        mark = self.request.session.get(_MARK)
        return addressing.kept(self.tenant, mark) if mark else None

    @cached_property
    def look(self) -> Look:
        assert self.path is not None  # noqa: S101 - get and post have gone back without a file
        return addresses.look(self.path)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request) if self.path else redirect("planning:addresses")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request) if self.path else redirect("planning:addresses")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"look": self.look, "place": self.tenant.name}

    def get_initial(self) -> dict[str, Any]:
        return dict(self.look.guessed)

    def form_valid(self, form: ColumnsForm) -> HttpResponse:
        chosen = form.cleaned_data
        faults: tuple[Fault, ...] = ()
        try:
            reading = self._read(form)
            faults = reading.faults
            name = self.request.session[_NAME]
            done = addressing.replace_addresses(self.tenant, reading, actor=self.person, name=name, skip=chosen["skip"])  # fmt: skip
        except (AddressesUnreadable, Refused) as refused:
            form.add_error(None, str(refused))
            return self._answer(faults, form=form, status=400)
        addressing.drop(self.tenant, self.request.session.pop(_MARK))
        words = {"imported": done.imported, "removed": done.removed}
        told = _("%(imported)s addresses were taken over in place of %(removed)s.") % words
        return self._answer(faults, told=told)

    def _read(self, form: ColumnsForm) -> Reading:
        assert self.path is not None  # noqa: S101 - as above
        columns = {name: form.cleaned_data[name] for name in form.columns}
        return addresses.read(self.path, place=self.tenant.name, columns=columns, system=form.cleaned_data.get("system", ""), most=MOST_LINES)  # fmt: skip

    def _answer(self, faults: tuple[Fault, ...], *, status: int = 200, **words: Any) -> HttpResponse:
        words |= {"faults": faults[:SHOWN], "more": len(faults) - SHOWN}
        return self.render_to_response(self.get_context_data(**words), status=status)

    def form_invalid(self, form: ColumnsForm) -> HttpResponse:
        return self._answer((), form=form, status=400)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"tenant": self.tenant, "look": self.look, "name": self.request.session[_NAME]}
        return super().get_context_data(**kwargs) | words
