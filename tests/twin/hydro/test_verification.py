"""What the scheme must reach: solutions that contain what it computes."""

import numpy as np
import pytest

from tests.twin.hydro.channels import centres, entering, finished, inertial_wave, line, macdonald, rmse
from twin.hydro.case import Case, Curve, Edge, Inflow, Rain, Side


@pytest.mark.parametrize(("double", "limit"), [(True, 1e-12), (False, 1e-5)])
def test_a_lake_with_an_island_stays_at_rest(double: bool, limit: float) -> None:
    x = centres(25, 0.125)
    bed = np.maximum(0.0, 0.2 - 0.05 * (x - 10) ** 2)
    lake = finished(Case(line(bed), 0.125, 60, 0.0, depth=line(np.maximum(0.1 - bed, 0.0)), double=double))
    assert max(abs(lake.state.qx).max(), abs(lake.state.qy).max()) <= limit
    np.testing.assert_allclose(lake.result().depth[0], np.maximum(0.1 - bed, 0.0), atol=limit)


def test_a_deep_lake_between_hills_stays_at_rest_in_single_precision() -> None:
    rng = np.random.default_rng(3)
    bed = 80 * rng.random((60, 60))
    lake = finished(Case(bed + 100, 5.0, 300, 0.0, depth=np.maximum(20 - bed, 0.0)))
    assert max(abs(lake.state.qx).max(), abs(lake.state.qy).max()) <= 2e-4


def test_noise_on_a_lake_does_not_grow() -> None:
    noise = 1e-6 * np.random.default_rng(5).random((60, 60))
    lake = finished(Case(np.zeros((60, 60)), 2.0, 686, 0.0, depth=5 + noise, double=True))
    assert lake.state.steps >= 4000
    assert abs(lake.result().depth - 5).max() < 1e-5


def test_macdonald_long_channel() -> None:
    x = centres(1000, 5)
    bed, depth = macdonald(x)
    end = float(macdonald(np.array([1000.0]))[1][0])
    channel = finished(
        Case(
            line(bed), 5.0, 7200, 0.033,
            inflows=(Inflow((0,), (0,), Curve((0,), (2.0 * 5,))),),
            edges=(Edge(Side.EAST, level=Curve((0,), (end,))),),
        )
    )  # fmt: skip
    assert np.abs(channel.result().depth[0] - depth).mean() < 0.03
    np.testing.assert_allclose(channel.state.qx[3, 10:190], 2.0, rtol=1e-3)


@pytest.mark.parametrize(("cell", "limit"), [(25.0, 0.03), (10.0, 0.02)])
def test_a_wave_that_moves_on_unchanged(cell: float, limit: float) -> None:
    depth, wanted = entering(inertial_wave, cell=cell)
    assert rmse(depth[wanted > 0], wanted[wanted > 0]) <= limit


@pytest.mark.parametrize(("double", "of_volume"), [(True, 1e-12), (False, 1e-6)])
def test_a_closed_basin_keeps_all_rain(double: bool, of_volume: float) -> None:
    y, x = np.mgrid[0:90, 0:110]
    bed = 2 + np.sin(x / 9) * np.cos(y / 7)
    basin = finished(Case(bed, 2.0, 1800, 0.04, 10.0, Rain(Curve((0, 900), (0, 60))), double=double)).result()
    fallen = 0.060 * 4 * bed.size
    assert abs(basin.balance.error) <= of_volume * basin.balance.volume
    assert abs(basin.balance.rained - fallen) <= 1e-4 * fallen
    assert basin.balance.soaked > 0.05 * fallen
    assert basin.depth.min() >= 0


def test_single_precision_loses_no_rain_on_a_deep_pond() -> None:
    pond = finished(
        Case(np.zeros((40, 50)), 2.0, 1800, 0.03, rain=Rain(Curve((0, 1800), (0, 2.5))), depth=4.3)
    ).result()
    area = 40 * 50 * 4
    assert abs(pond.balance.volume - area * (np.float64(np.float32(4.3)) + 0.0025)) <= 1e-4 * 0.0025 * area
    assert abs(pond.balance.error) <= 1e-6 * pond.balance.volume


def test_single_precision_loses_no_water_that_trickles_into_a_deep_pond() -> None:
    """A step brings each cell less than the last digit of its depth."""
    pond = finished(
        Case(
            np.zeros((30, 30)),
            2.0,
            1800,
            0.03,
            depth=6.0,
            inflows=(Inflow((0,), (0,), Curve((0,), (0.002,))),),
        )
    ).result()
    assert pond.balance.poured == pytest.approx(3.6, rel=1e-6)
    assert abs(pond.balance.error) <= 1e-4 * pond.balance.poured
