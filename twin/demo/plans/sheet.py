"""A drawn sheet (areas, overlays, texts) becomes the features of a Bebauungsplan or Flächennutzungsplan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

import shapely
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from twin.demo.geography import Place
from twin.demo.plans.gml import Feature, Measure, Ref, Struct, Value, write
from twin.demo.plans.layout import GRID, building_window, outline_of, partition, polygons

FESTSETZUNG, NACHRICHTLICH, DARSTELLUNG, HINWEIS, VERMERK = 1000, 2000, 3000, 6000, 8000  # XP_Rechtscharakter
STREET = "SO_Strassenverkehr"
PLANNER = "Demo-Planungsbüro (erfunden)"


@dataclass(frozen=True, slots=True)
class Area:
    """A painted area of the Flächenschluss. window: setback and depth, in metres, of the buildings allowed on it."""

    key: str
    kind: str
    shape: Polygon | MultiPolygon
    properties: Mapping[str, Value] = field(default_factory=dict)
    window: tuple[float, float] | None = None
    legal: int = FESTSETZUNG


@dataclass(frozen=True, slots=True)
class Overlay:
    """A line, a point, or an area above the Flächenschluss."""

    key: str
    kind: str
    shape: BaseGeometry
    properties: Mapping[str, Value] = field(default_factory=dict)
    legal: int = FESTSETZUNG


@dataclass(frozen=True, slots=True)
class Sheet:
    """One plan as drawn. head: what its BP_Plan or FP_Plan says between `planArt` and `bereich`."""

    slug: str
    kind: str  # BP or FP
    name: str
    number: str
    description: str
    places: tuple[Place, ...]
    head: Mapping[str, Value]
    outline: Polygon
    areas: tuple[Area, ...]
    overlays: tuple[Overlay, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    scale: int = 1000
    procedure: Mapping[str, Value] = field(default_factory=dict)


def render(sheet: Sheet) -> bytes:
    """The sheet as an XPlanGML 6.0 file."""
    return write(features(sheet), name=sheet.slug)


def features(sheet: Sheet) -> list[Feature]:
    """Plan, Bereich, texts and all objects; the Bereich and its objects refer to each other."""
    pieces = partition(sheet.outline, [area.shape for area in sheet.areas])
    scope = outline_of(chain.from_iterable(pieces))
    content = [*_areas(sheet, pieces), *_windows(sheet, pieces), *_overlays(sheet, scope)]
    if sheet.kind == "BP":
        content += _street_lines(sheet, pieces, scope)
    return [_plan(sheet, scope), _section(sheet, scope, content), *_texts(sheet), *content]


def _object(
    key: str, kind: str, shape: BaseGeometry, legal: int, *, closes: bool | None, **more: Value
) -> Feature:
    common: dict[str, Value] = {"ebene": 0, "gehoertZuBereich": Ref("bereich"), "rechtscharakter": legal}
    return Feature(key=key, kind=kind, geometry=shape, closes=closes, properties=common | more)


def _areas(sheet: Sheet, pieces: list[list[Polygon]]) -> Iterable[Feature]:
    for area, visible in zip(sheet.areas, pieces, strict=True):
        for index, piece in enumerate(visible):
            yield _object(f"{area.key}-{index}", area.kind, piece, area.legal, closes=True, **area.properties)


def _windows(sheet: Sheet, pieces: list[list[Polygon]]) -> Iterable[Feature]:
    """Building windows with their Baugrenzen, one pair for each."""
    for area, visible in zip(sheet.areas, pieces, strict=True):
        if area.window is None:
            continue
        setback, depth = area.window
        windows = chain.from_iterable(
            building_window(piece, setback=setback, depth=depth) for piece in visible
        )
        for index, window in enumerate(windows):
            yield from _window(f"{area.key}-window-{index}", window)


def _window(key: str, window: Polygon) -> Iterable[Feature]:
    rings = [LineString(ring) for ring in (window.exterior, *window.interiors)]
    lines = [
        _object(f"{key}-line-{i}", "BP_BauGrenze", ring, FESTSETZUNG, closes=None)
        for i, ring in enumerate(rings)
    ]
    refs = [Ref(line.key) for line in lines]
    yield _object(
        key, "BP_UeberbaubareGrundstuecksFlaeche", window, FESTSETZUNG, closes=False, baugrenze=refs
    )
    yield from lines


def _overlays(sheet: Sheet, scope: Polygon) -> Iterable[Feature]:
    for overlay in sheet.overlays:
        shape = shapely.set_precision(overlay.shape.intersection(scope), GRID)
        parts = [part for part in shapely.get_parts([shape]) if not part.is_empty]
        if isinstance(overlay.shape, Polygon | MultiPolygon):
            parts = list(polygons(shape))
        for index, part in enumerate(parts):
            closes = False if isinstance(part, Polygon) else None
            yield _object(
                f"{overlay.key}-{index}",
                overlay.kind,
                part,
                overlay.legal,
                closes=closes,
                **overlay.properties,
            )


def _street_lines(sheet: Sheet, pieces: list[list[Polygon]], scope: Polygon) -> list[Feature]:
    streets = [
        p for area, visible in zip(sheet.areas, pieces, strict=True) if area.kind == STREET for p in visible
    ]
    edge = outline_of_all(streets).boundary.difference(scope.boundary)
    merged = shapely.line_merge(edge)
    lines = [line for line in shapely.get_parts([merged]) if isinstance(line, LineString)]
    return [
        _object(f"street-line-{i}", "BP_StrassenbegrenzungsLinie", line, FESTSETZUNG, closes=None)
        for i, line in enumerate(lines)
    ]


def outline_of_all(pieces: list[Polygon]) -> BaseGeometry:
    """The common outline, which may fall into several parts."""
    return shapely.coverage_union_all(pieces)


def _texts(sheet: Sheet) -> list[Feature]:
    return [
        Feature(
            f"text-{key}",
            "XP_TextAbschnitt",
            properties={
                "schluessel": key,
                "text": text,
                "rechtscharakter": HINWEIS if key.startswith("H") else _legal(sheet),
            },
        )
        for key, text in sheet.texts
    ]


def _legal(sheet: Sheet) -> int:
    return FESTSETZUNG if sheet.kind == "BP" else DARSTELLUNG


def _plan(sheet: Sheet, scope: Polygon) -> Feature:
    properties: dict[str, Value] = {
        "name": sheet.name,
        "nummer": sheet.number,
        "beschreibung": sheet.description,
        "technHerstellDatum": "2026-09-01",
        "erstellungsMassstab": sheet.scale,
        "technischerPlanersteller": PLANNER,
        "raeumlicherGeltungsbereich": scope,
        "texte": [Ref(f"text-{key}") for key, _ in sheet.texts],
        "gemeinde": [_municipality(place) for place in sheet.places],
        **sheet.head,
        "versionBauNVO": _law("BauNVO", "2017-11-21"),
        "versionBauGB": _law("BauGB", "2017-11-03"),
        "bereich": Ref("bereich"),
    }
    return Feature("plan", f"{sheet.kind}_Plan", geometry=scope, properties=properties)


def _municipality(place: Place) -> Struct:
    return Struct("XP_Gemeinde", {"ags": place.ags, "rs": place.ars, "gemeindeName": place.name})


def _law(name: str, day: str) -> Struct:
    return Struct("XP_GesetzlicheGrundlage", {"name": name, "datum": day})


def _section(sheet: Sheet, scope: Polygon, content: Iterable[Feature]) -> Feature:
    properties: dict[str, Value] = {
        "nummer": 0,
        "name": "Geltungsbereich (Demo)",
        "geltungsbereich": scope,
        "planinhalt": [Ref(feature.key) for feature in content],
        **sheet.procedure,
        "gehoertZuPlan": Ref("plan"),
    }
    return Feature("bereich", f"{sheet.kind}_Bereich", geometry=scope, properties=properties)


# --- what is drawn again and again


def metres(value: float) -> Measure:
    return Measure(value, "m")


def purpose(kind: str, code: int, label: str | None = None) -> Struct:
    """A Zweckbestimmung: general code and, where the plan says more, its words."""
    return Struct(kind, {"allgemein": code} | ({"textlicheErgaenzung": label} if label else {}))


def street(key: str, shape: Polygon | MultiPolygon, name: str, *, code: int | None = None) -> Area:
    """A Straßenverkehrsfläche; with a code, one of besonderer Zweckbestimmung."""
    properties: dict[str, Value] = {}
    if code is not None:
        properties["artDerFestlegung"] = purpose("SO_KomplexeZweckbestStrassenverkehr", code)
    properties |= {"einteilung": 1400, "name": name, "hatDarstellungMitBesondZweckbest": code is not None}
    return Area(key, STREET, shape, properties)


def height(key: str, at: Point, metres_nhn: float) -> Overlay:
    """A Höhenfestsetzung: level of the finished ground above NHN (DHHN2016)."""
    level = Struct("XP_Hoehenangabe", {"hoehenbezug": 1200, "h": metres(metres_nhn)})
    return Overlay(key, "BP_HoehenMass", at, {"hoehenangabe": level})


def tree(key: str, at: Point, species: str) -> Overlay:
    """A tree to be planted."""
    return Overlay(
        key,
        "BP_AnpflanzungBindungErhaltung",
        at,
        {
            "massnahme": 2000,
            "gegenstand": 1000,
            "kronendurchmesser": metres(8),
            "pflanzenArt": species,
            "anzahl": 1,
        },
    )


def shrubs(key: str, shape: Polygon, text: str, *, keep: bool = False) -> Overlay:
    """An area to be planted with trees and shrubs, or one whose planting has to be kept."""
    return Overlay(
        key,
        "BP_AnpflanzungBindungErhaltung",
        shape,
        {"text": text, "massnahme": 1000 if keep else 2000, "gegenstand": 2050},
    )
