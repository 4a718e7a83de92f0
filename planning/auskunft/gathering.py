"""What the database holds about a place: public rows alone, whoever asks, in a number of queries that never grows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import GEOSGeometry
from shapely.geometry.base import BaseGeometry

from planning import queries
from planning.auskunft import measuring
from planning.auskunft.errors import PlaceRefused
from planning.auskunft.places import SRID, Place
from planning.auskunft.validity import Known, Validity, validity
from planning.models import (
    CaptureStatement,
    Plan,
    PlanDocument,
    PlanObject,
    PlanReference,
    ProcedureStep,
    StepKind,
)
from planning.models.plans import FRAME
from planning.xplanung.plans import day_of, text_of
from planning.xplanung.properties import Json
from tenants.models import Tenant, TenantKind

MOST_OBJECTS = 5_000  # at one place; a drawing has some hundred on a parcel
_SINCE = ("inkrafttretenDatum", "datumDesInkrafttretens")  # of Landschafts- und Regionalpläne
_STEPS = (StepKind.ANNOUNCEMENT, StepKind.REPEAL, StepKind.ADOPTION, StepKind.PUBLICATION)
_TEXTS = "refTextInhalt"
_COLUMNS = ("pk", "version_id", "position", "gml_id", "feature_type", "rechtscharakter", "ebene", "flaechenschluss", "properties")  # fmt: skip


@dataclass(frozen=True)
class Object:
    """One object of a plan at the place. piece: what of it lies there. texts: keys of text sections it refers to."""

    key: int
    position: int
    gml_id: str
    feature_type: str
    character: str
    level: int
    flush: bool
    properties: Mapping[str, Json]
    piece: BaseGeometry
    texts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Text:
    """A section of the text. bound: some objects refer to it, so it applies to them and not to the whole plan."""

    key: int
    label: str
    text: str
    bound: bool


@dataclass
class Candidate:
    """One public plan at the place. piece: what of its area lies there; properties: of its plan object; bereiche: with their areas."""

    plan: Plan
    piece: BaseGeometry
    since: date | None = None
    until: date | None = None
    adopted: date | None = None
    display: date | None = None
    validity: Validity = Validity.UNCLEAR
    properties: Mapping[str, Json] = field(default_factory=dict)
    bereiche: list[tuple[Mapping[str, Json], BaseGeometry | None]] = field(default_factory=list)
    objects: list[Object] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    documents: list[PlanDocument] = field(default_factory=list)


@dataclass
class Gathered:
    towns: list[Tenant]
    candidates: list[Candidate]
    statements: list[CaptureStatement]


def gather(place: Place, *, on: date) -> Gathered:
    """Raises PlaceRefused (`objects`) where more lies at the place than one answer can tell."""
    candidates = _plans(place)
    judge(candidates, on=on)
    wanted = {each.plan.published_version_id: each for each in candidates if each.validity in (Validity.IN_FORCE, Validity.UNCLEAR)}  # fmt: skip
    texts = _frames(wanted)
    _objects(wanted, place, texts)
    _judge(candidates, on=on)
    documents = PlanDocument.objects.filter(is_public=True, version__in=wanted).order_by("version", "order")
    for row in documents:
        wanted[row.version_id].documents.append(row)
    towns = _towns(place)
    statements = CaptureStatement.objects.filter(is_public=True, tenant__in=towns).order_by("tenant", "kind")
    return Gathered(towns, candidates, list(statements))


def _towns(place: Place) -> list[Tenant]:
    """Municipalities whose ground it is; a neighbour's that the parcel merely touches is not."""
    inner = place.shape.buffer(-measuring.WIDTH) if place.is_area else place.shape
    shape = _geos(place.shape if inner.is_empty else inner)
    rows = Tenant.objects.filter(active=True, kind=TenantKind.MUNICIPALITY, boundary__intersects=shape)
    return list(rows.defer("boundary").order_by("name"))


def _plans(place: Place) -> list[Candidate]:
    rows = Plan.objects.filter(is_public=True, tenant__active=True, area__bboverlaps=_box(place))
    rows = rows.select_related("tenant").defer("area", "tenant__boundary").annotate(shape=AsWKB("area"))
    found = [
        Candidate(row, measuring.clipped(_shape(getattr(row, "shape", None)), place))
        for row in rows.order_by("pk")
    ]
    return [each for each in found if not each.piece.is_empty]


def judge(candidates: Iterable[Candidate], *, on: date) -> None:
    """Give the plans their days and say whether they apply."""
    _date(candidates)
    _judge(candidates, on=on)


def _date(candidates: Iterable[Candidate]) -> None:
    by_plan = {each.plan.pk: each for each in candidates}
    for each in by_plan.values():
        dates = each.plan.dates
        each.since = each.plan.valid_from or _day(dates, *_SINCE)
        each.until = each.plan.valid_until
        each.adopted = _day(dates, "satzungsbeschlussDatum", "rechtsverordnungsDatum", "planbeschlussDatum")
        each.display = _day(dates, "auslegungsStartDatum")
    steps = ProcedureStep.objects.filter(
        plan__in=by_plan, is_public=True, is_current=True, is_void=False, kind__in=_STEPS
    )
    for step in steps.order_by("on", "pk"):
        _note(by_plan[step.plan_id], step)


