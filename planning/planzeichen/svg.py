"""Objects -> SVG: each with its Planzeichen, in the order of the levels. Every text is escaped; nothing refers to the outside."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from planning.planzeichen import outlines
from planning.planzeichen.catalogue import SYMBOLS
from planning.planzeichen.figures import FIGURES
from planning.planzeichen.glyphs import SIZE, free_size, free_text, sign, template, template_size, text
from planning.planzeichen.lettering import Lettering
from planning.planzeichen.model import Level, Stroke, Symbol
from planning.planzeichen.rules import Look
from planning.planzeichen.stamping import stamps

LEAST = 2.4  # mm
_PLACE = {name: place for place, name in enumerate(SYMBOLS)}
_GAP = 0.6  # mm between two things above each other


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where something stands by the planner's wish: in the picture, turned clockwise by degrees."""

    what: str
    x: float
    y: float
    text: str = ""
    turn: float = 0
    scale: float = 1
    frame: str = ""


@dataclass(slots=True)
class Drawn:
    """An object of the drawing; its geometry in the picture's coordinates."""

    geometry: BaseGeometry
    look: Look
    lettering: Lettering = field(default_factory=Lettering)
    anchors: Sequence[Anchor] = ()


def defs(symbols: Iterable[Symbol], mm: float) -> str:
    """Hatches. mm: length of a millimetre in the picture."""
    found = []
    for symbol in symbols:
        if symbol.hatch:
            hatch = symbol.hatch
            step, width = hatch.step * mm, hatch.width * mm
            found.append(
                f'<pattern id="h-{symbol.id}" width="{step:.2f}" height="{step:.2f}" patternUnits="userSpaceOnUse" '
                f'patternTransform="rotate({hatch.angle})"><rect width="{width:.2f}" height="{step:.2f}" fill="{hatch.colour}"/></pattern>'
            )
    return f"<defs>{''.join(found)}</defs>" if found else ""


def draw(objects: Sequence[Drawn], mm: float) -> str:
    """The inside of an <svg>: all objects, lowest level first, those of one symbol together; signs and letters above all."""
    alike: dict[str, list[BaseGeometry]] = {}
    for drawn in objects:
        alike.setdefault(drawn.look.base, []).append(drawn.geometry)
    symbols = sorted((SYMBOLS[name] for name in alike), key=lambda symbol: (symbol.level, _PLACE[symbol.id]))
    parts = [defs(symbols, mm)]
    for symbol in symbols:
        if symbol.level != Level.SIGN:
            parts.extend(_together(symbol, alike[symbol.id], mm))
    for drawn in objects:
        parts.extend(_inside(drawn, mm))
    return "".join(parts)


def _together(symbol: Symbol, geometries: Sequence[BaseGeometry], mm: float) -> Iterator[str]:
    """One path for all of them: where two overlap, the rule nonzero fills both."""
    d = "".join(map(outlines.path, geometries))
    if not d:
        return
    yield from _filled(
        "".join(outlines.path(each) for each in geometries if "Polygon" in each.geom_type), symbol
    )
    if symbol.band:
        along = "".join(outlines.path(outlines.band(each, symbol.band, mm)) for each in geometries)
        if along:
            yield _stroked(along, Stroke(symbol.band.colour, symbol.band.width, symbol.band.dash), mm)
    if symbol.stroke:
        yield _stroked(d, symbol.stroke, mm)
    if symbol.marks:
        step, inset = symbol.marks.step * mm, symbol.marks.inset * mm
        places = [place for each in geometries for place in outlines.marks(each, step=step, inset=inset)]
        yield stamps(FIGURES[symbol.marks.figure], places, mm)


def _filled(d: str, symbol: Symbol) -> Iterator[str]:
    if d and symbol.fill:
        yield f'<path d="{d}" fill="{symbol.fill}"/>'
    if d and symbol.hatch:
        yield f'<path d="{d}" fill="url(#h-{symbol.id})"/>'


