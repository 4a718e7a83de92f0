"""Which values of a series are to be believed, and where some are missing. No framework."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from twin.sensors.feeds.reading import Value
from twin.sensors.quantities import Quantity

AHEAD = timedelta(minutes=15)  # that clocks of sensors may be fast
_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Sorted:
    """values: by time, each moment once; refused: how many could not have been measured or not at that time."""

    values: list[Value]
    refused: int


def sort_out(values: Iterable[Value], quantity: Quantity, *, now: datetime, oldest: datetime) -> Sorted:
    """Of one moment told twice the later word counts. Out of bounds, out of time and codes for “no value” are refused."""
    found: dict[datetime, Value] = {}
    refused = 0
    for one in values:
        if quantity.lowest <= one.value <= quantity.highest and oldest <= one.at <= now + AHEAD:
            found[one.at] = one
        else:
            refused += 1
    return Sorted([found[at] for at in sorted(found)], refused)


def together(values: Sequence[Value]) -> Iterator[list[Value]]:
    """Pieces with no more than a day between two: what lies years apart is not compared with all that lies between."""
    piece: list[Value] = []
    for one in values:
        if piece and one.at - piece[-1].at > timedelta(days=1):
            yield piece
            piece = []
        piece.append(one)
    if piece:
        yield piece


def suspects(
    values: Sequence[Value], quantity: Quantity, *, last: Value | None, good: Value | None
) -> list[bool]:
    """Whether each value is a jump that nothing bears out.

    last: the value right before them, good: the last one before them that is believed. A value is believed where it lies near the last believed one or near the one right
    before it, whatever that was: one wild value is left out, the second that agrees with it is a fact (a flood wave, a mended sensor).
    """
    if quantity.jump is None:
        return [False] * len(values)
    found = []
    for one in values:
        near = (
            good is None or last is None or _near(one, good, quantity.jump) or _near(one, last, quantity.jump)
        )
        found.append(not near)
        good, last = (one if near else good), one
    return found


def _near(one: Value, other: Value, jump: float) -> bool:
    """The longer the time between, the further the water may have gone."""
    apart = max(abs(one.at - other.at) / _QUARTER, 1.0)
    return abs(one.value - other.value) <= jump * apart


def pause(minutes: int) -> timedelta:
    """Longer than this without a value is a gap. minutes: that lie between two as a rule."""
    return max(timedelta(minutes=3 * minutes), timedelta(hours=1))


def usable_stages(stages: Sequence[float]) -> tuple[float, ...]:
    """Alarm stages that mean something: rising, above zero, none left out (NaN). Some sources carry one number four times where none are set; then none."""
    rising = all(lower < higher for lower, higher in zip(stages, stages[1:], strict=False))
    return tuple(stages) if rising and all(stage > 0 for stage in stages) else ()


def stage_after(stage: int, value: float, levels: Sequence[float]) -> int:
    """The alarm stage once `value` is there. stage: before, 0 for none; levels: of stages 1, 2, …, rising.

    It rises with the value at once, and falls only a tenth of the distance between two stages (at least 5 units) below a level, so that water
    that swings around one is one alarm; but no more than a tenth of the lowest level, so that millimetres of rain come to an end.
    """
    reached = sum(value >= level for level in levels)
    if reached >= stage or not levels:
        return reached
    distance = min((b - a for a, b in zip(levels, levels[1:], strict=False)), default=50.0)
    margin = min(max(distance / 10, 5.0), levels[0] / 10)
    held = sum(value >= level - margin for level in levels)
    return max(reached, min(stage, held))
