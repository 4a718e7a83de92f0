"""Small XPlanGML documents out of a terse description: what is not said is filled in so that it breaks no rule."""

from dataclasses import dataclass
from typing import Any

from planning.xplanung.schema import FeatureType, Property, Schema, schema
from tests.factories import xplanung as samples

POINT, LINE, AREA, MIXED, ARC, LONG_LINE, OTHER_AREA, ELSEWHERE, UNPLACED = "POINT", "LINE", "AREA", "MIXED", "ARC", "LONG_LINE", "OTHER_AREA", "ELSEWHERE", "UNPLACED"  # fmt: skip
_RING = "<gml:exterior><gml:LinearRing><gml:posList>{}</gml:posList></gml:LinearRing></gml:exterior>"
_STRAIGHT = "<gml:posList>400010 5660010 400020 5660010</gml:posList>"
_GEOMETRIES = {
    POINT: "<gml:Point {}><gml:pos>400010 5660010</gml:pos></gml:Point>",
    LINE: f"<gml:LineString {{}}>{_STRAIGHT}</gml:LineString>",
    LONG_LINE: "<gml:LineString {}><gml:posList>400010 5660010 400020 5660010 400030 5660020</gml:posList></gml:LineString>",
    ARC: "<gml:Curve {}><gml:segments><gml:Arc><gml:posList>400010 5660010 400015 5660015 400020 5660010</gml:posList></gml:Arc></gml:segments></gml:Curve>",
    AREA: f"<gml:Polygon {{}}>{_RING.format(samples.SQUARE)}</gml:Polygon>",
    OTHER_AREA: f"<gml:Polygon {{}}>{_RING.format('400010 5660010 400020 5660010 400020 5660020 400010 5660010')}</gml:Polygon>",
    MIXED: f'<gml:MultiGeometry {{0}}><gml:geometryMember><gml:Point gml:id="M1"><gml:pos>400010 5660010</gml:pos></gml:Point></gml:geometryMember><gml:geometryMember><gml:LineString gml:id="M2">{_STRAIGHT}</gml:LineString></gml:geometryMember></gml:MultiGeometry>',
}
_GEOMETRIES |= {ELSEWHERE: _GEOMETRIES[AREA], UNPLACED: _GEOMETRIES[AREA]}
_SYSTEMS = {ELSEWHERE: "EPSG:25832", UNPLACED: ""}
_UNITS = {"gml:LengthType": "m", "gml:AreaType": "m2", "gml:VolumeType": "m3", "gml:AngleType": "grad"}
_MEMBERS = {
    "BP": "gehoertZuBP_Bereich",
    "FP": "gehoertZuFP_Bereich",
    "SO": "gehoertZuSO_Bereich",
}  # in XPlanGML 4
# Drawn as areas on ebene 0, these belong to the Flächenschluss.
_CLOSED = {"BP_VerEntsorgung", "BP_Landwirtschaft", "BP_VerkehrsflaecheBesondererZweckbestimmung", "FP_Gemeinbedarf", "FP_SpielSportanlage", "FP_Gruen", "FP_Landwirtschaft", "FP_LandwirtschaftsFlaeche", "FP_VerEntsorgung", "FP_Strassenverkehr", "FP_Gewaesser", "SO_Schienenverkehrsrecht", "SO_Strassenverkehrsrecht", "SO_Gewaesser", "SO_Strassenverkehr", "SO_Wasserwirtschaft"}  # fmt: skip


@dataclass(frozen=True)
class Ref:
    """A reference to an object of the file."""

    id: str


@dataclass(frozen=True)
class Data:
    """A value of a data type."""

    type: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Measure:
    text: str
    unit: str


@dataclass(frozen=True)
class Code:
    """The code at this place among those of its property, whichever they are."""

    place: int


@dataclass(frozen=True)
class Obj:
    """An object. None as a value leaves out what would be filled in. `raw` is put into its start tag."""

    type: str
    id: str
    values: dict[str, Any]
    raw: str = ""


def obj(type_name: str, gml_id: str = "O", /, **values: Any) -> Obj:
    return Obj(type_name, gml_id, values)


def data(type_name: str, **values: Any) -> Data:
    return Data(type_name, values)


def ref(gml_id: str) -> Ref:
    return Ref(gml_id)


def text(gml_id: str = "T", *, of: str = "BP", **values: Any) -> Obj:
    """A text of a plan, whatever the version calls it."""
    return Obj(f"{of}_TextAbschnitt", gml_id, values or {"text": "Wortlaut"})


def document(version: str, objects: tuple[Obj, ...]) -> bytes:
    """The objects with a plan PLAN and a Bereich B around them, where they bring none."""
    facts = schema(version)
    kind = next((each.type[:2] for each in objects if each.type[:2] != "XP"), "BP")
    types = [each.type for each in objects]
    around = []
    if not any(name.endswith("_Plan") for name in types):
        bereiche = [Ref(each.id) for each in objects if each.type.endswith("_Bereich")]
        around.append(obj(f"{kind}_Plan", "PLAN", bereich=bereiche or [Ref("B")]))
    if not any(name.endswith("_Bereich") for name in types):
        plans = [each.id for each in objects if each.type.endswith("_Plan")]
        around.append(
            obj(
                f"{_kind_of_plan(types, kind)}_Bereich", "B", gehoertZuPlan=Ref(plans[0] if plans else "PLAN")
            )
        )
    features = [_feature(each, facts) for each in (*around, *objects)]
    unplaced = any(UNPLACED in each.values.values() for each in objects)
    return samples.document(version, *features, box="" if unplaced else None)


