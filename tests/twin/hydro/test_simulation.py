"""Runs: threads, going on from a state, edges, dry land, what is reported."""

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.twin.hydro.channels import finished, line
from twin.hydro import layout as laid_out
from twin.hydro.case import Case, Curve, Edge, Inflow, Pipe, Rain, Side
from twin.hydro.errors import OtherCase
from twin.hydro.kernel import Spans
from twin.hydro.running import Simulation, run
from twin.hydro.sections import section
from twin.hydro.state import Result, unpack

MAPS = ("depth", "peak_depth", "peak_speed", "peak_flow", "arrival")


def hills(**changes: Any) -> Case:
    y, x = np.mgrid[0:130, 0:150]
    rng = np.random.default_rng(7)
    area = (x - 75) ** 2 + (y - 65) ** 2 < 62**2
    case = Case(
        np.where(area, 300 + np.sin(x / 17) * np.cos(y / 9) - x / 50, np.nan), 2.0, 400,
        0.02 + 0.05 * rng.random(x.shape), 5 * rng.random(x.shape),
        Rain(Curve((0, 200, 400), (0, 20, 25)), rng.random(x.shape)),
        (Inflow((60, 61), (40, 40), Curve((0, 400), (1, 3))),),
        (Edge(Side.EAST), Edge(Side.NORTH, level=Curve((0, 400), (299.0, 300.2)))),
        pipes=(Pipe(((60, 41), (80, 100)), (299.5, 298.0), 0.4), Pipe(((70, 60), (40, 90)), (299.0, 299.0), most=0.02)),
    )  # fmt: skip
    return replace(case, **changes)


def assert_same(one: Result, other: Result) -> None:
    for name in MAPS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    np.testing.assert_array_equal(one.piped, other.piped)
    assert (one.balance, one.time, one.steps) == (other.balance, other.time, other.steps)


@pytest.mark.parametrize("double", [False, True])
def test_threads_change_no_bit(double: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laid_out, "ENOUGH", 500)
    alone = run(hills(double=double))
    for threads in (2, 3, 5):
        assert_same(alone, run(hills(double=double), threads=threads))
    assert abs(alone.balance.error) <= (1e-12 if double else 1e-6) * alone.balance.volume
    assert np.nanmin(alone.depth) >= 0


@pytest.mark.parametrize("double", [False, True])
def test_a_run_goes_on_from_a_saved_state_as_if_it_had_not_stopped(double: bool) -> None:
    whole, file = finished(hills(double=double)), io.BytesIO()
    stopped = Simulation(hills(double=double))
    for share, state in stopped.reports(every=50):
        if share > 0.4:
            saved: dict[str, Any] = {**state.pack()}
            np.savez(file, **saved)
            break
    file.seek(0)
    resumed = Simulation(hills(double=double), state=unpack(np.load(file)), threads=2)
    assert 0.4 * 400 < resumed.state.time < 0.6 * 400
    for _share, _state in resumed.reports(every=17):
        pass
    assert_same(whole.result(), resumed.result())


def test_the_last_result_is_the_same_without_a_copy() -> None:
    simulation = finished(hills())
    copied, taken = simulation.result(), simulation.result(last=True)
    assert_same(copied, taken)
    assert np.shares_memory(taken.peak_depth, simulation.state.peak_depth)
    assert not np.shares_memory(copied.peak_depth, simulation.state.peak_depth)


def test_a_state_of_another_case_is_refused() -> None:
    state = Simulation(hills()).state
    with pytest.raises(OtherCase):
        Simulation(hills(double=True), state=state)
    with pytest.raises(OtherCase):
        unpack({"h": state.h})


def test_reports_rise_to_one() -> None:
    shares = [share for share, _ in Simulation(hills()).reports(every=100)]
    assert shares == sorted(shares)
    assert len(shares) == 4
    assert shares[-1] == 1.0


def test_skipping_dry_land_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The flood of one inflow on a plain, with and without the tiles that it hasn't reached."""
    y, x = np.mgrid[0:120, 0:200]
    case = Case(0.002 * x + 0.001 * y, 5.0, 300, 0.03, inflows=(Inflow((60,), (150,), Curve((0,), (20,))),))
    dry = Simulation(case)
    assert (dry._spans.last - dry._spans.first).sum() <= 3 * 3 * 32
    for _share, _state in dry.reports():
        pass
    monkeypatch.setattr("twin.hydro.upkeep.spread", lambda wet, always, spans, columns: _all(spans, columns))
    assert_same(run(case), dry.result())
    assert 0 < (dry.result().depth > 0).mean() < 0.5


