"""Documents and rasters of a plan: added, described, replaced, placed; pictures of the plan as tiles."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.generic import FormView

from planning import filing, presenting, queries
from planning.documentforms import AddForm, DescriptionForm, ReplaceForm, SystemForm
from planning.errors import IllegalStep
from planning.models import PlanDocument, PlanRaster, RasterState
from planning.rasters import tiles
from planning.views.actions import ActionMixin
from planning.views.plans import PlanMixin
from tenants import files
from tenants.models import PrivateFile
from tenants.permissions import can


class AddDocuments(ActionMixin, FormView[AddForm]):
    """To the newest version of the plan."""

    action = filing.ACTION
    form_class = AddForm
    template_name = "planning/plandocument_add.html"

    def form_valid(self, form: AddForm) -> HttpResponse:
        filing.add_documents(
            self.plan,
            form.cleaned_data["documents"],
            actor=self.request.user,  # type: ignore[arg-type]
            entry=form.entry(),
        )
        messages.success(self.request, _("The documents are added."))
        return redirect(self.plan)


class DocumentMixin(ActionMixin):
    """Fetches the document of the address, unless another took its place."""

    action = filing.ACTION
    document: PlanDocument

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = PlanDocument.objects.filter(plan=self.plan).current()
            rows = rows.select_related("version__tenant", "plan__tenant")
            self.document = get_object_or_404(rows, public_id=kwargs["document_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"document": self.document}


class DescribeDocument(DocumentMixin, FormView[DescriptionForm]):
    form_class = DescriptionForm
    template_name = "planning/plandocument_describe.html"

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.document, name) for name in filing.DESCRIBED}

    def form_valid(self, form: DescriptionForm) -> HttpResponse:
        filing.describe_document(self.document, form.cleaned_data, actor=self.request.user)  # type: ignore[arg-type]
        messages.success(self.request, _("Saved."))
        return redirect(self.plan)


class ReplaceDocument(DocumentMixin, FormView[ReplaceForm]):
    form_class = ReplaceForm
    template_name = "planning/plandocument_replace.html"

    def form_valid(self, form: ReplaceForm) -> HttpResponse:
        try:
            filing.replace_document(self.document, form.cleaned_data["file"], actor=self.request.user)  # type: ignore[arg-type]
        except IllegalStep:
            form.add_error(None, _("This document cannot be replaced: the Fassung it belongs to was published, or somebody replaced it meanwhile. Upload a new version of the plan."))  # fmt: skip
            return self.form_invalid(form)
        messages.success(
            self.request, _("The document is replaced; colleagues can still read the one before.")
        )
        return redirect(self.plan)


class TakeOver(ActionMixin):
    """POST: the newest version gets what a person had added to the one before."""

    action = filing.ACTION
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        filing.take_over(self.plan, actor=request.user)  # type: ignore[arg-type]
        return redirect(self.plan)


class Rasters(PlanMixin):
    """For the map: title, grid and address of the tiles of each picture; see docs/frontend.md."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        rows = queries.rasters_of(self.version).filter(state=RasterState.READY)
        if not can(request.user, "view", self.plan):
            rows = rows.filter(is_public=True)
        answer = JsonResponse({"rasters": [self._told(row) for row in rows]})
        answer["Cache-Control"] = "private, no-cache"
        return answer

    def _told(self, row: PlanRaster) -> dict[str, Any]:
        place = {"public_id": self.plan.public_id, "raster_id": row.public_id, "tile": "__tile__"}
        return {"id": str(row.public_id), "title": row.document.title, "tiles": reverse("planning:raster_tile", kwargs=place), **row.grid}  # fmt: skip


class Tile(PlanMixin):
    """One tile; a picture never changes, so the key of its file is the ETag. Who asks again is asked for the right again."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        rows = PlanRaster.objects.filter(plan=self.plan, state=RasterState.READY, file__isnull=False)
        if not can(request.user, "view", self.plan):
            rows = rows.filter(is_public=True)
        row = get_object_or_404(rows, public_id=kwargs["raster_id"])
        (file,) = filing.files_of(self.plan, [row.file_id])
        etag = f'"{file.sha256[:32]}-{kwargs["tile"]}"'
        answer = get_conditional_response(request, etag=etag) or self._drawn(file, kwargs["tile"])
        answer["ETag"] = etag
        everybody = row.is_public and request.user.is_anonymous
        answer["Cache-Control"] = "public, no-cache" if everybody else "private, no-cache"
        return answer

    def _drawn(self, file: PrivateFile, key: str) -> HttpResponse:
        try:
            body = tiles.tile(files.path_of(file), key)
        except tiles.NoTile as error:
            raise Http404 from error
        answer = HttpResponse(body, content_type=tiles.CONTENT_TYPE)
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


class PlaceRaster(ActionMixin, FormView[SystemForm]):
    """Say in which reference system a picture is."""

    action = filing.ACTION
    form_class = SystemForm
    template_name = "planning/planraster_place.html"
    raster: PlanRaster

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = PlanRaster.objects.filter(plan=self.plan).select_related("plan__tenant", "document", "version__plan", "version__tenant")  # fmt: skip
            self.raster = get_object_or_404(rows, public_id=kwargs["raster_id"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "fitting": presenting.systems_of(self.raster)}

    def form_valid(self, form: SystemForm) -> HttpResponse:
        job = filing.place_raster(self.raster, actor=self.request.user, srid=form.cleaned_data["srid"])  # type: ignore[arg-type]
        return redirect("job", job.public_id) if job else redirect(self.plan)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | presenting.raster_in_words(self.raster)
