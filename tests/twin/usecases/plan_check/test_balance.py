"""The balance of the land against sums made by hand."""

import pytest

from twin.usecases.plan_check.balance import Assumptions, Parcel, balance, sealable
from twin.usecases.plan_check.uses import Use

ASSUMED = Assumptions(rain=30, before=0.1, sealed=0.9, open=0.1, floor=120)


@pytest.mark.parametrize(("grz", "share"), [(0.2, 0.3), (0.4, 0.6), (0.6, 0.8), (0.8, 0.8), (1.0, 1.0)])
def test_half_as_much_again_may_be_sealed_up_to_eight_tenths(grz: float, share: float) -> None:
    assert sealable(grz) == pytest.approx(share)


def test_balance_is_as_computed_by_hand() -> None:
    found = balance(
        [
            Parcel("WA", Use.BUILDING, 600, grz=0.4, gfz=0.8, dwellings=1.0),
            Parcel("WA", Use.BUILDING, 400, grz=0.4, floors=2, dwellings=1.0),
            Parcel("MI", Use.BUILDING, 500, grz=0.6, gfz=1.2, dwellings=0.5),
            Parcel("Straße", Use.TRAFFIC, 200),
            Parcel("Grün", Use.OPEN, 300),
        ],
        ASSUMED,
        limited=True,
    )
    assert [(row.words, row.area, row.footprint, row.sealed and round(row.sealed, 6)) for row in found.rows] == [("WA", 1000, 400, 600), ("MI", 500, 300, 400), ("Grün", 300, None, 0), ("Straße", 200, None, 200)]  # fmt: skip
    # floor areas 600 x 0.8 + 400 x 0.4 x 2 = 800 m², and half of 500 x 1.2
    assert [row.units for row in found.rows] == [pytest.approx(800 / 120), pytest.approx(300 / 120), 0, 0]
    assert (found.area, found.sealed) == pytest.approx((2000, 1200))
    # 0.03 m x 0.1 x 2,000 m²; 0.03 m x (0.9 x 1,200 m² + 0.1 x 800 m²)
    assert (found.before, found.after) == pytest.approx((6.0, 34.8))
    assert (found.unstated, found.unhoused) == (0, 0)


def test_what_the_plan_does_not_state_is_left_out_and_said() -> None:
    parcels = [
        Parcel("WA", Use.BUILDING, 1000, dwellings=1.0),
        Parcel("Schule", Use.BUILT, 500),
        Parcel("Grün", Use.OPEN, 100),
    ]
    found = balance(parcels, ASSUMED, limited=True)
    assert (found.unstated, found.unhoused, found.sealed, found.units) == (1500, 1000, 0, 0)
    assert (found.before, found.after) == pytest.approx((0.3, 0.3))
    assert [row.units for row in found.rows] == [None, 0, 0]


def test_dwellings_of_some_are_not_lost_for_others_that_are_not_stated() -> None:
    parcels = [
        Parcel("WA", Use.BUILDING, 1000, grz=0.3, gfz=0.6, dwellings=1.0),
        Parcel("WA", Use.BUILDING, 500, grz=0.3, dwellings=1.0),
    ]
    found = balance(parcels, ASSUMED, limited=True)
    assert ([row.units for row in found.rows], found.units, found.unhoused) == ([5], 5, 500)


def test_a_school_with_a_stated_measure_counts() -> None:
    found = balance([Parcel("Schule", Use.BUILT, 1000, grz=0.4)], ASSUMED, limited=True)
    (row,) = found.rows
    assert (row.grz, row.footprint, row.sealed) == pytest.approx((0.4, 400, 600))
    assert (found.sealed, found.unstated) == pytest.approx((600, 0))


def test_older_law_does_not_limit_sealing() -> None:
    found = balance([Parcel("WA", Use.BUILDING, 1000, grz=0.4)], ASSUMED, limited=False)
    assert (found.rows[0].footprint, found.rows[0].sealed, found.unstated) == (400, None, 1000)
