"""Flächennutzungsplan of the Verwaltungsgemeinschaft Nünchritz: both municipalities, from the Elbe to the heath. Invented."""

from math import cos, pi, sin

import shapely
from shapely import LineString, MultiPolygon, Polygon

from twin.demo.geography import boundaries, elbe, places
from twin.demo.plans.gml import Struct, Value
from twin.demo.plans.layout import Frame, single
from twin.demo.plans.sheet import DARSTELLUNG, NACHRICHTLICH, Area, Overlay, Sheet, purpose

MEMBERS = ("14627040", "14627190")  # Glaubitz, Nünchritz
BANK = 60.0  # metres from the river's axis to the water's edge; an assumption of the demo
TEXTS = (
    ("1", "Wohnbauflächen werden vorrangig im Anschluss an die Ortslagen dargestellt. (Demo)"),
    ("2", "Die Elbwiesen bleiben von Bebauung frei und dienen dem Rückhalt von Hochwasser. (Demo)"),
    ("3", "Gewerbliche Bauflächen am Werk dienen der Erweiterung bestehender Betriebe. (Demo)"),
    ("H1", "Überschwemmungsgebiete sind nachrichtlich übernommen. Dieser Plan ist erfunden. (Demo)"),
)
# village: (share of the way from west to east, from south to north of the member's area; radius in metres)
VILLAGES: dict[str, tuple[str, float, float, float]] = {
    "nuenchritz": ("14627190", 0.42, 0.66, 520.0),
    "neuseusslitz": ("14627190", 0.72, 0.30, 260.0),
    "merschwitz": ("14627190", 0.80, 0.68, 260.0),
    "diesbar": ("14627190", 0.62, 0.18, 240.0),
    "leckwitz": ("14627190", 0.62, 0.86, 250.0),
    "glaubitz": ("14627040", 0.40, 0.40, 430.0),
    "radewitz": ("14627040", 0.56, 0.66, 260.0),
    "marksiedlitz": ("14627040", 0.70, 0.36, 230.0),
}


def sheet() -> Sheet:
    """Some 45 square kilometres, both member municipalities whole."""
    outline = shapely.coverage_union_all([boundaries()[ags] for ags in MEMBERS])
    return Sheet(
        slug="nuenchritz-fnp",
        kind="FP",
        name="Flächennutzungsplan Verwaltungsgemeinschaft Nünchritz (Demo)",
        number="D-FNP-1",
        description="Erfundener Plan zur Vorführung für die beiden Mitgliedsgemeinden Nünchritz und Glaubitz.",
        places=tuple(place for place in places() if place.ags in MEMBERS),
        head={
            "planArt": 1000,
            "verfahren": 1000,
            "rechtsstand": 1000,
            "aufstellungsbeschlussDatum": "2026-06-24",
        },
        outline=single(outline),
        areas=(*_ground(), *_woods(), *_settlements(), *_special(), *_traffic()),
        overlays=_overlays(),
        texts=TEXTS,
        scale=10_000,
    )


def _at(ags: str, east: float, north: float) -> tuple[float, float]:
    """A place in a member's area, as shares of its extent."""
    left, bottom, right, top = boundaries()[ags].bounds
    return left + east * (right - left), bottom + north * (top - bottom)


def _blob(centre: tuple[float, float], radius: float, *, seed: int, corners: int = 14) -> Polygon:
    """A rounded, irregular area; `seed` turns and dents it, the same way in every run."""
    frame = Frame(origin=centre, turn=float(seed * 37 % 360))
    dents = [1 + 0.16 * sin(2.1 * i + seed) + 0.08 * cos(3.7 * i + 2 * seed) for i in range(corners)]
    angles = [2 * pi * i / corners for i in range(corners)]
    return frame.area(
        [(radius * d * cos(a), radius * d * sin(a)) for d, a in zip(dents, angles, strict=True)]
    )


def _area(key: str, kind: str, shape: Polygon | MultiPolygon, **properties: Value) -> Area:
    return Area(key, kind, shape, properties, legal=DARSTELLUNG)


def _farm(key: str, shape: Polygon | MultiPolygon, code: int) -> Area:
    use = purpose("FP_KomplexeZweckbestLandwirtschaft", code)
    return _area(key, "FP_Landwirtschaft", shape, zweckbestimmung=use)


def _green(key: str, shape: Polygon, code: int) -> Area:
    return _area(key, "FP_Gruen", shape, zweckbestimmung=purpose("FP_KomplexeZweckbestGruen", code))


def _build(key: str, shape: Polygon, general: int) -> Area:
    return _area(key, "FP_BebauungsFlaeche", shape, allgArtDerBaulNutzung=general)


