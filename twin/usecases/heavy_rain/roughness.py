"""Friction by land use: which column says it, and Manning's n of what it says. No Django.

Values: Chow (1959), Open-Channel Hydraulics, table 5-6, the normal ones; built-up areas are assumed as lawn and gardens between hard
surfaces. German tables tell kSt (Strickler) = 1 / n."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.catalogue.formats.attributes import number_of
from twin.hydro.case import Grid

LIMITS = (0.005, 1.0)  # s/m^(1/3) that are meant; smooth glass has 0.010
CLASSES = (  # n, and parts of words in small letters; the first that fits
    (0.025, ("bahnverkehr", "schiene", "gleis", "schotter", "kies")),  # gravel
    (0.10, ("gehölz", "gehoelz", "gebüsch", "gebuesch", "hecke", "wald", "forst")),  # dense brush, timber
    (0.035, ("spielplatz", "sport", "camping", "garten", "friedhof", "freizeit", "erholung", "grünanlage", "gruenanlage", "grünfläche", "gruenflaeche")),  # high grass
    (0.016, ("straße", "strasse", "verkehr", "weg", "platz", "asphalt", "beton", "pflaster")),  # rough asphalt
    (0.10, ("moor", "sumpf", "röhricht", "roehricht", "schilf")),  # very weedy
    (0.030, ("grünland", "gruenland", "wiese", "weide", "rasen", "gras", "park", "heide")),  # short grass
    (0.035, ("acker", "landwirtschaft", "feld", "weinbau", "obst")),  # row crops
    (0.030, ("gewässer", "gewaesser", "fluss", "bach", "see", "teich", "graben")),  # a clean, straight stream
    (0.05, ("wohn", "misch", "gewerbe", "industrie", "siedlung", "bebau", "gebäude", "gebaeude", "funktional")),  # assumed
)  # fmt: skip
MANNING = ("manning", "manningn", "rauheit", "n")  # names of columns, in small letters without signs
STRICKLER = ("kst", "strickler", "kstwert")
USES = ("nutzung", "nutzungsart", "landnutzung", "klasse", "art", "bezeichnung", "objektart", "nutzart", "vegetationsmerkmal")  # fmt: skip


@dataclass(frozen=True)
class Column:
    """kind: what its values are: "manning", "strickler" or "use"."""

    name: str
    kind: str


class BadLandUse(ValueError):
    """Why land use gives no friction. code: "column" (value: the one that was stated), "value", "unknown"."""

    def __init__(self, code: str, value: str = "") -> None:
        super().__init__(f"{code}: {value}")
        self.code, self.value = code, value


def column(names: Sequence[str], stated: str = "") -> Column:
    """The one that is stated, or the first that is known. Raises BadLandUse."""
    plain = {_plain(name): name for name in names}
    kinds = {each: kind for kind, known in (("manning", MANNING), ("strickler", STRICKLER), ("use", USES)) for each in known}  # fmt: skip
    if stated:
        if stated not in names:
            raise BadLandUse("column", stated)
        return Column(stated, kinds.get(_plain(stated), "use"))
    found = next((each for each in kinds if each in plain), None)
    if found is None:
        raise BadLandUse("column")
    return Column(plain[found], kinds[found])


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def frictions(of: Column, texts: Iterable[str | None]) -> dict[str, float | None]:
    """Manning's n of each value of the column; None: no class is known by it. Raises BadLandUse where none is, or a number can't be meant."""
    found = {text: _by_name(text) if of.kind == "use" else _by_number(text, of.kind) for text in sorted(set(filter(None, texts)))}  # fmt: skip
    if not any(found.values()):
        raise BadLandUse("unknown", ", ".join(list(found)[:5]))
    return found


def _by_name(text: str) -> float | None:
    bare = text.casefold()
    return next((n for n, parts in CLASSES if any(part in bare for part in parts)), None)


def _by_number(text: str, kind: str) -> float:
    number = number_of(text)
    manning = 1 / number if number and kind == "strickler" else number
    if manning is None or not LIMITS[0] <= manning <= LIMITS[1]:
        raise BadLandUse("value", text[:40])
    return manning


def grid(numbers: NDArray[np.int32], mannings: Sequence[float | None], default: float) -> Grid:
    """numbers: of the value in each cell, from 1 on, 0 where no land use lies."""
    table = np.array([default, *(default if n is None else n for n in mannings)], np.float32)
    return table[numbers]


def told(numbers: NDArray[np.int32], active: NDArray[np.bool_], found: Mapping[str, float | None], default: float) -> list[dict[str, Any]]:  # fmt: skip
    """Per cent of the area by value, the largest first. name: None where no land use lies; known: its friction is its own."""
    counts = np.bincount(numbers[active], minlength=len(found) + 1)
    rows = [(None, None), *found.items()]
    shares = [
        {"name": name, "known": n is not None, "manning": default if n is None else n, "percent": round(100 * count / counts.sum(), 2)}
        for (name, n), count in zip(rows, counts.tolist(), strict=True) if count
    ]  # fmt: skip
    return sorted(shares, key=lambda each: -float(each["percent"] or 0))
