"""Whether everybody may read a station, on all its rows: the wall looks at nothing but the row itself."""

from django.db import transaction

from twin.sensors.models import AlarmStage, DayValue, Observation, Series, Station


def set_visible(station: Station, *, visible: bool) -> None:
    """The station and what there is little of; its observations follow in the worker (spread). Who shows one has asked for its series."""
    station.is_public = visible
    station.save(update_fields=["is_public"])
    Series.objects.filter(station=station).update(is_public=visible)
    for model in (AlarmStage, DayValue):
        model.objects.filter(series__station=station).update(is_public=visible)


def spread(station_id: int) -> None:
    """Observations become as visible as their series; one that was changed meanwhile counts as it is now."""
    for series in Series.objects.filter(station=station_id):
        with transaction.atomic():
            row = Series.objects.select_for_update().filter(pk=series.pk).first()
            if row is not None:
                rows = Observation.objects.filter(series=row, is_public=not row.is_public)
                rows.update(is_public=row.is_public)
