"""A terrain model in decimetres, feet or centimetres is noticed before it is computed, by what the town can see, and by nothing else."""

from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import rasterio
from django.contrib.gis.geos import Polygon
from django.test import Client
from rasterio.transform import from_origin

from tenants.models import Tenant, User
from tenants.permissions import scope_of
from tenants.scope import acting_for, within
from tests.factories import elevation, grids
from tests.factories.datafiles import SOUTH, WEST
from tests.factories.elevation import NORTH
from tests.factories.sensors import series_of
from tests.factories.tenants import TenantFactory
from tests.twin.analysis.test_pages import signed_in
from tests.twin.analysis.test_runs import ask, compute
from twin.analysis import registry
from twin.analysis.errors import RunRefused
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase
from twin.catalogue import publishing
from twin.catalogue.models import Dataset
from twin.sensors import queries

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def flow_paths() -> UseCase:
    found = registry.find("flow-paths")
    assert found is not None
    return found


def in_unit(town: Tenant, folder: Path, factor: float) -> Dataset:
    return elevation.model(town, folder, (elevation.bowl() * factor).astype(np.float32))


def asked(use_case: UseCase, person: User, ground: Dataset) -> Run:
    return ask(use_case, person, elevation=str(ground.public_id), cell="2", catchment="0,1")[0]


def notes(run: Run) -> list[str]:
    found: list[str] = run.summary.get("notes", [])
    return found


def test_metres_of_the_county_raise_no_doubt(flow_paths: UseCase, planner: User, ground: Dataset) -> None:
    assert notes(asked(flow_paths, planner, ground)) == []


@pytest.mark.parametrize(
    ("factor", "wanted"),
    [
        (10, "Passen würden Dezimeter (100,4 bis 104,0 m) oder Fuß (306 bis 317 m)."),
        (1 / 0.3048 * 1.2, "Passen würden Fuß (120,4 bis 124,8 m)."),
    ],
)
def test_the_county_s_ground_alone_warns(flow_paths: UseCase, planner: User, town: Tenant, tmp_path: Path, factor: float, wanted: str) -> None:  # fmt: skip
    (note,) = notes(asked(flow_paths, planner, in_unit(town, tmp_path, factor)))
    assert note.startswith("Die Höhen des Geländemodells sind vielleicht keine Meter über dem Meeresspiegel: Sie liegen zwischen ")  # fmt: skip
    assert "Der Boden im Kreis liegt zwischen 80 und 350 m." in note
    assert note.endswith("sonst sind Tiefen und Gefälle falsch.")


