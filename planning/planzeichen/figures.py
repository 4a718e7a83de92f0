"""Figures of the Planzeichen, drawn by us from the Anlage to the PlanZV: paths in millimetres around (0, 0), y down."""

from planning.planzeichen.model import Figure, Part

INK = "#1a1a1a"
PAPER = "#ffffff"
PLANT = "#39d24f"  # Grün dunkel

_PLATE = Part("M-3 -2H3V2H-3Z", fill=INK)
_SQUARE = Part("M-2.2 -2.2H2.2V2.2H-2.2Z", fill=INK)
_PAPER_BOX = Part("M-3.2 -2.2H3.2V2.2H-3.2Z", fill=PAPER, stroke=INK)
_DISC = Part("M-2.6 0A2.6 2.6 0 1 1 2.6 0A2.6 2.6 0 1 1 -2.6 0Z", fill=PAPER, stroke=INK, width=0.3)
_DARK_DISC = Part("M-2.6 0A2.6 2.6 0 1 1 2.6 0A2.6 2.6 0 1 1 -2.6 0Z", fill=INK)
_STADIUM = "M-1 -1H1A1 1 0 0 1 1 1H-1A1 1 0 0 1 -1 -1Z"
_BUCKET = "M-1 -.5H1L.65 1.4H-.65Z"
_HANDLE = "M-.95 -.5A.95 .9 0 0 1 .95 -.5"
_CLOUD = "M-1.55 1.05A1.2 1.2 0 1 1 -1.3 -1.1A1.5 1.5 0 0 1 1.3 -1.1A1.2 1.2 0 1 1 1.55 1.05A1.5 1.5 0 0 1 -1.55 1.05Z"


def _plate(*parts: str, strokes: tuple[str, ...] = ()) -> Figure:
    """White on a dark plate, Nr. 4.1 and 4.2."""
    lines = (Part(d, stroke=PAPER, width=0.35) for d in strokes)
    return Figure(6, 4, (_PLATE, *(Part(d, fill=PAPER) for d in parts), *lines))


def _dark_square(*parts: Part) -> Figure:
    return Figure(4.4, 4.4, (_SQUARE, *parts))


def _framed(*parts: Part) -> Figure:
    """Dark in a white box, Nr. 9."""
    return Figure(6.4, 4.4, (_PAPER_BOX, *parts))


def _disc(*parts: Part) -> Figure:
    return Figure(5.2, 5.2, (_DISC, *parts))


def _tree(*parts: Part) -> Figure:
    crown = Part("M-2 0A2 2 0 1 1 2 0A2 2 0 1 1 -2 0Z", fill=PLANT, stroke=INK)
    return Figure(4, 4, (crown, *parts))


def _shrub(*parts: Part) -> Figure:
    return Figure(5, 3, (Part(_CLOUD, fill=PLANT, stroke=INK), *parts))


def _dots(*places: tuple[float, float], radius: float = 0.3) -> tuple[Part, ...]:
    d = "".join(
        f"M{x - radius} {y}a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0 {-2 * radius} 0Z"
        for x, y in places
    )
    return (Part(d, fill=INK),)


_RING = Part("M-.35 0A.35 .35 0 1 1 .35 0A.35 .35 0 1 1 -.35 0Z", fill=PAPER, stroke=INK)
_DOT = _dots((0, 0), radius=0.4)
_PLANTED_BOX = Part("M-1.4 -.55H1.4V.55H-1.4Z", stroke=INK)

