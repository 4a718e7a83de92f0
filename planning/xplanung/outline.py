"""A plan that is known by its outline, a few facts and its picture alone -> XPlanGML 6.0 ("teilvektoriell")."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from lxml import etree

from planning.xplanung import writer
from planning.xplanung.schema import GML, schema

VERSION = "6.0"
KINDS = ("BP", "FP")
# Fassungen of the Baunutzungsverordnung by the day they were announced (BGBl. I 1962 S. 429, 1968 S. 1237, 1977 S. 1763, 1986
# S. 2665, 1990 S. 132, 2013 S. 1548, 2017 S. 3786, 2021 S. 1802, 2023 Nr. 176).
BAUNVO = (
    date(1962, 6, 26),
    date(1968, 11, 26),
    date(1977, 9, 15),
    date(1986, 12, 19),
    date(1990, 1, 23),
    date(2013, 6, 11),
    date(2017, 11, 21),
    date(2021, 6, 14),
    date(2023, 7, 3),
)
_IN_FORCE = {"BP": "inkrafttretensDatum", "FP": "wirksamkeitsDatum"}
_DIGITS = 3  # of coordinates: millimetres


@dataclass(frozen=True)
class Reference:
    """A file delivered with the plan."""

    name: str
    mime: str
    title: str


@dataclass(frozen=True)
class OutlinePlan:
    """kind: BP or FP; form, status, procedure: codes of planArt, rechtsstand, verfahren; area: with its srid set
    (shapely.set_srid); picture: the georeferenced raster; papers: (reference, code of its type)."""

    kind: str
    name: str
    number: str
    ags: str
    municipality: str
    form: str
    status: str
    area: shapely.MultiPolygon
    picture: Reference
    in_force: date | None = None
    baunvo: date | None = None
    procedure: str = ""
    papers: tuple[tuple[Reference, str], ...] = ()


def codes(kind: str, name: str) -> Mapping[str, str]:
    """Code -> label of planArt, rechtsstand or verfahren of a plan of this kind, wherever 6.0 keeps it."""
    for part in ("Plan", "Bereich"):
        facts = schema(VERSION).feature_type(f"{kind}_{part}")
        if facts and name in facts.by_name:
            return facts.by_name[name].values
    return {}


def write(plan: OutlinePlan) -> bytes:
    """The document. Raises writer.NotWritable where the standard knows no such plan."""
    facts = schema(VERSION)
    ids = {name: f"GML_{uuid.uuid4()}" for name in ("document", "plan", "bereich")}
    area: Any = shapely.set_precision(plan.area, 10.0**-_DIGITS)
    whole = shapely.set_srid(area, shapely.get_srid(plan.area))
    values = _plan(plan, whole, ids["bereich"])
    inner = _bereich(plan, whole, ids["plan"])
    objects = [
        writer.created(f"{plan.kind}_Plan", ids["plan"], values, schema=facts),
        writer.created(f"{plan.kind}_Bereich", ids["bereich"], inner, schema=facts),
    ]
    frame = writer.new_frame(facts, gml_id=ids["document"])
    boxed = [_boxed(raw, whole) for raw in objects]
    return b"".join(writer.part(frame, boxed))


def _plan(plan: OutlinePlan, area: Any, bereich_id: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": plan.name,
        "nummer": plan.number or None,
        "raeumlicherGeltungsbereich": area,
        "externeReferenz": [_reference(each, kind=code) for each, code in plan.papers],
        "gemeinde": {"@type": "XP_Gemeinde", "ags": plan.ags, "gemeindeName": plan.municipality},
        "planArt": plan.form,
        "rechtsstand": plan.status,
        _IN_FORCE[plan.kind]: plan.in_force.isoformat() if plan.in_force else None,
        "versionBauNVO": _baunvo(plan.baunvo) if plan.baunvo else None,
        "bereich": {"@href": f"#{bereich_id}"},
    }
    if plan.kind == "FP" and plan.procedure:
        values["verfahren"] = plan.procedure
    return values


def _bereich(plan: OutlinePlan, area: Any, plan_id: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "nummer": 0,
        "geltungsbereich": area,
        "refScan": _reference(plan.picture, art="PlanMitGeoreferenz"),
        "gehoertZuPlan": {"@href": f"#{plan_id}"},
    }
    if plan.kind == "BP" and plan.procedure:
        values["verfahren"] = plan.procedure
    return values


def _reference(reference: Reference, *, kind: str = "", art: str = "Dokument") -> dict[str, Any]:
    values: dict[str, Any] = {
        "@type": "XP_SpezExterneReferenz" if kind else "XP_ExterneReferenz",
        "art": art,
        "referenzName": reference.title,
        "referenzURL": reference.name,
        "referenzMimeType": {"@text": reference.mime, "@codeSpace": "https://registry.gdi-de.org/codelist/de.xleitstelle.xplanung/XP_MimeTypes"},
    }  # fmt: skip
    return {**values, "typ": kind} if kind else values


def _baunvo(day: date) -> dict[str, Any]:
    return {"@type": "XP_GesetzlicheGrundlage", "name": "BauNVO", "datum": day.isoformat()}


def _boxed(raw: bytes, area: Any) -> bytes:
    """The object with its envelope, which the profile of the standard wants first."""
    element = etree.fromstring(raw)
    west, south, east, north = area.bounds
    bounded = etree.Element(f"{{{GML}}}boundedBy")
    envelope = etree.SubElement(bounded, f"{{{GML}}}Envelope", srsName=f"EPSG:{shapely.get_srid(area)}")
    etree.SubElement(envelope, f"{{{GML}}}lowerCorner").text = f"{west:.3f} {south:.3f}"
    etree.SubElement(envelope, f"{{{GML}}}upperCorner").text = f"{east:.3f} {north:.3f}"
    element.insert(0, bounded)
    return etree.tostring(element, encoding="utf-8")
