"""Data formats: read by everybody, declared by the county, with templates to fill in."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.generic import FormView, TemplateView, View

from tenants import access
from tenants.mixins import RefusableFormMixin, StaffPage
from tenants.permissions import actions, reach_of
from tenants.workspace import workspace
from twin.catalogue import declaring, reporting
from twin.catalogue.forms import DataFormatForm
from twin.catalogue.models import DataFormat


class FormatList(TemplateView):
    template_name = "catalogue/dataformat_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        active = reach_of(self.request.user).active
        may = active is not None and declaring.ACTION in actions(self.request.user, active)
        rows = DataFormat.objects.visible_to(self.request.user).order_by("title")
        return super().get_context_data(**kwargs) | {"formats": rows, "may_declare": may}


class FormatMixin(View):
    def fetched(self) -> DataFormat:
        found: DataFormat = access.fetch(DataFormat.objects.select_related("tenant"), self.request.user, "view", public_id=self.kwargs["public_id"])  # fmt: skip
        return found


class FormatPage(FormatMixin, TemplateView):
    template_name = "catalogue/dataformat_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.fetched()
        fields = [{**field, "kind": reporting.KINDS[field["type"]]} for field in row.fields]
        may = declaring.ACTION in actions(self.request.user, row)
        return super().get_context_data(**kwargs) | {"format": row, "fields": fields, "may_declare": may}


class DeclareFormat(RefusableFormMixin, StaffPage, FormView[DataFormatForm]):
    """A new one, or (public_id) one that is there."""

    action = declaring.ACTION
    form_class = DataFormatForm
    template_name = "catalogue/dataformat_form.html"
    row: DataFormat

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.row = DataFormat()
        if "public_id" in kwargs:
            self.row = access.fetch(
                DataFormat.objects.all(), request.user, self.action, public_id=kwargs["public_id"]
            )

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.row, "tenant": self.tenant}

    def act(self, form: DataFormatForm) -> None:
        self.row = declaring.declare(form.save(commit=False), tenant=self.tenant, actor=self.person)

    def get_success_url(self) -> str:
        return reverse("catalogue:format", args=[self.row.public_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"format": self.row if self.row.pk else None}


class Template(FormatMixin):
    """kind: csv or gpkg."""

    kind = "csv"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        row = self.fetched()
        if self.kind == "csv":
            answer = HttpResponse(declaring.template_csv(row), content_type="text/csv; charset=utf-8")
            answer["Content-Disposition"] = f'attachment; filename="{row.slug}.csv"'
            return answer
        with workspace() as folder:
            target = folder / f"{row.slug}.gpkg"
            declaring.write_template(row, target)
            opened = target.open("rb")
        return FileResponse(opened, as_attachment=True, filename=target.name, content_type="application/geopackage+sqlite3")  # fmt: skip
