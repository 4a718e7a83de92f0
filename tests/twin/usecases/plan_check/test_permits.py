"""Permissions in a Hochwasserentstehungsgebiet against the limits of § 78d Abs. 4 WHG and § 76 Abs. 3 SächsWG."""

import pytest

from twin.usecases.plan_check.balance import Parcel
from twin.usecases.plan_check.permits import Need, permits
from twin.usecases.plan_check.uses import Use


@pytest.mark.parametrize(
    ("sealed", "unstated", "need"),
    [
        (1499.9, 0, Need.SAXON),
        (1500, 0, Need.BOTH),
        (1000, 900, Need.SAXON),
        (999.9, 0, Need.NEITHER),
        (600, 400, Need.UNKNOWN),
        (0, 999, Need.NEITHER),
        (0, 1000, Need.UNKNOWN),
    ],
)
def test_limits_are_reached_from_their_amount_on(sealed: float, unstated: float, need: Need) -> None:
    parcels = [Parcel("GE", Use.BUILDING, sealed, grz=1.0), Parcel("Schule", Use.BUILT, unstated)]
    assert permits(parcels, roads=0, limited=True).need is need


def test_roads_are_no_structures_and_green_is_neither() -> None:
    parcels = [
        Parcel("WA", Use.BUILDING, 1000, grz=0.4),
        Parcel("Straße", Use.TRAFFIC, 5000),
        Parcel("Grün", Use.OPEN, 5000),
    ]
    found = permits(parcels, roads=12.5, limited=True)
    assert (found.sealed, found.unstated, found.traffic, found.roads) == pytest.approx((600, 0, 5000, 12.5))
    assert found.need is Need.NEITHER
    assert permits(parcels, roads=0, limited=False).need is Need.UNKNOWN  # older law does not limit sealing
