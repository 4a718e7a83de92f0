"""Bebauungsplan "Elbauenquartier" in Meißen: flats and offices between the railway street and the Elbe. Invented."""

from shapely import Polygon

from twin.demo.geography import elbe, places
from twin.demo.plans.gml import Measure, Ref, Struct, Value
from twin.demo.plans.layout import Frame, row_of_points, single
from twin.demo.plans.sheet import (
    NACHRICHTLICH,
    Area,
    Overlay,
    Sheet,
    height,
    metres,
    purpose,
    shrubs,
    street,
    tree,
)

AGS = "14627140"
START = 19_150.0  # metres on the river axis from its first station
BANK = 55.0  # metres from the axis to the water's edge; an assumption of the demo
COLUMNS = (0.0, 112.0, 232.0, 352.0, 470.0)

# key: (besondere Art, GRZ, GFZ, full storeys, Bauweise, roof pitch from and to in degrees)
USES: dict[str, tuple[int, float, float, int, int, tuple[int, int]]] = {
    "wa1": (1200, 0.4, 1.2, 3, 1000, (0, 15)),
    "wa2": (1200, 0.4, 1.2, 3, 1000, (0, 15)),
    "wa3": (1200, 0.4, 1.2, 4, 1000, (0, 15)),
    "wa4": (1200, 0.3, 0.9, 3, 1000, (15, 35)),
    "mi1": (1500, 0.6, 1.6, 4, 2000, (0, 10)),
    "mu1": (1550, 0.8, 2.4, 5, 2000, (0, 10)),
    "wa5": (1200, 0.4, 1.0, 3, 1000, (15, 35)),
    "mi2": (1500, 0.6, 1.6, 3, 2000, (0, 10)),
}
TEXTS = (
    (
        "1",
        "Art der baulichen Nutzung: In den allgemeinen Wohngebieten sind Tankstellen und Gartenbaubetriebe nicht zulässig. (Demo)",
    ),
    (
        "2",
        "Im urbanen Gebiet MU 1 ist im Erdgeschoss zur Bahnhofstraße hin keine Wohnnutzung zulässig. (Demo)",
    ),
    (
        "3",
        "Dächer mit einer Neigung bis 15 Grad sind auf mindestens 70 Prozent der Fläche zu begrünen. (Demo)",
    ),
    ("4", "Stellplätze und Wege auf den Grundstücken sind wasserdurchlässig zu befestigen. (Demo)"),
    (
        "5",
        "Je angefangene 300 m² Grundstücksfläche ist ein heimischer Laubbaum zu pflanzen und zu erhalten. (Demo)",
    ),
    ("6", "Unterkante der Fußböden von Aufenthaltsräumen: mindestens 105,20 m über NHN. (Demo)"),
    (
        "H1",
        "Teile des Plangebiets liegen im dargestellten Überschwemmungsgebiet der Elbe. Dieser Plan ist erfunden. (Demo)",
    ),
)


def sheet() -> Sheet:
    """Fourteen hectares on the left bank, turned along the river."""
    frame = Frame.along(elbe(), START, 470)
    place = next(place for place in places() if place.ags == AGS)
    return Sheet(
        slug="meissen-elbauenquartier",
        kind="BP",
        name="Bebauungsplan Elbauenquartier (Demo)",
        number="D-14",
        description="Erfundener Plan zur Vorführung: Wohnungen, Büros, eine Kindertagesstätte und ein Park am Ufer.",
        places=(place,),
        head={
            "planArt": 10001,
            "rechtsstand": 2400,
            "aufstellungsbeschlussDatum": "2025-04-09",
            "gruenordnungsplan": True,
        },
        outline=frame.area([(0, 22), (470, 22), (470, 306), (405, 336), (58, 334), (0, 296)]),
        areas=(*_ground(frame), *_blocks(frame), *_facilities(frame), *_streets(frame)),
        overlays=(*_water_law(), *_planting(frame), *_details(frame)),
        texts=TEXTS,
        procedure={"verfahren": 1000},
    )