def _note(candidate: Candidate, step: ProcedureStep) -> None:
    """A recorded step goes before what the file states."""
    match step.kind:
        case StepKind.ANNOUNCEMENT:
            candidate.since = step.on
        case StepKind.REPEAL:
            candidate.until = step.on
        case StepKind.ADOPTION:
            candidate.adopted = step.on
        case StepKind.PUBLICATION:
            candidate.display = step.on


def _day(dates: Mapping[str, Any], *names: str) -> date | None:
    days = (day_of(text_of(dates.get(name))) for name in names)
    return next((day for day in days if day), None)


def _judge(candidates: Iterable[Candidate], *, on: date) -> None:
    for each in candidates:
        codes = [
            text_of(one.properties.get("rechtsstandGebiet"))
            for one in each.objects
            if one.feature_type == "SO_Gebiet"
        ]
        area_code = next(filter(None, codes), "")
        known = Known(each.plan.plan_type, each.plan.legal_status, each.since, each.until, area_code)
        each.validity = validity(known, on=on)


def _frames(wanted: Mapping[int | None, Candidate]) -> dict[int, Text]:
    """Plan objects, Bereiche and text sections of the versions; returns the sections that objects refer to."""
    rows = PlanObject.objects.filter(FRAME, is_public=True, version__in=wanted).annotate(
        shape=AsWKB("geometry")
    )
    sections = []
    for row in rows.order_by("version", "position").values(*_COLUMNS, "shape"):
        candidate = wanted[row["version_id"]]
        if row["feature_type"].endswith("_TextAbschnitt"):
            sections.append((candidate, row))
        elif row["feature_type"].endswith("_Plan"):
            candidate.properties = row["properties"]
        else:
            candidate.bereiche.append((row["properties"], _shape(row["shape"])))
    bound = set(
        PlanReference.objects.filter(
            is_public=True, target__in=[row["pk"] for _, row in sections], property__startswith=_TEXTS
        ).values_list("target_id", flat=True)
    )
    found = {}
    for candidate, row in sections:
        values = row["properties"]
        text = Text(
            row["pk"], text_of(values.get("schluessel")), text_of(values.get("text")), row["pk"] in bound
        )
        candidate.texts.append(text)
        found[text.key] = text
    return {key: text for key, text in found.items() if text.bound}


def _objects(wanted: Mapping[int | None, Candidate], place: Place, texts: Mapping[int, Text]) -> None:
    """Drawn objects of the versions that lie at the place, with the sections they refer to."""
    rows = PlanObject.objects.filter(
        is_public=True, version__in=wanted, geometry__bboverlaps=_box(place)
    ).exclude(FRAME)
    found = queries.without_signs(rows).annotate(shape=AsWKB("geometry")).order_by("version", "position")
    read = list(found.values(*_COLUMNS, "shape")[: MOST_OBJECTS + 1])
    if len(read) > MOST_OBJECTS:
        raise PlaceRefused("objects", most=MOST_OBJECTS)
    pieces = [(row, measuring.clipped(_shape(row["shape"]), place)) for row in read]
    there = [(row, piece) for row, piece in pieces if not piece.is_empty]
    sections = _sections([row["pk"] for row, _ in there], texts)
    for row, piece in there:
        wanted[row["version_id"]].objects.append(_object(row, piece, tuple(sections.get(row["pk"], ()))))


def _object(row: Mapping[str, Any], piece: BaseGeometry, texts: tuple[int, ...]) -> Object:
    return Object(
        key=row["pk"],
        position=row["position"],
        gml_id=row["gml_id"],
        feature_type=row["feature_type"],
        character=row["rechtscharakter"],
        level=row["ebene"] or 0,
        flush=bool(row["flaechenschluss"]),
        properties=row["properties"],
        piece=piece,
        texts=texts,
    )


def _sections(keys: list[int], texts: Mapping[int, Text]) -> dict[int, list[int]]:
    """Object -> keys of the text sections it refers to."""
    rows = PlanReference.objects.filter(
        is_public=True, source__in=keys, target__in=texts, property__startswith=_TEXTS
    )
    found: dict[int, list[int]] = {}
    for source, target in rows.order_by("order").values_list("source_id", "target_id"):
        found.setdefault(source, []).append(target)
    return found


def _box(place: Place) -> GEOSGeometry:
    """The place and as far around it as something is still told."""
    west, south, east, north = place.shape.bounds
    reach = 0.0 if place.is_area else measuring.REACH
    return _geos(shapely.box(west - reach, south - reach, east + reach, north + reach))


def _geos(shape: BaseGeometry) -> GEOSGeometry:
    return GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=SRID)


def _shape(wkb: Any) -> Any:
    return None if wkb is None else shapely.from_wkb(bytes(wkb))
