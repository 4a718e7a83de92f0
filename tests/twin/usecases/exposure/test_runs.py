"""Exposure from the form to the files: counted by hand, what is refused beforehand, who sees what."""

import json
import re
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.test import Client

from tenants.models import Tenant, User
from tenants.permissions import reach
from tenants.scope import within
from tests.factories import elevation, grids
from tests.factories.catalogue import make_dataset
from tests.factories.datafiles import SOUTH, WEST, write
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory
from tests.twin.analysis.test_pages import signed_in
from tests.twin.analysis.test_runs import ask
from tests.twin.usecases.conftest import answered, errors, path_of, table_of
from tests.twin.usecases.exposure.conftest import HOUSES, box
from tests.twin.usecases.plan_check.test_runs import depth_run
from twin.analysis import comparing, registry
from twin.analysis.errors import RunRefused
from twin.analysis.inputs import offered_to
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase
from twin.catalogue.models import Dataset

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def exposure() -> UseCase:
    found = registry.find("exposure")
    assert found is not None
    return found


def test_what_stands_in_the_water_is_as_counted_by_hand(exposure: UseCase, planner: User, town: Tenant, data: dict[str, str]) -> None:  # fmt: skip
    """1450 EUR/m² times 100 m² each: 0.15 of it at 30 cm, 0.325 at 75 cm in the mean, 0.44 at 1.2 m at most."""
    Tenant.objects.filter(pk=town.pk).update(boundary=MultiPolygon(GEOSGeometry(box(0, 0, 39, 100).wkt, srid=25833), srid=25833))  # fmt: skip
    TenantFactory.create(name="Ostufer", boundary=MultiPolygon(GEOSGeometry(box(65, 0, 100, 100).wkt, srid=25833), srid=25833))  # fmt: skip
    make_plan(town, number="7/26", name="Am Ufer", area=MultiPolygon(GEOSGeometry(box(30, 0, 60, 30).wkt, srid=25833), srid=25833))  # fmt: skip
    done = answered(exposure, planner, **data, inhabitants=460, by_plan=True)
    names = ("buildings", "affected", "homes", "deepest", "people", "inhabitants", "roads", "facilities", "farmland", "low", "middle", "high")  # fmt: skip
    assert [done.summary[name] for name in names] == [
        5,
        3,
        2,
        1.2,
        300,
        460,
        0.06,
        1,
        0.12,
        34_000,
        69_000,
        130_000,
    ]
    assert (done.summary["cut"], done.summary["cut_people"]) == (2, 160)  # all of the only road is closed
    found = [
        (row["words"], row["buildings"], row["people"], row["roads"], row["farmland"])
        for row in done.summary["classes"]
    ]
    assert found == [
        ("5–10 cm", 0, 0, 0, 0),
        ("10–50 cm", 2, 200, 0.04, 0.06),
        ("50–100 cm", 0, 0, 0, 0),
        ("> 100 cm", 1, 100, 0.02, 0.06),
    ]
    assert [(row["name"], row["kind"], row["depth"]) for row in done.summary["sites"]] == [
        ("Kita Elbkinder", "Kita", 0.3)
    ]
    assert [row["farmland"] for row in done.summary["towns"]] == [0.06, 0]  # 19 by 30 m, ha
    told = ("name", "buildings", "people", "roads", "facilities", "cut", "low", "middle", "high")
    assert [[row[name] for name in told] for row in done.summary["towns"]] == [
        ["Meißen", 2, 200, 0.039, 1, 0, 11_000, 22_000, 33_000],
        ["Ostufer", 0, 0, 0, 0, 2, 0, 0, 0],  # nothing in the water, but no way out
    ]
    assert [[row[name] for name in told] for row in done.summary["plans"]] == [
        ["7/26 Am Ufer", 1, 100, 0, 0, 0, 24_000, 47_000, 96_000]
    ]
    assert done.summary["notes"] == [
        "An einem Gebäude ist keine Tiefe bekannt: Es liegt neben dem Raster oder dort, wo es keinen Wert hat. Es gilt als trocken."
    ]
    assert [(row[1], row[2], row[3], row[5], row[6]) for row in table_of(done, "table")[1:]] == [
        ("> 100 cm", "1,20", "0,75", "ja", "47000"),
        ("10–50 cm", "0,30", "0,30", "ja", "22000"),
        ("10–50 cm", "0,30", "0,30", "nein", "0"),
    ]  # fmt: skip
    assert table_of(done, "places")[1:] == [
        ["Meißen", "2", "200", "0,039", "1", "0", "0,06", "11000", "22000", "33000"],
        ["Ostufer", "0", "0", "0,000", "0", "2", "0,00", "0", "0", "0"],
        ["7/26 Am Ufer", "1", "100", "0,000", "0", "0", "", "24000", "47000", "96000"],
    ]
    assert table_of(done, "sites")[1:] == [["Kita Elbkinder", "Kita", "10–50 cm", "0,30"]]
    houses = json.loads(path_of(done, "buildings").read_text())["features"]
    assert [(each["properties"]["depth"], each["properties"]["class"]) for each in houses] == [
        (1.2, "> 100 cm"),
        (0.3, "10–50 cm"),
        (0.3, "10–50 cm"),
    ]
    drawn = json.loads(path_of(done, "features").read_text())["features"]
    assert [each["properties"]["kind"] for each in drawn] == [
        "area",
        "road",
        "road",
        *["building"] * 3,
        *["cut"] * 2,
        *["facility"] * 2,
    ]


