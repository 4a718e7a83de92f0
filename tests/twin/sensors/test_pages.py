"""Pages of gauges: who sees and does what; sensors that send."""

import hashlib
import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tenants.models import AuditEvent, Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.sensors import measured, series_of
from tests.factories.services import Service
from tests.factories.tenants import TenantFactory, member
from twin.sensors import polling, publishing, views
from twin.sensors.feeds.moments import LOCAL
from twin.sensors.forms import StationForm
from twin.sensors.models import AlarmStage, Observation, SensorToken, Series, Station, Subscription

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
STAFF = ("settings", "add_series", "tokens", "remove")
ACTS = ("poll", "open", "subscribe")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def planner(tenant: Tenant) -> Client:
    return signed_in(member(tenant, Role.PLANNER))


@pytest.fixture
def now() -> datetime:
    return timezone.now().replace(second=0, microsecond=0)


@pytest.fixture
def gauge(tenant: Tenant, now: datetime) -> Series:
    series = series_of(tenant, public=True, stages=(110.0, 500.0), zero=90.0, datum="m ü. NHN")
    measured(series, 100, 104, 108, 900, 112, until=now)
    return series


def url(name: str, series: Series, *further: Any) -> str:
    return reverse(f"sensors:{name}", args=[series.station.public_id, *further])


def test_everybody_sees_level_trend_stage_and_doubts(client: Client, gauge: Series, tenant: Tenant) -> None:
    page = client.get(url("station", gauge)).content.decode()
    for words in ("112 cm, steigend", "91,12 m ü. NHN", "Alarmstufe 1", "1: 110 cm · 2: 500 cm", "1 Wert, der springt", "<polyline"):  # fmt: skip
        assert words in page, words
    assert "Einstellungen" not in page
    listed = client.get(reverse("sensors:stations")).content.decode()
    assert "Wasserstand: 112 cm" in listed
    assert str(tenant) in listed


def test_internal_station_is_nowhere_for_others(client: Client, tenant: Tenant, planner: Client) -> None:
    series = series_of(tenant, name="Geheim")
    stranger = signed_in(member(TenantFactory.create(), Role.PLANNER))
    for other in (client, stranger):
        assert "Geheim" not in other.get(reverse("sensors:stations")).content.decode()
        assert other.get(url("station", series)).status_code == 404
        assert other.get(url("values", series, "W")).status_code == 404
    assert "Geheim" in planner.get(reverse("sensors:stations")).content.decode()
    assert planner.get(url("station", series)).status_code == 200


def test_towns_that_left_are_not_listed_and_many_gauges_are_on_pages(client: Client, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(views, "PER_PAGE", 2)
    for name in "ABC":
        series_of(tenant, name=f"Pegel {name}", public=True)
    series_of(TenantFactory.create(active=False), name="Fort", public=True)
    first, last = (
        client.get(reverse("sensors:stations"), {"page": number}).content.decode() for number in (1, 2)
    )
    assert [f"Pegel {name}" in first for name in "ABC"] == [True, True, False]
    assert ("Pegel C" in last, "Fort" in first + last, "Seite 2 von 2" in last) == (True, False, True)


def test_own_sensor_is_not_asked(planner: Client, gauge: Series) -> None:
    assert planner.post(url("poll", gauge)).status_code == 404


def test_list_costs_the_same_for_one_and_three(client: Client, tenant: Tenant) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("sensors:stations")).status_code == 200
        return len(queries)

    series_of(tenant, public=True, name="A")
    client.get(reverse("sensors:stations"))
    one = cost()
    for name in "BC":
        series_of(tenant, public=True, name=name)
    assert cost() == one


def test_values_as_table_say_what_is_in_doubt(client: Client, gauge: Series, now: datetime) -> None:
    lines = client.get(url("values", gauge, "W")).content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Zeitpunkt (UTC);Wasserstand (cm);Zweifelhaft"
    moments = [f"{now - timedelta(minutes=15 * n):%Y-%m-%dT%H:%M:00Z}" for n in range(4, -1, -1)]
    assert lines[1:] == [f"{at};{value};{doubt}" for at, value, doubt in zip(moments, (100.0, 104.0, 108.0, 900.0, 112.0), ("", "", "", "ja", ""), strict=True)]  # fmt: skip
    days = (
        client.get(url("values", gauge, "W"), {"zeitraum": "alle"}).content.decode("utf-8-sig").splitlines()
    )
    assert days[0] == "Tag;Niedrigster;Höchster;Summe;Werte"


