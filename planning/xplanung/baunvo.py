"""Which version of the Baunutzungsverordnung a Bauleitplan follows: by what its file states, else by its dates.

Pure. A new version holds for plans whose public display begins under it (transitional rules §§ 25 to 25d BauNVO); where that day is
unknown the day of the Satzung stands in, which is then no certain answer. In Saxony the ordinance applies since 03.10.1990.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from planning.xplanung.plans import as_list, day_of, text_of
from planning.xplanung.properties import Json

# Year people call it by, day it was made (which is what files state), day it came into force. Sources: Bundesgesetzblatt
# 1962 I 429, 1968 I 1233, 1977 I 1757, 1986 I 2665, 1990 I 127, 2013 I 1548, 2017 I 1057, 2021 I 1802.
VERSIONS: tuple[tuple[int, date, date], ...] = (
    (1962, date(1962, 6, 26), date(1962, 8, 1)),
    (1968, date(1968, 11, 26), date(1969, 1, 1)),
    (1977, date(1977, 9, 15), date(1977, 10, 1)),
    (1986, date(1986, 12, 19), date(1987, 1, 1)),
    (1990, date(1990, 1, 23), date(1990, 1, 27)),
    (2013, date(2013, 6, 11), date(2013, 9, 20)),
    (2017, date(2017, 5, 4), date(2017, 5, 13)),
    (2021, date(2021, 6, 14), date(2021, 6, 23)),
)
ACCESSION = date(1990, 10, 3)  # before, East Germany's law stood in its place (BauZVO of 20.06.1990)
_CODES = {"1000": 1962, "2000": 1968, "3000": 1977, "4000": 1990}  # XP_VersionBauNVO of 4.x
_YEAR = re.compile(r"\b(19[6-9]\d|20\d\d)\b")
_KNOWN = {year for year, _made, _since in VERSIONS}

Basis = Literal["stated", "display", "adoption", "in_force"]


@dataclass(frozen=True)
class Version:
    """year: None where none fits. basis: what it was read from. certain: whether that decides it."""

    year: int | None
    basis: Basis
    certain: bool
    text: str = ""  # as the file words it


def on_day(day: date) -> int | None:
    """The version in force on a day; None before the first."""
    return next((year for year, _made, since in reversed(VERSIONS) if since <= day), None)


def of_day(day: date) -> int | None:
    """The version that a file means which names a day: the newest one made by then."""
    return next((year for year, made, _since in reversed(VERSIONS) if made <= day), None)


def stated(properties: Mapping[str, Json]) -> Version | None:
    """What a plan object or a Bereich says itself, in any version of the standard."""
    code = text_of(properties.get("versionBauNVO"))
    if code in _CODES:
        return Version(_CODES[code], "stated", True)
    for value in as_list(properties.get("versionBauNVO")):
        if isinstance(value, Mapping) and "@text" not in value:
            words = " ".join(text_of(value.get(name)) for name in ("name", "detail")).strip()
            return _read(text_of(value.get("datum")), words)
    return _read(text_of(properties.get("versionBauNVODatum")), text_of(properties.get("versionBauNVOText")))


def _read(day: str, words: str) -> Version | None:
    """A date names the version made then; words name it by a year."""
    if found := day_of(day):
        return Version(of_day(found), "stated", True, words or day)
    years = [int(year) for year in _YEAR.findall(words)]
    if years:
        named = next((year for year in reversed(years) if year in _KNOWN), None)
        return Version(named or on_day(date(max(years), 12, 31)), "stated", named is not None, words)
    return Version(None, "stated", False, words) if words else None


def by_dates(*, display: date | None, adopted: date | None, in_force: date | None) -> Version | None:
    """By the first day of the public display; else, as a guess, by the Satzung or the day the plan came into force."""
    if display is not None:
        return Version(on_day(display), "display", display >= ACCESSION)
    day = adopted or in_force
    if day is None:
        return None
    return Version(on_day(day), "adoption" if adopted else "in_force", False)
