"""A place by its address, out of the registers that towns imported; asks nobody outside."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import shapely
from django.contrib.gis.geos import Polygon
from django.db.models import Case, When

from planning.auskunft import places, spelling
from planning.auskunft.errors import PlaceRefused
from planning.auskunft.places import Extent, Place
from planning.auskunft.spelling import Wanted
from planning.models import Address
from tenants.models import Tenant, TenantKind

_MOST = 500  # rows of one street and number, county-wide
_NAMED = 5  # addresses to choose from
_ONCE = ("street_key", "house_key", "place_key", "postcode")  # an address that two tenants imported is one
_EXACT = 0.006  # metres; links name centimetres


def is_filled() -> bool:
    return bool(Address.objects.filter(is_public=True, tenant__active=True).exists())


def example() -> str:
    """An address that is found here; empty where no town imported any."""
    return str(Address.objects.filter(is_public=True, tenant__active=True).order_by("pk").first() or "")


def refuse_whole_town(text: str) -> None:
    """Raises PlaceRefused (`town`) where nothing but a municipality is named: too large to be asked about."""
    towns = Tenant.objects.filter(active=True, kind=TenantKind.MUNICIPALITY, ags__isnull=False)
    wanted = spelling.key(text)
    for slug, name in towns.values_list("slug", "name"):
        if wanted == spelling.key(name):
            raise PlaceRefused("town", town=name, slug=slug)


def address(text: str, *, extent: Extent) -> Place | None:
    """The one address that is meant; None where no register knows the street.

    Raises PlaceRefused: `no_house` (without or with an unknown number), `several` (in more than one place)."""
    wanted = spelling.wanted(text)
    keys = wanted.keys()
    rows = Address.objects.filter(is_public=True, tenant__active=True, street_key__in=keys)
    found = [row for row in rows.filter(house_key__in=keys).select_related("tenant").defer("tenant__boundary")[:_MOST] if _meant(row, wanted)]  # fmt: skip
    found = _once(found)
    if len(found) > 1:
        raise PlaceRefused("several", addresses="; ".join(map(str, found[:_NAMED])))
    if found:
        point = found[0].point
        return places.from_shape(shapely.Point(point.x, point.y), extent=extent, label=str(found[0]))
    if street := rows.values_list("street", flat=True).first():
        raise PlaceRefused("no_house", street=street)
    return None


def named(point: Place) -> Place:
    """The same point with the address that stands exactly there, so that a link by coordinates keeps its name."""
    east, north = point.easting, point.northing
    box = Polygon.from_bbox((east - _EXACT, north - _EXACT, east + _EXACT, north + _EXACT))
    box.srid = places.SRID
    row = Address.objects.filter(is_public=True, tenant__active=True, point__bboverlaps=box).order_by("pk").first()  # fmt: skip
    return replace(point, label=str(row)) if row else point


def _once(rows: list[Address]) -> list[Address]:
    """An address that the county and the town both imported counts once: as the town has it."""
    own_last = sorted(rows, key=lambda row: (row.tenant.kind == TenantKind.MUNICIPALITY, row.pk))
    chosen = {tuple(getattr(row, name) for name in _ONCE): row for row in own_last}
    return sorted(chosen.values(), key=lambda row: row.pk)


def _meant(row: Address, wanted: Wanted) -> bool:
    named = {*spelling.words(row.place), *spelling.words(row.tenant.name)}
    return wanted.means(street=row.street_key, house=row.house_key, postcode=row.postcode, place=named)


def write(path: Path, *, tenant: Tenant) -> int:
    """All addresses as lines of JSON, for a process that knows no database: street and house as keys, postcode, words of the
    place, easting, northing, whether it is one of the tenant's own. Returns how many there are."""
    rows = Address.objects.filter(is_public=True, tenant__active=True)
    is_town = Case(When(tenant__kind=TenantKind.MUNICIPALITY, then=0), default=1)
    once = rows.order_by(*_ONCE, is_town, "-pk").distinct(*_ONCE)
    places_of = cache(spelling.words)
    count = 0
    with path.open("w", encoding="utf-8") as sink:
        for street, house, _key, postcode, place, town, owner, point in once.values_list(*_ONCE, "place", "tenant__name", "tenant", "point").iterator():  # fmt: skip
            words = sorted({*places_of(place), *places_of(town)})
            line = (street, house, postcode, words, point.x, point.y, owner == tenant.pk)
            sink.write(f"{json.dumps(line)}\n")
            count += 1
    return count
