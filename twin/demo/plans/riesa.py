"""Bebauungsplan "Gewerbepark Hafenblick" in Riesa: business and industry along a branch line. Invented."""

from shapely import Polygon

from twin.demo.geography import places
from twin.demo.plans.gml import Ref, Struct, Value
from twin.demo.plans.layout import Frame, joined, row_of_points
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

AGS = "14627230"
FRAME = Frame(origin=(381_040.0, 5_684_300.0), turn=24.0)

# key: (corners in the frame, besondere Art, GRZ, building mass index, height limit in metres above ground)
Block = tuple[tuple[tuple[float, float], ...], int, float, float, float]
BLOCKS: dict[str, Block] = {
    "ge1": (((0, 60), (150, 60), (150, 180), (0, 180)), 1700, 0.8, 6.0, 12.0),
    "ge2": (((150, 60), (300, 60), (300, 180), (150, 180)), 1700, 0.8, 8.0, 15.0),
    "ge3": (((300, 60), (450, 60), (450, 180), (300, 180)), 1700, 0.8, 8.0, 15.0),
    "gi1": (((450, 60), (660, 60), (660, 180), (450, 180)), 1800, 0.8, 10.0, 20.0),
    "ge4": (((0, 180), (110, 180), (110, 300), (0, 300)), 1700, 0.6, 5.0, 10.0),
    "ge5": (((110, 180), (230, 180), (230, 330), (110, 330)), 1700, 0.6, 5.0, 10.0),
    "ge6": (((230, 180), (380, 180), (380, 350), (230, 350)), 1700, 0.8, 6.0, 12.0),
    "gi2": (((380, 180), (660, 180), (660, 360), (380, 360)), 1800, 0.8, 10.0, 22.0),
}
TEXTS = (
    (
        "1",
        "In den Gewerbegebieten GE 1 und GE 4 sind nur Betriebe zulässig, die das Wohnen nicht wesentlich stören. (Demo)",
    ),
    ("2", "Einzelhandel ist nur als Verkauf ab Werk auf höchstens 100 m² Verkaufsfläche zulässig. (Demo)"),
    (
        "3",
        "Flachdächer sind zu begrünen oder mit Photovoltaik zu belegen; beides zusammen ist zulässig. (Demo)",
    ),
    ("4", "Niederschlagswasser ist auf den Grundstücken zurückzuhalten und gedrosselt abzuleiten. (Demo)"),
    ("5", "Je fünf Stellplätze ist ein hochstämmiger Laubbaum zu pflanzen. (Demo)"),
    ("H1", "Vor Erdarbeiten ist die Kampfmittelfreiheit nachzuweisen. Dieser Plan ist erfunden. (Demo)"),
)


def sheet() -> Sheet:
    """Some 27 hectares, open to the north where the compensation area lies."""
    place = next(place for place in places() if place.ags == AGS)
    return Sheet(
        slug="riesa-hafenblick",
        kind="BP",
        name="Bebauungsplan Gewerbepark Hafenblick (Demo)",
        number="D-07",
        description="Erfundener Plan zur Vorführung: Gewerbe- und Industriegebiet mit Gleisanschluss und Rückhaltebecken.",
        places=(place,),
        head={"planArt": 10001, "rechtsstand": 2200, "aufstellungsbeschlussDatum": "2026-03-18"},
        outline=FRAME.area([(0, 20), (700, 20), (720, 250), (640, 420), (250, 430), (0, 330)]),
        areas=(*_ground(), *_blocks(), *_facilities(), *_streets()),
        overlays=(*_planting(), *_details()),
        texts=TEXTS,
        procedure={"verfahren": 1000},
    )


def _green(key: str, shape: Polygon, code: int, label: str) -> Area:
    return Area(
        key, "BP_GruenFlaeche", shape, {"zweckbestimmung": purpose("BP_KomplexeZweckbestGruen", code, label)}
    )


def _ground() -> tuple[Area, ...]:
    rails: dict[str, Value] = {"artDerFestlegung": 12004, "name": "Anschlussgleis (Demo)"}
    return (
        _green("belt", FRAME.box(-50, 0, 800, 480), 24004, "Grüngürtel"),
        Area("rails", "SO_Schienenverkehrsrecht", FRAME.box(-50, 20, 800, 44), rails, legal=NACHRICHTLICH),
    )


def _blocks() -> list[Area]:
    return [
        Area(key, "BP_BaugebietsTeilFlaeche", FRAME.area(corners), _use(key), window=(5.0, 60.0))
        for key, (corners, *_) in BLOCKS.items()
    ]


