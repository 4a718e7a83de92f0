"""World files, places in GeoTIFFs, and systems in which a picture would lie on its plan."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from planning.rasters.georeference import (
    CANDIDATES,
    corners,
    footprint,
    is_world_file,
    place_in,
    proposals,
    read_world_file,
    world_file_for,
)
from planning.rasters.opening import opened
from planning.rasters.refusal import RasterRefused
from tests.factories import pictures

AREA = shapely.box(385_000, 5_668_150, 385_100, 5_668_250)


def test_world_file_names_the_centre_of_the_upper_left_pixel() -> None:
    """Half a metre per pixel, centre at (385000.25, 5668299.75): the corner lies at (385000, 5668300)."""
    text = b"0.5\n0\n0\n-0.5\n385000.25\n5668299.75\n"
    assert read_world_file(text) == (0.5, 0, 385000, 0, -0.5, 5668300)


@pytest.mark.parametrize(
    "text",
    [
        b"0,5\r\n0,0\r\n0,0\r\n-0,5\r\n385000,25\r\n5668299,75\r\n",
        b"\xef\xbb\xbf0.5\n0.0\n0.0\n-.5\n+385000.25\n5.66829975E6",
    ],
)
def test_world_files_of_other_programs_are_read(text: bytes) -> None:
    np.testing.assert_allclose(read_world_file(text), (0.5, 0, 385000, 0, -0.5, 5668300))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (b"", "raster.world_file"),
        (b"0.5 0 0 -0.5 385000", "raster.world_file"),
        (b"a\nb\nc\nd\ne\nf", "raster.world_file"),
        (b"0\n0\n0\n0\n1\n1", "raster.transform"),
        (b"1e999\n0\n0\n1\n1\n1", "raster.transform"),
        (b"\0" * 4000, "raster.world_file"),
    ],
)
def test_world_files_that_say_nothing_are_refused(text: bytes, rule: str) -> None:
    with pytest.raises(RasterRefused) as refused:
        read_world_file(text)
    assert refused.value.rule == rule


def test_world_file_is_found_by_the_names_programs_give_it() -> None:
    names = ["Plan.TFW", "plan.jgw", "plan.png.wld", "other.wld", "plan.tif"]
    assert world_file_for("plan.tif", names) == "Plan.TFW"
    assert world_file_for("PLAN.jpg", names) == "plan.jgw"
    assert world_file_for("plan.png", names) == "plan.png.wld"
    assert world_file_for("text.pdf", names) is None
    assert [is_world_file(name) for name in names] == [True, True, True, True, False]


@pytest.mark.parametrize("srid", CANDIDATES)
def test_picture_in_each_system_is_found_on_its_plan(srid: int, tmp_path: Path) -> None:
    """The true system is always among the proposals, whatever the picture says."""
    with opened(pictures.geotiff(tmp_path / "plan.tif", srid)) as dataset:
        place = place_in(dataset, srid=None, assumed=4326)
    assert place is not None
    assert (place.crs, place.source) == (f"EPSG:{srid}", "geotiff")
    points = corners(place.transform, pictures.WIDTH, pictures.HEIGHT)
    outline = footprint(points, source=srid, target=25833)
    assert outline is not None
    assert (
        outline.hausdorff_distance(shapely.box(385_000, 5_668_150, 385_200, 5_668_300)) < 20
    )  # metres; north differs
    assert srid in proposals(points, area=AREA, srid=25833)


def test_picture_far_from_its_plan_in_every_system_has_no_proposal() -> None:
    points = corners((0.5, 0, 12.0, 0, -0.5, 34.0), 400, 300)
    assert proposals(points, area=AREA, srid=25833) == []


def test_a_system_said_by_a_person_counts_more_than_the_files(tmp_path: Path) -> None:
    with opened(pictures.geotiff(tmp_path / "plan.tif", 25832)) as dataset:
        place = place_in(dataset, srid=25833, assumed=25832)
    assert place is not None
    assert place.crs == "EPSG:25833"


def test_plain_picture_has_no_place(tmp_path: Path) -> None:
    with opened(pictures.write(tmp_path / "plan.png")) as dataset:
        assert place_in(dataset, srid=None, assumed=25833) is None
