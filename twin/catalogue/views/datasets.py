"""Datasets: own ones in a list, each on a page for everybody who may see it, with what its staff does with it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from tenants import access, files
from tenants.errors import Refused
from tenants.mixins import StaffPage
from tenants.models import Job, Tenant
from tenants.permissions import actions, reach_of, shares_of
from tenants.scope import acting_for, within
from tenants.workspace import workspace
from twin.catalogue import exporting, packaging, presenting, reporting, services, uploads
from twin.catalogue.downloads import downloads
from twin.catalogue.forms import PublishForm, RefreshForm, RoleForm, ShareForm
from twin.catalogue.models import Dataset, DatasetVersion, Record
from twin.catalogue.models.datasets import AREAS

PER_PAGE = 50
SHOWN = 20  # features in the table of the page
DRAWN = 500  # features on its map


class DatasetList(StaffPage, TemplateView):
    """What the active tenant delivered."""

    template_name = "catalogue/dataset_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = (
            Dataset.objects.visible_to(self.person)
            .filter(tenant=self.tenant)
            .select_related("current_version")
        )
        page = Paginator(own.order_by("title", "pk"), PER_PAGE).get_page(self.request.GET.get("page"))
        may_import = "import_dataset" in actions(self.person, self.tenant)
        shared = Dataset.objects.visible_to(self.person).filter(is_public=False).exclude(tenant=self.tenant)
        return super().get_context_data(**kwargs) | {
            "page": page,
            "pending": uploads.pending(self.tenant) if may_import else (),
            "shared": shared.select_related("tenant").order_by("title", "pk")[:PER_PAGE],
            "tenant": self.tenant,
            "may_import": may_import,
        }


class DatasetMixin(View):
    """Fetches the dataset of the address for what is to be done with it."""

    action = "view"

    def fetched(self) -> Dataset:
        rows = Dataset.objects.select_related("current_version", "tenant")
        found: Dataset = access.fetch(
            rows, self.request.user, self.action, public_id=self.kwargs["public_id"]
        )
        return found


class DatasetPage(DatasetMixin, TemplateView):
    template_name = "catalogue/dataset_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        dataset = self.fetched()
        may = actions(self.request.user, dataset)
        version = dataset.current_version
        names = [field["name"] for field in version.fields] if version else []
        table = [
            [row.get(name) for name in names]
            for row in exporting.rows(dataset).values_list("properties", flat=True)[:SHOWN]
        ]
        record = Record.objects.filter(dataset=dataset).first()
        found = {
            "dataset": dataset,
            "version": version,
            "record": record,
            "kind": reporting.KINDS.get(version.geometry_type, "") if version else "",
            "labels": [field["label"] for field in version.fields] if version else [],
            "table": table,
            "may": may,
            "features_url": reverse("catalogue:dataset_shapes", args=[dataset.public_id]),
            "downloads": downloads(dataset) if version else (),
        }
        if version and version.raster_id:
            found["rasters_url"] = reverse("catalogue:dataset_rasters", args=[dataset.public_id])
            found["grid"] = presenting.grid_in_words(version.grid)
        if "change_dataset" in may:
            found |= self._for_staff(dataset, record)
        return super().get_context_data(**kwargs) | found

    def _for_staff(self, dataset: Dataset, record: Record | None) -> dict[str, Any]:
        holders = [holder for holder, _share in shares_of(dataset) if isinstance(holder, Tenant)]
        version = dataset.current_version
        of_areas = version is not None and version.geometry_type in AREAS
        return {
            "role_form": RoleForm(instance=dataset) if of_areas or dataset.role else None,
            "versions": dataset.datasetversions.select_related("created_by").order_by("-number")[:PER_PAGE],
            "publish_form": PublishForm(record=record),
            "share_form": ShareForm(owner=dataset.tenant),
            "refresh_form": RefreshForm(instance=dataset),
            "holders": holders,
        }


class VersionPage(StaffPage, DatasetMixin, TemplateView):
    """What a delivery was and what was said about it."""

    action = "change_dataset"
    template_name = "catalogue/version_detail.html"

    def check(self) -> None:
        """The dataset decides, not the active tenant."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        dataset = self.fetched()
        versions = DatasetVersion.objects.filter(dataset=dataset).select_related("created_by", "file")
        version: DatasetVersion = access.fetch(versions, self.person, "view", number=self.kwargs["number"])
        return super().get_context_data(**kwargs) | {
            "dataset": dataset,
            "version": version,
            "changes": presenting.changes_of(version) if version.number > 1 and not version.raster_id else (),
            "most_changes": presenting.MOST_CHANGES,
            "findings": reporting.worded(version.report.get("findings", ())),
            "is_current": version.pk == dataset.current_version_id,
            "kind": reporting.KINDS.get(version.geometry_type, ""),
            "grid": presenting.grid_in_words(version.grid) if version.raster_id else "",
        }


# --- acts


class Act(StaffPage, DatasetMixin):
    """POST; the service decides who may. What it refuses stands on the dataset's page."""

    http_method_names: tuple[str, ...] = ("post",)
    job: Job | None = None  # what the worker does of it

    def check(self) -> None:
        """The dataset decides, not the active tenant."""

    def act(self, dataset: Dataset) -> str:
        """What to say afterwards."""
        raise NotImplementedError

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        dataset = self.fetched()
        try:
            messages.success(request, self.act(dataset))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect(self.after(dataset))

    def after(self, dataset: Dataset) -> str:
        return reverse("job", args=[self.job.public_id]) if self.job else dataset.get_absolute_url()


