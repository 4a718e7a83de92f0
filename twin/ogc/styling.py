"""A style for map libraries that read Mapbox's: that of the dataset, or a plain one by geometry."""

from collections.abc import Mapping
from typing import Any

from twin.ogc.collections import Collection
from twin.ogc.tiling import LAYER

_ONLY: list[Any] = ["==", ["geometry-type"]]
_BLUE, _WHITE = "#1a4b7a", "#ffffff"
_PLAIN: dict[str, list[dict[str, Any]]] = {
    "Point": [
        {
            "type": "circle",
            "paint": {
                "circle-radius": 5,
                "circle-color": _BLUE,
                "circle-stroke-color": _WHITE,
                "circle-stroke-width": 1,
            },
        }
    ],
    "LineString": [{"type": "line", "paint": {"line-color": _BLUE, "line-width": 2}}],
    "Polygon": [
        {"type": "fill", "paint": {"fill-color": _BLUE, "fill-opacity": 0.3}},
        {"type": "line", "paint": {"line-color": _BLUE, "line-width": 1}},
    ],
}


def style(collection: Collection, *, tiles: str) -> dict[str, Any]:
    """tiles: address of a tile with {z}, {y} and {x}."""
    source: dict[str, Any] = {"type": "vector", "tiles": [tiles], "maxzoom": 18}
    if collection.bbox:
        source["bounds"] = list(collection.bbox)
    return {
        "version": 8,
        "name": collection.title,
        "sources": {"data": source},
        "layers": [_layer(one, number) for number, one in enumerate(layers_of(collection))],
    }


def layers_of(collection: Collection) -> list[dict[str, Any]]:
    """Of its own style, or plain ones."""
    own = collection.style.get("layers") if isinstance(collection.style, dict) else collection.style
    return own or _plain(collection.geometry_type)


def geometry_of(layer: Mapping[str, Any]) -> str:
    """The one kind of geometry that a layer's filter lets through, empty without such a filter."""
    wanted = layer.get("filter")
    return str(wanted[2]) if isinstance(wanted, list) and wanted[:2] == _ONLY else ""


def _plain(geometry_type: str) -> list[dict[str, Any]]:
    """Of mixed geometries each kind gets its own layers."""
    kind = geometry_type.removeprefix("Multi")
    if kind in _PLAIN:
        return _PLAIN[kind]
    return [{**layer, "filter": [*_ONLY, name]} for name, layers in _PLAIN.items() for layer in layers]


def _layer(layer: dict[str, Any], number: int) -> dict[str, Any]:
    return {"id": f"layer-{number}", **layer, "source": "data", "source-layer": LAYER}
