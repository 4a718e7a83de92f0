"""The catalogue for people: search, the page of one record, and its description by its own tenant."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from tenants import access
from tenants.mixins import RefusableFormMixin, StaffPage
from tenants.permissions import can
from twin.catalogue import describing, presenting
from twin.catalogue.entries import entry_of
from twin.catalogue.finding import Pages, listed, overview, record_for, records_of, search
from twin.catalogue.models import Record
from twin.catalogue.recordforms import DescriptionForm, RecordFilter

PER_PAGE = 20


class RecordList(TemplateView):
    """Everybody's search: public records, and who is signed in finds those of the own tenant and shared ones, too."""

    template_name = "catalogue/record_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = RecordFilter(asked_for(self.request))
        form.is_valid()  # a filter that cannot be read filters nothing
        wanted = form.wanted()
        everything = overview(self.request.user)
        rows, found = listed(self.request.user).select_related("tenant").only(*presenting.OF_ROW), everything
        if wanted.is_narrow or not everything.is_capped:
            rows, found = search(rows, wanted)
        form.offer(everything, found)
        page = Pages(rows, wanted, found, per_page=PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "form": form,
            "page": page,
            "rows": [presenting.row_of(record) for record in records_of(page, rows)],
            "total": found.total,
            "capped": found.is_capped and wanted.is_narrow,
            "boxed": wanted.box is not None,
        }


def asked_for(request: HttpRequest) -> Any:
    """What the address says; under the host name of a town, that town's records unless another town is asked for."""
    asked: Any = request.GET
    site = request.site_tenant  # type: ignore[attr-defined]
    if not site or "municipality" in asked:
        return asked
    asked = asked.copy()
    asked["municipality"] = site.slug
    return asked


class RecordPage(TemplateView):
    template_name = "catalogue/record_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = record_for(self.request.user, self.kwargs["public_id"])
        entry = entry_of(record)
        return super().get_context_data(**kwargs) | {
            "record": record,
            "entry": entry,
            "tenant": record.tenant,
            "facts": presenting.facts_of(record, entry),
            "themes": presenting.themes_of(record),
            "extent": presenting.extent_of(record),
            "quality": presenting.quality_of(record, entry),
            "may_change": record.dataset_id is not None and can(self.request.user, "change_dataset", record),
        }


class Describe(RefusableFormMixin, StaffPage, FormView[DescriptionForm]):
    """What people of the tenant say of an own dataset."""

    form_class = DescriptionForm
    template_name = "catalogue/record_describe.html"
    record: Record

    def check(self) -> None:
        rows = Record.objects.filter(dataset__isnull=False).select_related("tenant", "dataset")
        self.record = access.fetch(rows, self.person, "change_dataset", public_id=self.kwargs["public_id"])

    def get_initial(self) -> dict[str, Any]:
        said = {name: getattr(self.record, name) for name in describing.ASKED}
        return said | {"keywords": ", ".join(self.record.keywords)}

    def act(self, form: DescriptionForm) -> None:
        describing.describe_record(self.record, form.cleaned_data, actor=self.person)
        messages.success(self.request, _("Saved."))

    def get_success_url(self) -> str:
        return self.record.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"record": self.record}
