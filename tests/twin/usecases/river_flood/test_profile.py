"""Water levels along a river: read from tables as they are delivered, checked, and between two classes; by hand and with real ones."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from twin.usecases.river_flood import columns, profile
from twin.usecases.river_flood.profile import BadProfile, Entry, Profile, build, meaning
from twin.usecases.river_flood.scenarios import CLASS, DISCHARGE, GAUGE, Asked, Gauge, stands

LEVELS = {"MQ": (10.0, 9.0), "HQ20": (12.0, 11.4), "HQ100": (13.0, 12.0), "zwischen": (11.0, 10.2)}
GAUGE_AT = Gauge(station=1.0, zero=8.0, name="Musterstadt")


def entries(levels: Mapping[str, tuple[float, ...]] | None = None, *, flow: bool = False) -> list[Entry]:
    return [
        Entry(name, float(station), level, 100.0 * number if flow else None)
        for number, (name, row) in enumerate((levels or LEVELS).items(), 1)
        for station, level in enumerate(row)
    ]


def refused(call: Any, *args: Any, **options: Any) -> BadProfile:
    with pytest.raises(BadProfile) as error:
        call(*args, **options)
    return error.value


def test_classes_stand_in_the_order_of_their_levels() -> None:
    found = build(entries())
    assert (found.names, found.stations.tolist()) == (("MQ", "zwischen", "HQ20", "HQ100"), [0, 1])
    np.testing.assert_allclose(found.at(0.5), [9.5, 10.6, 11.7, 12.5])


def test_stations_of_classes_may_differ_and_the_common_stretch_counts() -> None:
    rows = [Entry("MQ", each, 10 - each) for each in (0.0, 2.0, 4.0)] + [Entry("HQ5", each, 12 - each) for each in (1.0, 3.0)]  # fmt: skip
    found = build(rows)
    assert found.stations.tolist() == [1, 2, 3]
    np.testing.assert_allclose(found.levels, [[9, 8, 7], [11, 10, 9]])


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "empty"),
        ([*entries(), Entry("MQ", 0.0, 10.5)], "twice"),
        (entries({"MQ": (10.0, 9.0), "HQ5": (12.0, 8.0)}), "crossing"),
        (entries({"MQ": (10.0, 9.0, 8.0), "HQ5": (12.0, 12.5, 10.0)}), "uphill"),
        (entries({"HQ5": (10.0, 9.0), "MQ": (12.0, 11.0)}), "order"),
        (entries({"HQ100": (10.0, 9.0), "HQ20": (12.0, 11.0)}), "order"),
        (entries({str(number): (number, number - 1.0) for number in range(70)}), "many"),
        ([Entry("MQ", 1.0, 10.0)], "short"),
    ],
)
def test_levels_that_are_none_of_a_river_are_refused(rows: list[Entry], code: str) -> None:
    assert refused(build, rows).code == code


def test_kilometres_may_count_from_the_mouth_and_a_lake_is_level() -> None:
    assert build(entries({"MQ": (9.0, 10.0, 11.0)})).names == ("MQ",)
    assert build(entries({"MQ": (9.0, 9.0, 9.0)})).names == ("MQ",)
    assert refused(build, entries({"MQ": (9.0, 8.5, 11.0)})).facts == {
        "name": "MQ",
        "station": 0.0,
        "by": 0.5,
    }


def test_between_two_classes_the_share_is_the_same_everywhere() -> None:
    """At km 1 11.8 m lie two thirds between HQ20 (11.4) and HQ100 (12), so at km 0 12.667 m."""
    surface, place = build(entries()).surface(11.8, 1.0)
    np.testing.assert_allclose(surface, [12 + 2 / 3, 11.8])
    assert place == pytest.approx(2 + 2 / 3)


def test_nothing_is_extrapolated() -> None:
    found = build(entries())
    assert refused(found.surface, 12.01, 1.0).code == refused(found.surface, 8.99, 1.0).code == "beyond"
    assert refused(found.at, 1.1).facts == {"station": 1.1, "first": 0.0, "last": 1.0}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("HQ100", ("years", 100)), ("hq 5", ("years", 5)), ("2MQ", ("MQ", 2)), ("0.5MNQ", ("MNQ", 0.5)), ("0,75MQ", ("MQ", 0.75)), ("MHQ", ("MHQ", 1)), ("a", ("", 0)), ("HQ", ("", 0))],
)  # fmt: skip
def test_what_a_class_means_stands_in_its_name(name: str, wanted: tuple[str, float]) -> None:
    assert meaning(name) == wanted


# --- steps


def test_a_class_that_is_asked_for_is_one_of_the_steps() -> None:
    steps, number = stands(build(entries()), Asked(CLASS, name="hq20", gauge=GAUGE_AT))
    assert ([each.name for each in steps], number) == (
        ["MQ", "HQ20", "HQ100"],
        2,
    )  # what has no meaning is no step
    assert [each.stage for each in steps] == [100, 340, 400]
    steps, number = stands(build(entries()), Asked(CLASS, name="zwischen"))
    assert ([each.name for each in steps], number, steps[1].stage) == (
        ["MQ", "zwischen", "HQ20", "HQ100"],
        2,
        None,
    )
    assert refused(stands, build(entries()), Asked(CLASS, name="HQ500")).facts["name"] == "HQ500"


def test_a_level_at_the_gauge_stands_between_its_neighbours() -> None:
    steps, number = stands(build(entries()), Asked(GAUGE, value=370, gauge=GAUGE_AT))
    assert ([each.name for each in steps], number) == (["MQ", "HQ20", "", "HQ100"], 3)
    assert [steps[2].stage, steps[2].level] == pytest.approx([370, 11.7])
    np.testing.assert_allclose(steps[2].surface, [12.5, 11.7])
    steps, number = stands(build(entries()), Asked(GAUGE, value=400, gauge=GAUGE_AT))  # that is HQ100
    assert ([each.name for each in steps], number) == (["MQ", "HQ20", "HQ100"], 3)
    for wrong in (401, 6.5, 99):  # too high, in metres, below MQ
        assert refused(stands, build(entries()), Asked(GAUGE, value=wrong, gauge=GAUGE_AT)).code == "stages"
    assert refused(stands, build(entries()), Asked(GAUGE, value=300, gauge=Gauge(7.0, 8.0))).code == "station"


def test_a_discharge_is_found_by_the_table_or_by_the_levels_themselves() -> None:
    rating = profile.rating([10.0, 12.0], [100.0, 500.0])
    steps, number = stands(build(entries()), Asked(DISCHARGE, value=440, gauge=GAUGE_AT, rating=rating))
    assert [steps[number - 1].level, steps[number - 1].stage] == pytest.approx([11.7, 370])
    assert [each.discharge for each in steps] == [
        None,
        pytest.approx(380),
        pytest.approx(440),
        pytest.approx(500),
    ]
    own = {"MQ": (10.0, 9.0), "HQ20": (12.0, 11.0)}
    steps, number = stands(build(entries(own, flow=True)), Asked(DISCHARGE, value=150, gauge=Gauge(1.0)))
    assert steps[number - 1].level == pytest.approx(10.0)
    assert steps[number - 1].stage is None
    assert (
        refused(stands, build(entries()), Asked(DISCHARGE, value=150, gauge=GAUGE_AT)).code == "no_discharge"
    )
    assert refused(rating.level, 501.0).code == "rating"


def test_names_without_a_meaning_are_all_steps() -> None:
    steps, _number = stands(build(entries({"niedrig": (9.0, 8.0), "hoch": (11.0, 10.0)})), Asked(CLASS, name="hoch"))  # fmt: skip
    assert [each.name for each in steps] == ["niedrig", "hoch"]


# --- tables


def test_long_and_wide_tables_say_the_same() -> None:
    long: list[dict[str, Any]] = [{"Fluss-km": "0,0", "Klasse": "MQ", "W_mNHN": "10,5"}, {"Fluss-km": "0,2", "Klasse": "MQ", "W_mNHN": "k.A."}, {"Fluss-km": 0.4, "Klasse": "HQ100", "W_mNHN": 12}]  # fmt: skip
    assert list(columns.entries(long)) == [Entry("MQ", 0.0, 10.5), Entry("HQ100", 0.4, 12.0)]
    wide = [{"km": 0.0, "W_MQ": 10.5, "wspl_HQ100": None, "Bemerkung": "Brücke"}, {"km": 0.4, "W_MQ": None, "wspl_HQ100": "12,0"}]  # fmt: skip
    assert list(columns.entries(wide)) == [Entry("MQ", 0.0, 10.5), Entry("HQ100", 0.4, 12.0)]


def test_columns_that_a_person_states_count() -> None:
    rows = [{"ort": 1, "fall": "MQ", "hoehe": 9.5, "km": 7}]
    assert list(columns.entries(rows, station="ort", name="fall", level="hoehe")) == [Entry("MQ", 1.0, 9.5)]
    assert refused(list, columns.entries(rows, station="Ort")).code == "column"
    assert refused(list, columns.entries(rows)).code == "no_level"
    assert refused(list, columns.entries([{"a": 1}])).code == "no_station"


def test_a_curve_is_that_of_the_gauge_that_is_named() -> None:
    rows: list[dict[str, Any]] = [{"gauge": "MEISSEN", "w_cm": 100, "q_m3_s": 50}, {"gauge": "MEISSEN", "w_cm": "200", "q_m3_s": "150,5"}, {"gauge": "RIESA", "w_cm": 100, "q_m3_s": 9}]  # fmt: skip
    found = columns.curve(rows, zero=94.8, gauge="Meißen")
    assert found.discharge(95.8) == 50
    assert found.level(150.5) == pytest.approx(96.8)
    assert found.discharge(99.0) is None
    assert refused(columns.curve, rows, zero=94.8, gauge="Pirna").code == "no_gauge"
    falling = [{"w": 1, "q": 5}, {"w": 2, "q": 4}]
    assert refused(columns.curve, falling, zero=0, gauge="").code == "curve"
    assert refused(columns.curve, [{"w": 1}], zero=0, gauge="").code == "no_curve"


# --- the Elbe (BfG: FLYS, through hyd1d)


@pytest.fixture(scope="module")
def elbe(shared_data: Path) -> Profile:
    path = shared_data / "flood" / "derived_flys_water_levels_elbe_km55_131.csv"
    with path.open(encoding="utf-8") as source:
        return build(columns.entries(list(csv.DictReader(source))))


MEISSEN = Gauge(82.2, 94.802, "Meißen")


def test_the_elbe_is_read_as_it_is_delivered(elbe: Profile) -> None:
    assert (len(elbe.names), elbe.stations[0], elbe.stations[-1], len(elbe.stations)) == (
        30,
        55.0,
        131.0,
        380,
    )
    steps, number = stands(elbe, Asked(CLASS, name="HQ100", gauge=MEISSEN))
    assert [each.name for each in steps] == ["MQ", "2MQ", "3MQ", "MHQ", "HQ2", "HQ5", "HQ10", "HQ15", "HQ20", "HQ25", "HQ50", "HQ75", "HQ100", "HQ150", "HQ200", "HQ300", "HQ500"]  # fmt: skip
    assert (steps[number - 1].stage, steps[-1].stage) == (978, 1122)
    assert steps[number - 1].level == pytest.approx(104.58)


def at_riesa(elbe: Profile, stage: float) -> float:
    """cm at Riesa (km 108.4, zero 88.007 m) while Meißen shows the stage."""
    steps, number = stands(elbe, Asked(GAUGE, value=stage, gauge=MEISSEN))
    return 100 * (float(np.interp(108.4, elbe.stations, steps[number - 1].surface)) - 88.007)


def test_978_cm_at_meissen_are_hq100_everywhere(elbe: Profile) -> None:
    steps, number = stands(elbe, Asked(GAUGE, value=978, gauge=MEISSEN))
    assert steps[number - 1].name == "HQ100"
    assert at_riesa(elbe, 978) == pytest.approx(953, abs=1)


def test_between_two_classes_the_next_gauge_shows_about_what_it_did(elbe: Profile) -> None:
    """September 2024: 658 cm at Meißen, 666 cm at Riesa, both at their peaks."""
    assert at_riesa(elbe, 658) == pytest.approx(666, abs=25)