def _kind_of_plan(types: list[str], kind: str) -> str:
    return next((name[:2] for name in types if name.endswith("_Plan")), kind)


def _feature(each: Obj, facts: Schema) -> str:
    declared = facts.feature_type(each.type)
    if declared is None or declared.abstract:  # texts have had several names
        declared = facts.feature_type("XP_" + each.type[3:])
    assert declared is not None and not declared.abstract, each.type
    inner = _properties(declared, _defaults(declared, each) | each.values, _Place(facts, each.id))
    return f'<xplan:{declared.name} gml:id="{each.id}" {each.raw}>{inner}</xplan:{declared.name}>'


@dataclass(frozen=True)
class _Place:
    facts: Schema
    owner: str


def _properties(declared: FeatureType, given: dict[str, Any], place: _Place) -> str:
    """All that is given, in the order of the schema, and what it demands besides."""
    unknown = {name for name, value in given.items() if value is not None} - set(declared.by_name)
    assert not unknown, f"{place.facts.version}: {declared.name} has no {unknown}"
    values = {item.name: _demanded(item) for item in declared.properties if item.minimum} | given
    return "".join(
        _property(item, values[item.name], place)
        for item in declared.properties
        if values.get(item.name) is not None
    )


def _demanded(item: Property) -> Any:
    """A value for a property that the schema demands and the example does not care about."""
    if item.kind == "code":
        return Code(0)
    if item.kind == "data":
        return data(item.data_type or "")
    if item.kind == "geometry":
        return AREA
    known = {"xs:boolean": "false", "xs:date": "2026-11-02"}
    return None if item.kind == "reference" else known.get(item.type, "1")


def _defaults(declared: FeatureType, each: Obj) -> dict[str, Any]:
    found: dict[str, Any] = {"nummer": "1"} if declared.name.endswith(("_Plan", "_Bereich")) else {}
    if declared.name.endswith("_Plan"):
        found |= {
            "name": "Am Weinberg",
            "raeumlicherGeltungsbereich": AREA,
            "planArt": "1000",
            "bereich": Ref("B"),
        }
        found |= {"gemeinde": data("XP_Gemeinde", ags="14627140")}
    elif declared.name.endswith("_Bereich"):
        found |= {"gehoertZuPlan": Ref("PLAN")}
    elif declared.is_a("XP_Objekt"):
        member = _MEMBERS.get(declared.name[:2], "")
        found |= {
            member if member in declared.by_name else "gehoertZuBereich": Ref("B"),
        }
    if "position" in declared.by_name:
        found |= {"position": _shape(declared)}
        drawn = each.values.get("position", found["position"])
        found |= {"flaechenschluss": _closed(declared)} if drawn in (AREA, OTHER_AREA, ELSEWHERE) else {}
    return {name: value for name, value in found.items() if name in declared.by_name}


def _shape(declared: FeatureType) -> str:
    line = declared.name in ("XP_LPO", "XP_LTO", "BP_AbstandsMass") or any(
        name.endswith("_Linienobjekt") for name in (declared.name, *declared.ancestors)
    )
    point = declared.name in ("XP_PPO", "XP_PTO", "XP_Nutzungsschablone", "BP_HoehenMass") or any(
        name.endswith("_Punktobjekt") for name in declared.ancestors
    )
    return LINE if line else POINT if point else AREA


def _closed(declared: FeatureType) -> str:
    closed = declared.name in _CLOSED or any(
        name.endswith("_Flaechenschlussobjekt") for name in declared.ancestors
    )
    return str(closed).lower()


def _property(item: Property, value: Any, place: _Place) -> str:
    if isinstance(value, list):
        return "".join(_property(item, each, place) for each in value)
    if isinstance(value, Ref):
        return f'<xplan:{item.name} xlink:href="#{value.id}"/>'
    if isinstance(value, Data):
        return f"<xplan:{item.name}>{_data(value, place)}</xplan:{item.name}>"
    if item.kind == "geometry":
        system = _SYSTEMS.get(value, "EPSG:25833")
        attributes = f'gml:id="{place.owner}_{item.name}"' + (f' srsName="{system}"' if system else "")
        return f"<xplan:{item.name}>{_GEOMETRIES[value].format(attributes)}</xplan:{item.name}>"
    if isinstance(value, Code):
        value = list(item.values)[value.place] if item.values else f"word {value.place}"
    given = value if isinstance(value, Measure) else Measure(str(value), _unit(item))
    unit = f' uom="{given.unit}"' if given.unit else ""
    return f"<xplan:{item.name}{unit}>{given.text}</xplan:{item.name}>"


def _unit(item: Property) -> str:
    return _UNITS.get(item.type, "db") if item.kind == "measure" else ""


def _data(value: Data, place: _Place) -> str:
    declared = place.facts.feature_type(value.type)
    if declared is not None and declared.abstract:
        declared = next(
            each for name in place.facts.heads[value.type] if (each := place.facts.feature_type(name))
        )
    assert declared is not None, f"{place.facts.version}: {value.type}"
    return f"<xplan:{declared.name}>{_properties(declared, value.values, place)}</xplan:{declared.name}>"
