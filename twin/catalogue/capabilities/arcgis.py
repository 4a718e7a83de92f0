"""ArcGIS FeatureServer and MapServer: each layer is an entry."""

from collections.abc import Mapping
from typing import Any

import pyproj

from twin.catalogue.capabilities import addresses, licences, texts
from twin.catalogue.capabilities.description import Description, Entry, Extent, capped

Document = Mapping[str, Any]


def fits(document: Document) -> bool:
    return isinstance(document.get("layers"), list) and (
        "currentVersion" in document or "serviceDescription" in document
    )


def read(document: Document, *, url: str) -> Description:
    own = addresses.service(url).partition("?")[0].rstrip("/")
    extent = _extent(document.get("fullExtent") or document.get("initialExtent"))
    rows = [row for row in document["layers"] if isinstance(row, Mapping) and isinstance(row.get("id"), int)]
    titles = {row["id"]: texts.line(row.get("name")) for row in rows}
    info = document.get("documentInfo")
    about = info if isinstance(info, Mapping) else {}
    return Description(
        kind="ArcGIS",
        url=own,
        version=texts.line(str(document.get("currentVersion", "")), 10),
        title=texts.line(about.get("Title")) or texts.line(document.get("mapName")) or _named(own),
        abstract=texts.prose(document.get("serviceDescription") or document.get("description")),
        keywords=texts.words(str(about.get("Keywords") or "").split(",")),
        publisher=texts.line(about.get("Author"), 300),
        licence=licences.licence(str(document.get("copyrightText") or "")),
        extent=extent,
        entries=capped(
            _entry(row, document, own=own, titles=titles) for row in rows if not row.get("subLayerIds")
        ),
    )


def _named(own: str) -> str:
    """…/rest/services/Folder/Name/FeatureServer"""
    return texts.line(own.rpartition("/")[0].rpartition("/")[2].replace("_", " "))


def _entry(row: Document, document: Document, *, own: str, titles: Mapping[int, str]) -> Entry:
    above = titles.get(row["parentLayerId"], "") if isinstance(row.get("parentLayerId"), int) else ""
    formats = str(document.get("supportedQueryFormats") or "JSON").split(",")
    reference = document.get("spatialReference")
    return Entry(
        name=str(row["id"]),
        title=texts.line(row.get("name")) or str(row["id"]),
        abstract=texts.prose(row.get("description")),
        group=(above,) if above else (),
        extent=_extent(row.get("extent")) or _extent(document.get("fullExtent")),
        attribution=texts.line(document.get("copyrightText")),
        service={
            "type": "ArcGIS",
            "url": own,
            "layer": str(row["id"]),
            "version": texts.line(str(document.get("currentVersion", "")), 10),
            "crs": [f"EPSG:{number}"] if (number := _epsg(reference)) else [],
            "formats": list(texts.words(formats)),
        },
    )


def _epsg(reference: object) -> int | None:
    if not isinstance(reference, Mapping):
        return None
    number = reference.get("latestWkid") or reference.get("wkid")
    return {102100: 3857}.get(number, number) if isinstance(number, int) else None


def _extent(box: object) -> Extent | None:
    if not isinstance(box, Mapping):
        return None
    sides = [texts.number(box.get(side)) for side in ("xmin", "ymin", "xmax", "ymax")]
    number = _epsg(box.get("spatialReference"))
    if None in sides or number is None:
        return None
    try:
        degrees = pyproj.Transformer.from_crs(number, 4326, always_xy=True).transform_bounds(*sides)  # type: ignore[arg-type]
    except pyproj.exceptions.ProjError:
        return None
    return texts.extent(degrees)