def test_page_and_report_say_what_is_in_the_water(client: Client, exposure: UseCase, planner: User, data: dict[str, str]) -> None:  # fmt: skip
    done = answered(exposure, planner, **data, inhabitants=460, title="Hochwasser 2002")
    signed_in(client, planner)
    page = " ".join(client.get(done.get_absolute_url()).content.decode().split())
    wanted = ["Hochwasser 2002", "Kita Elbkinder", "Zwischen 34.000 und 130.000 EUR", "in Preisen von 2010", "10–50 cm", 'data-kz-feature="e1"', "Einrichtung, die trocken bleibt"]  # fmt: skip
    assert [each for each in wanted if each not in page] == []
    report = pypdfium2.PdfDocument(client.get(f"{done.get_absolute_url()}bericht.pdf").content)
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in report).split())
    assert [each for each in ("Kita Elbkinder", "JRC105688", "−43 % bis +305 %") if each not in text] == []


def test_areas_under_water_count_without_depths_and_with_one_assumed(exposure: UseCase, planner: User, town: Tenant, data: dict[str, str], tmp_path: Path) -> None:  # fmt: skip
    flooded = elevation.delivered(
        town, write(tmp_path / "gebiet.gpkg", [box(-10, -10, 40, 110)]), title="Gebiet"
    )
    about = {name: value for name, value in data.items() if name != "raster"} | {
        "flooded": str(flooded.public_id)
    }
    summary = answered(exposure, planner, **about).summary
    assert [summary.get(name) for name in ("affected", "roads", "farmland", "facilities", "deepest", "middle")] == [3, 0.04, 0.06, 1, None, None]  # fmt: skip
    assert [(row["words"], row["buildings"]) for row in summary["classes"]] == [
        ("Im Wasser, Tiefe nicht bekannt", 3)
    ]
    assert summary["notes"] == [
        "Wie tief das Wasser steht, ist nicht bekannt; deshalb ist kein Schaden angegeben."
    ]
    deep = answered(exposure, planner, **about, assumed="2", scale="river").summary
    assert (deep["deepest"], deep["middle"]) == (2, 170_000)  # 200 m² of homes, 0.6 of 1450 EUR
    assert [row["buildings"] for row in deep["classes"]] == [0, 0, 0, 3, 0]


def test_depths_of_an_earlier_run_serve(exposure: UseCase, planner: User, town: Tenant, data: dict[str, str], tmp_path: Path) -> None:  # fmt: skip
    """Its raster has 60 cm up to x = 20 m, 20 cm up to 40 m, and ends at 50 m."""
    earlier = depth_run(town, tmp_path)
    summary = answered(exposure, planner, depths=str(earlier.public_id), buildings=data["buildings"]).summary
    assert [row["buildings"] for row in summary["classes"]] == [0, 1, 2, 0]
    assert summary["asked"] == []
    assert "An 2 Gebäuden ist keine Tiefe bekannt" in summary["notes"][0]


