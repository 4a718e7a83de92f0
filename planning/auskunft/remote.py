"""Services of others that know parcels (OGC API Features of ALKIS) and addresses (a geocoder); silent where none is configured."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import shapely
from django.conf import settings

from planning.auskunft import places, placing
from planning.auskunft.errors import PlaceRefused
from planning.auskunft.parcels import number_of
from planning.auskunft.places import SRID, Extent, Place
from planning.auskunft.placing import Found
from tenants.errors import FetchFailed
from tenants.fetching import fetch_json

_SYSTEM = f"http://www.opengis.net/def/crs/EPSG/0/{SRID}"
_NAMES = ("label", "display_name", "name", "text", "adresse", "address")
_MOST = 10  # features asked for
_LENGTH = 200  # characters of what somebody typed


def knows_parcels() -> bool:
    return bool(settings.PARCELS_URL)


def knows_numbers() -> bool:
    """Whether a parcel can be asked for by its number."""
    return bool(settings.PARCELS_URL and settings.PARCELS_FIELD)


def knows_addresses() -> bool:
    return bool(settings.GEOCODER_URL)


def parcel_at(point: Place, *, extent: Extent) -> Place | None:
    """The parcel that a point lies in; None where the service has none there. Raises PlaceRefused (`remote`)."""
    x, y = point.easting, point.northing
    box = f"{x - 0.1:.2f},{y - 0.1:.2f},{x + 0.1:.2f},{y + 0.1:.2f}"
    asked = {"bbox": box, "bbox-crs": _SYSTEM, "crs": _SYSTEM, "limit": str(_MOST), "f": "json"}
    for each in _parcels(asked):
        if int(shapely.get_dimensions(each.shape)) == 2 and shapely.intersects(each.shape, point.shape):
            return places.from_shape(each.shape, extent=extent, label=_number(each))
    return None


def parcel_called(number: str, *, extent: Extent) -> Place | None:
    """The parcel with this number, spelled as the service spells it. Raises PlaceRefused."""
    asked = {settings.PARCELS_FIELD: number[:_LENGTH], "crs": _SYSTEM, "limit": str(_MOST), "f": "json"}
    found = [each for each in _parcels(asked) if int(shapely.get_dimensions(each.shape)) == 2]
    return places.from_shape(found[0].shape, extent=extent, label=_number(found[0])) if found else None


def _parcels(asked: dict[str, str]) -> Iterator[Found]:
    joint = "&" if urlsplit(settings.PARCELS_URL).query else "?"
    yield from _features(f"{settings.PARCELS_URL}{joint}{urlencode(asked)}")


def _number(found: Found) -> str:
    own = found.properties.get(settings.PARCELS_FIELD) if settings.PARCELS_FIELD else None
    return (str(own) if own else number_of(found) or found.key)[:_LENGTH]


def address(text: str, *, extent: Extent) -> Place | None:
    """The first place within the county that the geocoder names; None where there is none. Raises PlaceRefused (`remote`)."""
    url = settings.GEOCODER_URL.replace("{q}", quote(text[:_LENGTH], safe=""))
    for each in _features(url):
        if isinstance(each.shape, shapely.Point):
            try:
                return places.from_shape(each.shape, extent=extent, label=_name(each) or text[:_LENGTH])
            except PlaceRefused:
                continue
    return None


def _name(found: Found) -> str:
    return next((str(found.properties[name])[:_LENGTH] for name in _NAMES if found.properties.get(name)), "")


def _features(url: str) -> Iterator[Found]:
    """Features of the answer that lie in Germany. Raises PlaceRefused (`remote`) where there is no answer to read."""
    try:
        answer: Any = fetch_json(url)
        rows = [row for row in placing.features(answer) if isinstance(row.get("geometry"), Mapping)]
    except (FetchFailed, PlaceRefused):
        raise PlaceRefused("remote") from None
    for row in rows[:_MOST]:
        try:
            yield placing.of_feature(row, named=answer.get("crs"))
        except PlaceRefused:
            continue
