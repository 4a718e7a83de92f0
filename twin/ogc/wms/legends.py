"""Legends as pictures, and the frame around every picture."""

from html import escape

from planning.planzeichen.glyphs import FONT
from planning.planzeichen.legend import HEIGHT, WIDTH
from twin.ogc.collections import PLANS, Collection
from twin.ogc.wms import painting, plans

_SWATCH = (36, 22)  # pixels
_TEXT = 13
_LETTER = 7.4  # pixels that a letter takes on average
_MM = 3  # pixels of a millimetre in the legend of plans
_LONGEST = 70  # letters of a line


def document(drawn: str, width: float, height: float, *, ground: str = "") -> str:
    """A whole SVG document. ground: colour, empty for a transparent one."""
    size = f'width="{width:g}" height="{height:g}"'
    below = f'<rect {size} fill="{ground}"/>' if ground else ""
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width:g} {height:g}">{below}{drawn}</svg>'


def of_layer(collection: Collection) -> str:
    width, height = _SWATCH
    if collection.id == PLANS:
        drawn = plans.swatch(width=width, height=height)
    else:
        drawn = painting.swatch(collection, width=width, height=height)
    title = collection.title[:_LONGEST]
    label = _label(title, width + 6, height / 2)
    return document(drawn + label, width + 12 + _LETTER * len(title), height, ground="#ffffff")


def of_plans() -> str:
    rows, high = [], HEIGHT * _MM + 4
    entries = plans.legend()
    for number, entry in enumerate(entries):
        label = _label(_shortened(entry.title), WIDTH * _MM + 8, high / 2)
        rows.append(f'<g transform="translate(0 {number * high:g})"><g transform="scale({_MM})">{entry.drawing}</g>{label}</g>')  # fmt: skip
    return document(
        "".join(rows), WIDTH * _MM + 16 + _LETTER * _LONGEST, high * len(entries), ground="#ffffff"
    )


def _shortened(title: str) -> str:
    return title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"


def _label(words: str, x: float, middle: float) -> str:
    readable = escape("".join(letter for letter in words if letter.isprintable()))
    return f'<text x="{x:g}" y="{middle + _TEXT * 0.36:g}" font-family="{FONT}" font-size="{_TEXT}" fill="#1a1a1a">{readable}</text>'