@pytest.mark.parametrize("span", ["31", "365", "alle"])
def test_spans_are_drawn(client: Client, gauge: Series, span: str) -> None:
    assert "<polyline" in client.get(url("station", gauge), {"zeitraum": span}).content.decode()


@pytest.mark.parametrize(("span", "each"), [("31", "%Y-%m-%d"), ("365", "%Y-%m")])
def test_rain_is_bars_within_their_frame(client: Client, tenant: Tenant, now: datetime, span: str, each: str) -> None:  # fmt: skip
    """Days, months: however few have rain, a bar is as wide as its time; the axis is written as people here write numbers."""
    rain = series_of(tenant, quantity="rain", public=True)
    moments = [now - timedelta(days=9), now - timedelta(days=1), now]
    for at in moments:
        measured(rain, 0.7, until=at)
    page = client.get(url("station", rain), {"zeitraum": span}).content.decode()
    found = re.findall(r'<rect class="kz-chart__bar" x="(\d+)" y="\d+" width="(\d+)"', page)
    assert len(found) == len({f"{at.astimezone(LOCAL):{each}}" for at in moments})
    assert all(60 <= int(x) and int(x) + int(width) <= 708 and int(width) < 60 for x, width in found)
    assert re.search(r">0,\d</text>", page)


def test_nonsense_in_the_address_is_not_found(client: Client, gauge: Series) -> None:
    assert client.get(url("station", gauge), {"zeitraum": "1'"}).status_code == 404
    assert client.get(url("values", gauge, "rain")).status_code == 404
    assert client.get(reverse("sensors:stations"), {"ort": "nirgends"}).status_code == 404


@pytest.mark.parametrize("name", [*STAFF, *ACTS])
def test_only_who_may_changes_a_station(gauge: Series, tenant: Tenant, name: str) -> None:
    address = url(name, gauge)
    stranger = signed_in(member(TenantFactory.create(), Role.PLANNER))
    colleague = signed_in(member(tenant, Role.COUNTY_ANALYST))
    assert stranger.post(address).status_code == (403 if name == "subscribe" else 404)
    assert Client().post(address).status_code == 302
    assert colleague.post(address).status_code == (302 if name == "subscribe" else 403)


def test_gauge_is_registered_by_source_and_number(planner: Client, tenant: Tenant, federal: Service) -> None:
    form = {"feed": "pegelonline", "number": "501060", "stages_number": "501060"}
    done = planner.post(reverse("sensors:register_gauge"), form)
    with acting_for([tenant.pk]):
        station = Station.objects.get()
        assert (station.name, station.water, station.is_public) == ("DRESDEN", "ELBE", False)
        assert AuditEvent.objects.filter(action="register_gauge").exists()
        assert AlarmStage.objects.count() == 4
    assert done.headers["Location"] == station.get_absolute_url()
    assert "bereits angemeldet" in planner.post(reverse("sensors:register_gauge"), form).content.decode()


def test_alarm_stages_are_read_from_another_number_later(planner: Client, tenant: Tenant, federal: Service) -> None:  # fmt: skip
    planner.post(reverse("sensors:register_gauge"), {"feed": "pegelonline", "number": "501060"})
    with acting_for([tenant.pk]):
        station = Station.objects.select_related("tenant").get()
    form = {"name": "Dresden", "water": "Elbe", "stages_number": "50106", "active": "on"}
    refused = planner.post(f"{station.get_absolute_url()}einstellungen/", form).context["form"].errors
    assert list(refused) == ["stages_number"]
    form["stages_number"] = "501060"
    assert planner.post(f"{station.get_absolute_url()}einstellungen/", form).status_code == 302
    with acting_for([tenant.pk], [tenant.pk]):
        station.refresh_from_db()
        polling.poll(station, now=timezone.now())
        assert AlarmStage.objects.count() == 4


@pytest.mark.parametrize("form", [{"feed": "pegelonline", "number": ""}, {"feed": "demo", "number": "demo"}, {"feed": "own", "number": "1"}, {"feed": "pegelonline", "number": "4711"}, {"feed": "lfulg", "number": "501060", "stages_number": "1"}])  # fmt: skip
def test_what_is_no_gauge_is_refused(planner: Client, tenant: Tenant, federal: Service, form: dict[str, str]) -> None:  # fmt: skip
    assert planner.post(reverse("sensors:register_gauge"), form).status_code == 400
    with acting_for([tenant.pk]):
        assert not Station.objects.exists()


