"""Values in the database, alarms by mail, sources that fail."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenants.errors import Refused
from tenants.models import OutboxMessage, Tenant, User
from tenants.permissions import reach
from tenants.roles import Role
from tenants.scope import acting_for, within
from tests.factories.sensors import measured, series_of
from tests.factories.services import Reply, Service
from tests.factories.tenants import TenantFactory, member
from twin.catalogue.refusals import SourceRefused
from twin.sensors import polling, publishing, queries, services, storing, tasks
from twin.sensors.feeds import demo
from twin.sensors.feeds.reading import Value
from twin.sensors.models import AlarmStage, DayValue, FeedKind, Observation, Series, Station, Subscription

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def stored(series: Series) -> list[tuple[float, bool]]:
    with acting_for([series.tenant_id]):
        rows = Observation.objects.filter(series=series).order_by("at")
        return [(row.value, row.is_suspect) for row in rows]


def fresh(series: Series) -> Series:
    with acting_for([series.tenant_id]):
        return Series.objects.get(pk=series.pk)


def mails(tenant: Tenant) -> list[str]:
    with acting_for([tenant.pk]):
        return list(OutboxMessage.objects.order_by("pk").values_list("subject", flat=True))


def test_same_values_again_change_nothing_and_another_word_corrects(tenant: Tenant) -> None:
    series = series_of(tenant)
    first = measured(series, 100, 101, 102, until=NOON)
    assert (first.new, first.corrected) == (3, 0)
    again = measured(series, 100, 101, 102, until=NOON)
    assert (again.new, again.corrected) == (0, 0)
    changed = measured(series, 100, 110, 102, until=NOON)
    assert (changed.new, changed.corrected) == (0, 1)
    assert stored(series) == [(100, False), (110, False), (102, False)]


def test_late_value_that_bears_a_jump_out_makes_it_believed(tenant: Tenant) -> None:
    series = series_of(tenant)
    measured(series, 100, 400, until=NOON)
    assert stored(series)[-1] == (400, True)
    assert fresh(series).latest_value == 100
    measured(series, 405, until=NOON + timedelta(minutes=15))
    assert stored(series) == [(100, False), (400, True), (405, False)]
    assert fresh(series).latest_value == 405


def test_days_are_local_ones_and_leave_doubts_out(tenant: Tenant) -> None:
    series = series_of(tenant)
    midnight = datetime(2026, 11, 29, 23, tzinfo=UTC)  # in Saxony
    measured(series, 100, 110, 900, 112, 114, until=midnight + timedelta(minutes=15))
    with acting_for([tenant.pk]):
        days = [
            (f"{one.day}", one.low, one.high, one.total, one.number)
            for one in DayValue.objects.order_by("day")
        ]
    assert days == [("2026-11-29", 100, 110, 210, 2), ("2026-11-30", 112, 114, 226, 2)]
    assert fresh(series).rise == pytest.approx(14.0)  # in an hour


def test_old_value_beside_a_new_one_costs_nothing_of_what_lies_between(tenant: Tenant) -> None:
    series = series_of(tenant)
    measured(series, *[100.0] * 2000, until=NOON)
    values = [Value(NOON - timedelta(days=1000), 90.0), Value(NOON + timedelta(minutes=5), 101.0)]
    with acting_for([tenant.pk], [tenant.pk]), CaptureQueriesContext(connection) as queries:
        told = storing.store(series, values, now=NOON + timedelta(minutes=5))
    assert told.new == 2
    read = [query["sql"] for query in queries.captured_queries if "BETWEEN" in query["sql"] and "sensors_observation" in query["sql"]]  # fmt: skip
    assert len(read) == 2  # each its own moment
    with acting_for([tenant.pk]):
        assert f"{DayValue.objects.order_by('day').first()}" == "2024-03-05"


def test_gaps_are_counted_up_to_now(tenant: Tenant) -> None:
    series = series_of(tenant)
    measured(series, 100, 101, until=NOON - timedelta(hours=10))
    measured(series, 102, 103, until=NOON - timedelta(hours=3))
    with acting_for([tenant.pk]):
        found = queries.gaps(series, start=NOON - timedelta(days=31), end=NOON)
    assert (found.number, found.longest) == (2, timedelta(hours=6, minutes=45))


def test_long_curves_are_drawn_from_days_and_rain_is_summed(tenant: Tenant) -> None:
    level, rain = series_of(tenant), series_of(tenant, quantity="rain", name="Bauhof")
    for series in (level, rain):
        measured(series, *(float(n % 24) for n in range(24 * 120)), until=NOON, minutes=60)
    long, short = NOON - timedelta(days=1300), NOON - timedelta(days=31)
    with acting_for([tenant.pk]):
        years = queries.curve(level, start=long, end=NOON)
        month = queries.curve(level, start=short, end=NOON)
        daily, monthly = (queries.sums(rain, start=start, end=NOON) for start in (short, long))
    assert {point.at.hour for point in years} == {12}
    assert (len(years), {point.high for point in years}) == (41, {23.0})  # three days to a pixel
    assert len(month) == 640  # pixels
    assert [point.high for point in daily[1:-1]] == [sum(range(24))] * 30
    assert sum(point.high for point in monthly) == 120 * sum(range(24))


# --- alarms


@pytest.fixture
def listener(tenant: Tenant) -> User:
    return member(tenant, Role.COUNTY_ANALYST)


@pytest.fixture
def gauge(tenant: Tenant, listener: User) -> Series:
    series = series_of(tenant, stages=(400.0, 500.0, 600.0, 700.0))
    with within(reach(listener).scope):
        services.subscribe(series.station, actor=listener, wanted=True)
    return series


def test_rising_through_a_stage_is_mailed_once(tenant: Tenant, gauge: Series, listener: User) -> None:
    measured(gauge, 380, 399, until=NOON)
    assert mails(tenant) == []
    for n, value in enumerate((402, 398, 403, 395, 401), start=1):  # swings around the stage
        measured(gauge, value, until=NOON + timedelta(minutes=15 * n))
    assert mails(tenant) == ["Alarmstufe 1 erreicht: Altstadt (Triebisch)"]
    with acting_for([tenant.pk]):
        message = OutboxMessage.objects.get()
    assert message.recipient == listener.email
    assert "402 cm" in message.body
    assert str(gauge.station.public_id) in message.body


def test_two_stages_at_once_are_one_mail_and_falling_is_none(tenant: Tenant, gauge: Series) -> None:
    measured(gauge, 390, 450, 520, 610, 640, until=NOON)
    measured(gauge, 500, 380, until=NOON + timedelta(hours=2))
    assert mails(tenant) == ["Alarmstufe 3 erreicht: Altstadt (Triebisch)"]
    assert fresh(gauge).stage == 0


def test_flood_of_last_week_is_no_news(tenant: Tenant, gauge: Series) -> None:
    with acting_for([tenant.pk], [tenant.pk]):
        rows = [(NOON - timedelta(days=8), 450.0), (NOON - timedelta(days=7), 300.0), (NOON, 280.0)]
        storing.store(gauge, [Value(*row) for row in rows], now=NOON)
    assert mails(tenant) == []
    assert fresh(gauge).stage == 0


def test_who_left_the_town_or_wants_no_more_gets_no_mail(
    tenant: Tenant, gauge: Series, listener: User
) -> None:
    other = member(tenant, Role.PLANNER)
    with within(reach(other).scope):
        services.subscribe(gauge.station, actor=other, wanted=True)
        services.subscribe(gauge.station, actor=other, wanted=False)
    listener.memberships.all().delete()
    measured(gauge, 390, 450, until=NOON)
    assert mails(tenant) == []
    with acting_for([tenant.pk]):
        assert Subscription.objects.count() == 1


def test_each_rise_of_the_last_day_counts_also_after_a_fall(tenant: Tenant, gauge: Series) -> None:
    """A source that was down tells of a fall and of the rise behind it at once; of two rises the higher one is told."""
    measured(gauge, 390, 450, until=NOON)
    measured(gauge, 380, 470, until=NOON + timedelta(hours=2))
    measured(gauge, 380, 520, 380, 450, until=NOON + timedelta(hours=6))
    assert mails(tenant) == [f"Alarmstufe {stage} erreicht: Altstadt (Triebisch)" for stage in (1, 1, 2)]
    assert fresh(gauge).stage == 1


def test_stages_that_are_taken_away_are_no_longer_reached(tenant: Tenant, gauge: Series) -> None:
    """So that the next rise through them is told, once they are back."""
    measured(gauge, 390, 520, until=NOON)
    for stages, stage in (((300.0, 300.0), 0), ((400.0, 500.0), 0)):
        with acting_for([tenant.pk], [tenant.pk]):
            polling.set_stages(gauge, stages)
        assert fresh(gauge).stage == stage
    measured(gauge, 530, until=NOON + timedelta(minutes=15))
    assert mails(tenant) == ["Alarmstufe 2 erreicht: Altstadt (Triebisch)"] * 2


def test_rain_ends_its_alarm(tenant: Tenant, listener: User) -> None:
    rain = series_of(tenant, quantity="rain", name="Bauhof", stages=(5.0, 10.0, 20.0))
    with within(reach(listener).scope):
        services.subscribe(rain.station, actor=listener, wanted=True)
    measured(rain, 0, 12, 3, 0, until=NOON)
    assert fresh(rain).stage == 0
    measured(rain, 7, until=NOON + timedelta(hours=1))
    assert [subject.partition(":")[0] for subject in mails(tenant)] == ["Alarmstufe 2 erreicht", "Alarmstufe 1 erreicht"]  # fmt: skip


def test_doubtful_value_raises_no_alarm(tenant: Tenant, gauge: Series) -> None:
    measured(gauge, 300, 700, 301, until=NOON)
    assert mails(tenant) == []


# --- sources


AFTERWARDS = datetime(2026, 10, 25, 2, 0, tzinfo=UTC)


def registered(tenant: Tenant, feed: str = "pegelonline", **values: Any) -> Station:
    person = member(tenant, Role.PLANNER)
    with within(reach(person).scope):
        return services.register_gauge(
            tenant, feed=feed, number=values.get("number", "501060"), stages_number=values.get("stages_number", ""), actor=person, now=AFTERWARDS
        )  # fmt: skip


def polled(station: Station, now: datetime) -> Station:
    with acting_for([station.tenant_id], [station.tenant_id]):
        row = Station.objects.select_related("tenant").get(pk=station.pk)
        polling.poll(row, now=now)
        return Station.objects.get(pk=station.pk)


def test_registered_gauge_has_its_past_its_zero_and_the_stages_of_the_state(
    tenant: Tenant, federal: Service
) -> None:
    station = registered(tenant, stages_number="501060")
    with acting_for([tenant.pk]):
        level, discharge = Series.objects.filter(station=station).order_by("pk")
        levels = list(AlarmStage.objects.filter(series=level).values_list("level", flat=True))
        assert station.place is not None
    assert (level.latest_value, level.zero, len(level.forecast), discharge.latest_value) == (
        99.0,
        102.682,
        2,
        141.2,
    )
    assert levels == [400.0, 500.0, 600.0, 700.0]
    assert [value for value, _doubt in stored(level)] == [96.0, 97.0, 98.0, 99.0]


def test_placeholder_stages_are_told_of_and_not_used(tenant: Tenant, federal: Service) -> None:
    station = registered(tenant, feed=FeedKind.LFULG, number="501110")
    with acting_for([tenant.pk]):
        level = Series.objects.get(station=station, quantity="W")
        assert (level.placeholder, AlarmStage.objects.count()) == (True, 0)


def test_unknown_number_and_a_second_registration_are_refused(tenant: Tenant, federal: Service) -> None:
    registered(tenant)
    with pytest.raises(SourceRefused, match="kennt keinen Pegel"):
        registered(tenant, number="4711")
    with pytest.raises(Refused, match="bereits angemeldet"):
        registered(tenant)


def test_source_that_is_down_for_days_is_asked_calmly_and_told_once(tenant: Tenant, federal: Service) -> None:
    member(tenant, Role.MUNICIPAL_ADMIN)
    station = registered(tenant)
    answer = federal.answers.pop("/stations/501060.json")
    federal.answers["/stations/501060.json"] = Reply(status=503)
    pauses = [polled(station, AFTERWARDS + timedelta(hours=n)).pause_minutes for n in range(1, 8)]
    assert pauses == [30, 60, 120, 240, 240, 240, 240]
    assert mails(tenant) == ["Die Quelle des Pegels antwortet nicht: DRESDEN (ELBE)"]
    federal.answers["/stations/501060.json"] = answer
    back = polled(station, AFTERWARDS + timedelta(days=3))
    assert (back.failures, back.error, back.failing_since, back.pause_minutes) == (0, "", None, 15)
    assert mails(tenant)[1:] == ["Die Quelle des Pegels antwortet wieder: DRESDEN (ELBE)"]


def test_forecast_that_fails_leaves_levels_and_the_forecast_before(tenant: Tenant, federal: Service) -> None:
    station = registered(tenant)
    federal.answers["/stations/501060/WV/measurements.json"] = Reply(status=503)
    federal.answers["/stations/501060/W/measurements.json"] += [{"timestamp": "2026-10-25T03:15:00+01:00", "value": 101.0}]  # fmt: skip
    assert polled(station, AFTERWARDS + timedelta(minutes=15)).error == ""
    with acting_for([tenant.pk]):
        level = Series.objects.get(quantity="W")
        assert (level.latest_value, len(level.forecast)) == (101.0, 2)


def test_forecast_out_of_bounds_is_not_drawn(tenant: Tenant, federal: Service) -> None:
    federal.answers["/stations/501060/WV/measurements.json"][0]["value"] = -9999
    registered(tenant)
    with acting_for([tenant.pk]):
        assert [value for _at, value, _estimate in Series.objects.get(quantity="W").forecast] == [120.0]


def test_number_for_stages_that_nobody_knows_is_refused(tenant: Tenant, federal: Service) -> None:
    with pytest.raises(polling.NoSuchStages, match="LfULG Sachsen kennt keinen Pegel mit der Nummer 50106"):
        registered(tenant, stages_number="50106")
    station = registered(tenant, stages_number="501060")
    del federal.answers["/query"]["features"][0]  # later it is gone
    assert polled(station, AFTERWARDS + timedelta(minutes=15)).error == ""
    with acting_for([tenant.pk]):
        assert AlarmStage.objects.count() == 4


def test_state_service_that_is_down_leaves_the_stages(tenant: Tenant, federal: Service) -> None:
    station = registered(tenant, stages_number="501060")
    federal.answers["/query"] = Reply(b"<html>", status=500)
    assert polled(station, AFTERWARDS + timedelta(minutes=15)).error == ""
    with acting_for([tenant.pk]):
        assert AlarmStage.objects.count() == 4


@pytest.mark.parametrize("answer", [b"<html></html>", b"", {"a": 1}, [1]])
def test_nonsense_says_why_and_leaves_the_values(tenant: Tenant, federal: Service, answer: Any) -> None:
    station = registered(tenant)
    federal.answers["/stations/501060/W/measurements.json"] = answer
    assert polled(station, AFTERWARDS + timedelta(minutes=15)).error
    with acting_for([tenant.pk]):
        assert Observation.objects.count() == 5


def test_due_ones_are_those_whose_pause_is_over(tenant: Tenant, federal: Service) -> None:
    station = registered(tenant)
    with acting_for([tenant.pk]):
        assert list(polling.due_for_poll(AFTERWARDS + timedelta(minutes=14))) == []
        assert list(polling.due_for_poll(AFTERWARDS + timedelta(minutes=16))) == [station]
        Tenant.objects.filter(pk=tenant.pk).update(active=False)
        assert list(polling.due_for_poll(AFTERWARDS + timedelta(minutes=16))) == []


def test_description_out_of_all_bounds_is_bounded(tenant: Tenant, federal: Service) -> None:
    station = federal.answers["/stations/501060.json"]
    station |= {"longitude": 500.0, "latitude": -1e300, "longname": "x" * 5000, "number": "501060"}
    station["timeseries"][0] |= {"equidistance": 10**12, "gaugeZero": "?"}
    found = registered(tenant)
    with acting_for([tenant.pk]):
        level = Series.objects.get(quantity="W")
    assert (found.place, len(found.name), level.minutes, level.zero) == (None, 200, 1440, None)


@pytest.mark.django_db(transaction=True)
def test_worker_polls_what_is_due_without_a_network(settings: LazySettings) -> None:
    settings.DEMO = True
    tenant = TenantFactory.create()
    earlier = timezone.now() - timedelta(hours=2)
    person = member(tenant, Role.PLANNER)
    with within(reach(person).scope):
        station = services.register_gauge(tenant, feed="demo", number="demo", actor=person, now=earlier)
    tasks.poll_station(tenant_id=tenant.pk, station_id=station.pk)
    with acting_for([tenant.pk]):
        level = Series.objects.get()
        assert level.latest_at is not None
        assert timezone.now() - level.latest_at < timedelta(minutes=15)
        assert Station.objects.get().error == ""
        assert Observation.objects.count() >= 31 * 96 + 7


# --- two at once


def apart(tenant: Tenant, work: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """Something done on another connection, under way; what came of it."""
    found: list[Any] = []

    def run() -> None:
        try:
            with acting_for([tenant.pk], [tenant.pk]):
                found.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, found


@pytest.mark.django_db(transaction=True)
def test_storing_keeps_nobody_in_the_town_from_writing() -> None:
    """All that a town writes points to its row."""
    tenant = TenantFactory.create()
    series, other = series_of(tenant), series_of(tenant, name="Neustadt")
    with acting_for([tenant.pk], [tenant.pk]):
        storing.store(series, [Value(NOON, 100.0)], now=NOON)
        polling._conclude(series.station, "", now=NOON)
        thread, done = apart(tenant, lambda: storing.store(other, [Value(NOON, 5.0)], now=NOON).new)
        thread.join(10)
        assert done == [1]
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_value_that_comes_while_its_station_is_removed_leaves_nothing() -> None:
    """First the value, and who removes waits for it; then the value waits, and finds no series."""
    tenant = TenantFactory.create()
    series, other = series_of(tenant), series_of(tenant, name="Neustadt")
    planner = member(tenant, Role.PLANNER)
    planner.reach = reach(planner)
    late = Value(NOON, 5.0)
    with within(planner.reach.scope):
        storing.store(series, [late], now=NOON)
        removing, _done = apart(tenant, lambda: services.remove_station(series.station, actor=planner))
        removing.join(0.5)
        assert removing.is_alive()
    removing.join()
    with within(planner.reach.scope):
        services.remove_station(other.station, actor=planner)
        sending, told = apart(tenant, lambda: storing.store(other, [late], now=NOON))
        sending.join(0.5)
        assert sending.is_alive()
    sending.join()
    assert told == [storing.Stored()]
    with acting_for([tenant.pk]):
        assert not Observation.objects.exists()
        polling.take(other.station, demo.read("demo", since={}, now=NOON), stages=(), now=NOON)
        assert not Series.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_message_that_got_lost_is_made_up_for_at_night() -> None:
    tenant = TenantFactory.create()
    series = series_of(tenant, public=True)
    measured(series, 100, 101, until=NOON)
    with acting_for([tenant.pk], [tenant.pk]):
        publishing.set_visible(series.station, visible=False)  # and no worker hears of it
    tasks.spread_all()
    with acting_for([]):
        assert not Observation.objects.exists()
