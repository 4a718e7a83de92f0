"""Measures in the ground: watertight, as large as drawn, and what water does with them. What can't be meant is named."""

import json
from typing import Any

import numpy as np
import pytest
import shapely
from rasterio.features import shapes

from tests.factories.datafiles import SOUTH, WEST
from tests.factories.elevation import CELL, NORTH, SIDE, bowl, ramp
from twin.analysis.terrain import Frame
from twin.hydro import storms
from twin.hydro.case import Case, Rain
from twin.hydro.running import Simulation
from twin.hydro.state import Result
from twin.usecases.heavy_rain import earthworks, measures
from twin.usecases.heavy_rain.earthworks import Works
from twin.usecases.heavy_rain.measures import BadMeasure, Measure

PART = Frame(WEST, NORTH, CELL, SIDE, SIDE)
DRY = np.zeros((SIDE, SIDE), bool)
EAST, MIDDLE = WEST + CELL * SIDE, SOUTH + CELL * SIDE / 2
FLAT = np.full((SIDE, SIDE), 100, np.float32)


def feature(kind: str, corners: Any, **values: float) -> dict[str, Any]:
    area = measures.KINDS[kind].shape == measures.AREA
    shape = shapely.Polygon(corners) if area else shapely.LineString(corners)
    return {"type": "Feature", "geometry": shapely.geometry.mapping(shape), "properties": {"kind": kind, **values}}  # fmt: skip


def drawn(*features: dict[str, Any]) -> tuple[Measure, ...]:
    return measures.read(json.dumps({"type": "FeatureCollection", "features": features}))


def box(west: float, south: float, east: float, north: float) -> Any:
    """Corners, in m from WEST and SOUTH."""
    return shapely.box(WEST + west, SOUTH + south, WEST + east, SOUTH + north).exterior.coords


def built(ground: Any, *features: dict[str, Any], standing: Any = DRY, infiltration: float = 0.0) -> Works:
    return earthworks.build(ground.copy(), drawn(*features), part=PART, built=standing, infiltration=infiltration)  # fmt: skip


def rained(works: Works, *, mm: float = 50.0, minutes: float = 120.0, on: Any = None) -> Result:
    """Block rain of an hour in a closed area, or on these cells of it alone."""
    rain = Rain(storms.block(mm, 60).fallen, None if on is None else on.astype(np.float32))
    simulation = Simulation(
        Case(works.ground, CELL, minutes * 60, rain=rain, infiltration=works.infiltration)
    )
    for _ in simulation.reports(every=600):
        pass
    return simulation.result()


def volume(found: Result, cells: Any) -> float:
    """m3 in these cells at the end."""
    return float(found.depth[cells].sum(dtype=np.float64)) * CELL**2


# --- in the cells


@pytest.mark.parametrize("corners", [
    [(WEST + 3, SOUTH + 5), (EAST - 7, NORTH - 9)],
    [(WEST + 2, SOUTH + 2), (EAST - 2, NORTH - 2)],  # through the corners of cells
    [(WEST + 1, MIDDLE), (WEST + 60, MIDDLE + 0.5), (EAST - 1, SOUTH + 3)],
])  # fmt: skip
def test_a_wall_is_a_chain_of_cells_that_share_sides(corners: Any) -> None:
    works = built(FLAT, feature("wall", corners, height=1.5))
    raised = works.ground > 100
    np.testing.assert_array_equal(np.unique(works.ground), [100, 101.5])
    line = shapely.LineString(corners)
    rows, columns = np.nonzero(raised)
    middles = shapely.points(WEST + (columns + 0.5) * CELL, NORTH - (rows + 0.5) * CELL)
    assert float(shapely.distance(middles, line).max()) <= 1.5 * CELL
    assert works.facts[0]["cells"] == raised.sum()
    assert len(list(shapes(raised.astype(np.uint8), mask=raised, connectivity=4))) == 1


