"""The unit of heights, judged by what speaks for and against it; real ground that is in metres raises no doubt."""

from pathlib import Path

import numpy as np
import pytest
import rasterio

from twin.analysis import vertical
from twin.analysis.vertical import FILE, GAUGE, METRE, MODEL, RANGE, Vote
from twin.hydro.case import Grid

COUNTY = (80.0, 350.0)  # m, as KZ_GROUND_HEIGHTS proposes


def hills(side: int = 60) -> Grid:
    """Metres: a slope with hills, 120 to 170 m."""
    rows, columns = np.mgrid[0:side, 0:side] / side
    return (120 + 30 * rows + 20 * np.sin(6 * columns) ** 2).astype(np.float32)


@pytest.mark.parametrize(
    ("low", "high", "units"),
    [
        (90, 340, (METRE,)),
        (60, 76, None),  # below the county, and in every other unit lower still
        (3600, 5000, None),  # neither metres of this county nor any other unit
        (1200, 1400, ("dm",)),
        (1000, 1140, ("dm", "ft")),  # both are possible
        (400, 800, ("ft",)),
        (12_000, 14_000, ("cm",)),
        (120_000, 140_000, ("mm",)),
        (200, 2000, None),  # too much of it may be metres
    ],
)
def test_the_range_of_the_county_allows_units(low: float, high: float, units: tuple[str, ...] | None) -> None:
    found = vertical.by_range(np.linspace(low, high, 500, dtype=np.float32), COUNTY)
    assert (found and found.units) == units


@pytest.mark.parametrize(("factor", "unit"), [(1, METRE), (10, "dm"), (100, "cm"), (1000, "mm"), (1 / 0.3048, "ft")])  # fmt: skip
def test_another_model_of_the_same_ground_tells_the_unit(factor: float, unit: str) -> None:
    rough = hills() + np.random.default_rng(1).normal(0, 0.5, hills().shape).astype(np.float32)
    found = vertical.by_model(hills() * np.float32(factor), rough, name="DGM10")
    assert found is not None
    assert (found.kind, found.units, found.name) == (MODEL, (unit,), "DGM10")


def test_rasters_that_are_no_model_of_this_ground_tell_nothing() -> None:
    holes, rain = np.full((60, 60), np.nan, np.float32), np.random.default_rng(2).uniform(30, 50, (60, 60))
    flat, dm, other = np.full((60, 60), 130, np.float32), hills() * np.float32(10), hills()[::-1]
    for raster in (holes, rain.astype(np.float32), flat, dm * np.float32(7), other, hills() + np.float32(50)):
        assert vertical.by_model(dm, raster) is None
    assert vertical.by_model(flat, hills()) is None
    assert vertical.by_model(hills(), dm) is None  # the other one is wrong


@pytest.mark.parametrize(
    ("lowest", "zero", "units"),
    [(97.0, 94.8, (METRE,)), (970.0, 94.8, ("dm",)), (9_700.0, 94.8, ("cm",)), (318.0, 94.8, ("ft",)), (140.0, 94.8, None), (1.2, 0.5, (METRE,))],
)  # fmt: skip
def test_the_ground_at_a_gauge_lies_near_its_zero(lowest: float, zero: float, units: tuple[str, ...] | None) -> None:  # fmt: skip
    found = vertical.by_gauge(lowest, zero)
    assert (found and found.units) == units


def test_the_file_may_name_another_unit_and_proves_nothing_by_metres() -> None:
    assert [vertical.by_file(said) for said in ("", "m", "metre", "unknown")] == [None] * 4
    assert [found.units for said in ("US survey foot", " DM ", "centimetre") if (found := vertical.by_file(said))] == [("ft",), ("dm",), ("cm",)]  # fmt: skip


RANGED, SAME, ZERO = Vote(RANGE, ("dm", "ft")), Vote(MODEL, ("dm",)), Vote(GAUGE, ("dm",))
FITS, AT_HOME, AT_GAUGE = Vote(MODEL, (METRE,)), Vote(RANGE, (METRE,)), Vote(GAUGE, (METRE,))


@pytest.mark.parametrize(
    ("votes", "units", "certain"),
    [
        ([], None, False),
        ([FITS, AT_HOME, AT_GAUGE], None, False),
        ([RANGED], ("dm", "ft"), False),
        ([SAME], ("dm",), False),  # the other model alone may be the wrong one
        ([SAME, SAME], ("dm",), False),
        ([RANGED, SAME], ("dm",), True),
        ([ZERO, SAME], ("dm",), True),
        ([RANGED, ZERO], ("dm",), True),
        ([RANGED, Vote(FILE, ("ft",))], ("ft",), True),
        ([RANGED, SAME, FITS], ("dm",), False),  # a neighbour's wrong model refuses nobody's right one
        ([SAME, AT_HOME], ("dm",), False),
        ([RANGED, AT_GAUGE], None, False),  # a mountain with a brook
        ([RANGED, FITS], ("dm", "ft"), False),  # both may have come from the same hand
    ],
)
def test_only_two_different_witnesses_without_a_third_are_certain(votes: list[Vote], units: tuple[str, ...] | None, certain: bool) -> None:  # fmt: skip
    found = vertical.judge(votes)
    assert ((found and found.units), bool(found and found.certain)) == (units, certain)


# --- real ground


def real(path: Path, *, step: int = 1) -> Grid:
    with rasterio.open(path) as source:
        found: Grid = source.read(1, masked=True).filled(np.nan).astype(np.float32)
    return found[::step, ::step]


def test_real_mountains_in_metres_raise_no_doubt(shared_data: Path) -> None:
    """Saxon Switzerland, 112 to 723 m, at two scales: above the county's ground, and no other unit fits."""
    far = real(shared_data / "elevation" / "derived_badschandau_terrarium_z10_552_343_epsg3857.tif")
    near = real(shared_data / "elevation" / "derived_badschandau_terrarium_z11_1104_686_epsg3857.tif")
    assert vertical.by_range(far[np.isfinite(far)], COUNTY) is None
    north_west = far[:256, :256]  # of z10; z11 has four cells for each
    found = vertical.by_model(north_west, near[::2, ::2])
    assert found is not None
    assert (found.units, vertical.judge([found])) == ((METRE,), None)
    wrong = vertical.by_model(north_west * np.float32(10), near[::2, ::2])
    assert wrong is not None
    assert wrong.units == ("dm",)


def test_a_real_flood_plain_is_told_by_another_model_alone(shared_data: Path) -> None:
    """The Elbe near Roßlau, 49 to 77 m: lower than this county."""
    ground = real(shared_data / "elevation" / "elbe_rosslau_dgm1_309000_5749000.tif", step=10)
    assert vertical.by_range(ground[np.isfinite(ground)], COUNTY) is None
    found = vertical.by_model(ground / np.float32(0.3048), ground)
    assert found is not None
    assert found.units == ("ft",)
