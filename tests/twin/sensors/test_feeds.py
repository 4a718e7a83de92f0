"""What gauges and sensors of others say, read from answers in their form; nothing here asks a network."""

import ast
import json
import math
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from twin.sensors.feeds import demo, lfulg, payloads, pegelonline
from twin.sensors.feeds.moments import moment, offset
from twin.sensors.feeds.payloads import Uplink
from twin.sensors.feeds.reading import Expected, Unanswered, Unreadable, Value, number, text

DATA = Path(__file__).parents[2] / "data" / "gauges"
NOW = datetime(2026, 10, 25, 2, 0, tzinfo=UTC)
BASE = "https://gauges.example"


def document(name: str) -> Any:
    return json.loads((DATA / name).read_text())


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def get(asked: list[str]) -> Callable[[str], Any]:
    answers = {
        "/W/": "w.json",
        "/Q/": "q.json",
        "/WV/": "wv.json",
        "query?": "lfulg.json",
        ".json?": "station.json",
    }

    def answer(url: str) -> Any:
        asked.append(url)
        return document(next(name for part, name in answers.items() if part in url))

    return answer


def test_pegelonline_gauge_is_read(get: Callable[[str], Any], asked: list[str]) -> None:
    found = pegelonline.read(BASE, "DRESDEN", since={}, now=NOW, get=get)
    level, discharge = found.series
    assert (found.number, found.name, found.water, found.latitude) == ("501060", "DRESDEN", "ELBE", 51.054459765598125)  # fmt: skip
    assert (level.quantity, level.unit, level.zero, level.datum, level.minutes) == ("W", "cm", 102.682, "m. ü. NHN", 15)  # fmt: skip
    # the hour that is twice in autumn is two hours, and what is null is left out
    assert level.values == (
        Value(utc("2026-10-24T22:45"), 96.0),
        Value(utc("2026-10-25T00:45"), 97.0),
        Value(utc("2026-10-25T01:00"), 98.0),
        Value(utc("2026-10-25T01:30"), 99.0),
    )
    assert level.forecast == (
        Expected(utc("2026-10-25T03:00"), 101.0),
        Expected(utc("2026-10-28T03:00"), 120.0, True),
    )
    assert level.forecast_at == utc("2026-10-25T01:20")
    assert (discharge.values, discharge.forecast) == ((Value(utc("2026-10-25T01:30"), 141.2),), ())
    assert asked[0] == f"{BASE}/stations/DRESDEN.json?includeTimeseries=true&includeForecastTimeseries=true"
    assert f"{BASE}/stations/DRESDEN/W/measurements.json?start=P31D" in asked


@pytest.mark.parametrize(
    ("since", "start"),
    [
        ("2026-10-25T01:00", "2026-10-24T19:00:00Z"),
        ("2026-09-01T00:00", "P31D"),
        ("2026-09-24T07:00", "P31D"),
    ],
)
def test_pegelonline_is_asked_for_what_is_new_and_a_little_more(
    get: Callable[[str], Any], asked: list[str], since: str, start: str
) -> None:
    """Each quantity by itself: a discharge that ended long ago makes nobody read the levels again."""
    pegelonline.read(BASE, "501060", since={"W": utc(since), "Q": utc("2024-01-01T00:00")}, now=NOW, get=get)
    assert f"{BASE}/stations/501060/W/measurements.json?start={start}" in asked
    assert f"{BASE}/stations/501060/Q/measurements.json?start=P31D" in asked


@pytest.mark.parametrize("trouble", [Unreadable("number"), Unanswered("503")])
def test_levels_do_not_wait_for_a_forecast(get: Callable[[str], Any], trouble: Exception) -> None:
    def failing(url: str) -> Any:
        if "/WV/" in url:
            raise trouble
        return get(url)

    level = pegelonline.read(BASE, "501060", since={}, now=NOW, get=failing).series[0]
    assert (len(level.values), level.forecast) == (4, None)
    with pytest.raises(type(trouble)):
        pegelonline.read(BASE, "501060", since={}, now=NOW, get=lambda url: failing("/WV/"))


