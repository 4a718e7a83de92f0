"""Read a plan file into temporary tables by COPY, without a transaction: progress is seen, and a killed worker leaves nothing.

COPY into tables with row-level security is refused by PostgreSQL; storing.py moves the rows on by INSERT … SELECT.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import numpy as np
import shapely
from django.conf import settings
from django.db import connection
from shapely.geometry.base import BaseGeometry

from planning.errors import ImportRefused
from planning.headers import Header, header_of
from planning.xplanung.findings import Finding, UnreadableFile
from planning.xplanung.plans import Document, Owner, PlanFacts, PlanIndex, text_of
from planning.xplanung.reader import FeatureRecord, Reader
from planning.xplanung.scanner import DocumentFrame, Limits

# kz_stage_owner: one row for each object of each plan (a text may serve several plans); its id becomes the object's key.
# lz4, where the server has it, halves the database's work on large files; what is moved on stays compressed as it is.
_CREATE = """
    SELECT set_config('default_toast_compression', 'lz4', false)
    FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals);
    DROP TABLE IF EXISTS pg_temp.kz_stage_object, pg_temp.kz_stage_reference, pg_temp.kz_stage_owner;
    CREATE TEMPORARY TABLE kz_stage_object (
        position int, gml_id text, feature_type text, ebene smallint, rechtscharakter text, flaechenschluss boolean,
        properties jsonb, geometry geometry, source_srid int, raw text, before text, line int);
    CREATE TEMPORARY TABLE kz_stage_reference (position int, property text, href text, ordinal int, target text);
    CREATE TEMPORARY TABLE kz_stage_owner (
        position int, plan_no int, bereich text,
        id bigint DEFAULT nextval(pg_get_serial_sequence('planning_planobject', 'id')));
"""
_DROP = """
    RESET default_toast_compression;
    DROP TABLE IF EXISTS pg_temp.kz_stage_object, pg_temp.kz_stage_reference, pg_temp.kz_stage_owner;
"""
# what the rows are joined by
_ANALYZE = "ANALYZE kz_stage_object (position, gml_id), kz_stage_reference (position, target), kz_stage_owner"
# Of binary COPY, as the columns of the tables above; "bytea" is what goes on as it is: JSON, EWKB, UTF-8.
_OBJECT_TYPES = ["int4", "text", "text", "int2", "text", "bool", "bytea", "bytea", "int4", "bytea", "bytea", "int4"]  # fmt: skip
_REFERENCE_TYPES = ["int4", "text", "text", "int4", "text"]
_JSONB_VERSION = b"\x01"
_ID_LENGTH, _TYPE_LENGTH, _CODE_LENGTH = 300, 100, 20  # lengths of the columns
_SMALLINT = 32_767
_as_json = json.JSONEncoder(ensure_ascii=False).encode
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


@dataclass
class StagedPlan:
    """One plan of the file. area: its Geltungsbereich in the twin's system, None when it could not be placed."""

    header: Header
    line: int
    area: shapely.MultiPolygon | None
    documents: list[Document] = field(default_factory=list)
    feature_count: int = 0
    findings: list[Finding] = field(default_factory=list)


@dataclass
class Staged:
    """What a file holds beside the rows in the temporary tables."""

    version: str
    frame: DocumentFrame
    plans: list[StagedPlan]
    feature_count: int


@contextmanager
def staged(
    source: BinaryIO, *, name: str, on_progress: Callable[[int], None] | None = None
) -> Iterator[Staged]:
    """The file, read into the temporary tables, which are gone after the block. Raises ImportRefused."""
    limits = Limits(file=settings.UPLOAD_MAX_BYTES)
    reader = Reader(source, srid=settings.TWIN_SRID, limits=limits, on_progress=on_progress, check=True)
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        try:
            yield _Staging(cursor, stem=PurePosixPath(name).stem).read(reader)
        except UnreadableFile as error:
            raise ImportRefused([error.finding]) from error
        finally:
            if not connection.needs_rollback and connection.is_usable():
                cursor.execute(_DROP)


