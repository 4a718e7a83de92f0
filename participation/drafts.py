"""What people hand in, as data, and whether it can be taken. Nothing here writes."""

import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.utils import timezone

from participation.errors import StatementRefused
from participation.models import TEXT_LENGTH, Category, Procedure
from participation.phases import Kind
from planning.models import Plan, PlanObject

PLACES = frozenset({"Point", "LineString", "Polygon"})
VERTICES = 1000  # of one place; hand-drawn ones have fewer than a hundred


@dataclass(frozen=True, slots=True)
class PhaseDates:
    """Both days belong to the phase. key: id of a phase that exists already."""

    kind: Kind
    first_day: date
    last_day: date
    key: int | None = None

    @property
    def period(self) -> tuple[datetime, datetime]:
        """[midnight of the first day, midnight after the last day) in the county's time zone."""
        zone = timezone.get_default_timezone()
        return (
            datetime.combine(self.first_day, time.min, tzinfo=zone),
            datetime.combine(self.last_day + timedelta(days=1), time.min, tzinfo=zone),
        )


@dataclass(frozen=True, slots=True)
class ProcedureData:
    title: str
    summary: str = ""
    plan: Plan | None = None
    phases: tuple[PhaseDates, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementData:
    """geometry: point, line or area in the twin's reference system; a place or an object of the plan, not both."""

    text: str
    category_id: int | None = None
    name: str = ""
    email: str = ""
    postal_address: str = ""
    publication_consent: bool = False
    geometry: GEOSGeometry | None = None
    plan_object_id: int | None = None
    language: str = settings.LANGUAGE_CODE  # of the mails to the submitter


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement's parts after the check; text without NUL, with plain line ends."""

    text: str
    category: Category | None
    plan_object: PlanObject | None
    geometry: GEOSGeometry | None = field(default=None)


def check(data: StatementData, procedure: Procedure) -> Checked:
    """Raises StatementRefused with a code. Needs a scope that sees the procedure's plan."""
    if data.geometry is not None and data.plan_object_id is not None:
        raise StatementRefused("place_ambiguous")
    return Checked(
        text=clean_text(data.text),
        category=_category(data.category_id, procedure),
        plan_object=_plan_object(data.plan_object_id, procedure),
        geometry=_place(data.geometry),
    )


def clean_text(text: str) -> str:
    """The text as it goes into the file. Raises StatementRefused when it says nothing, or too much."""
    cleaned = plain(text).replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(cleaned) > TEXT_LENGTH:
        raise StatementRefused("text_too_long")
    if not any(
        unicodedata.category(sign)[0] in "LNPS" for sign in cleaned
    ):  # blanks and invisible signs say nothing
        raise StatementRefused("text_empty")
    return cleaned


def plain(text: str) -> str:
    """What PostgreSQL can store: no NUL and no lone surrogate; everything else stays as written."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _category(key: int | None, procedure: Procedure) -> Category | None:
    if key is None:
        return None
    found: Category | None = Category.objects.filter(pk=key, procedure=procedure).first()
    if found is None:
        raise StatementRefused("category_unknown")
    return found


def _plan_object(key: int | None, procedure: Procedure) -> PlanObject | None:
    """Of any version that a phase is about: the form may have been open while the next phase began."""
    if key is None:
        return None
    versions = {procedure.plan_version_id, *(phase.plan_version_id for phase in procedure.phases.all())}
    rows = PlanObject.objects.filter(pk=key, version__in=versions - {None})
    found: PlanObject | None = rows.only("id", "tenant_id").first()
    if found is None:
        raise StatementRefused("object_unknown")
    return found


def _place(geometry: GEOSGeometry | None) -> GEOSGeometry | None:
    if geometry is None:
        return None
    if geometry.srid != settings.TWIN_SRID or geometry.geom_type not in PLACES or geometry.hasz:
        raise StatementRefused("place_malformed")
    if geometry.empty or geometry.num_coords > VERTICES:
        raise StatementRefused("place_malformed")
    if not _inside(geometry):
        raise StatementRefused("place_outside")
    if not geometry.valid:
        raise StatementRefused("place_crosses_itself")
    return geometry


def _inside(geometry: GEOSGeometry) -> bool:
    """In the county's map; NaN and infinity are inside nothing."""
    west, south, east, north = settings.MAP_EXTENT
    try:
        left, bottom, right, top = geometry.extent
    except (GEOSException, ValueError):  # no envelope: coordinates that are not numbers
        return False
    return bool(west <= left <= right <= east and south <= bottom <= top <= north)
