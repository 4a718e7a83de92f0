"""Write the table of Planzeichen in docs/planzeichen.md from the catalogue. ``python -m scripts.symbol_table``; ``--check`` only says whether it is current."""

import sys
from collections.abc import Iterator
from pathlib import Path

from planning.planzeichen.catalogue import SYMBOLS
from planning.planzeichen.lettering import MEASURES
from planning.planzeichen.model import Symbol
from planning.planzeichen.rules import BASES, GENERIC

PAGE = Path(__file__).resolve().parent.parent / "docs" / "planzeichen.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
HEAD = "| Nr. | Planzeichen | Zeichnung | Objektarten (ohne BP_, FP_, SO_) |\n| --- | --- | --- | --- |\n"


def order(symbol: Symbol) -> tuple[tuple[int, ...], str]:
    return tuple(int(part) for part in symbol.number.split(".")) if symbol.number else (99,), symbol.id


def drawing(symbol: Symbol) -> str:
    """In words, as the catalogue has it."""
    parts = []
    if symbol.fill:
        parts.append(f"Fläche {symbol.fill}")
    if symbol.hatch:
        parts.append(f"Streifen {symbol.hatch.colour}, {symbol.hatch.width:g} mm")
    if symbol.stroke:
        dash = " gestrichelt" if symbol.stroke.dash else ""
        parts.append(f"Linie {symbol.stroke.width:g} mm{dash}")
    if symbol.band:
        side = {"inside": "innen", "outside": "außen", "centre": "mittig"}[symbol.band.side]
        parts.append(f"Band {symbol.band.colour}, {symbol.band.width:g} mm, {side}")
    if symbol.marks:
        parts.append(f"Randzeichen „{symbol.marks.figure}“ alle {symbol.marks.step:g} mm")
    if symbol.figure:
        parts.append(f"Zeichen „{symbol.figure}“")
    if symbol.letters:
        parts.append(f"Buchstaben {symbol.letters}")
    return "; ".join(parts)


def types_of(symbol: Symbol) -> str:
    found = [name for name, base in BASES.items() if symbol.id in (base.area, base.line, base.point, *(base.finer or {}).values())]  # fmt: skip
    return ", ".join(sorted(found))


def rows() -> Iterator[str]:
    for symbol in sorted(SYMBOLS.values(), key=order):
        yield f"| {symbol.number or '–'} | {symbol.title} | {drawing(symbol)} | {types_of(symbol)} |\n"
    for number, title in MEASURES.items():
        yield f"| {number} | {title} | Feld der Nutzungsschablone | |\n"


def table() -> str:
    generic = ", ".join(sorted(GENERIC))
    return f"{HEAD}{''.join(rows())}\nOhne Planzeichen der Anlage, bewusst mit einem eigenen, schlichten Zeichen: {generic}.\n"


def page() -> str:
    text = PAGE.read_text(encoding="utf-8")
    before, _separator, rest = text.partition(BEGIN)
    _old, _separator, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n{END}{after}"


def main() -> int:
    current = page()
    if "--check" in sys.argv:
        return int(PAGE.read_text(encoding="utf-8") != current)
    PAGE.write_text(current, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
