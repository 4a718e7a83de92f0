"""A river in words: why its levels can't be used, what a step is called."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from twin.usecases.river_flood.profile import BadProfile, meaning
from twin.usecases.river_flood.scenarios import Gauge, Stand

LISTED = 12  # names
WRONG: dict[str, Promise] = {
    "empty": gettext_lazy("The water levels hold no row with a station, a class and a level that are numbers."),
    "many": gettext_lazy("The water levels have %(count)s classes, %(most)s are allowed."),
    "rows": gettext_lazy("The dataset “%(title)s” has more than %(most)s rows."),
    "column": gettext_lazy("There is no column “%(name)s”. There are: %(names)s."),
    "no_station": gettext_lazy("No column is recognised that holds stations in km. Say which of these it is: %(names)s."),
    "no_level": gettext_lazy("No columns are recognised that hold classes of discharge and levels. Say which of these they are: %(names)s."),
    "no_curve": gettext_lazy("The discharges by level need columns with cm and m³/s (w_cm, q_m3_s). There are: %(names)s."),
    "no_gauge": gettext_lazy("The discharges by level have no gauge “%(gauge)s”. There are: %(names)s."),
    "curve": gettext_lazy("The discharges must rise with the level at the gauge."),
    "twice": gettext_lazy("%(name)s has two levels at km %(station)s: %(first)s m and %(second)s m."),
    "short": gettext_lazy("The classes of discharge have no common stretch of the river."),
    "crossing": gettext_lazy("At km %(station)s %(upper)s lies %(by)s m below %(lower)s. A greater discharge must stand higher."),
    "order": gettext_lazy("%(upper)s stands higher than %(lower)s. Are classes and levels in their columns?"),
    "uphill": gettext_lazy("%(name)s rises by %(by)s m downstream up to km %(station)s: water does not flow uphill. Are station and level in their columns?"),
    "station": gettext_lazy("The gauge lies at km %(station)s; the water levels reach from km %(first)s to km %(last)s."),
    "beyond": gettext_lazy("At the gauge the water levels reach from %(lowest)s m (%(first)s) to %(highest)s m (%(last)s); asked is %(level)s m above sea level. Nothing is extrapolated beyond that."),
    "stages": gettext_lazy(
        "At the gauge the water levels reach from %(lowest)s cm (%(first)s) to %(highest)s cm (%(last)s); asked are %(stage)s cm. Nothing is extrapolated beyond that."
    ),
    "rating": gettext_lazy("The discharges by level reach from %(least)s to %(most)s m³/s; asked are %(discharge)s m³/s. Nothing is extrapolated beyond that."),
    "no_discharge": gettext_lazy("The water levels state no discharges. Choose the discharges by level of the gauge."),
    "class": gettext_lazy("There is no class “%(name)s”. There are: %(names)s."),
    "zero": gettext_lazy("Say the zero of the gauge and its station."),
    "no_axis": gettext_lazy("The water levels have no place. Choose the axis of the river: points with their station in km."),
    "axis": gettext_lazy("The axis of the river needs points with stations in km, at least two of them where there are water levels."),
    "away": gettext_lazy("The river does not lie in the area that is computed: none of its points with water levels does."),
    "unit": gettext_lazy("The water levels (about %(level)s m) don't fit the ground at the river (about %(ground)s m). They must be metres above sea level, no centimetres and no readings of a gauge."),
    "crest": gettext_lazy("The levees have no column with the height of the crest in metres above sea level (krone, crest). Say how high they stand above the ground."),
    "crestless": gettext_lazy("A levee has no height of its crest. Say how high such levees stand above the ground."),
    "crests": gettext_lazy("A levee has its crest at %(crest)s m; the water levels lie from %(lowest)s to %(highest)s m. It must be metres above sea level."),
    "levees": gettext_lazy("No levee lies in the area that is computed."),
    "official": gettext_lazy("No official flood area lies in the area that is computed."),
}  # fmt: skip


def said(error: BadProfile) -> str:
    return str(WRONG[error.code]) % {name: _told(value) for name, value in error.facts.items()}


def _told(value: Any) -> str:
    if isinstance(value, float):
        return number_format(f"{value:.2f}".rstrip("0").rstrip("."))
    if isinstance(value, list | tuple):
        more = ", …" if len(value) > LISTED else ""
        return ", ".join(map(str, value[:LISTED])) + more
    return str(value)


def title(stand: Stand) -> str:
    """Its class; else what was asked for."""
    if stand.name:
        return stand.name
    return (
        f"{number_format(stand.stage, 0)} cm"
        if stand.stage is not None
        else _discharge(stand.discharge or 0.0)
    )


def words(stand: Stand, gauge: Gauge | None) -> str:
    """What the gauge shows, the discharge, how often it is to be expected."""
    found = []
    if stand.stage is not None and gauge is not None:
        facts = {"stage": number_format(stand.stage, 0), "gauge": gauge.name}
        found.append((_("%(stage)s cm at the gauge %(gauge)s") % facts).strip())
    if stand.discharge is not None:
        found.append(_discharge(stand.discharge))
    if stand.name:
        found.append(often(stand.name))
    return ", ".join(filter(None, found))


def _discharge(value: float) -> str:
    return f"{number_format(round(value), 0, force_grouping=True)} m³/s"


def often(name: str) -> str:
    """How often a class of discharge is to be expected, or what mean it is; empty where its name does not say."""
    kind, value = meaning(name)
    if not kind:
        return ""
    if kind == "years":
        return ngettext("once in %(years)s year on average", "once in %(years)s years on average", round(value)) % {"years": round(value)}  # fmt: skip
    return MEANS[kind](value)


def _times(words: Promise) -> Callable[[float], str]:
    return lambda value: str(words) if value == 1 else _("%(times)s times %(words)s") % {"times": _told(value), "words": words}  # fmt: skip


MEANS: Mapping[str, Callable[[float], str]] = {
    "MNQ": _times(gettext_lazy("mean low discharge")),
    "MQ": _times(gettext_lazy("mean discharge")),
    "MHQ": _times(gettext_lazy("mean flood discharge")),
}