GEMEINBEDARF = {
    "verwaltung": _plate("M-1.5 0A1.5 1.5 0 1 1 1.5 0A1.5 1.5 0 1 1 -1.5 0Z"),
    "schule": _plate("M0 -1.5L1.75 1.35H-1.75Z"),
    "kirche": _plate("M-1.1 0A1.1 1.1 0 1 1 1.1 0A1.1 1.1 0 1 1 -1.1 0Z", "M-.4 -1.7H.4V1.7H-.4Z", "M-1.7 -.4H1.7V.4H-1.7Z"),
    "soziales": _plate("M0 -1.5L1.7 -.9V.9L0 1.5L-1.7 .9V-.9Z"),
    "gesundheit": _plate("M-.65 -1.6H.65V-.65H1.6V.65H.65V1.6H-.65V.65H-1.6V-.65H-.65Z"),
    "kultur": _plate("M0 1.5L1.75 -1.35H-1.75Z"),
    "sport": _plate("M-1.1 -1H1.1A1 1 0 0 1 1.1 1H-1.1A1 1 0 0 1 -1.1 -1Z"),
    "post": _plate(
        "M-2 -1.1L-1 -.6V.3L-2 -.1Z",
        strokes=("M-1 -.2V.2A1 1 0 1 0 1 .2V-.6H1.8", "M-.5 .2A.5 .5 0 1 1 .5 .2A.5 .5 0 1 1 -.5 .2Z"),
    ),
    "schutzbauwerk": _plate("M-1.2 1.5C-1.2 -.5 -.7 -1.5 0 -1.5C.7 -1.5 1.2 -.5 1.2 1.5Z"),
    "feuerwehr": _plate("M-.75 -1.5H1V-.8H0V-.3H.8V.35H0V1.5H-.75Z"),
    "sportanlage": _plate("M-1.1 -1H1.1A1 1 0 0 1 1.1 1H-1.1A1 1 0 0 1 -1.1 -1Z"),
    "spielanlage": _plate(_BUCKET, strokes=(_HANDLE,)),
}  # fmt: skip

VERKEHR = {
    "parken": _dark_square(Part("M-.95 -1.6H.3A.95 .95 0 0 1 .3 .35H-.3V1.6H-.95ZM-.3 -1.05V-.2H.2A.42 .42 0 0 0 .2 -1.05Z", fill=PAPER)),
    "fussgaenger": _dark_square(
        Part("M-.35 -1.5A.35 .35 0 1 1 .35 -1.5A.35 .35 0 1 1 -.35 -1.5Z", fill=PAPER),
        Part("M0 -1V.35M0 .3L-.75 1.8M0 .3L.75 1.8M0 -.8L-.8 .1M0 -.8L.85 -.05", stroke=PAPER, width=0.42),
    ),
    "verkehrsberuhigt": _dark_square(Part("M-1.35 -1.5H-.65L0 .6L.65 -1.5H1.35L.35 1.5H-.35Z", fill=PAPER)),
    "einfahrt": Figure(2.4, 2, (Part("M-1.1 -.9H1.1L0 1Z", fill=INK),)),
    "flugzeug": _disc(Part("M-.25 -1.9H.25L.3 -.6L1.9 .1V.55L.3 .3L.2 1.2L.75 1.6V1.9L0 1.75L-.75 1.9V1.6L-.2 1.2L-.3 .3L-1.9 .55V.1L-.3 -.6Z", fill=INK)),
    "segelflug": _disc(Part("M-1.8 .3C-1.2 -.6 -.5 -.6 0 .1C.5 -.6 1.2 -.6 1.8 .3C1.1 -.1 .5 .1 0 .7C-.5 .1 -1.1 -.1 -1.8 .3Z", fill=INK)),
    "hubschrauber": _disc(Part("M0 0L0 -1.8M0 0L1.55 .9M0 0L-1.55 .9", stroke=INK, width=0.45), *_dots((0, 0), radius=0.35)),
}  # fmt: skip

VERSORGUNG = {
    "elektrizitaet": _disc(Part("M.35 -2.55A2.6 2.6 0 1 0 .1 2.6L.35 .1L-.15 .2Z", fill=INK)),
    "gas": Figure(5.2, 5.2, (_DARK_DISC, Part("M-2.28 -1.2H2.28A2.55 2.55 0 0 1 2.28 1.2H-2.28A2.55 2.55 0 0 1 -2.28 -1.2Z", fill=PAPER))),
    "fernwaerme": Figure(5.2, 5.2, (_DARK_DISC, Part("M-1.2 -2.2V2.2A2.5 2.5 0 0 0 1.2 2.2V-2.2A2.5 2.5 0 0 0 -1.2 -2.2Z", fill=PAPER))),
    "wasser": _disc(Part("M-2.3 1.2C-1.4 .5 -.6 .9 0 1.1C.9 1.4 1.5 1.1 2.35 1.1A2.6 2.6 0 0 1 -2.3 1.2Z", fill=INK)),
    "abwasser": _disc(Part("M-1.95 -1.72H1.95L2.38 -1.05H-2.38Z", fill=INK)),
    "abfall": Figure(5.2, 5.2, (_DARK_DISC, Part("M0 -2.1L1.85 1.1H-1.85Z", fill=PAPER))),
    "ablagerung": Figure(5.2, 5.2, (_DARK_DISC, Part("M0 -2.4L2.4 0L0 2.4L-2.4 0Z", fill=PAPER))),
}  # fmt: skip

