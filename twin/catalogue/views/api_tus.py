"""Uploads in pieces over the REST API (tus 1.0.0 core with creation), for programs with large files."""

from typing import Any

from django.conf import settings
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from tenants.access import fetch
from tenants.permissions import require
from tenants.rest import Endpoint, Unfit
from twin.catalogue import deliveries
from twin.catalogue.errors import WrongOffset
from twin.catalogue.models import Upload
from twin.catalogue.views.uploads import PIECES, TUS, body, file_name, number

_SENT = ("Tus-Resumable", "Upload-Length", "Upload-Metadata", "Upload-Offset")
_TOLD = ("Location", "Content-Location", "Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Upload-Length", "Upload-Offset")  # fmt: skip


def _header(name: str, schema: dict[str, Any]) -> OpenApiParameter:
    return OpenApiParameter(name, schema, OpenApiParameter.HEADER, required=True)


_VERSION = _header("Tus-Resumable", {"type": "string", "enum": [TUS]})
_COUNT = {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}


class OtherVersion(exceptions.APIException):
    status_code = 412
    default_detail = _("Tus-Resumable has to be 1.0.0.")


class Misplaced(exceptions.APIException):
    status_code = 409
    default_detail = _("The piece does not follow what is there. Ask by HEAD how much that is, and go on from it.")  # fmt: skip


class TusEndpoint(Endpoint):
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != TUS:
            raise OtherVersion

    def count(self, name: str) -> int:
        found = number(self.request.headers.get(name))
        if found is None:
            raise serializers.ValidationError({name: [_("A number of bytes is expected.")]})
        return found

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Tus-Resumable"] = TUS
        response["Access-Control-Allow-Headers"] += "".join(f", {name}" for name in _SENT)
        response["Access-Control-Expose-Headers"] = ", ".join(_TOLD)
        return response


class BeginUpload(TusEndpoint):
    titles = {"POST": _("Announce a file that comes in pieces (tus)")}

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        most = str(settings.DATASET_MAX_BYTES)
        return Response(status=204, headers={"Tus-Version": TUS, "Tus-Extension": "creation", "Tus-Max-Size": most})  # fmt: skip

    @extend_schema(
        parameters=[
            _VERSION,
            _header("Upload-Length", _COUNT),
            _header(
                "Upload-Metadata", {"type": "string", "description": "filename, a blank, the name in base64"}
            ),  # fmt: skip
        ],
        request=None,
        responses={201: OpenApiResponse(description="Location: where the pieces go")},
    )
    def post(self, request: Request) -> Response:
        tenant = self.tenant
        require(
            self.person, "import_dataset", tenant
        )  # before what was sent is read: a stranger learns nothing
        size, name = self.count("Upload-Length"), file_name(request.headers.get("Upload-Metadata", ""))
        if not name:
            raise Unfit({"Upload-Metadata": [_("The name of the file is missing: filename, a blank, the name in base64.")]})  # fmt: skip
        upload = deliveries.begin_upload(name, size=size, tenant=tenant, actor=self.person)
        pieces = reverse("api:upload_tus", args=[upload.public_id], request=request)
        return Response(status=201, headers={"Location": pieces})


class ContinueUpload(TusEndpoint):
    """HEAD tells how much there is."""

    titles = {"PATCH": _("Send the next piece of a file (tus)")}

    def upload(self) -> Upload:
        rows, public_id = Upload.objects.select_related("tenant"), self.kwargs["public_id"]
        found: Upload = fetch(rows, self.person, "import_dataset", public_id=public_id)
        return found

    def head(self, request: Request, **kwargs: Any) -> Response:
        upload = self.upload()
        told = {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.size)}
        response = Response(status=200, headers=told)
        patch_cache_control(response, no_store=True)
        return response

    @extend_schema(
        parameters=[_VERSION, _header("Upload-Offset", _COUNT)],
        request={PIECES: {"type": "string", "format": "binary"}},
        responses={
            204: OpenApiResponse(
                description="Upload-Offset: how much there is; Content-Location: once all is there"
            )
        },  # fmt: skip
    )
    def patch(self, request: Request, **kwargs: Any) -> Response:
        upload = self.upload()
        if request._request.content_type != PIECES:
            raise exceptions.UnsupportedMediaType(str(request.content_type))
        try:
            upload = deliveries.append(
                upload, body(request._request), offset=self.count("Upload-Offset"), actor=self.person
            )
        except WrongOffset:
            raise Misplaced from None
        told = {"Upload-Offset": str(upload.received)}
        if upload.file_id is not None:
            told["Content-Location"] = reverse("api:upload", args=[upload.public_id], request=request)
        return Response(status=204, headers=told)
