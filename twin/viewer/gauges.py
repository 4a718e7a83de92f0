"""Public gauges as features of the map, with what was measured last in words."""

from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tenants.models import Tenant, TenantKind
from twin.sensors import presenting, queries, wording
from twin.sensors.models import Station
from twin.viewer import announcing
from twin.viewer.passing import Box

SYSTEM = f"EPSG:{settings.TWIN_SRID}"


def shown(tenant: Tenant) -> QuerySet[Station]:
    """Of a town, or of all towns for the county; those whose place is known."""
    rows: QuerySet[Station] = Station.objects.filter(is_public=True, place__isnull=False, tenant__active=True)
    return rows if tenant.kind == TenantKind.COUNTY else rows.filter(tenant=tenant)


def within(box: Box, *, tenant: Tenant) -> dict[str, Any]:
    """GeoJSON in the map's system. box: in the same."""
    area = Polygon.from_bbox(box)
    area.srid = settings.TWIN_SRID
    rows = list(queries.with_series(shown(tenant).filter(place__bboverlaps=area))[: queries.MOST_STATIONS])
    maps = announcing.public_maps(rows)
    return {"type": "FeatureCollection", "features": [_feature(row, maps.get(row.pk, "")) for row in rows]}


def _feature(station: Station, flooded: str) -> dict[str, Any]:
    """flooded: path of what would stand in the water; empty where no map says it."""
    assert station.place is not None  # noqa: S101 - see shown
    told = {_("Station"): str(station)}
    for series in station.series.all():
        told |= _measured(series)
    if flooded:
        told[str(announcing.WORDS)] = f"{settings.BASE_URL}{flooded}"
    told[_("Page")] = f"{settings.BASE_URL}{station.get_absolute_url()}"
    geometry = {"type": "Point", "coordinates": [round(station.place.x, 2), round(station.place.y, 2)]}
    return {"type": "Feature", "id": str(station.public_id), "geometry": geometry, "properties": told}


def _measured(series: Any) -> dict[str, str]:
    """series: with `levels`, see queries.with_series."""
    if series.latest_at is None:
        return {}
    at = date_format(localtime(series.latest_at), "SHORT_DATETIME_FORMAT")
    parts = [presenting.in_unit(series.latest_value, series), wording.trend(series.rise, series.quantity), at]
    parts += [_("out of date")] if presenting.is_old(series, timezone.now()) else []
    found = {str(series): ", ".join(part for part in parts if part)}
    return found | ({_("Alarm"): wording.stage_in_words(series.stage)} if series.levels else {})
