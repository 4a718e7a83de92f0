"""PEGELONLINE REST v2 of the Wasserstraßen- und Schifffahrtsverwaltung des Bundes: gauges at federal waterways.

https://www.pegelonline.wsv.de/webservice/dokuRestapi; data: Datenlizenz Deutschland Zero 2.0. Values of the last 31 days; what is
not asked for anew within them is lost. Alarm stages are not told there.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from twin.sensors.feeds.moments import moment
from twin.sensors.feeds.reading import (
    Expected,
    Get,
    SeriesReading,
    Since,
    StationReading,
    Unanswered,
    Unreadable,
    Value,
    number,
    text,
)

SOURCE = "Wasserstraßen- und Schifffahrtsverwaltung des Bundes (PEGELONLINE), dl-de/zero-2-0"
KEPT = timedelta(days=31)  # that the source holds
OVERLAP = timedelta(hours=6)  # asked for again, since values are corrected later
UNITS = {
    "W": "cm",
    "Q": "m³/s",
}  # some gauges tell heights above sea level as W, which alarm stages and bounds don't fit
FORECAST = "WV"
_MORE = "includeTimeseries=true&includeForecastTimeseries=true"


def read(base: str, gauge: str, *, since: Since, now: datetime, get: Get) -> StationReading:
    """A gauge by its number, UUID or short name, with what was measured since. Raises Unreadable, Unanswered; of the forecast neither: levels
    don't wait for it."""
    place = f"{base}/stations/{quote(gauge, safe='')}"
    station = described(get(f"{place}.json?{_MORE}"))
    known = {one["shortname"]: one for one in station["timeseries"]}
    series = [
        _series(known[name], measured(get(f"{place}/{name}/measurements.json?start={_start(since.get(name), now)}")))
        for name in _understood(known, gauge)
    ]  # fmt: skip
    if FORECAST in known and series[0].quantity == "W":
        series[0] = _expecting(series[0], f"{place}/{FORECAST}/measurements.json", get)
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


def _understood(known: dict[str, Any], gauge: str) -> list[str]:
    """What is measured there in the units that we know. Raises Unreadable where that is nothing."""
    units = {name: text(known[name].get("unit"), most=20) for name in UNITS if name in known}
    found = [name for name, unit in units.items() if unit == UNITS[name]]
    if not found:
        raise Unreadable("unit", ", ".join(units.values())) if units else Unreadable("number", gauge)
    return found


def _start(since: datetime | None, now: datetime) -> str:
    """What a query asks for: since then and a little more, or all there is."""
    if since is None or now - since + OVERLAP >= KEPT:
        return f"P{KEPT.days}D"
    return f"{(since - OVERLAP).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def measured(document: Any) -> tuple[Value, ...]:
    """Measurements; rows that can't be read are left out. Raises Unreadable where it is no list of them, or none can be read."""
    found, wrong = [], None
    for row in _rows(document):
        value = number(row.get("value"))
        if value is not None:
            try:
                found.append(Value(moment(row.get("timestamp")), value))
            except Unreadable as error:
                wrong = error
    if wrong is not None and not found:
        raise wrong
    return tuple(found)


def _expecting(series: SeriesReading, address: str, get: Get) -> SeriesReading:
    """With its forecast, or None for it where that can't be had."""
    expected = None
    with suppress(Unreadable, Unanswered):
        expected = list(forecast(get(address)))
    if expected is None:
        return replace(series, forecast=None)
    made = max((at for at, _one in expected), default=None)
    return replace(series, forecast=tuple(one for _at, one in expected), forecast_at=made)


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


def _series(told: dict[str, Any], values: tuple[Value, ...]) -> SeriesReading:
    zero = told["gaugeZero"] if isinstance(told.get("gaugeZero"), dict) else {}
    return SeriesReading(
        quantity=told["shortname"],
        unit=text(told.get("unit"), most=20),
        values=values,
        zero=number(zero.get("value")),
        datum=text(zero.get("unit"), most=60),
        minutes=int(number(told.get("equidistance")) or 15),
    )
