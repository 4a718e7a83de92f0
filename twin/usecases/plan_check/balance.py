"""How much land a plan gives to which use, what of it may be sealed, how many dwellings that makes, and where its rain goes. Pure.

§ 19 Abs. 4 Satz 2 BauNVO, since the version of 1990: garages, car parks, drives and annexes may exceed the permitted Grundfläche by half,
at most up to a Grundflächenzahl of 0.8. What a plan rules otherwise (Satz 3) stands in its text and is not read.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from twin.usecases.plan_check.uses import Use

EXCESS, MOST = 1.5, 0.8
SINCE = 1990  # version of the BauNVO


@dataclass(frozen=True)
class Parcel:
    """An area of one use. words: what the use is called; area: m²; grz, gfz, floors: None where the plan does not state them."""

    words: str
    use: Use
    area: float
    grz: float | None = None
    gfz: float | None = None
    floors: float | None = None
    dwellings: float = 0.0  # share of the floor area that is for them


@dataclass(frozen=True)
class Assumptions:
    """rain: mm. before, sealed, open: share of the rain that runs off: today, of sealed ground, of other ground. floor: m² of floor area for
    a dwelling."""

    rain: float
    before: float
    sealed: float
    open: float
    floor: float


@dataclass(frozen=True)
class Row:
    """All parcels of one use and one Grundflächenzahl. m²; None: the plan does not say enough. units: of the parcels for which it does."""

    words: str
    use: Use
    area: float
    grz: float | None
    footprint: float | None
    sealed: float | None
    units: float | None


@dataclass(frozen=True)
class Balance:
    """Areas in m², volumes in m³. unstated: area of the building land whose sealing is not limited by what the plan states; it is in none of
    the volumes. unhoused: area of the land for dwellings without what their number follows from."""

    rows: tuple[Row, ...]
    area: float
    sealed: float
    units: float
    before: float
    after: float
    unstated: float
    unhoused: float


def sealable(grz: float) -> float:
    """Share of a plot that may be sealed."""
    return max(grz, min(EXCESS * grz, MOST))


def balance(parcels: Iterable[Parcel], assumed: Assumptions, *, limited: bool) -> Balance:
    """limited: the plan follows a version of the BauNVO that limits sealing (since 1990)."""
    groups: dict[tuple[str, float | None], list[Parcel]] = {}
    for parcel in parcels:
        groups.setdefault((parcel.words, parcel.grz), []).append(parcel)
    rows = tuple(_row(group, assumed, limited=limited) for group in groups.values())
    rows = tuple(sorted(rows, key=lambda row: (-row.area, row.words)))
    known = [(row.area, row.sealed) for row in rows if row.sealed is not None]
    depth = assumed.rain / 1000
    return Balance(
        rows=rows,
        area=sum(row.area for row in rows),
        sealed=sum(sealed for _area, sealed in known),
        units=sum(row.units or 0.0 for row in rows),
        before=depth * assumed.before * sum(area for area, _sealed in known),
        after=depth * sum(assumed.sealed * sealed + assumed.open * (area - sealed) for area, sealed in known),
        unstated=sum(row.area for row in rows if row.sealed is None),
        unhoused=sum(
            parcel.area for group in groups.values() for parcel in group if _floor_area(parcel) is None
        ),
    )


def _row(group: list[Parcel], assumed: Assumptions, *, limited: bool) -> Row:
    first, area = group[0], sum(parcel.area for parcel in group)
    known = [found for parcel in group if (found := _floor_area(parcel)) is not None]
    grz = first.grz if first.use in (Use.BUILDING, Use.BUILT) else None
    footprint = None if grz is None else area * grz
    return Row(
        words=first.words,
        use=first.use,
        area=area,
        grz=grz,
        footprint=footprint,
        sealed=sealed_of(first, area, limited=limited),
        units=sum(known) / assumed.floor if known else None,
    )


def sealed_of(of: Parcel, area: float, *, limited: bool) -> float | None:
    """m² that may be sealed of so many of a parcel; None where the plan does not say."""
    match of.use:
        case Use.BUILDING | Use.BUILT:  # of the latter it is mostly stated in words, if at all
            return area * sealable(of.grz) if of.grz is not None and limited else None
        case Use.TRAFFIC:
            return area
    return 0.0


def _floor_area(of: Parcel) -> float | None:
    """For dwellings, m²; None where there are to be some, and the plan states no measure."""
    if not of.dwellings:
        return 0.0
    if of.gfz is not None:
        return of.area * of.gfz * of.dwellings
    if of.grz is not None and of.floors is not None:
        return of.area * of.grz * of.floors * of.dwellings
    return None
