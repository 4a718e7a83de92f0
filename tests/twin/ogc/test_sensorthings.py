"""SensorThings 1.1 over gauges: what it finds, what it refuses, and who sees what."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pyproj import Transformer

from tenants.models import Tenant
from tenants.scope import acting_for
from tests.factories.sensors import measured, series_of
from tests.factories.tenants import TenantFactory
from twin.catalogue.capabilities import sensorthings
from twin.ogc.sta import writing
from twin.sensors import publishing
from twin.sensors.models import Observation, Series

pytestmark = pytest.mark.django_db
ROOT = "/ogc/sensorthings/v1.1"
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create()
    return found


@pytest.fixture
def gauge(tenant: Tenant) -> Series:
    series = series_of(tenant, public=True, zero=90.0, datum="m ü. NHN")
    measured(series, 100, 104, 108, 112, 900, until=NOON)
    return series


def get(path: str, **options: Any) -> Any:
    answer = Client().get(f"{ROOT}{path}", {f"${name}": value for name, value in options.items()})
    assert answer.status_code == 200, answer.content
    return answer.json()


def refused(path: str, status: int = 400, **options: Any) -> str:
    answer = Client().get(f"{ROOT}{path}", {f"${name}": value for name, value in options.items()})
    assert answer.status_code == status, answer.content
    return str(answer.json()["detail"])


def test_root_names_its_sets_and_our_own_harvest_knows_it() -> None:
    root = get("/")
    assert {row["name"] for row in root["value"]} == {"Things", "Locations", "Datastreams", "Sensors", "ObservedProperties", "Observations", "FeaturesOfInterest"}  # fmt: skip
    assert not any("historical" in one or "filter" in one for one in root["serverSettings"]["conformance"])
    assert sensorthings.fits(root)


def test_thing_leads_to_its_values(gauge: Series) -> None:
    (thing,) = get("/Things")["value"]
    station = gauge.station
    assert (thing["@iot.id"], thing["name"], thing["properties"]["water"]) == (
        station.pk,
        "Altstadt",
        "Triebisch",
    )
    assert thing["@iot.selfLink"] == f"http://testserver{ROOT}/Things({station.pk})"
    (stream,) = Client().get(thing["Datastreams@iot.navigationLink"]).json()["value"]
    assert (stream["unitOfMeasurement"]["symbol"], stream["properties"]["gaugeZero"]) == ("cm", 90.0)
    values = Client().get(stream["Observations@iot.navigationLink"]).json()["value"]
    assert [(one["phenomenonTime"], one["result"], one.get("resultQuality")) for one in values][-2:] == [
        ("2026-11-30T11:45:00Z", 112.0, None),
        ("2026-11-30T12:00:00Z", 900.0, "suspect"),
    ]
    assert get(f"/Things({station.pk})/Locations")["value"][0]["location"]["coordinates"] == pytest.approx(Transformer.from_crs(25833, 4326, always_xy=True).transform(385_000, 5_668_000), abs=1e-6)  # fmt: skip
    assert get(f"/Datastreams({gauge.pk})/ObservedProperty")["@iot.id"] == "W"
    assert get(f"/Observations({values[0]['@iot.id']})/FeatureOfInterest")["@iot.id"] == station.pk
    assert get(f"/Things({station.pk})/name") == {"name": "Altstadt"}
    assert Client().get(f"{ROOT}/Things({station.pk})/name/$value").content == b"Altstadt"


def test_pages_follow_each_other(gauge: Series) -> None:
    page = get(f"/Datastreams({gauge.pk})/Observations", top=2, count="true", orderby="phenomenonTime desc")
    found = [one["result"] for one in page["value"]]
    assert page["@iot.count"] == 5
    while "@iot.nextLink" in page:
        page = Client().get(page["@iot.nextLink"]).json()
        found += [one["result"] for one in page["value"]]
    assert found == [900.0, 112.0, 108.0, 104.0, 100.0]
    assert get("/Observations", top=0, count="true") == {"@iot.count": 5, "value": []}


@pytest.mark.parametrize(
    ("filter_", "found"),
    [
        ("result gt 104", [108, 112, 900]),
        ("104 lt result and not (result ge 900)", [108, 112]),
        (
            "phenomenonTime ge 2026-11-30T11:30:00Z and phenomenonTime lt 2026-11-30T13:00:00+01:00",
            [108, 112],
        ),
        ("result eq 100 or result eq 9e2", [100, 900]),
        ("result ne 100 and result lt 110", [104, 108]),
        ("resultTime lt 2026-11-30T11:05:00", [100]),
        ("Datastream/id eq 0", []),
        ("id eq 99999999999999999", []),
        ("result lt 1e999 and result gt -1e999", [100, 104, 108, 112, 900]),
    ],
)
def test_values_are_filtered(gauge: Series, filter_: str, found: list[float]) -> None:
    assert [one["result"] for one in get("/Observations", filter=filter_)["value"]] == found


def test_things_are_filtered_by_name(gauge: Series) -> None:
    assert len(get("/Things", filter="name eq 'Altstadt'")["value"]) == 1
    assert get("/Things", filter="name eq 'O''Brien; DROP'")["value"] == []
    assert len(get("/Datastreams", filter="Thing/name eq 'Altstadt' and ObservedProperty/id eq 'W'")["value"]) == 1  # fmt: skip


@pytest.mark.parametrize(
    "filter_",
    ["result", "result gt", "result gt '5'", "result gt phenomenonTime", "5 gt 5", "value gt 5", "startswith(name,'A')", "result gt 5 or", "(result gt 5", "result gt 5)", "result > 5", "result gt 5;--", "result like 5", "phenomenonTime gt 2026-13-45T99:00:00Z", "not " * 50 + "result gt 5", "(" * 60 + "result gt 5" + ")" * 60, " or ".join(["result gt 5"] * 90), "x" * 3000, "id eq 1.5", "name eq '\0'"],
)  # fmt: skip
def test_hostile_filter_is_refused_with_words(gauge: Series, filter_: str) -> None:
    assert refused("/Observations", filter=filter_).startswith("$filter: ")


@pytest.mark.parametrize(
    "options",
    [
        {"top": "-1"}, {"top": "1e9"}, {"skip": "x"}, {"count": "yes"}, {"orderby": "result"}, {"orderby": "id sideways"}, {"select": "secret"},
        {"expand": "Things"}, {"expand": "Datastream("}, {"expand": "Datastream/Observations/Datastream/Observations/Datastream"}, {"expand": "Datastream($format=x)"}, {"compute": "1"},
    ],
)  # fmt: skip
def test_options_that_are_none_are_refused(gauge: Series, options: dict[str, str]) -> None:
    assert refused("/Observations", 400, **options)


@pytest.mark.parametrize("path", ["/Nothing", "/Things(0)", "/Things(x)", "/Things('1')", "/Things/Datastreams", "/HistoricalLocations", "/Things(99999999999999999999)", "/ObservedProperties('x')", "/Observations(1)/result/$value/$value"])  # fmt: skip
def test_what_is_not_there_is_not_found(gauge: Series, path: str) -> None:
    assert refused(path, status=404)


@pytest.mark.parametrize("path", ["/Things(1)(2)", "/Things(1", "/a/b/c/d/e/f/g", "/Things(1)/%00"])
def test_path_that_is_none_is_refused(path: str) -> None:
    assert refused(path)


def test_expansions_lie_in_each_other(gauge: Series) -> None:
    (thing,) = get("/Things", expand="Locations,Datastreams($expand=ObservedProperty,Observations($top=1;$orderby=phenomenonTime desc;$select=result))", select="name")["value"]  # fmt: skip
    (stream,) = thing["Datastreams"]
    assert set(thing) == {"name", "Locations", "Datastreams", "Datastreams@iot.count"} - {
        "Datastreams@iot.count"
    }
    assert stream["ObservedProperty"]["@iot.id"] == "W"
    assert stream["Observations"] == [{"result": 900.0}]
    assert stream["Observations@iot.nextLink"].endswith("?$top=1&$skip=1")
    (value,) = get("/Observations", top=1, expand="Datastream/Thing")["value"]
    assert value["Datastream"]["Thing"]["name"] == "Altstadt"


def test_long_page_with_an_expansion_that_asks_for_each_is_refused(tenant: Tenant) -> None:
    series = series_of(tenant, public=True)
    measured(series, *range(100, 160), until=NOON)
    assert refused("/Observations", expand="FeatureOfInterest").startswith("$top")
    assert len(get("/Observations", expand="FeatureOfInterest", top=50)["value"]) == 50


def test_list_costs_the_same_for_one_and_three(tenant: Tenant) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            get("/Datastreams", expand="Thing,Sensor")
        return len(queries)

    series_of(tenant, public=True, name="A")
    get("/Datastreams")
    one = cost()
    for name in "BC":
        series_of(tenant, public=True, name=name)
    assert cost() == one


def test_internal_ones_are_nowhere(tenant: Tenant, gauge: Series) -> None:
    hidden = series_of(tenant, name="Geheim")
    measured(hidden, 1, 2, until=NOON - timedelta(days=1))
    assert len(get("/Things")["value"]) == len(get("/Datastreams")["value"]) == 1
    assert get("/Observations", count="true")["@iot.count"] == 5
    assert refused(f"/Datastreams({hidden.pk})", status=404)
    assert len(get("/ObservedProperties('W')/Datastreams")["value"]) == 1


def test_values_of_a_withdrawn_station_are_gone_at_once(tenant: Tenant, gauge: Series) -> None:
    """The worker has not been there yet; a town that left is out, too."""
    (value, *_rest) = get("/Observations")["value"]
    with acting_for([tenant.pk], [tenant.pk]):
        publishing.set_visible(gauge.station, visible=False)
        assert Observation.objects.filter(is_public=True).exists()
    assert get("/Observations", count="true") == {"@iot.count": 0, "value": []}
    assert refused(f"/Observations({value['@iot.id']})", status=404)
    away = series_of(TenantFactory.create(active=False), public=True)
    measured(away, 1, until=NOON)
    assert [get(path)["value"] for path in ("/Things", "/Datastreams", "/Observations")] == [[], [], []]


def test_pages_in_an_order_with_equals_tell_each_once(tenant: Tenant) -> None:
    """Stations of one name, measured at the same moments."""
    for _ in range(12):
        measured(series_of(tenant, public=True, name="Bach"), 100, 101, until=NOON)
    for path, order in (("/Things", "name"), ("/Observations", "phenomenonTime desc")):
        whole = get(path, orderby=order)["value"]
        paged = [
            get(path, orderby=order, top=1, skip=number)["value"][0]["@iot.id"]
            for number in range(len(whole))
        ]
        assert paged == [one["@iot.id"] for one in whole] == list(dict.fromkeys(paged))
    assert [one["phenomenonTime"][11:16] for one in whole] == ["12:00"] * 12 + ["11:45"] * 12


def test_two_ways_on_from_one_expansion_are_both_gone(gauge: Series) -> None:
    (thing,) = get("/Things", expand="Datastreams/Sensor,Datastreams/ObservedProperty")["value"]
    assert {"Sensor", "ObservedProperty"} <= set(thing["Datastreams"][0])


def test_marks_in_quoted_text_divide_nothing(gauge: Series) -> None:
    (thing,) = get("/Things", expand="Datastreams($filter=Thing/name eq 'a;b),(c' or id gt 0;$top=1)")[
        "value"
    ]
    assert len(thing["Datastreams"]) == 1
    assert refused("/Things", expand="Datastreams($top)").startswith("$expand")


def test_expansions_within_expansions_are_bounded_together(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Each page is short; together they would ask the database for every value."""
    monkeypatch.setattr(writing, "MOST_ASKED", 20)
    for name in "ABC":
        measured(series_of(tenant, public=True, name=name), *range(100, 110), until=NOON)
    assert len(get("/ObservedProperties('W')", expand="Datastreams($expand=Observations($top=5))")["Datastreams"]) == 3  # fmt: skip
    told = refused(
        "/ObservedProperties('W')", expand="Datastreams($expand=Observations($top=10;$expand=Datastream))"
    )
    assert told.startswith("$expand: ")
