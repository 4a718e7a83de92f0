"""How the water rises and falls: pictures of the classes of depth at times equally far apart. No Django."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from twin.hydro.case import Grid
from twin.hydro.classes import DEPTHS

FRAMES = 20
MOST = 4_000_000  # pixels of a picture: it is for looking at; larger grids are shown by the deepest of several cells


@dataclass
class Course:
    """pictures: (FRAMES, rows, columns) numbers of classes, 0 where it is dry; wet: cells with 5 cm and more; taken: how many there are."""

    pictures: NDArray[np.uint8]
    wet: NDArray[np.int64]
    taken: int = 0

    @classmethod
    def of(cls, rows: int, columns: int) -> Self:
        side = coarser(rows, columns)
        shape = (FRAMES, -(-rows // side), -(-columns // side))
        return cls(np.zeros(shape, np.uint8), np.zeros(FRAMES, np.int64))

    def unpack(self, saved: Mapping[str, Any]) -> bool:
        """Takes what pack() gave; False where it is of another grid."""
        pictures, wet = saved.get("pictures"), saved.get("wet")
        if pictures is None or wet is None or pictures.shape != self.pictures.shape or wet.shape != self.wet.shape:  # fmt: skip
            return False
        self.pictures, self.wet, self.taken = pictures.copy(), wet.copy(), int(saved["taken"])
        return True

    def pack(self) -> dict[str, NDArray[Any]]:
        return {"pictures": self.pictures.copy(), "wet": self.wet.copy(), "taken": np.array(self.taken)}

    def is_due(self, done: float) -> bool:
        """Whether a picture is, when this share of the time has gone."""
        return _number(done) > self.taken

    def look(self, depth: Grid, done: float) -> None:
        """Takes the pictures that are due. depth: m."""
        due = _number(done)
        ends = np.array(DEPTHS, depth.dtype)
        self.pictures[self.taken : due] = np.digitize(_deepest(depth, coarser(*depth.shape)), ends)
        self.wet[self.taken : due] = int((depth >= ends[0]).sum())
        self.taken = due


def _number(done: float) -> int:
    return math.floor(done * FRAMES + 1e-9)


def room(rows: int, columns: int) -> int:
    """Bytes of the pictures."""
    return FRAMES * min(rows * columns, MOST)


def coarser(rows: int, columns: int) -> int:
    """Cells on the side of a pixel."""
    return max(1, math.ceil(math.sqrt(rows * columns / MOST)))


def _deepest(depth: Grid, side: int) -> Grid:
    """Of the cells of each pixel."""
    if side == 1:
        return depth
    rows, columns = (-(-length // side) for length in depth.shape)
    padded = np.zeros((rows * side, columns * side), depth.dtype)
    padded[: depth.shape[0], : depth.shape[1]] = depth
    found: Grid = padded.reshape(rows, side, columns, side).max(axis=(1, 3))
    return found
