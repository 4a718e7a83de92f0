"""The generated county has the official areas, without gap or overlap."""

from time import perf_counter

import numpy as np
import pytest
import shapely
from shapely import Point

from twin.demo.geography import boundaries, county, elbe, hull, places


def test_places_are_the_official_28() -> None:
    assert len({place.ags for place in places()}) == 28
    assert sum(place.population for place in places()) == 239_221
    assert sum(place.area for place in places()) == pytest.approx(1454.61e6)
    assert {place.association for place in places()} == {"", "Nünchritz", "Röderaue-Wülknitz", "Schönfeld"}
    glaubitz = next(place for place in places() if place.name == "Glaubitz")
    assert (glaubitz.ags, glaubitz.ars) == ("14627040", "146275225040")  # not derivable from one another


def test_hull_is_rounded_and_has_the_area_asked_for() -> None:
    seeds = np.array([(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)])
    outline = shapely.Polygon(hull(seeds, 400.0))
    assert outline.area == pytest.approx(400.0)
    assert outline.equals(outline.convex_hull)
    assert all(outline.contains(Point(seed)) for seed in seeds)


def test_every_cell_has_its_official_area() -> None:
    cells = boundaries()
    assert list(cells) == [place.ags for place in places()]
    for place in places():
        assert cells[place.ags].area == pytest.approx(place.area, rel=1e-5), (
            place.name
        )  # asked for: one per cent


def test_cells_are_valid_and_meet_without_gap_or_overlap() -> None:
    cells = list(boundaries().values())
    assert shapely.is_valid(cells).all()
    assert shapely.coverage_is_valid(cells)
    assert county().area == pytest.approx(sum(cell.area for cell in cells), abs=1e-3)
    assert not county().interiors


def test_boundaries_are_deterministic_and_quick() -> None:
    before = {ags: cell.wkb for ags, cell in boundaries().items()}
    boundaries.cache_clear()
    start = perf_counter()
    assert {ags: cell.wkb for ags, cell in boundaries().items()} == before
    assert perf_counter() - start < 10


def test_elbe_passes_its_stations_and_crosses_the_county() -> None:
    river = elbe()
    assert river.coords[0] == (406227.0, 5660733.0)
    assert river.coords[-1] == (375642.0, 5695895.0)
    assert river.distance(Point(393454, 5669236)) < 0.01  # the gauge at Meißen, km 82.2
    assert river.is_simple
    assert river.length == pytest.approx(
        58_200, rel=0.12
    )  # km 65.2 to 123.4; stations 2.5 km apart cut the bends
    crossed = {place.name for place in places() if boundaries()[place.ags].intersects(river)}
    assert {"Radebeul", "Meißen", "Diera-Zehren", "Riesa", "Strehla"} <= crossed
