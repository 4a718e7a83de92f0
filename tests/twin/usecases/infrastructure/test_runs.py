"""Reachability from the form to the files, by hand: today, with water on the roads, with a new area; what is refused beforehand."""

import json
import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from tenants.models import JobState, Tenant, User
from tests.factories import elevation
from tests.factories.catalogue import make_dataset
from tests.factories.datafiles import write
from tests.factories.tenants import TenantFactory
from tests.twin.analysis.test_pages import signed_in
from tests.twin.analysis.test_runs import ask
from tests.twin.usecases.conftest import answered, errors, path_of, table_of
from tests.twin.usecases.exposure.conftest import box
from tests.twin.usecases.infrastructure.conftest import ROADS, at, estate
from twin.analysis import registry
from twin.analysis.errors import RunRefused
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def infrastructure() -> UseCase:
    found = registry.find("infrastructure")
    assert found is not None
    return found


def asked(infrastructure: UseCase, person: User, data: dict[str, str], **parameters: Any) -> Run:
    """Without the water, unless it is asked for; in three minutes."""
    known = {name: value for name, value in data.items() if name != "flooded"}
    return answered(infrastructure, person, **(known | {"minutes": 3} | parameters))


def test_who_reaches_what_is_as_reckoned_by_hand(infrastructure: UseCase, planner: User, data: dict[str, str]) -> None:  # fmt: skip
    """To the station: 10 people 40 s, 20 people 210 s, 30 people 175 s; to the school: 240 s, 10 s and 75 s."""
    done = asked(infrastructure, planner, data)
    assert [done.summary[name] for name in ("facilities", "roads", "people", "within", "share")] == [
        2,
        4.3,
        60,
        60,
        100,
    ]
    assert [(row["name"], row["within"], row["within_flooded"]) for row in done.summary["kinds"]] == [
        ("Feuerwehr", 66.7, None),
        ("Grundschule", 83.3, None),
    ]
    assert [(row["words"], row["people"]) for row in done.summary["times"][:2]] == [
        ("0–1,5 min", [60]),
        ("1,5–3 min", [0]),
    ]
    assert [
        (row["name"], row["people"], row["places"], row["condition"]) for row in done.summary["rows"]
    ] == [("Schule am Anger", 60, 120, "schlecht"), ("Wache Mitte", 60, 0, "gut")]
    assert done.summary["conditions"] == [
        {"name": "gut", "facilities": 1, "roads": 3.3},
        {"name": "schlecht", "facilities": 1, "roads": 1.0},
    ]
    assert done.summary["bodies"] == [
        {"name": "Landkreis", "facilities": 0, "roads": 1.0},
        {"name": "Stadt", "facilities": 2, "roads": 3.3},
    ]
    alone = asked(infrastructure, planner, data, kind="feuerwehr")
    assert (alone.summary["share"], alone.summary["facilities"]) == (66.7, 1)
    assert [row["people"] for row in alone.summary["times"]] == [[10], [30], [20], [0], [0], [0]]
    assert [row[1:3] for row in table_of(alone, "homes")[1:]] == [
        ["Wache Mitte", "0,7"],
        ["Wache Mitte", "3,5"],
        ["Wache Mitte", "2,9"],
    ]
    walked = asked(infrastructure, planner, data, kind="Feuerwehr", mode="foot", minutes=15).summary
    assert walked["within"] == 10  # 200 m at 5 km/h; the next is 1,750 m away


