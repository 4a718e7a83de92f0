"""Letters of the Planzeichen: kind of use, and the Nutzungsschablone (Nr. 1 to 3 of the Anlage to the PlanZV)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from planning.planzeichen.rules import codes
from planning.xplanung.plans import as_list, text_of

LENGTH = 24  # characters of one entry; a longer text is for the panel, not for the drawing
ROWS, COLUMNS = 4, 2
_SPECIAL = {
    "1000": "WS", "1100": "WR", "1200": "WA", "1300": "WB", "1400": "MD", "1450": "MDW", "1500": "MI", "1550": "MU", "1600": "MK",
    "1700": "GE", "1800": "GI", "2000": "SO", "2100": "SO", "3000": "SO", "4000": "SO",
}  # fmt: skip
_GENERAL = {"1000": "W", "2000": "M", "3000": "G", "4000": "S"}
_LEISURE = {"1000": "WOCH", "1100": "FERIEN", "1200": "CAMPING", "1300": "KUR", "1500": "EINZELHANDEL", "1600": "EINZELHANDEL", "16000": "LADEN", "16001": "EKZ", "1800": "HAFEN", "1900": "ENERGIE", "2000": "BUND", "2200": "SPORT", "2300": "SOZIALES", "23000": "KLINIK", "2400": "GOLF", "2500": "KULTUR", "2600": "TOURISMUS", "2700": "BÜRO", "2800": "HOCHSCHULE", "2900": "MESSE"}  # fmt: skip
_STYLE = {"1000": "o", "2000": "g", "3000": "a"}
_HOUSES = {"1000": "E", "2000": "D", "3000": "H", "4000": "ED", "5000": "EH", "6000": "DH", "7000": "R"}
_STYLE_NUMBERS = {"o": "3.1", "g": "3.2", "a": "3.3"}
_HOUSE_NUMBERS = {"E": "3.1.1", "D": "3.1.2", "H": "3.1.3", "ED": "3.1.4"}
MEASURES = {
    "2.1": "Geschossflächenzahl",
    "2.2": "Geschossfläche",
    "2.3": "Baumassenzahl",
    "2.4": "Baumasse",
    "2.5": "Grundflächenzahl",
    "2.6": "Grundfläche",
    "2.7": "Zahl der Vollgeschosse (im Kreis: zwingend)",
    "2.8": "Höhe baulicher Anlagen",
    "3.1": "Offene Bauweise",
    "3.1.1": "nur Einzelhäuser zulässig",
    "3.1.2": "nur Doppelhäuser zulässig",
    "3.1.3": "nur Hausgruppen zulässig",
    "3.1.4": "nur Einzel- und Doppelhäuser zulässig",
    "3.2": "Geschlossene Bauweise",
    "3.3": "Abweichende Bauweise",
}
_HEIGHTS = {"1000": "TH", "2000": "FH", "3000": "OK", "3500": "LH", "5000": "H", "6000": "GH", "6500": "WH"}
_RIGHTS = "GFRL"  # Geh-, Fahr-, Radfahr-, Leitungsrecht
_OWNERS = {"1000": ("privat",), "2000": ("öffentlich",)}
_ZONES = ("I", "II", "III", "IV", "V", "VI", "VII")
_LABELS: Mapping[str, tuple[str, Mapping[str, tuple[str, ...]]]] = {
    "GruenFlaeche": ("nutzungsform", _OWNERS),  # Nr. 9 wants it said
    "Wegerecht": ("typ", {"1000": ("G",), "2000": ("F",), "2500": ("R",), "3000": ("G", "F"), "4000": ("L",), "4100": ("G", "L"), "4200": ("F", "L"), "5000": ("G", "F", "L")}),
    "Immissionsschutz": ("laermpegelbereich", {f"1{place}00": (f"LPB {zone}",) for place, zone in enumerate(_ZONES)}),
}  # fmt: skip
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_SPOKEN = frozenset(
    ("besondereArtDerBaulNutzung", "allgArtDerBaulNutzung", "bauweise", "bebauungsArt", "hoehenangabe", "Z", "Zmin", "Zmax", "Zzwingend")
) | {f"{name}{end}" for name in ("GRZ", "GFZ", "BMZ", "GR", "GF", "BM") for end in ("", "min", "max")}  # fmt: skip
_RATIOS = ("GRZ", "GFZ", "BMZ")  # written with one decimal at least
_NUMBER = re.compile(r"^-?\d{1,7}(\.\d{1,6})?$")
_STOREYS = 60  # more is a mistake in the file


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of the Nutzungsschablone. frame: kreis (GFZ, binding values), kasten (BMZ), dreieck (kind of houses) or none;
    number: of the Anlage to the PlanZV."""

    text: str
    frame: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Lettering:
    """head: the kind of use, with its lines; cells: measures and Bauweise, row by row, two beside each other."""

    head: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()

    @property
    def is_template(self) -> bool:
        return bool(self.cells)


