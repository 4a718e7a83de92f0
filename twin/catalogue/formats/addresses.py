"""Rows of a table placed by their addresses, among those that towns imported; nothing is guessed and nobody outside is asked."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from planning.auskunft import spelling
from twin.catalogue.formats.model import Chunk, Layer, Source
from twin.catalogue.formats.refusal import FileRefused

_WHOLE: Mapping[str, Sequence[str]] = {  # columns that hold all of it
    "whole": ("adresse", "anschrift", "address", "hausanschrift", "adr"),
    "postcode": spelling.COLUMNS["postcode"],
    "place": spelling.COLUMNS["place"],
}
_POSTCODE = 5  # digits; a spreadsheet leaves out the nought in front
_REMEMBERED = 100_000  # addresses


@dataclass(frozen=True)
class Known:
    """One address of the registers, see addressbook.write."""

    street: str
    house: str
    postcode: str
    place: tuple[str, ...]
    point: shapely.Point
    is_own: bool


class Register:
    """What towns imported. path: written by planning.auskunft.addressbook."""

    def __init__(self, path: Path) -> None:
        self._streets: dict[str, dict[str, list[Known]]] = {}
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                street, house, postcode, place, x, y, is_own = json.loads(line)
                known = Known(street, house, postcode, tuple(place), shapely.Point(x, y), is_own)
                self._streets.setdefault(street, {}).setdefault(house, []).append(known)
        self.find = lru_cache(_REMEMBERED)(self._find)

    def _find(self, text: str) -> Known | str:
        """The one address that is meant; else the rule that says why there is none. Where several towns have it, the one of
        whoever delivers is meant."""
        wanted = spelling.wanted(text)
        keys = wanted.keys()
        streets = [self._streets[key] for key in keys if key in self._streets]
        named = [each for street in streets for house in keys & street.keys() for each in street[house]]
        found = [each for each in named if wanted.means(street=each.street, house=each.house, postcode=each.postcode, place=each.place)]  # fmt: skip
        if len(found) > 1:
            found = [each for each in found if each.is_own] or found
        if len(found) == 1:
            return found[0]
        if found:
            return "address.several"
        return "address.no_house" if streets else "address.unknown"


class Addressed:
    """A table whose columns make the address of each row."""

    def __init__(self, table: Source, columns: Sequence[str], *, register: Register, srid: int) -> None:
        """srid: of the register's points. Raises FileRefused."""
        (layer,) = table.layers()
        if layer.geometry_type:
            raise FileRefused("file.not_by_address")
        labels = [field.label for field in layer.fields]
        if missing := [name for name in columns if name not in labels]:
            raise FileRefused("file.no_column", name=missing[0])
        postcode = spelling.columns(columns).get("postcode")
        self._widths = [_POSTCODE if name == postcode else 0 for name in columns]
        self._at = [labels.index(name) for name in columns]
        self._table, self._register = table, register
        self._layer = replace(layer, crs=f"EPSG:{srid}", geometry_type="Point")

    def layers(self) -> list[Layer]:
        return [self._layer]

    def chunks(self, layer: Layer, *, most: int | None = None) -> Iterator[Chunk]:
        return map(self._placed, self._table.chunks(layer, most=most))

    def _placed(self, chunk: Chunk) -> Chunk:
        """With a point for each row whose address is known, and the rule for each other one that has an address."""
        shapes, unplaced = (np.full(len(chunk), None, dtype=object) for _ in range(2))
        columns = [chunk.columns[at].tolist() for at in self._at]
        for index, cells in enumerate(zip(*columns, strict=True)):
            text = " ".join(filter(None, map(_text, cells, self._widths)))
            found = self._register.find(text) if text else None
            if isinstance(found, Known):
                shapes[index] = found.point
            elif found is not None:
                unplaced[index] = (found, text)
        return replace(chunk, shapes=shapes, unplaced=unplaced)


def _text(value: Any, width: int) -> str:
    if value is None or value != value:
        return ""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    return text.zfill(width) if text else ""


def likely(names: Sequence[str]) -> list[str]:
    """The columns that are called like parts of an address, in their order; none where no street is among them."""
    parts = spelling.columns(names)
    if "street" not in parts:
        parts = spelling.columns(names, _WHOLE)
        if "whole" not in parts:
            return []
    return [name for name in names if name in parts.values()]
