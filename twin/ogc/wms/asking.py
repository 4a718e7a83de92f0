"""Requests for pictures, for what lies at a point of one, and for legends."""

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _

from twin.ogc import ows
from twin.ogc.crs import Crs, short_names
from twin.ogc.errors import OwsRefused
from twin.ogc.ows import Said

OPERATIONS = ("GetCapabilities", "GetMap", "GetFeatureInfo", "GetLegendGraphic")
VERSION = "1.3.0"
PNG = "image/png"
MOST_LAYERS, LONGEST, MOST_PIXELS = 20, 4096, 8_000_000
MOST_FEATURES = 50  # of one layer at a point
INFO_FORMATS = ("text/html", "application/json", "application/gml+xml; version=3.2")
_INFO = {
    **{name: name for name in INFO_FORMATS},
    "application/geojson": INFO_FORMATS[1],
    "application/geo+json": INFO_FORMATS[1],
    "application/vnd.ogc.gml": INFO_FORMATS[2],
    "text/xml": INFO_FORMATS[2],
}


@dataclass(frozen=True)
class View:
    """What a picture shows. box: in the order of the reference system's axes; width, height: pixels."""

    box: tuple[float, float, float, float]
    crs: Crs
    width: int
    height: int

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        if not self.crs.latitude_first:
            return self.box
        south, west, north, east = self.box
        return west, south, east, north

    def around(
        self, pixels: float, *, at: tuple[int, int] | None = None
    ) -> tuple[float, float, float, float]:
        """The box with this many pixels more on each side, or so many around one pixel; in the order of the axes."""
        west, south, east, north = self.extent
        wide, high = (east - west) / self.width, (north - south) / self.height
        if at is not None:
            x, y = west + (at[0] + 0.5) * wide, north - (at[1] + 0.5) * high
            west, south, east, north = x, y, x, y
        grown = (west - pixels * wide, south - pixels * high, east + pixels * wide, north + pixels * high)
        if self.crs.degrees:
            grown = (max(grown[0], -180), max(grown[1], -90), min(grown[2], 180), min(grown[3], 90))
        return (grown[1], grown[0], grown[3], grown[2]) if self.crs.latitude_first else grown


@dataclass(frozen=True)
class Picture:
    layers: tuple[str, ...]
    view: View
    ground: str


@dataclass(frozen=True)
class Point:
    """layers: those that are asked; at: column and row of the picture."""

    layers: tuple[str, ...]
    view: View
    at: tuple[int, int]
    format: str
    most: int


def picture(said: Said) -> Picture:
    """Raises OwsRefused."""
    _version(said)
    layers = _layers(said, "layers")
    if any(style.strip() not in {"", "default"} for style in said.get("styles", "").split(",")):
        raise OwsRefused("StyleNotDefined", "styles", _("Each layer has the one style default."))
    if said.get("format", PNG).partition(";")[0].strip().lower() != PNG:
        raise OwsRefused("InvalidFormat", "format", _("One of these is expected: %(choices)s") % {"choices": PNG})  # fmt: skip
    return Picture(layers, _view(said), _ground(said))


def point(said: Said) -> Point:
    """Raises OwsRefused."""
    _version(said)
    view = _view(said)
    at = (ows.number(said, "i"), ows.number(said, "j"))
    if at[0] >= view.width or at[1] >= view.height:
        raise OwsRefused("InvalidPoint", "i", _("The point lies outside of the picture."))
    wanted = said.get("info_format", "").strip().lower() or INFO_FORMATS[0]
    if wanted not in _INFO:
        raise OwsRefused(
            "InvalidFormat",
            "info_format",
            _("One of these is expected: %(choices)s") % {"choices": ", ".join(INFO_FORMATS)},
        )
    most = min(ows.number(said, "feature_count", default=1, least=1), MOST_FEATURES)
    return Point(_layers(said, "query_layers"), view, at, _INFO[wanted], most)


def _version(said: Said) -> None:
    if said.get("version", VERSION) != VERSION:
        raise ows.refused("version", _("The version is %(version)s.") % {"version": VERSION})


def _layers(said: Said, parameter: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(one.strip() for one in ows.needed(said, parameter).split(",")))
    if len(found) > MOST_LAYERS:
        raise ows.refused(parameter, _("At most %(most)s layers.") % {"most": MOST_LAYERS})
    return found


def _view(said: Said) -> View:
    system = short_names().get(ows.needed(said, "crs").upper())
    if system is None:
        raise OwsRefused("InvalidCRS", "crs", _("This reference system is not offered."))
    width, height = (ows.number(said, name, least=1) for name in ("width", "height"))
    if max(width, height) > LONGEST or width * height > MOST_PIXELS:
        words = _("At most %(longest)s pixels on a side and %(most)s in all.")
        raise ows.refused("width", words % {"longest": LONGEST, "most": MOST_PIXELS})
    return View(_box(said), system, width, height)


def _box(said: Said) -> tuple[float, float, float, float]:
    try:
        low_x, low_y, high_x, high_y = map(float, ows.needed(said, "bbox").split(","))
    except ValueError:
        raise ows.refused("bbox", _("Numbers with commas between them are expected.")) from None
    box = (low_x, low_y, high_x, high_y)
    if not all(math.isfinite(number) and abs(number) < 1e9 for number in box):
        raise ows.refused("bbox", _("Numbers with commas between them are expected."))
    if low_x >= high_x or low_y >= high_y:
        raise ows.refused("bbox", _("The lower corner of the box comes first."))
    return box


def _ground(said: Said) -> str:
    """Colour below everything, empty for none."""
    if said.get("transparent", "").upper() == "TRUE":
        return ""
    colour = said.get("bgcolor", "0xFFFFFF").lower().removeprefix("0x")
    if len(colour) != 6 or set(colour) - set("0123456789abcdef"):
        raise ows.refused("bgcolor", _("A colour is expected, such as 0xFFFFFF."))
    return f"#{colour}"