def test_a_basin_has_a_level_bed_and_holds_its_area_times_its_depth() -> None:
    works = built(ramp(), feature("basin", box(20, 40, 60, 60), depth=2.0))
    inside = np.zeros((SIDE, SIDE), bool)
    inside[30:40, 10:30] = True
    bed = ramp()[40, 0] - 2  # below the row where it runs over
    np.testing.assert_array_equal(works.ground, np.where(inside, bed, ramp()))
    (told,) = works.facts
    dug = float((ramp()[inside] - bed).sum(dtype=np.float64)) * CELL**2
    assert (told["area"], told["volume"], told["dug"]) == (800, 1600, pytest.approx(dug, abs=0.05))
    assert dug > 1600


@pytest.mark.parametrize(("width", "cells", "lowered"), [(0.5, 40, 0.25), (2.0, 40, 1.0), (6.0, 120, 1.0)])
def test_a_ditch_holds_what_was_drawn_whatever_the_cells(width: float, cells: int, lowered: float) -> None:
    line = [(WEST + 20, SOUTH + 61), (WEST + 99.9, SOUTH + 61)]
    works = built(FLAT, feature("ditch", line, depth=1.0, width=width))
    (told,) = works.facts
    assert told["cells"] == cells
    assert float(100 - works.ground.min()) == pytest.approx(lowered, rel=0.01)
    assert told["volume"] == pytest.approx(79.9 * width * 1.0, rel=0.01)


def test_a_wide_ditch_has_no_gap_at_its_bends() -> None:
    line = [(WEST + 20, SOUTH + 61), (WEST + 61, SOUTH + 61), (WEST + 61, SOUTH + 20.5)]
    lowered = built(FLAT, feature("ditch", line, depth=1.0, width=5.0)).ground < 100
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    middles = shapely.points(WEST + (columns + 0.5) * CELL, NORTH - (rows + 0.5) * CELL)
    near = shapely.distance(middles, shapely.LineString(line)) <= 2.5
    np.testing.assert_array_equal(lowered, near & (columns >= 10) & (rows < 50))  # its ends are cut straight


def test_what_is_raised_is_raised_over_what_is_dug_and_houses_stay() -> None:
    houses = DRY.copy()
    houses[20:24, 20:24] = True
    hole = feature("basin", box(20, 20, 100, 100), depth=3.0)
    wall = feature("wall", [(WEST + 1, MIDDLE - 1), (EAST - 1, MIDDLE - 1)], height=1.0)
    works = built(FLAT, wall, hole, standing=houses)
    assert float(works.ground[30, 30]) == 101  # the crest is above the ground as it was
    assert float(works.ground[40, 30]) == 97
    np.testing.assert_array_equal(np.unique(works.ground[houses]), [105])


def test_without_measures_the_ground_is_as_it_was_and_soaks_alike() -> None:
    works = built(bowl(), infiltration=10.0)
    np.testing.assert_array_equal(works.ground, bowl())
    assert (works.infiltration, works.facts) == (10.0, ())


def test_what_lies_where_no_height_is_takes_no_cell() -> None:
    holed = FLAT.copy()
    holed[:, :30] = np.nan
    with pytest.raises(BadMeasure) as bad:
        built(holed, feature("wall", [(EAST - 40, MIDDLE), (EAST - 20, MIDDLE)], height=1), feature("wall", [(WEST + 2, MIDDLE), (WEST + 20, MIDDLE)], height=1))  # fmt: skip
    assert (bad.value.code, bad.value.number) == ("cells", 2)
    with pytest.raises(BadMeasure, match="cells"):
        built(FLAT, feature("basin", box(20.1, 20.1, 20.4, 20.4), depth=1))  # between the middles


# --- and in the rain


FELL = 0.05 * CELL**2  # m3 on a cell, by `rained`


def test_a_wall_keeps_the_water_on_its_side() -> None:
    """On a ramp to the south that is closed all around, half of the rain stays above a wall."""
    wall = feature("wall", [(WEST + 1, MIDDLE + 5), (EAST - 1, MIDDLE - 5)], height=3.0)
    works, free = built(ramp(), wall), rained(built(ramp()))
    found = rained(works)
    crest = works.ground > ramp() + 1
    above = np.cumsum(crest, axis=0) == 0
    below = ~above & ~crest
    assert volume(found, crest) == pytest.approx(0, abs=1)
    assert FELL * above.sum() < volume(found, above) < FELL * (above | crest).sum()
    assert FELL * below.sum() < volume(found, below) < FELL * (below | crest).sum()
    assert float(found.peak_depth[-1].max()) < 0.8 * float(free.peak_depth[-1].min())
    assert found.balance.volume == pytest.approx(FELL * SIDE**2, rel=1e-6)
    assert abs(found.balance.error) < 1e-6 * found.balance.rained


