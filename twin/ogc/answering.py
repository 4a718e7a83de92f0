"""How a job's results are answered: raw or as a document, all outputs or some, each by value or by reference (OGC API Processes 1.0, Part 1, 7.13).

The same question has one run, however its answer is wanted; so what an execute request wanted is part of the job's id: `<run>~raw~depth.v`.
"""

import base64
import json
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from tenants import files
from tenants.models import PrivateFile
from twin.analysis import handing, presenting
from twin.analysis.models import Run
from twin.ogc.endpoint import JSON

REL = "http://www.opengis.net/def/rel/ogc/1.0/"
SUMMARY = "summary"  # the output that holds the numbers
PIECE = 3 << 18  # bytes read at once; a multiple of three, so that pieces of base64 join
MOST = 40  # outputs that an id may name
At = Callable[..., str]
_OUTPUT = re.compile(r"([A-Za-z0-9_-]{1,50})\.([vr])")
_WAYS = {"raw": True, "document": False}


@dataclass(frozen=True)
class Wanted:
    """outputs: (name, whether by value), empty: all there are, by value. as_page: what nobody asked for by an execute request: a document,
    files by reference and numbers by value."""

    raw: bool
    outputs: tuple[tuple[str, bool], ...] = ()
    as_page: bool = False

    def job_id(self, run: Run) -> str:
        if self.as_page:
            return str(run.public_id)
        way = "raw" if self.raw else "document"
        named = (f"{name}.{'v' if by_value else 'r'}" for name, by_value in self.outputs)
        return "~".join([str(run.public_id), way, *named])

    def choose(self, names: list[str]) -> list[tuple[str, bool]]:
        """Of the outputs that there are, those that are wanted."""
        if self.as_page:
            return [(name, name == SUMMARY) for name in names]
        return [(name, by_value) for name, by_value in self.outputs if name in names] if self.outputs else [(name, True) for name in names]  # fmt: skip


AS_PAGE = Wanted(raw=False, as_page=True)


def read(job_id: str) -> tuple[str, Wanted | None]:
    """The id of the run, and what is wanted of it; None where the id is none of ours."""
    run, *said = job_id.split("~")
    if not said:
        return run, AS_PAGE
    found = [_OUTPUT.fullmatch(each) for each in said[1:]]
    names = [each[1] for each in found if each]
    if said[0] not in _WAYS or len(names) != len(said) - 1 or len(set(names)) != len(names) or len(names) > MOST:  # fmt: skip
        return run, None
    return run, Wanted(_WAYS[said[0]], tuple((each[1], each[2] == "v") for each in found if each))


@dataclass(frozen=True)
class Part:
    """An output as it is told. row: its file, None of the numbers; path: where that lies, of one by value."""

    name: str
    kind: str
    title: str
    by_value: bool
    href: str
    row: PrivateFile | None = None
    path: Path | None = None
    numbers: Any = None

    def content(self) -> Iterator[bytes]:
        if self.path is None:
            yield json.dumps(self.numbers, ensure_ascii=False).encode()
            return
        with self.path.open("rb") as source:
            while piece := source.read(PIECE):
                yield piece

    def as_json(self) -> Iterator[bytes]:
        """The entry of a document: a link, or a qualified value."""
        if not self.by_value:
            yield json.dumps({"href": self.href, "type": self.kind, "title": self.title}, ensure_ascii=False).encode()  # fmt: skip
            return
        kind = json.dumps(self.kind).encode()
        if self.kind.endswith("json"):
            yield from (b'{"mediaType":', kind, b',"value":', *self.content(), b"}")
        elif self.kind.startswith("text/"):
            text = b"".join(self.content()).decode("utf-8-sig")
            yield from (b'{"mediaType":', kind, b',"value":', json.dumps(text, ensure_ascii=False).encode(), b"}")  # fmt: skip
        else:
            yield b'{"encoding":"base64","mediaType":' + kind + b',"value":"'
            yield from map(base64.b64encode, self.content())
            yield b'"}'

    def as_mime(self) -> Iterator[bytes]:
        """Headers and body of a part of multipart/related."""
        lines = [f"Content-Type: {self.kind}", f"Content-ID: {self.name}"]
        if not self.by_value:
            lines.append(f"Content-Location: {self.href}")
        yield "\r\n".join([*lines, "", ""]).encode()
        if self.by_value:
            yield from self.content()

    @property
    def as_link(self) -> str:
        """RFC 8288; titles are no ASCII and left out."""
        return f'<{self.href}>; rel="{REL}results"; type="{self.kind}"; name="{self.name}"'


def answer(run: Run, wanted: Wanted, at: At) -> HttpResponseBase:
    """Of a run that is done and that the caller may see."""
    parts = _parts(run, wanted, at)
    if not wanted.raw:
        small = all(part.path is None for part in parts)
        return _whole(b"".join(_document(parts))) if small else _streamed(_document(parts), JSON)
    if not any(part.by_value for part in parts):
        return HttpResponse(status=204, headers={"Link": ", ".join(part.as_link for part in parts)} if parts else {})  # fmt: skip
    if len(parts) == 1:
        return single(parts[0])
    boundary = secrets.token_hex(16)
    return _streamed(_multipart(parts, boundary), f'multipart/related; boundary={boundary}; type="{parts[0].kind}"')  # fmt: skip


def output(run: Run, name: str, at: At) -> HttpResponseBase | None:
    """One output alone, in its media type; None where there is none of this name."""
    parts = _parts(run, Wanted(raw=True, outputs=((name, True),)), at)
    return single(parts[0]) if parts else None


def single(part: Part) -> HttpResponseBase:
    return _whole(b"".join(part.content())) if part.row is None else files.serve(part.row)


def _parts(run: Run, wanted: Wanted, at: At) -> list[Part]:
    """What an id names and the run has not is left out: some outputs there are only where they were asked for."""
    rows, known = handing.files_of(run), {each["name"]: each for each in run.outputs}
    found = []
    for name, by_value in wanted.choose([*(name for name, each in known.items() if each["file"] in rows), SUMMARY]):  # fmt: skip
        href = at("result", str(run.public_id), name)
        if name == SUMMARY:
            found.append(Part(name, JSON, SUMMARY, by_value, href, numbers=run.summary))
            continue
        told = known[name]
        row = rows[told["file"]]
        path = files.path_of(row) if by_value else None
        found.append(Part(name, told["content_type"], presenting.file_title(run, told), by_value, href, row, path))  # fmt: skip
    return found


def _document(parts: list[Part]) -> Iterator[bytes]:
    for number, part in enumerate(parts):
        yield (b"," if number else b"{") + json.dumps(part.name).encode() + b":"
        yield from part.as_json()
    yield b"}" if parts else b"{}"


def _multipart(parts: list[Part], boundary: str) -> Iterator[bytes]:
    """RFC 2387."""
    for part in parts:
        yield f"--{boundary}\r\n".encode()
        yield from part.as_mime()
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def _whole(text: bytes) -> HttpResponse:
    return HttpResponse(text, content_type=JSON, headers={"Cache-Control": "private, no-cache"})


def _streamed(content: Iterator[bytes], kind: str) -> HttpResponseBase:
    return StreamingHttpResponse(content, content_type=kind, headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"})  # fmt: skip