def test_water_on_the_roads_cuts_off_who_lives_behind(infrastructure: UseCase, planner: User, data: dict[str, str]) -> None:  # fmt: skip
    """The west side and the turn to the house road are under 60 cm: 30 people reach nothing, the station serves one home."""
    done = asked(infrastructure, planner, data, flooded=data["flooded"], assumed="0,6")
    assert [done.summary[name] for name in ("within", "within_flooded", "lost")] == [60, 30, 30]
    assert 0.2 <= done.summary["closed"] <= 0.5  # whole pieces of 50 m
    assert [(row["within"], row["within_flooded"]) for row in done.summary["kinds"]] == [
        (66.7, 16.7),
        (83.3, 33.3),
    ]
    assert [(row["name"], row["people"], row["flooded"]) for row in done.summary["rows"]] == [
        ("Schule am Anger", 60, 30),
        ("Wache Mitte", 60, 30),
    ]
    assert [row["people"] for row in done.summary["times"]] == [
        [60, 30],
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 30],
    ]
    assert [row[3:] for row in table_of(done, "homes")[1:]] == [["0,7", "nein"], ["0,2", "nein"], ["", "ja"]]
    kinds = {
        each["properties"]["kind"] for each in json.loads(path_of(done, "features").read_text())["features"]
    }
    assert kinds == {"road", "closed", "facility"}
    shallow = asked(infrastructure, planner, data, flooded=data["flooded"], assumed="0,2").summary
    assert (shallow["closed"], shallow["lost"]) == (0, 0)
    unknown = asked(infrastructure, planner, data, flooded=data["flooded"], closing=2).summary
    assert (unknown["closed"], unknown["lost"]) == (
        done.summary["closed"],
        30,
    )  # a depth that nobody knows closes


def test_few_who_are_cut_off_are_told_as_few_and_never_as_none(client: Client, infrastructure: UseCase, planner: User, town: Tenant, data: dict[str, str], tmp_path: Path) -> None:  # fmt: skip
    """Two people at the house road; of addresses without people the number is told."""
    places = [at((200, 5)), at((505, 1250))]
    for counts, people, lost in (([10, 2], 12, None), ([], 2, 1)):
        target = tmp_path / f"wohnen{lost}.gpkg"
        path = write(target, places, einwohner=counts) if counts else write(target, places)
        homes = str(elevation.delivered(town, path, title=f"Wohnen {lost}").public_id)
        done = asked(infrastructure, planner, data, homes=homes, flooded=data["flooded"], assumed=1)
        assert (done.summary["people"], done.summary["lost"]) == (people, lost)
        signed_in(client, planner)
        page = client.get(done.get_absolute_url()).content.decode()
        assert bool(re.search(r">\s*weniger als 3\s*<", page)) is (lost is None)


def test_facility_of_few_people_says_so_in_the_table(infrastructure: UseCase, planner: User, town: Tenant, data: dict[str, str], tmp_path: Path) -> None:  # fmt: skip
    path = write(tmp_path / "zwei.gpkg", [at((200, 5)), at((505, 1250))], einwohner=[10, 2])
    homes = str(elevation.delivered(town, path, title="Zwei").public_id)
    near = write(tmp_path / "wachen.gpkg", [at((0, 5)), at((500, 1295))], name=["Süd", "Nord"], art=["Feuerwehr"] * 2)  # fmt: skip
    facilities = str(elevation.delivered(town, near, title="Wachen").public_id)
    done = asked(infrastructure, planner, data, homes=homes, facilities=facilities)
    assert [(row["name"], row["people"]) for row in done.summary["rows"]] == [("Süd", 10), ("Nord", None)]
    assert [row[5] for row in table_of(done, "table")[1:]] == ["10", "weniger als 3"]


def test_facility_in_the_water_serves_nobody(client: Client, infrastructure: UseCase, planner: User, town: Tenant, data: dict[str, str], tmp_path: Path) -> None:  # fmt: skip
    """Water at the school and on a meadow, on no road: the station is the nearest one for all, and no school is reached."""
    wet = [box(1003, 995, 1010, 1005), box(400, 400, 450, 450)]
    path = write(tmp_path / "schulhof.gpkg", wet)
    flooded = str(elevation.delivered(town, path, title="Schulhof").public_id)
    done = asked(infrastructure, planner, data, flooded=flooded, assumed=1)
    assert [done.summary[name] for name in ("closed", "drowned", "within_flooded", "lost")] == [0, 1, 40, 0]
    assert [(row["name"], row["flooded"], row["drowned"]) for row in done.summary["rows"]] == [
        ("Schule am Anger", 0, True),
        ("Wache Mitte", 60, False),
    ]
    assert [row[-1] for row in table_of(done, "table")] == ["Im Wasser", "ja", "nein"]
    shallow = asked(infrastructure, planner, data, flooded=flooded, assumed="0,2").summary
    assert (shallow["drowned"], shallow["within_flooded"]) == (0, 60)