GRUEN = {
    "parkanlage": _framed(*_dots((-2, -1.1), (-1.2, -1.1), (-1.6, -.45), (1.2, -1.1), (2, -1.1), (1.6, -.45), (-.4, .8), (.4, .8), (0, 1.45))),
    "zeltplatz": _framed(Part("M-.35 -1.6L1.3 1.5H-1.3L.35 -1.6", stroke=INK, width=0.25)),
    "kleingarten": _framed(Part("M-3.2 0H3.2M-1.07 -2.2V2.2M1.07 -2.2V2.2", stroke=INK), *_dots((-2.1, -1.1), (0, -1.1), (2.1, -1.1), (-2.1, 1.1), (0, 1.1), (2.1, 1.1), radius=0.22)),
    "badeplatz": _framed(*(Part(f"M-2.5 {y}q.62 -.7 1.25 0t1.25 0t1.25 0t1.25 0", stroke=INK) for y in (-1.1, -.4, .3, 1, 1.6))),
    "sportplatz": _framed(Part("M-1.1 -1.2H1.1A1.2 1.2 0 0 1 1.1 1.2H-1.1A1.2 1.2 0 0 1 -1.1 -1.2Z", stroke=INK, width=0.25)),
    "friedhof": _framed(Part("M-1.7 -1.6V0M-2.3 -1.05H-1.1M1.7 -1.6V0M1.1 -1.05H2.3M0 .1V1.7M-.6 .65H.6", stroke=INK, width=0.25)),
    "spielplatz": _framed(Part(_BUCKET, stroke=INK), Part(_HANDLE, stroke=INK)),
}  # fmt: skip

PFLANZEN = {
    "baum-pflanzen": _tree(_RING),
    "baum-erhalten": _tree(*_DOT),
    "strauch-pflanzen": _shrub(_RING),
    "strauch-erhalten": _shrub(*_DOT),
    "sonstiges-pflanzen": _shrub(_PLANTED_BOX),
    "sonstiges-erhalten": _shrub(_PLANTED_BOX, *_DOT),
}

FRAMES = {
    "kreis": Figure(5.2, 5.2, (_DISC,), text_size=2.4),
    "quadrat": Figure(4.4, 4.4, (Part("M-2.2 -2.2H2.2V2.2H-2.2Z", fill=PAPER, stroke=INK, width=0.35),), text_size=2.6),
    "dreieck": Figure(5.2, 4.6, (Part("M0 -2.7L2.7 1.9H-2.7Z", fill=PAPER, stroke=INK),), text_size=1.9),
    "kasten": Figure(9, 3.6, (Part("M-4.5 -1.8H4.5V1.8H-4.5Z", fill=PAPER, stroke=INK, width=0.3),), text_size=2),
    "schrift": Figure(6, 3, (), text_size=3.2),
}  # fmt: skip

SONSTIGE = {
    "aufschuettung": _disc(Part("M-2.6 0H2.6", stroke=INK), Part("M-.9 -1.3H.9V0H-.9Z", fill=INK)),
    "abgrabung": _disc(Part("M-2.6 0H2.6", stroke=INK), Part("M-.9 0H.9V1.3H-.9Z", fill=INK)),
    "altlast": _disc(Part("M-2.6 -2.6L2.6 2.6M2.6 -2.6L-2.6 2.6", stroke=INK, width=0.9)),
    "hoehenlage": Figure(1.8, 1.8, (Part("M-.7 0A.7 .7 0 1 1 .7 0A.7 .7 0 1 1 -.7 0ZM-.9 0H.9M0 -.9V.9", stroke=INK),)),
    "punkt": Figure(2.4, 2.4, (Part("M-1 0A1 1 0 1 1 1 0A1 1 0 1 1 -1 0Z", fill=PAPER, stroke=INK, width=0.35),)),
    "pfeil": Figure(8, 2, (Part("M-4 0H4M-4 0L-3 -.7M-4 0L-3 .7M4 0L3 -.7M4 0L3 .7", stroke=INK, width=0.3),)),
}  # fmt: skip

