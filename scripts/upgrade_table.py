"""Write docs/versionswechsel.md, what an upgrade to the newest version changes, from the code. ``python -m scripts.upgrade_table``;
``--check`` only says whether it is current."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from planning.xplanung.upgrade.table import (
    ABSORBED,
    CODES,
    LIFTS,
    MOVES,
    PLAIN,
    SIBLINGS,
    SOURCES,
    SPLITS,
    TARGET,
    TYPES,
    UNKNOWN,
)

PAGE = Path(__file__).resolve().parent.parent / "docs" / "versionswechsel.md"
INTRODUCTION = f"""# Versionswechsel: XPlanGML {SOURCES[0]}–{SOURCES[-1]} → {TARGET}

Geschrieben von `python -m scripts.upgrade_table` aus `planning/xplanung/upgrade/table.py`; nicht von Hand ändern.

    ./run manage upgrade_plan FILE -o OUT [--json]

schreibt eine Datei in {TARGET} und sagt zu jedem Wert, der nicht einfach übernommen wurde, was aus ihm geworden ist: umbenannt, umgesetzt, zu
einem anderen Objekt verschoben, ergänzt (die neue Version verlangt einen Wert), als generisches Attribut behalten oder weggelassen. Ist eine Datei nicht
lesbar, so wird nichts geschrieben; der Rückgabewert ist 1.

Im Browser: auf der Seite eines Plans „Auf XPlanung {TARGET} heben“. Die Arbeit macht ein Auftrag im Hintergrund; danach liegt die neue Datei neben dem
Plan, mit demselben Bericht (was auf vielen Objekten gleich ist, steht einmal da), auf der Karte und als CSV und JSON. „Als neue Version übernehmen“ macht
aus ihr eine Version wie aus einer gelieferten Datei; die alte bleibt, wie sie kam. Ist inzwischen eine neuere Version da oder der Plan in Bearbeitung, wird
das abgelehnt. Als Programm: `POST /api/v1/plans/{{id}}/upgrade/`.

Was unter demselben Namen und Typ in beiden Versionen steht, braucht keine Zeile. Eigenschaften und Codes, die {TARGET} nicht mehr kennt, bleiben als
generisches Attribut (`hatGenerAttribut`) am Objekt.
"""


def page() -> str:
    """The whole document."""
    return "\n".join([INTRODUCTION, *_types(), *_moves(), *_lifts(), *_codes(), *_rest()])


def _types() -> Iterator[str]:
    yield from _head("Objektarten", ["Bisher", "Jetzt", "dabei gesetzt"])
    yield from (_row([f"`{old}`", f"`{new.to}`", _values(new.sets)]) for old, new in TYPES.items())
    names = ", ".join(f"`{name}`" for name in ABSORBED)
    yield f"\n{names} gehen in Eigenschaften von Bereich und Plan auf.\n"


def _moves() -> Iterator[str]:
    yield from _head("Eigenschaften", ["An", "Bisher", "Jetzt", "Dabei"])
    for (owner, old), new in MOVES.items():
        notes = _values(new.sets) or ("Bedeutung des Codes ausgeschrieben" if new.labelled else "")
        yield _row([f"`{owner}`" if owner else "allen", f"`{old}`", f"`{new.to}`", notes])
    yield ""


def _lifts() -> Iterator[str]:
    yield from _head("An ein anderes Objekt", ["Von", "Eigenschaft", "Nach"])
    words = {"bereich": "Bereich", "plan": "Plan", "raster": "Rasterdarstellung"}
    yield from (_row([words[old], f"`{name}`", words[new]]) for (old, name), new in LIFTS.items())
    yield ""


def _codes() -> Iterator[str]:
    yield from _head("Codes", ["Liste", "Bisher → jetzt"])
    for listing, codes in CODES.items():
        name, _, only = listing.partition("@")
        pairs = ", ".join(f"{old} → {new or '–'}" for old, new in codes.items())
        yield _row([f"`{name}`" + (f" (nur {only}.x)" if only else ""), pairs])
    for listing, splits in SPLITS.items():
        yield _row([f"`{listing}`", ", ".join(f"{old} → {' und '.join(new)}" for old, new in splits.items())])
    yield ""


def _rest() -> Iterator[str]:
    yield from _head("Ergänztes", ["Eigenschaft", "Wert, wo die Datei nichts sagt"])
    yield from (_row([f"`{name}`", f"{code} (unbekannt)"]) for name, code in UNKNOWN.items())
    yield from (_row([f"`{name}` ({owner})", value]) for (owner, name), value in PLAIN.items())
    yield from (
        _row([f"`{name}`", ", ".join(f"wie `{each}`" for each in others)])
        for name, others in SIBLINGS.items()
    )
    yield ""


def _head(title: str, columns: list[str]) -> Iterator[str]:
    yield f"## {title}"
    yield _row(columns)
    yield _row(["---"] * len(columns))


def _values(values: Mapping[str, str]) -> str:
    return ", ".join(f"`{name}` = {value}" for name, value in values.items())


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail if the page is not current"
    )
    current = page()
    if parser.parse_args().check:
        return 0 if PAGE.read_text(encoding="utf-8") == current else 1
    PAGE.write_text(current, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