def test_centimetres_above_all_mountains_are_refused_with_what_they_are(flow_paths: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    with pytest.raises(RunRefused) as refused:
        asked(flow_paths, planner, in_unit(town, tmp_path, 100))
    assert str(refused.value) == (
        "Die Höhen des Geländemodells sind keine Meter über dem Meeresspiegel: Sie liegen zwischen 10.035 und 10.396. Es passt mit Zentimeter "
        "(100,4 bis 104,0 m). Der Boden im Kreis liegt zwischen 80 und 350 m. Rechnen Sie die Höhen in Meter um (mal 0,01) und liefern Sie das Modell neu."
    )


def test_a_right_model_beside_it_makes_it_certain(flow_paths: UseCase, planner: User, town: Tenant, ground: Dataset, tmp_path: Path) -> None:  # fmt: skip
    wrong = in_unit(town, tmp_path, 10)
    with pytest.raises(RunRefused, match=r"Es passt mit Dezimeter \(.*Ein anderer Datensatz hat dort in der Mitte 102,\d m, dieses Modell 1\.02\d\.") as refused:  # fmt: skip
        asked(flow_paths, planner, wrong)
    assert "Geländemodell“" not in str(refused.value)  # one that is not public is not named
    assert (
        notes(asked(flow_paths, planner, ground)) == []
    )  # and the wrong one bears no witness against the right one


def test_models_that_the_town_may_not_see_bear_no_witness(flow_paths: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    other = TenantFactory.create(slug="riesa", name="Riesa")
    theirs = elevation.model(other, tmp_path)
    wrong = in_unit(town, tmp_path, 10)
    (note,) = notes(asked(flow_paths, planner, wrong))
    assert "Datensatz" not in note
    with acting_for([other.pk], [other.pk]):
        publishing.make_public(theirs, licence="dl-by-de/2.0", actor=None)
    with pytest.raises(RunRefused, match="Der Datensatz „Geländemodell“ hat dort"):
        ask(flow_paths, planner, elevation=str(wrong.public_id), cell="2", catchment="0,2")


def test_a_neighbour_s_wrong_model_refuses_nobody_s_right_one(flow_paths: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    """As if ours were feet: as metres it lies in the county, so it is a question, no refusal."""
    steep = 5 * elevation.bowl() - 350  # 150 to 170 m
    ground, other = elevation.model(town, tmp_path, steep), TenantFactory.create(slug="riesa", name="Riesa")
    theirs = elevation.model(other, tmp_path, (0.3048 * steep).astype(np.float32))
    with acting_for([other.pk], [other.pk]):
        publishing.make_public(theirs, licence="dl-by-de/2.0", actor=None)
    (note,) = notes(asked(flow_paths, planner, ground))
    assert "vielleicht keine Meter" in note
    assert "Für Meter spricht: Der Boden im Kreis liegt zwischen 80 und 350 m." in note


def test_the_zero_of_a_gauge_bears_witness(flow_paths: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    series_of(town, zero=98.2, datum="m ü. NHN", public=True)
    with pytest.raises(RunRefused, match=r"Der Nullpunkt des Pegels „Altstadt“ liegt bei 98,2 m, der tiefste Boden um ihn im Modell bei 1\.0"):  # fmt: skip
        asked(flow_paths, planner, in_unit(town, tmp_path, 10))


def test_zeros_count_where_they_are_above_the_sea_and_can_be_seen(town: Tenant) -> None:
    other = TenantFactory.create(slug="riesa", name="Riesa")
    series_of(town, zero=98.2, datum="m ü. NHN", name="Innen")
    series_of(town, zero=0.0, datum="örtlich", name="Örtlich")
    series_of(other, zero=97.0, datum="m ü. NHN", name="Fremd")
    series_of(other, zero=96.0, datum="m ü. NN", name="Öffentlich", public=True)
    box = Polygon.from_bbox((WEST, SOUTH, WEST + 100, NORTH))
    with within(scope_of(town)):
        assert queries.zeros(box) == [("", 385_000.0, 5_668_000.0, 98.2), ("Öffentlich", 385_000.0, 5_668_000.0, 96.0)]  # fmt: skip
        assert queries.zeros(Polygon.from_bbox((0, 0, 1, 1))) == []


def test_a_file_that_names_feet_is_believed_beside_the_range(flow_paths: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    path = grids.geotiff(tmp_path / "dgm.tif", (elevation.bowl() * 4).astype(np.float32), transform=from_origin(WEST, NORTH, 2, 2))  # fmt: skip
    with rasterio.open(path, "r+") as sink:
        sink.units = ("US survey foot",)
    dataset = elevation.delivered(town, path, title="Geländemodell")
    with pytest.raises(RunRefused, match=r"Es passt mit Fuß \(.*Die Datei selbst nennt diese Einheit\."):
        asked(flow_paths, planner, dataset)


@pytest.mark.parametrize("slug", ["flow-paths", "small-streams", "heavy-rain"])
def test_every_use_case_with_heights_asks_before_it_computes(client: Client, planner: User, town: Tenant, tmp_path: Path, slug: str) -> None:  # fmt: skip
    """Told above the form; who sends it all the same has the warning on page and in the answer."""
    wrong = in_unit(town, tmp_path, 12)
    fields = {"elevation": str(wrong.public_id), "cell": "2", "catchment": "0.1" if slug == "flow-paths" else "1", "depth": "20"}  # fmt: skip
    signed_in(client, planner)
    page = client.post(f"/analysen/neu/{slug}/", fields)
    text = page.content.decode()
    assert (page.status_code, Run.objects.count()) == (400, 0)
    assert "Bitte sehen Sie die Daten an, bevor gerechnet wird" in text
    assert "Passen würden Dezimeter (120,4 bis 124,8 m)" in text
    assert 'name="trotzdem" value="1"' in text
    sent = client.post(f"/analysen/neu/{slug}/", fields | {"trotzdem": "1"})
    assert sent.status_code == 302
    assert "vielleicht keine Meter" in client.get(sent["Location"]).content.decode()


def test_the_warning_stands_in_the_report(client: Client, flow_paths: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    done = compute(asked(flow_paths, planner, in_unit(town, tmp_path, 12)))
    signed_in(client, planner)
    report = pypdfium2.PdfDocument(client.get(f"{done.get_absolute_url()}bericht.pdf").content)
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in report).split())
    assert "Passen würden Dezimeter" in text


def test_real_mountains_outside_the_county_pass(flow_paths: UseCase, planner: User, town: Tenant, shared_data: Path) -> None:  # fmt: skip
    """Saxon Switzerland and around, up to 560 m."""
    path = shared_data / "elevation" / "derived_badschandau_terrarium_z11_1104_686_epsg3857.tif"
    real = elevation.delivered(town, path, title="Sächsische Schweiz", anywhere=True)
    run, _is_new = ask(flow_paths, planner, elevation=str(real.public_id), cell="50", catchment="100")
    assert [each for each in notes(run) if "Meter" in each] == []
