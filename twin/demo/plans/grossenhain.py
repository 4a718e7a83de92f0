"""Bebauungsplan "Röderbogen" in Großenhain: detached and terraced houses around a green by a brook. Invented."""

from shapely import Polygon

from twin.demo.geography import places
from twin.demo.plans.gml import Measure, Ref, Struct, Value
from twin.demo.plans.layout import Frame, row_of_points
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

AGS = "14627060"
FRAME = Frame(origin=(397_900.0, 5_682_700.0), turn=-17.0)
BROOK = [(-60, 348), (40, 338), (110, 352), (190, 336), (270, 350), (350, 338), (470, 356)]

# key: (corners in the frame, kinds of houses allowed as BP_BebauungsArt, GRZ, full storeys)
Plot = tuple[tuple[tuple[float, float], ...], int, float, int]
PLOTS: dict[str, Plot] = {
    "wa1": (((0, 0), (92, 0), (92, 70), (0, 70)), 1000, 0.3, 2),
    "wa2": (((92, 0), (196, 0), (196, 70), (92, 70)), 1000, 0.3, 2),
    "wa3": (((196, 0), (300, 0), (300, 70), (196, 70)), 4000, 0.3, 2),
    "wa4": (((300, 0), (420, 0), (420, 70), (300, 70)), 4000, 0.35, 2),
    "wa5": (((0, 70), (110, 70), (110, 150), (0, 150)), 4000, 0.35, 2),
    "wa6": (((110, 70), (196, 70), (196, 150), (110, 150)), 6000, 0.4, 2),
    "wa7": (((290, 70), (420, 70), (420, 150), (290, 150)), 6000, 0.4, 3),
    "wa8": (((0, 150), (110, 150), (110, 226), (0, 226)), 4000, 0.35, 2),
    "wa9": (((110, 150), (196, 150), (196, 226), (110, 226)), 3000, 0.4, 2),
    "wa10": (((290, 150), (420, 150), (420, 226), (290, 226)), 3000, 0.4, 3),
    "wa11": (((0, 226), (196, 226), (196, 296), (0, 296)), 1000, 0.3, 2),
    "wa12": (((196, 226), (420, 226), (420, 296), (196, 296)), 1000, 0.25, 1),
}
TEXTS = (
    ("1", "In den allgemeinen Wohngebieten sind je Einzelhaus höchstens zwei Wohnungen zulässig. (Demo)"),
    ("2", "Garagen müssen vor ihrer Einfahrt einen Abstand von 5 m zur Straße einhalten. (Demo)"),
    ("3", "Einfriedungen zur Straße dürfen nicht höher als 1,20 m sein; Hecken sind vorzuziehen. (Demo)"),
    ("4", "Mindestens die Hälfte jeder Dachfläche ist mit Solaranlagen auszustatten. (Demo)"),
    ("5", "Der Uferstreifen ist von jeder Bebauung und von Aufschüttungen freizuhalten. (Demo)"),
    ("H1", "Bodenfunde sind anzuzeigen. Dieser Plan ist erfunden. (Demo)"),
)


def sheet() -> Sheet:
    """Some 15 hectares with a green in the middle and the brook along the north."""
    place = next(place for place in places() if place.ags == AGS)
    return Sheet(
        slug="grossenhain-roederbogen",
        kind="BP",
        name="Bebauungsplan Wohngebiet Röderbogen (Demo)",
        number="D-22",
        description="Erfundener Plan zur Vorführung: Einfamilien- und Reihenhäuser um einen Anger, Ausgleich am Bach.",
        places=(place,),
        head={
            "planArt": 10001,
            "rechtsstand": 4000,
            "aufstellungsbeschlussDatum": "2023-02-22",
            "satzungsbeschlussDatum": "2025-11-12",
            "inkrafttretensDatum": "2026-01-28",
            "ausfertigungsDatum": "2025-12-03",
        },
        outline=FRAME.area([(-14, -16), (432, -16), (440, 300), (420, 400), (10, 392), (-14, 290)]),
        areas=(*_ground(), *_plots(), *_facilities(), *_streets()),
        overlays=(*_planting(), *_details()),
        texts=TEXTS,
        procedure={"verfahren": 1000},
    )


def _green(key: str, shape: Polygon, code: int, label: str) -> Area:
    return Area(
        key, "BP_GruenFlaeche", shape, {"zweckbestimmung": purpose("BP_KomplexeZweckbestGruen", code, label)}
    )


def _ground() -> tuple[Area, ...]:
    brook: dict[str, Value] = {
        "artDerFestlegung": Struct("SO_KomplexeFestlegungGewaesser", {"allgemein": 20001}),
        "name": "Röderbogen (Demo)",
    }
    return (
        _green("meadow", FRAME.box(-60, -60, 500, 440), 10001, "Bachwiesen"),
        Area("brook", "SO_Gewaesser", FRAME.strip(BROOK, 7), brook, legal=NACHRICHTLICH),
    )


def _plots() -> list[Area]:
    return [
        Area(key, "BP_BaugebietsTeilFlaeche", FRAME.area(corners), _use(key), window=(4.0, 14.0))
        for key, (corners, *_) in PLOTS.items()
    ]


