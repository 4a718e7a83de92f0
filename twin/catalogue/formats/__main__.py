"""Jobs of tenants.apart: one job on a delivered file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyogrio

from tenants.apart import serve
from twin.catalogue.formats import looking, reading
from twin.catalogue.formats.reading import Wishes
from twin.catalogue.formats.refusal import FileRefused


def read(
    *, source: str, parts: str, wishes: Mapping[str, Any], srid: int, extent: list[float]
) -> dict[str, Any]:
    """The rows of a file as parts for COPY."""
    west, south, east, north = extent
    return reading.read(
        Path(source), Path(parts), wishes=Wishes(**wishes), srid=srid, extent=(west, south, east, north)
    )


def look(*, source: str, folder: str, srid: int, extent: list[float]) -> dict[str, Any]:
    """What is in a file."""
    west, south, east, north = extent
    return looking.look(Path(source), folder=Path(folder), srid=srid, extent=(west, south, east, north))


def drivers() -> dict[str, Any]:
    """What can be opened here."""
    return {"names": list(pyogrio.list_drivers())}


JOBS: dict[str, Callable[..., dict[str, Any]]] = {"read": read, "look": look, "drivers": drivers}

if __name__ == "__main__":
    serve(JOBS, rejection=FileRefused)
