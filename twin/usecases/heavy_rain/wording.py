"""Measures in words: what they are called, what their values mean, why one can't be computed."""

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from twin.usecases.heavy_rain import measures
from twin.usecases.heavy_rain.measures import KINDS, BadMeasure, Measure

TITLES: dict[str, Promise] = {
    "wall": pgettext_lazy("measure", "Wall"),
    "ditch": pgettext_lazy("measure", "Ditch"),
    "basin": pgettext_lazy("measure", "Retention basin"),
    "unsealing": pgettext_lazy("measure", "Unsealing"),
}
LABELS: dict[tuple[str, str], Promise] = {
    ("wall", "height"): gettext_lazy("Height above the ground in m"),
    ("ditch", "depth"): gettext_lazy("Depth in m"),
    ("ditch", "width"): gettext_lazy("Width in m"),
    ("basin", "depth"): gettext_lazy("Depth below its lowest edge in m"),
    ("unsealing", "infiltration"): gettext_lazy("Infiltration in mm/h"),
}
OF_ALL: dict[str, Promise] = {
    "collection": gettext_lazy("The measures are no GeoJSON (FeatureCollection)."),
    "many": gettext_lazy("There are more than %(most)s measures."),
}
OF_ONE: dict[str, Promise] = {
    "kind": gettext_lazy("its kind must be one of these: %(kinds)s."),
    measures.LINE: gettext_lazy("it needs a line of at least two corners that lie apart."),
    measures.AREA: gettext_lazy("it needs one area of at least three corners that lie apart."),
    "corners": gettext_lazy("it has more than %(corners)s corners."),
    "long": gettext_lazy("its line or edge is longer than %(longest)s km."),
    "crossing": gettext_lazy("it crosses itself. Please draw it again."),
    "number": gettext_lazy("“%(value)s” must be a number."),
    "range": gettext_lazy("“%(value)s” must be from %(least)s to %(greatest)s."),
    "outside": gettext_lazy("it does not lie in the area that is computed (coordinates in EPSG:25833)."),
    "cells": gettext_lazy("it takes no cell with a height. Draw it larger, or choose smaller cells."),
}


def said(error: BadMeasure) -> str:
    """Which measure it is, and what is wrong with it."""
    least, greatest = KINDS[error.kind].limits[error.value] if error.value else (0.0, 0.0)
    facts = {
        "most": measures.MOST,
        "kinds": ", ".join(KINDS),
        "corners": measures.CORNERS,
        "longest": round(measures.LONGEST / 1000),
        "value": LABELS.get((error.kind, error.value), ""),
        "least": shortly(least),
        "greatest": shortly(greatest),
    }
    if not error.number:
        return str(OF_ALL[error.code]) % facts
    name = f"{error.number} ({TITLES[error.kind]})" if error.kind else str(error.number)
    return _("Measure %(name)s: %(reason)s") % {"name": name, "reason": str(OF_ONE[error.code]) % facts}


def shortly(value: float) -> str:
    """With at most two digits behind the comma."""
    return number_format(f"{value:.2f}".rstrip("0").rstrip("."))


def told(measure: Measure) -> str:
    area = KINDS[measure.kind].shape == measures.AREA
    size = f"{measure.shape.area:.0f} m²" if area else f"{measure.shape.length:.0f} m"
    values = (f"{LABELS[measure.kind, name]}: {shortly(value)}" for name, value in measure.values.items())
    return f"{measure.number} {TITLES[measure.kind]} ({', '.join([size, *values])})"
