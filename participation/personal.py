"""Marks what looks like personal data in a statement, so that a moderator sees it before publishing. Pure; a hint, no judge."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

PATTERNS = (
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}",  # mail address
    r"(?<!\d)(?:\+49|0049|0)[\d /()-]{5,20}\d",  # telephone number
    r"\bDE\d{2}(?: ?\d{4}){4} ?\d{2}\b",  # IBAN
    r"\b(?:Herr|Frau|Familie|Fam\.)n? (?:Dr\. |Prof\. )?[A-ZÄÖÜ][\w-]+",
    r"\b[A-ZÄÖÜ][\w-]*(?:straße|strasse|str\.|weg|gasse|platz|allee|ring) \d{1,4} ?[a-z]?\b",
)


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    marked: bool


def parts(text: str, *, known: Iterable[str] = ()) -> list[Part]:
    """The text in pieces, those marked that look like personal data or repeat what is known of the submitter."""
    words = {word for value in known for word in re.findall(r"[\w.@+-]{3,}", value)}
    pattern = "|".join([*PATTERNS, *(rf"\b{re.escape(word)}\b" for word in sorted(words))])
    found: list[Part] = []
    position = 0
    for match in re.finditer(pattern, text):
        found += [Part(text[position : match.start()], marked=False), Part(match.group(), marked=True)]
        position = match.end()
    return [part for part in [*found, Part(text[position:], marked=False)] if part.text]