def test_not_a_drop_passes_a_slanted_wall() -> None:
    """Rain north of it alone: what lies below stays dry to the last bit."""
    wall = feature("wall", [(WEST + 1, MIDDLE + 9), (WEST + 50, MIDDLE - 7), (EAST - 1, MIDDLE + 3)], height=5.0)  # fmt: skip
    works = built(ramp(), wall)
    above = np.cumsum(works.ground > ramp() + 1, axis=0) == 0
    found = rained(works, on=above)
    assert float(found.peak_depth[~above].max()) == 0
    assert float(found.depth[above].max()) > 0.5


def test_a_basin_fills_before_the_street_below_it() -> None:
    """Rain above a basin that holds half of it: the street gets the rest, and later."""
    rows = np.arange(SIDE)[:, None] + np.zeros((1, SIDE), int)
    uphill, inside, street = rows < 25, (rows >= 25) & (rows < 35), rows >= 50
    works = built(ramp(), feature("basin", box(0, 50, 120, 70), depth=0.0625))
    (told,) = works.facts
    fell = FELL * uphill.sum()
    assert told["volume"] == fell / 2
    free, found = rained(built(ramp()), on=uphill), rained(works, on=uphill)
    assert volume(free, street) == pytest.approx(fell, rel=0.02)
    assert volume(found, inside) == pytest.approx(fell / 2, rel=0.05)
    assert volume(found, street) == pytest.approx(fell / 2, rel=0.05)
    filled, wet = (float(found.arrival[cells].min()) for cells in (inside, street))
    assert filled < wet
    assert wet > float(free.arrival[street].min()) + 300
    larger = rained(built(ramp(), feature("basin", box(0, 50, 120, 70), depth=0.3)), on=uphill)
    assert float(larger.peak_depth[street].max()) == 0  # it holds all of it


def test_a_ditch_leads_the_water_away_through_a_bank() -> None:
    """A bank holds the rain on a ramp back; a ditch through it, slanted and narrower than a cell, lets it go."""
    banked = ramp()
    banked[30:33] += 2
    ditch = feature("ditch", [(WEST + 40, MIDDLE + 8), (WEST + 56, MIDDLE - 16)], depth=6.0, width=1.5)
    rows = np.arange(SIDE)[:, None] + np.zeros((1, SIDE), int)
    above, below = rows < 30, rows >= 33
    held, led = (rained(built(banked, *each), minutes=180, on=above) for each in ((), (ditch,)))
    assert volume(held, below) == 0
    assert volume(led, below) > 0.5 * FELL * above.sum()
    assert led.balance.volume == pytest.approx(led.balance.rained, rel=1e-6)


def test_unsealing_lowers_the_volume_by_what_soaks_in() -> None:
    """In a level yard, a quarter of it: there always stands enough for two hours."""
    works = built(FLAT, feature("unsealing", box(0, 0, 60, 60), infiltration=10.0))
    assert np.unique(np.asarray(works.infiltration)).tolist() == [0, 10]
    found, sealed = rained(works), rained(built(FLAT))
    assert sealed.balance.soaked == 0
    assert found.balance.soaked == pytest.approx(0.010 * 2 * 60 * 60, rel=0.01)  # 10 mm/h on 3600 m2
    gone = sealed.balance.volume - found.balance.volume
    assert gone == pytest.approx(found.balance.soaked, rel=1e-4)
    assert abs(found.balance.error) < 1e-6 * found.balance.rained


# --- what can't be meant

LINE = [(WEST + 10, SOUTH + 10), (WEST + 50, SOUTH + 10)]
WALL = feature("wall", LINE, height=1.0)
POND = feature("basin", box(10, 10, 30, 30), depth=1.0)


def with_(base: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**base, "properties": {**base["properties"], **changes}}


