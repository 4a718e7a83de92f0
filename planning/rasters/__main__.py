"""python -m planning.rasters JOB ARGUMENTS: one job on a foreign picture, within limits. Writes lines of JSON: {"share": …}
while it works, then {"result": …} or {"refused": rule, "params": …}."""

import json
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from planning.rasters import georeference, pages
from planning.rasters.converting import convert
from planning.rasters.georeference import Place
from planning.rasters.opening import opened
from planning.rasters.refusal import RasterRefused

_MEMORY = 4 * 1024**3  # bytes of address space, libraries included
_FILE = 8 * 1024**3  # bytes of one written file
_SECONDS = 1500  # of computing
_parent = os.getppid()


def _say(**line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _tell(share: float) -> None:
    if os.getppid() != _parent:
        sys.exit(1)  # the worker is dead, nobody waits for this
    _say(share=share)


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
    return asdict(convert(Path(source), Path(target), place=there, srid=srid, tell=_tell))


def page(*, source: str, target: str, number: int) -> dict[str, Any]:
    """A page of a PDF as a picture: {"dpi"}."""
    return {"dpi": pages.render(Path(source), Path(target), page=number, tell=_tell)}


JOBS: dict[str, Callable[..., dict[str, Any]]] = {"place": place, "warp": warp, "page": page}


def main(job: str, arguments: str) -> None:
    for kind, limit in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_FSIZE, _FILE), (resource.RLIMIT_CPU, _SECONDS), (resource.RLIMIT_CORE, 0)):  # fmt: skip
        resource.setrlimit(kind, (limit, limit))
    try:
        result = JOBS[job](**json.loads(arguments))
    except RasterRefused as refused:
        _say(refused=refused.rule, params=dict(refused.params))
    except MemoryError:
        _say(refused="raster.memory", params={})
    else:
        _say(result=result)


if __name__ == "__main__":
    main(*sys.argv[1:])
