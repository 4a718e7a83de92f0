"""Many plan files at once over the REST API: delivered, followed, decided on, cancelled."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from planning import deliveries
from planning.forms import UploadForm
from planning.models import Batch
from planning.serializers import BatchShape, BatchWithFiles, Files, ImportDecision
from tenants.access import fetch
from tenants.permissions import require
from tenants.rest import CLOSED, Endpoint, Listing, Single


def _batches() -> Any:
    return Batch.objects.select_related("tenant", "job").defer("tenant__boundary")


class Batches(Listing):
    titles = {"GET": _("Batches of plan files, the newest first"), "POST": _("Import many plan files")}
    permission_classes = CLOSED
    parser_classes = (MultiPartParser,)
    serializer_class = BatchShape

    def rows(self) -> Any:
        return _batches().visible_to(self.request.user)

    @extend_schema(request={"multipart/form-data": Files}, responses={202: BatchShape})
    def post(self, request: Request) -> Response:
        """Plan files, archives with several, and documents that belong to them."""
        tenant = self.tenant
        require(self.person, "import_plan", tenant)  # before what was sent is read: a stranger learns nothing
        delivered = self.checked(UploadForm(files=request.FILES))["delivered"]
        batch = deliveries.request_batch(delivered, actor=self.person, tenant=tenant)
        return self.answer(BatchShape, batch, status=202)


class OneBatch(Single):
    titles = {"GET": _("One batch, with what became of each file")}
    permission_classes = CLOSED
    serializer_class = BatchWithFiles

    def row(self) -> Any:
        return fetch(_batches(), self.person, "view", public_id=self.kwargs["public_id"])


class BatchAct(Endpoint):
    def batch(self) -> Batch:
        found: Batch = fetch(_batches(), self.person, "import_plan", public_id=self.kwargs["public_id"])
        return found

    def told(self) -> Response:
        return self.answer(BatchWithFiles, self.batch())


class CancelBatch(BatchAct):
    titles = {"POST": _("Cancel a batch; what is imported already stays")}

    @extend_schema(request=None, responses={200: BatchWithFiles})
    def post(self, request: Request, **kwargs: Any) -> Response:
        deliveries.cancel_batch(self.batch(), actor=self.person)
        return self.told()


class DecideBatch(BatchAct):
    titles = {"POST": _("Say where all files of a batch belong that wait for it")}

    @extend_schema(request=ImportDecision, responses={200: BatchWithFiles})
    def post(self, request: Request, **kwargs: Any) -> Response:
        batch = self.batch()
        deliveries.decide_batch(batch, actor=self.person, answer=self.sent(ImportDecision)["answer"])
        return self.told()
