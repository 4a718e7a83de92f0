"""What a planner draws in a small Bebauungsplan: a short list of kinds, each with the properties that make it so; and a plan from
nothing. Property values in the form of planning.xplanung.properties."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import uuid4

from shapely import MultiPolygon, Polygon

from planning.xplanung import writer
from planning.xplanung.properties import Json
from planning.xplanung.reshaping import System, as_gml
from planning.xplanung.scanner import DocumentFrame
from planning.xplanung.schema import FeatureType, Schema, schema

Shape = Literal["area", "line", "point", "none"]
VERSION = "6.0"  # of plans that begin here
GENERAL = "1000"  # rechtscharakter: Festsetzung im Bebauungsplan


@dataclass(frozen=True, slots=True)
class Kind:
    """One entry of the list. closes: it is part of the Flächenschluss (None: the type knows none)."""

    key: str
    feature_type: str
    shape: Shape
    closes: bool | None = None
    values: Mapping[str, Json] = field(default_factory=dict)


def _use(key: str, general: str, special: str, grz: str) -> Kind:
    values = {"allgArtDerBaulNutzung": general, "besondereArtDerBaulNutzung": special, "GRZ": grz}
    return Kind(key, "BP_BaugebietsTeilFlaeche", "area", True, values)


KINDS: tuple[Kind, ...] = (
    _use("wr", "1000", "1100", "0.4"),
    _use("wa", "1000", "1200", "0.4"),
    _use("mi", "2000", "1500", "0.6"),
    _use("ge", "3000", "1700", "0.8"),
    Kind("building", "BP_UeberbaubareGrundstuecksFlaeche", "area", False),
    Kind("limit", "BP_BauGrenze", "line"),
    Kind("line", "BP_BauLinie", "line"),
    Kind("street", "SO_Strassenverkehr", "area", True, {"einteilung": "1400", "hatDarstellungMitBesondZweckbest": "false"}),
    Kind("special_street", "SO_Strassenverkehr", "area", True, {"artDerFestlegung": [{"@type": "SO_KomplexeZweckbestStrassenverkehr", "allgemein": "14000"}], "einteilung": "1400", "hatDarstellungMitBesondZweckbest": "true"}),
    Kind("street_5", "BP_StrassenVerkehrsFlaeche", "area", True),  # up to 5.4 the Bebauungsplan had types of its own
    Kind("special_street_5", "BP_VerkehrsflaecheBesondererZweckbestimmung", "area", True),
    Kind("green", "BP_GruenFlaeche", "area", True),
    Kind("community", "BP_GemeinbedarfsFlaeche", "area", True),
    Kind("supply", "BP_VerEntsorgung", "area", True),
    Kind("tree", "BP_AnpflanzungBindungErhaltung", "point", None, {"massnahme": "2000", "gegenstand": ["1000"]}),
    Kind("planting", "BP_AnpflanzungBindungErhaltung", "area", False, {"massnahme": "2000", "gegenstand": ["2050"]}),
    Kind("keeping", "BP_AnpflanzungBindungErhaltung", "area", False, {"massnahme": "1000", "gegenstand": ["2050"]}),
    Kind("outside", "BP_NebenanlagenFlaeche", "area", False),
    Kind("way", "BP_Wegerecht", "area", False),
    Kind("text", "XP_TextAbschnitt", "none"),
    Kind("text_5", "BP_TextAbschnitt", "none"),
)  # fmt: skip


def kinds_of(version: str, plan_type: str) -> list[Kind]:
    """Those of the list that this version has; only a Bebauungsplan is drawn here."""
    facts = schema(version)
    types = {kind.feature_type: facts.feature_type(kind.feature_type) for kind in KINDS}
    if types["BP_TextAbschnitt"]:
        types["XP_TextAbschnitt"] = None  # abstract in meaning where each kind of plan has its own
    return [kind for kind in KINDS if plan_type == "BP" and types[kind.feature_type]]


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a new object comes to stand. srid: of the geometries given; system: as the file states places."""

    facts: Schema
    system: System
    srid: int
    bereich: str = ""  # gml:id