class _Staging:
    """Fills the temporary tables from one reader, and keeps what the rows of the plans need."""

    def __init__(self, cursor: Any, *, stem: str) -> None:
        self._cursor, self._stem = cursor, stem
        self._index = PlanIndex()
        self._bereiche: dict[int, tuple[str, BaseGeometry | None]] = {}  # order -> gml:id, geltungsbereich
        self._orders: dict[str, int] = {}
        self._count = 0

    def read(self, reader: Reader) -> Staged:
        for batch in reader.batches():
            self._copy(batch)
            for record in batch:
                self._note(record)
        facts = self._index.plans()
        if not facts:
            raise ImportRefused([Finding(f.rule, "fatal", f.params, f.gml_id, f.line) for f in reader.findings if f.rule == "xplan.no_plan"])  # fmt: skip
        plans = self._plans(facts, reader.findings)
        self._cursor.execute(_ANALYZE)
        return Staged(reader.version, reader.frame, plans, self._count)

    def _note(self, record: FeatureRecord) -> None:
        self._count += 1
        self._index.add(record)
        self._orders.setdefault(record.gml_id, record.order)
        if record.feature_type.endswith("_Bereich"):
            self._bereiche[record.order] = (record.gml_id, record.geometries.get("geltungsbereich"))

    def _copy(self, batch: list[FeatureRecord]) -> None:
        with self._cursor.copy("COPY kz_stage_object FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(_OBJECT_TYPES)
            for record, geometry in zip(batch, _ewkb(batch), strict=True):
                copy.write_row(_object_row(record, geometry))
        with self._cursor.copy("COPY kz_stage_reference FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(_REFERENCE_TYPES)
            for record in batch:
                for reference in record.references:
                    row = (
                        record.order,
                        reference.name[:_ID_LENGTH],
                        reference.href,
                        reference.order,
                        reference.target,
                    )
                    copy.write_row(row)

    def _plans(self, facts: list[PlanFacts], findings: list[Finding]) -> list[StagedPlan]:
        """The plans of the file, each with its own objects, documents and findings."""
        numbers = {plan.order: number for number, plan in enumerate(facts)}
        owners = self._index.owners()
        plans = [self._plan(plan, owners) for plan in facts]
        with self._cursor.copy("COPY kz_stage_owner (position, plan_no, bereich) FROM STDIN") as copy:
            for order, owner in owners.items():
                bereich = (
                    self._bereiche[owner.bereich][0][:_ID_LENGTH] if owner.bereich in self._bereiche else ""
                )
                for number in _numbers(owner, numbers):
                    copy.write_row((order, number, bereich))
                    plans[number].feature_count += 1
        for document in self._index.documents:
            for number in _numbers(owners[document.order], numbers):
                plans[number].documents.append(document)
        for finding in findings:
            owner = owners.get(self._orders.get(finding.gml_id, -1), Owner())
            plans[_numbers(owner, numbers)[0]].findings.append(finding)
        return plans

    def _plan(self, facts: PlanFacts, owners: dict[int, Owner]) -> StagedPlan:
        header, findings = header_of(facts, file_stem=self._stem)
        areas = [
            area for order, (_, area) in self._bereiche.items() if area and facts.order in owners[order].plans
        ]
        area = _polygons(facts.area) or _polygons(shapely.union_all(areas))
        return StagedPlan(header, facts.line, area, findings=findings)


def _numbers(owner: Owner, numbers: dict[int, int]) -> list[int]:
    """Numbers of the plans in the file; what belongs to none is kept with the first, so that nothing is lost."""
    return [numbers[plan] for plan in owner.plans] or [0]


def _object_row(record: FeatureRecord, geometry: bytes | None) -> tuple[Any, ...]:
    values = record.properties
    return (
        record.order,
        record.gml_id[:_ID_LENGTH],
        record.feature_type[:_TYPE_LENGTH],
        _whole(text_of(values.get("ebene"))),
        text_of(values.get("rechtscharakter"))[:_CODE_LENGTH],
        _TRUTH.get(text_of(values.get("flaechenschluss"))),
        _JSONB_VERSION + _as_json(values).encode(),
        geometry,
        record.source_srid,
        record.raw,
        record.before,
        record.line,
    )


def _whole(digits: str) -> int | None:
    try:
        number = int(digits)
    except ValueError:
        return None
    return number if abs(number) <= _SMALLINT else None


def _ewkb(batch: list[FeatureRecord]) -> list[bytes | None]:
    """The geometries as PostGIS reads them in COPY, flat and with their system; None where there is none."""
    geometries = np.array([record.geometry for record in batch], dtype=object)
    placed = shapely.set_srid(geometries, settings.TWIN_SRID)
    return list(shapely.to_wkb(placed, output_dimension=2, include_srid=True))


def _polygons(geometry: BaseGeometry | None) -> shapely.MultiPolygon | None:
    """The areas of a geometry; None if it has none."""
    parts = shapely.get_parts(shapely.get_parts([geometry])) if geometry is not None else ()
    found = [shapely.force_2d(part) for part in parts if isinstance(part, shapely.Polygon) and part.area > 0]
    return shapely.MultiPolygon(found) if found else None
