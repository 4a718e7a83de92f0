"""What a file holds, whatever its format: layers with fields, and chunks of their rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
TYPES = ("string", "integer", "number", "boolean", "date", "datetime")
MOST_FIELDS = 500


@dataclass(frozen=True)
class Field:
    """name: in addresses and answers; label: as the file calls it; type: one of TYPES."""

    name: str
    label: str
    type: str


@dataclass(frozen=True)
class Layer:
    """crs: "EPSG:n", WKT, or "" where the file says nothing; geometry_type: "" where there is none; count: -1 where unknown."""

    name: str
    crs: str
    geometry_type: str
    count: int
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Chunk:
    """Rows that follow each other. numbers: as people count in the file; shapes: shapely geometries or None, in the layer's
    system; broken: where a geometry stands that can't be read; columns: one array for each field, None or NaN where empty;
    unplaced: for each row None, or the rule why its address has no place, and the address; remarks: rule -> the rows it is about."""

    numbers: npt.NDArray[np.int64]
    shapes: Array | None
    broken: npt.NDArray[np.bool_]
    columns: Sequence[Array]
    unplaced: Array | None = None
    remarks: Mapping[str, npt.NDArray[np.bool_]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.numbers)

    def parts(self, size: int) -> "Iterator[Chunk]":
        """The same rows, so many at a time."""
        for start in range(0, len(self), size):
            part = slice(start, start + size)
            shapes = None if self.shapes is None else self.shapes[part]
            unplaced = None if self.unplaced is None else self.unplaced[part]
            columns = [column[part] for column in self.columns]
            remarks = {rule: flags[part] for rule, flags in self.remarks.items()}
            yield Chunk(self.numbers[part], shapes, self.broken[part], columns, unplaced, remarks)


class Source(Protocol):
    """An opened file."""

    def layers(self) -> list[Layer]: ...

    def chunks(self, layer: Layer, *, most: int | None = None) -> Iterator[Chunk]: ...
