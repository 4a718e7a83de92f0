"""From a gauge to what would stand in the water at its level: the newest flood map of the river that names this gauge."""

from collections.abc import Iterable, Iterator, Mapping

from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from tenants.permissions import Person
from twin.analysis.models import Run
from twin.sensors.models import QuantityKind, Series, Station
from twin.sensors.offers import Offer, offering

USE_CASE = "river-flood"


WORDS = _("What would stand in the water at this level")


@offering
def flooded(station: Station, person: Person) -> Iterator[Offer]:
    """At the step whose level is nearest to the last value; nothing where no such map is there."""
    series = station.series.filter(quantity=QuantityKind.LEVEL, unit="cm", latest_value__isnull=False).first()
    if series is None:
        return
    rows = _maps(Run.objects.visible_to(person)).filter(summary__gauge__iexact=station.name)
    run = rows.order_by("-created_at").only("public_id").first()
    if run is not None:
        yield Offer(WORDS, _path(run, series))


def public_maps(stations: Iterable[Station]) -> Mapping[int, str]:
    """By the number of a station with its series: the path of what everybody may see of it. One query."""
    measured = {station: series for station in stations for series in station.series.all() if _tells(series)}
    names = {station.name.upper() for station in measured}
    rows = _maps(Run.objects.filter(is_public=True, tenant__active=True))
    named = rows.annotate(gauge=Upper(KT("summary__gauge"))).filter(gauge__in=names).order_by("created_at")
    newest = {run.gauge: run for run in named.only("public_id")} if names else {}
    return {station.pk: _path(newest[station.name.upper()], series) for station, series in measured.items() if station.name.upper() in newest}  # fmt: skip


def _maps(rows: QuerySet[Run]) -> QuerySet[Run]:
    return rows.filter(use_case=USE_CASE, finished_at__isnull=False)


def _tells(series: Series) -> bool:
    return series.quantity == QuantityKind.LEVEL and series.unit == "cm" and series.latest_value is not None


def _path(run: Run, series: Series) -> str:
    return f"{run.get_absolute_url()}?wert={series.latest_value:.0f}#map"  # the numbers above it are those of the step that was asked about
