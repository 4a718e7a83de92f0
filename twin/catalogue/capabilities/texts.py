"""Foreign texts made fit: cleaned, shortened, read as numbers, dates, places and reference systems."""

import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from twin.catalogue.capabilities.description import Extent

_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # what PostgreSQL or XML cannot hold
_SPACE = re.compile(r"[^\S\n]+")
_PARAGRAPH = re.compile(r"\s*\n\s*\n\s*")
_EPSG = re.compile(r"EPSG(?:[:/]+[\d.]+)*[:/]+(\d{4,6})$", re.IGNORECASE)
_MAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
_FIRST = ("EPSG:25833", "EPSG:3857", "EPSG:4326", "CRS:84", "EPSG:25832", "EPSG:4258")
_MOST_SYSTEMS = 20  # some servers list all of the EPSG's six thousand
_MOST_WORDS = 100


def line(text: object, most: int = 500) -> str:
    """One line; anything but a text is none."""
    return " ".join(_UNFIT.sub(" ", text).split())[:most].strip() if isinstance(text, str) else ""


def prose(text: object, most: int = 20_000) -> str:
    """Paragraphs; line breaks inside them go."""
    if not isinstance(text, str):
        return ""
    parts = (line(part, most) for part in _PARAGRAPH.split(_SPACE.sub(" ", _UNFIT.sub(" ", text))))
    return "\n\n".join(part for part in parts if part)[:most]


def words(found: Iterable[object], most: int = 200) -> tuple[str, ...]:
    """Each once, in their order."""
    return tuple(dict.fromkeys(filter(None, (line(one, most) for one in found))))[:_MOST_WORDS]


def web(text: object) -> str:
    """The address of a web page or service, or nothing; no javascript: and the like."""
    found = line(text, 2000)
    try:
        parts = urlsplit(found)
        fit = parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in found
    except ValueError:
        return ""
    return found if fit and len(found) <= 1000 else ""


def mail(text: object) -> str:
    found = line(text, 254)
    return found if _MAIL.fullmatch(found) else ""


def number(text: object) -> float | None:
    try:
        found = float(str(text))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def whole(text: object) -> int | None:
    found = number(text)
    return int(found) if found is not None and 0 <= found <= 2_147_483_647 else None


def extent(corners: Iterable[object]) -> Extent | None:
    """west, south, east, north in degrees; None where they span no place on Earth."""
    found = [number(corner) for corner in corners]
    if len(found) != 4 or None in found:
        return None
    west, south, east, north = (float(corner or 0) for corner in found)
    sound = -180.1 <= west <= east <= 180.1 and -90.1 <= south <= north <= 90.1
    return (max(west, -180), max(south, -90), min(east, 180), min(north, 90)) if sound else None


def systems(names: Iterable[str]) -> tuple[str, ...]:
    """Reference systems in the short spelling, those first that our maps can use."""
    found = dict.fromkeys(filter(None, map(system, names)))
    usual = [name for name in _FIRST if name in found]
    return tuple([*usual, *(name for name in found if name not in usual)][:_MOST_SYSTEMS])


def system(name: str) -> str:
    """EPSG:25833 for whatever spelling of it."""
    text = line(name, 100)
    if match := _EPSG.search(text):
        return f"EPSG:{int(match[1])}"
    return "CRS:84" if text.upper().endswith("CRS84") or text.upper() == "CRS:84" else ""


def day(text: object) -> date | None:
    found = moment(text)
    return found.date() if found else None


def moment(text: object) -> datetime | None:
    """A date, a year with month, or a moment; without a zone it is UTC."""
    spelled = line(text, 40).replace("Z", "+00:00")
    for one in (spelled, f"{spelled}-01", f"{spelled}-01-01"):
        try:
            found = datetime.fromisoformat(one)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
