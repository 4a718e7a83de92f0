"""The demo's invented words: procedures, statements with answers, standard pages and news, read from twin/demo/content."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"
CATEGORIES = {
    "access": "Barrierefreiheit",
    "climate": "Klima und Energie",
    "culture": "Kultur und Begegnung",
    "economy": "Wirtschaft",
    "flood": "Hochwasser und Regenwasser",
    "housing": "Wohnen",
    "nature": "Natur und Artenschutz",
    "noise": "Lärm",
    "other": "Sonstiges",
    "play": "Spiel und Jugend",
    "safety": "Sicherheit",
    "traffic": "Verkehr",
}
STATES = frozenset({"published", "hidden", "asked", "waiting"})


@dataclass(frozen=True, slots=True)
class ProcedureText:
    """A participation. starts, ends: days from the day of seeding. plan: a name in the demo's plan library, or empty.
    decided: whether the council has decided soon after the last day."""

    slug: str
    municipality: str
    plan: str
    kind: str
    title: str
    starts: int
    ends: int
    summary: str
    how: str
    decided: bool = True


@dataclass(frozen=True, slots=True)
class StatementText:
    """A statement. day: counted from the procedure's start. object: a feature of the plan; offset: metres east and north
    of the municipality's midpoint; neither: no place. reason: of the moderator, for the states hidden and asked."""

    procedure: str
    day: int
    category: str
    text: str
    name: str
    publish: bool
    state: str
    answer: str = ""
    reason: str = ""
    object: str = ""
    offset: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class PageText:
    """A standard page of the whole site."""

    slug: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewsText:
    """A news item of one municipality; day: counted from the day of seeding."""

    slug: str
    municipality: str
    day: int
    title: str
    paragraphs: tuple[str, ...]


@cache
def procedures() -> tuple[ProcedureText, ...]:
    return tuple(ProcedureText(**row) for row in _read("procedures.toml")["procedure"])


@cache
def statements() -> tuple[StatementText, ...]:
    """All statements, by file and in their order."""
    found = []
    for path in sorted(CONTENT.glob("statements_*.toml")):
        content = _read(path.name)
        found += [_statement(content["procedure"], row) for row in content["statement"]]
    return tuple(found)


def _statement(procedure: str, row: Mapping[str, Any]) -> StatementText:
    east, north = row.get("offset", (None, None))
    offset = None if east is None else (float(east), float(north))
    return StatementText(procedure=procedure, **{**row, "offset": offset})


def statements_of(procedure: ProcedureText) -> list[StatementText]:
    return [statement for statement in statements() if statement.procedure == procedure.slug]


def categories_of(procedure: ProcedureText) -> tuple[str, ...]:
    """The topics that its statements have, by name; all of them where nobody has spoken yet."""
    used = {statement.category for statement in statements_of(procedure)} or set(CATEGORIES)
    return tuple(sorted(CATEGORIES[code] for code in used))


@cache
def pages() -> tuple[PageText, ...]:
    return tuple(PageText(**_with_tuple(row)) for row in _read("pages.toml")["page"])


@cache
def news() -> tuple[NewsText, ...]:
    return tuple(NewsText(**_with_tuple(row)) for row in _read("pages.toml")["news"])


def _with_tuple(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "paragraphs": tuple(row["paragraphs"])}


def _read(name: str) -> dict[str, Any]:
    with (CONTENT / name).open("rb") as file:
        return tomllib.load(file)
