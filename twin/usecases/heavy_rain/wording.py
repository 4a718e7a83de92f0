"""Measures and tables of rain in words: what they are called, what their values mean, why one can't be computed."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from twin.analysis.forms import plain
from twin.catalogue.models import DatasetVersion
from twin.usecases.heavy_rain import measures
from twin.usecases.heavy_rain.kostra import BadTable
from twin.usecases.heavy_rain.measures import KINDS, BadMeasure, Measure
from twin.usecases.heavy_rain.roughness import BadLandUse

TITLES: dict[str, Promise] = {
    "wall": pgettext_lazy("measure", "Wall"),
    "ditch": pgettext_lazy("measure", "Ditch"),
    "basin": pgettext_lazy("measure", "Retention basin"),
    "unsealing": pgettext_lazy("measure", "Unsealing"),
    "section": pgettext_lazy("measure", "Cross-section"),
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

OF_TABLE: dict[str, Promise] = {
    "cell": gettext_lazy("“%(title)s” does not say which cell an area is: a column INDEX_RC is missing."),
    "cell_of_table": gettext_lazy("“%(title)s” does not say which cell a row is of: a column INDEX_RC is missing."),
    "column": gettext_lazy("“%(title)s” does not say for which duration its depths are: a column DAUER_MIN (minutes) is missing. Files of the DWD hold one duration each; join them, with the duration as a column, or name a table beside the cells."),
    "years": gettext_lazy("“%(title)s” has no depths for a return period of %(years)s years, but for: %(known)s."),
    "outside": gettext_lazy("The cells of “%(title)s” cover %(share)s %% of the area. Choose an area inside them, or state the rain."),
    "duration": gettext_lazy("“%(title)s” has no depths for %(minutes)s minutes in the cells of the area, but for: %(known)s."),
    "twice": gettext_lazy("“%(title)s” has two different depths for %(minutes)s minutes in cell %(cell)s."),
    "value": gettext_lazy("“%(title)s” has no depth in mm for %(minutes)s minutes in cell %(cell)s."),
}  # fmt: skip


OF_LAND_USE: dict[str, Promise] = {
    "column": gettext_lazy("“%(title)s” has no column “%(value)s” for the roughness."),
    "columns": gettext_lazy("“%(title)s” has no column that tells the roughness: manning, kst (Strickler) or nutzung. Name it."),
    "value": gettext_lazy("“%(title)s” has the roughness “%(value)s”. Manning's n is meant in s/m^(1/3), such as 0.05; Strickler's kSt in a column “kst”."),
    "unknown": gettext_lazy("No roughness is known for the land use that “%(title)s” holds in the area: %(value)s"),
}  # fmt: skip


def rain(values: Mapping[str, Any]) -> str:
    """What falls, in short. values: of the form."""
    depth = values["depth"] or max((values["table"] or {"": None}).values())
    named = {"minutes": values["minutes"], "years": values["years"], "depth": depth and plain(depth)}
    if values["years"]:
        return _("%(minutes)s min, once in %(years)s years") % named
    return (_("%(depth)s mm in %(minutes)s min") if depth else _("%(minutes)s min of rain")) % named


def told_land_use(error: BadLandUse, title: str) -> str:
    """Why a dataset of this title gives no friction."""
    code = "columns" if error.code == "column" and not error.value else error.code
    return str(OF_LAND_USE[code]) % {"title": title, "value": error.value or "–"}


def told_table(error: BadTable, title: str) -> str:
    """Why no rain can be taken from a dataset of this title."""
    known = ", ".join(str(each) for each in error.facts.get("known", ())) or "–"
    return str(OF_TABLE[error.code]) % {**error.facts, "title": title, "known": known}


def delivered(version: DatasetVersion) -> str:
    day = date_format(localtime(version.created_at), "SHORT_DATE_FORMAT")
    return _("%(title)s, version %(number)s of %(day)s") % {"title": version.dataset, "number": version.number, "day": day}  # fmt: skip


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
    size = number_format(round(measure.shape.area if area else measure.shape.length), force_grouping=True)
    size = f"{size} m²" if area else f"{size} m"
    values = (f"{LABELS[measure.kind, name]}: {shortly(value)}" for name, value in measure.values.items())
    return f"{numbered(measure)} ({', '.join([size, *values])})"


def numbered(measure: Measure) -> str:
    return f"{measure.number} {TITLES[measure.kind]}"
