"""Rows of records -> entries, as standards and pages take them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.utils import timezone

from twin.catalogue import dcat
from twin.catalogue.entry import Agent, Box, Entry, Offer, Service
from twin.catalogue.models import Record, RecordKind
from twin.catalogue.offers import offers_of

WGS84 = 4326
DECIMALS = 5  # of a degree: about a metre
_SAFE = ("https://", "http://", "ftp://")  # what a foreign source may make a link of


def with_all(rows: Any) -> Any:
    """Records with the rows that an entry is made of."""
    return rows.select_related("tenant", "dataset__tenant", "parent").defer(
        "tenant__boundary", "dataset__tenant__boundary"
    )


def entry_of(record: Record) -> Entry:
    """record: of `with_all`, or it costs queries. A public entry names no parent that is not."""
    parent = record.parent if record.parent and (record.parent.is_public or not record.is_public) else None
    return Entry(
        uri=_absolute(record.get_absolute_url()),
        identifier=record.identifier,
        kind=record.kind,
        title=record.title,
        description=record.description,
        publisher=Agent(record.publisher or record.tenant.name),
        contact=Agent(record.contact_name, record.contact_email, linkable(record.contact_url)),
        catalogued_at=record.created_at,
        changed_at=record.changed_at,
        keywords=tuple(record.keywords),
        themes=tuple(record.themes),
        topics=tuple(record.topics),
        inspire_themes=tuple(record.inspire_themes),
        licence=record.licence,
        licence_url=linkable(record.licence_url),
        attribution=record.attribution,
        frequency=record.frequency,
        language=record.language,
        lineage=record.lineage,
        resolution=record.resolution,
        issued=record.issued,
        modified=record.modified,
        start=record.time_start,
        end=record.time_end,
        box=box_of(record.extent),
        ags=record.tenant.ags or "",
        landing_page=linkable(record.landing_page),
        offers=tuple(_offers(record)),
        service=_service(record.service),
        parent=_absolute(parent.get_absolute_url()) if parent else "",
        parent_is_series=parent is not None and parent.kind == RecordKind.SERIES,
        crs=(settings.TWIN_SRID,) if record.dataset_id else (),
    )


def box_of(extent: Polygon | None) -> Box | None:
    if extent is None:
        return None
    west, south, east, north = extent.transform(WGS84, clone=True).extent
    return (round(west, DECIMALS), round(south, DECIMALS), round(east, DECIMALS), round(north, DECIMALS))


def version_date(record: Record) -> date:
    """The day of which the data are, as far as anybody has said."""
    moment: datetime = record.modified or record.created_at
    return timezone.localdate(moment)


def linkable(address: Any) -> str:
    """An address from outside, or nothing where it is none: it becomes a link on our pages."""
    return str(address) if str(address).lower().startswith(_SAFE) else ""


def _absolute(address: str) -> str:
    return f"{settings.BASE_URL}{address}" if address.startswith("/") else address


def _offers(record: Record) -> Iterable[Offer]:
    if record.dataset is not None:
        yield from (replace(offer, url=_absolute(offer.url)) for offer in offers_of(record.dataset))
        return
    for one in record.distributions:
        url = linkable(one.get("download_url") or one.get("access_url") or "")
        if url:
            yield Offer(
                title=one.get("title") or "",
                url=url,
                format=one.get("format") or "",
                media_type=one.get("media_type") or "",
                is_download=bool(one.get("download_url")),
                licence_url=dcat.licence_uri(one.get("licence") or "", ""),
            )


def _service(said: dict[str, Any]) -> Service | None:
    if not linkable(said.get("url")):
        return None
    return Service(
        kind=str(said.get("type") or ""),
        url=str(said["url"]),
        layer=str(said.get("layer") or ""),
        version=str(said.get("version") or ""),
    )
