"""PEGELONLINE REST v2 of the Wasserstraßen- und Schifffahrtsverwaltung des Bundes: gauges at federal waterways.

https://www.pegelonline.wsv.de/webservice/dokuRestapi; data: Datenlizenz Deutschland Zero 2.0. Values of the last 31 days; what is
not asked for anew within them is lost. Alarm stages are not told there.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from twin.sensors.feeds.moments import moment
from twin.sensors.feeds.reading import (
    Expected,
    Get,
    SeriesReading,
    StationReading,
    Unreadable,
    Value,
    number,
    text,
)

SOURCE = "Wasserstraßen- und Schifffahrtsverwaltung des Bundes (PEGELONLINE), dl-de/zero-2-0"
KEPT = timedelta(days=31)  # that the source holds
OVERLAP = timedelta(hours=6)  # asked for again, since values are corrected later
QUANTITIES = ("W", "Q")
FORECAST = "WV"
_MORE = "includeTimeseries=true&includeForecastTimeseries=true"


def read(base: str, gauge: str, *, since: datetime | None, now: datetime, get: Get) -> StationReading:
    """A gauge by its number, UUID or short name, with what was measured since. Raises Unreadable, and what `get` raises."""
    place = f"{base}/stations/{quote(gauge, safe='')}"
    station = described(get(f"{place}.json?{_MORE}"))
    known = {one["shortname"]: one for one in station["timeseries"]}
    start = "P31D" if since is None or now - since > KEPT else f"{since - OVERLAP:%Y-%m-%dT%H:%M:%SZ}"
    expected = list(forecast(get(f"{place}/{FORECAST}/measurements.json"))) if FORECAST in known else []
    series = []
    for name in QUANTITIES:
        if name in known:
            found = tuple(measured(get(f"{place}/{name}/measurements.json?start={start}")))
            series.append(_series(known[name], found, expected if name == "W" else []))
    if not series:
        raise Unreadable("number", gauge)
    return StationReading(
        number=text(station["number"], most=60),
        name=text(station.get("longname")),
        water=text(station["water"].get("longname")),
        longitude=number(station.get("longitude")),
        latitude=number(station.get("latitude")),
        series=tuple(series),
    )


def described(document: Any) -> dict[str, Any]:
    """A station's document, its shape looked at. Raises Unreadable."""
    rows = document.get("timeseries") if isinstance(document, dict) else None
    if not isinstance(rows, list) or not isinstance(document.get("water"), dict) or "number" not in document:
        raise Unreadable("shape")
    sound = [one for one in rows if isinstance(one, dict) and isinstance(one.get("shortname"), str)]
    return {**document, "timeseries": sound}


def measured(document: Any) -> Iterator[Value]:
    """Measurements; what can't be read is left out. Raises Unreadable where it is no list of them."""
    for row in _rows(document):
        value = number(row.get("value"))
        if value is not None:
            yield Value(moment(row.get("timestamp")), value)


def forecast(document: Any) -> Iterator[tuple[datetime, Expected]]:
    """Each with the moment at which it was computed."""
    for row in _rows(document):
        value = number(row.get("value"))
        if value is not None:
            expected = Expected(moment(row.get("timestamp")), value, row.get("type") == "estimate")
            yield moment(row.get("initialized")), expected


def _rows(document: Any) -> list[dict[str, Any]]:
    if not isinstance(document, list) or not all(isinstance(row, dict) for row in document):
        raise Unreadable("shape")
    return document


def _series(
    told: dict[str, Any], values: tuple[Value, ...], expected: list[tuple[datetime, Expected]]
) -> SeriesReading:
    zero = told["gaugeZero"] if isinstance(told.get("gaugeZero"), dict) else {}
    return SeriesReading(
        quantity=told["shortname"],
        unit=text(told.get("unit"), most=20),
        values=values,
        zero=number(zero.get("value")),
        datum=text(zero.get("unit"), most=60),
        minutes=int(number(told.get("equidistance")) or 15),
        forecast=tuple(one for _at, one in expected),
        forecast_at=max((at for at, _one in expected), default=None),
    )
