"""Rows of a table of water levels, as authorities deliver them -> entries: which column holds what. No Django.

Long tables have a row for each station and class (FLYS), wide ones a row for each station and a column for each class (HQ100, w_HQ100)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from twin.catalogue.formats.attributes import number_of
from twin.usecases.river_flood.profile import BadProfile, Entry, Rating, meaning, rating

Row = Mapping[str, Any]
# Names that columns have, in small letters without signs; the first that there is counts.
STATION = (
    "km",
    "station",
    "stationkm",
    "flusskm",
    "flusskilometer",
    "elbekm",
    "rkm",
    "gewaesserkm",
    "kilometer",
    "stationierung",
)
LEVEL = (
    "wmnhn",
    "wnhn",
    "wmnn",
    "wsp",
    "wspl",
    "wspmnhn",
    "wasserspiegel",
    "wasserspiegellage",
    "wasserstand",
    "level",
    "w",
)
CLASS = ("dischargeclass", "klasse", "abflussklasse", "hauptwert", "szenario", "class", "abfluss", "lastfall")
DISCHARGE = ("qm3s", "q", "abflussm3s", "durchfluss", "discharge", "abfluss")
STAGE = ("wcm", "wasserstandcm", "pegelcm", "stagecm", "w", "wasserstand")
CREST = ("krone", "kronenhoehe", "kronemnhn", "crest", "okmnhn", "ok", "hoehemnhn", "hoehe")
_BEFORE = re.compile(r"(?:wspl?|w)[ _.-]*(?=\d|[mh]n?h?q)", re.IGNORECASE)


def plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def column(names: Sequence[str], known: Sequence[str], *, stated: str = "", end: str = "") -> str | None:
    """The one that a person stated; else the first with a known name; else one that ends so. Raises BadProfile where the stated one is missing."""
    if stated:
        if stated not in names:
            raise BadProfile("column", name=stated, names=names)
        return stated
    found = {plain(name): name for name in reversed(names)}
    ending = (name for bare, name in found.items() if end and bare.endswith(end))
    return next((found[bare] for bare in known if bare in found), next(ending, None))


def number(value: Any) -> float | None:
    """Of a number, or of a text as people write it (decimal comma); None for what is none, such as "k.A."."""
    if isinstance(value, bool) or value is None:
        return None
    return float(value) if isinstance(value, int | float) else number_of(str(value))


def station_column(names: Sequence[str], stated: str = "") -> str:
    """Raises BadProfile."""
    found = column(names, STATION, stated=stated, end="km")
    if found is None:
        raise BadProfile("no_station", names=names)
    return found


def entries(rows: Sequence[Row], *, station: str = "", level: str = "", name: str = "") -> Iterator[Entry]:
    """station, level, name: columns as a person states them. Rows without a number are left out. Raises BadProfile."""
    names = list(dict.fromkeys(key for row in rows for key in row))
    at = station_column(names, station)
    kind, held = column(names, CLASS, stated=name), column(names, LEVEL, stated=level)
    flow = column([each for each in names if each != kind], DISCHARGE)
    wide = {each: bare for each in names if meaning(bare := _BEFORE.sub("", each, count=1))[0]}
    if kind is not None and held is not None:
        yield from _long(rows, at, kind=kind, held=held, flow=flow)
    elif wide and not (kind or level):
        yield from _wide(rows, at, wide)
    else:
        raise BadProfile("no_level", names=names)


def _long(rows: Sequence[Row], at: str, *, kind: str, held: str, flow: str | None) -> Iterator[Entry]:
    for row in rows:
        station, level = number(row.get(at)), number(row.get(held))
        if station is not None and level is not None and row.get(kind) not in (None, ""):
            yield Entry(str(row[kind]), station, level, number(row.get(flow)) if flow else None)


def _wide(rows: Sequence[Row], at: str, names: Mapping[str, str]) -> Iterator[Entry]:
    for row in rows:
        station = number(row.get(at))
        for each, bare in names.items():
            level = number(row.get(each))
            if station is not None and level is not None:
                yield Entry(bare, station, level)


def curve(rows: Sequence[Row], *, zero: float, gauge: str) -> Rating:
    """Of a table of levels in cm above a gauge's zero with discharges; where it has several gauges, of the one named. Raises BadProfile."""
    names = list(dict.fromkeys(key for row in rows for key in row))
    stage, flow = column(names, STAGE), column(names, DISCHARGE)
    of = column(names, ("gauge", "pegel", "pegelname", "gaugename"))
    if stage is None or flow is None:
        raise BadProfile("no_curve", names=names)
    wanted = [row for row in rows if of is None or plain(str(row.get(of, ""))) == plain(gauge)]
    pairs = [(number(row.get(stage)), number(row.get(flow))) for row in wanted]
    known = [(level, discharge) for level, discharge in pairs if level is not None and discharge is not None]
    if not known and of is not None:
        raise BadProfile("no_gauge", gauge=gauge, names=sorted({str(row.get(of)) for row in rows}))
    return rating([zero + level / 100 for level, _q in known], [discharge for _w, discharge in known])
