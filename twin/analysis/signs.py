"""What a map draws of the features of a result: the shapes that its colours stand for, and where they lie. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

import shapely

FULL, AREA, OUTLINE, LINE, POINT = "full", "area", "outline", "line", "point"  # full: a class of a raster
Sign = tuple[str, str, tuple[str, ...]]  # colour, words, shapes


def shapes_of(features: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """By colour, areas before lines before points. features: GeoJSON, each with its `colour`."""
    found: dict[str, set[str]] = {}
    for each in features:
        found.setdefault(each["properties"]["colour"], set()).add(_shape(each))
    order = (AREA, OUTLINE, LINE, POINT)
    return {colour: [shape for shape in order if shape in shapes] for colour, shapes in found.items()}


def _shape(feature: Mapping[str, Any]) -> str:
    kind = feature["geometry"]["type"]
    if "Line" in kind:
        return LINE
    if "Point" in kind:
        return POINT
    return OUTLINE if feature["properties"].get("outline") else AREA


def extent_of(features: Iterable[Mapping[str, Any]]) -> list[float]:
    """West, south, east, north; empty where there are none."""
    shapes = [shapely.geometry.shape(each["geometry"]) for each in features]
    return [round(float(side), 1) for side in shapely.total_bounds(shapes)] if shapes else []


def legend(colours: Iterable[tuple[str, str]], shapes: Mapping[str, list[str]] | None) -> list[Sign]:
    """Of what is drawn alone. shapes: as `shapes_of` tells; None where nobody knows them: then all stand as areas."""
    if shapes is None:
        return [(colour, words, (AREA,)) for colour, words in colours]
    return [(colour, words, tuple(shapes[colour])) for colour, words in colours if colour in shapes]