def test_a_bridge_stays_open_above_the_water(infrastructure: UseCase, planner: User, town: Tenant, data: dict[str, str], tmp_path: Path) -> None:  # fmt: skip
    bridges = write(tmp_path / "bruecken.gpkg", ROADS, bruecke=["nein", "nein", "ja", "ja", "ja"])
    roads = str(elevation.delivered(town, bridges, title="Brücken").public_id)
    summary = asked(infrastructure, planner, data, roads=roads, flooded=data["flooded"], assumed="2").summary
    assert (summary["closed"], summary["lost"]) == (0, 0)


def test_a_new_area_goes_to_the_nearest_of_each_kind(infrastructure: UseCase, planner: User, town: Tenant, data: dict[str, str]) -> None:  # fmt: skip
    """190 s to the station, 110 s to the school; 10 dwellings with two people each."""
    plan = estate(town)
    done = asked(
        infrastructure, planner, data, plan=str(plan.public_id), units=10, flooded=data["flooded"], assumed=1
    )
    found = [
        (row["estate"]["name"], row["estate"]["minutes"], row["estate_flooded"]["minutes"])
        for row in done.summary["kinds"]
    ]
    assert found == [("Wache Mitte", 3.2, 3.2), ("Schule am Anger", 1.8, 1.8)]
    assert (done.summary["added"], [row["added"] for row in done.summary["rows"]], str(done.subject)) == (
        20,
        [20, 20],
        str(plan.public_id),
    )
    without = asked(infrastructure, planner, data, plan=str(plan.public_id)).summary
    assert ("added" in without, without["estate"]) == (False, "9/26 Am Anger")


def test_page_and_report_say_who_is_reached(client: Client, infrastructure: UseCase, planner: User, town: Tenant, data: dict[str, str]) -> None:  # fmt: skip
    done = asked(
        infrastructure,
        planner,
        data,
        plan=str(estate(town).public_id),
        units=10,
        flooded=data["flooded"],
        assumed=1,
    )
    signed_in(client, planner)
    page = " ".join(client.get(done.get_absolute_url()).content.decode().split())
    wanted = ["Schule am Anger, 1,8 min", "66,7&nbsp;%", "16,7&nbsp;%", "Straße unter Wasser gesperrt", "Nach Träger", 'data-kz-feature="e2"', "etwa 20 Personen wohnen"]  # fmt: skip
    assert [each for each in wanted if each not in page] == []
    report = pypdfium2.PdfDocument(client.get(f"{done.get_absolute_url()}bericht.pdf").content)
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in report).split())
    wanted = ["Schule am Anger", "Einbahnstraßen", "7. November 2005", "nicht geprüft, ob sie noch gilt", "Welche Hilfsfrist"]  # fmt: skip
    assert [each for each in wanted if each not in text] == []


def test_without_homes_the_roads_are_told(
    infrastructure: UseCase, planner: User, data: dict[str, str]
) -> None:
    done = asked(
        infrastructure, planner, {name: data[name] for name in ("roads", "facilities")}, kind="Grundschule"
    )
    assert [name for name in ("people", "within", "share", "lost") if name in done.summary] == []
    assert sum(row["roads"][0] for row in done.summary["times"]) == pytest.approx(4.3, abs=0.02)
    assert [each["name"] for each in done.outputs] == ["features", "roads", "table"]
    features = json.loads(path_of(done, "roads").read_text())["features"]
    assert {each["properties"]["label"] for each in features} == {"0–1,5 min", "1,5–3 min", "3–4,5 min"}


# --- what is refused, and what is to be known before


def test_what_does_not_fit_is_said_at_its_field(infrastructure: UseCase, planner: User, town: Tenant, data: dict[str, str]) -> None:  # fmt: skip
    known = {name: data[name] for name in ("roads", "facilities")}
    assert errors(infrastructure, planner, town, known) == {}
    assert errors(infrastructure, planner, town, known | {"roads": data["homes"]}) == {"roads": ["„Homes“ enthält Punkte; gebraucht werden hier: Linien."]}  # fmt: skip
    for name, value in (("minutes", "0"), ("minutes", "inf"), ("speed", "k.A."), ("tolerance", 1e6), ("reach", -1), ("mode", "flug"), ("closing", "nan"), ("units", 5)):  # fmt: skip
        assert list(errors(infrastructure, planner, town, known | {name: value})) == [name]
    hidden = make_dataset(TenantFactory.create(name="Coswig"), title="Schulen")
    assert list(errors(infrastructure, planner, town, known | {"facilities": str(hidden.public_id)})) == ["facilities"]  # fmt: skip