def _use(key: str) -> dict[str, Value]:
    _, kind, grz, mass, limit = BLOCKS[key]
    top = Struct("XP_Hoehenangabe", {"hoehenbezug": 2000, "hMax": metres(limit)})
    return {
        "hoehenangabe": top,
        "aufschrift": f"{key[:2].upper()} {key[2:]}",
        "refTextInhalt": [Ref("text-1"), Ref("text-2"), Ref("text-3")],
        "BMZ": mass,
        "GRZ": grz,
        "allgArtDerBaulNutzung": 3000,
        "besondereArtDerBaulNutzung": kind,
        "bauweise": 3000,
        "bauweiseText": "Gebäude dürfen länger als 50 m sein. (Demo)",
    }


def _facilities() -> tuple[Area, ...]:
    basin = purpose("BP_KomplexeZweckbestVerEntsorgung", 20000, "Rückhaltebecken Nord")
    station = purpose("BP_KomplexeZweckbestVerEntsorgung", 10001)
    fire = purpose("BP_KomplexeZweckbestGemeinbedarf", 24000, "Feuerwache")
    return (
        Area(
            "basin",
            "BP_VerEntsorgung",
            FRAME.area([(470, 366), (600, 366), (580, 410), (480, 412)]),
            {"zweckbestimmung": basin},
        ),
        Area("station", "BP_VerEntsorgung", FRAME.box(8, 66, 24, 82), {"zweckbestimmung": station}),
        Area(
            "fire",
            "BP_GemeinbedarfsFlaeche",
            FRAME.box(8, 192, 62, 240),
            {"GRZ": 0.6, "Z": 2, "zweckbestimmung": fire},
            (4.0, 20.0),
        ),
        _green("swale", FRAME.strip([(300, 60), (302, 180)], 14), 24000, "Mulde"),
    )


def _streets() -> list[Area]:
    loop = FRAME.point(600, 268).buffer(16, quad_segs=6)
    return [
        street("feeder", FRAME.strip([(-40, 52), (800, 52)], 14), "Am Anschlussgleis (Demo)"),
        street(
            "main", FRAME.strip([(-40, 182), (380, 182), (690, 186), (760, 190)], 16), "Hafenblick (Demo)"
        ),
        street("west", FRAME.strip([(150, 45), (150, 182)], 12), "Schlosserweg (Demo)"),
        street("east", FRAME.strip([(450, 45), (450, 186)], 12), "Gießerweg (Demo)"),
        street("north", FRAME.strip([(232, 182), (236, 300), (238, 360)], 11), "Dreherweg (Demo)"),
        street(
            "spur", joined(FRAME.strip([(382, 182), (384, 268), (604, 268)], 11), loop), "Walzerweg (Demo)"
        ),
        street(
            "cycle",
            FRAME.strip([(-20, 322), (238, 372), (430, 376), (640, 372), (740, 366)], 4),
            "Radweg Nord (Demo)",
            code=14004,
        ),
        street("trucks", FRAME.box(610, 196, 655, 240), "Lkw-Parkplatz (Demo)", code=16000),
    ]


def _planting() -> list[Overlay]:
    main = row_of_points(FRAME.line([(20, 193), (216, 193)]), every=28)
    east = row_of_points(FRAME.line([(400, 172), (640, 174)]), every=30)
    return [
        *(tree(f"west-tree-{i}", at, "Spitzahorn (Acer platanoides)") for i, at in enumerate(main)),
        *(tree(f"east-tree-{i}", at, "Hainbuche (Carpinus betulus)") for i, at in enumerate(east)),
        shrubs(
            "hedge", FRAME.box(4, 300, 100, 312), "Feldhecke aus heimischen Sträuchern, 5 m breit. (Demo)"
        ),
        shrubs("alder", FRAME.box(606, 382, 640, 402), "Erlengruppe erhalten. (Demo)", keep=True),
    ]


def _details() -> list[Overlay]:
    lizards = Struct(
        "XP_SPEMassnahmenDaten",
        {"klassifizMassnahme": 2200, "massnahmeText": "Trockenrasen mit Steinriegeln (Demo)"},
    )
    heights = [(150, 182, 98.4), (300, 182, 98.2), (450, 184, 97.9), (600, 268, 97.6)]
    return [
        *(height(f"height-{i}", FRAME.point(x, y), nhn) for i, (x, y, nhn) in enumerate(heights)),
        Overlay(
            "lizards",
            "BP_AusgleichsFlaeche",
            FRAME.area([(262, 382), (440, 384), (440, 418), (262, 424)]),
            {"ziel": 3000, "massnahme": lizards},
        ),
        Overlay(
            "pipe",
            "BP_Wegerecht",
            FRAME.box(520, 64, 526, 176),
            {"typ": 4000, "zugunstenVon": "Leitungsträger", "breite": metres(6)},
        ),
        Overlay(
            "quiet",
            "BP_Immissionsschutz",
            FRAME.box(0, 60, 40, 300),
            {"nutzung": "Nur lärmarme Nutzungen nach Westen (Demo)", "typ": 1000},
        ),
        Overlay("limit", "BP_NutzungsartenGrenze", FRAME.line([(500, 196), (500, 260)]), {"typ": 2000}),
    ]
