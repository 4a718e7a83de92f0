"""An invented river for the demo, without a network: the same level for the same moment, whoever asks and however often.

A flood wave every 24 days passes the two lowest alarm stages, so that any 31 days show one.
"""

import math
from datetime import UTC, datetime, timedelta

from twin.sensors.feeds.reading import Expected, SeriesReading, Since, StationReading, Unreadable, Value

SOURCE = "Erfundene Werte der Vorführung"
NUMBER, NAME = "demo", "Musterpegel"
ZERO = 95.0  # m above NHN
STAGES = (400.0, 500.0, 600.0, 700.0)  # cm
STEP = timedelta(minutes=15)
KEPT = timedelta(days=31)
_AHEAD, _SURE = timedelta(hours=96), timedelta(hours=48)
_WAVE = 24.0  # days between two floods
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def read(gauge: str, *, since: Since, now: datetime) -> StationReading:
    if gauge != NUMBER:
        raise Unreadable("number", gauge)
    first = max(since.get("W", now - KEPT), now - KEPT)
    start = _EPOCH + math.ceil((first - _EPOCH) / STEP) * STEP
    moments = [start + STEP * n for n in range(math.floor((now - start) / STEP) + 1)]
    hours = [now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2 * n) for n in range(1, 49)]
    return StationReading(
        number=NUMBER,
        name=NAME,
        water="Elbe",
        longitude=13.4573,  # at the demo's own Elbe, see twin.demo.valley
        latitude=51.1798,
        series=(
            SeriesReading(
                "W",
                "cm",
                tuple(Value(at, level(at)) for at in moments),
                zero=ZERO,
                datum="m ü. NHN",
                stages=STAGES,
                forecast=tuple(
                    Expected(at, level(at), at - now > _SURE) for at in hours if at - now <= _AHEAD
                ),
                forecast_at=now,
            ),
        ),
    )


def level(at: datetime) -> float:
    """cm above the gauge's zero: a slow swing, a small fast one and a wave that rises in two days and falls in five."""
    days = (at - _EPOCH) / timedelta(days=1)
    phase = days % _WAVE - _WAVE / 2
    wave = 340.0 * math.exp(-((phase / (1.2 if phase < 0 else 3.0)) ** 2))
    return round(
        190.0 + 22.0 * math.sin(math.tau * days / 9.3) + 4.0 * math.sin(math.tau * days / 1.1) + wave
    )
