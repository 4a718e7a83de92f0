"""WMTS 1.0.0: each layer is an entry, with the tile matrix sets that it comes in, and the grid of the one that our maps draw."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from twin.catalogue.capabilities import ows, texts, xml
from twin.catalogue.capabilities.description import Description, Entry, capped
from twin.catalogue.capabilities.xml import Element

_DRAWN = ("EPSG:25833", "EPSG:3857", "EPSG:25832")  # in metres, east before north; the best first
_PIXEL = 0.00028  # metres, by which the standard counts scales
_MOST_LEVELS = 40
Grid = dict[str, Any]


def read(root: Element, *, url: str) -> Description:
    found = ows.head(root, kind="WMTS", operation="GetTile", url=url)
    systems = {
        xml.text(one, "Identifier"): texts.system(xml.text(one, "SupportedCRS"))
        for one in xml.children(root, "Contents", "TileMatrixSet")
    }
    grids = {
        key: grid
        for one in xml.children(root, "Contents", "TileMatrixSet")
        if (grid := _grid(one, system=systems[key := xml.text(one, "Identifier")]))
    }
    layers = xml.children(root, "Contents", "Layer")
    entries = (_entry(one, systems=systems, grids=grids) for one in layers)
    service = {"type": "WMTS", "url": found.url, "version": found.version or "1.0.0"}
    told = (replace(entry, service={**service, **entry.service}) for entry in entries if entry.name)
    return replace(found, entries=capped(told))


def _grid(one: Element, *, system: str) -> Grid:
    """The levels of a set, the coarsest first: what each is called, metres of a pixel, upper left corner, pixels of a tile, and
    how many tiles; nothing where our maps cannot draw it."""
    if system not in _DRAWN:
        return {}
    found = {
        level["resolution"]: level for part in xml.children(one, "TileMatrix") if (level := _level(part))
    }
    levels = [found[resolution] for resolution in sorted(found, reverse=True)][:_MOST_LEVELS]
    return {"set": xml.text(one, "Identifier"), "system": system, "levels": levels} if levels else {}


def _level(one: Element) -> dict[str, Any]:
    scale = texts.number(xml.text(one, "ScaleDenominator"))
    corner = [texts.number(part) for part in xml.text(one, "TopLeftCorner").split()]
    size = [texts.whole(xml.text(one, f"Tile{side}")) for side in ("Width", "Height")]
    tiles = [texts.whole(xml.text(one, f"Matrix{side}")) for side in ("Width", "Height")]
    name = texts.line(xml.text(one, "Identifier"), 200)
    if not name or not scale or scale < 0 or len(corner) != 2 or None in corner or not all((*size, *tiles)):
        return {}
    return {"name": name, "resolution": scale * _PIXEL, "origin": corner, "size": size, "tiles": tiles}


def _entry(one: Element, *, systems: Mapping[str, str], grids: Mapping[str, Grid]) -> Entry:
    name = texts.line(xml.text(one, "Identifier"))
    sets = {key: systems.get(key, "") for key in xml.texts(one, "TileMatrixSetLink", "TileMatrixSet")}
    drawn = sorted(
        (grids[key] for key in sets if key in grids), key=lambda grid: _DRAWN.index(grid["system"])
    )
    styles = list(xml.children(one, "Style"))
    default = next((style for style in styles if xml.attribute(style, "isDefault") == "true"), None)
    chosen = default if default is not None else next(iter(styles), None)
    templates = (
        xml.attribute(link, "template")
        for link in xml.children(one, "ResourceURL")
        if xml.attribute(link, "resourceType") == "tile"
    )
    return Entry(
        name=name,
        title=texts.line(xml.text(one, "Title")) or name,
        abstract=texts.prose(xml.text(one, "Abstract")),
        keywords=texts.words(xml.texts(one, "Keywords", "Keyword")),
        extent=ows.extent(one),
        service={
            "layer": name,
            "crs": list(texts.systems(sets.values())),
            "formats": list(texts.words(xml.texts(one, "Format"))),
            "matrix_sets": sets,
            "grid": drawn[0] if drawn else {},
            "style": texts.line(xml.text(chosen, "Identifier")),
            "template": texts.line(next(templates, ""), 1000),
            "legend": texts.web(xml.attribute(xml.child(chosen, "LegendURL"), "href")),
        },
    )
