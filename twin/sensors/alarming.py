"""The alarm stage that water has reached, and mails to who asked for them when it rises."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tenants import outbox
from twin.sensors.checking import stage_after
from twin.sensors.feeds.reading import Value
from twin.sensors.models import AlarmStage, Series, Subscription

NEWS = timedelta(
    hours=24
)  # what rose longer ago is no news: a source that was down, the first 31 days of a new gauge


def judge(series: Series, values: Sequence[Value], *, now: datetime) -> None:
    """Follow the stage through new believed values, by time. The series is locked by the caller, so each rise is told once.

    What comes in late for a time that is judged already changes nothing.
    """
    levels = list(AlarmStage.objects.filter(series=series).order_by("number").values_list("level", flat=True))
    if not levels:
        return
    risen: tuple[int, Value] | None = None  # the highest stage, and when it was reached last
    for one in values:
        if series.judged_until is not None and one.at <= series.judged_until:
            continue
        before = series.stage
        series.stage, series.judged_until = stage_after(before, one.value, levels), one.at
        if series.stage > before and one.at >= now - NEWS and (risen is None or series.stage >= risen[0]):
            risen = series.stage, one
    series.save(update_fields=["stage", "judged_until"])
    if risen is not None:
        stage, value = risen
        _tell(series, value, stage=stage, level=levels[stage - 1])


def _tell(series: Series, value: Value, *, stage: int, level: float) -> None:
    station = series.station
    with translation.override(settings.LANGUAGE_CODE):  # nobody knows the recipients'
        subject = _("Alarm stage %(stage)s reached: %(station)s") % {"stage": stage, "station": station}
        words = {
            "station": station,
            "value": number_format(value.value, decimal_pos=1 if value.value % 1 else 0),
            "unit": series.unit,
            "at": date_format(localtime(value.at), "SHORT_DATETIME_FORMAT"),
            "stage": stage,
            "level": number_format(level, decimal_pos=1 if level % 1 else 0),
        }
        body = _(
            "%(station)s: %(value)s %(unit)s on %(at)s. Alarm stage %(stage)s (from %(level)s %(unit)s) is reached.\n\n"
            "These are raw values as they were measured, unchecked. What counts are the warnings of the flood centre of the State."
        ) % words  # fmt: skip
    text = f"{body}\n\n{settings.BASE_URL}{station.get_absolute_url()}"
    rows = Subscription.objects.filter(station=station, user__is_active=True, user__memberships__tenant=station.tenant_id)  # fmt: skip
    for row in rows.select_related("user").distinct():
        key = f"gauge:{series.pk}:{stage}:{value.at.isoformat()}:{row.user_id}"
        outbox.post(series.tenant, key=key, recipient=row.user.email, subject=subject, body=text)
