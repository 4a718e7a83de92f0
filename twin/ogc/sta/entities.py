"""The kinds of entities: where their rows come from, what is said of one, and how they hang together.

A station is a Thing, its Location and the FeatureOfInterest of what is measured there; a series is a Datastream and its Sensor.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from django.utils.translation import gettext as _

from tenants.permissions import Person
from twin.ogc.sta.filters import KEY, MOMENT, NUMBER, TEXT, Field
from twin.sensors.models import Observation, QuantityKind, Series, Station
from twin.sensors.presenting import source_of
from twin.sensors.quantities import QUANTITIES

MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
_UNITS = {"cm": "CentiM", "m³/s": "M3-PER-SEC", "mm": "MilliM", "%": "PERCENT"}
_ID = Field("pk", KEY)
Rows = Any  # a queryset, or Properties


class Properties(list["Property"]):
    """Observed properties as rows: they stand in the program."""

    def filter(self, pk: str) -> "Properties":
        return Properties(one for one in self if one.pk == pk)

    def count(self, *ignored: Any) -> int:
        return len(self)

    def first(self) -> "Property | None":
        return next(iter(self), None)


@dataclass(frozen=True)
class Property:
    pk: str

    @property
    def name(self) -> str:
        return str(QuantityKind(self.pk).label)


PROPERTIES = Properties(Property(code) for code in QUANTITIES)


@dataclass(frozen=True)
class Link:
    """To entities of the kind `target`, those with `where`; near: the same without a query, where they came with the row."""

    target: str
    many: bool
    where: Callable[[Any], dict[str, Any]]
    near: Callable[[Any], list[Any]] | None = None


@dataclass(frozen=True)
class Kind:
    """order: of what is not asked for in another; default: of all."""

    rows: Callable[[Person], Rows]
    key: Callable[[str], Any]
    body: Callable[[Any], dict[str, Any]]
    links: Mapping[str, Link]
    filters: Mapping[str, Field] = field(default_factory=dict)
    order: Mapping[str, str] = field(default_factory=dict)
    default: tuple[str, ...] = ()


def _stations(person: Person) -> Rows:
    rows = Station.objects.visible_to(person).filter(tenant__active=True)
    return rows.select_related("tenant").defer("tenant__boundary")


def _placed(person: Person) -> Rows:
    return _stations(person).filter(place__isnull=False)


def _series(person: Person) -> Rows:
    rows = Series.objects.visible_to(person).filter(tenant__active=True).select_related("station__tenant")
    return rows.defer("station__tenant__boundary", "forecast")


def _observations(person: Person) -> Rows:
    """Of series that the person sees: on the observations themselves the worker notes later who sees them."""
    series = Series.objects.visible_to(person).filter(tenant__active=True)
    return Observation.objects.visible_to(person).filter(series__in=series.values("pk"))


def _whole(text: str) -> int:
    """Raises ValueError."""
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise ValueError
    return int(text)


def _quoted(text: str) -> str:
    return text.strip("'")


def _thing(row: Station) -> dict[str, Any]:
    return {
        "name": row.name,
        "description": str(row),
        "properties": {"water": row.water, "number": row.number, "source": source_of(row), "owner": row.tenant.name},
    }  # fmt: skip


def _point(row: Station) -> dict[str, Any]:
    """GeoJSON in WGS 84."""
    assert row.place is not None  # noqa: S101 - only stations with a place are asked
    west, south, *_corner = row.place.transform(4326, clone=True).extent
    return {"type": "Point", "coordinates": [round(west, 7), round(south, 7)]}


def _location(row: Station) -> dict[str, Any]:
    return _described(row) | {"encodingType": "application/geo+json", "location": _point(row)}


def _feature(row: Station) -> dict[str, Any]:
    return _described(row) | {"encodingType": "application/geo+json", "feature": _point(row)}


def _described(row: Station) -> dict[str, Any]:
    return {"name": row.name, "description": str(row)}


def _datastream(row: Series) -> dict[str, Any]:
    unit = _UNITS.get(row.unit)
    return {
        "name": f"{row} {row.station.name}",
        "description": _("%(series)s in %(unit)s, %(station)s") % {"series": row, "unit": row.unit, "station": row.station},
        "observationType": MEASUREMENT,
        "unitOfMeasurement": {"name": row.unit, "symbol": row.unit, "definition": f"https://qudt.org/vocab/unit/{unit}" if unit else None},
        "properties": {"gaugeZero": row.zero, "datum": row.datum, "minutes": row.minutes},
    }  # fmt: skip


def _sensor(row: Series) -> dict[str, Any]:
    return {
        "name": f"{row.station.get_feed_display()} {row.station.number}".strip(),
        "description": source_of(row.station),
        "encodingType": "text/html",
        "metadata": row.station.get_absolute_url(),
    }


def _property(row: Property) -> dict[str, Any]:
    return {"name": row.name, "definition": QUANTITIES[row.pk].definition, "description": row.name}


def _observation(row: Observation) -> dict[str, Any]:
    at = row.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    body = {"phenomenonTime": at, "resultTime": at, "result": row.value}
    return body | ({"resultQuality": "suspect"} if row.is_suspect else {})


_OF_SERIES = Link("Observations", True, lambda row: {"series": row.pk})
KINDS: dict[str, Kind] = {
    "Things": Kind(
        rows=_stations,
        key=_whole,
        body=_thing,
        links={
            "Locations": Link("Locations", True, lambda row: {"pk": row.pk}, lambda row: [row] if row.place else []),
            "Datastreams": Link("Datastreams", True, lambda row: {"station": row.pk}),
        },
        filters={"id": _ID, "name": Field("name", TEXT)},
        order={"id": "pk", "name": "name"},
        default=("pk",),
    ),
    "Locations": Kind(
        rows=_placed,
        key=_whole,
        body=_location,
        links={"Things": Link("Things", True, lambda row: {"pk": row.pk}, lambda row: [row])},
        filters={"id": _ID, "name": Field("name", TEXT)},
        order={"id": "pk", "name": "name"},
        default=("pk",),
    ),
    "Datastreams": Kind(
        rows=_series,
        key=_whole,
        body=_datastream,
        links={
            "Thing": Link("Things", False, lambda row: {"pk": row.station_id}, lambda row: [row.station]),
            "Sensor": Link("Sensors", False, lambda row: {"pk": row.pk}, lambda row: [row]),
            "ObservedProperty": Link("ObservedProperties", False, lambda row: {"pk": row.quantity}),
            "Observations": _OF_SERIES,
        },
        filters={
            "id": _ID,
            "Thing/id": Field("station_id", KEY),
            "Thing/name": Field("station__name", TEXT),
            "ObservedProperty/id": Field("quantity", TEXT),
        },
        order={"id": "pk"},
        default=("pk",),
    ),
    "Sensors": Kind(
        rows=_series,
        key=_whole,
        body=_sensor,
        links={"Datastreams": Link("Datastreams", True, lambda row: {"pk": row.pk}, lambda row: [row])},
        filters={"id": _ID},
        order={"id": "pk"},
        default=("pk",),
    ),
    "ObservedProperties": Kind(
        rows=lambda person: PROPERTIES,
        key=_quoted,
        body=_property,
        links={"Datastreams": Link("Datastreams", True, lambda row: {"quantity": row.pk})},
    ),
    "Observations": Kind(
        rows=_observations,
        key=_whole,
        body=_observation,
        links={
            "Datastream": Link("Datastreams", False, lambda row: {"pk": row.series_id}),
            "FeatureOfInterest": Link("FeaturesOfInterest", False, lambda row: {"series": row.series_id}),
        },
        filters={
            "id": _ID,
            "phenomenonTime": Field("at", MOMENT),
            "resultTime": Field("at", MOMENT),
            "result": Field("value", NUMBER),
            "Datastream/id": Field("series_id", KEY),
        },
        order={"id": "pk", "phenomenonTime": "at", "resultTime": "at"},
        default=("series_id", "at"),  # as they lie in the index
    ),
    "FeaturesOfInterest": Kind(
        rows=_placed,
        key=_whole,
        body=_feature,
        links={"Observations": Link("Observations", True, lambda row: {"series__station": row.pk})},
        filters={"id": _ID, "name": Field("name", TEXT)},
        order={"id": "pk", "name": "name"},
        default=("pk",),
    ),
}  # fmt: skip
