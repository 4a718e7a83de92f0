"""Bar charts as plain coordinates; a template turns them into SVG. No framework."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 260  # SVG user units; whole ones, so that no locale writes a comma into a coordinate
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 12, 34
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)
TICKS = 4  # intervals on the value axis


@dataclass(frozen=True, slots=True)
class Bar:
    """One month. text: the value in words; label: the month, empty where there is no room for it."""

    x: int
    y: int
    width: int
    height: int
    middle: int
    text: str
    label: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Tick:
    y: int
    text_y: int
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart. left, right: ends of the lines; tick_x: right end of their labels; label_y: baseline of the months; mark_y: the
    line of a target."""

    width: int
    height: int
    left: int
    right: int
    tick_x: int
    label_y: int
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    mark_y: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """What goes in: value None leaves a gap."""

    month: str
    value: float | None
    text: str
    provisional: bool = False


def bar_chart(
    columns: Sequence[Column], *, top: float | None = None, percent: bool = False, mark: float | None = None
) -> Chart:
    """Columns from left to right. top: end of the value axis; by default the next round number above all values. mark: a target."""
    end = top if top is not None else round_up(max((c.value or 0.0 for c in columns), default=0.0))
    room = (WIDTH - LEFT - RIGHT) / max(len(columns), 1)
    span = HEIGHT - TOP - BOTTOM
    every = max(1, -(-len(columns) // 7))  # at most seven labels fit on a phone
    bars = [
        _bar(column, x=LEFT + room * index, room=room, scale=span / end, labelled=index % every == 0)
        for index, column in enumerate(columns)
    ]
    ticks = [_tick(span * i // TICKS, end * i / TICKS, percent=percent) for i in range(TICKS + 1)]
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        tick_x=LEFT - 8,
        label_y=HEIGHT - 10,
        bars=tuple(bars),
        ticks=tuple(ticks),
        mark_y=None if mark is None else HEIGHT - BOTTOM - round(mark * span / end),
    )


def _bar(column: Column, *, x: float, room: float, scale: float, labelled: bool) -> Bar:
    height = round((column.value or 0.0) * scale)
    return Bar(
        x=round(x + room * 0.15),
        y=HEIGHT - BOTTOM - height,
        width=round(room * 0.7),
        height=height,
        middle=round(x + room / 2),
        text=column.text,
        label=column.month if labelled else "",
        provisional=column.provisional,
    )


def round_up(value: float) -> float:
    """The next number that four intervals divide into round ones; at least 4."""
    return float(next((TICKS * step for step in STEPS if TICKS * step >= value), TICKS * STEPS[-1]))


def _tick(above: int, value: float, *, percent: bool) -> Tick:
    y = HEIGHT - BOTTOM - above
    return Tick(y=y, text_y=y + 5, text=f"{value * 100:.0f} %" if percent else f"{value:g}")
