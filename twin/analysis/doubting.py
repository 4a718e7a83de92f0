"""Whether the heights of an elevation model are metres, by what else the tenant may see there: other models, gauges, the county's ground."""

from collections.abc import Iterator, Sequence

import numpy as np
import rasterio
from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.db.models import F
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twin.analysis import terrain, vertical
from twin.analysis.elevation import Place
from twin.analysis.errors import RunRefused
from twin.analysis.vertical import FILE, GAUGE, MODEL, RANGE, UNITS, Doubt, Vote
from twin.catalogue import rastering
from twin.catalogue.models import DatasetVersion
from twin.hydro.case import HEIGHTS, Grid

OTHERS = 5  # models that are compared with
COMPARED = 20_000  # cells of each
AROUND = 250.0  # m around a gauge in which its water lies
NAMES: dict[str, Promise] = {"dm": gettext_lazy("decimetres"), "cm": gettext_lazy("centimetres"), "mm": gettext_lazy("millimetres"), "ft": gettext_lazy("feet")}  # fmt: skip


def doubts(place: Place) -> tuple[str, ...]:
    """What is to be known before heights are computed that may be no metres. Raises RunRefused where they certainly are none."""
    sample = place.part.coarser(terrain.LOOKED_AT)
    heights = terrain.heights(rastering.path_of(place.version), sample, exact=True)
    known = heights[terrain.covered([place.area], sample) & np.isfinite(heights)]
    doubt = vertical.judge(list(_votes(place, known))) if known.size else None
    if doubt is None:
        return ()
    impossible = not HEIGHTS[0] <= float(np.median(known)) <= HEIGHTS[1]
    if doubt.certain or impossible:
        raise RunRefused(_said(doubt, known, surely=True))
    return (_said(doubt, known, surely=False),)


def _votes(place: Place, known: Grid) -> Iterator[Vote]:
    found = (_by_file(place), _by_range(place, known), *_by_models(place), *_by_gauges(place))
    yield from (vote for vote in found if vote is not None)


def _by_file(place: Place) -> Vote | None:
    with rasterio.open(rastering.path_of(place.version), driver="GTiff") as source:
        return vertical.by_file(source.units[0] or "")


def _by_range(place: Place, known: Grid) -> Vote | None:
    """What is known of the county's ground holds in the county."""
    west, south, east, north = place.area.bounds
    left, bottom, right, top = settings.MAP_EXTENT
    inside = left <= west and east <= right and bottom <= south and north <= top
    return vertical.by_range(known, settings.GROUND_HEIGHTS) if settings.GROUND_HEIGHTS and inside else None


def _by_models(place: Place) -> Iterator[Vote | None]:
    """Other rasters, the newest first; what holds no heights does not rise and fall with the ground."""
    box = Polygon.from_bbox(place.part.bounds)
    current = DatasetVersion.objects.filter(pk=F("dataset__current_version"), raster__isnull=False)
    rows = current.filter(extent__intersects=box).exclude(dataset=place.version.dataset_id)
    for other in rows.select_related("dataset").order_by("-pk")[:OTHERS]:
        shared = other.extent.intersection(box)
        if shared.area < vertical.CELLS * place.part.cell**2:
            continue
        part = terrain.frame(shared.extent, place.part.cell).coarser(COMPARED)
        ours, theirs = (terrain.heights(rastering.path_of(each), part, exact=True) for each in (place.version, other))  # fmt: skip
        yield vertical.by_model(ours, theirs, name=other.dataset.title if other.is_public else "")


def _by_gauges(place: Place) -> Iterator[Vote | None]:
    cell = max(place.part.cell, AROUND / 50)
    for name, east, north, zero in import_string(settings.GAUGE_ZEROS)(Polygon.from_bbox(place.part.bounds)):
        box = (east - AROUND, north - AROUND, east + AROUND, north + AROUND)
        around = terrain.heights(rastering.path_of(place.version), terrain.frame(box, cell), exact=True)
        if np.isfinite(around).any():
            yield vertical.by_gauge(float(np.nanmin(around)), zero, name=name)


# --- words


def _said(doubt: Doubt, known: Grid, *, surely: bool) -> str:
    low, high = (float(each) for each in np.percentile(known, (1, 99)))
    fitting = [
        _("%(unit)s (%(low)s to %(high)s m)")
        % {"unit": NAMES[unit], "low": _number(low * UNITS[unit]), "high": _number(high * UNITS[unit])}
        for unit in doubt.units
    ]
    seen = {"low": _number(low), "high": _number(high), "units": _(" or ").join(fitting)}
    head = _("The heights of the elevation model are no metres above sea level: they lie between %(low)s and %(high)s. It fits as %(units)s.") if surely else _("The heights of the elevation model may be no metres above sea level: they lie between %(low)s and %(high)s. It would fit as %(units)s.")  # fmt: skip
    factors = _(" or ").join(number_format(f"{UNITS[unit]:g}") for unit in doubt.units)
    end = _("Convert them to metres (times %s) and deliver the model again.") if surely else _("If so, convert them to metres (times %s) and deliver the model again: depths and slopes would be wrong.")  # fmt: skip
    against = [_("For metres speaks:"), *_reasons(doubt.contra)] if doubt.contra else []
    return " ".join([head % seen, *_reasons(doubt.pro), *against, end % factors])


def _reasons(votes: Sequence[Vote]) -> list[str]:
    """One of each kind."""
    return [_reason(vote) for vote in {vote.kind: vote for vote in votes}.values()]


def _reason(vote: Vote) -> str:
    first, second = map(_number, vote.shown or (0.0, 0.0))
    words = {
        RANGE: _("The ground of the county lies between %(first)s and %(second)s m."),
        MODEL: _("The dataset “%(name)s” has %(second)s m at the same places, in the middle of all; this model has %(first)s."),
        GAUGE: _("The zero of the gauge “%(name)s” lies at %(second)s m, the lowest ground around it in the model at %(first)s."),
        FILE: _("The file itself names this unit."),
    }  # fmt: skip
    unnamed = {
        MODEL: _("Another dataset has %(second)s m at the same places, in the middle of all; this model has %(first)s."),
        GAUGE: _("The zero of a gauge lies at %(second)s m, the lowest ground around it in the model at %(first)s."),
    }  # fmt: skip
    named = words if vote.name else words | unnamed
    return named[vote.kind] % {"name": vote.name, "first": first, "second": second}


def _number(value: float) -> str:
    digits = 0 if abs(value) >= 1000 or value == round(value) else 1
    return number_format(round(value, digits), digits, use_l10n=True, force_grouping=True)
