"""Rasters: GeoTIFF, ASCII grid and XYZ -> a Cloud Optimized GeoTIFF in the twin's system, with the values as they were.

Bounded memory: strip by strip into a tiled file beside the target, which GDAL then orders with overviews. What lies in the twin's system
already, north up, keeps its pixels; else it is warped onto a grid of about the same fineness.
"""

import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError, RasterioIOError
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from planning.rasters.converting import grid_of, north_up
from planning.rasters.georeference import corners
from planning.rasters.opening import MOST_BLOCK, SAFE
from twin.catalogue.formats import places
from twin.catalogue.formats.notes import Notes
from twin.catalogue.formats.opening import Opened
from twin.catalogue.formats.places import Extent, Points
from twin.catalogue.formats.refusal import FileRefused

MOST_PIXELS = 1_000_000_000  # of one band: 30 km x 30 km in metres
MOST_BANDS = 8
TYPES = frozenset({"uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"})
_COLOURS = frozenset({"uint8", "uint16"})
_EMPTY = (
    -9999.0
)  # where the file says of no value that it stands for none, and a place of the new grid has none
_BLOCK = 256  # pixels of a tile's side
_STRIP = 512  # rows written at once
_WRITTEN = 0.7  # share of the time that writing takes
_NEAR = 0.5  # share of the corners that must lie in the extent
_SHOWN = 1_000_000  # pixels looked at for the range that is shown
_RANGE = (2, 98)  # percent of the values that the colours span
_FAR = 5  # times that range away from it, from which a value at either end is asked about
_MANY = 0.001  # share of the pixels, the same

Tell = Callable[[float], None]


@dataclass(frozen=True)
class Ground:
    """Where a raster must lie. srid, extent: of the twin; srs: the system that a person names instead of the file's own;
    anywhere: also where it lies outside."""

    srid: int
    extent: Extent
    srs: int | None = None
    anywhere: bool = False


@contextmanager
def opened(file: Opened) -> Iterator[Any]:
    """The raster, looked at before a pixel is read. Raises FileRefused, also for what turns up while it is read."""
    with rasterio.Env(**SAFE), warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        try:
            with rasterio.open(file.path, driver=file.driver) as dataset:
                _check(dataset)
                yield dataset
        except (RasterioError, RasterioIOError) as error:
            rule = "file.no_grid" if file.driver == "XYZ" else "file.damaged"
            raise FileRefused(rule, reason=str(error.__cause__ or error)[:200]) from None


