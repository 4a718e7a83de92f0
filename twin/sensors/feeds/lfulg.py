"""Gauges of the Sächsisches Landesamt für Umwelt, Landwirtschaft und Geologie: an ArcGIS FeatureServer with the value of now.

Layer “aktuelle Wasserstände” of the service “Pegelnetz”. Values are texts, with a decimal comma or “k.A.”; their moment is a text, too,
with its offset in another field. Alarm stages (PEG_AS1 to PEG_AS4) are centimetres.
"""

import math
from datetime import UTC, datetime, timezone
from typing import Any

from twin.sensors.feeds.moments import offset
from twin.sensors.feeds.reading import (
    Get,
    SeriesReading,
    StationReading,
    Unreadable,
    Value,
    number,
    text,
)

SOURCE = "Sächsisches Landesamt für Umwelt, Landwirtschaft und Geologie (LfULG)"
STAGES = 4
FIELDS = ("PEG_MSTNR", "PEG_NAME", "WLV_GEWAESSER", "PEG_WASSERSTAND", "PEG_DURCHFLUSS", "PEG_WERTZEITSTEMPEL_CHAR", "ZEITZONE", *(f"PEG_AS{n}" for n in range(1, STAGES + 1)))  # fmt: skip
# all of some 190 gauges: whether the number is a number or a text there is nobody's word
QUERY = f"query?where=1%3D1&outFields={','.join(FIELDS)}&returnGeometry=true&outSR=4326&f=json"
_FORMAT = "%d.%m.%Y %H:%M"


def read(base: str, gauge: str, *, get: Get) -> StationReading:
    """A gauge by its number (Messstellenkennziffer). Raises Unreadable, and what `get` raises."""
    found = get(f"{base}/{QUERY}")
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        raise Unreadable("shape", text(_error_of(found)))
    for feature in features:
        attributes = feature.get("attributes") if isinstance(feature, dict) else None
        if isinstance(attributes, dict) and _number_of(attributes) == gauge.strip():
            return _station(attributes, feature.get("geometry"))
    raise Unreadable("number", gauge)


def _error_of(found: Any) -> Any:
    """ArcGIS tells errors with status 200."""
    error = found.get("error") if isinstance(found, dict) else None
    return error.get("message") if isinstance(error, dict) else ""


def _number_of(attributes: dict[str, Any]) -> str:
    """As digits, whether it came as a text, a whole number or one with a point."""
    return text(attributes.get("PEG_MSTNR"), most=60).removesuffix(".0")


def _station(attributes: dict[str, Any], geometry: Any) -> StationReading:
    place = geometry if isinstance(geometry, dict) else {}
    return StationReading(
        number=_number_of(attributes),
        name=text(attributes.get("PEG_NAME")),
        water=text(attributes.get("WLV_GEWAESSER")),
        longitude=number(place.get("x")),
        latitude=number(place.get("y")),
        series=(
            SeriesReading("W", "cm", _value(attributes, "PEG_WASSERSTAND"), stages=_stages(attributes)),
            SeriesReading("Q", "m³/s", _value(attributes, "PEG_DURCHFLUSS")),
        ),
    )  # fmt: skip


def _stages(attributes: dict[str, Any]) -> tuple[float, ...]:
    """One that is missing below others is NaN, so that none takes the number of another."""
    found = [number(attributes.get(f"PEG_AS{n}")) for n in range(1, STAGES + 1)]
    while found and found[-1] is None:
        found.pop()
    return tuple(math.nan if each is None else each for each in found)


def _value(attributes: dict[str, Any], field: str) -> tuple[Value, ...]:
    """None where the gauge says “k.A.”. Raises Unreadable for a value whose moment can't be read."""
    value, written = number(attributes.get(field)), text(attributes.get("PEG_WERTZEITSTEMPEL_CHAR"))
    if value is None or not written:
        return ()
    zone = timezone(
        offset(attributes.get("ZEITZONE") or "+01:00")
    )  # of the service: Central European Time all year
    try:
        at = datetime.strptime(written, _FORMAT).replace(tzinfo=zone)
    except ValueError:
        raise Unreadable("moment", written) from None
    return (Value(at.astimezone(UTC), value),)
