"""What a plan makes possible in a Hochwasserentstehungsgebiet that needs a permission of its own. Pure.

§ 78d Abs. 4 Satz 1 WHG, since 05.01.2018: Nr. 1 structures in the Außenbereich with their annexes from 1,500 m² of sealing on, Nr. 2 new roads,
Nr. 3 the removal or conversion of woods, Nr. 4 grassland turned into arable land. § 76 Abs. 3 Satz 1 SächsWG (12.07.2013) names the same four, the
first from 1,000 m² on; what the Länder demand beyond it remains (§ 78d Abs. 7 WHG). The limits hold for each project; a plan knows their sum alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from twin.usecases.plan_check.balance import Parcel, sealed_of
from twin.usecases.plan_check.uses import Use

FEDERAL, SAXON = 1500.0, 1000.0  # m²


class Need(StrEnum):
    """Whether what may be sealed in all reaches the limits."""

    BOTH = "both"
    SAXON = "saxon"  # that of the SächsWG, not that of the WHG
    UNKNOWN = "unknown"  # the plan does not say enough
    NEITHER = "neither"


@dataclass(frozen=True)
class Permits:
    """In the area, m²: sealed at most of what states it, land to be built on that does not state it, traffic; roads: lines, m."""

    sealed: float
    unstated: float
    traffic: float
    roads: float

    @property
    def need(self) -> Need:
        if self.sealed >= FEDERAL:
            return Need.BOTH
        if self.sealed >= SAXON:
            return Need.SAXON
        return Need.UNKNOWN if self.sealed + self.unstated >= SAXON else Need.NEITHER


def permits(parcels: Iterable[Parcel], *, roads: float, limited: bool) -> Permits:
    """parcels: the parts of the plan's areas that lie in the area; limited: as for the balance."""
    sealed = unstated = traffic = 0.0
    for parcel in parcels:
        if parcel.use is Use.TRAFFIC:
            traffic += parcel.area
            continue
        found = sealed_of(parcel, parcel.area, limited=limited)
        sealed += found or 0.0
        unstated += parcel.area if found is None else 0.0
    return Permits(sealed, unstated, traffic, roads)