def _stroked(d: str, stroke: Stroke, mm: float) -> str:
    dash = (
        f' stroke-dasharray="{" ".join(f"{part * mm:.2f}" for part in stroke.dash)}"' if stroke.dash else ""
    )
    cap = ' stroke-linecap="round"' if stroke.round else ""
    return f'<path d="{d}" fill="none" stroke="{stroke.colour}" stroke-width="{stroke.width * mm:.2f}"{dash}{cap}/>'


def _inside(drawn: Drawn, mm: float) -> Iterator[str]:
    for anchor in drawn.anchors:
        place = f"translate({anchor.x:.2f} {anchor.y:.2f}) rotate({-anchor.turn:.1f}) scale({mm * anchor.scale:.4f})"
        if anchor.what == "text":
            yield f'<g transform="{place}">{free_text(anchor.text, anchor.frame)}</g>'
        elif anchor.what == "template":
            yield f'<g transform="{place}">{template(drawn.lettering)}</g>'
        else:
            for name in drawn.look.signs or _own_sign(drawn.look):
                yield sign(SYMBOLS[name], place)
    if not drawn.anchors and not drawn.geometry.is_empty:
        yield from _by_itself(drawn, mm)


def _own_sign(look: Look) -> tuple[str, ...]:
    return (look.base,) if SYMBOLS[look.base].figure else ()


def _by_itself(drawn: Drawn, mm: float) -> Iterator[str]:
    """Signs and letters in the middle of the widest place, smaller or left out where they find no room."""
    signs = (*_own_sign(drawn.look), *drawn.look.signs)
    if not (signs or drawn.lettering.head or drawn.lettering.cells) or _is_tiny(drawn.geometry, mm):
        return
    content, width, height = _stack(drawn.lettering, signs)
    if not content:
        return
    x, y, radius = outlines.room(drawn.geometry)
    needed = (width**2 + height**2) ** 0.5 / 2
    factor = min(1.0, radius / (needed * mm))
    if factor < 0.5 and drawn.lettering.is_template:
        content, width, height = _stack(Lettering(drawn.lettering.head), signs)
        needed = (width**2 + height**2) ** 0.5 / 2
        factor = min(1.0, radius / (needed * mm)) if content else 0
    if factor < 0.5:
        return
    turn = outlines.direction(drawn.geometry) if "Line" in drawn.geometry.geom_type else 0
    yield f'<g transform="translate({x:.2f} {y:.2f}) rotate({turn:.1f}) scale({mm * factor:.4f})">{content}</g>'


def _is_tiny(geometry: BaseGeometry, mm: float) -> bool:
    """Whether even two letters of half their size find no room: so it is with most areas of a large plan at a small scale."""
    west, north, east, south = geometry.bounds
    return "Polygon" in geometry.geom_type and min(east - west, south - north) < LEAST * mm


def _stack(lettering: Lettering, signs: Sequence[str]) -> tuple[str, float, float]:
    """Letters above signs, around (0, 0), in millimetres: (drawing, width, height)."""
    blocks: list[tuple[str, float, float]] = []
    if lettering.is_template and not lettering.head and len(lettering.cells) == 1:
        only = lettering.cells[0]
        blocks.append((free_text(only.text, only.frame), *free_size(only.text)))
    elif lettering.is_template:
        blocks.append((template(lettering), *template_size(lettering)))
    else:
        for place, line in enumerate(lettering.head):
            size = SIZE if not place else SIZE * 0.62
            blocks.append((text(line, 0, size * 0.36, size), size * 0.62 * len(line), size))
    for name in signs[:3]:
        wanted = FIGURES[SYMBOLS[name].figure]
        blocks.append((sign(SYMBOLS[name], ""), wanted.width, wanted.height))
    height = sum(block[2] for block in blocks) + _GAP * max(len(blocks) - 1, 0)
    top, parts = -height / 2, []
    for drawing, _width, high in blocks:
        parts.append(f'<g transform="translate(0 {top + high / 2:.2f})">{drawing}</g>')
        top += high + _GAP
    return "".join(parts), max((block[1] for block in blocks), default=0), height