def lettering_of(feature_type: str, properties: Mapping[str, Any]) -> Lettering:
    label = _label(feature_type[3:], properties)
    if label:
        return Lettering(cells=(Cell(label),))
    if _SPOKEN.isdisjoint(properties):  # most objects of a large plan
        return Lettering()
    return Lettering(tuple(_head(properties)), tuple(_cells(properties))[: ROWS * COLUMNS])


def _label(name: str, properties: Mapping[str, Any]) -> str:
    """What stands in the drawing for one property alone: öffentliche or private Grünfläche, rights of way, noise level, a measure."""
    if name == "AbstandsMass":
        return decimal(text_of(properties.get("wert")))
    source, letters = _LABELS.get(name, ("", {}))
    found = {letter for code in codes(properties, source) for letter in letters.get(code, ())}
    return " ".join(sorted(found, key=_RIGHTS.find)) if name == "Wegerecht" else " ".join(sorted(found))


def _head(properties: Mapping[str, Any]) -> Iterator[str]:
    use = next(
        (_SPECIAL[code] for code in codes(properties, "besondereArtDerBaulNutzung") if code in _SPECIAL), ""
    )
    use = use or next(
        (_GENERAL[code] for code in codes(properties, "allgArtDerBaulNutzung") if code in _GENERAL), ""
    )
    if use:
        yield " ".join(filter(None, (use, short(text_of(properties.get("gliederung1"))))))
    if use in ("SO", "S"):
        for name in ("sondernutzung", "sonderNutzung"):
            yield from (_LEISURE[code] for code in codes(properties, name)[:1] if code in _LEISURE)
    homes = text_of(properties.get("MaxZahlWohnungen"))
    if use and _NUMBER.match(homes):
        yield f"{homes} Wo"


def _cells(properties: Mapping[str, Any]) -> Iterator[Cell]:
    storeys = _storeys(properties)
    if storeys:
        yield storeys
    for name, frame, number in (("GRZ", "", "2.5"), ("GFZ", "kreis", "2.1"), ("BMZ", "kasten", "2.3")):
        text = _span(properties, name)
        if text:
            yield Cell(text, frame, number)
    for name, unit, number in (("GR", "m²", "2.6"), ("GF", "m²", "2.2"), ("BM", "m³", "2.4")):
        text = _span(properties, name)
        if text:
            yield Cell(f"{name} {text} {unit}", "", number)
    style = next((_STYLE[code] for code in codes(properties, "bauweise") if code in _STYLE), "")
    if style:
        yield Cell(style, "", _STYLE_NUMBERS[style])
    houses = next((_HOUSES[code] for code in codes(properties, "bebauungsArt") if code in _HOUSES), "")
    if houses:
        yield Cell(houses, "dreieck", _HOUSE_NUMBERS.get(houses, "3.1"))
    yield from _heights(properties)


def _storeys(properties: Mapping[str, Any]) -> Cell | None:
    """Z as Roman numerals: binding in a circle, from one number to another with a dash."""
    binding = roman(text_of(properties.get("Zzwingend")))
    if binding:
        return Cell(binding, "kreis", "2.7")
    low, high = roman(text_of(properties.get("Zmin"))), roman(text_of(properties.get("Zmax")))
    if low and high:
        return Cell(f"{low}–{high}", "", "2.7")
    text = roman(text_of(properties.get("Z"))) or high
    return Cell(text, "", "2.7") if text else None


def roman(text: str) -> str:
    """ "3" -> "III"; empty for anything that is no number of storeys."""
    if not text.isascii() or not text.isdecimal() or len(text) > 2 or not 0 < int(text) <= _STOREYS:
        return ""
    left, found = int(text), ""
    for value, letters in _ROMAN:
        found += letters * (left // value)
        left %= value
    return found


def _span(properties: Mapping[str, Any], name: str) -> str:
    value, low, high = (decimal(text_of(properties.get(each))) for each in (name, f"{name}min", f"{name}max"))
    if name in _RATIOS:
        value, low, high = (f"{each},0" if each.isdecimal() else each for each in (value, low, high))
    return value or (f"{low}–{high}" if low and high else high or low)


def decimal(text: str) -> str:
    """ "0.40" -> "0,4"; empty for what is no number, as NaN."""
    if not _NUMBER.match(text):
        return ""
    whole, _separator, rest = text.partition(".")
    rest = rest.rstrip("0")
    return f"{whole},{rest}" if rest else whole


def _heights(properties: Mapping[str, Any]) -> Iterator[Cell]:
    for given in as_list(properties.get("hoehenangabe")):
        if not isinstance(given, Mapping):
            continue
        words = _HEIGHTS.get(text_of(given.get("bezugspunkt")), "H")
        for name, frame, least in (
            ("hZwingend", "kreis", ""),
            ("hMax", "", ""),
            ("h", "", ""),
            ("hMin", "", "mind. "),
        ):
            value = decimal(text_of(given.get(name)))
            if value:
                yield Cell(f"{words} {least}{value} m", frame, "2.8")
                break


def short(text: str) -> str:
    return text if len(text) <= LENGTH else f"{text[: LENGTH - 1]}…"