def test_own_network_is_not_looked_into(planner: Client, federal: Service, settings: Any) -> None:
    settings.TRUSTED_HOSTS = []
    page = planner.post(reverse("sensors:register_gauge"), {"feed": "pegelonline", "number": "501060"})
    assert "KZ_TRUSTED_HOSTS" in page.content.decode()
    assert federal.asked == []


def test_visibility_reaches_every_value(
    client: Client, planner: Client, tenant: Tenant, gauge: Series
) -> None:
    planner.post(url("open", gauge), {"public": "0"})
    assert client.get(url("station", gauge)).status_code == 404
    with acting_for([tenant.pk], [tenant.pk]):
        publishing.spread(gauge.station_id)
        assert not Observation.objects.filter(is_public=True).exists()
        assert not AlarmStage.objects.filter(is_public=True).exists()
    planner.post(url("open", gauge), {"public": "1"})
    with acting_for([tenant.pk], [tenant.pk]):
        publishing.spread(gauge.station_id)
    with acting_for([]):
        assert Observation.objects.count() == 5


def test_who_wants_alarms_says_so(planner: Client, tenant: Tenant, gauge: Series) -> None:
    assert "Alarme per E-Mail" in planner.get(url("station", gauge)).content.decode()
    rain = series_of(tenant, quantity="rain", name="Bauhof")
    assert "Alarme per E-Mail" not in planner.get(url("station", rain)).content.decode()
    for wanted, number in (("1", 1), ("1", 1), ("0", 0)):
        planner.post(url("subscribe", gauge), {"wanted": wanted})
        with acting_for([tenant.pk]):
            assert Subscription.objects.count() == number


def test_settings_are_changed_and_the_station_removed(planner: Client, tenant: Tenant, gauge: Series) -> None:
    page = planner.get(url("settings", gauge)).content.decode()
    assert "51,15" in page  # where it stands, as people here write numbers
    planner.post(
        url("settings", gauge), {"name": "Neu", "water": "", "latitude": "51,2", "longitude": "13,5"}
    )
    with acting_for([tenant.pk]):
        station = Station.objects.get()
        assert (station.name, station.active) == ("Neu", True)  # nobody asks an own sensor
        assert StationForm.values_of(station)["latitude"] == pytest.approx(51.2)
    planner.post(url("remove", gauge))
    with acting_for([tenant.pk]):
        assert not Station.objects.exists()
        assert not Observation.objects.exists()


SENSOR = {"name": "Bach", "water": "Triebisch", "latitude": "51,15", "longitude": "13,47", "quantity": "W", "field": "distance.mm", "factor": "-0,1", "shift": "250", "minutes": "10", "stages": "80; 120"}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [("latitude", "13,47"), ("longitude", ""), ("factor", "0"), ("factor", "nan"), ("stages", "120; 80"), ("stages", "viel"), ("stages", "1;2;3;4;5"), ("stages", "0"), ("quantity", "x"), ("minutes", "0"), ("name", "")],
)  # fmt: skip
def test_sensor_that_makes_no_sense_is_refused(
    planner: Client, tenant: Tenant, field: str, value: str
) -> None:
    page = planner.post(reverse("sensors:add_sensor"), {**SENSOR, field: value})
    assert list(page.context["form"].errors) == [field]
    with acting_for([tenant.pk]):
        assert not Station.objects.exists()


def test_how_a_sensor_is_read_is_changed(planner: Client, tenant: Tenant, federal: Service) -> None:
    planner.post(reverse("sensors:add_sensor"), SENSOR)
    with acting_for([tenant.pk]):
        series = Series.objects.select_related("station").get()
    address = url("change_series", series, series.pk)
    page = planner.get(address).content.decode()
    for shown in ('value="-0,1"', 'value="80; 120"', 'value="distance.mm"'):
        assert shown in page, shown
    changed = {"field": "mm", "factor": "0,1", "shift": "-5,5", "minutes": "5", "stages": "100"}
    assert planner.post(address, changed).headers["Location"] == url("station", series)
    with acting_for([tenant.pk]):
        series = Series.objects.get()
        assert (series.field, series.factor, series.shift, series.minutes) == ("mm", 0.1, -5.5, 5)
        assert list(AlarmStage.objects.values_list("level", flat=True)) == [100.0]
    assert signed_in(member(TenantFactory.create(), Role.PLANNER)).get(address).status_code == 404
    registered = planner.post(reverse("sensors:register_gauge"), {"feed": "pegelonline", "number": "501060"})
    with acting_for([tenant.pk]):
        other = Series.objects.select_related("station").filter(station__feed="pegelonline").first()
    assert other is not None
    assert registered.headers["Location"] == other.station.get_absolute_url()
    assert planner.get(url("change_series", other, other.pk)).status_code == 404  # its source says how


