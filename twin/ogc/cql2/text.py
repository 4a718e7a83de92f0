"""CQL2 text -> tree, by recursive descent over the grammar of OGC 21-065r2, annex B."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from twin.ogc.cql2.errors import FilterRefused
from twin.ogc.messages import _

MOST_LEVELS = 24  # of parentheses and functions within each other
_TOKEN = re.compile(
    r"""\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    |(?P<text>'(?:''|\\'|[^'])*+')
    |(?P<quoted>"[^"]+")
    |(?P<name>(?:[^\W\d]|:)[\w:.]*)
    |(?P<sign><>|<=|>=|[-=<>()+*/%^,]))""",
    re.VERBOSE,
)
_SPACE = re.compile(r"\s*\Z")
_COMPARISONS = {"=", "<>", "<", ">", "<=", ">="}
_SHAPES = {
    "point": "Point",
    "linestring": "LineString",
    "polygon": "Polygon",
    "multipoint": "MultiPoint",
    "multilinestring": "MultiLineString",
    "multipolygon": "MultiPolygon",
}
_DEPTH = {"Point": 0, "LineString": 1, "Polygon": 2, "MultiPoint": 1, "MultiLineString": 2, "MultiPolygon": 3}
_UNREADABLE = _("The filter can't be read at character %(at)s: “%(found)s”.")
_SHOWN = 20  # characters of what can't be read
_RESERVED = {"and", "or", "not", "like", "between", "in", "is", "null", "div"}


@dataclass(frozen=True)
class Token:
    kind: str  # number, text, quoted, name, sign, end
    text: str
    at: int

    @property
    def word(self) -> str:
        """A keyword or sign in lower case; values have none."""
        return self.text.lower() if self.kind in {"name", "sign"} else ""


def tokens(text: str) -> Iterator[Token]:
    at = 0
    while not _SPACE.match(text, at):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise FilterRefused(_UNREADABLE, found=text[at : at + _SHOWN], at=at + 1)
        yield Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup))
        at = found.end()
    yield Token("end", "", len(text))


def parse(text: str) -> Any:
    """The tree of a filter. Raises FilterRefused with the place."""
    parser = _Parser(list(tokens(text)))
    tree = parser.expression()
    parser.expect_end()
    return tree


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self.tokens, self.at, self.level = found, 0, 0

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def refuse(self, expected: str = "") -> NoReturn:
        found, at = self.now.text[:_SHOWN], self.now.at + 1
        if self.now.kind == "end" and not expected:
            raise FilterRefused(_("The filter ends too early."))
        if self.now.kind == "end":
            raise FilterRefused(_("The filter ends too early: “%(expected)s” is missing."), expected=expected)
        if not expected:
            raise FilterRefused(_UNREADABLE, found=found, at=at)
        raise FilterRefused(
            _("At character %(at)s “%(expected)s” is expected, there stands “%(found)s”."),
            expected=expected,
            found=found,
            at=at,
        )

    def next(self) -> Token:
        token = self.now
        if token.kind == "end":
            self.refuse()
        self.at += 1
        return token

    def took(self, *words: str) -> bool:
        """Whether these words come next; then they are behind us."""
        coming = [token.word for token in self.tokens[self.at : self.at + len(words)]]
        if coming != list(words):
            return False
        self.at += len(words)
        return True

    def expect(self, word: str) -> None:
        if not self.took(word):
            self.refuse(word.upper())

    def expect_end(self) -> None:
        if self.now.kind != "end":
            self.refuse()

    def listed(self, part: Callable[[], Any]) -> list[Any]:
        """( part, part … )"""
        self.level += 1
        if self.level > MOST_LEVELS:
            raise FilterRefused(_("The filter is nested too deeply."))
        self.expect("(")
        found = []
        if not self.took(")"):
            found.append(part())
            while self.took(","):
                found.append(part())
            self.expect(")")
        self.level -= 1
        return found

    # --- logic

    def expression(self) -> Any:
        return self.chain("or", self.conjunction)

    def conjunction(self) -> Any:
        return self.chain("and", self.negation)

    def chain(self, word: str, part: Callable[[], Any]) -> Any:
        found = [part()]
        while self.took(word):
            found.append(part())
        return found[0] if len(found) == 1 else {"op": word, "args": found}

    def negation(self) -> Any:
        return {"op": "not", "args": [self.predicate()]} if self.took("not") else self.predicate()

    def predicate(self) -> Any:
        left = self.sum()
        if self.now.word in _COMPARISONS:
            return {"op": self.next().word, "args": [left, self.sum()]}
        if self.took("is", "not", "null"):
            return {"op": "not", "args": [{"op": "isNull", "args": [left]}]}
        if self.took("is", "null"):
            return {"op": "isNull", "args": [left]}
        if self.took("not"):
            return {"op": "not", "args": [self.test(left)]}
        return self.test(left) if self.now.word in {"like", "between", "in"} else left

    def test(self, left: Any) -> Any:
        if self.took("like"):
            return {"op": "like", "args": [left, self.sum()]}
        if self.took("between"):
            low = self.sum()
            self.expect("and")
            return {"op": "between", "args": [left, low, self.sum()]}
        self.expect("in")
        return {"op": "in", "args": [left, self.listed(self.sum)]}

    # --- values

    def sum(self) -> Any:
        return self.binary(("+", "-"), self.product)

    def product(self) -> Any:
        return self.binary(("*", "/", "%", "div"), self.power)

    def power(self) -> Any:
        left = self.factor()
        return {"op": "^", "args": [left, self.factor()]} if self.took("^") else left

    def binary(self, words: tuple[str, ...], part: Callable[[], Any]) -> Any:
        left = part()
        while self.now.word in words:
            left = {"op": self.next().word, "args": [left, part()]}
        return left

    def factor(self) -> Any:
        if self.now.word == "(":
            found = self.listed(self.expression)
            # one thing in parentheses is that thing; several are an array
            return found[0] if len(found) == 1 else found
        if self.now.word in {"-", "+"}:
            return self.signed()
        return self.primary()

    def signed(self) -> Any:
        negative = self.next().word == "-"
        if self.now.kind == "number":
            return -self.number() if negative else self.number()
        return {"op": "*", "args": [-1, self.primary()]} if negative else self.primary()

    def number(self) -> int | float:
        token = self.next()
        if token.kind != "number":
            self.refuse()
        if token.text.isdecimal():
            return int(token.text)
        value = float(token.text)
        if not math.isfinite(value):
            raise FilterRefused(_("A number is too large."))
        return value

    def coordinate(self) -> int | float:
        if self.took("-"):
            return -self.number()
        self.took("+")
        return self.number()

    def string(self) -> str:
        token = self.next()
        if token.kind != "text":
            self.refuse()
        return token.text[1:-1].replace("''", "'").replace("\\'", "'")

    def primary(self) -> Any:
        token = self.now
        if token.kind == "number":
            return self.number()
        if token.kind == "text":
            return self.string()
        if token.kind == "quoted":
            return {"property": self.next().text[1:-1]}
        if token.kind != "name" or token.word in _RESERVED:
            self.refuse()
        return self.named()

    def named(self) -> Any:
        name = self.next()
        if name.word in {"true", "false"}:
            return name.word == "true"
        if name.word in {*_SHAPES, "geometrycollection"}:
            self.took("z")
        if self.now.word != "(":
            return {"property": name.text}
        return self.shape(_SHAPES[name.word]) if name.word in _SHAPES else self.called(name)

    def called(self, name: Token) -> Any:
        match name.word:
            case "geometrycollection":
                return {"type": "GeometryCollection", "geometries": self.listed(self.member)}
            case "bbox":
                return {"bbox": self.listed(self.coordinate)}
            case "date" | "timestamp":
                return {name.word: self.only(self.string)}
            case "interval":
                return {"interval": self.listed(self.moment)}
        return self.function(name)

    def function(self, name: Token) -> Any:
        known = name.word[:2] in {"s_", "t_", "a_"} or name.word in {"casei", "accenti"}
        word = _CAMEL.get(name.word, name.word) if known else name.text
        return {"op": word, "args": self.listed(self.expression)}

    def only(self, part: Callable[[], Any]) -> Any:
        found = self.listed(part)
        if len(found) != 1:
            self.refuse()
        return found[0]

    def moment(self) -> Any:
        """An end of an interval: a text, or a property."""
        return self.string() if self.now.kind == "text" else self.primary()

    # --- geometries (well-known text without its own rules for emptiness)

    def member(self) -> Any:
        name = self.next()
        self.took("z")
        if name.word not in _SHAPES:
            self.refuse()
        return self.shape(_SHAPES[name.word])

    def shape(self, kind: str) -> dict[str, Any]:
        if kind == "Point":
            return {"type": kind, "coordinates": self.only(self.position)}
        if kind == "MultiPoint":
            return {"type": kind, "coordinates": self.listed(lambda: self.only(self.position))}
        return {"type": kind, "coordinates": self.nested(_DEPTH[kind])}

    def nested(self, depth: int) -> list[Any]:
        return self.listed(self.position if depth == 1 else lambda: self.nested(depth - 1))

    def position(self) -> list[int | float]:
        found = [self.coordinate(), self.coordinate()]
        if self.now.kind == "number" or self.now.word in {"-", "+"}:
            found.append(self.coordinate())
        return found


_CAMEL = {
    name.lower(): name
    for name in (
        "t_after",
        "t_before",
        "t_contains",
        "t_disjoint",
        "t_during",
        "t_equals",
        "t_finishedBy",
        "t_finishes",
        "t_intersects",
        "t_meets",
        "t_metBy",
        "t_overlappedBy",
        "t_overlaps",
        "t_startedBy",
        "t_starts",
        "a_containedBy",
        "a_contains",
        "a_equals",
        "a_overlaps",
    )
}
