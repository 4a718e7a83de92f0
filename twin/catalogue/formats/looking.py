"""What is in a delivered file, before anything is imported: layers, systems, attributes, the first rows, and what is likely meant."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from twin.catalogue.formats import addresses, grids, places, shapes, tiles
from twin.catalogue.formats.addresses import Addressed, Register
from twin.catalogue.formats.model import Array, Chunk, Layer, Source
from twin.catalogue.formats.opening import Opened, open_file
from twin.catalogue.formats.places import Extent
from twin.catalogue.formats.reading import REGISTER, Wishes, source_of
from twin.catalogue.formats.tables import TableFile

_ROWS = 8  # shown
_DRAWN = 300  # shapes on the preview's map
_LONGEST = 80  # characters of a value
_NEAR = 0.5  # share of the points that must lie in the extent
_MOST_LAYERS = 50
_NO_COLUMNS: Mapping[str, Any] = {"x": "", "y": "", "address": []}


def look(source: Path, *, folder: Path, srid: int, extent: Extent) -> dict[str, Any]:
    """{"driver", "layers": [{"name", "geometry", "crs", "count", "fields", "rows", "shapes", "x", "y", "srs", "swapped", "address",
    "unplaced", "doubt"}]}.

    srs, swapped: another system, or order of the coordinates, where those of the file can't be meant; address: columns that are
    called like parts of one; unplaced: addresses among the first rows that are not known, where there is a register in the
    folder; doubt: why an import would be refused for the place of the data, as a rule of MESSAGES, else "". Raises FileRefused."""
    opened = open_file(source, folder=folder)
    if opened.kind == "raster":
        whole = tiles.framed(opened, folder / "framed.tif")
        layer = grids.look(whole, ground=grids.Ground(srid, extent))
        return {"driver": opened.driver, "layers": [{**layer, **_NO_COLUMNS}]}
    file, columns = _with_places(opened, folder / REGISTER, srid)
    layers = file.layers()[:_MOST_LAYERS]
    return {
        "driver": opened.driver,
        "layers": [{**_layer(file, layer, srid, extent), **columns} for layer in layers],
    }


def _with_places(opened: Opened, register: Path, srid: int) -> tuple[Source, Mapping[str, Any]]:
    """A table with the columns that are named like coordinates, or else like parts of an address."""
    file = source_of(opened, Wishes())
    if not isinstance(file, TableFile):
        return file, _NO_COLUMNS
    if found := file.coordinates():
        file.x, file.y = found
        return file, {**_NO_COLUMNS, "x": file.x, "y": file.y}
    columns = addresses.likely([field.label for field in file.layers()[0].fields])
    if not columns or not register.exists():
        return file, {**_NO_COLUMNS, "address": columns}
    placed = Addressed(file, columns, register=Register(register), srid=srid)
    return placed, {**_NO_COLUMNS, "address": columns}


def _layer(file: Source, layer: Layer, srid: int, extent: Extent) -> dict[str, Any]:
    chunk = next(file.chunks(layer, most=1000), None)
    columns = [] if chunk is None else [column[:_ROWS].tolist() for column in chunk.columns]
    found: Array = np.array([], dtype=object) if chunk is None or chunk.shapes is None else chunk.shapes
    return {
        "name": layer.name,
        "geometry": layer.geometry_type,
        "kind": shapes.kind_of(
            {shapes.KINDS[kind] for kind in np.unique(shapely.get_type_id(found)).tolist() if kind >= 0}
        ),
        "crs": places.name_of(layer.crs),
        "count": layer.count,
        "fields": [{"name": one.label, "type": one.type} for one in layer.fields],
        "unplaced": _unplaced(chunk),
        "rows": [[_shown(value) for value in row] for row in zip(*columns, strict=True)],
        **_placed(found, layer, srid, extent),
    }


def _unplaced(chunk: Chunk | None) -> int:
    if chunk is None or chunk.unplaced is None:
        return 0
    return sum(each is not None for each in chunk.unplaced)


def _shown(value: Any) -> str:
    return "" if value is None or value != value else str(value)[:_LONGEST]


def _placed(found: Array, layer: Layer, srid: int, extent: Extent) -> dict[str, Any]:
    """Shapes for the map in the twin's system, and the system proposed."""
    points = places.sample(found)
    stated = places.name_of(layer.crs)
    if not len(points):
        return {"srs": None, "swapped": False, "shapes": [], "doubt": ""}
    if layer.crs and places.share_inside(points, system=layer.crs, extent=extent, srid=srid) >= _NEAR:
        return {"srs": None, "swapped": False, "shapes": _drawn(found, layer.crs, srid, swapped=False), "doubt": ""}  # fmt: skip
    likely = places.proposals(points, extent=extent, srid=srid, stated=stated)
    if likely:
        best = likely[0]
        drawn = _drawn(found, f"EPSG:{best.srid}", srid, swapped=best.swapped)
        return {"srs": best.srid, "swapped": best.swapped, "shapes": drawn, "doubt": ""}
    return {
        "srs": None,
        "swapped": False,
        "shapes": _drawn(found, layer.crs, srid, swapped=False) if layer.crs else [],
        "doubt": "file.elsewhere" if layer.crs else "file.no_system",
    }


def _drawn(found: Array, system: str, srid: int, *, swapped: bool) -> list[str]:
    """GeoJSON geometries."""
    there = shapely.force_2d(found[~(shapely.is_missing(found) | shapely.is_empty(found))][:_DRAWN])
    points = shapely.get_coordinates(there)
    moved = places.transform(points[:, ::-1] if swapped else points, system=system, srid=srid)
    if not np.isfinite(moved).all():
        return []
    return [str(text) for text in shapely.to_geojson(places.moved(there, np.round(moved, 2)))]