def _use(key: str) -> dict[str, Value]:
    _, houses, grz, storeys = PLOTS[key]
    roof = Struct(
        "BP_Dachgestaltung", {"DNmin": Measure(25, "grad"), "DNmax": Measure(45, "grad"), "dachform": 3100}
    )
    return {
        "aufschrift": f"WA {key[2:]}",
        "refTextInhalt": [Ref("text-1"), Ref("text-4")],
        "dachgestaltung": roof,
        "MaxZahlWohnungen": 2,
        "GFZ": round(grz * storeys, 2),
        "GRZ": grz,
        "Z": storeys,
        "allgArtDerBaulNutzung": 1000,
        "besondereArtDerBaulNutzung": 1200,
        "bauweise": 1000,
        "bebauungsArt": houses,
    }


def _facilities() -> tuple[Area, ...]:
    hall = purpose("BP_KomplexeZweckbestGemeinbedarf", 16002, "Nachbarschaftshaus")
    heat = purpose("BP_KomplexeZweckbestVerEntsorgung", 14000, "Heizzentrale")
    basin = purpose("BP_KomplexeZweckbestVerEntsorgung", 20000)
    return (
        _green("green", FRAME.box(196, 70, 290, 190), 10001, "Anger"),
        Area(
            "hall",
            "BP_GemeinbedarfsFlaeche",
            FRAME.box(196, 190, 290, 226),
            {"GRZ": 0.4, "Z": 1, "zweckbestimmung": hall},
            (4.0, 16.0),
        ),
        _green("playground", FRAME.box(224, 110, 262, 150), 1600, "Spielplatz am Anger"),
        Area("heat", "BP_VerEntsorgung", FRAME.box(396, 6, 418, 24), {"zweckbestimmung": heat}),
        Area(
            "basin",
            "BP_VerEntsorgung",
            FRAME.area([(300, 366), (380, 364), (372, 390), (310, 390)]),
            {"zweckbestimmung": basin},
        ),
    )


def _streets() -> list[Area]:
    return [
        street("south", FRAME.strip([(-40, -5), (470, -5)], 10), "Großenhainer Weg (Demo)"),
        street("first", FRAME.strip([(-40, 70), (200, 70), (288, 72), (470, 70)], 8), "Angerstraße (Demo)"),
        street(
            "second", FRAME.strip([(-40, 150), (112, 151), (200, 150)], 7), "Fliederweg (Demo)", code=14000
        ),
        street("third", FRAME.strip([(288, 150), (470, 150)], 7), "Ginsterweg (Demo)", code=14000),
        street("fourth", FRAME.strip([(-40, 226), (200, 228), (470, 226)], 8), "Bachstraße (Demo)"),
        street("west", FRAME.strip([(196, -8), (197, 110), (196, 230)], 8), "Am Anger West (Demo)"),
        street("east", FRAME.strip([(290, -8), (289, 110), (290, 230)], 8), "Am Anger Ost (Demo)"),
        street("lane", FRAME.strip([(110, 70), (110, 230)], 6), "Holunderweg (Demo)", code=14000),
        street(
            "path",
            FRAME.strip([(-40, 318), (120, 316), (300, 322), (470, 318)], 3.5),
            "Bachweg (Demo)",
            code=14003,
        ),
        street("link", FRAME.strip([(243, 228), (244, 320)], 3.5), "Durchgang (Demo)", code=14005),
    ]


def _planting() -> list[Overlay]:
    green = row_of_points(FRAME.line([(206, 80), (206, 182)]), every=17)
    street_trees = row_of_points(FRAME.line([(10, 232), (180, 234)]), every=34)
    return [
        *(tree(f"green-tree-{i}", at, "Stieleiche (Quercus robur)") for i, at in enumerate(green)),
        *(tree(f"street-tree-{i}", at, "Eberesche (Sorbus aucuparia)") for i, at in enumerate(street_trees)),
        shrubs("edge", FRAME.box(-10, 284, 190, 294), "Ortsrand eingrünen: zweireihige Hecke. (Demo)"),
        shrubs("alders", FRAME.box(60, 326, 120, 336), "Ufergehölz erhalten. (Demo)", keep=True),
    ]


def _details() -> list[Overlay]:
    orchard = Struct(
        "XP_SPEMassnahmenDaten", {"klassifizMassnahme": 1400, "massnahmeText": "Streuobstwiese (Demo)"}
    )
    shore = Struct(
        "XP_SPEMassnahmenDaten", {"klassifizMassnahme": 1500, "massnahmeText": "Naturnahes Ufer (Demo)"}
    )
    heights = [(110, 70, 121.4), (197, 70, 121.2), (289, 150, 120.9), (110, 226, 120.6)]
    return [
        *(height(f"height-{i}", FRAME.point(x, y), nhn) for i, (x, y, nhn) in enumerate(heights)),
        Overlay(
            "orchard",
            "BP_AusgleichsFlaeche",
            FRAME.area([(30, 360), (250, 358), (250, 388), (40, 386)]),
            {"ziel": 3000, "massnahme": orchard},
        ),
        Overlay(
            "shore", "BP_AusgleichsFlaeche", FRAME.box(130, 326, 410, 332), {"ziel": 2000, "massnahme": shore}
        ),
        Overlay(
            "pipe",
            "BP_Wegerecht",
            FRAME.box(150, 236, 153, 290),
            {"typ": 4000, "zugunstenVon": "Leitungsträger", "breite": metres(3)},
        ),
    ]
