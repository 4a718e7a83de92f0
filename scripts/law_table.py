"""Write docs/fristen.md, the table of the law's periods, from the code. ``python -m scripts.law_table``; ``--check`` only says whether it is current."""

import sys
from pathlib import Path

from planning.deadlines import RULES, Bound, Counting, Rule, Shift

PAGE = Path(__file__).resolve().parent.parent / "docs" / "fristen.md"
HEAD = """# Periods of the law (Fristen)

Written by `python -m scripts.law_table` from `planning/deadlines.py`; do not edit.

A rule holds for a period that begins between the two days; what began under the old law is finished under it (§ 233 Abs. 1 BauGB).
**zu prüfen**: the rule stands in the code from memory; the pages say so wherever it is used. Of the days on which laws began,
1 January 2007 and 30 October 2025 are from memory. Days are counted by
§§ 187, 188 BGB; of months and days the later end counts. Whether an end on a Saturday, Sunday or public holiday of Saxony moves to the
next working day (§ 193 BGB, § 31 Abs. 3 VwVfG) is ruled for plans laid out in the town hall (OVG Koblenz, 8 C 12180/99) and **zu prüfen**
everywhere else: both days are named, the later one is the safe one.

| Period | Paragraph | From | Until | Length | Means | First day | § 193 BGB | Read in |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""
MEANS = {
    Bound.AT_LEAST: "at least",
    Bound.AT_MOST: "at most",
    Bound.BEFORE: "before",
    Bound.FICTION: "silence is consent",
    Bound.LAPSE: "a right ends",
    Bound.WINDOW: "holds for so long",
    Bound.REASONABLE: "reasonable (angemessen)",
}


def length(rule: Rule) -> str:
    parts = [f"{rule.months} months" if rule.months > 1 else "1 month" if rule.months else ""]
    parts += [f"{rule.days} days" if rule.days else ""]
    return ", ".join(filter(None, parts)) or "–"


def row(rule: Rule) -> str:
    counted = "counts" if rule.counting is Counting.WHOLE_DAYS else "after the event"
    shift = {Shift.RULED: "moves", Shift.NEVER: "does not move", Shift.OPEN: "zu prüfen"}[rule.shift]
    source = rule.source if rule.verified else "**zu prüfen**"
    cells = (
        rule.term,
        rule.paragraph,
        rule.since,
        rule.until or "",
        length(rule),
        MEANS[rule.bound],
        counted,
        shift,
        source,
    )
    return "| " + " | ".join(map(str, cells)) + " |\n"


def page() -> str:
    return HEAD + "".join(map(row, RULES))


def main() -> int:
    if "--check" in sys.argv:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
        print(
            "current" if current else "docs/fristen.md is not what the code says: python -m scripts.law_table"
        )
        return 0 if current else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
