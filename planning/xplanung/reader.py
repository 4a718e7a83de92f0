"""Read an XPlanGML document object by object, in batches, with bounded memory.

    reader = Reader(source, srid=25833)
    for batch in reader.batches():          # lists of FeatureRecord
        ...
    reader.frame, reader.findings, reader.version      # complete afterwards

A file that cannot be used at all raises UnreadableFile (with its finding); anything else becomes a Finding, and one
object's bad geometry never stops the others.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, BinaryIO, NamedTuple

import shapely
from lxml import etree
from shapely.geometry.base import BaseGeometry

from planning.xplanung import placing
from planning.xplanung.contentmodels import PLACEHOLDER
from planning.xplanung.crs import UnknownCrs, epsg_of
from planning.xplanung.findings import MOST_OF_A_RULE, Finding, Severity, UnreadableFile, Value
from planning.xplanung.geometry import BadGeometry, Drawing, draw, srs_of
from planning.xplanung.properties import Content, Reference, content_of
from planning.xplanung.scanner import DocumentFrame, Limits, Piece, Scanner, declarations
from planning.xplanung.schema import GML, PLAN_TYPES, VERSIONS, Schema, schema, version_of
from planning.xplanung.structure import StructureCheck

_BATCH = 500
_BATCH_BYTES = 8 << 20
_ID = f"{{{GML}}}id"
_ENVELOPE = f"{{{GML}}}Envelope"


class FeatureHead(NamedTuple):
    """What must be remembered of every object until the end of the file."""

    gml_id: str
    line: int
    feature_type: str


@dataclass(slots=True)
class FeatureRecord:
    """One object of the file.

    raw: its XML as it stands in the file (UTF-8), readable where `frame.namespaces` are declared; before: what stood
    between the object before and this one; geometries: property -> geometry in the twin's system, arcs as lines
    (tolerance arcs.TOLERANCE), repaired where invalid; drawn: each geometry as delivered; source_srid: EPSG code in the file,
    None without geometry.
    """

    order: int
    gml_id: str
    feature_type: str
    version: str
    properties: dict[str, Any]
    references: list[Reference]
    raw: bytes
    before: bytes
    line: int
    geometries: dict[str, BaseGeometry] = field(default_factory=dict)
    drawn: list[placing.Drawn] = field(default_factory=list)
    source_srid: int | None = None

    @property
    def geometry(self) -> BaseGeometry | None:
        """The first geometry: `position` of an object, `raeumlicherGeltungsbereich` of a plan, `geltungsbereich` of a Bereich."""
        return next(iter(self.geometries.values()), None)

    @property
    def is_plan(self) -> bool:
        return self.feature_type in PLAN_TYPES


class Reader:
    """Iterate once over `batches()`. `srid`: EPSG code of the geometries to give out; `check`: also validate the structure.

    `valid` says after a checked reading whether the document is valid by its schema."""

    def __init__(
        self,
        source: BinaryIO,
        *,
        srid: int,
        check: bool = False,
        limits: Limits | None = None,
        on_progress: Callable[[int], None] | None = None,
    ) -> None:
        self.findings: list[Finding] = []
        self.version = ""
        self.srids: set[int] = set()
        self.plan_count = 0
        self._srid = srid
        self._scanner = Scanner(source, limits=limits or Limits())
        self._on_progress = on_progress
        self._parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
        )
        self._types: dict[str, str] = {}  # gml:id -> feature type
        self._pending: list[tuple[FeatureHead, Reference]] = []  # looked up at the end
        self._counts: dict[str, int] = {}
        self._inherited: str | None = None
        self._envelope_read = False
        self._opening = b""
        self._sketches: list[placing.Sketch] = []
        self._wants_check = check
        self._check: StructureCheck | None = None
        self._around: list[bytes] = []

    @property
    def frame(self) -> DocumentFrame:
        return self._scanner.frame

    @property
    def bytes_read(self) -> int:
        return self._scanner.bytes_read

    @property
    def valid(self) -> bool | None:
        """None where the structure was not checked."""
        return not self._check.broken if self._check else None

    def batches(self) -> Iterator[list[FeatureRecord]]:
        """Raises UnreadableFile."""
        batch: list[FeatureRecord] = []
        size = 0
        for order, piece in enumerate(self._scanner.pieces()):
            batch.append(self._record(piece, order))
            size += len(piece.raw)
            if len(batch) >= _BATCH or size >= _BATCH_BYTES:
                yield self._finish(batch)
                batch, size = [], 0
        if batch:
            yield self._finish(batch)
        self._conclude()

    def _finish(self, batch: list[FeatureRecord]) -> list[FeatureRecord]:
        for finding in placing.place(self._sketches, srid=self._srid):
            self._keep(finding)
        self._sketches = []
        if self._on_progress:
            self._on_progress(self.bytes_read)
        return batch

    def _record(self, piece: Piece, order: int) -> FeatureRecord:
        facts = self._facts(piece)
        element = self._parse(piece)
        content = content_of(element, facts)
        if self._wants_check:
            self._check_structure(piece, element, facts)
        record = FeatureRecord(
            order, str(element.get(_ID, "")), piece.name, facts.version, content.properties, content.references, piece.raw, piece.before, piece.line
        )  # fmt: skip
        self._register(record, facts)
        self._draw(record, content, element)
        return record

    def _parse(self, piece: Piece) -> etree._Element:
        try:
            return etree.fromstring(self._wrapped(piece.raw), self._parser)[0]
        except etree.XMLSyntaxError as error:
            line = piece.line + (error.lineno or 1) - 1
            params: dict[str, Value] = {"line": line, "column": error.offset or 0, "reason": error.msg or ""}
            raise UnreadableFile(Finding("xml.broken", "fatal", params, line=line)) from None

    def _wrapped(self, fragment: bytes) -> bytes:
        """The fragment where its namespaces are declared."""
        if not self._opening:
            self._opening = b"<w" + declarations(self.frame.namespaces) + b">"
        return self._opening + fragment + b"</w>"

    def _facts(self, piece: Piece) -> Schema:
        version = version_of(piece.namespace) or ""
        if version not in VERSIONS:
            raise UnreadableFile(Finding("xplan.version", "fatal", {"version": version}, line=piece.line))
        if not self.version:
            self.version = version
        elif version != self.version:
            params: dict[str, Value] = {"first": self.version, "second": version}
            raise UnreadableFile(Finding("xplan.mixed_versions", "fatal", params, line=piece.line))
        return schema(version)

    def _check_structure(self, piece: Piece, element: etree._Element, facts: Schema) -> None:
        self._check = self._check or StructureCheck(facts)
        self._check.object(piece.raw, element, line=piece.line)
        self._around.append(piece.before)

    def _check_frame(self) -> None:
        """The document around the objects, once they have all been seen."""
        if self._check:
            placeholder = f'<{PLACEHOLDER} xmlns=""/>'.encode()
            inner = b"".join(before + placeholder for before in self._around)
            self._check.skeleton(self.frame.head + inner + self.frame.tail)
            for finding in self._check.findings:
                self._keep(finding)

    def _register(self, record: FeatureRecord, facts: Schema) -> None:
        if not self._wants_check:
            self._check_head(record, facts)
        self._types.setdefault(record.gml_id, record.feature_type)
        self.plan_count += record.is_plan
        head = FeatureHead(record.gml_id, record.line, record.feature_type)
        self._pending += [
            (head, reference) for reference in record.references if reference.href.startswith("#")
        ]

    def _check_head(self, record: FeatureRecord, facts: Schema) -> None:
        """What must be said even where the structure is not checked."""
        if facts.feature_type(record.feature_type) is None:
            self._add(record, "xplan.unknown_type", "error", version=facts.version, type=record.feature_type)
        if not record.gml_id:
            self._add(record, "xplan.no_id", "error", type=record.feature_type)
        elif record.gml_id in self._types:
            self._add(record, "xplan.duplicate_id", "error", id=record.gml_id)

    def _draw(self, record: FeatureRecord, content: Content, element: etree._Element) -> None:
        self._read_envelope()
        for path, node in content.geometries:
            drawing = Drawing(path, element)
            srid = self._source_srid(record, node, drawing)
            if srid is None:
                continue
            record.source_srid = record.source_srid or srid
            self.srids.add(srid)
            try:
                drawn = draw(node, drawing)
                if drawn.is_empty:  # patches without any area
                    raise BadGeometry("geometry.empty")
                self._sketches.append(placing.Sketch(record, drawing, drawn, srid))
                continue
            except BadGeometry as error:
                self._add(record, error.rule, "error", **{"property": path, **error.params})
            except (shapely.errors.ShapelyError, ValueError, IndexError, OverflowError) as error:
                self._add(record, "geometry.failed", "error", property=path, reason=str(error)[:200])
            for note in drawing.notes:
                self._add(record, note.rule, note.severity, **note.params)

    def _source_srid(self, record: FeatureRecord, node: etree._Element, drawing: Drawing) -> int | None:
        name = srs_of(node) or next(
            (str(box.get("srsName")) for box in drawing.owner.iter(_ENVELOPE) if box.get("srsName")), None
        )
        stated = name or self._inherited
        if stated is None:
            self._add(record, "crs.missing", "error", property=drawing.property)
            return None
        if name is None and not self._envelope_read:
            self._add(record, "crs.assumed", "warning", property=drawing.property, srs=stated)
        if name and not self._envelope_read:
            self._inherited = name
        try:
            return _srid(stated)
        except UnknownCrs:
            self._add(record, "crs.unknown", "error", srs=stated[:200], property=drawing.property)
            return None

    def _read_envelope(self) -> None:
        """The document's own envelope gives the system where a geometry states none."""
        if self._envelope_read or not self.frame.extras:
            return
        self._envelope_read = True
        for box in etree.fromstring(self._wrapped(self.frame.extras), self._parser).iter(_ENVELOPE):
            self._inherited = box.get("srsName") or self._inherited

    def _conclude(self) -> None:
        if not self._types:
            raise UnreadableFile(Finding("xplan.none", "fatal", {"root": self.frame.root}))
        if not self.plan_count:
            self._keep(Finding("xplan.no_plan", "error"))
        self._check_frame()
        for head, reference in self._pending:
            self._check_reference(head, reference)
        for srid in sorted(self.srids - {self._srid}):
            self._keep(placing.explain(srid, self._srid))

    def _check_reference(self, head: FeatureHead, reference: Reference) -> None:
        params: dict[str, Value] = {"property": reference.name, "target": reference.href}
        found = self._types.get(reference.target or "")
        if found is None:
            self._keep(Finding("reference.unresolved", "error", params, head.gml_id, head.line))
            return
        if expected := _others_expected(schema(self.version), head.feature_type, reference.name, found):
            params |= {"type": found, "expected": ", ".join(expected)}
            self._keep(Finding("reference.wrong_type", "error", params, head.gml_id, head.line))

    def _add(self, record: FeatureRecord, rule: str, severity: Severity, **params: Value) -> None:
        self._keep(Finding(rule, severity, params, record.gml_id, record.line))

    def _keep(self, finding: Finding) -> None:
        count = self._counts[finding.rule] = self._counts.get(finding.rule, 0) + 1
        if count <= MOST_OF_A_RULE:
            self.findings.append(finding)


@lru_cache(maxsize=256)
def _srid(name: str) -> int:
    return epsg_of(name)


@lru_cache(maxsize=4096)
def _others_expected(facts: Schema, owner: str, name: str, target: str) -> tuple[str, ...]:
    """Types of which a property's target must be one, where it is none of them."""
    holder, found = facts.feature_type(owner), facts.feature_type(target)
    declared = holder.by_name.get(name) if holder else None
    if declared is None or found is None or any(map(found.is_a, declared.targets)):
        return ()
    return declared.targets