# --- sensors that send


@pytest.fixture
def secret(planner: Client, tenant: Tenant) -> str:
    done = planner.post(reverse("sensors:add_sensor"), SENSOR)
    page = planner.post(done.headers["Location"], {"name": "Netz"}).content.decode()
    found = page.partition("<code data-token>")[2].partition("<")[0]
    with acting_for([tenant.pk]):
        assert SensorToken.objects.get().token_hash == hashlib.sha256(found.encode()).hexdigest()
        assert found not in str(list(AuditEvent.objects.values()))
    assert found not in planner.get(done.headers["Location"]).content.decode()  # shown once
    return found


def sent(secret: str, document: Any) -> Any:
    body = document if isinstance(document, bytes) else json.dumps(document)
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return Client().post(reverse("sensors:push"), body, content_type="application/json", headers=headers)  # fmt: skip


def uplink(at: datetime, millimetres: Any) -> dict[str, Any]:
    return {"uplink_message": {"received_at": at.isoformat(), "decoded_payload": {"distance": {"mm": millimetres}, "battery": 3.6}}}  # fmt: skip


def test_sensor_sends_and_what_it_sends_is_converted(secret: str, tenant: Tenant, now: datetime) -> None:
    for _ in range(2):  # networks deliver twice
        answer = sent(secret, uplink(now, 1400))
    assert json.loads(answer.content) == {"new": 0, "corrected": 0, "refused": 0, "suspect": 0, "unread": ["battery"]}  # fmt: skip
    with acting_for([tenant.pk]):
        assert [row.value for row in Observation.objects.all()] == [110.0]
        series = Series.objects.get()
        assert (series.stage, series.latest_at) == (1, now)
        assert SensorToken.objects.get().last_used_at is not None


@pytest.mark.parametrize("value", ["NaN", None, -99999, True])
def test_value_that_is_none_is_refused_and_nothing_breaks(secret: str, tenant: Tenant, now: datetime, value: Any) -> None:  # fmt: skip
    answer = json.loads(sent(secret, uplink(now, value)).content)
    assert (answer["new"], answer["refused"]) == (0, 1)
    late = json.loads(sent(secret, uplink(now + timedelta(days=1), 1400)).content)
    assert (late["new"], late["refused"]) == (0, 1)


def test_malformed_uplink_says_why(secret: str) -> None:
    answer = sent(secret, b"{")
    assert (answer.status_code, json.loads(answer.content)["detail"]) == (400, "Das ist kein JSON-Dokument.")
    assert sent(secret, b"x" * 70_000).status_code == 413


def test_stranger_learns_nothing(secret: str, planner: Client, tenant: Tenant, now: datetime) -> None:
    number = secret.split("_")[1]
    wrong = ("", "x", "kzs_", f"kzs_{number}_", f"kzs_{number}_x", "kzs_99999999_x", "kzs_²_x", secret[:-1], f"kzs_{tenant.pk + 1}_{secret.split('_', 2)[2]}")  # fmt: skip
    answers = {(answer.status_code, answer.content) for answer in (sent(each, body) for each in wrong for body in (b"{", uplink(now, 1)))}  # fmt: skip
    assert len(answers) == 1
    assert next(iter(answers))[0] == 401
    assert Client().get(reverse("sensors:push")).status_code == 405
    with acting_for([tenant.pk]):
        token = SensorToken.objects.get()
        address = reverse("sensors:revoke_token", args=[token.station.public_id, token.pk])
    assert signed_in(member(TenantFactory.create(), Role.PLANNER)).post(address).status_code == 404
    assert planner.post(address).status_code == 302
    assert (sent(secret, uplink(now, 1400)).status_code, sent(secret, uplink(now, 1400)).content) == next(iter(answers))  # fmt: skip
