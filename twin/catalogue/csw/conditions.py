"""Conditions of a search: Filter Encoding 1.1 and CQL text -> one tree.

Of both a part: and, or, not, comparisons, like, between, null, bounding boxes. What is asked beyond is refused, not left out.
"""

import re
from dataclasses import dataclass

from lxml import etree

from twin.catalogue.capabilities import xml
from twin.catalogue.csw.refusals import Refusal
from twin.catalogue.entry import Box

Element = etree._Element
DEEPEST = 20
MOST = 200  # conditions of one search
_COMPARISONS = {
    "PropertyIsEqualTo": "=",
    "PropertyIsNotEqualTo": "<>",
    "PropertyIsLessThan": "<",
    "PropertyIsGreaterThan": ">",
    "PropertyIsLessThanOrEqualTo": "<=",
    "PropertyIsGreaterThanOrEqualTo": ">=",
}
_TOKEN = re.compile(
    r"\s*(?:('(?:[^']|'')*')|(<=|>=|<>|=|<|>|\(|\)|,)|(-?\d+(?:\.\d+)?(?![\w.:-]))|(\"[^\"]+\"|[\w.:-]+))"
)


@dataclass(frozen=True)
class Compared:
    """operator: =, <>, <, >, <=, >= or like, whose value has * for any letters and ? for one."""

    name: str
    operator: str
    value: str


@dataclass(frozen=True)
class Empty:
    name: str


@dataclass(frozen=True)
class Within:
    """box: in the order of `srs`; empty: longitude and latitude."""

    box: Box
    srs: str = ""


@dataclass(frozen=True)
class Joined:
    """operator: and, or, not"""

    operator: str
    parts: tuple["Condition", ...]


Condition = Compared | Empty | Within | Joined


def _refused(text: str) -> Refusal:
    return Refusal("InvalidParameterValue", "constraint", text)


# --- Filter Encoding


def from_filter(root: Element) -> Condition:
    """root: ogc:Filter. Raises Refusal."""
    if sum(1 for _one in root.iter()) > MOST * 4:
        raise _refused("Too many conditions.")
    (*parts,) = (one for one in root if isinstance(one.tag, str))
    if len(parts) != 1:
        raise _refused("A filter holds one condition.")
    return _read(parts[0], depth=0)


def _read(one: Element, *, depth: int) -> Condition:
    if depth > DEEPEST:
        raise _refused("The conditions lie too deep in each other.")
    kind = xml.name(one)
    inner = [part for part in one if isinstance(part.tag, str)]
    if kind in {"And", "Or", "Not"}:
        if not inner or (kind == "Not" and len(inner) != 1):
            raise _refused(f"{kind} holds conditions.")
        return Joined(kind.lower(), tuple(_read(part, depth=depth + 1) for part in inner))
    if kind == "BBOX":
        return _box(one)
    texts = [(xml.name(part), (part.text or "").strip()) for part in inner]
    name = next((text for tag, text in texts if tag == "PropertyName"), "")
    value = next((text for tag, text in texts if tag == "Literal"), "")
    return _compared(one, name, value)


def _compared(one: Element, name: str, value: str) -> Condition:
    kind = xml.name(one)
    if kind in _COMPARISONS:
        return Compared(name, _COMPARISONS[kind], value)
    if kind == "PropertyIsLike":
        return Compared(name, "like", _pattern(one, value))
    if kind == "PropertyIsNull":
        return Empty(name)
    if kind == "PropertyIsBetween":
        return _between(one, name)
    raise _refused(f"{kind} is not supported.")


def _pattern(one: Element, value: str) -> str:
    many, single, escape = (
        one.get("wildCard", "*"),
        one.get("singleChar", "?"),
        one.get("escapeChar") or one.get("escape") or "\\",
    )
    found, literal = [], False
    for sign in value:
        if literal:
            found.append(sign)
            literal = False
        elif sign == escape:
            literal = True
        else:
            found.append({many: "*", single: "?"}.get(sign, sign))
    return "".join(found)


def _between(one: Element, name: str) -> Condition:
    bounds = [
        next((text.strip() for text in map(str, part.itertext()) if text.strip()), "")
        for tag in ("LowerBoundary", "UpperBoundary")
        for part in xml.children(one, tag)
    ]
    if len(bounds) != 2:
        raise _refused("Between needs two boundaries.")
    return Joined("and", (Compared(name, ">=", bounds[0]), Compared(name, "<=", bounds[1])))