def shaped(base: dict[str, Any], kind: str, coordinates: Any) -> dict[str, Any]:
    return {**base, "geometry": {"type": kind, "coordinates": coordinates}}


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (with_(WALL, kind="mauer"), "kind"),
        (with_(WALL, kind=["wall"]), "kind"),
        ({"type": "Feature", "geometry": WALL["geometry"], "properties": None}, "kind"),
        ("wall", "kind"),
        (None, "kind"),
        (with_(WALL, height="1,5"), "number"),
        (with_(WALL, height=None), "number"),
        (with_(WALL, height=True), "number"),
        (with_(WALL, height=float("nan")), "number"),
        (with_(WALL, height=float("inf")), "range"),
        (with_(WALL, height=10**400), "range"),
        (with_(WALL, height=0), "range"),
        (with_(WALL, height=-1.5), "range"),
        (with_(POND, depth=150), "range"),
        (with_(WALL, kind="ditch", depth=1.0, width=0), "range"),
        ({**WALL, "geometry": None}, "LineString"),
        ({**WALL, "geometry": "LINESTRING (0 0, 1 1)"}, "LineString"),
        ({**WALL, "geometry": POND["geometry"]}, "LineString"),
        (shaped(WALL, "LineString", [LINE[0]]), "LineString"),
        (shaped(WALL, "LineString", [LINE[0], LINE[0]]), "LineString"),
        (shaped(WALL, "LineString", [LINE[0], ["a", "b"]]), "LineString"),
        (shaped(WALL, "LineString", [LINE[0], [float("nan"), 5.0]]), "LineString"),
        (shaped(WALL, "LineString", [LINE[0], [10**400, 5]]), "LineString"),
        (shaped(WALL, "LineString", []), "LineString"),
        ({**POND, "geometry": WALL["geometry"]}, "Polygon"),
        (shaped(POND, "Polygon", [[*LINE, LINE[0]]]), "Polygon"),
        (shaped(POND, "Polygon", [[*LINE, (WEST + 90, SOUTH + 10), LINE[0]]]), "Polygon"),
        (shaped(POND, "MultiPolygon", [POND["geometry"]["coordinates"]]), "Polygon"),
        (shaped(POND, "Polygon", [[(WEST, SOUTH), (WEST + 10, SOUTH + 10), (WEST + 10, SOUTH), (WEST, SOUTH + 10), (WEST, SOUTH)]]), "crossing"),
        (shaped(WALL, "LineString", [(0, 0), (10, 10), (10, 0), (0, 10)]), "crossing"),
        (shaped(WALL, "LineString", [(WEST + n / 100, SOUTH + n % 7) for n in range(1001)]), "corners"),
        (shaped(WALL, "LineString", [(WEST, SOUTH), (WEST + 10_001, SOUTH)]), "long"),
        (shaped(WALL, "LineString", [(1e300, 0), (-1e300, 5)]), "long"),
    ],
)  # fmt: skip
def test_what_can_not_be_meant_is_refused_by_number(bad: Any, code: str) -> None:
    with pytest.raises(BadMeasure) as refused:
        drawn(WALL, bad)
    assert (refused.value.code, refused.value.number) == (code, 2)


@pytest.mark.parametrize("text", ["", "Mauer", "5", "[]", "null", "{}", '{"features": 5}', "[" * 100_000, '{"features": ' * 100_000])  # fmt: skip
def test_what_is_no_collection_is_refused(text: str) -> None:
    with pytest.raises(BadMeasure, match="collection"):
        measures.read(text)


def test_there_are_not_too_many() -> None:
    assert len(drawn(*[WALL] * measures.MOST)) == measures.MOST
    with pytest.raises(BadMeasure, match="many"):
        drawn(*[WALL] * (measures.MOST + 1))


def test_what_is_read_is_written_the_same_whatever_else_was_said() -> None:
    told = {"type": "FeatureCollection", "name": "QGIS", "features": [{**with_(WALL, height=1, fid=7), "id": 7}, POND]}  # fmt: skip
    once = measures.as_geojson(measures.of(told))
    assert once == measures.as_geojson(measures.of(once))
    assert once["features"][0]["properties"] == {"kind": "wall", "height": 1.0}
    assert once["features"][1]["geometry"] == json.loads(json.dumps(POND["geometry"]))
