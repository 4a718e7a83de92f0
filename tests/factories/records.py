"""Entries of the catalogue for tests, as a harvest leaves them."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

from tenants.models import Tenant
from tenants.scope import acting_for
from tests.factories.catalogue import EXTENT
from twin.catalogue.models import Record


def _field(name: str) -> Any:
    return Record._meta.get_field(name)


FULL: dict[str, Any] = {
    "description": "Bäume an Straßen und in Parks <mit & ohne> Nummer.",
    "keywords": ["Baum", "Straße"],
    "themes": ["ENVI"],
    "topics": ["environment"],
    "licence": "dl-by-de/2.0",
    "attribution": "Stadt Meißen",
    "publisher": "Stadtverwaltung",
    "contact_name": "Amt für Geodaten",
    "contact_email": "geo@example.org",
    "contact_url": "https://example.org/geo",
    "frequency": "ANNUAL",
    "lineage": "Mit der Hand erfasst.",
    "resolution": 5000,
    "issued": date(2024, 5, 6),
    "modified": datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    "time_start": date(2020, 1, 1),
    "time_end": date(2025, 12, 31),
    "extent": EXTENT,
    "landing_page": "https://example.org/baeume",
    "distributions": [
        {"title": "Bäume als CSV", "download_url": "https://example.org/baeume.csv", "format": "CSV"},
        {"title": "Karte", "access_url": "https://example.org/wms?", "format": "WMS"},
    ],
}
# With nothing said that need not be.
BARE: dict[str, Any] = {name: _field(name).get_default() for name in FULL}


def make_record(tenant: Tenant, title: str = "Baumkataster", *, public: bool = True, **fields: Any) -> Record:
    """With everything said that can be said, unless `fields` say otherwise."""
    values = {**FULL, "identifier": str(uuid.uuid4()), **fields}
    with acting_for([tenant.pk], [tenant.pk]):
        record: Record = Record.objects.create(tenant=tenant, title=title, is_public=public, **values)
    return record