def test_row_without_a_moment_costs_no_other() -> None:
    rows = [
        {"value": 1},
        {"timestamp": "gestern", "value": 2},
        {"timestamp": "2026-10-25T01:00:00Z", "value": 3},
    ]
    assert pegelonline.measured(rows) == (Value(utc("2026-10-25T01:00"), 3.0),)


def test_height_above_sea_level_is_no_level_at_a_gauge(get: Callable[[str], Any]) -> None:
    """Some gauges of canals tell it as W."""
    station = document("station.json")
    station["timeseries"][0]["unit"] = "m+NHN"

    def answer(url: str) -> Any:
        return station if ".json?include" in url else get(url)

    assert [each.quantity for each in pegelonline.read(BASE, "1", since={}, now=NOW, get=answer).series] == [
        "Q"
    ]
    del station["timeseries"][1]
    with pytest.raises(Unreadable, match=r"unit m\+NHN"):
        pegelonline.read(BASE, "1", since={}, now=NOW, get=answer)


def literal(node: ast.Dict, known: dict[str, Any]) -> dict[str, Any]:
    """The data of a dictionary in Python, with others that it takes in; nothing is run. Raises ValueError."""
    found: dict[str, Any] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None and isinstance(value, ast.Name):
            found |= known[value.id]
        elif key is not None:
            found[ast.literal_eval(key)] = ast.literal_eval(value)
    return found


@pytest.fixture(scope="module")
def recorded(shared_data: Path) -> dict[str, Any]:
    """What PEGELONLINE answered on 26 July 2023, from the tests of another client; names there -> values."""
    source = (shared_data / "flood" / "pegelonline" / "aiopegelonline_tests_const.py").read_text("utf-8")
    found: dict[str, Any] = {}
    for node in ast.parse(source).body:
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and isinstance(node.value, ast.Dict)
        ):
            with suppress(ValueError):  # of addresses and errors of that client
                found[node.target.id] = literal(node.value, found)
    return found


def test_recorded_gauge_is_read(recorded: dict[str, Any]) -> None:
    """Würzburg, with quantities that are none of ours; a measurement comes in the form of its current one."""
    station = recorded["MOCK_MEASUREMENT_DATA_WUERZBURG"]
    current = {one["shortname"]: one["currentMeasurement"] for one in station["timeseries"]}

    def answer(url: str) -> Any:
        return [current[url.split("/")[-2]]] if "measurements" in url else station

    found = pegelonline.read(BASE, "24300600", since={}, now=NOW, get=answer)
    level, discharge = found.series
    assert (found.number, found.name, found.water, round(found.longitude or 0, 3)) == (
        "24300600",
        "WÜRZBURG",
        "MAIN",
        9.926,
    )
    assert (level.unit, level.zero, level.datum, level.minutes) == ("cm", 164.511, "m. ü. NHN", 15)
    assert (level.values, level.forecast) == ((Value(utc("2023-07-26T17:15"), 159.0),), ())
    assert (discharge.unit, discharge.values) == ("m³/s", (Value(utc("2023-07-26T17:00"), 102.0),))


@pytest.mark.parametrize(
    ("name", "reason"),
    [("MOCK_MEASUREMENT_DATA_HANAU_BRIDGE", "number"), ("MOCK_STATION_DATA_DRESDEN", "shape")],
)
def test_recorded_answers_without_levels_are_refused(
    recorded: dict[str, Any], name: str, reason: str
) -> None:
    """A clearance below a bridge without a place; a station asked without its series."""
    with pytest.raises(Unreadable) as refusal:
        pegelonline.read(BASE, "1", since={}, now=NOW, get=lambda url: recorded[name])
    assert refusal.value.reason == reason


def test_number_of_a_gauge_stays_one_part_of_the_address(get: Callable[[str], Any], asked: list[str]) -> None:
    pegelonline.read(BASE, "../x?y#z", since={}, now=NOW, get=get)
    assert asked[0].startswith(f"{BASE}/stations/..%2Fx%3Fy%23z.json?")


