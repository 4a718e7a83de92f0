"""A form with files counts only when it has arrived whole.

Django takes the files that came before the connection broke and drops the one that it was in, so half a delivery would pass for all of it.
"""

from collections.abc import Mapping
from typing import IO, Any, cast

from django.core.files.uploadhandler import FileUploadHandler
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.http.request import HttpRequest
from django.utils.datastructures import MultiValueDict


class UploadCutOff(MultiPartParserError):
    """The closing boundary never came; Django answers 400, see twin.api.bad_request."""


class WholeUpload(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS: lets the others do the work, and refuses it all where the end is missing."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: Mapping[str, Any],
        content_length: int,
        boundary: bytes,  # type: ignore[override]  # what Django really gives
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, Any]]:
        request = cast(HttpRequest, self.request)
        watched = _Watched(input_data)
        others = [handler for handler in request.upload_handlers if handler is not self]
        given, files = MultiPartParser(META, cast(Any, watched), others, encoding).parse()
        if not watched.end.rstrip().endswith(b"--%s--" % boundary):
            for file in (file for _name, several in files.lists() for file in several):
                file.close()  # its temporary file goes with it
            raise UploadCutOff
        return given, files


class _Watched:
    """A stream that remembers how it ended."""

    LONGEST = 256  # bytes; a boundary has 70 at most (RFC 2046, 5.1.1)

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.end = b""

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.end = (self.end + data)[-self.LONGEST :]
        return data