def made(kind: Kind, geometry: Any, *, into: Setting, values: Mapping[str, Json]) -> tuple[str, bytes]:
    """gml:id and XML of a new object. geometry: None for a text. Raises NotWritable."""
    facts = into.facts
    gml_id = new_id()
    known = _known(facts, kind.feature_type)
    wanted: dict[str, Any] = {**kind.values, **_belonging(known, into.bereich), **values}
    if kind.closes is not None and "flaechenschluss" in known.by_name:
        wanted["flaechenschluss"] = "true" if kind.closes else "false"
    if geometry is not None:
        wanted["position"] = as_gml(geometry, gml_id=f"{gml_id}_1", system=into.system, srid=into.srid)
    fitting = {name: _fitting(known, name, value) for name, value in wanted.items() if name in known.by_name}
    return gml_id, writer.created(kind.feature_type, gml_id, fitting, schema=facts)


def _known(facts: Schema, name: str) -> FeatureType:
    found = facts.feature_type(name)
    if found is None:
        raise writer.NotWritable(name)
    return found


def _belonging(known: FeatureType, bereich: str) -> dict[str, Json]:
    """Which Bereich it is of, and its Rechtscharakter; the names differ between the versions."""
    found: dict[str, Json] = {}
    for name in ("gehoertZuBereich", "gehoertZuBP_Bereich"):
        if name in known.by_name and bereich:
            found[name] = {"@href": f"#{bereich}"}
    if "rechtscharakter" in known.by_name:
        found["rechtscharakter"] = GENERAL
    return found


def _fitting(known: FeatureType, name: str, value: Json) -> Json:
    """A list only where the version has room for several."""
    item = known.by_name[name]
    return value[0] if isinstance(value, list) and not item.repeats else value


def new_id() -> str:
    return f"GML_{uuid4()}"


@dataclass(frozen=True, slots=True)
class Founding:
    """What a new Bebauungsplan begins with. ags, municipality: of each municipality; area: EPSG `srid`."""

    name: str
    number: str
    municipalities: tuple[tuple[str, str], ...]
    area: Polygon | MultiPolygon
    srid: int
    kind: str = "1000"  # planArt: BPlan


def founded(plan: Founding) -> bytes:
    """An XPlanGML document with the plan and its Bereich, and nothing in it yet."""
    facts = schema(VERSION)
    system = System(plan.srid, f"EPSG:{plan.srid}")
    plan_id, bereich_id = new_id(), new_id()
    frame = writer.new_frame(facts, gml_id=new_id())
    towns = [{"@type": "XP_Gemeinde", "ags": ags, "gemeindeName": name} for ags, name in plan.municipalities]

    def outline(owner: str) -> Any:
        return as_gml(plan.area, gml_id=f"{owner}_1", system=system, srid=plan.srid)

    whole = writer.created(
        "BP_Plan",
        plan_id,
        {
            "name": plan.name,
            **({"nummer": plan.number} if plan.number else {}),
            "raeumlicherGeltungsbereich": outline(plan_id),
            "gemeinde": towns,
            "planArt": [plan.kind],
            "bereich": [{"@href": f"#{bereich_id}"}],
        },
        schema=facts,
    )
    part = writer.created(
        "BP_Bereich",
        bereich_id,
        {"nummer": "0", "geltungsbereich": outline(bereich_id), "gehoertZuPlan": {"@href": f"#{plan_id}"}},
        schema=facts,
    )
    return b"".join(writer.part(_enclosed(frame, plan), [whole, part]))


def _enclosed(frame: DocumentFrame, plan: Founding) -> DocumentFrame:
    left, bottom, right, top = plan.area.bounds
    box = (
        f'<gml:boundedBy><gml:Envelope srsName="EPSG:{plan.srid}"><gml:lowerCorner>{left} {bottom}</gml:lowerCorner>'
        f"<gml:upperCorner>{right} {top}</gml:upperCorner></gml:Envelope></gml:boundedBy>"
    )
    frame.extras = box.encode()
    return frame
