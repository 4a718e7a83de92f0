"""An answer as rows in words for page and paper, and as JSON of a stable shape (docs/auskunft.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from planning import presenting
from planning.auskunft import wording
from planning.auskunft.answering import Answer, InForce, Link, Provision
from planning.auskunft.gathering import Object
from planning.auskunft.measuring import Share
from planning.auskunft.places import SRID, Place
from planning.deadlines import Term, deadline
from planning.models import CaptureKind, CaptureStatement, Plan, PlanDocument
from planning.xplanung.naming import object_label
from planning.xplanung.satzungen import PARAGRAPHS
from planning.xplanung.schema import label, value_label
from tenants.models import Tenant

SCHEMA = "kreiszwilling.plan-information/1"


@dataclass(frozen=True)
class ProvisionRow:
    provision: Provision
    title: str
    type: str
    character: str
    size: str
    url: str


@dataclass(frozen=True)
class LinkRow:
    plan: Plan
    words: str
    size: str


@dataclass(frozen=True)
class DocumentRow:
    """url: empty where the document is only named."""

    title: str
    url: str


@dataclass(frozen=True)
class PlanRow:
    """One plan in words; everything its section shows."""

    told: InForce
    status: str
    law: str
    paragraph: str
    size: str
    amended_by: list[LinkRow]
    amends: list[LinkRow]
    unresolved: list[str]
    provisions: list[ProvisionRow]
    documents: list[DocumentRow]


@dataclass(frozen=True)
class StatuteRow:
    """One kind of Satzung: the plans found; None of them says nothing about others that nobody captured."""

    words: str
    plans: list[InForce]


@dataclass(frozen=True)
class CaptureRow:
    """How much of one kind of plans a town has captured. statement: None where it has said nothing."""

    town: Tenant
    kind: CaptureKind
    statement: CaptureStatement | None


def plan_rows(answer: Answer) -> list[PlanRow]:
    return [_plan_row(told, answer.place) for told in answer.plans]


def _plan_row(told: InForce, place: Place) -> PlanRow:
    plan = told.plan
    return PlanRow(
        told=told,
        status=presenting.status_of(plan),
        law=wording.law(told.law) if plan.plan_type in {"BP", "FP"} else "",
        paragraph=_paragraph(told),
        size=size_of(told.share) if place.is_area else "",
        amended_by=[_link_row(link) for link in told.amended_by],
        amends=[_link_row(link) for link in told.amends],
        unresolved=[wording.named(relation) for relation in told.unresolved],
        provisions=[_provision_row(each, plan) for each in told.provisions],
        documents=[DocumentRow(each.title, _document_url(each, plan)) for each in told.documents],
    )


def _paragraph(told: InForce) -> str:
    if told.basis is None:
        return ""
    words = str(wording.PARAGRAPHS[told.basis.paragraph])
    if not told.basis.certain:
        words = _("%s, by its name; to be checked") % words
    if lapse := _lapse(told):
        words += "; " + _("ends on %s unless it was extended (§ 17 BauGB); to be checked") % date_format(lapse, "SHORT_DATE_FORMAT")  # fmt: skip
    return words


def _lapse(told: InForce) -> date | None:
    """When a Veränderungssperre ends that nobody extended. One inside another plan has no day of its own."""
    if told.basis is None or told.basis.paragraph != "14" or told.plan.plan_type != "SO" or not told.since:
        return None
    found = deadline(Term.FREEZE, told.since)
    return found.last_day if found else None


def _link_row(link: Link) -> LinkRow:
    return LinkRow(link.plan, str(wording.EFFECTS[link.effect]), size_of(link.share))


def _provision_row(each: Provision, plan: Plan) -> ProvisionRow:
    one, version = each.object, plan.xplan_version
    return ProvisionRow(
        provision=each,
        title=title_of(one, version),
        type=label(version, one.feature_type),
        character=_character(one, version),
        size=size_of(each.share),
        url=reverse("planning:object", args=[plan.public_id, _key(one)]),
    )


def title_of(one: Object, version: str) -> str:
    return object_label(version, one.feature_type, one.properties)


def _character(one: Object, version: str) -> str:
    return value_label(version, f"{one.feature_type}.rechtscharakter", one.character) if one.character else ""


def _key(one: Object) -> str:
    return one.gml_id or f"@{one.position}"


def size_of(share: Share) -> str:
    """ "412 m² (38,5 %)", "12,4 m", or nothing."""
    if share.area is not None:
        return f"{number_format(share.area, 0, force_grouping=True)} m² ({number_format(share.percent or 0, 1)} %)"
    return f"{number_format(share.length, 1, force_grouping=True)} m" if share.length is not None else ""


def statute_rows(answer: Answer) -> list[StatuteRow]:
    return [StatuteRow(str(wording.PARAGRAPHS[number]), answer.of_paragraph(number)) for number in PARAGRAPHS]


def capture_rows(answer: Answer) -> list[CaptureRow]:
    said = {(row.tenant_id, row.kind): row for row in answer.statements}
    return [
        CaptureRow(town, kind, said.get((town.pk, kind.value)))
        for town in answer.towns
        for kind in CaptureKind
    ]


def place_words(place: Place) -> str:
    """ "Hauptstraße 1", "Flurstück 12/3 (1.024 m²)" or the coordinates, "Ost 385.500, Nord 5.669.500 (ETRS89/UTM 33N)"."""
    if not place.is_area:
        east, north = (
            number_format(value, 0, force_grouping=True) for value in (place.easting, place.northing)
        )
        where = _("East %(east)s, north %(north)s (ETRS89/UTM 33N)") % {"east": east, "north": north}
        return f"{place.label} ({where})" if place.label else where
    size = f"{number_format(place.area, 0, force_grouping=True)} m²"
    return f"{place.label} ({size})" if place.label else _("An area of %s") % size


# --- JSON


def as_json(answer: Answer) -> dict[str, Any]:
    """Keys are stable within one SCHEMA; new ones may come. Numbers are metres, square metres, percent; days ISO 8601."""
    return {
        "schema": SCHEMA,
        "on": answer.on.isoformat(),
        "place": _place(answer.place),
        "tolerance": dict(wording.TOLERANCE),
        "municipalities": [{"name": town.name, "ags": town.ags} for town in answer.towns],
        "plans": [_in_force(row) for row in plan_rows(answer)],
        "statutes": {
            number: [str(each.plan.public_id) for each in answer.of_paragraph(number)]
            for number in PARAGRAPHS
        },
        "gone": [{**_plan(each.plan), "by": [_plan(plan) for plan in each.by]} for each in answer.gone],
        "under_way": [_plan(plan) for plan in answer.under_way],
        "unclear": [_plan(plan) for plan in answer.unclear],
        "captured": [_captured(row) for row in capture_rows(answer)],
        "binding": str(wording.BINDING),
    }


def _place(place: Place) -> dict[str, Any]:
    west, south, east, north = (round(number, 3) for number in place.shape.bounds)
    return {
        "kind": "area" if place.is_area else "point",
        "label": place.label,
        "crs": f"EPSG:{SRID}",
        "bbox": [west, south, east, north],
        "area_m2": round(place.area, 1) if place.is_area else None,
    }


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "id": str(plan.public_id),
        "number": plan.number,
        "name": plan.name,
        "type": plan.plan_type,
        "owner": plan.tenant.name,
        "legal_status": presenting.status_of(plan),
        "url": settings.BASE_URL + plan.get_absolute_url(),
        "portal_url": plan.portal_url or None,
    }


def _in_force(row: PlanRow) -> dict[str, Any]:
    told = row.told
    law = told.law
    return {
        **_plan(told.plan),
        "since": told.since.isoformat() if told.since else None,
        **_share(told.share),
        "whole": told.whole,
        "baunvo": {"year": law.year, "basis": law.basis, "certain": law.certain, "text": law.text}
        if law
        else None,
        "paragraph": _basis(told),
        "amended_by": _links(told.amended_by),
        "amends": _links(told.amends),
        "not_held": row.unresolved,
        "overlaps": [str(plan.public_id) for plan in told.overlaps],
        "texts": [{"label": text.label, "text": text.text} for text in told.texts],
        "provisions": [_provision(each) for each in row.provisions],
        "documents": [{"title": each.title, "url": each.url} for each in row.documents],
    }


def _basis(told: InForce) -> dict[str, Any] | None:
    if told.basis is None:
        return None
    lapse = _lapse(told)
    return {
        "number": told.basis.paragraph,
        "certain": told.basis.certain,
        "lapses_on": lapse.isoformat() if lapse else None,
    }


def _links(links: Iterable[Link]) -> list[dict[str, Any]]:
    return [{**_plan(link.plan), "effect": link.effect.value, **_share(link.share)} for link in links]


def _provision(row: ProvisionRow) -> dict[str, Any]:
    each = row.provision
    one = each.object
    return {
        "id": _key(one),
        "type": one.feature_type,
        "type_label": row.type,
        "title": row.title,
        "character": one.character,
        "character_label": row.character,
        "level": one.level,
        **_share(each.share),
        "texts": [{"label": text.label, "text": text.text} for text in each.texts],
        "read_with": [str(plan.public_id) for plan in each.read_with],
        "url": settings.BASE_URL + row.url,
    }


def _share(share: Share) -> dict[str, float | None]:
    return {
        "area_m2": None if share.area is None else round(share.area, 1),
        "percent": None if share.percent is None else round(share.percent, 2),
        "length_m": None if share.length is None else round(share.length, 2),
    }


def _captured(row: CaptureRow) -> dict[str, Any]:
    said = row.statement
    return {
        "municipality": row.town.name,
        "ags": row.town.ags,
        "kind": row.kind.value,
        "captured": said.captured if said else None,
        "as_of": said.as_of.isoformat() if said else None,
        "note": said.note if said else "",
    }


def _document_url(document: PlanDocument, plan: Plan) -> str:
    """Where a public document can be read; empty for one that is only named."""
    if document.file_id:
        return str(
            settings.BASE_URL + reverse("planning:document", args=[plan.public_id, document.public_id])
        )
    return str(document.href) if document.href.startswith(("https://", "http://")) else ""
