"""What somebody typed, marked or chose -> the place that is meant."""

import json
from typing import Any

import shapely
from django.conf import settings
from shapely.errors import ShapelyError

from planning.auskunft import addressbook, places, remote
from planning.auskunft.errors import PlaceRefused
from planning.auskunft.places import Extent, Place


def extent() -> Extent:
    return Extent(*settings.MAP_EXTENT)


def by_coordinates(text: str) -> Place:
    """Raises PlaceRefused (`numbers` where there are no two of them)."""
    return addressbook.named(places.from_text(text, extent=extent()))


def by_words(text: str) -> Place:
    """Coordinates, else an address that a town imported, else a parcel's number or an address that a configured service knows.

    Raises PlaceRefused."""
    if not text.strip():
        raise PlaceRefused("empty")
    try:
        return by_coordinates(text)
    except PlaceRefused as refused:
        if refused.code != "numbers":
            raise
    addressbook.refuse_whole_town(text)
    if not (knows_addresses() or remote.knows_numbers()):
        raise PlaceRefused("numbers" if places.is_coordinates(text) else "no_search")
    return _looked_up(text)


def knows_addresses() -> bool:
    return remote.knows_addresses() or addressbook.is_filled()


def _looked_up(text: str) -> Place:
    found = addressbook.address(text, extent=extent())
    if found is None and remote.knows_numbers() and any(sign.isdigit() for sign in text):
        found = remote.parcel_called(text, extent=extent())
    if found is None and remote.knows_addresses():
        found = remote.address(text, extent=extent())
    if found is None:
        raise PlaceRefused("nowhere", example=addressbook.example())
    return found


def by_geometry(text: str, *, label: str = "") -> Place:
    """A GeoJSON geometry in EPSG:25833, as the map writes it. Raises PlaceRefused."""
    try:
        data: Any = json.loads(text, parse_constant=_no_number)
        shape = shapely.geometry.shape(data)
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise PlaceRefused("no_area") from None
    return places.from_shape(shape, extent=extent(), label=label)


def _no_number(_constant: str) -> None:
    raise PlaceRefused("finite")


def as_geometry(place: Place) -> str:
    """The way back of by_geometry; centimetres."""
    return str(shapely.to_geojson(shapely.set_precision(place.shape, 0.01) if place.is_area else place.shape))


def whole_parcel(place: Place) -> Place:
    """The parcel at a point where the service knows one; else the point itself. Raises PlaceRefused (`remote`)."""
    if place.is_area or not remote.knows_parcels():
        return place
    return remote.parcel_at(place, extent=extent()) or place
