"""Depths of rain by cell, duration and return period, as KOSTRA-DWD gives them: which columns hold what, and what falls on an area. No Django.

The DWD delivers a file for each duration with a row for each cell: INDEX_RC, HN_001A … HN_100A (mm). Joined, they have a column of the
duration; some programs write the name of the file there (…_D00060)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from twin.catalogue.formats.attributes import number_of
from twin.hydro.case import RAIN
from twin.hydro.storms import STEP

YEARS = (1, 2, 3, 5, 10, 20, 30, 50, 100)  # return periods of KOSTRA-DWD-2010R and 2020
CELL = ("indexrc", "rasterfeld", "zelle", "cell")  # names of columns, in small letters without signs
DURATION = ("durationmin", "dauermin", "dauerstufe", "dauer", "dmin", "duration", "layer")
_DEPTH = re.compile(r"hn(?:mm)?t?0*(\d+)a?")
_FILE = re.compile(r".*_D0*(\d+)")
DIGITS = 6  # of a duration in minutes, at most
COVERED = 0.999  # share of the area that the cells must cover: they are drawn by hand or rounded


@dataclass(frozen=True)
class Columns:
    """Names. of_cells: of the polygons; the others of the table, which is the polygons' own where there is no other."""

    of_cells: str
    cell: str
    duration: str
    depth: str


@dataclass(frozen=True)
class Entry:
    """mm that fall on a cell in so many minutes."""

    cell: str
    minutes: int
    depth: float


@dataclass(frozen=True)
class Storm:
    """mm by duration, the mean over the area; cells: {"cell", "share", "depth"} at the whole duration, the largest share first."""

    depths: Mapping[int, float]
    cells: tuple[dict[str, Any], ...]


class BadTable(ValueError):
    """Why a table of rain can't be used. code, and facts for the words; of_cells: it is the polygons' fault, not that of the table."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(f"{code}: {facts}")
        self.code, self.facts, self.of_cells = code, facts, code in {"cell", "outside"}


def columns(cells: Iterable[str], table: Iterable[str] | None, years: int) -> Columns:
    """cells, table: names of the columns of polygons and of a table beside them. Raises BadTable where one is missing."""
    polygons = _plain(cells)
    rows = polygons if table is None else _plain(table)
    of_cells, cell = _named(polygons, CELL), _named(rows, CELL)
    if of_cells is None or cell is None:
        raise BadTable("cell" if of_cells is None else "cell_of_table")
    duration = _named(rows, DURATION)
    if duration is None:
        raise BadTable("column")
    matches = ((_DEPTH.fullmatch(bare), name) for bare, name in rows.items())
    depths = {int(match[1]): name for match, name in matches if match}
    if years not in depths:
        raise BadTable("years", years=years, known=sorted(depths))
    return Columns(of_cells, cell, duration, depths[years])


def _plain(names: Iterable[str]) -> dict[str, str]:
    """By their small letters and digits alone."""
    return {"".join(filter(str.isalnum, name.casefold())): name for name in names}


def _named(columns: Mapping[str, str], known: Sequence[str]) -> str | None:
    return next((columns[each] for each in known if each in columns), None)


def cell_name(text: str | None) -> str:
    """Numbers of cells are alike whether a program has kept their zeros (081118) or made them a number (81118.0)."""
    return (text or "").strip().removesuffix(".0").lstrip("0")


def minutes_of(text: str | None) -> int | None:
    """60, 60.0, or the name of a file of the DWD; None for what is none."""
    found = _FILE.fullmatch(text or "")
    plain = found[1] if found else (text or "").strip().replace(",", ".").removesuffix(".0")
    return int(plain) if plain.isdecimal() and len(plain) <= DIGITS else None


def entries(rows: Iterable[Sequence[str | None]]) -> Iterator[Entry]:
    """rows: cell, duration and depth as text; those without a duration are left out."""
    for cell, duration, depth in rows:
        minutes, number = minutes_of(duration), number_of(depth or "")
        if minutes is not None:
            yield Entry(cell_name(cell), minutes, np.nan if number is None else number)


def shares(area: BaseGeometry, cells: Sequence[str], shapes: NDArray[np.object_]) -> dict[str, float]:
    """Of the area in each cell, all together 1; a cell may have several rows. Raises BadTable where the cells don't cover it."""
    first = {cell: number for number, cell in reversed(list(enumerate(cells)))}
    shapes = shapely.make_valid(shapes[np.array(list(first.values()), int)])
    common = shapely.area(shapely.intersection(shapes, area)) / area.area
    found = {cell: float(share) for cell, share in zip(first, common, strict=True) if share > 0}
    whole = sum(found.values())
    if whole < COVERED:
        raise BadTable("outside", share=int(100 * whole))
    return {cell: share / whole for cell, share in found.items()}


def storm(parts: Mapping[str, float], rows: Iterable[Entry], *, minutes: int, course: bool) -> Storm:
    """parts: of the area in each cell. course: with the shorter durations, from five minutes on; they shape a storm.

    Raises BadTable for a duration that is missing, a value that is none, or two values of one cell."""
    found: dict[int, dict[str, float]] = {}
    for each in rows:
        if each.cell not in parts:
            continue
        row = found.setdefault(each.minutes, {})
        known = row.setdefault(each.cell, each.depth)
        if not np.isclose(known, each.depth, rtol=0, atol=0, equal_nan=True):
            raise BadTable("twice", cell=each.cell, minutes=each.minutes)
    wanted = [each for each in sorted(found) if each < minutes and course]
    for duration in (STEP, minutes) if course else (minutes,):
        if duration not in found:
            raise BadTable("duration", minutes=duration, known=sorted(found))
    depths = {duration: _mean(parts, found[duration], duration) for duration in (*wanted, minutes)}
    cells = [{"cell": cell, "share": share, "depth": found[minutes][cell]} for cell, share in parts.items()]
    return Storm(depths, tuple(sorted(cells, key=lambda each: (-each["share"], each["cell"]))))


def _mean(parts: Mapping[str, float], row: Mapping[str, float], minutes: int) -> float:
    """By the shares. Raises BadTable."""
    for cell in parts:
        if not 0 < row.get(cell, np.nan) <= RAIN[1]:  # the DWD writes -99.9 where there is none
            raise BadTable("value", cell=cell, minutes=minutes)
    return sum(share * row[cell] for cell, share in parts.items())
