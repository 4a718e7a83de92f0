"""Objects that repeat the markup of one before: between them only values differ, so only those are left to judge.

Plans repeat themselves: 3,000 objects have some 100 markups.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

Judge = Callable[[str], bool]
_BLANK = " \t\r\n"
# What a value stands behind, and the value: of an attribute, or text that is not blank. Without entities, objects that are the
# same but for these are the same to a parser.
_VALUE = re.compile(r'(="|>)(?![ \t\r\n]*(?:<|\Z))([^"<]*)')
_MOST, _LONGEST = 1_000, 20_000  # markups that are remembered, and characters up to which one is


@dataclass(frozen=True, slots=True)
class Pattern:
    """What each value must be, in the order of the file; ids: places of those that must be unique in the document."""

    judges: tuple[Judge, ...]
    ids: tuple[int, ...]


class Repeats:
    """The markups of objects found valid."""

    def __init__(self) -> None:
        self._patterns: dict[str, Pattern] = {}

    def find(self, markup: str) -> Pattern | None:
        return self._patterns.get(markup)

    def remember(self, markup: str, pattern: Pattern) -> None:
        if len(self._patterns) < _MOST:
            self._patterns[markup] = pattern


def taken_apart(raw: bytes) -> tuple[str, list[str]]:
    """Markup and values of an object as it stands in the file; nothing where they are not simply told apart, or there is too much."""
    if b"&" in raw:
        return "", []
    text = raw.decode()
    parts = _VALUE.split(text.replace("\r\n", "\n") if "\r" in text else text)
    markup = "\0".join([*parts[::3], *parts[1::3]])
    return (markup, parts[2::3]) if len(markup) <= _LONGEST else ("", [])


def values_of(element: etree._Element) -> Iterator[tuple[etree._Element, str, str]]:
    """(element, attribute or "" for its text, value) in the order of the file, which is that of the values of taken_apart,
    unless there are comments, declarations of namespaces or other things rarely seen."""
    for name, value in element.items():
        yield element, str(name), str(value)
    if (element.text or "").strip(_BLANK):
        yield element, "", str(element.text)
    for child in element:
        yield from values_of(child)
        if (child.tail or "").strip(_BLANK):
            yield child, "tail", str(child.tail)
