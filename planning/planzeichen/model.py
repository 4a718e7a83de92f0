"""What a Planzeichen is made of. Lengths are millimetres on paper, angles degrees; y points down, as in SVG and on a canvas."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any, Literal

Side = Literal["inside", "outside", "centre"]


class Level(IntEnum):
    """What lies above what. Rasters of the plan go below GROUND."""

    GROUND = 1
    OVERLAY = 2
    LINE = 3
    BOUNDARY = 4
    FRAME = 5
    SIGN = 6


@dataclass(frozen=True, slots=True)
class Stroke:
    """A drawn line. dash: lengths drawn and left out by turns; round: dots instead of squares at the ends."""

    colour: str
    width: float
    dash: tuple[float, ...] = ()
    round: bool = False


@dataclass(frozen=True, slots=True)
class Hatch:
    """Parallel stripes. step: from the middle of one to that of the next."""

    colour: str
    width: float
    step: float
    angle: float = 45


@dataclass(frozen=True, slots=True)
class Band:
    """A coloured band along an outline, which lies inside of an area, outside, or on both sides of a line."""

    colour: str
    width: float
    side: Side = "inside"
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Marks:
    """A small figure again and again along an outline. Its x runs along the line, its y into the area (of a line: to its right).

    step: from one to the next; inset: how far inside of the line."""

    figure: str
    step: float
    inset: float = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One path of a figure, in SVG's path language, around the figure's middle."""

    d: str
    fill: str = ""
    stroke: str = ""
    width: float = 0.2


@dataclass(frozen=True, slots=True)
class Figure:
    """width, height: its box around (0, 0). text_size: of letters inside it."""

    width: float
    height: float
    parts: tuple[Part, ...]
    text_size: float = 0
    text_colour: str = "#1a1a1a"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A Planzeichen. number: of the Anlage to the PlanZV; empty where it has none and the sign is ours (§ 2 Abs. 2 PlanZV)."""

    id: str
    number: str
    title: str
    level: Level
    fill: str = ""
    hatch: Hatch | None = None
    stroke: Stroke | None = None
    band: Band | None = None
    marks: Marks | None = None
    figure: str = ""
    letters: str = ""

    def as_json(self) -> Mapping[str, Any]:
        """Without what it does not have."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}
