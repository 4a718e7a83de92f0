"""What the service says of itself, for its document of capabilities."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.utils.translation import gettext as _

from twin.ogc.collections import WGS84, Collection
from twin.ogc.crs import short_names
from twin.ogc.wms import plans
from twin.ogc.wms.asking import INFO_FORMATS, LONGEST, MOST_LAYERS, PNG, VERSION

Box = tuple[float, float, float, float]


def told(listed: Iterable[tuple[Collection, str]], *, address: str) -> dict[str, Any]:
    """listed: each collection with the address of what is said of it, empty where there is none."""
    layers = [_layer(one, metadata, address) for one, metadata in listed]
    everything = _in_degrees(tuple(map(float, settings.MAP_EXTENT)))  # type: ignore[arg-type]
    drawing = _named(plans.DRAWING, _("Plans as drawn with the Planzeichen"), everything, address)
    return {
        "address": address,
        "version": VERSION,
        "crs": list(short_names()),
        "png": PNG,
        "info_formats": INFO_FORMATS,
        "most_layers": MOST_LAYERS,
        "longest": LONGEST,
        "box": _box(everything),
        "layers": layers,
        "drawing": {**drawing, "farthest": plans.NEAREST},
    }


def _layer(one: Collection, metadata: str, address: str) -> dict[str, Any]:
    said = {"description": one.description, "keywords": one.keywords, "publisher": one.publisher}
    return {**_named(one.id, one.title, one.bbox, address), **said, "metadata": metadata}


def _named(name: str, title: str, box: Box | None, address: str) -> dict[str, Any]:
    legend = (
        f"{address}?service=WMS&version={VERSION}&request=GetLegendGraphic&format={PNG}&layer={quote(name)}"
    )
    return {"name": name, "title": title, "box": _box(box) if box else None, "legend": legend}


def _box(box: Box) -> list[str]:
    return [f"{number:.6f}" for number in box]


def _in_degrees(extent: Box) -> Box:
    corner = Polygon.from_bbox(extent)
    corner.srid = settings.TWIN_SRID
    found: Box = corner.transform(WGS84, clone=True).extent
    return found
