"""What a foreign service says of itself and of each entry -> the values of records."""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pyproj
from django.conf import settings
from django.contrib.gis.geos import Polygon

from twin.catalogue.capabilities.description import Contact, Description, Entry, Extent, Licence
from twin.catalogue.models import RecordKind, Source

FIELDS = (
    "kind", "title", "description", "keywords", "themes", "topics", "inspire_themes", "licence", "licence_url", "attribution", "publisher",
    "contact_name", "contact_email", "contact_url", "frequency", "language", "lineage", "resolution", "issued", "modified", "time_start",
    "time_end", "extent", "landing_page", "distributions", "service", "foreign", "is_public", "is_gone",
)  # fmt: skip
_AROUND: Extent = (-10.0, 34.0, 40.0, 72.0)  # degrees; EPSG:25833 knows no place far from here
_LENGTH = 500  # of an identifier


def records(source: Source, description: Description) -> Iterator[tuple[str, dict[str, Any]]]:
    """(identifier, values) of the service itself, then of each entry; no identifier comes twice."""
    seen: set[str] = set()
    yield _unique(source.url, seen), _sealed(_of_service(source, description), source)
    for position, entry in enumerate(description.entries):
        values = _of_entry(entry, description)
        values["foreign"] |= {"position": position}
        yield _unique(entry.name, seen), _sealed(values, source)


def digest_of(wanted: Mapping[str, Mapping[str, Any]]) -> str:
    """Of all records: the same as long as neither the source nor what we make of it changes."""
    text = "\n".join(f"{name} {values['foreign']['digest']}" for name, values in wanted.items())
    return hashlib.sha256(text.encode()).hexdigest()


def _unique(name: str, seen: set[str]) -> str:
    """Some servers give a name twice, and some names are longer than ours may be."""
    short = name if len(name) <= _LENGTH else f"{name[:400]} {hashlib.sha256(name.encode()).hexdigest()}"
    found, number = short, 1
    while found in seen:
        number += 1
        found = f"{short[: _LENGTH - 8]} ({number})"
    seen.add(found)
    return found


def _sealed(values: dict[str, Any], source: Source) -> dict[str, Any]:
    """With the digest by which the next run knows whether anything changed."""
    text = json.dumps(values, sort_keys=True, default=str)
    values["foreign"] |= {"digest": hashlib.sha256(text.encode()).hexdigest()[:32]}
    return {**values, "is_public": source.is_public, "is_gone": False}


def _of_service(source: Source, found: Description) -> dict[str, Any]:
    entry = Entry(
        name=found.url,
        title=found.title or source.title or source.url[:_LENGTH],
        kind=RecordKind.SERVICE,
        abstract=found.abstract,
        keywords=found.keywords,
        extent=found.extent or _around_all(found.entries),
        service={"type": found.kind, "url": found.url, "version": found.version}
        if _is_web(found.url)
        else {},
    )
    return _of_entry(entry, found)


def _is_web(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def _of_entry(entry: Entry, found: Description) -> dict[str, Any]:
    licence = entry.licence if entry.licence != Licence() else found.licence
    contact = entry.contact if entry.contact != Contact() else found.contact
    publisher = entry.publisher or found.publisher
    return {
        "kind": entry.kind,
        "title": entry.title,
        "description": entry.abstract or found.abstract,
        "keywords": list(entry.keywords),
        "themes": list(entry.themes),
        "topics": list(entry.topics),
        "inspire_themes": list(entry.inspire_themes),
        "licence": licence.code,
        "licence_url": licence.url,
        "attribution": entry.attribution or publisher,
        "publisher": publisher,
        "contact_name": contact.name,
        "contact_email": contact.email,
        "contact_url": contact.url,
        "frequency": entry.frequency,
        "language": entry.language or "de",
        "lineage": entry.lineage,
        "resolution": entry.resolution,
        "issued": entry.issued,
        "modified": entry.modified,
        "time_start": entry.time_start,
        "time_end": entry.time_end,
        "extent": polygon(entry.extent),
        "landing_page": entry.landing_page,
        "distributions": _distributions(entry, licence),
        "service": entry.service,
        "foreign": _foreign(entry, licence),
    }


def _distributions(entry: Entry, licence: Licence) -> list[dict[str, str]]:
    if entry.distributions:
        return [vars(one) for one in entry.distributions]
    service = entry.service
    if not _is_web(service.get("url", "")):
        return []
    return [{"title": entry.title, "access_url": service["url"], "download_url": "", "format": service["type"], "media_type": "", "licence": licence.code}]  # fmt: skip


def _foreign(entry: Entry, licence: Licence) -> dict[str, Any]:
    said: Mapping[str, Any] = {
        "metadata": list(entry.metadata),
        "group": list(entry.group),
        "licence": licence.text,
    }
    return {name: value for name, value in said.items() if value}


def _around_all(entries: tuple[Entry, ...]) -> Extent | None:
    found = [entry.extent for entry in entries if entry.extent]
    if not found:
        return None
    west, south, east, north = zip(*found, strict=True)
    return min(west), min(south), max(east), max(north)


def polygon(extent: Extent | None) -> Polygon | None:
    """The part of an extent around here as an area in our reference system; a point or line is widened to one."""
    if extent is None:
        return None
    west, south = max(extent[0], _AROUND[0]), max(extent[1], _AROUND[1])
    east, north = min(extent[2], _AROUND[2]), min(extent[3], _AROUND[3])
    if west > east or south > north:
        return None
    corners = _projection().transform_bounds(west, south, east, north)
    if not all(map(math.isfinite, corners)):
        return None
    left, bottom, right, top = corners
    found = Polygon.from_bbox((left, bottom, max(right, left + 1), max(top, bottom + 1)))
    found.srid = settings.TWIN_SRID
    return found


@cache
def _projection() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(4326, settings.TWIN_SRID, always_xy=True)
