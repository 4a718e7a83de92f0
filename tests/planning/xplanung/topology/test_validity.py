"""Each geometry by itself, as it stands in the file."""

import random

import numpy as np
import pytest
import shapely

from planning.xplanung.findings import Finding
from tests.factories import topology as sheets

SRS = 'srsName="EPSG:25833"'
CCW = "400000 5660000 400100 5660000 400100 5660100 400000 5660100 400000 5660000"
CW = "400000 5660000 400000 5660100 400100 5660100 400100 5660000 400000 5660000"
HOLE_CW = "400010 5660010 400010 5660020 400020 5660020 400020 5660010 400010 5660010"
HOLE_CCW = "400010 5660010 400020 5660010 400020 5660020 400010 5660020 400010 5660010"


def ring(numbers: str) -> str:
    return f"<gml:LinearRing><gml:posList>{numbers}</gml:posList></gml:LinearRing>"


def polygon(outer: str, *holes: str, srs: str = SRS) -> str:
    inner = "".join(f"<gml:interior>{ring(hole)}</gml:interior>" for hole in holes)
    return f"<gml:Polygon {srs}><gml:exterior>{ring(outer)}</gml:exterior>{inner}</gml:Polygon>"


def surface(*patches: str) -> str:
    inside = "".join(
        f"<gml:PolygonPatch><gml:exterior>{ring(patch)}</gml:exterior></gml:PolygonPatch>"
        for patch in patches
    )
    return f"<gml:Surface {SRS}><gml:patches>{inside}</gml:patches></gml:Surface>"


def found(geometry: str) -> list[Finding]:
    return sheets.checked(sheets.thing(geometry, "A", of="", extra=""))


def square(east: float, north: float, size: float = 10) -> str:
    points = [
        (east, north),
        (east + size, north),
        (east + size, north + size),
        (east, north + size),
        (east, north),
    ]
    return " ".join(f"{400000 + x} {5660000 + y}" for x, y in points)


@pytest.mark.parametrize(
    ("geometry", "count"),
    [
        (polygon(CCW), 0),
        (polygon(CCW, HOLE_CW), 0),
        (polygon(CW), 1),
        (polygon(CCW, HOLE_CCW), 1),
        (polygon(CW, HOLE_CCW), 2),
        (surface(CCW), 0),
        (surface(CW), 1),
    ],
)
def test_outer_rings_run_counter_clockwise_and_inner_ones_clockwise(geometry: str, count: int) -> None:
    findings = found(geometry)

    assert sheets.rules(findings) == ["geometry.orientation"] * bool(count)
    assert sum(int(finding.params["count"]) for finding in findings) == count
    assert all(finding.severity == "error" for finding in findings)


def test_orientation_is_that_of_the_numbers_in_the_file_and_the_place_that_of_the_map() -> None:
    """Northing first: what runs counter-clockwise by its numbers runs clockwise on the map."""
    pairs = np.array(CW.split(), dtype=float).reshape(-1, 2)[:, ::-1]
    swapped = " ".join(str(number) for number in pairs.ravel())

    assert found(polygon(swapped)) == []
    back = " ".join(str(number) for number in pairs[::-1].ravel())
    (finding,) = found(polygon(back))
    assert (finding.rule, finding.point) == ("geometry.orientation", (400000.0, 5660000.0))


def test_doubled_vertices_are_counted_and_placed() -> None:
    numbers = "400000 5660000 400100 5660000 400100 5660000 400100 5660100 400000 5660100 400000 5660100 400000 5660000"
    (finding,) = found(polygon(numbers))

    assert (finding.rule, finding.params["count"]) == ("geometry.doubled_vertex", 2)
    assert finding.point == (400100.0, 5660000.0)


def test_vertex_shared_by_two_pieces_of_a_ring_is_not_doubled() -> None:
    pieces = ["400000 5660000 400100 5660000 400100 5660100", "400100 5660100 400000 5660100 400000 5660000"]
    members = "".join(f"<gml:curveMember><gml:LineString><gml:posList>{piece}</gml:posList></gml:LineString></gml:curveMember>" for piece in pieces)  # fmt: skip

    assert found(f"<gml:Polygon {SRS}><gml:exterior><gml:Ring>{members}</gml:Ring></gml:exterior></gml:Polygon>") == []  # fmt: skip


def test_every_crossing_is_placed() -> None:
    """A ring like two bow ties in a row."""
    zigzag = "400000 5660000 400100 5660000 400100 5660100 400200 5660000 400200 5660100 400050 5660000 400050 5660100 400000 5660000"
    crossings = [finding for finding in found(polygon(zigzag)) if finding.rule == "geometry.crossing"]
    line = shapely.LineString(np.array(zigzag.split(), dtype=float).reshape(-1, 2))

    assert len(crossings) >= 3
    assert len({finding.point for finding in crossings}) == len(crossings)
    for finding in crossings:
        assert finding.point is not None
        assert line.distance(shapely.Point(finding.point)) < 1e-6


def test_ring_that_touches_itself_is_placed_where_it_touches() -> None:
    eight = "400000 5660000 400050 5660050 400100 5660000 400100 5660100 400050 5660050 400000 5660100 400000 5660000"
    crossings = [finding.point for finding in found(polygon(eight)) if finding.rule == "geometry.crossing"]

    assert crossings == [(400050.0, 5660050.0)]


@pytest.mark.parametrize(
    ("patches", "rules"),
    [
        ([square(0, 0), square(10, 0)], []),
        ([square(0, 0), square(5, 0)], ["geometry.patches_overlap"]),
        ([square(0, 0), square(20, 0)], ["geometry.patches_apart"]),
        ([square(0, 0), square(5, 0), square(50, 0)], ["geometry.patches_apart", "geometry.patches_overlap"]),
    ],
)
def test_patches_of_a_surface_touch_and_hang_together(patches: list[str], rules: list[str]) -> None:
    assert sorted(sheets.rules(found(surface(*patches)))) == rules


def test_parts_of_a_multi_surface_may_lie_apart() -> None:
    members = "".join(f"<gml:surfaceMember>{polygon(square(at, 0))}</gml:surfaceMember>" for at in (0, 50))

    assert found(f"<gml:MultiSurface {SRS}>{members}</gml:MultiSurface>") == []


def test_random_outlines_are_right_one_way_round_and_wrong_the_other() -> None:
    chance = random.Random("rings")
    for _round in range(40):
        angles = sorted(chance.uniform(0, 6.28) for _point in range(chance.randint(4, 30)))
        points = [(400000 + chance.uniform(5, 50) * np.cos(angle), 5660000 + chance.uniform(5, 50) * np.sin(angle)) for angle in angles]  # fmt: skip
        outline = shapely.Polygon(points)
        if not outline.is_valid:
            continue
        right = shapely.get_coordinates(shapely.orient_polygons(outline).exterior)
        for numbers, count in ((right, 0), (right[::-1], 1)):
            assert len(found(polygon(" ".join(str(float(number)) for number in numbers.ravel())))) == count


def test_collapsed_and_broken_geometries_break_nothing() -> None:
    line = polygon("400000 5660000 400100 5660000 400050 5660000 400000 5660000")
    for geometry in (line, "<gml:Polygon/>", "<gml:MultiSurface/>", polygon("0 0 NaN 1 2 2 0 0"), ""):
        sheets.checked(sheets.thing(geometry, "A", of="", extra=""))
    assert sheets.checked('<xplan:BP_TextAbschnitt gml:id="T"/>') == []
