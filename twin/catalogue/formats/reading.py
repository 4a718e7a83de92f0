"""A delivered file -> parts for COPY and a report: every row looked at, those with errors left out and named."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from tenants.apart import tell
from twin.catalogue.formats import attributes, grids, places, rows, shapes, tiles
from twin.catalogue.formats.addresses import Addressed, Register
from twin.catalogue.formats.model import Array, Chunk, Field, Layer, Source
from twin.catalogue.formats.notes import Notes
from twin.catalogue.formats.opening import Opened, open_file
from twin.catalogue.formats.places import Extent
from twin.catalogue.formats.refusal import FileRefused
from twin.catalogue.formats.shapes import Target
from twin.catalogue.formats.tables import TableFile
from twin.catalogue.formats.vectors import VectorFile

_NEAR = 0.5  # share of the looked-at rows that must lie in the extent
RASTER = "raster.tif"  # beside the folder of the parts
REGISTER = "addresses"  # the same, with the addresses that are known: planning.auskunft.addressbook.write
_KEPT = ("geometry.body",)  # remarks about rows that are kept
_PART = 10_000  # rows that are stored while the next ones are read


@dataclass(frozen=True)
class Wishes:
    """What the person says about a file. srs: EPSG code instead of the file's own; key: attribute that names each feature;
    time: attribute with the time; x, y: a table's columns of coordinates; swapped: they stand the other way round; address:
    its columns that together make the address by which its rows are placed; columns: attribute of the data format -> the file's
    column for it, where that is called otherwise;
    schema: a data format's {"geometry_type", "fields"}; anywhere: also where it lies outside the extent."""

    layer: str = ""
    srs: int | None = None
    key: str = ""
    time: str = ""
    x: str = ""
    y: str = ""
    swapped: bool = False
    address: Sequence[str] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    schema: Mapping[str, Any] = field(default_factory=dict)
    anywhere: bool = False


def source_of(opened: Opened, wishes: Wishes) -> Source:
    """Raises FileRefused."""
    if opened.kind == "table":
        return TableFile(opened, x=wishes.x, y=wishes.y)
    if wishes.address:
        raise FileRefused("file.not_by_address")
    return VectorFile(opened)


def layer_of(source: Source, name: str) -> Layer:
    """The layer of this name, or the only one with rows. Raises FileRefused."""
    layers = source.layers()
    if name:
        found = [layer for layer in layers if layer.name == name]
        if not found:
            raise FileRefused(
                "file.no_layer", name=name, names=", ".join(layer.name for layer in layers)[:300]
            )
        return found[0]
    filled = [layer for layer in layers if layer.count] or layers
    if len(filled) > 1:
        raise FileRefused("file.layers", names=", ".join(layer.name for layer in filled)[:300])
    return filled[0]


def read(source: Path, parts: Path, *, wishes: Wishes, srid: int, extent: Extent) -> dict[str, Any]:
    """Write the rows into this folder, part by part, each there as a whole; what DatasetVersion says of the delivery.

    Raises FileRefused."""
    opened = open_file(source, folder=parts.parent)
    if opened.kind == "raster":
        return _raster(opened, parts.parent / RASTER, wishes=wishes, srid=srid, extent=extent)
    file = source_of(opened, wishes)
    if wishes.address:
        register = Register(parts.parent / REGISTER)
        file = Addressed(file, wishes.address, register=register, srid=srid)
        wishes = replace(wishes, srs=None, swapped=False)
    layer = layer_of(file, wishes.layer)
    reader = Reader(file, layer, wishes=wishes, srid=srid, extent=extent)
    if isinstance(file, TableFile) and not wishes.x and (unused := file.coordinates()):
        reader.notes.of_file("file.unplaced", severity="warning", x=unused[0], y=unused[1])
    for number, rows_ in enumerate(reader.parts()):
        part = parts / f"{number:08}"
        part.with_suffix(".begun").write_bytes(rows_)
        part.with_suffix(".begun").rename(part)
        tell(reader.share)
    return reader.facts()


def _raster(opened: Opened, target: Path, *, wishes: Wishes, srid: int, extent: Extent) -> dict[str, Any]:
    """A raster beside the folder of the parts; it has none."""
    ground = grids.Ground(srid, extent, wishes.srs, wishes.anywhere)
    notes = Notes()
    whole = tiles.joined(opened, target.with_suffix(".joined.tif"), notes=notes, tell=tell)
    begun = tiles.JOINING if opened.tiles else 0.0
    facts = grids.convert(whole, target, ground=ground, notes=notes, tell=lambda share: tell(begun + (1 - begun) * share))  # fmt: skip
    return {
        "layer": "",
        "key": "",
        "time": "",
        "fields": [],
        "geometry_type": "",
        "rows": 0,
        "kept": 0,
        "times": [],
        **facts,
    }


