"""Geometry of the drawing: bands, marks, room for letters, order of levels, hostile texts."""

import math
import re

import pytest
from lxml import etree
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from planning.planzeichen import outlines
from planning.planzeichen.lettering import Cell, Lettering
from planning.planzeichen.model import Band
from planning.planzeichen.rules import Look
from planning.planzeichen.svg import Anchor, Drawn, draw

SQUARE = box(0, 0, 40, 40)
WITH_HOLE = Polygon(SQUARE.exterior.coords, [box(10, 10, 30, 30).exterior.coords])


def tree(*objects: Drawn, mm: float = 1) -> etree._Element:
    return etree.fromstring(f'<svg xmlns="http://www.w3.org/2000/svg">{draw(objects, mm)}</svg>'.encode())


def texts(*objects: Drawn) -> list[str]:
    return [str(text) for text in tree(*objects).itertext()]


@pytest.mark.parametrize("geometry", [SQUARE, SQUARE.reverse()])
def test_marks_point_into_the_area_whichever_way_it_was_drawn(geometry: Polygon) -> None:
    marks = list(outlines.marks(geometry, step=10, inset=2))
    assert len(marks) == 16
    assert all(math.isclose(geometry.boundary.distance(Point(x, y)), 2) for x, y, *_t in marks)
    assert all(geometry.contains(Point(x, y)) for x, y, *_t in marks)


def test_marks_of_a_hole_point_away_from_it() -> None:
    marks = list(outlines.marks(WITH_HOLE, step=10, inset=2))
    assert len(marks) == 16 + 8
    assert all(WITH_HOLE.contains(Point(x, y)) for x, y, *_t in marks)


def test_marks_of_a_line_stand_to_its_right() -> None:
    assert list(outlines.marks(LineString([(0, 0), (10, 0)]), step=10, inset=1)) == [(5, 1, 1, 0)]


def test_marks_have_an_end() -> None:
    assert len(list(outlines.marks(LineString([(0, 0), (1e6, 0)]), step=1, inset=0))) == outlines.MARKS


def test_a_band_lies_inside_or_outside() -> None:
    inside = outlines.band(SQUARE, Band("#000000", 2), 1)
    outside = outlines.band(SQUARE, Band("#000000", 2, "outside"), 1)
    assert (inside.bounds, outside.bounds) == ((1, 1, 39, 39), (-1, -1, 41, 41))
    assert outlines.band(box(0, 0, 1, 1), Band("#000000", 4), 1).is_empty


def test_levels_count_not_the_order_of_the_file() -> None:
    found = draw([Drawn(SQUARE, Look("15.13")), Drawn(SQUARE, Look("13.1")), Drawn(SQUARE, Look("1.1.3"))], 1)
    colours = re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', found)
    order = [colours.index(colour) for colour in ("#f5c2b3", "#39d24f")]
    assert order == sorted(order)
    assert found.index('stroke-width="1.20"') > found.index("#39d24f")  # the frame comes last


def test_letters_shrink_with_the_room_and_go_where_there_is_none() -> None:
    letters = Lettering(("WA",), (Cell("0,4"), Cell("III"), Cell("o")))
    assert texts(Drawn(SQUARE, Look("1.1.3"), letters)) == ["WA", "0,4", "III", "o"]
    assert texts(Drawn(box(0, 0, 6, 6), Look("1.1.3"), letters)) == ["WA"]
    assert texts(Drawn(box(0, 0, 1, 1), Look("1.1.3"), letters)) == []


def test_what_the_planner_placed_stands_there_alone() -> None:
    letters = Lettering(("WA",), (Cell("0,4"),))
    drawn = Drawn(SQUARE, Look("1.1.3"), letters, [Anchor("template", 100, 200, turn=90, scale=2)])
    (group,) = tree(drawn).findall("{*}g")
    assert group.get("transform") == "translate(100.00 200.00) rotate(-90.0) scale(2.0000)"
    assert list(group.itertext()) == ["WA", "0,4"]


def test_a_script_is_text() -> None:
    evil = '</text><script>alert(1)</script>&"'
    anchors = [Anchor("text", 1, 1, evil)]
    document = tree(Drawn(SQUARE, Look("1.1.3"), Lettering((evil,), (Cell(evil),))), Drawn(SQUARE, Look("9"), anchors=anchors))  # fmt: skip
    assert document.findall(".//{*}script") == []
    assert evil in list(document.itertext())


def test_lines_points_and_collections_are_drawn_or_left_out_without_a_word() -> None:
    odd = [GeometryCollection([SQUARE, Point(1, 1)]), GeometryCollection(), LineString(), MultiPolygon([SQUARE, box(50, 0, 60, 10)])]  # fmt: skip
    for geometry in odd:
        for name in ("13.1", "6.3", "3.5", "15.13", "9-spielplatz", "hinweis"):
            tree(Drawn(geometry, Look(name, ("9-friedhof",)), Lettering(("WA",))))


def test_a_bow_tie_is_drawn_all_the_same() -> None:
    tie = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    assert tree(Drawn(tie, Look("10.2", ("10.2-R",)), Lettering(("WA",)))) is not None
