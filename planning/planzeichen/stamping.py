"""A figure again and again along a line, as one path: thousands of marks would else be thousands of elements."""

import re
from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from planning.planzeichen.model import Figure

Points = NDArray[np.float64]
Place = tuple[float, float, float, float]
_STEP = re.compile(r"([MLHVCZ])([^MLHVCZ]*)")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")


@cache
def points_of(d: str) -> tuple[tuple[str, ...], Points]:
    """Path data of absolute M, L, H, V, C, Z -> commands (L for H and V) and all their points."""
    commands: list[str] = []
    points: list[tuple[float, float]] = []
    for command, text in _STEP.findall(d):
        numbers = [float(number) for number in _NUMBER.findall(text)]
        if command == "H":
            command, numbers = "L", [numbers[0], points[-1][1]]
        elif command == "V":
            command, numbers = "L", [points[-1][0], numbers[0]]
        commands.append(command)
        points.extend(zip(numbers[::2], numbers[1::2], strict=True))
    return tuple(commands), np.array(points)


def stamped(d: str, places: Iterable[Place], scale: float) -> str:
    """The path at each place (x, y, tx, ty), its x along (tx, ty)."""
    commands, points = points_of(d)
    parts = []
    for x, y, tx, ty in places:
        turned = points @ (np.array([[tx, ty], [-ty, tx]]) * scale) + (x, y)
        pairs = iter([f"{across:.2f} {down:.2f}" for across, down in turned])
        for command in commands:
            parts.append(command)
            if command == "C":
                parts.append(" ".join((next(pairs), next(pairs), next(pairs))))
            elif command != "Z":
                parts.append(next(pairs))
    return "".join(parts)


def stamps(figure: Figure, places: list[Place], scale: float) -> str:
    """SVG of the whole figure at all places."""
    found = []
    for part in figure.parts:
        line = f' stroke="{part.stroke}" stroke-width="{part.width * scale:.2f}"' if part.stroke else ""
        found.append(f'<path d="{stamped(part.d, places, scale)}" fill="{part.fill or "none"}"{line}/>')
    return "".join(found) if places else ""