class Publish(Act):
    action = "publish_dataset"

    def act(self, dataset: Dataset) -> str:
        record = Record.objects.filter(dataset=dataset).select_related("tenant").first()
        form = PublishForm(self.request.POST, record=record)
        form.is_valid()  # what is missing, the service says
        self.job = services.publish_dataset(dataset, actor=self.person, **form.cleaned_data)
        return _("The dataset is being published.") if self.job else _("The dataset is public.")


class Withdraw(Act):
    action = "publish_dataset"

    def act(self, dataset: Dataset) -> str:
        self.job = services.withdraw_dataset(dataset, actor=self.person)
        return _("The dataset is being withdrawn.") if self.job else _("The dataset is no longer public.")


class Restore(Act):
    action = "change_dataset"

    def act(self, dataset: Dataset) -> str:
        version = services.restore_version(dataset, number=self.kwargs["number"], actor=self.person)
        return _("Version %(old)s is restored as version %(number)s.") % {
            "old": version.restored_from,
            "number": version.number,
        }


class Refresh(Act):
    action = "change_dataset"

    def act(self, dataset: Dataset) -> str:
        form = RefreshForm(self.request.POST, instance=dataset)
        if not form.is_valid():
            raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
        found = form.cleaned_data
        dataset.refresh_from_db(fields=["refresh_url", "refresh_hours"])  # the form has written on it
        services.set_refresh(
            dataset, url=found["refresh_url"], hours=found["refresh_hours"], actor=self.person
        )
        if not found["refresh_url"]:
            return _("The dataset is no longer fetched.")
        return _(
            "The schedule is saved. The address is read within five minutes; what went wrong then stands here."
        )


class SetRole(Act):
    action = "change_dataset"

    def act(self, dataset: Dataset) -> str:
        form = RoleForm(self.request.POST)
        if not form.is_valid():
            raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
        services.set_role(dataset, role=form.cleaned_data["role"], actor=self.person)
        return _("The meaning of the areas is saved.")


class Share(Act):
    action = "share"

    def act(self, dataset: Dataset) -> str:
        form = ShareForm(self.request.POST, owner=dataset.tenant)
        if not form.is_valid():
            raise Refused(_("Choose an administration."))
        services.share_dataset(dataset, holder=form.cleaned_data["tenant"], actor=self.person)
        return str(_("%s can read the dataset now.") % form.cleaned_data["tenant"])


class Unshare(Act):
    action = "share"

    def act(self, dataset: Dataset) -> str:
        form = ShareForm(self.request.POST, owner=dataset.tenant)
        if not form.is_valid():
            raise Refused(_("Choose an administration."))
        services.unshare_dataset(dataset, holder=form.cleaned_data["tenant"], actor=self.person)
        return str(_("%s can no longer read the dataset.") % form.cleaned_data["tenant"])


class Delete(Act):
    """GET asks, POST does."""

    action = "delete_dataset"
    http_method_names = ("get", "post")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        page = TemplateView(
            template_name="catalogue/dataset_delete.html", request=request, args=(), kwargs=kwargs
        )
        return page.render_to_response({"dataset": self.fetched()})

    def act(self, dataset: Dataset) -> str:
        services.delete_dataset(dataset, actor=self.person)
        return _("The dataset is deleted.")

    def after(self, dataset: Dataset) -> str:
        return reverse("catalogue:datasets")


# --- downloads


class Download(DatasetMixin):
    """kind: geojson or csv, as a stream."""

    kind = "geojson"
    TYPES = {"geojson": "application/geo+json", "csv": "text/csv; charset=utf-8"}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        dataset = self.fetched()
        make = exporting.geojson if self.kind == "geojson" else exporting.table
        answer = StreamingHttpResponse(_in_scope(request, make(dataset)), content_type=self.TYPES[self.kind])
        answer["Content-Disposition"] = f'attachment; filename="{dataset.slug}.{self.kind}"'
        return answer


def _in_scope(request: HttpRequest, parts: Iterator[bytes]) -> Iterator[bytes]:
    """A stream runs after the request's transaction and opens its scope anew."""
    with within(reach_of(request.user).scope):
        yield from parts


class GeoPackage(DatasetMixin):
    """A small one at once; a large one when the worker has made it."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        dataset = self.fetched()
        if dataset.current_version and dataset.current_version.feature_count > packaging.AT_ONCE:
            return self._made(dataset)
        with workspace() as folder:
            target = folder / f"{dataset.slug}.gpkg"
            exporting.write_geopackage(dataset, target)
            opened = target.open("rb")
        return FileResponse(opened, as_attachment=True, filename=target.name, content_type=packaging.GPKG)

    def _made(self, dataset: Dataset) -> HttpResponseBase:
        # Whoever may see the dataset may take it away; what is kept for them is the tenant's.
        with acting_for([dataset.tenant_id], [dataset.tenant_id]):
            file = packaging.package_of(dataset)
        if file is not None:
            return files.serve(file)
        page = render(self.request, "catalogue/dataset_package.html", {"dataset": dataset}, status=503)
        page["Retry-After"] = "10"
        page["Cache-Control"] = "no-store"
        return page


class Shapes(DatasetMixin):
    """The first features for the map of the page, in the twin's system."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        features = ",".join(exporting.placed(self.fetched(), most=DRAWN))
        return HttpResponse(
            f'{{"type":"FeatureCollection","features":[{features}]}}', content_type="application/geo+json"
        )
