"""Registered services for tests."""

import io
from typing import Any

from django.utils import timezone
from PIL import Image

from tenants.models import Tenant
from tenants.scope import acting_for
from tests.factories import capabilities as samples
from twin.catalogue import harvesting
from twin.catalogue.capabilities import reading
from twin.catalogue.gathering import Gathered
from twin.catalogue.models import Record, Source


def make_source(
    tenant: Tenant, *, url: str = "https://karten.example/wms", kind: str = "WMS", **fields: Any
) -> Source:
    with acting_for([tenant.pk], [tenant.pk]):
        source: Source = Source.objects.create(tenant=tenant, url=url, kind=kind, **fields)
    return source


def make_harvested(tenant: Tenant, *layers: str, title: str = "Karten", **fields: Any) -> Source:
    """A WMS with these layers as records."""
    source = make_source(tenant, title=title, **fields)
    body = samples.wms(*(samples.wms_layer(name, name.title()) for name in layers), title=title)
    found = reading.read(body, url=source.url)
    with acting_for([tenant.pk], [tenant.pk]):
        harvesting.write(source, Gathered(found), at=timezone.now())
        source.refresh_from_db()
    return source


def make_read(tenant: Tenant, body: bytes, *, url: str, **fields: Any) -> Source:
    """A source of whatever kind, as its description says; its layers as records."""
    found = reading.read(body, url=url)
    source = make_source(tenant, url=found.url, kind=found.kind, **fields)
    with acting_for([tenant.pk], [tenant.pk]):
        harvesting.write(source, Gathered(found), at=timezone.now())
    return source


def records_of(source: Source, **conditions: Any) -> dict[str, Record]:
    with acting_for([source.tenant_id]):
        return {row.identifier: row for row in Record.objects.filter(source=source, **conditions)}


def picture(*colours: str, size: int = 64) -> bytes:
    """A PNG of vertical stripes."""
    image = Image.new("RGB", (size, size))
    for number, colour in enumerate(colours):
        image.paste(colour, (number * size // len(colours), 0, size, size))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
