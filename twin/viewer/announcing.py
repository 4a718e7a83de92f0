"""From a gauge to what would stand in the water at its level: the newest flood map of the river that names this gauge."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from tenants.permissions import Person
from twin.analysis.models import Run
from twin.sensors.models import QuantityKind, Station
from twin.sensors.offers import Offer, offering

USE_CASE = "river-flood"


@offering
def flooded(station: Station, person: Person) -> Iterator[Offer]:
    """At the step whose level is nearest to the last value; nothing where no such map is there."""
    series = station.series.filter(quantity=QuantityKind.LEVEL, unit="cm", latest_value__isnull=False).first()
    if series is None:
        return
    rows = Run.objects.visible_to(person).filter(use_case=USE_CASE, finished_at__isnull=False)
    run = rows.filter(summary__gauge__iexact=station.name).order_by("-created_at").only("public_id").first()
    if run is not None:
        path = f"{run.get_absolute_url()}?wert={series.latest_value:.0f}"
        yield Offer(_("What would stand in the water at this level"), path)
