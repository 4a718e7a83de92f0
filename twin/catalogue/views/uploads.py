"""A file on its way to a dataset: sent in pieces (tus 1.0.0 core with creation), looked at, chosen about, imported."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.generic import FormView, View

from planning.auskunft import addressbook
from tenants import access, files
from tenants.errors import QuotaExceeded, Refused
from tenants.mixins import StaffPage
from tenants.models import Job
from twin.catalogue import deliveries, reporting, uploads
from twin.catalogue.errors import TooLarge, WrongOffset
from twin.catalogue.forms import FileForm, ImportForm, in_form, label_in_file
from twin.catalogue.models import Dataset, Upload

TUS = "1.0.0"
PIECE = 8 << 20  # bytes that a browser sends at once
PIECES = "application/offset+octet-stream"


class NewUpload(StaffPage, FormView[FileForm]):
    """Choose a file. Where no script runs it comes as a whole with the form."""

    action = "import_dataset"
    form_class = FileForm
    template_name = "catalogue/upload_form.html"

    def form_valid(self, form: FileForm) -> HttpResponse:
        file = form.cleaned_data["file"]
        try:
            upload = deliveries.begin_upload(file.name, size=file.size, tenant=self.tenant, actor=self.person)
            deliveries.append(upload, file.chunks(), offset=0, actor=self.person)
        except Refused as refused:
            form.add_error("file", str(refused))
            return self.form_invalid(form)
        page = reverse("catalogue:upload", args=[upload.public_id])
        wanted = self.request.GET.get("dataset")
        return redirect(f"{page}?{urlencode({'dataset': wanted})}" if wanted else page)

    def form_invalid(self, form: FileForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tus = {"url": reverse("catalogue:tus"), "piece": PIECE, "most": settings.DATASET_MAX_BYTES}
        return super().get_context_data(**kwargs) | {"tenant": self.tenant, "tus": tus}


# --- tus


class Tus(StaffPage):
    """POST announces a file. Errors come as plain text, which the page shows."""

    action = "import_dataset"
    http_method_names = ("post", "options")

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return HttpResponse(status=204, headers={"Tus-Resumable": TUS, "Tus-Version": TUS, "Tus-Extension": "creation", "Tus-Max-Size": str(settings.DATASET_MAX_BYTES)})  # fmt: skip

    def post(self, request: HttpRequest) -> HttpResponseBase:
        size = number(request.headers.get("Upload-Length"))
        name = file_name(request.headers.get("Upload-Metadata", ""))
        if request.headers.get("Tus-Resumable") != TUS or size is None or not name:
            return _answer(412 if size is not None and name else 400)
        try:
            upload = deliveries.begin_upload(name, size=size, tenant=self.tenant, actor=self.person)
        except TooLarge as refused:
            return _answer(413, str(refused))
        except QuotaExceeded as error:
            return _answer(413, _("The storage space of %s would not suffice.") % error)
        except Refused as refused:
            return _answer(400, str(refused))
        answer = _answer(201)
        answer["Location"] = reverse("catalogue:tus_file", args=[upload.public_id])
        return answer


class TusFile(StaffPage):
    """HEAD tells how much there is, PATCH sends what follows it."""

    action = "import_dataset"
    http_method_names = ("head", "patch")

    def upload(self) -> Upload:
        found: Upload = access.fetch(Upload.objects.select_related("tenant"), self.person, self.action, public_id=self.kwargs["public_id"])  # fmt: skip
        return found

    def head(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        upload = self.upload()
        answer = _answer(200)
        answer["Upload-Offset"], answer["Upload-Length"] = str(upload.received), str(upload.size)
        answer["Cache-Control"] = "no-store"
        return answer

    def patch(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        offset = number(request.headers.get("Upload-Offset"))
        if request.content_type != PIECES:
            return _answer(415)
        if offset is None:
            return _answer(400)
        try:
            upload = deliveries.append(self.upload(), body(request), offset=offset, actor=self.person)
        except WrongOffset:
            return _answer(409)
        except QuotaExceeded as error:
            return _answer(413, _("The storage space of %s would not suffice.") % error)
        answer = _answer(204)
        answer["Upload-Offset"] = str(upload.received)
        if upload.file_id is not None:
            answer["Content-Location"] = reverse("catalogue:upload", args=[upload.public_id])
        return answer


def body(request: HttpRequest) -> Iterator[bytes]:
    """What was sent until the connection broke; a broken one keeps what came before."""
    try:
        while chunk := request.read(files.CHUNK):
            yield chunk
    except OSError:
        return


def _answer(status: int, text: str = "") -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers={"Tus-Resumable": TUS})  # fmt: skip


def number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


def file_name(metadata: str) -> str:
    """Of `filename BASE64, …` (tus 1.0.0, creation)."""
    for pair in metadata.split(","):
        key, _space, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return PurePosixPath(base64.b64decode(value, validate=True).decode()).name
            except (binascii.Error, UnicodeDecodeError):
                return ""
    return ""


# --- the page of an upload


class UploadMixin(StaffPage):
    action = "import_dataset"

    def fetched(self) -> Upload:
        rows = Upload.objects.select_related("tenant", "job", "file")
        found: Upload = access.fetch(rows, self.person, self.action, public_id=self.kwargs["public_id"])
        return found


class UploadPage(UploadMixin, FormView[ImportForm]):
    """Looked into: what was found, and the questions. At work: how far. Refused: why, and the questions again."""

    form_class = ImportForm
    template_name = "catalogue/upload_detail.html"
    upload: Upload

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.upload = self.fetched()
        if self.upload.job and (url := self.upload.job.result.get("url")):
            return redirect(url)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.upload = self.fetched()
        if not self.upload.preview:
            return redirect("catalogue:upload", public_id=self.upload.public_id)
        return super().post(request, *args, **kwargs)

    def get_form(self, form_class: Any = None) -> Any:
        return super().get_form(form_class) if self.upload.preview else None

    def get_form_kwargs(self) -> dict[str, Any]:
        preview = self.upload.preview
        return super().get_form_kwargs() | {"preview": preview, "tenant": self.upload.tenant}

    def get_initial(self) -> dict[str, Any]:
        """What was likely meant; what was chosen before goes first."""
        layer = self.shown()
        asked = self.upload.job.params if self.upload.job and self.upload.job.task == uploads.IMPORT else {}
        of_file = {
            "title": PurePosixPath(self.upload.name).stem,
            "srs": str(layer["srs"] or ""),
            **{name: layer[name] for name in ("swapped", "x", "y")},
            "address": layer.get("address") if addressbook.is_filled() else (),
        }
        if (wanted := self.request.GET.get("dataset")) and (dataset := self._own(wanted)):
            of_file |= {"dataset": dataset.public_id, "key": label_in_file(dataset, dataset.key_field), "time": label_in_file(dataset, dataset.time_field), "data_format": dataset.data_format}  # fmt: skip
        chosen = {**_wished(asked), **{name: asked[name] for name in ("title", "dataset", "data_format") if asked.get(name)}}  # fmt: skip
        if not chosen.get("srs") and (proposed := self._proposed()):
            chosen["srs"] = proposed
        return {**of_file, **chosen, "layer": layer["name"]}

    def _proposed(self) -> str:
        """The reference system that the last refusal proposes."""
        findings = self.upload.job.result.get("findings", ()) if self.upload.job else ()
        return next((str(one["params"]["srid"]) for one in findings if "srid" in one["params"]), "")

    def _own(self, public_id: str) -> Dataset | None:
        try:
            found: Dataset | None = Dataset.objects.filter(
                tenant=self.upload.tenant, public_id=public_id
            ).first()
        except ValueError:
            return None
        return found

    def shown(self) -> dict[str, Any]:
        """The layer that the preview shows: the one asked for, else the largest."""
        layers: list[dict[str, Any]] = self.upload.preview["layers"]
        wanted = self.request.GET.get("layer")
        return next(
            (layer for layer in layers if layer["name"] == wanted),
            max(layers, key=lambda layer: layer["count"]),
        )

    def form_valid(self, form: ImportForm) -> HttpResponse:
        try:
            deliveries.request_import(self.upload, form.wanted(), actor=self.person)
        except Refused as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        return redirect("catalogue:upload", public_id=self.upload.public_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        upload = self.upload
        found = super().get_context_data(**kwargs) | {"upload": upload, "job": upload.job}
        if upload.job:
            found["job_url"] = reverse("catalogue:upload_state", args=[upload.public_id])
            found["cancel_url"] = reverse("catalogue:upload_cancel", args=[upload.public_id])
            found["findings"] = reporting.worded(upload.job.result.get("findings", ()))
        if upload.preview:
            layer = self.shown()
            features = reverse("catalogue:upload_shapes", args=[upload.public_id])
            found |= {
                "layer": layer,
                "layers": upload.preview["layers"],
                "features_url": f"{features}?layer={layer['name']}",
            }
            found["labels"] = [_with_kind(each) for each in layer["fields"]]
            if rule := layer.get("doubt"):
                found["doubt"] = reporting.sentence(rule, {"system": layer["crs"]})
            found["kind"] = reporting.KINDS.get(layer["kind"], layer["kind"])
        return found


def _with_kind(field: Mapping[str, Any]) -> str:
    """An attribute with what its values were taken for."""
    return format_html(
        '{}<br><span class="kern-body--muted">{}</span>', field["name"], reporting.KINDS[field["type"]]
    )


def _wished(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Of an import before this one, as the form calls it."""
    wishes: dict[str, Any] = asked.get("wishes", {})
    return wishes | in_form(wishes.get("columns", {}))


class UploadState(UploadMixin):
    """For the progress bar; see docs/frontend.md."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        upload = self.fetched()
        job: Job | None = upload.job
        return JsonResponse(
            {
                "percent": job.percent if job and job.started_at else None,
                "text": (job.step or job.get_state_display()) if job else "",
                "finished": job.is_over if job else False,
                "url": reverse("catalogue:upload", args=[upload.public_id]),
            }
        )


class CancelUpload(UploadMixin):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        upload = self.fetched()
        deliveries.cancel(upload, actor=self.person)
        return redirect("catalogue:upload", public_id=upload.public_id)


class UploadShapes(UploadMixin, View):
    """Some shapes of a layer for the map of the preview, in the twin's system."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        layers = self.fetched().preview.get("layers", [])
        shapes: list[str] = next(
            (layer["shapes"] for layer in layers if layer["name"] == request.GET.get("layer", "")), []
        )
        features = ",".join(f'{{"type":"Feature","properties":{{}},"geometry":{shape}}}' for shape in shapes)
        return HttpResponse(f'{{"type":"FeatureCollection","features":[{features}]}}', content_type="application/geo+json")  # fmt: skip