def _check(dataset: Any) -> None:
    pixels = dataset.width * dataset.height
    if pixels > MOST_PIXELS:
        raise FileRefused("raster.pixels", count=pixels // 10**6, limit=MOST_PIXELS // 10**6)
    if dataset.count > MOST_BANDS or not set(dataset.dtypes) <= TYPES or len(set(dataset.dtypes)) > 1:
        raise FileRefused("raster.bands", count=dataset.count, limit=MOST_BANDS, kind=", ".join(sorted(set(dataset.dtypes)))[:60])  # fmt: skip
    size = np.dtype(dataset.dtypes[0]).itemsize * dataset.count
    if any(rows * columns * size > MOST_BLOCK for rows, columns in dataset.block_shapes):
        raise FileRefused("raster.block", limit=MOST_BLOCK >> 20)
    place = dataset.transform
    if place.is_identity or not all(map(math.isfinite, place)) or abs(place.determinant) < 1e-18:
        raise FileRefused("raster.no_place")


def look(file: Opened, *, ground: Ground) -> dict[str, Any]:
    """As of a layer, see looking.look, with "raster": {"width", "height", "bands", "type", "resolution"}."""
    with opened(file) as dataset:
        points, stated = _corners(dataset), _system(dataset)
        fits = _fits(points, stated, ground)
        proposed = None if fits else _likely(points, stated, ground)
        system = f"EPSG:{proposed}" if proposed else stated
        return {
            "name": "",
            "geometry": "",
            "kind": "Raster",
            "crs": places.name_of(stated),
            "count": dataset.width * dataset.height,
            "fields": [],
            "rows": [],
            "srs": proposed,
            "swapped": False,
            "doubt": "" if fits or proposed else "file.elsewhere" if stated else "file.no_system",
            "shapes": _outline(points, system, ground.srid) if system else [],
            "raster": {
                "width": dataset.width,
                "height": dataset.height,
                "bands": dataset.count,
                "type": dataset.dtypes[0],
                "resolution": round(math.sqrt(abs(dataset.transform.determinant)), 6),
            },
        }


def _system(dataset: Any) -> str:
    if not dataset.crs:
        return ""
    code = dataset.crs.to_epsg()
    return f"EPSG:{code}" if code else str(dataset.crs.to_wkt())


def _corners(dataset: Any) -> Points:
    return np.asarray(corners(tuple(dataset.transform)[:6], dataset.width, dataset.height), dtype=float)


def _outline(points: Points, system: str, srid: int) -> list[str]:
    moved = np.round(places.transform(points, system=system, srid=srid), 2)
    if not np.isfinite(moved).all():
        return []
    ring = [*moved.tolist(), moved[0].tolist()]
    return [f'{{"type":"Polygon","coordinates":[{ring}]}}']


def convert(file: Opened, target: Path, *, ground: Ground, notes: Notes, tell: Tell) -> dict[str, Any]:
    """Write the raster to target; what DatasetVersion says of the delivery. Raises FileRefused."""
    flat = target.with_suffix(".flat.tif")
    with opened(file) as dataset:
        system = _placed(dataset, ground)
        with _in_the_twins(dataset, system, ground.srid, notes) as source:
            seen = _write(source, flat, srid=ground.srid, tell=tell)
    if not seen.count:
        raise FileRefused("raster.empty")
    order(flat, target)
    flat.unlink()
    facts, odd = _facts(target, seen)
    for end in odd:
        percent = math.ceil(100 * end.count / seen.count)
        notes.of_file("raster.odd", severity="warning", value=f"{end.value:.9g}", percent=percent)
    share = 1 - seen.count / (facts["grid"]["width"] * facts["grid"]["height"])
    if share > 0:
        notes.of_file("raster.gaps", percent=math.ceil(100 * share))
    return facts | {"source_crs": places.name_of(system), "findings": notes.as_json()}


def _placed(dataset: Any, ground: Ground) -> str:
    """The system that the raster is in. Raises FileRefused where it can't be meant."""
    points = _corners(dataset)
    stated = f"EPSG:{ground.srs}" if ground.srs else _system(dataset)
    if stated and (ground.anywhere or _fits(points, stated, ground)):
        return stated
    rule, params = (
        ("file.elsewhere", {"system": places.name_of(stated)}) if stated else ("file.no_system", {})
    )
    if proposed := _likely(points, stated, ground):
        raise FileRefused(f"{rule}_proposed", srid=proposed, **params)
    raise FileRefused(rule, **params)


def _fits(points: Points, system: str, ground: Ground) -> bool:
    if not system:
        return False
    return places.share_inside(points, system=system, extent=ground.extent, srid=ground.srid) >= _NEAR


def _likely(points: Points, stated: str, ground: Ground) -> int | None:
    """The system in which the raster would lie in the extent; the values of a raster can't be swapped as coordinates can."""
    found = places.proposals(points, extent=ground.extent, srid=ground.srid, stated=places.name_of(stated))
    return next((one.srid for one in found if not one.swapped), None)


@contextmanager
def _in_the_twins(dataset: Any, system: str, srid: int, notes: Notes) -> Iterator[Any]:
    """The raster north up with square pixels in the twin's system."""
    a, b, _c, d, e, _f = tuple(dataset.transform)[:6]
    if places.is_same(system, srid) and b == d == 0 and a > 0 and math.isclose(a, -e, rel_tol=1e-6):
        yield dataset
        return
    if not places.is_same(system, srid):
        notes.of_file("raster.warped", system=places.name_of(system))
    ground = corners(tuple(dataset.transform)[:6], dataset.width, dataset.height)
    transform, width, height = north_up(ground, (dataset.width, dataset.height), crs=system, srid=srid)
    if width * height > MOST_PIXELS:
        raise FileRefused("raster.pixels", count=width * height // 10**6, limit=MOST_PIXELS // 10**6)
    options: dict[str, Any] = {"src_crs": system, "src_transform": dataset.transform, "crs": f"EPSG:{srid}", "transform": transform, "width": width, "height": height, "warp_mem_limit": 128}  # fmt: skip
    if dataset.nodata is None and ColorInterp.alpha not in dataset.colorinterp:
        options |= {"add_alpha": True} if dataset.dtypes[0] in _COLOURS else {"nodata": _EMPTY}
    is_smooth = dataset.dtypes[0] not in _COLOURS or dataset.count >= 3
    options["resampling"] = Resampling.bilinear if is_smooth else Resampling.nearest
    with WarpedVRT(dataset, **options) as warped:
        yield warped


@dataclass
class _End:
    """The lowest or highest value of the first band, and how many pixels hold it."""

    value: float
    count: int = 0

    def take(self, value: float, count: int) -> None:
        if value != self.value:
            self.value, self.count = value, 0
        self.count += count


@dataclass
class _Seen:
    """count: pixels with a value."""

    count: int = 0
    lowest: _End = field(default_factory=lambda: _End(math.inf))
    highest: _End = field(default_factory=lambda: _End(-math.inf))

    def take(self, values: Any) -> None:
        """values: those of the first band that are there."""
        if not values.size:
            return
        self.count += int(values.size)
        low, high = float(values.min()), float(values.max())
        if low <= self.lowest.value:
            self.lowest.take(low, int((values == low).sum()))
        if high >= self.highest.value:
            self.highest.take(high, int((values == high).sum()))


def _odd(values: Any, seen: _Seen) -> list[_End]:
    """Ends that many pixels share and that lie far from nearly all others, as a value does that stands for none and was not declared.

    values: a sample of the raster's."""
    ends = (seen.lowest, seen.highest)
    others = values[(values != ends[0].value) & (values != ends[1].value)]
    if not len(others):
        return []
    low, high = np.percentile(others, _RANGE)
    return [
        end
        for end in ends
        if end.count >= _MANY * seen.count
        and max(low - end.value, end.value - high) > _FAR * (high - low) > 0
    ]


def _write(source: Any, flat: Path, *, srid: int, tell: Tell) -> _Seen:
    profile = {
        "driver": "GTiff",
        "width": source.width,
        "height": source.height,
        "count": source.count,
        "dtype": source.dtypes[0],
        "nodata": source.nodata,
        "crs": f"EPSG:{srid}",
        "transform": source.transform,
        "tiled": True,
        "blockxsize": _BLOCK,
        "blockysize": _BLOCK,
        "compress": "LZW",
        "bigtiff": "IF_SAFER",
    }
    seen = _Seen()
    with rasterio.open(flat, "w", **profile) as sink:
        sink.colorinterp, sink.units = source.colorinterp, source.units
        if source.colorinterp[0] == ColorInterp.palette:
            sink.write_colormap(1, source.colormap(1))
        for top in range(0, source.height, _STRIP):
            window = Window(0, top, source.width, min(_STRIP, source.height - top))
            values = source.read(window=window)
            sink.write(values, window=window)
            mask = source.dataset_mask(window=window) > 0
            seen.take(values[0][mask & np.isfinite(values[0])])
            tell(_WRITTEN * (top + window.height) / source.height)
    return seen


def order(flat: Path, target: Path, *, as_it_stands: bool = False) -> None:
    """A tiled GeoTIFF -> a Cloud Optimized one. as_it_stands: its overviews hold no means, as if it were one of kinds."""
    with rasterio.open(flat, driver="GTiff") as dataset:
        of_kinds = (
            as_it_stands
            or dataset.colorinterp[0] == ColorInterp.palette
            or dataset.dtypes[0] in _COLOURS
            and dataset.count < 3
        )
    rasterio.shutil.copy(
        flat,
        target,
        driver="COG",
        COMPRESS="DEFLATE",
        PREDICTOR="YES",
        BLOCKSIZE=str(_BLOCK),
        OVERVIEW_RESAMPLING="NEAREST" if of_kinds else "AVERAGE",
        BIGTIFF="IF_SAFER",
        NUM_THREADS="2",
    )


def _facts(path: Path, seen: _Seen) -> tuple[dict[str, Any], list[_End]]:
    """Of a raster that we made, and its odd values, which the range that is shown leaves out."""
    with rasterio.open(path, driver="GTiff") as dataset:
        factor = max(1, math.ceil(math.sqrt(dataset.width * dataset.height / _SHOWN)))
        shape = (math.ceil(dataset.height / factor), math.ceil(dataset.width / factor))
        values = dataset.read(1, out_shape=shape, masked=True).compressed()
        values = values[np.isfinite(values)]
        odd = _odd(values, seen) if dataset.count == 1 and dataset.dtypes[0] not in _COLOURS else []
        for end in odd:
            values = values[values != end.value]
        low, high = np.percentile(values, _RANGE).tolist() if len(values) else (0.0, 1.0)
        look = {"bands": dataset.count, "type": dataset.dtypes[0], "low": low, "high": high}
        return {"grid": asdict(grid_of(path)) | look, "extent": list(dataset.bounds)}, odd