@pytest.mark.parametrize(
    "answer",
    [None, [], {}, {"timeseries": 1, "water": {}, "number": "1"}, {"timeseries": [], "water": [], "number": "1"}, {"timeseries": ["W"], "water": {}, "number": "1"}],
)  # fmt: skip
def test_pegelonline_in_another_form_is_refused(answer: Any) -> None:
    with pytest.raises(Unreadable):
        pegelonline.read(BASE, "1", since={}, now=NOW, get=lambda url: answer)


@pytest.mark.parametrize(
    "answer", [None, {"a": 1}, [1], [{"timestamp": "gestern", "value": 1}], [{"value": 1}]]
)
def test_measurements_in_another_form_are_refused(answer: Any) -> None:
    with pytest.raises(Unreadable):
        pegelonline.measured(answer)


def test_lfulg_gauge_is_read(get: Callable[[str], Any]) -> None:
    found = lfulg.read(BASE, " 501060 ", get=get)
    level, discharge = found.series
    assert (found.number, found.name, found.water, found.longitude) == ("501060", "Dresden", "Elbe", 13.7388)
    assert level.values == (Value(utc("2026-10-25T01:30"), 97.0),)  # the source's clock knows no summer time
    assert discharge.values == (Value(utc("2026-10-25T01:30"), 141.5),)
    assert level.stages == (400.0, 500.0, 600.0, 700.0)


