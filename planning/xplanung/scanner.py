"""Cut an XPlanGML document into its objects while it streams by, byte for byte, with bounded memory.

expat finds the places; nothing is built here. Declarations of document types are refused, so there are no entities to
expand and nothing to fetch.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from planning.xplanung.findings import Finding, UnreadableFile, Value
from planning.xplanung.schema import NAMESPACE_PREFIX

_CHUNK = 1 << 18
_MB = 1 << 20
_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*?\?>""")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
_TAG_END = re.compile(rb"""<(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_QUOTED = rb"""\s*=\s*(?:"%b"|'%b')"""
_WELL_FORMED = re.compile(
    rb"<\?xml\s+version" + _QUOTED % (rb"1\.\d+", rb"1\.\d+")
    + rb"(?:\s+encoding" + _QUOTED % (rb"[A-Za-z][\w.-]*", rb"[A-Za-z][\w.-]*")
    + rb")?(?:\s+standalone" + _QUOTED % (rb"(?:yes|no)", rb"(?:yes|no)") + rb")?\s*\?>"
)  # fmt: skip
_MEMBERS = {"featureMember", "featureMembers", "member", "additionalObjects"}


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes; `depth` counts nested elements. The deepest published schema file stays below 30."""

    file: int = 300 * _MB
    piece: int = 64 * _MB
    token: int = 16 * _MB
    depth: int = 100


@dataclass(frozen=True, slots=True)
class Piece:
    """One object of the file as it stands there (UTF-8), and what stood between the object before and it."""

    name: str
    namespace: str
    raw: bytes
    before: bytes
    line: int


@dataclass
class DocumentFrame:
    """All of a document that is no object: together with the objects' `before` and `raw` it is the document again.

    head: prolog and root start tag; extras: the root's children that hold no objects (envelope, names), verbatim;
    member: name of the element that wraps one object; tail: from the last object's end to the end of the file.
    """

    head: bytes = b""
    tail: bytes = b""
    extras: bytes = b""
    member: str = "gml:featureMember"
    root: str = ""
    namespaces: dict[str, str] = field(default_factory=dict)


def declarations(namespaces: dict[str, str]) -> bytes:
    """The namespaces as attributes of a start tag, with a leading space."""
    parts = (f" xmlns{':' + prefix if prefix else ''}={quoteattr(uri)}" for prefix, uri in namespaces.items())
    return "".join(parts).encode()


class Scanner:
    """Iterate once over `pieces()`; `frame` is complete afterwards. Raises UnreadableFile."""

    def __init__(self, source: BinaryIO, *, limits: Limits) -> None:
        self.frame = DocumentFrame()
        self.bytes_read = 0
        self.limits = limits
        self._source = source
        self._found: list[Piece] = []
        self._buffer = bytearray()
        self._base = 0  # offset of the buffer's first byte
        self._last_end = -1  # where the object before ended
        self._path: list[str] = []
        self._scopes: list[dict[str, str]] = [{"xml": "http://www.w3.org/XML/1998/namespace"}]
        self._pending: dict[str, str] = {}
        self._inside = 0  # depth below an object's start tag; 0 outside
        self._start = (0, 0, "", "")
        self._extra_start = -1
        self._member = ""
        self._plain = True
        self._has_object = False
        self._parser = self._make_parser()

    def _make_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        parser.StartElementHandler = self._on_start
        parser.EndElementHandler = self._on_end
        parser.StartNamespaceDeclHandler = self._on_namespace
        parser.StartDoctypeDeclHandler = self._on_doctype
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        return parser

    def pieces(self) -> Iterator[Piece]:
        for chunk in self._chunks():
            self._feed(chunk, final=False)
            yield from self._found
            self._found.clear()
            self._forget()
        self._feed(b"", final=True)
        yield from self._found
        self.frame.tail = bytes(self._buffer[max(self._last_end, 0) - self._base :])

    def _chunks(self) -> Iterator[bytes]:
        first = self._source.read(_CHUNK)
        if not first.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
            raise self._refuse("file.empty")
        encoding, skip = _encoding(first)
        try:
            decoder = codecs.getincrementaldecoder(encoding)()
        except LookupError:
            raise self._refuse("xml.encoding_unknown", encoding=encoding) from None
        self._plain = encoding in ("utf-8", "us-ascii", "ascii")
        chunk = first[skip:]
        while chunk:
            self.bytes_read += len(chunk)
            if self.bytes_read > self.limits.file:
                raise self._refuse("file.too_large", limit_mb=self.limits.file // _MB)
            yield chunk if self._plain else self._decoded(decoder, chunk, encoding)
            chunk = self._source.read(_CHUNK)

    def _decoded(self, decoder: codecs.IncrementalDecoder, chunk: bytes, encoding: str) -> bytes:
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError:
            raise self._refuse(
                "xml.encoding", line=self._parser.CurrentLineNumber, encoding=encoding
            ) from None
        return text.encode("utf-8", "surrogatepass")

    def _feed(self, chunk: bytes, *, final: bool) -> None:
        self._buffer += chunk
        try:
            self._parser.Parse(chunk, final)
        except expat.ExpatError as error:
            raise self._explain(error) from None
        pending = self._base + len(self._buffer) - max(self._parser.CurrentByteIndex, 0)
        if pending > self.limits.token and not final:
            raise self._refuse(
                "xml.token_too_large", line=self._parser.CurrentLineNumber, limit_mb=self.limits.token // _MB
            )

    def _forget(self) -> None:
        """Drop what no later piece needs."""
        keep = max(self._last_end, 0)
        if self._base + len(self._buffer) - keep > self.limits.piece:
            line = self._start[1] if self._inside else self._parser.CurrentLineNumber
            raise self._refuse("xml.object_too_large", line=line, limit_mb=self.limits.piece // _MB)
        del self._buffer[: max(keep - self._base, 0)]
        self._base = max(keep, self._base)

    def _on_namespace(self, prefix: str | None, uri: str | None) -> None:
        if not self._inside:
            self._pending[prefix or ""] = uri or ""

    def _on_doctype(self, *_details: object) -> None:
        raise self._refuse("xml.dtd", line=self._parser.CurrentLineNumber)

    def _on_start(self, name: str, _attributes: object) -> None:
        if self._inside:
            self._inside += 1
            if self._inside + len(self._path) > self.limits.depth:
                raise self._too_deep()
            return
        namespace, _, local = name.rpartition(" ")
        self._scopes.append({**self._scopes[-1], **self._pending} if self._pending else self._scopes[-1])
        self._pending = {}
        if namespace.startswith(NAMESPACE_PREFIX) and local != "XPlanAuszug":
            self._start = (self._parser.CurrentByteIndex, self._parser.CurrentLineNumber, local, namespace)
            self._inside = 1
            self._has_object = True
            return
        self._open_container(local)

    def _open_container(self, local: str) -> None:
        offset = self._parser.CurrentByteIndex
        if not self._path:
            self._open_root(local, offset)
        elif len(self._path) == 1:
            self._extra_start, self._has_object = offset, False
            at = offset - self._base
            self._member = _tag_name(bytes(self._buffer[at : at + 200]))
        if len(self._path) >= self.limits.depth:
            raise self._too_deep()
        self._path.append(local)

    def _open_root(self, local: str, offset: int) -> None:
        if local.lower() == "html":
            raise self._refuse("file.html")
        end = self._tag_end(offset)
        declared = {prefix: uri for prefix, uri in self._scopes[-1].items() if prefix != "xml"}
        head = bytes(self._buffer[: end - self._base])
        if head.startswith(b"<?xml") and not _WELL_FORMED.match(head):
            # expat, told the encoding, lets a damaged declaration pass
            raise self._refuse("xml.broken", line=1, column=1, reason="XML declaration")
        self.frame.head = head if self._plain else _as_utf8(head)
        self.frame.root, self.frame.namespaces = local, declared
        self._last_end = end

    def _on_end(self, _name: str) -> None:
        if self._inside > 1:
            self._inside -= 1
        elif self._inside == 1:
            self._inside = 0
            self._close_object()
            self._scopes.pop()
        else:
            self._scopes.pop()
            self._close_container()

    def _close_object(self) -> None:
        start, line, local, namespace = self._start
        end = self._element_end(start)
        raw = bytes(self._buffer[start - self._base : end - self._base])
        if len(raw) > self.limits.piece:
            raise self._refuse("xml.object_too_large", line=line, limit_mb=self.limits.piece // _MB)
        before = bytes(self._buffer[max(self._last_end, 0) - self._base : start - self._base])
        self._found.append(Piece(local, namespace, self._self_contained(raw), before, line))
        self._last_end = end

    def _self_contained(self, raw: bytes) -> bytes:
        """The object with those namespaces declared that a container below the root brought in."""
        scope = self._scopes[-1]
        missing = {p: uri for p, uri in scope.items() if p != "xml" and self.frame.namespaces.get(p) != uri}
        first_tag = _TAG_END.match(raw)
        if not missing or not first_tag:
            return raw
        tag = first_tag.group()
        wanted = {
            p: uri
            for p, uri in missing.items()
            if not re.search(rb"\sxmlns%b\s*=" % (b":" + p.encode() if p else b""), tag)
        }
        cut = re.match(rb"<[^\s/>]+", tag)
        at = cut.end() if cut else 0
        return raw[:at] + declarations(wanted) + raw[at:]

    def _close_container(self) -> None:
        local = self._path.pop()
        if len(self._path) != 1 or self._extra_start < 0:
            return
        if self._has_object:
            if local in _MEMBERS and local != "additionalObjects":
                self.frame.member = self._member
        elif local not in _MEMBERS:
            end = self._element_end(self._extra_start)
            self.frame.extras += bytes(self._buffer[self._extra_start - self._base : end - self._base])
        self._extra_start = -1

    def _element_end(self, start: int) -> int:
        """Where the element that began at `start` ends; called while expat reports its end."""
        first = self._tag_end(start)
        if self._buffer[first - 2 - self._base : first - self._base] == b"/>":
            return first
        return self._tag_end(self._parser.CurrentByteIndex)

    def _tag_end(self, start: int) -> int:
        match = _TAG_END.match(self._buffer, start - self._base)
        return self._base + match.end() if match else start

    def _too_deep(self) -> UnreadableFile:
        return self._refuse("xml.too_deep", line=self._parser.CurrentLineNumber, limit=self.limits.depth)

    def _explain(self, error: expat.ExpatError) -> UnreadableFile:
        line, code = error.lineno, error.code
        if (
            code
            in (
                expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
                expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
            )
            or code == 5
        ):
            return self._refuse("xml.truncated" if self.frame.root else "file.not_xml", line=line)
        if not self.frame.root and not self._buffer.lstrip().startswith(b"<"):
            return self._refuse("file.not_xml")
        if code == expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN] and not _is_utf8(self._buffer):
            return self._refuse("xml.encoding", line=line, encoding="UTF-8")
        if not self.frame.root and b"<html" in bytes(self._buffer[:2000]).lower():
            return self._refuse("file.html")
        return self._refuse(
            "xml.broken",
            line=line,
            column=error.offset + 1,
            reason=expat.errors.messages.get(code, str(code)),
        )

    @staticmethod
    def _refuse(rule: str, **params: Value) -> UnreadableFile:
        line = params.get("line")
        return UnreadableFile(Finding(rule, "fatal", params, line=line if isinstance(line, int) else None))


def _encoding(first: bytes) -> tuple[str, int]:
    """Encoding by byte order mark, else by the XML declaration, else UTF-8; and the length of the mark."""
    for mark, name in _BOMS:
        if first.startswith(mark):
            return name, len(mark)
    for pattern, name in ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be")):
        if first.startswith(pattern):
            return name, 0
    declared = _DECLARATION.match(first)
    return (declared.group(1).decode("ascii").lower() if declared else "utf-8"), 0


def _is_utf8(data: bytearray) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(bytes(data))
    except UnicodeDecodeError:
        return False
    return True


def _as_utf8(head: bytes) -> bytes:
    declared = _DECLARATION.match(head)
    return head[: declared.start(1)] + b"UTF-8" + head[declared.end(1) :] if declared else head


def _tag_name(fragment: bytes) -> str:
    match = re.match(rb"<([^\s/>]+)", fragment)
    return match.group(1).decode() if match else ""