def test_few_people_are_told_as_few_and_never_as_none(client: Client, exposure: UseCase, planner: User, data: dict[str, str], town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    """Two in the water, none deeper than 1 m; a number beyond all numbers is none."""
    Tenant.objects.filter(pk=town.pk).update(boundary=MultiPolygon(GEOSGeometry(box(0, 0, 100, 100).wkt, srid=25833), srid=25833))  # fmt: skip
    addresses = write(tmp_path / "adressen.gpkg", list(shapely.points([(WEST + 15, SOUTH + 15), (WEST + 75, SOUTH + 15), (WEST + 76, SOUTH + 15)])), einwohner=["2", "7", "1e999"])  # fmt: skip
    people = str(elevation.delivered(town, addresses, title="Adressen").public_id)
    done = answered(
        exposure,
        planner,
        raster=data["raster"],
        buildings=data["buildings"],
        people=people,
        roads=data["roads"],
    )
    assert [done.summary[name] for name in ("people", "inhabitants", "cut_people")] == [None, 9, 7]
    assert [row["people"] for row in done.summary["classes"]] == [0, None, 0, 0]
    assert [row[2] for row in table_of(done, "places")[1:]] == ["weniger als 3"]
    signed_in(client, planner)
    page = client.get(done.get_absolute_url()).content.decode()
    assert len(re.findall(r">\s*weniger als 3\s*<", page)) == 3  # the number, its class, its town


def test_few_people_are_compared_without_a_difference() -> None:
    runs = [
        Run(use_case="exposure", summary={"affected": 3 + people, "people": people or None})
        for people in (0, 40)
    ]
    assert comparing.numbers(runs[0], runs[1]) == [
        ("Gebäude im Wasser", "3", "43", "+ 40"),
        ("Einwohner im Wasser", "weniger als 3", "40", "–"),
    ]


def test_bridges_are_no_roads_in_the_water(exposure: UseCase, planner: User, data: dict[str, str], town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    """The west half of the road is a bridge over 40 m of the water."""
    halves = [shapely.LineString([(WEST + x, SOUTH + 50), (WEST + x + 50, SOUTH + 50)]) for x in (0, 50)]
    roads = elevation.delivered(
        town, write(tmp_path / "bruecke.gpkg", halves, bruecke=["ja", "nein"]), title="Brücke"
    )
    about = {"raster": data["raster"], "buildings": data["buildings"], "roads": str(roads.public_id)}
    assert answered(exposure, planner, **about).summary["roads"] == 0.01
    bridge = elevation.delivered(town, write(tmp_path / "nur.gpkg", halves[:1], bruecke=["ja"]), title="Nur")
    summary = answered(exposure, planner, **(about | {"roads": str(bridge.public_id)})).summary
    assert (summary["roads"], summary["cut"]) == (0, 0)


# --- what is refused, before anything is computed


def test_what_does_not_fit_is_said_at_its_field(exposure: UseCase, planner: User, town: Tenant, data: dict[str, str]) -> None:  # fmt: skip
    known = {"raster": data["raster"], "buildings": data["buildings"]}
    assert errors(exposure, planner, town, known) == {}
    assert list(errors(exposure, planner, town, {"buildings": data["buildings"]})) == ["depths"]
    assert errors(exposure, planner, town, known | {"buildings": data["roads"]}) == {"buildings": ["„Roads“ enthält Linien; gebraucht werden hier: Flächen."]}  # fmt: skip
    assert list(errors(exposure, planner, town, known | {"roads": data["farmland"], "flooded": data["farmland"]})) == ["roads", "flooded"]  # fmt: skip
    assert list(errors(exposure, planner, town, known | {"people": data["farmland"], "inhabitants": 5})) == ["inhabitants"]  # fmt: skip
    for name, value in (("spread", 100), ("worth", "nan"), ("worth", "k.A."), ("smallest", -1), ("inhabitants", 0), ("assumed", 1), ("scale", "meer")):  # fmt: skip
        assert list(errors(exposure, planner, town, known | {name: value})) == [name]


def test_what_can_be_chosen_fits(
    exposure: UseCase, planner: User, town: Tenant, data: dict[str, str]
) -> None:
    planner.reach = reach(planner)
    with within(planner.reach.scope):
        form = exposure.form(offer=offered_to(planner, town))
        offered = {
            name: [words for value, words in form.fields[name].widget.choices if value]
            for name in ("roads", "buildings", "facilities", "raster")
        }
    areas, points = ["Buildings (Meißen)", "Farmland (Meißen)"], ["Facilities (Meißen)"]
    assert offered == {"roads": ["Roads (Meißen)"], "buildings": areas, "facilities": sorted(areas + points), "raster": ["Raster (Meißen)"]}  # fmt: skip


def test_what_is_not_ours_is_not_offered(exposure: UseCase, planner: User, town: Tenant, data: dict[str, str], tmp_path: Path) -> None:  # fmt: skip
    """A neighbour's buildings, water and run; once the buildings are public, they serve."""
    other: Tenant = TenantFactory.create(name="Coswig")
    houses = make_dataset(other, title="Häuser")
    known = {"raster": data["raster"], "buildings": str(houses.public_id)}
    assert list(errors(exposure, planner, town, known)) == ["buildings"]
    foreign = depth_run(other, tmp_path)
    assert list(errors(exposure, planner, town, {"depths": str(foreign.public_id), "buildings": data["buildings"]})) == ["depths"]  # fmt: skip
    public: Dataset = make_dataset(other, title="Öffentliche Häuser", public=True, slug="public")
    assert errors(exposure, planner, town, known | {"buildings": str(public.public_id)}) == {}


def test_heights_and_undeclared_values_are_no_depths(exposure: UseCase, planner: User, town: Tenant, data: dict[str, str], tmp_path: Path) -> None:  # fmt: skip
    heights = elevation.model(town, tmp_path)
    with pytest.raises(RunRefused, match="hat den Wert 10"):
        ask(exposure, planner, raster=str(heights.public_id), buildings=data["buildings"])
    undeclared = np.where(np.eye(60, dtype=bool), -9999, 0.5).astype(np.float32)
    holes = elevation.delivered(town, grids.geotiff(tmp_path / "loch.tif", undeclared), title="Loch")
    with pytest.raises(RunRefused, match="Das Raster „Loch“ hat den Wert -9999"):
        ask(exposure, planner, raster=str(holes.public_id), buildings=data["buildings"])


def test_buildings_far_from_the_water_and_people_without_a_number_are_refused(exposure: UseCase, planner: User, town: Tenant, data: dict[str, str], tmp_path: Path) -> None:  # fmt: skip
    away = elevation.delivered(town, write(tmp_path / "fern.gpkg", [box(5000, 0, 5010, 10)]), title="Fern")
    with pytest.raises(RunRefused, match="Die Gebäude von „Fern“ liegen nicht in der Nähe des Wassers"):
        ask(exposure, planner, raster=data["raster"], buildings=str(away.public_id))
    with pytest.raises(RunRefused, match="„Farmland“ hat kein Merkmal „einwohner“"):
        ask(exposure, planner, raster=data["raster"], buildings=data["buildings"], people=data["farmland"])


def test_what_buildings_do_not_say_is_noted(exposure: UseCase, planner: User, town: Tenant, data: dict[str, str], tmp_path: Path) -> None:  # fmt: skip
    bare = elevation.delivered(town, write(tmp_path / "bau.gpkg", HOUSES), title="Bauten")
    done = answered(exposure, planner, raster=data["raster"], buildings=str(bare.public_id), inhabitants=360)
    assert [each.split(" (")[0] for each in done.summary["notes"][:2]] == ["Die Gebäude sagen nicht, wozu sie genutzt werden", "Die Gebäude sagen nicht, wie viele Geschosse sie haben"]  # fmt: skip
    assert (done.summary["people"], done.summary["homes"]) == (200, 2)