def _ground() -> tuple[Area, ...]:
    river = elbe()
    everything = shapely.box(*shapely.total_bounds([boundaries()[ags] for ags in MEMBERS])).buffer(100)
    water: dict[str, Value] = {
        "artDerFestlegung": Struct("SO_KomplexeFestlegungGewaesser", {"allgemein": 20000}),
        "name": "Elbe",
    }
    return (
        _farm("fields", everything, 1100),
        _farm("meadows", river.buffer(BANK + 420), 1200),
        _farm("vineyard", _blob(_at("14627190", 0.86, 0.20), 330, seed=3), 1500),
        _farm("vineyard-south", _blob(_at("14627190", 0.80, 0.07), 240, seed=8), 1500),
        Area("elbe", "SO_Gewaesser", single(river.buffer(BANK)), water, legal=NACHRICHTLICH),
    )


def _woods() -> list[Area]:
    use = purpose("FP_KomplexeZweckbestWald", 1800)
    spots = [("14627040", 0.30, 0.78, 640), ("14627040", 0.74, 0.84, 420), ("14627190", 0.12, 0.40, 360)]
    spots += [("14627190", 0.30, 0.30, 300), ("14627040", 0.16, 0.30, 280)]
    return [
        _area(f"wood-{i}", "FP_WaldFlaeche", _blob(_at(ags, e, n), radius, seed=i + 11), zweckbestimmung=use)
        for i, (ags, e, n, radius) in enumerate(spots)
    ]


def _settlements() -> list[Area]:
    """Each village: mixed core in a ring of housing, in a ring of gardens."""
    drawn = []
    for seed, (name, (ags, east, north, radius)) in enumerate(VILLAGES.items()):
        centre = _at(ags, east, north)
        drawn.append(_green(f"{name}-gardens", _blob(centre, radius * 1.25, seed=seed), 1200))
        drawn.append(_build(f"{name}-housing", _blob(centre, radius, seed=seed + 1), 1000))
        drawn.append(_build(f"{name}-core", _blob(centre, radius * 0.45, seed=seed + 2), 2000))
    return drawn


def _special() -> list[Area]:
    works = Frame(origin=_at("14627190", 0.18, 0.62), turn=12)
    park = Frame(origin=_at("14627040", 0.24, 0.52), turn=-8)
    sewage = purpose("FP_KomplexeZweckbestVerEntsorgung", 18003, "Kläranlage")
    school = purpose("FP_KomplexeZweckbestGemeinbedarf", 12000, "Grundschule")
    fire = purpose("FP_KomplexeZweckbestGemeinbedarf", 24000, "Feuerwehr")
    return [
        _build("works", works.box(-600, -190, 420, 330), 3000),
        _build("park", park.box(-260, -150, 260, 170), 3000),
        _area("sewage", "FP_VerEntsorgung", works.box(440, -60, 590, 60), zweckbestimmung=sewage),
        _area(
            "school",
            "FP_Gemeinbedarf",
            _blob(_at("14627190", 0.45, 0.69), 70, seed=4),
            zweckbestimmung=school,
        ),
        _area(
            "fire", "FP_Gemeinbedarf", _blob(_at("14627040", 0.44, 0.43), 50, seed=5), zweckbestimmung=fire
        ),
        _green("sports", Frame(origin=_at("14627190", 0.52, 0.62)).box(0, 0, 210, 130), 1400),
        _green("cemetery", Frame(origin=_at("14627040", 0.33, 0.36)).box(0, 0, 90, 70), 2600),
        _green("campsite", _blob(_at("14627190", 0.58, 0.40), 120, seed=6), 18000),
    ]


def _traffic() -> list[Area]:
    road = LineString(
        [
            _at("14627190", 0.0, 0.9),
            _at("14627190", 0.42, 0.68),
            _at("14627190", 0.78, 0.53),
            _at("14627190", 1.1, 0.3),
        ]
    )
    north = LineString(
        [_at("14627190", 0.42, 0.68), _at("14627040", 0.40, 0.41), _at("14627040", 0.62, 1.05)]
    )
    track = LineString([_at("14627040", -0.1, 0.20), _at("14627040", 0.50, 0.22), _at("14627040", 1.1, 0.30)])
    main = {"einteilung": 1200, "hatDarstellungMitBesondZweckbest": False}
    return [
        _area("road", "SO_Strassenverkehr", single(road.buffer(14, cap_style="flat")), **main),
        _area("north", "SO_Strassenverkehr", single(north.buffer(12, cap_style="flat")), **main),
        Area(
            "track",
            "SO_Schienenverkehrsrecht",
            single(track.buffer(13, cap_style="flat")),
            {"artDerFestlegung": 12001},
            legal=NACHRICHTLICH,
        ),
    ]


def _overlays() -> tuple[Overlay, ...]:
    flood: dict[str, Value] = {"artDerFestlegung": 20000, "name": "Elbe (Demo)"}
    measure = Struct(
        "XP_SPEMassnahmenDaten", {"klassifizMassnahme": 1300, "massnahmeText": "Feuchtgrünland (Demo)"}
    )
    wet = _blob(_at("14627190", 0.50, 0.30), 210, seed=9)
    return (
        Overlay("flood", "SO_Wasserrecht", elbe().buffer(BANK + 340), flood, legal=NACHRICHTLICH),
        Overlay("wet", "FP_AusgleichsFlaeche", wet, {"ziel": 2000, "massnahme": measure}, legal=DARSTELLUNG),
    )