def test_roads_that_do_not_hang_together_are_refused(infrastructure: UseCase, planner: User, town: Tenant, data: dict[str, str], tmp_path: Path) -> None:  # fmt: skip
    """Three that end 3 m from each other; with 5 m of tolerance they meet."""
    torn = [at((0, 0), (500, 0)), at((503, 0), (1000, 0)), at((1003, 0), (1003, 600))]
    roads = str(elevation.delivered(town, write(tmp_path / "lose.gpkg", torn), title="Lose").public_id)
    about = {"facilities": data["facilities"], "roads": roads}
    with pytest.raises(RunRefused, match="Die Straßen zerfallen in 3 Teile, die nicht zusammenhängen, der größte mit 37 % ihrer Länge; Enden treffen sich auf 1"):  # fmt: skip
        ask(infrastructure, planner, **about)
    assert asked(infrastructure, planner, about, tolerance=5).state == JobState.DONE


def test_a_part_of_the_roads_that_hangs_alone_is_noted(infrastructure: UseCase, planner: User, town: Tenant, data: dict[str, str], tmp_path: Path) -> None:  # fmt: skip
    """One crosses the others on a bridge."""
    roads = write(tmp_path / "kreuz.gpkg", [*ROADS, at((-100, 200), (300, 200))])
    done = asked(
        infrastructure, planner, data, roads=str(elevation.delivered(town, roads, title="Kreuz").public_id)
    )
    assert (
        done.summary["notes"][0]
        == "Die Straßen zerfallen in 2 Teile, die nicht zusammenhängen; der größte hat 91 % ihrer Länge."
    )
    assert done.summary["notes"][1].startswith(
        "Die Karte zeigt den Weg zur nächsten Einrichtung gleich welcher Art"
    )


def test_what_lies_far_from_the_roads_is_said(infrastructure: UseCase, planner: User, town: Tenant, data: dict[str, str], tmp_path: Path) -> None:  # fmt: skip
    places = write(tmp_path / "fern.gpkg", [at((500, 500)), at((0, 5))], name=["Praxis", "Wache"], art=["Arzt", "Feuerwehr"])  # fmt: skip
    facilities = str(elevation.delivered(town, places, title="Fern").public_id)
    with pytest.raises(RunRefused, match="Keine Einrichtung liegt höchstens 200 m von einer Straße entfernt: Praxis"):  # fmt: skip
        ask(infrastructure, planner, facilities=facilities, roads=data["roads"], kind="Arzt")
    with pytest.raises(
        RunRefused, match="Es gibt keine Einrichtung der Art „Kita“; es gibt: Arzt, Feuerwehr"
    ):
        ask(infrastructure, planner, facilities=facilities, roads=data["roads"], kind="Kita")
    done = asked(infrastructure, planner, data, facilities=facilities)
    assert (
        done.summary["notes"][0]
        == "Weiter als 200 m von einer Straße entfernt, also von niemandem erreicht: Praxis."
    )
    assert [row["far"] for row in done.summary["rows"]] == [False, True]
    homes = elevation.delivered(
        town, write(tmp_path / "hof.gpkg", [at((0, 50)), at((500, 500)), at((500, 600))]), title="Hof"
    )
    summary = asked(infrastructure, planner, data, homes=str(homes.public_id)).summary
    assert (
        summary["notes"][-1]
        == "2 Wohnorte liegen weiter als 200 m von einer Straße entfernt; sie gelten als nicht erreicht."
    )
    assert (summary["counted"], summary["people"]) == (False, 3)
    away = estate(town, south=-1000)
    with pytest.raises(RunRefused, match="Im Umkreis von 200 m um die Mitte des Plans „9/26 Am Anger“ liegt keine Straße"):  # fmt: skip
        ask(
            infrastructure,
            planner,
            facilities=data["facilities"],
            roads=data["roads"],
            plan=str(away.public_id),
        )
    empty = make_dataset(town, title="Leer", features=0)
    with pytest.raises(RunRefused, match="Der Datensatz „Leer“ enthält keine Objekte"):
        ask(
            infrastructure,
            planner,
            facilities=data["facilities"],
            roads=data["roads"],
            homes=str(empty.public_id),
        )
