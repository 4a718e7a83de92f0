"""Charts of series as plain coordinates; a template turns them into SVG. No framework."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WIDTH, HEIGHT = 720, 320  # SVG user units; whole ones, so that no locale writes a comma into a coordinate
LEFT, RIGHT, TOP, BOTTOM = 60, 12, 30, 44
_WORDS = 52  # half of a day in words, as large as it is written on a phone
_TICKS = 6  # at most, on the value axis


@dataclass(frozen=True, slots=True)
class Point:
    """What happened from `at` on for the width of a pixel: lowest and highest value."""

    at: datetime
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the chart with its words. at: where on the axis; text_at: baseline, or middle, of the words."""

    at: int
    text_at: int
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Chart:
    """lines: points of polylines, one for each piece between gaps; expected: that of the forecast; ticks, stages: of the value axis;
    moments: of the time axis; now_x: where the forecast begins."""

    lines: tuple[str, ...]
    bars: tuple[Bar, ...]
    expected: str
    ticks: tuple[Mark, ...]
    stages: tuple[Mark, ...]
    moments: tuple[Mark, ...]
    now_x: int | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM
    top: int = TOP
    tick_x: int = LEFT - 8
    label_y: int = HEIGHT - 10


@dataclass(frozen=True)
class Frame:
    """What a chart shows. end: of the time axis, forecast included; gap: a longer pause breaks the line; said: how values are written."""

    start: datetime
    end: datetime
    gap: timedelta
    marks: Sequence[tuple[datetime, str]] = ()
    stages: Sequence[tuple[float, str]] = ()
    now: datetime | None = None
    said: Callable[[float], str] = "{:g}".format


def line_chart(
    points: Sequence[Point], frame: Frame, *, expected: Sequence[tuple[datetime, float]] = ()
) -> Chart:
    """points, expected: by time."""
    values = [each for point in points for each in (point.low, point.high)] + [
        value for _at, value in expected
    ]
    axis = _Axis.around(values, [level for level, _text in frame.stages])
    pieces = tuple(" ".join(_path(piece, frame, axis)) for piece in _pieces(points, frame.gap))
    dashed = " ".join(f"{_x(at, frame)},{axis.y(value)}" for at, value in expected)
    return _chart(frame, axis, lines=pieces, expected=dashed)


def bar_chart(points: Sequence[Point], frame: Frame, *, each: timedelta) -> Chart:
    """Sums, one for each point; what was none has no bar. each: the time that a bar stands for; the frame holds all of them whole."""
    axis = _Axis.around([0.0, *(point.high for point in points)], [])
    width = max(1, round(0.7 * (WIDTH - LEFT - RIGHT) * (each / (frame.end - frame.start))))
    feet = axis.y(0.0)
    bars = [
        Bar(_x(one.at, frame), axis.y(one.high), width, feet - axis.y(one.high))
        for one in points
        if one.high > 0
    ]
    return _chart(frame, axis, bars=tuple(bars))


def _chart(
    frame: Frame,
    axis: "_Axis",
    *,
    lines: tuple[str, ...] = (),
    bars: tuple[Bar, ...] = (),
    expected: str = "",
) -> Chart:
    moments = [(_x(at, frame), text) for at, text in frame.marks]
    return Chart(
        lines=lines,
        bars=bars,
        expected=expected,
        ticks=tuple(Mark(axis.y(value), axis.y(value) + 5, frame.said(value)) for value in axis.ticks()),
        stages=tuple(
            Mark(axis.y(level), axis.y(level) - 5, text)
            for level, text in frame.stages
            if level <= axis.highest
        ),
        moments=tuple(Mark(x, min(max(x, _WORDS), WIDTH - _WORDS), text) for x, text in moments),
        now_x=_x(frame.now, frame) if frame.now and expected else None,
    )


@dataclass(frozen=True)
class _Axis:
    """lowest, highest: multiples of `step`."""

    lowest: float
    highest: float
    step: float

    @classmethod
    def around(cls, values: Sequence[float], stages: Sequence[float]) -> "_Axis":
        """With room for the next alarm stage above all values, unless that would press them flat."""
        low, high = min(values, default=0.0), max(values, default=1.0)
        room = max(high - low, 0.05 * abs(high), 1.0)
        above = min((level for level in stages if level > high), default=high)
        high = above if above - low <= 4 * room else high
        step = _round_up(max(high - low, room) / (_TICKS - 1))
        lowest = math.floor(low / step) * step
        return cls(lowest, max(math.ceil(high / step), math.floor(low / step) + 1) * step, step)

    def ticks(self) -> list[float]:
        count = round((self.highest - self.lowest) / self.step)
        return [self.lowest + self.step * n for n in range(count + 1)]

    def y(self, value: float) -> int:
        share = (value - self.lowest) / (self.highest - self.lowest)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM))


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, …"""
    power = 10.0 ** math.floor(math.log10(value))
    return next(each * power for each in (1, 2, 5, 10) if each * power >= value * (1 - 1e-9))


def _x(at: datetime, frame: Frame) -> int:
    share = (at - frame.start) / (frame.end - frame.start)
    return round(LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT))


def _pieces(points: Sequence[Point], gap: timedelta) -> Iterator[list[Point]]:
    piece: list[Point] = []
    for point in points:
        if piece and point.at - piece[-1].at > gap:
            yield piece
            piece = []
        piece.append(point)
    if piece:
        yield piece


def _path(piece: list[Point], frame: Frame, axis: _Axis) -> Iterator[str]:
    """Through the lowest and the highest of each pixel, so that a crest of minutes is seen in a month."""
    for point in piece:
        x, low, high = _x(point.at, frame), axis.y(point.low), axis.y(point.high)
        yield f"{x},{low}"
        if high != low:
            yield f"{x},{high}"
    if len(piece) == 1:
        yield f"{_x(piece[0].at, frame) + 1},{axis.y(piece[0].high)}"  # a line of one point is none