class Reader:
    """One pass over a layer."""

    def __init__(self, source: Source, layer: Layer, *, wishes: Wishes, srid: int, extent: Extent) -> None:
        self.notes = Notes()
        self._source, self._layer, self._wishes, self._srid, self._extent = (
            source,
            layer,
            wishes,
            srid,
            extent,
        )
        meant = {column: name for name, column in wishes.columns.items()}
        self._fields = self._declared(attributes.renamed(layer.fields, self.notes, meant=meant))
        self._key, self._time = map(self._position, (wishes.key, wishes.time))
        self._target = self._placement() if layer.geometry_type else None
        self._keys: set[str] = set()
        self._kinds: set[str] = set()
        self._count = self._kept = 0
        self._bounds: list[Array] = []
        self._times: list[str] = []

    # --- before the rows

    def _declared(self, fields: Sequence[Field]) -> tuple[Field, ...]:
        """The fields with the types of the data format. Raises FileRefused where one that must be there is not."""
        wanted = {each["name"].lower(): each for each in self._wishes.schema.get("fields", ())}
        missing = [each["name"] for name, each in wanted.items() if each.get("required") and name not in {one.name.lower() for one in fields}]  # fmt: skip
        if missing:
            raise FileRefused("format.columns", names=", ".join(missing))
        return tuple(
            Field(str(wanted[one.name.lower()]["name"]), one.label, str(wanted[one.name.lower()]["type"])) if one.name.lower() in wanted else one
            for one in fields
        )  # fmt: skip

    def _position(self, wish: str) -> int | None:
        """Of the attribute that is meant, by its name in the file or the one that it has here. Raises FileRefused."""
        for names in ([one.label for one in self._fields], [one.name for one in self._fields]):
            if wish in names:
                return names.index(wish)
        if wish:
            raise FileRefused("file.no_column", name=wish)
        return None

    def _placement(self) -> Target:
        """The system the rows come in, held against where they lie. Raises FileRefused."""
        wishes = self._wishes
        points = places.sample(self._first_shapes())
        if wishes.swapped:
            points = points[:, ::-1]
        if wishes.srs is None and not self._layer.crs:
            self._refuse_unplaced("file.no_system", points)
        system = places.system_of(self._layer.crs, chosen=wishes.srs)
        share = places.share_inside(points, system=system, extent=self._extent, srid=self._srid)
        if share < _NEAR and not wishes.anywhere:
            self._refuse_unplaced("file.elsewhere", points, system=places.name_of(system))
        return Target(
            system, self._srid, self._extent, wishes.swapped, str(wishes.schema.get("geometry_type") or "")
        )

    def _refuse_unplaced(self, rule: str, points: Any, **params: str) -> None:
        found = places.proposals(
            points, extent=self._extent, srid=self._srid, stated=params.get("system", "")
        )
        if not found:
            raise FileRefused(rule, **params)
        best = found[0]
        if best.swapped:
            raise FileRefused(f"{rule}_swapped", srid=best.srid, **params)
        raise FileRefused(f"{rule}_proposed", srid=best.srid, **params)

    def _first_shapes(self) -> Array:
        chunk = next(self._source.chunks(self._layer, most=1000), None)
        empty: Array = np.array([], dtype=object)
        return empty if chunk is None or chunk.shapes is None else chunk.shapes

    # --- the rows

    @property
    def share(self) -> float:
        """How much of the layer was looked at."""
        return min(self._count / max(self._layer.count, 1), 1.0)

    def parts(self) -> Iterator[bytes]:
        """The rows that can be kept, see rows.tuples."""
        for chunk in self._source.chunks(self._layer):
            for part in chunk.parts(_PART):
                self._count += len(part)
                yield self._part(part)

    def _part(self, chunk: Chunk) -> bytes:
        if self._target is not None:
            found, bad = shapes.placed(chunk, self._target, self.notes)
            self.notes.of_rows(
                "geometry.outside", shapes.outside(chunk, found, self._extent), severity="warning"
            )
        else:
            found, bad = None, chunk.broken.copy()
        bad |= self._remarked(chunk)
        columns = list(chunk.columns)
        wanted = {each["name"]: each for each in self._wishes.schema.get("fields", ())}
        for at, one in enumerate(self._fields):
            if one.name in wanted:
                columns[at], wrong = attributes.checked(
                    columns[at], wanted[one.name], numbers=chunk.numbers, notes=self.notes
                )
                bad |= wrong
        return self._kept_of(chunk.numbers, found, columns, bad=bad)

    def _remarked(self, chunk: Chunk) -> Any:
        """What the file's reader had to say of rows; which of them can't be kept."""
        bad = np.zeros(len(chunk), dtype=bool)
        for rule, flags in chunk.remarks.items():
            kept = rule in _KEPT
            rows_ = [(int(chunk.numbers[at]), None) for at in np.flatnonzero(flags)]
            self.notes.of_rows(rule, rows_, severity="info" if kept else "error")
            if not kept:
                bad |= flags
        return bad

    def _kept_of(self, numbers: Array, found: Array | None, columns: list[Array], *, bad: Any) -> bytes:
        """What is left of a part, without what was there before."""
        count = len(numbers)
        members = rows.json_columns(columns, self._fields)
        geometries: list[bytes | None] = [None] * count if found is None else rows.ewkb(found, self._srid)
        digests = rows.digests(geometries, members, self._fields)
        keys = self._named(columns, digests, numbers, bad)
        good = np.flatnonzero(self._first_of_each(keys, numbers, bad)).tolist()
        if len(good) < count:
            keys, digests = [keys[at] for at in good], [digests[at] for at in good]
            geometries = [geometries[at] for at in good]
            members = [[member[at] for at in good] for member in members]
            found = None if found is None else found[good]
        self._kept += len(good)
        self._note_extent(found)
        self._note_times(columns, good)
        web = rows.for_the_web(found, srid=self._srid, count=len(good))
        return rows.tuples(keys, digests, rows.properties(members, len(good)), own=geometries, web=web)

    def _named(self, columns: Sequence[Array], digests: list[str], numbers: Array, bad: Any) -> list[str]:
        """The key of each row."""
        if self._key is None:
            return digests
        values = attributes.typed(
            [None if value != value else value for value in columns[self._key].tolist()], "string"
        )[0]
        empty = [index for index, value in enumerate(values) if not value]
        bad[empty] = True
        self.notes.of_rows(
            "key.empty", ((numbers[index], None) for index in empty), attribute=self._wishes.key
        )
        return [str(value)[: rows.LONGEST_KEY] for value in values]

    def _first_of_each(self, keys: Sequence[str], numbers: Array, bad: Any) -> Any:
        good = ~bad
        twice = []
        for at in np.flatnonzero(good).tolist():
            if keys[at] in self._keys:
                good[at] = False
                twice.append((numbers[at], keys[at] if self._wishes.key else None))
            self._keys.add(keys[at])
        if self._wishes.key:
            self.notes.of_rows("key.twice", twice, attribute=self._wishes.key)
        else:
            self.notes.of_rows("row.twice", twice, severity="warning")
        return good

    def _note_extent(self, kept: Array | None) -> None:
        if kept is None or not len(kept):
            return
        self._kinds |= {
            shapes.KINDS[kind] for kind in np.unique(shapely.get_type_id(kept)).tolist() if kind >= 0
        }
        bounds = shapely.total_bounds(kept)
        if np.isfinite(bounds).all():
            self._bounds.append(bounds)

    def _note_times(self, columns: Sequence[Array], good: Any) -> None:
        if self._time is not None:
            values = [str(value) for value in columns[self._time][good].tolist() if value]
            self._times = [*({min([*values, *self._times]), max([*values, *self._times])} if values or self._times else ())]  # fmt: skip

    # --- after the rows

    def facts(self) -> dict[str, Any]:
        """Raises FileRefused where no row is left."""
        kind = shapes.kind_of(self._kinds)
        if kind == "Geometry":
            self.notes.of_file("geometry.mixed", kinds=", ".join(sorted(self._kinds)))
        return {
            "layer": self._layer.name,
            "source_crs": places.name_of(self._target.system) if self._target else "",
            "key": self._fields[self._key].name if self._key is not None else "",
            "time": self._fields[self._time].name if self._time is not None else "",
            "fields": [{"name": one.name, "label": one.label, "type": one.type} for one in self._fields],
            "geometry_type": kind,
            "rows": self._count,
            "kept": self._kept,
            "extent": self._extent_of_all(),
            "times": sorted(self._times),
            "findings": self.notes.as_json(),
        }

    def _extent_of_all(self) -> list[float] | None:
        if not self._bounds:
            return None
        bounds = np.array(self._bounds)
        return [*bounds[:, :2].min(axis=0).tolist(), *bounds[:, 2:].max(axis=0).tolist()]
