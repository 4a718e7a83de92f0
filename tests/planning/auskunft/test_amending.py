"""Where plans still apply: situations drawn by hand, in metres."""

import pytest
import shapely
from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

from planning.auskunft.amending import Amendment, parts, redrawn
from planning.auskunft.measuring import REACH, WIDTH, clipped, share, substantial
from planning.auskunft.places import Place
from planning.xplanung.relations import Effect

A, B, C = 1, 2, 3
PARCEL = box(0, 0, 10, 10)


def amendment(effect: Effect, area: BaseGeometry, *, by: int = B, of: int = A) -> Amendment:
    return Amendment(by, of, effect, area)


@pytest.mark.parametrize("effect", [Effect.REPEALS, Effect.REPLACES])
def test_a_repeal_cuts_its_area_out(effect: Effect) -> None:
    found = parts({A: PARCEL, B: box(6, 0, 10, 10)}, [amendment(effect, box(6, 0, 10, 10))])
    assert found[A].area.equals(box(0, 0, 6, 10))
    assert [each.by for each in found[A].cut] == [B]
    assert found[B].area.equals(box(6, 0, 10, 10))


def test_a_repeal_in_the_middle_leaves_a_hole() -> None:
    hole = box(4, 4, 6, 6)
    found = parts({A: PARCEL, B: hole}, [amendment(Effect.REPEALS, hole)])
    assert found[A].area.equals(Polygon(PARCEL.exterior.coords, [hole.exterior.coords]))


def test_two_repeals_together_take_all() -> None:
    cuts = [amendment(Effect.REPEALS, box(0, 0, 5, 10)), amendment(Effect.REPEALS, box(5, 0, 10, 10), by=C)]
    found = parts({A: PARCEL, B: box(0, 0, 5, 10), C: box(5, 0, 10, 10)}, cuts)
    assert found[A].area.is_empty
    assert [each.by for each in found[A].cut] == [B, C]


@pytest.mark.parametrize("effect", [Effect.CHANGES, Effect.SUPPLEMENTS])
def test_a_change_takes_nothing_away(effect: Effect) -> None:
    found = parts({A: PARCEL, B: box(6, 0, 10, 10)}, [amendment(effect, box(6, 0, 10, 10))])
    assert found[A].area.equals(PARCEL)
    assert [each.by for each in found[A].changed] == [B]


def test_a_change_where_the_plan_is_gone_is_not_told() -> None:
    side = box(6, 0, 10, 10)
    found = parts(
        {A: PARCEL, B: side, C: side},
        [amendment(Effect.CHANGES, box(7, 1, 9, 9)), amendment(Effect.REPEALS, side, by=C)],
    )
    assert found[A].changed == []


def test_slivers_are_not_left_over() -> None:
    found = parts({A: PARCEL, B: PARCEL}, [amendment(Effect.REPEALS, box(0, 0, 10 - WIDTH / 2, 10))])
    assert found[A].area.is_empty


def test_a_point_lies_in_a_repeal_or_not() -> None:
    point = shapely.Point(5, 5)
    assert parts({A: point, B: point}, [amendment(Effect.REPEALS, point)])[A].area.is_empty


def test_plans_that_repeal_each_other_both_stay_and_say_so() -> None:
    found = parts(
        {A: PARCEL, B: PARCEL},
        [amendment(Effect.REPEALS, PARCEL), amendment(Effect.REPLACES, PARCEL, by=A, of=B)],
    )
    assert found[A].area.equals(PARCEL)
    assert found[B].area.equals(PARCEL)
    assert [[each.by for each in found[key].changed] for key in (A, B)] == [[B], [A]]


def test_a_plan_does_not_change_itself() -> None:
    assert parts({A: PARCEL}, [amendment(Effect.REPEALS, PARCEL, by=A)])[A].area.equals(PARCEL)


def test_only_areas_of_a_change_are_drawn_anew() -> None:
    part = parts(
        {A: PARCEL, B: PARCEL, C: PARCEL},
        [amendment(Effect.CHANGES, box(5, 0, 10, 10)), amendment(Effect.SUPPLEMENTS, PARCEL, by=C)],
    )[A]
    assert redrawn(part, {B: [box(4, 0, 8, 10)], C: [PARCEL]}).equals(box(5, 0, 8, 10))
    assert redrawn(part, {}).is_empty


# --- measuring


@pytest.mark.parametrize(("width", "told"), [(WIDTH * 0.9, False), (WIDTH * 1.1, True)])
def test_an_overlap_counts_from_the_tolerance_on(width: float, told: bool) -> None:
    found = clipped(box(10 - width, -5, 20, 20), Place(PARCEL))
    assert found.is_empty is not told


def test_a_neighbour_that_touches_is_not_told() -> None:
    assert clipped(box(10, 0, 20, 10), Place(PARCEL)).is_empty


def test_shares_of_a_parcel() -> None:
    place = Place(PARCEL)
    of_area = share(clipped(box(5, 0, 20, 10), place), place)
    assert (of_area.area, of_area.percent, of_area.length) == (50, 50, None)
    line = shapely.LineString([(-5, 5), (5, 5)])
    assert share(clipped(line, place), place).length == 5
    assert share(clipped(shapely.Point(5, 5), place), place).area is None


def test_a_broken_area_is_measured_as_far_as_it_can_be() -> None:
    bow = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    assert share(clipped(bow, Place(PARCEL)), Place(PARCEL)).percent == pytest.approx(50)


@pytest.mark.parametrize(("distance", "told"), [(REACH * 0.9, True), (REACH * 1.1, False)])
def test_lines_are_told_within_reach_of_a_point(distance: float, told: bool) -> None:
    line = shapely.LineString([(5 + distance, 0), (5 + distance, 10)])
    assert clipped(line, Place(shapely.Point(5, 5))).is_empty is not told


def test_areas_contain_the_point_or_not() -> None:
    assert not clipped(PARCEL, Place(shapely.Point(5, 5))).is_empty
    assert clipped(PARCEL, Place(shapely.Point(10.5, 5))).is_empty
    ring = Polygon(PARCEL.exterior.coords, [box(4, 4, 6, 6).exterior.coords])
    assert clipped(ring, Place(shapely.Point(5, 5))).is_empty


def test_a_comb_of_slivers_is_none() -> None:
    teeth = shapely.union_all([box(number, 0, number + WIDTH / 2, 10) for number in range(10)])
    assert substantial(teeth, dimension=2).is_empty