def _box(one: Element) -> Within:
    envelope = next((part for part in one if xml.name(part) in {"Envelope", "Box"}), None)
    if envelope is None:
        raise _refused("BBOX needs an envelope.")
    return Within(
        _numbers(" ".join(map(str, envelope.itertext())).replace(",", " ").split()),
        envelope.get("srsName", ""),
    )


def _numbers(texts: list[str]) -> Box:
    try:
        west, south, east, north = (float(text) for text in texts)
    except ValueError:
        raise _refused("A box has four numbers.") from None
    if not all(abs(number) < 1e8 for number in (west, south, east, north)):
        raise _refused("A box has four numbers.")
    return west, south, east, north


# --- CQL text


def from_cql(text: str) -> Condition:
    """Raises Refusal."""
    reader = _Reader(_tokens(text))
    found = reader.any_of(depth=0)
    if reader.here is not None:
        raise _refused(f"“{reader.here}” is not expected here.")
    return found


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    stripped = text.strip()
    while at < len(stripped):
        match = _TOKEN.match(stripped, at)
        if match is None or len(found) > MOST * 8:
            raise _refused("The text cannot be read.")
        found.append(match.group().strip())
        at = match.end()
    return found


class _Reader:
    """or binds less than and, and less than not."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at = tokens, 0

    @property
    def here(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def next(self) -> str:
        if self.here is None:
            raise _refused("The text ends too early.")
        self.at += 1
        return self.tokens[self.at - 1]

    def met(self, word: str) -> bool:
        if (self.here or "").upper() != word:
            return False
        self.at += 1
        return True

    def need(self, word: str) -> None:
        if not self.met(word):
            raise _refused(f"{word} is expected.")

    def any_of(self, *, depth: int) -> Condition:
        parts = [self.all_of(depth=depth)]
        while self.met("OR"):
            parts.append(self.all_of(depth=depth))
        return parts[0] if len(parts) == 1 else Joined("or", tuple(parts))

    def all_of(self, *, depth: int) -> Condition:
        parts = [self.one(depth=depth)]
        while self.met("AND"):
            parts.append(self.one(depth=depth))
        return parts[0] if len(parts) == 1 else Joined("and", tuple(parts))

    def one(self, *, depth: int) -> Condition:
        if depth > DEEPEST:
            raise _refused("The conditions lie too deep in each other.")
        if self.met("NOT"):
            return Joined("not", (self.one(depth=depth + 1),))
        if self.met("("):
            found = self.any_of(depth=depth + 1)
            self.need(")")
            return found
        if self.met("BBOX"):
            return self.box()
        return self.compared()

    def box(self) -> Condition:
        self.need("(")
        self.next()  # the property, of which there is one
        texts = []
        while self.met(","):
            texts.append(self.next().strip("'"))
        self.need(")")
        return Within(_numbers(texts[:4]), texts[4] if len(texts) > 4 else "")

    def compared(self) -> Condition:
        name = self.next().strip('"')
        if self.met("IS"):
            negated = self.met("NOT")
            self.need("NULL")
            return Joined("not", (Empty(name),)) if negated else Empty(name)
        negated = self.met("NOT")
        found = self.patterned(name) or self.ordered(name, negated=negated)
        return Joined("not", (found,)) if negated else found

    def patterned(self, name: str) -> Condition | None:
        if self.met("LIKE") or self.met("ILIKE"):
            return Compared(name, "like", self.value().replace("%", "*").replace("_", "?"))
        if self.met("BETWEEN"):
            low = self.value()
            self.need("AND")
            return Joined("and", (Compared(name, ">=", low), Compared(name, "<=", self.value())))
        return None

    def ordered(self, name: str, *, negated: bool) -> Condition:
        operator = self.next()
        if negated or operator not in _COMPARISONS.values():
            raise _refused(f"“{operator}” is no comparison.")
        return Compared(name, operator, self.value())

    def value(self) -> str:
        text = self.next()
        return text[1:-1].replace("''", "'") if text.startswith("'") else text