# Along outlines: x along the line, y into the area. Of M, L, H, V, C and Z alone: `stamping` turns them for each place.
ALONG = {
    "t-stueck": Figure(2, 1.6, (Part("M0 0V1.3M-.9 1.3H.9", stroke=INK),)),
    "ring": Figure(1, 1, (Part("M-.45 0C-.45 -.249 -.249 -.45 0 -.45C.249 -.45 .45 -.249 .45 0C.45 .249 .249 .45 0 .45C-.249 .45 -.45 .249 -.45 0Z", fill=PAPER, stroke=INK),)),
    "scheibe": Figure(1, 1, (Part("M-.45 0C-.45 -.249 -.249 -.45 0 -.45C.249 -.45 .45 -.249 .45 0C.45 .249 .249 .45 0 .45C-.249 .45 -.45 .249 -.45 0Z", fill=INK),)),
    "perle": Figure(1, 1, (Part("M-.5 0C-.5 -.276 -.276 -.5 0 -.5C.276 -.5 .5 -.276 .5 0C.5 .276 .276 .5 0 .5C-.276 .5 -.5 .276 -.5 0Z", fill=INK),)),
    "tupfen": Figure(0.4, 0.4, (Part("M-.18 0C-.18 -.099 -.099 -.18 0 -.18C.099 -.18 .18 -.099 .18 0C.18 .099 .099 .18 0 .18C-.099 .18 -.18 .099 -.18 0Z", fill=INK),)),
    "striche": Figure(2, 1.5, (Part("M-.9 0V1.5M-.3 0V1.5M.3 0V1.5M.9 0V1.5", stroke=INK),)),
    "welle": Figure(3, 1.5, (Part("M-1.5 1.5C-1 .767 -.5 .767 0 1.5C.5 2.233 1 2.233 1.5 1.5", stroke=INK),)),
    "sprosse": Figure(0.2, 1.4, (Part("M0 0V1.4", stroke=INK),)),
    "kamm": Figure(2, 1.6, (Part("M-1 0V1.4H0V.3H1V0", stroke=INK),)),
    "zacke-auf": Figure(2, 1.8, (Part("M-1 1.8H1L0 0Z", fill=INK),)),
    "zacke-ab": Figure(2, 1.8, (Part("M-1 0H1L0 1.8Z", fill=INK),)),
    "feld": Figure(3, 1.2, (Part("M-1.3 0V1.2H1.3V0", stroke=INK),)),
    "dreieck-voll": Figure(2.4, 1.4, (Part("M-1.2 0H1.2L0 1.4Z", fill=INK),)),
    "dreieck-leer": Figure(2.4, 1.4, (Part("M-1.2 0L0 1.4L1.2 0", stroke=INK),)),
    "kreuz": Figure(1.6, 1.6, (Part("M-.7 .1L.7 1.5M.7 .1L-.7 1.5", stroke=INK),)),
    "halbkreis": Figure(1.4, 0.7, (Part("M-.7 0C-.7 .387 -.387 .7 0 .7C.387 .7 .7 .387 .7 0Z", fill=INK),)),
    "raute-voll": Figure(1.2, 1.2, (Part("M-.6 0L0 -.6L.6 0L0 .6Z", fill=INK),)),
    "raute-leer": Figure(1.2, 1.2, (Part("M-.6 0L0 -.6L.6 0L0 .6Z", fill=PAPER, stroke=INK),)),
    "schiene": Figure(1.2, 1, (Part("M-.3 0V-1M.3 0V-1", stroke="#8f3d95"),)),
    "seilbahn": Figure(1, 1, (Part("M-.5 0C-.5 -.276 -.276 -.5 0 -.5C.276 -.5 .5 -.276 .5 0C.5 .276 .276 .5 0 .5C-.276 .5 -.5 .276 -.5 0Z", fill=PAPER, stroke="#8f3d95"),)),
    "flugstrich": Figure(0.8, 1.6, (Part("M-.3 0V1.5M.3 0V1.5", stroke=INK),)),
    "boeschung": Figure(2.4, 2.4, (Part("M-.6 0V2.2M.6 0V1", stroke=INK),)),
    "mauer": Figure(1, 0.8, (Part("M-.4 .8L.4 0", stroke=INK),)),
}  # fmt: skip

FIGURES: dict[str, Figure] = {
    **GEMEINBEDARF, **VERKEHR, **VERSORGUNG, **GRUEN, **PFLANZEN, **FRAMES, **SONSTIGE, **ALONG,
}  # fmt: skip
