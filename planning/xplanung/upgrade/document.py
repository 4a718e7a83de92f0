"""A whole file: read, checked, upgraded, checked again.

report = upgrade(source, target)      # binary files; UpgradeRefused says why nothing was written
"""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from lxml import etree

from planning.xplanung.findings import Finding, UnreadableFile
from planning.xplanung.reader import FeatureRecord, Reader
from planning.xplanung.scanner import Limits, declarations
from planning.xplanung.schema import schema
from planning.xplanung.upgrade.elements import Incomplete
from planning.xplanung.upgrade.neighbours import Neighbours, Old, Value, local
from planning.xplanung.upgrade.objects import Objects
from planning.xplanung.upgrade.report import Loss, UpgradeReport
from planning.xplanung.upgrade.table import SOURCES, TARGET

_LOCATION = re.compile(rb"\s+[\w.-]+:schemaLocation\s*=\s*(\"[^\"]*\"|'[^']*')")
_ANY_SRID = 25833  # geometries are not looked at
_READ, _UPGRADED = 0.4, 0.7  # shares of the time at which the file is read, and its objects are upgraded
Told = Callable[[float], None]


def _untold(_share: float) -> None:
    """Nobody waits for a word."""


class UpgradeRefused(Exception):
    """The file cannot be upgraded. Carries the findings that say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(findings[0].message)
        self.findings = findings


def upgrade(
    source: BinaryIO, target: BinaryIO, *, limits: Limits | None = None, tell: Told = _untold
) -> UpgradeReport:
    """Write the plan in 6.0, a plan of 6.0 as it is. Raises UpgradeRefused, and what `tell` raises; then nothing was written.

    source must be seekable. tell: is given the share done, 0 to 1."""
    reader, records = _read(source, limits, lambda share: tell(_READ * share))
    if reader.version == TARGET:
        source.seek(0)
        target.write(source.read())
        return UpgradeReport(reader.version, TARGET, len(records))
    if reader.version not in SOURCES:
        raise UpgradeRefused([Finding("upgrade.version", "fatal", {"version": reader.version})])
    document = _Document(reader, records)
    data = document.upgraded(lambda share: tell(_READ + (_UPGRADED - _READ) * share))
    _read(io.BytesIO(data), limits, lambda share: tell(_UPGRADED + (1 - _UPGRADED) * share))
    target.write(data)
    return UpgradeReport(reader.version, TARGET, len(records), document.losses)


def _read(source: BinaryIO, limits: Limits | None, tell: Told) -> tuple[Reader, list[FeatureRecord]]:
    """Everything in it, once it is known to be valid by its schema."""
    size = max(source.seek(0, io.SEEK_END), 1)
    source.seek(0)
    reader = Reader(
        source, srid=_ANY_SRID, limits=limits, check=True, on_progress=lambda done: tell(done / size)
    )
    try:
        records = [record for batch in reader.batches() for record in batch]
    except UnreadableFile as error:
        raise UpgradeRefused([error.finding]) from None
    if not reader.valid:
        broken = [each for each in reader.findings if each.rule.startswith("structure.")]
        raise UpgradeRefused([Finding("upgrade.invalid", "fatal", {"version": reader.version}), *broken])
    return reader, records


class _Document:
    """One file in the old version, in memory."""

    def __init__(self, reader: Reader, records: list[FeatureRecord]) -> None:
        self._frame, self._records = reader.frame, records
        self._old, self._new = schema(reader.version), schema(TARGET)
        self._parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
        )
        names = self._frame.namespaces
        self._names = {
            key: self._new.namespace if uri == self._old.namespace else uri for key, uri in names.items()
        }
        if self._new.namespace not in self._names.values():
            self._names["xplan6"] = self._new.namespace
        self._olds = [self._parsed(record) for record in records]
        self._objects = Objects(self._old, self._new, Neighbours(self._olds, self._new))
        self.losses = self._objects.losses

    def upgraded(self, tell: Told) -> bytes:
        """Raises UpgradeRefused."""
        incomplete: list[Finding] = []
        new = []
        for place, old in enumerate(self._olds):
            tell(place / len(self._olds))
            try:
                new.append(self._objects.upgraded(old))
            except Incomplete as error:
                params = {"type": old.type, "property": str(error)}
                incomplete.append(Finding("upgrade.incomplete", "fatal", params, old.gml_id, old.line))
        if incomplete:
            raise UpgradeRefused(incomplete)
        return b"".join(self._written(new))

    def _parsed(self, record: FeatureRecord) -> Old:
        opening = b"<w" + declarations(self._frame.namespaces) + b">"
        element = etree.fromstring(opening + record.raw + b"</w>", self._parser)[0]
        old = Old(record.gml_id, record.feature_type, record.line, element)
        own = f"{{{self._old.namespace}}}"
        old.values = [
            Value(local(child), child, record.feature_type)
            for child in element.iterchildren(etree.Element)
            if str(child.tag).startswith(own)
        ]
        return old

    def _written(self, new: list[etree._Element | None]) -> Iterator[bytes]:
        yield self._head()
        opened = False
        for record, element in zip(self._records, new, strict=True):
            if element is not None:
                yield self._renamed(record.before if opened else self._records[0].before)
                yield self._serialised(element)
                opened = True
        yield self._renamed(self._frame.tail)

    def _head(self) -> bytes:
        head = self._frame.head
        for found in _LOCATION.finditer(head):
            text = found.group(1)[1:-1].decode("utf-8", "replace")
            self.losses.insert(0, Loss("", 1, "", "schemaLocation", text[:200], "converted", "", "location"))
        return self._renamed(_LOCATION.sub(b"", head))

    def _renamed(self, text: bytes) -> bytes:
        for quote in (b'"', b"'"):
            text = text.replace(
                quote + self._old.namespace.encode() + quote, quote + self._new.namespace.encode() + quote
            )
        return text

    def _serialised(self, element: etree._Element) -> bytes:
        """The object as it stands inside the root: what the root declares is not declared again."""
        names: dict[Any, str] = {key or None: uri for key, uri in self._names.items() if key != "xml"}
        outer = etree.Element("w", nsmap=names)
        outer.append(element)
        etree.cleanup_namespaces(outer)
        text = etree.tostring(outer, encoding="unicode")
        inner = text[text.index(">") + 1 : -len("</w>")]
        return inner.encode("utf-8")