def test_lfulg_gauge_without_a_value_is_read(get: Callable[[str], Any]) -> None:
    found = lfulg.read(BASE, "501110", get=get)
    assert [each.values for each in found.series] == [(), ()]
    assert (found.longitude, found.series[0].stages) == (None, (300.0, 300.0, 300.0, 300.0))


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ((400, 500, None, None), (400.0, 500.0)),
        ((None, None, None, None), ()),
        ((None, "500", 600, "k.A."), (None, 500.0, 600.0)),
    ],
)
def test_stage_that_is_left_out_keeps_its_number(
    told: tuple[Any, ...], read: tuple[float | None, ...]
) -> None:
    found = document("lfulg.json")
    found["features"][0]["attributes"] |= {f"PEG_AS{n}": each for n, each in enumerate(told, 1)}
    stages = lfulg.read(BASE, "501060", get=lambda url: found).series[0].stages
    assert tuple(None if math.isnan(each) else each for each in stages) == read


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (document("lfulg.json"), "number"),
        ({"error": {"code": 400, "message": "Invalid query"}}, "shape"),
        ({"features": {}}, "shape"),
        ({"features": [None, {}, {"attributes": []}]}, "number"),
        ({"features": [{"attributes": {"PEG_MSTNR": 9, "PEG_WASSERSTAND": "1", "PEG_WERTZEITSTEMPEL_CHAR": "32.1.2026 1:2"}}]}, "moment"),
        ({"features": [{"attributes": {"PEG_MSTNR": 9, "PEG_WASSERSTAND": "1", "PEG_WERTZEITSTEMPEL_CHAR": "1.1.2026 1:2", "ZEITZONE": "+99:00"}}]}, "moment"),
    ],
)  # fmt: skip
def test_lfulg_in_another_form_is_refused(answer: Any, reason: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        lfulg.read(BASE, "9", get=lambda url: answer)
    assert refusal.value.reason == reason


def test_demo_gauge_says_the_same_again() -> None:
    now = datetime(2026, 11, 30, 12, 7, tzinfo=UTC)
    (level,) = demo.read("demo", since={}, now=now).series
    assert (len(level.values), level.values[-1].at) == (31 * 96, utc("2026-11-30T12:00"))
    (again,) = demo.read("demo", since={"W": utc("2026-11-30T11:00")}, now=now).series
    assert again.values == level.values[-5:]
    assert max(one.value for one in level.values) > 500 > min(one.value for one in level.values)
    assert level.forecast is not None
    assert [len(level.forecast), level.forecast[-1].estimate] == [48, True]


@pytest.mark.parametrize(
    ("written", "read"),
    [(3, 3.0), ("3,5", 3.5), (" -1.25 ", -1.25), ("k.A.", None), ("", None), (None, None), (True, None), ("nan", None), (float("inf"), None), (10**400, None), ([], None)],
)  # fmt: skip
def test_numbers(written: Any, read: float | None) -> None:
    assert number(written) == read


@pytest.mark.parametrize(
    ("written", "read"), [(" a\n b\0\ud800c ", "a bc"), (5, "5"), (None, ""), ([], ""), ("x" * 9, "x" * 7)]
)
def test_texts_are_one_line_that_a_database_takes(written: Any, read: str) -> None:
    assert text(written, most=7) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-07-01T12:00:00Z", "2026-07-01T12:00"),
        ("2026-07-01T12:00:00.123456789+02:00", "2026-07-01T10:00:00.123456"),
        ("2026-07-01T12:00", "2026-07-01T10:00"),
        ("2026-12-01 12:00:00", "2026-12-01T11:00"),
    ],
)
def test_moments(written: str, read: str) -> None:
    assert moment(written) == utc(read)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2026-10-25T02:30:00", "clock"),
        ("2026-03-29T02:30:00", "clock"),
        ("2026-07-01", "moment"),
        ("", "moment"),
        (None, "moment"),
        (1764500000, "moment"),
        ("0001-01-01T00:00:00+14:00", "moment"),
        ("x" * 10_000, "moment"),
    ],
)
def test_uncertain_moments_are_refused(written: Any, reason: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        moment(written)
    assert refusal.value.reason == reason


def test_offsets() -> None:
    assert [offset(text).total_seconds() / 3600 for text in ("+01:00", "-03:30")] == [1.0, -3.5]


# --- what sensors send


THINGS_STACK = {
    "end_device_ids": {"device_id": "bach-1"},
    "received_at": "2026-11-30T12:00:01.5Z",
    "uplink_message": {
        "f_port": 2,
        "decoded_payload": {"distance": {"mm": 1432}, "battery": "3,61", "alarm": False},
        "received_at": "2026-11-30T12:00:01.234567891Z",
    },
}
CHIRPSTACK = {"time": "2026-11-30T13:00:00+01:00", "deviceInfo": {}, "object": {"level": 12.5, "text": "ok"}}


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (THINGS_STACK, [Uplink(utc("2026-11-30T12:00:01.234567"), {"distance.mm": 1432.0, "battery": 3.61, "alarm": None})]),
        (CHIRPSTACK, [Uplink(utc("2026-11-30T12:00"), {"level": 12.5, "text": None})]),
        ({"time": "2026-11-30T12:00:00Z", "W": 5}, [Uplink(utc("2026-11-30T12:00"), {"W": 5.0})]),
        ({"values": [{"time": "2026-11-30T12:00:00Z", "W": "5,5"}]}, [Uplink(utc("2026-11-30T12:00"), {"W": 5.5})]),
    ],
)  # fmt: skip
def test_payloads(sent: Any, read: list[Uplink]) -> None:
    assert payloads.read(json.dumps(sent).encode()) == read


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"", "json"),
        (b"\xff\xfe", "json"),
        (b"[" * 100_000, "json"),
        (b"[]", "shape"),
        (b"{}", "moment"),
        (b'{"values": []}', "shape"),
        (b'{"values": [1]}', "shape"),
        (b'{"values": {"time": 1}}', "shape"),
        (b'{"time": "2026-11-30T12:00:00Z", "object": null}', "undecoded"),
        (b'{"uplink_message": {"frm_payload": "AA==", "received_at": "2026-11-30T12:00:00Z"}}', "undecoded"),
        (json.dumps({"values": [{"time": "2026-11-30T12:00:00Z"}] * 1001}).encode(), "many"),
        (json.dumps({"time": "2026-11-30T12:00:00Z"} | {f"f{n}": n for n in range(100)}).encode(), "many"),
        (b'{"time": "2026-11-30T12:00:00Z", "a": {"b": {"c": {"d": {"e": 1}}}}}', "many"),
    ],
)  # fmt: skip
def test_hostile_payloads_are_refused(sent: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        payloads.read(sent)
    assert refusal.value.reason == reason


def test_nan_in_a_payload_is_no_number() -> None:
    (found,) = payloads.read(b'{"time": "2026-11-30T12:00:00Z", "W": NaN, "x": Infinity}')
    assert found.fields == {"W": None, "x": None}
