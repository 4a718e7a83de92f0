"""Write docs/pruefregeln.md, the table of the semantic rules, from the code. ``python -m scripts.rule_table``; ``--check`` only says whether it is current."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from planning.xplanung.rules import RULES, Rule

PAGE = Path(__file__).resolve().parent.parent / "docs" / "pruefregeln.md"
VERSIONS = sorted({version for rule in RULES for version in rule.versions}, reverse=True)
INTRODUCTION = """# Semantic rules (Prüfregeln)

Written by `python -m scripts.rule_table` from `planning/xplanung/rules/`; do not edit. The numbers are those of the
Konformitätsbedingungen that the standard publishes for each version. A number that changed its meaning has a line per meaning.

✓ checked · ○ in the standard, but nothing a program can decide (the line says why) · empty: not in this version with this meaning

Neighbours (2.2.1.1 Flächenschluss, 2.2.2.1 valid areas, 2.2.3.1 inside the Geltungsbereich, 4.5.2.4 the same attribute twice) are
the business of the geometry checks, not of this table.

For 6.1 we know of no published Konformitätsbedingungen. Applied are those of 6.0 that speak of nothing 6.1 has changed (to be
verified once they are published). Not applied, because their ground moved: 4.3.1.2 (dachform and detaillierteDachform repeat now),
4.5.1.7 and 5.3.1.6 (sondernutzung has a further code, 3000 Sondergebiet Verkehr), 6.1.6.1 (SO_Grenze, the one SO_Linienobjekt, may
have any geometry now). Those that a program cannot decide are not listed again.
"""


def page() -> str:
    """The whole document."""
    return "\n".join([INTRODUCTION, *_summary(), "", *_table(), ""])


def _summary() -> Iterator[str]:
    yield _row(["", *VERSIONS])
    yield _row(["---", *["---:"] * len(VERSIONS)])
    for label, checked in (("checked", True), ("nothing to decide", False)):
        counts = [
            sum(version in rule.versions and rule.checked == checked for rule in RULES)
            for version in VERSIONS
        ]
        yield _row([label, *map(str, counts)])


def _table() -> Iterator[str]:
    yield _row(["Number", "Applies to", "Rule", *VERSIONS])
    yield _row(["---", "---", "---", *[":---:"] * len(VERSIONS)])
    for rule in RULES:
        marks = [_mark(rule) if version in rule.versions else "" for version in VERSIONS]
        types = "everything" if rule.types == ("*",) else ", ".join(rule.types)
        title = rule.title + (" (warning)" if rule.severity == "warning" else "")
        yield _row([rule.id, types, title, *marks])


def _mark(rule: Rule) -> str:
    return "✓" if rule.checked else "○"


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
