"""GeoPackages and zipped Shapefiles that people upload: what GDAL needs to open them, and nothing else of them."""

from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pyogrio

from planning.xplanung.archive import Archive, ArchiveLimits

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def shapefile(source: BinaryIO, *, limits: ArchiveLimits) -> dict[str, bytes]:
    """The parts of an archive's only Shapefile under names of our own ("areas.shp"); nothing where there is not exactly one.

    Raises UnreadableFile, OSError."""
    archive = Archive(source, limits=limits)
    members = {member.name: PurePosixPath(member.name) for member in archive.members()}
    stems = {str(path.with_suffix("")) for path in members.values() if path.suffix.lower() == ".shp"}
    return {
        f"areas{path.suffix.lower()}": archive.open(name).read(limits.member)
        for name, path in members.items()
        if len(stems) == 1 and str(path.with_suffix("")) in stems and path.suffix.lower() in _PARTS
    }


def layers(path: Path, kind: str) -> list[str]:
    """Names of the layers with geometries of this kind ("Polygon", "Point"), and of those that do not say theirs."""
    listed = pyogrio.list_layers(path)
    return [str(name) for name, stated in listed if stated is not None and (kind in str(stated) or stated == "Unknown")]  # fmt: skip