def test_skipping_dry_land_between_many_ponds_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ponds that burst on a slope: bands of rows with other columns to visit than those above and below, some with none."""
    rng = np.random.default_rng(11)
    y, x = np.mgrid[0:300, 0:400]
    ponds = np.where(rng.random(x.shape) < 0.0004, 2.0, 0.0)
    case = Case(0.02 * x + 0.01 * y + 0.2 * rng.random(x.shape), 2.0, 90, 0.03, depth=ponds)
    monkeypatch.setattr(laid_out, "ENOUGH", 500)
    skipping = [finished(case, threads=threads) for threads in (1, 3)]
    spans, seams = skipping[0]._spans, skipping[0]._seams
    assert spans.number.max() > 2
    assert (seams.number != spans.number).any()
    monkeypatch.setattr("twin.hydro.upkeep.spread", lambda wet, always, spans, columns: _all(spans, columns))
    whole = run(case)
    for each in skipping:
        assert_same(whole, each.result())
    assert 0.01 < (whole.depth > 0).mean() < 0.5


def _all(spans: Spans, columns: int) -> None:
    spans.number[:], spans.first[:, 0], spans.last[:, 0] = 1, 2, columns - 2


def test_water_leaves_over_an_open_edge_at_normal_depth() -> None:
    """A channel as steep as the ground beyond its edge: q = h^(5/3) sqrt(I) / n all the way, the last cell too."""
    x = np.arange(2.5, 500, 5)
    channel = run(
        Case(
            line(0.01 * (500 - x)), 5.0, 3600, 0.03,
            inflows=(Inflow((0,), (0,), Curve((0,), (5.0,))),), edges=(Edge(Side.EAST, fall=0.01),),
        )
    )  # fmt: skip
    normal = (1.0 * 0.03 / 0.1) ** 0.6
    np.testing.assert_allclose(channel.depth[0, 20:], normal, rtol=2e-3)
    np.testing.assert_allclose(channel.peak_speed[0, 50], 1.0 / normal, rtol=0.05)
    assert channel.balance.left == pytest.approx(5.0 * 3600 - channel.balance.volume, rel=1e-6)


def test_edges_not_opened_are_closed() -> None:
    pond = run(Case(np.zeros((20, 20)), 1.0, 600, rain=Rain(Curve((0, 600), (0, 30)))))
    np.testing.assert_allclose(pond.depth, 0.030, rtol=1e-4)
    assert pond.balance.left == 0


def test_a_level_fills_a_basin_to_itself() -> None:
    basin = run(
        Case(
            np.zeros((30, 30)) + 104.0, 2.0, 3600, 0.1, edges=(Edge(Side.WEST, level=Curve((0,), (105.5,))),)
        )
    )
    np.testing.assert_allclose(basin.depth, 1.5, atol=0.01)
    assert basin.balance.left == pytest.approx(-1.5 * 30 * 30 * 4, rel=0.01)


def test_infiltration_takes_what_is_there_and_no_more() -> None:
    soaked = run(
        Case(np.zeros((20, 20)), 1.0, 1800, infiltration=100.0, rain=Rain(Curve((0, 600), (0, 5.0))))
    )
    assert soaked.depth.max() == 0
    assert soaked.balance.soaked == soaked.balance.rained == pytest.approx(0.005 * 400, rel=1e-4)
    some = run(Case(np.zeros((20, 20)), 1.0, 1800, infiltration=10.0, depth=0.1))
    np.testing.assert_allclose(some.depth, 0.1 - 0.005, rtol=1e-4)


def test_arrival_is_when_the_water_first_stood_five_centimetres_deep() -> None:
    pond = run(Case(np.zeros((20, 20)), 1.0, 1200, rain=Rain(Curve((0, 1200), (0, 100)))))
    assert pond.arrival == pytest.approx(600, abs=10)
    never = run(Case(np.zeros((20, 20)), 1.0, 1200, rain=Rain(Curve((0, 1200), (0, 40)))))
    assert np.isinf(never.arrival).all()


def test_nothing_is_computed_outside_the_area() -> None:
    result = run(hills(duration=60))
    outside = np.isnan(hills().terrain)
    for name in MAPS:
        np.testing.assert_array_equal(np.isnan(getattr(result, name)), outside)


def test_sections_measure_what_flows_through_them() -> None:
    """A closed ring round a source of 2 m3/s, and a line that slants across a channel of 3 m3/s, both ways."""
    ring = section(np.array([[5, 5], [5, 15], [15, 15], [15, 5], [5, 5]]))
    source = Simulation(
        Case(np.zeros((20, 20)), 2.0, 900, 0.05, depth=1.0, inflows=(Inflow((10,), (10,), Curve((0,), (2,))),),
             edges=tuple(Edge(side, level=Curve((0,), (1.0,))) for side in Side)),
        sections=(ring,),
    )  # fmt: skip
    *_, (_share, state) = source.reports(every=300)
    assert state.series[-1, 1] == pytest.approx(-2.0, rel=0.01)
    points = np.array([[0, 20], [6, 31]])
    channel = Simulation(
        Case(np.tile(0.002 * np.arange(60.0)[::-1], (6, 1)), 2.0, 1800, 0.03,
             inflows=(Inflow(tuple(range(6)), (0,) * 6, Curve((0,), (3,))),), edges=(Edge(Side.EAST, fall=0.001),)),
        sections=(section(points), section(points[::-1])),
    )  # fmt: skip
    *_, (_share, state) = channel.reports(every=600)
    np.testing.assert_allclose(state.series[-1, 1:], [-3.0, 3.0], rtol=0.01)
    assert state.series.shape == (3, 3)
