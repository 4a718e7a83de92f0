"""The legend of a drawing: what is present, in the order of the Anlage, each with a small picture (§ 2 Abs. 4 PlanZV)."""

from collections.abc import Iterable
from dataclasses import dataclass

from shapely import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from planning.planzeichen.catalogue import SYMBOLS
from planning.planzeichen.glyphs import SIZE, cell, text
from planning.planzeichen.lettering import MEASURES, Cell
from planning.planzeichen.model import Level
from planning.planzeichen.rules import Look
from planning.planzeichen.svg import Drawn, draw

WIDTH, HEIGHT = 14.0, 8.0  # mm, of a picture
UNNAMED = ("bereich", "hilfslinie", "schrift")  # speak for themselves


@dataclass(frozen=True, slots=True)
class Entry:
    """drawing: the inside of an <svg> of WIDTH by HEIGHT."""

    number: str
    title: str
    drawing: str


def legend_of(objects: Iterable[Drawn]) -> list[Entry]:
    names: set[str] = set()
    cells: dict[str, Cell] = {}
    for drawn in objects:
        names.update((drawn.look.base, *drawn.look.signs))
        cells.update({each.number: each for each in drawn.lettering.cells})
    entries = [_entry(name) for name in names if name not in UNNAMED]
    entries += [_measure(each) for each in cells.values() if each.number in MEASURES]
    return sorted(entries, key=lambda entry: (_order(entry.number), entry.title))


def _order(number: str) -> tuple[int, ...]:
    """1.1.3 before 1.2 before 10.1; what has no number last."""
    return tuple(int(part) for part in number.split(".")) if number else (99,)


def _entry(name: str) -> Entry:
    symbol = SYMBOLS[name]
    if symbol.level == Level.SIGN:
        shape: BaseGeometry = Point(WIDTH / 2, HEIGHT / 2)
    elif symbol.level in (Level.LINE, Level.BOUNDARY):
        shape = LineString([(0.5, HEIGHT - 1.5), (WIDTH / 2, 1.5), (WIDTH - 0.5, HEIGHT - 3)])
    else:
        inset = 1.4 if symbol.level == Level.FRAME else 0.3
        shape = box(inset, inset, WIDTH - inset, HEIGHT - inset)
    drawing = draw([Drawn(shape, Look(name))], 1)
    if symbol.letters and not symbol.figure:
        drawing += text(symbol.letters, WIDTH / 2, HEIGHT / 2 + SIZE * 0.36, SIZE)
    return Entry(symbol.number, symbol.title, drawing)


def _measure(example: Cell) -> Entry:
    return Entry(example.number, MEASURES[example.number], cell(example, WIDTH / 2, HEIGHT / 2))
