"""Jobs of tenants.apart: one job on a foreign picture."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from planning.rasters import georeference, pages
from planning.rasters.converting import convert
from planning.rasters.georeference import Place
from planning.rasters.opening import opened
from planning.rasters.refusal import RasterRefused
from tenants.apart import serve, tell


def place(*, source: str, world: str | None, srid: int | None, assumed: int) -> dict[str, Any]:
    """Where a picture says that it lies: {"place": … or None, "width", "height"}."""
    with opened(Path(source)) as dataset:
        if world is not None:
            transform = georeference.read_world_file(Path(world).read_bytes())
            named = georeference.system_named(dataset.crs, srid=srid, assumed=assumed)
            found: Place | None = Place(transform, named, "world_file")
        else:
            found = georeference.place_in(dataset, srid=srid, assumed=assumed)
        return {"place": asdict(found) if found else None, "width": dataset.width, "height": dataset.height}


def warp(*, source: str, target: str, place: dict[str, Any], srid: int) -> dict[str, Any]:
    """A placed picture into the twin's system; the grid of the result."""
    there = Place(tuple(place["transform"]), place["crs"], place["source"])
    return asdict(convert(Path(source), Path(target), place=there, srid=srid, tell=tell))


def page(*, source: str, target: str, number: int) -> dict[str, Any]:
    """A page of a PDF as a picture: {"dpi"}."""
    return {"dpi": pages.render(Path(source), Path(target), page=number, tell=tell)}


JOBS: dict[str, Callable[..., dict[str, Any]]] = {"place": place, "warp": warp, "page": page}


if __name__ == "__main__":
    serve(JOBS, rejection=RasterRefused)