def _ground(frame: Frame) -> tuple[Area, ...]:
    """Water and park, under everything else."""
    river = elbe()
    water = single(river.buffer(BANK).intersection(frame.box(-200, -100, 700, 400)))
    return (
        _green("park", frame.box(-50, 0, 520, 400), 10003, "Elbuferpark"),
        Area(
            "elbe",
            "SO_Gewaesser",
            water,
            {
                "artDerFestlegung": Struct("SO_KomplexeFestlegungGewaesser", {"allgemein": 20000}),
                "name": "Elbe",
            },
            legal=NACHRICHTLICH,
        ),
    )


def _green(key: str, shape: Polygon, code: int, label: str) -> Area:
    return Area(
        key, "BP_GruenFlaeche", shape, {"zweckbestimmung": purpose("BP_KomplexeZweckbestGruen", code, label)}
    )


def _blocks(frame: Frame) -> list[Area]:
    """Two rows of four blocks; the streets are painted over their edges."""
    spans = list(zip(COLUMNS, COLUMNS[1:], strict=False))
    rows = [((130.0, 215.0), ("wa1", "wa2", "wa3", "wa4")), ((215.0, 345.0), ("mi1", "mu1", "wa5", "mi2"))]
    return [
        Area(
            key, "BP_BaugebietsTeilFlaeche", frame.box(left, low, right, high), _use(key), window=(4.0, 15.0)
        )
        for (low, high), keys in rows
        for (left, right), key in zip(spans, keys, strict=True)
    ]


def _use(key: str) -> dict[str, Value]:
    kind, grz, gfz, storeys, bauweise, (flat, steep) = USES[key]
    roof = Struct("BP_Dachgestaltung", {"DNmin": Measure(flat, "grad"), "DNmax": Measure(steep, "grad")})
    return {
        "aufschrift": f"{key[:2].upper()} {key[2:]}",
        "refTextInhalt": [Ref("text-1"), Ref("text-3")],
        "dachgestaltung": roof,
        "GFZ": gfz,
        "GRZ": grz,
        "Z": storeys,
        "allgArtDerBaulNutzung": 1000 if kind == 1200 else 2000,
        "besondereArtDerBaulNutzung": kind,
        "bauweise": bauweise,
    }


def _facilities(frame: Frame) -> tuple[Area, ...]:
    kita = purpose("BP_KomplexeZweckbestGemeinbedarf", 16000, "Kindertagesstätte")
    power = purpose("BP_KomplexeZweckbestVerEntsorgung", 10001)
    basin = purpose("BP_KomplexeZweckbestVerEntsorgung", 20000)
    return (
        Area(
            "kita",
            "BP_GemeinbedarfsFlaeche",
            frame.box(292, 222, 350, 286),
            {"GRZ": 0.4, "Z": 2, "zweckbestimmung": kita},
            (5.0, 14.0),
        ),
        _green("playground", frame.box(118, 136, 146, 176), 1600, "Spielplatz am Uferweg"),
        _green(
            "hedge",
            frame.area([(-40, 299), (80, 315), (300, 321), (520, 318), (520, 360), (-40, 360)]),
            24004,
            "Abschirmgrün zur Bahn",
        ),
        Area("power", "BP_VerEntsorgung", frame.box(448, 136, 462, 148), {"zweckbestimmung": power}),
        Area(
            "basin",
            "BP_VerEntsorgung",
            frame.area([(18, 84), (70, 80), (74, 100), (20, 104)]),
            {"zweckbestimmung": basin},
        ),
    )


