"""What is done to datasets and sources over the REST API."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.access import fetch
from tenants.errors import Refused
from tenants.models import Job
from tenants.permissions import require
from tenants.rest import CLOSED, Endpoint, Single
from tenants.serializers import JobShape
from twin.catalogue import deliveries, gathering, registering, services
from twin.catalogue.forms import FileForm, ImportForm, in_form
from twin.catalogue.models import Dataset, Source, Upload
from twin.catalogue.serializers import (
    DatasetShape,
    DatasetVersionShape,
    FileShape,
    ImportOrder,
    NewSource,
    SourceSettings,
    SourceShape,
    Terms,
    UploadShape,
)
from twin.catalogue.views.api import OneDataset, OneSource, Sources

# --- uploads


class NewUpload(Endpoint):
    titles = {"POST": _("Upload a file with data")}
    parser_classes = (MultiPartParser,)

    @extend_schema(request={"multipart/form-data": FileShape}, responses={201: UploadShape})
    def post(self, request: Request) -> Response:
        file = self.checked(FileForm(files=request.FILES))["file"]
        upload = deliveries.begin_upload(file.name, size=file.size, tenant=self.tenant, actor=self.person)
        upload = deliveries.append(upload, file.chunks(), offset=0, actor=self.person)
        return self.answer(UploadShape, upload, status=201)


def _uploads() -> Any:
    return Upload.objects.select_related("tenant", "job__tenant").defer("tenant__boundary")


class OneUpload(Single):
    titles = {"GET": _("One upload: what was found in it, and how far its import is")}
    permission_classes = CLOSED
    serializer_class = UploadShape

    def row(self) -> Any:
        return fetch(_uploads(), self.person, "import_dataset", public_id=self.kwargs["public_id"])


class ImportUpload(Endpoint):
    titles = {"POST": _("Import an uploaded file")}

    @extend_schema(request=ImportOrder, responses={202: JobShape})
    def post(self, request: Request, **kwargs: Any) -> Response:
        upload = fetch(_uploads(), self.person, "import_dataset", public_id=kwargs["public_id"])
        said = self.sent(ImportOrder)
        if not upload.preview:
            raise Refused(_("The file is still being worked on. Wait until that has ended."))
        said |= in_form(said.pop("columns", {}))
        form = ImportForm(said, preview=upload.preview, tenant=upload.tenant)
        self.checked(form)
        job = deliveries.request_import(upload, form.wanted(), actor=self.person)
        return self.answer(JobShape, job, status=202)


# --- datasets


class DatasetAct(Endpoint):
    action = "publish_dataset"

    def dataset(self) -> Any:
        rows = Dataset.objects.select_related("tenant", "current_version").defer("tenant__boundary")
        return fetch(rows, self.person, self.action, public_id=self.kwargs["public_id"])

    def done(self, job: Job | None) -> Response:
        """The dataset as it is now; of a large one the job that changes it."""
        if job is not None:
            return self.answer(JobShape, job, status=202)
        return self.answer(DatasetShape, self.dataset())


class PublishDataset(DatasetAct):
    titles = {"POST": _("Open a dataset to the public")}

    @extend_schema(request=Terms, responses={200: DatasetShape, 202: JobShape})
    def post(self, request: Request, **kwargs: Any) -> Response:
        dataset = self.dataset()  # before what was sent is read: a stranger learns nothing
        return self.done(services.publish_dataset(dataset, actor=self.person, **self.sent(Terms)))


class WithdrawDataset(DatasetAct):
    titles = {"POST": _("Take a dataset back from the public")}

    @extend_schema(request=None, responses={200: DatasetShape, 202: JobShape})
    def post(self, request: Request, **kwargs: Any) -> Response:
        return self.done(services.withdraw_dataset(self.dataset(), actor=self.person))


class RestoreVersion(DatasetAct):
    titles = {"POST": _("Make an old version the current one again")}
    action = "change_dataset"

    @extend_schema(request=None, responses={201: DatasetVersionShape})
    def post(self, request: Request, **kwargs: Any) -> Response:
        version = services.restore_version(self.dataset(), number=kwargs["number"], actor=self.person)
        return self.answer(DatasetVersionShape, version, status=201)


class WholeDataset(OneDataset):
    titles = {**OneDataset.titles, "DELETE": _("Delete a dataset with all its versions")}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        rows = Dataset.objects.select_related("tenant")
        dataset = fetch(rows, self.person, "delete_dataset", public_id=kwargs["public_id"])
        services.delete_dataset(dataset, actor=self.person)
        return Response(status=204)


# --- sources


class AllSources(Sources):
    titles = {**Sources.titles, "POST": _("Register a foreign service")}

    @extend_schema(request=NewSource, responses={201: SourceShape})
    def post(self, request: Request) -> Response:
        """The service is asked what it is, then registered and harvested."""
        said, tenant = self.sent(NewSource), self.tenant
        require(self.person, "harvest", tenant)  # before anything is asked in its name
        source = registering.register_source(
            tenant,
            gathering.look(said["address"]),
            actor=self.person,
            title=said.get("title", ""),
            use=said.get("use", "overlay"),
        )
        return self.answer(SourceShape, source, status=201)


class WholeSource(OneSource):
    titles = {**OneSource.titles, "PATCH": _("Change the settings of a foreign service"), "DELETE": _("Remove a foreign service with its entries")}  # fmt: skip

    def own(self) -> Any:
        rows = Source.objects.select_related("tenant").defer("tenant__boundary")
        return fetch(rows, self.person, "harvest", public_id=self.kwargs["public_id"])

    @extend_schema(request=SourceSettings, responses={200: SourceShape})
    def patch(self, request: Request, **kwargs: Any) -> Response:
        source = self.own()
        registering.change_source(source, actor=self.person, **self.sent(SourceSettings))
        return self.answer(SourceShape, source)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        registering.remove_source(self.own(), actor=self.person)
        return Response(status=204)


class SourceAct(Endpoint):
    action = "publish_dataset"
    public = True

    def source(self) -> Any:
        rows = Source.objects.select_related("tenant").defer("tenant__boundary")
        return fetch(rows, self.person, self.action, public_id=self.kwargs["public_id"])

    @extend_schema(request=None, responses={200: SourceShape})
    def post(self, request: Request, **kwargs: Any) -> Response:
        registering.open_source(self.source(), actor=self.person, public=self.public)
        return self.answer(SourceShape, self.source())


class PublishSource(SourceAct):
    titles = {"POST": _("Open a foreign service to the public")}


class WithdrawSource(SourceAct):
    titles = {"POST": _("Take a foreign service back from the public")}
    public = False


class HarvestSource(SourceAct):
    titles = {"POST": _("Have a foreign service read anew")}
    action = "harvest"

    @extend_schema(request=None, responses={202: JobShape})
    def post(self, request: Request, **kwargs: Any) -> Response:
        job: Job = registering.request_harvest(self.source(), actor=self.person)
        return self.answer(JobShape, job, status=202)
