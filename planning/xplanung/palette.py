"""What a planner draws in a small Bebauungsplan or in a Flächennutzungsplan: a short list of kinds, each with the properties that make it so; and a plan from
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
# rechtscharakter of what a plan itself lays down, by its words: the codes differ between versions and types.
_CHARACTERS = {"BP": {"Festsetzung", "Festsetzung BPlan"}, "FP": {"Darstellung", "Darstellung FPlan"}}


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


def _area_of(key: str, general: str) -> Kind:
    return Kind(key, "FP_BebauungsFlaeche", "area", True, {"allgArtDerBaulNutzung": general})


_STREET = next(kind for kind in KINDS if kind.key == "street")
_TEXT = next(kind for kind in KINDS if kind.key == "text")
FP_KINDS: tuple[Kind, ...] = (
    _area_of("housing", "1000"),
    _area_of("mixed", "2000"),
    _area_of("trade", "3000"),
    _area_of("special", "4000"),
    Kind("community", "FP_Gemeinbedarf", "area", True),
    Kind("supply", "FP_VerEntsorgung", "area", True),
    _STREET,
    Kind("street_5", "FP_Strassenverkehr", "area", True),
    Kind("green", "FP_Gruen", "area", True),
    Kind("farmland", "FP_Landwirtschaft", "area", True),
    Kind("farmland_5", "FP_LandwirtschaftsFlaeche", "area", True),
    Kind("forest", "FP_WaldFlaeche", "area", True),
    Kind("water", "SO_Gewaesser", "area", True),
    Kind("water_5", "FP_Gewaesser", "area", True),
    Kind("care", "FP_SchutzPflegeEntwicklung", "area", False),
    _TEXT,
    Kind("text_5", "FP_TextAbschnitt", "none"),
)


def kinds_of(version: str, plan_type: str) -> list[Kind]:
    """Those of the list that this version has; what an older type of 5.x stands for too is there once."""
    facts = schema(version)
    own_texts = (
        facts.feature_type("BP_TextAbschnitt") is not None
    )  # then XP_TextAbschnitt is abstract in meaning
    listed = {"BP": KINDS, "FP": FP_KINDS}.get(plan_type, ())
    held = [kind for kind in listed if facts.feature_type(kind.feature_type) and not (own_texts and kind == _TEXT)]  # fmt: skip
    keys = {kind.key for kind in held}
    return [kind for kind in held if not kind.key.endswith("_5") or kind.key.removesuffix("_5") not in keys]


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a new object comes to stand. srid: of the geometries given; system: as the file states places; plan_type: BP or FP."""

    facts: Schema
    system: System
    srid: int
    bereich: str = ""  # gml:id
    plan_type: str = "BP"


def made(kind: Kind, geometry: Any, *, into: Setting, values: Mapping[str, Json]) -> tuple[str, bytes]:
    """gml:id and XML of a new object. geometry: None for a text. Raises NotWritable."""
    facts = into.facts
    gml_id = new_id()
    known = _known(facts, kind.feature_type)
    wanted: dict[str, Any] = {**kind.values, **_belonging(known, into), **values}
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


def _belonging(known: FeatureType, into: Setting) -> dict[str, Json]:
    """Which Bereich it is of, and its Rechtscharakter; the names differ between the versions."""
    found: dict[str, Json] = {}
    for name in ("gehoertZuBereich", "gehoertZuBP_Bereich"):
        if name in known.by_name and into.bereich:
            found[name] = {"@href": f"#{into.bereich}"}
    if "rechtscharakter" in known.by_name:
        words = _CHARACTERS[into.plan_type]
        found["rechtscharakter"] = next(code for code, word in known.by_name["rechtscharakter"].values.items() if word in words)  # fmt: skip
    return found


def _fitting(known: FeatureType, name: str, value: Json) -> Json:
    """A list only where the version has room for several."""
    item = known.by_name[name]
    return value[0] if isinstance(value, list) and not item.repeats else value


def new_id() -> str:
    return f"GML_{uuid4()}"


@dataclass(frozen=True, slots=True)
class Founding:
    """What a new plan begins with. ags, municipality: of each municipality; area: EPSG `srid`; plan_type: BP or FP."""

    name: str
    number: str
    municipalities: tuple[tuple[str, str], ...]
    area: Polygon | MultiPolygon
    srid: int
    plan_type: str = "BP"
    kind: str = "1000"  # planArt: BPlan, FPlan


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
        f"{plan.plan_type}_Plan",
        plan_id,
        {
            "name": plan.name,
            **({"nummer": plan.number} if plan.number else {}),
            "raeumlicherGeltungsbereich": outline(plan_id),
            "gemeinde": towns,
            "planArt": [plan.kind] if plan.plan_type == "BP" else plan.kind,
            "bereich": [{"@href": f"#{bereich_id}"}],
        },
        schema=facts,
    )
    part = writer.created(
        f"{plan.plan_type}_Bereich",
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