def _streets(frame: Frame) -> list[Area]:
    both_banks = elbe().buffer(BANK + 19).difference(elbe().buffer(BANK + 15))
    cycle = single(both_banks.intersection(frame.box(-200, 0, 700, 200)))
    crossings = [
        street(f"cross-{i}", frame.strip([(x, 124), (x + 3, 215), (x, 345)], 9), f"{name} (Demo)")
        for i, (x, name) in enumerate(
            zip(COLUMNS[1:4], ("Fährgasse", "Winzergasse", "Töpfergasse"), strict=True)
        )
    ]
    return [
        *crossings,
        street(
            "middle",
            frame.strip([(-20, 213), (180, 217), (330, 213), (490, 216)], 8),
            "Mittelweg (Demo)",
            code=14000,
        ),
        street("bank", frame.strip([(-20, 129), (235, 127), (490, 130)], 11), "Uferstraße (Demo)"),
        street(
            "railway",
            frame.strip([(-40, 299), (80, 315), (300, 321), (520, 318)], 12),
            "Bahnhofstraße (Demo)",
        ),
        street("square", frame.box(212, 196, 258, 236), "Quartiersplatz (Demo)", code=14001),
        street("parking", frame.box(400, 284, 450, 314), "Parkplatz Bahnhofstraße (Demo)", code=16000),
        street("path", frame.strip([(233, 60), (233, 124)], 4), "Weg zum Ufer (Demo)", code=14003),
        street("cycle", cycle, "Elberadweg (Demo)", code=14003),
    ]


def _water_law() -> tuple[Overlay, ...]:
    flood = elbe().buffer(BANK + 60)
    return (
        Overlay(
            "flood",
            "SO_Wasserrecht",
            flood,
            {"artDerFestlegung": 20000, "name": "Elbe (Demo)"},
            legal=NACHRICHTLICH,
        ),
    )


def _planting(frame: Frame) -> list[Overlay]:
    bank = row_of_points(frame.line([(12, 136.5), (235, 134.5), (462, 137.5)]), every=38)
    railway = row_of_points(frame.line([(84, 306.5), (300, 312.5), (395, 311)]), every=44)
    return [
        *(tree(f"bank-tree-{i}", at, "Winterlinde (Tilia cordata)") for i, at in enumerate(bank)),
        *(tree(f"railway-tree-{i}", at, "Feldahorn (Acer campestre)") for i, at in enumerate(railway)),
        shrubs(
            "noise-hedge",
            frame.area([(90, 325), (400, 331), (400, 335), (90, 333)]),
            "Dichte Hecke, mindestens dreireihig. (Demo)",
        ),
        shrubs("willows", frame.box(300, 78, 380, 96), "Weidenbestand am Ufer erhalten. (Demo)", keep=True),
    ]


def _details(frame: Frame) -> list[Overlay]:
    measure = Struct(
        "XP_SPEMassnahmenDaten", {"klassifizMassnahme": 1300, "massnahmeText": "Feuchtwiese am Ufer (Demo)"}
    )
    heights = [(60, 130, 105.1), (233, 128, 105.3), (410, 129, 105.2), (233, 216, 105.9), (300, 320, 106.8)]
    return [
        *(height(f"height-{i}", frame.point(x, y), nhn) for i, (x, y, nhn) in enumerate(heights)),
        Overlay(
            "meadow",
            "BP_AusgleichsFlaeche",
            frame.area([(90, 76), (218, 76), (218, 112), (90, 114)]),
            {"ziel": 2000, "massnahme": measure},
        ),
        Overlay(
            "passage",
            "BP_Wegerecht",
            frame.box(286, 134, 290, 209),
            {"typ": 1000, "zugunstenVon": "Allgemeinheit", "breite": metres(4)},
        ),
        Overlay(
            "noise",
            "BP_Immissionsschutz",
            frame.box(0, 270, 470, 306),
            {"laermpegelbereich": 1300, "typ": 2000},
        ),
        Overlay("limit", "BP_NutzungsartenGrenze", frame.line([(410, 136), (410, 211)]), {"typ": 2000}),
    ]
