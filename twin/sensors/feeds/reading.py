"""What is read from a feed, whoever gives it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Get = Callable[[str], Any]  # address -> JSON document; raises Unreadable, Unanswered
Since = Mapping[
    str, datetime
]  # quantity -> moment of its last value here; without one all is asked for that the source holds


class Unanswered(Exception):
    """The source can't be reached, or refuses; the message says why, in words for people."""


class Unreadable(Exception):
    """reason: "number" (there is no such gauge), "moment", "clock", "shape", "unit", "json", "many", "undecoded"; detail: what stood there."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason, self.detail = reason, detail


@dataclass(frozen=True)
class Value:
    """at: UTC."""

    at: datetime
    value: float


@dataclass(frozen=True)
class Expected:
    """A forecast's value. estimate: so far ahead that its source only estimates it."""

    at: datetime
    value: float
    estimate: bool = False


@dataclass(frozen=True)
class SeriesReading:
    """quantity: of QUANTITIES; zero: metres above `datum`; minutes: between two values; stages: alarm levels as the source names
    them, lowest first, NaN for one that is left out; forecast: None where it could not be had just now."""

    quantity: str
    unit: str
    values: tuple[Value, ...] = ()
    zero: float | None = None
    datum: str = ""
    minutes: int = 15
    stages: tuple[float, ...] = ()
    forecast: tuple[Expected, ...] | None = ()
    forecast_at: datetime | None = None


@dataclass(frozen=True)
class StationReading:
    """longitude, latitude: degrees (WGS 84), or None where the source does not say."""

    number: str
    name: str
    water: str
    longitude: float | None
    latitude: float | None
    series: tuple[SeriesReading, ...]


def number(found: Any) -> float | None:
    """A finite number, also written with a decimal comma; None for “k.A.” and anything else that is none."""
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    try:
        value = float(found.strip().replace(",", ".") if isinstance(found, str) else found)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def text(found: Any, *, most: int = 200) -> str:
    """One line, or nothing; without what no database takes."""
    if not isinstance(found, str | int | float):
        return ""
    return " ".join(str(found).replace("\0", "").encode(errors="ignore").decode().split())[:most]
