"""One spelling for addresses, however people write them: "Str." and "Straße", case, umlauts, blanks, hyphens. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_APART = re.compile(r"(\d)\s+([a-z])(?![a-z0-9])")  # "12 a"
_WORD = re.compile(r"\d+[a-z]?(?:[-/]\d+[a-z]?)*(?![a-z0-9])|[a-z]+|\d+")
_STREET = re.compile(r"strasse$|str$")
_UMLAUT = re.compile(
    r"([aou])e"
)  # "Müller", "Mueller" and "Muller" are one; where it folds too much, the place decides
_POSTCODE = re.compile(r"\d{5}")
_MOST_WORDS = 16
COLUMNS = {  # part of an address -> columns that registers and offices name it by, in lower case
    "street": ("strasse", "straße", "str", "street", "strassenname", "straßenname", "stn", "addr:street"),
    "number": ("hausnummer", "hausnr", "hnr", "nr", "nummer", "number", "housenumber", "addr:housenumber"),
    "suffix": ("zusatz", "hnr_zusatz", "hnrzus", "hnrz", "adz", "hausnummernzusatz", "suffix"),
    "postcode": ("plz", "postleitzahl", "postcode", "addr:postcode"),
    "place": ("ort", "ortsname", "onm", "gemeinde", "place", "city", "addr:city"),
}


@dataclass(frozen=True)
class Wanted:
    """What somebody typed: its words in order, and the postcode among them."""

    words: tuple[str, ...]
    postcode: str = ""

    @property
    def has_number(self) -> bool:
        return any(word[0].isdigit() for word in self.words)

    def keys(self) -> set[str]:
        """Whatever may be a street, a place or a house number: all runs of words."""
        return {"".join(self.words[start:end]) for start, end in self._runs()}

    def _runs(self) -> Iterator[tuple[int, int]]:
        size = len(self.words)
        return ((start, end) for start in range(size) for end in range(start + 1, size + 1))

    def means(self, *, street: str, house: str, postcode: str, place: Iterable[str]) -> bool:
        """Whether street and house stand in it apart from each other, and the rest names the place, as far as there is a rest.
        place: the words by which it is named."""
        if self.postcode and postcode and self.postcode != postcode:
            return False
        for start, end in self._runs():
            if "".join(self.words[start:end]) != street:
                continue
            rest = [
                *self.words[:start],
                "",
                *self.words[end:],
            ]  # the gap: no house number runs across the street
            for first in range(len(rest)):
                for last in range(first + 1, len(rest) + 1):
                    run = rest[first:last]
                    if (
                        "" not in run
                        and "".join(run) == house
                        and {*rest[:first], *rest[last:]} <= {"", *place}
                    ):
                        return True
        return False


def words(text: str) -> list[str]:
    """ "Ernst-Thälmann-Straße 12 a" -> ["ernst", "thalmann", "str", "12a"]."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    found = _WORD.findall(_APART.sub(r"\1\2", plain))
    return [_UMLAUT.sub(r"\1", _STREET.sub("str", word)) for word in found]


@lru_cache(maxsize=5000)  # a register names each street hundreds of times
def key(text: str) -> str:
    return "".join(words(text))


def wanted(text: str) -> Wanted:
    found = words(text)[:_MOST_WORDS]
    postcode = next((word for word in found if _POSTCODE.fullmatch(word)), "")
    return Wanted(tuple(word for word in found if word != postcode), postcode)


def columns(names: Sequence[str], parts: Mapping[str, Sequence[str]] = COLUMNS) -> dict[str, str]:
    """Part of an address -> column that is called as registers and offices call it."""
    lower = {name.strip().lower(): name for name in names}
    return {part: lower[guess] for part, guesses in parts.items() for guess in reversed(guesses) if guess in lower}  # fmt: skip
