"""Figures, letters and the Nutzungsschablone as SVG, in millimetres around (0, 0). Every text is escaped."""

from html import escape

from planning.planzeichen.figures import FIGURES, INK
from planning.planzeichen.lettering import COLUMNS, Cell, Lettering
from planning.planzeichen.model import Figure, Symbol

FONT = "Fira Sans, DejaVu Sans, sans-serif"
SIZE = 3.2  # height of the letters that name a use
CELL_HEIGHT = 4.8
CELL_WIDTH = 10.0
CELL_TEXT = 2.6
_WIDE = 0.58  # of the size: what a letter takes on average


def figure(wanted: Figure, transform: str) -> str:
    parts = []
    for part in wanted.parts:
        line = f' stroke="{part.stroke}" stroke-width="{part.width}"' if part.stroke else ""
        parts.append(f'<path d="{part.d}" fill="{part.fill or "none"}"{line}/>')
    return f'<g transform="{transform}">{"".join(parts)}</g>'


def sign(symbol: Symbol, transform: str) -> str:
    """A pictogram with its letters."""
    wanted = FIGURES[symbol.figure]
    drawn = figure(wanted, transform)
    if not symbol.letters:
        return drawn
    size = wanted.text_size * min(1, 2.1 / max(len(symbol.letters), 1) if wanted.parts else 1)
    return f'{drawn}<g transform="{transform}">{text(symbol.letters, 0, size * 0.36, size)}</g>'


def text(words: str, x: float, y: float, size: float) -> str:
    readable = "".join(letter for letter in words if letter.isprintable())  # XML knows no control characters
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-family="{FONT}" font-size="{size:.2f}" font-weight="600" '
        f'text-anchor="middle" fill="{INK}">{escape(readable)}</text>'
    )


def free_text(words: str, frame: str = "") -> str:
    """Letters that stand for themselves, with the frame of their kind."""
    return cell(Cell(words, frame), 0, 0) if frame else text(words, 0, CELL_TEXT * 0.36, CELL_TEXT)


def free_size(words: str) -> tuple[float, float]:
    return max(CELL_TEXT * _WIDE * len(words), 4.0), 4.0


def cells_of(lettering: Lettering) -> list[Cell]:
    """The kind of use first, then its measures; an even number, so that the table is whole."""
    found = [Cell(" ".join(lettering.head)), *lettering.cells] if lettering.head else list(lettering.cells)
    return found + [Cell("")] * (-len(found) % COLUMNS)


def template_size(lettering: Lettering) -> tuple[float, float]:
    return CELL_WIDTH * COLUMNS, CELL_HEIGHT * (len(cells_of(lettering)) // COLUMNS)


def template(lettering: Lettering) -> str:
    """The Nutzungsschablone: a table of two columns on a ground that lets what is below shine through."""
    width, height = template_size(lettering)
    left, top = -width / 2, -height / 2
    inner = "".join(
        f"M{left} {top + CELL_HEIGHT * row}h{width}" for row in range(1, int(height / CELL_HEIGHT))
    )
    parts = [
        f'<path d="M{left} {top}h{width}v{height}h{-width}Z" fill="#ffffff" fill-opacity="0.7" stroke="{INK}" stroke-width="0.2"/>',
        f'<path d="{inner}M0 {top}v{height}" fill="none" stroke="{INK}" stroke-width="0.15"/>',
    ]
    for place, field in enumerate(cells_of(lettering)):
        x = left + CELL_WIDTH * (place % COLUMNS + 0.5)
        y = top + CELL_HEIGHT * (place // COLUMNS + 0.5)
        parts.append(cell(field, x, y))
    return "".join(parts)


def cell(field: Cell, x: float, y: float) -> str:
    """A measure with its frame, in the middle of a field of the table."""
    room = CELL_WIDTH - 0.8
    size = min(CELL_TEXT, room / max(len(field.text) * _WIDE, 0.1))
    if field.frame == "kreis":
        size = min(size, 2.1)
        half = max(1.9, len(field.text) * size * _WIDE / 2 + 0.5)
        ring = f"M{x - half} {y}A{half} 1.9 0 1 1 {x + half} {y}A{half} 1.9 0 1 1 {x - half} {y}Z"
    elif field.frame == "kasten":
        half = len(field.text) * size * _WIDE / 2 + 0.6
        ring = f"M{x - half} {y - 1.7}h{2 * half}v3.4h{-2 * half}Z"
    elif field.frame == "dreieck":
        size = 1.6
        ring = f"M{x} {y - 2.2}L{x + 2.4} {y + 1.9}H{x - 2.4}Z"
    else:
        ring = ""
    low = 0.9 if field.frame == "dreieck" else 0
    frame = f'<path d="{ring}" fill="none" stroke="{INK}" stroke-width="0.18"/>' if ring else ""
    return frame + (text(field.text, x, y + size * 0.36 + low, size) if field.text else "")
