"""$filter: comparisons of a property with a value, joined by and, or, not; as a condition of the database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from twin.ogc.errors import ParameterRefused

NUMBER, TEXT, MOMENT, KEY = "number", "text", "moment", "key"  # a key is a whole number
_OPERATORS = {"eq": "", "gt": "__gt", "ge": "__gte", "lt": "__lt", "le": "__lte"}
_SWAPPED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
_MOST_TOKENS = 200
_DEEPEST = 20
_TOKEN = re.compile(
    r"\s*(?:(?P<moment>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?)|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<text>'(?:[^']|'')*')|(?P<name>[A-Za-z][A-Za-z0-9_./]*)|(?P<mark>[()]))"
)


@dataclass(frozen=True)
class Field:
    """column: of the database, as a path; kind: NUMBER, TEXT, MOMENT or KEY."""

    column: str
    kind: str


@dataclass(frozen=True)
class _Literal:
    kind: str
    value: Any


def condition(text: str, fields: Mapping[str, Field]) -> Q:
    """fields: what can be asked for. Raises ParameterRefused with what was not understood."""
    reader = _Reader(_tokens(text), fields)
    found = reader.either(0)
    if reader.rest:
        raise _refused(_("Not understood from here: %s") % reader.rest[0][1][:60])
    return found


def _refused(words: str) -> ParameterRefused:
    return ParameterRefused("$filter", words)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _refused(_("Not understood from here: %s") % text[at : at + 60])
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
        if len(found) > _MOST_TOKENS:
            raise _refused(_("The filter is too long."))
    return found


class _Reader:
    """From left to right; rest: what is still to be read."""

    def __init__(self, tokens: list[tuple[str, str]], fields: Mapping[str, Field]) -> None:
        self.rest, self._fields = tokens, fields

    def either(self, depth: int) -> Q:
        found = self._both(depth)
        while self._takes("or"):
            found |= self._both(depth)
        return found

    def _both(self, depth: int) -> Q:
        found = self._single(depth)
        while self._takes("and"):
            found &= self._single(depth)
        return found

    def _single(self, depth: int) -> Q:
        if depth > _DEEPEST:
            raise _refused(_("Too many parentheses in each other."))
        if self._takes("not"):
            return ~self._single(depth + 1)
        if self._takes("("):
            found = self.either(depth + 1)
            if not self._takes(")"):
                raise _refused(_("The parentheses do not match."))
            return found
        return self._comparison()

    def _takes(self, word: str) -> bool:
        if self.rest and self.rest[0][0] in ("name", "mark") and self.rest[0][1] == word:
            self.rest = self.rest[1:]
            return True
        return False

    def _next(self) -> tuple[str, str]:
        if not self.rest:
            raise _refused(_("The filter breaks off."))
        token, self.rest = self.rest[0], self.rest[1:]
        return token

    def _comparison(self) -> Q:
        left, (kind, operator), right = self._operand(), self._next(), self._operand()
        if kind != "name" or operator not in (*_OPERATORS, "ne"):
            raise _refused(_("A comparison is expected: %(choices)s") % {"choices": ", ".join((*_OPERATORS, "ne"))})  # fmt: skip
        if isinstance(left, _Literal) and isinstance(right, Field):
            left, right, operator = right, left, _SWAPPED.get(operator, operator)
        if not isinstance(left, Field) or not isinstance(right, _Literal):
            raise _refused(_("A property is compared with a value."))
        kind = KEY if left.kind == KEY and isinstance(right.value, int) else right.kind
        if left.kind != kind:
            raise _refused(_("The value is of another kind than the property."))
        negated = operator == "ne"
        found = Q(**{f"{left.column}{_OPERATORS.get(operator, '')}": right.value})
        return ~found if negated else found

    def _operand(self) -> Field | _Literal:
        kind, text = self._next()
        if kind == "name":
            if self.rest and self.rest[0] == ("mark", "("):
                raise _refused(_("Functions are not offered: %s") % text[:60])
            if text not in self._fields:
                choices = ", ".join(self._fields)
                raise _refused(_("Nothing is asked by “%(name)s” here, but by: %(choices)s") % {"name": text[:60], "choices": choices})  # fmt: skip
            return self._fields[text]
        return _literal(kind, text)


def _literal(kind: str, text: str) -> _Literal:
    if kind == "text" and "\0" not in text:
        return _Literal(TEXT, text[1:-1].replace("''", "'"))
    try:
        if kind == "number":
            return _Literal(
                NUMBER, int(text) if text.lstrip("-").isdecimal() and len(text) < 18 else float(text)
            )
        if kind == "moment":
            at = datetime.fromisoformat(text)
            return _Literal(MOMENT, (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC))
    except (ValueError, OverflowError):
        pass
    raise _refused(_("Not understood from here: %s") % text[:60])
