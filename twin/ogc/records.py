"""The catalogue as a collection of records (OGC API Records): what is asked for, and an entry as a record."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from participation.search import matching
from tenants.models import Tenant, TenantKind
from tenants.permissions import Person
from twin.catalogue import finding
from twin.catalogue.dcat import licence_uri
from twin.catalogue.entries import entry_of, with_all
from twin.catalogue.entry import Agent, Entry
from twin.catalogue.finding import Tally
from twin.catalogue.models import Record, RecordKind
from twin.ogc import crs
from twin.ogc.crs import CRS84
from twin.ogc.errors import ParameterRefused
from twin.ogc.selecting import interval, numbers

CATALOGUE = "katalog"
CONFORMS = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core"
_MOST = 100  # values of one parameter
_THEMES = "http://publications.europa.eu/resource/authority/data-theme"


def visible(user: Person, *, site: Tenant | None) -> QuerySet[Record]:
    rows = finding.listed(user)
    return rows.filter(tenant=site) if site and site.kind != TenantKind.COUNTY else rows


def asked_for(rows: QuerySet[Record], asked: Mapping[str, str]) -> QuerySet[Record]:
    """asked: parameters by name, all of them known. Raises ParameterRefused."""
    if "q" in asked:
        rows = rows.filter(_any_of(_values("q", asked["q"])))
    if "type" in asked:
        rows = rows.filter(kind__in=_kinds(asked["type"]))
    if "ids" in asked:
        rows = rows.filter(public_id__in=_uuids(asked["ids"]))
    if "externalIds" in asked:
        rows = rows.filter(identifier__in=_values("externalIds", asked["externalIds"]))
    if "bbox" in asked:
        rows = rows.filter(_in_box(asked["bbox"]))
    if asked.get("datetime"):
        rows = rows.filter(_at_time(asked["datetime"]))
    return rows


def _values(name: str, text: str) -> list[str]:
    found = [one.strip() for one in text.replace("\0", "").split(",") if one.strip()]
    if not found:
        raise ParameterRefused(name, _("A value is expected."))
    if len(found) > _MOST:
        raise ParameterRefused(name, _("At most %(most)s values.") % {"most": _MOST})
    return found


def _any_of(texts: list[str]) -> Q:
    """Texts with a comma between are looked for each by itself, words with a space between all of them."""
    found = Q()
    for text in texts:
        found |= matching(text)
    return found


def _kinds(text: str) -> list[str]:
    found = _values("type", text)
    if set(found) - set(RecordKind.values):
        raise ParameterRefused(
            "type", _("One of these is expected: %(choices)s") % {"choices": ", ".join(RecordKind.values)}
        )
    return found


def _uuids(text: str) -> list[uuid.UUID]:
    """What is no id of ours names no record, as the id of zeros does."""
    found = [uuid.UUID(int=0)]
    for one in _values("ids", text):
        try:
            found.append(uuid.UUID(one))
        except ValueError:
            continue
    return found


def _in_box(text: str) -> Q:
    try:
        places = [crs.in_utm(place) for place in crs.box(numbers("bbox", text), CRS84)]
    except ValueError as error:
        raise ParameterRefused("bbox", _(str(error))) from None
    found = Q()
    for place in places:
        found |= Q(extent__bboverlaps=GEOSGeometry(memoryview(place.wkb), srid=crs.STORED))
    return found


def _at_time(text: str) -> Q:
    """Of records that say of which time they are."""
    first, last = (date.fromisoformat(end[:10]) if end else None for end in interval(text))
    found = Q(time_start__isnull=False) | Q(time_end__isnull=False)
    if first:
        found &= Q(time_end__isnull=True) | Q(time_end__gte=first)
    if last:
        found &= Q(time_start__isnull=True) | Q(time_start__lte=last)
    return found


def counted(user: Person, rows: QuerySet[Record], *, narrow: bool) -> Tally:
    return finding.tally(rows) if narrow else finding.overview(user)


def page(rows: QuerySet[Record], found: Tally, *, after: int, limit: int) -> list[Record]:
    """One more than asked for where more follow. Few that were found are known by their numbers."""
    rows = Record.objects.filter(pk__in=found.ids) if found.ids is not None else rows
    return list(with_all(rows).filter(pk__gt=after).order_by("pk")[: limit + 1])


# --- as a record


def document(record: Record, links: list[dict[str, str]]) -> dict[str, Any]:
    entry = entry_of(record)
    return {
        "id": str(record.public_id),
        "type": "Feature",
        "conformsTo": [CONFORMS],
        "time": _time(entry),
        "geometry": _outline(entry),
        "properties": _properties(entry),
        "links": [*links, *_offers(entry)],
    }


def _time(entry: Entry) -> dict[str, Any] | None:
    if not (entry.start or entry.end):
        return None
    return {"interval": [end.isoformat() if end else ".." for end in (entry.start, entry.end)]}


def _outline(entry: Entry) -> dict[str, Any] | None:
    if entry.box is None:
        return None
    west, south, east, north = entry.box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _properties(entry: Entry) -> dict[str, Any]:
    said: dict[str, Any] = {
        "type": entry.kind,
        "title": entry.title,
        "description": entry.description,
        "created": entry.catalogued_at.isoformat(timespec="seconds"),
        "updated": entry.changed_at.isoformat(timespec="seconds"),
        "keywords": list(entry.keywords),
        "language": {"code": entry.language},
        "externalIds": [{"value": entry.identifier}],
        "license": licence_uri(entry.licence, entry.licence_url),
        "rights": entry.attribution,
        "contacts": [_contact(one, role) for one, role in ((entry.publisher, "publisher"), (entry.contact, "pointOfContact")) if one.name],
        "formats": [{"name": name} for name in dict.fromkeys(one.format for one in entry.offers if one.format)],
    }  # fmt: skip
    if entry.themes:
        said["themes"] = [{"scheme": _THEMES, "concepts": [{"id": one} for one in entry.themes]}]
    return {name: value for name, value in said.items() if value}


def _contact(agent: Agent, role: str) -> dict[str, Any]:
    said: dict[str, Any] = {"name": agent.name, "organization": agent.name, "roles": [role]}
    if agent.email:
        said["emails"] = [{"value": agent.email}]
    if agent.url:
        said["links"] = [{"href": agent.url, "rel": "about", "type": "text/html"}]
    return said


def _offers(entry: Entry) -> list[dict[str, str]]:
    """Ways to the data."""
    found = []
    for one in entry.offers:
        link = {"href": one.url, "rel": "enclosure" if one.is_download else "related", "title": one.title}
        found.append({**link, "type": one.media_type} if one.media_type else link)
    return found
