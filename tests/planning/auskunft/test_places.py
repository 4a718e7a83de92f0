"""Places as people write them, and what is refused."""

import math

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from planning.auskunft import places
from planning.auskunft.errors import PlaceRefused
from planning.auskunft.places import Extent
from planning.xplanung import crs

COUNTY = Extent(370_000, 5_648_000, 424_000, 5_705_000)


@pytest.mark.parametrize(
    "text",
    [
        "385050 5668050",
        "385050,5668050",
        "385050.0;5668050.0",
        " 385050,0 ; 5668050,0 ",
        "385050,0 5668050,0",
        "385050,0,5668050,0",
        "33385050 5668050",
    ],
)
def test_metres_are_read_as_people_write_them(text: str) -> None:
    assert places.from_text(text, extent=COUNTY).shape == shapely.Point(385_050, 5_668_050)


@pytest.mark.parametrize("text", ["51.1537 13.3567", "51.1537, 13.3567", "51,1537; 13,3567"])
def test_degrees_are_moved_to_metres(text: str) -> None:
    found = places.from_text(text, extent=COUNTY).shape
    back = crs.transform(shapely.get_coordinates(found), source=25833, target=4326)[0]
    assert back == pytest.approx([13.3567, 51.1537], abs=1e-7)


@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        ("", "numbers", {}),
        ("385050", "numbers", {}),
        ("1 2 3", "numbers", {}),
        ("385050 Nord", "numbers", {}),
        ("1e5 5668050", "numbers", {}),
        ("9" * 400 + " 1", "numbers", {}),
        ("nan 5668050", "finite", {}),
        ("385050 inf", "finite", {}),
        ("-inf -inf", "finite", {}),
        ("5668050 385050", "swapped", {"proposal": "385050, 5668050"}),
        ("13.3567 51.1537", "swapped", {"proposal": "51.1537, 13.3567"}),
        ("52.52 13.40", "outside", {}),  # Berlin
        ("0 0", "outside", {}),
        ("4500000 5668050", "outside", {}),
    ],
)
def test_what_is_no_place_of_the_county_is_refused_with_its_reason(
    text: str, code: str, params: dict[str, str]
) -> None:
    with pytest.raises(PlaceRefused) as refused:
        places.from_text(text, extent=COUNTY)
    assert (refused.value.code, refused.value.params) == (code, params)


def ring(corners: int, radius: float) -> shapely.Polygon:
    angles = [2 * math.pi * number / corners for number in range(corners)]
    return shapely.Polygon(
        [(385_000 + radius * math.cos(a), 5_668_000 + radius * math.sin(a)) for a in angles]
    )


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (ring(100_000, 50), "vertices"),
        (ring(8, 2_000), "too_large"),
        (ring(8, 0.1), "no_area"),
        (shapely.LineString([(385_000, 5_668_000), (385_010, 5_668_000)]), "no_area"),
        (shapely.GeometryCollection(), "no_area"),
        (shapely.Point(), "no_area"),
        (shapely.Point(0, 0), "outside"),
        (shapely.Point(math.nan, 5_668_000), "finite"),
        (shapely.box(0, 0, 10, 10), "outside"),
        (shapely.box(math.inf, 0, 10, 10), "finite"),
    ],
)
def test_hostile_shapes_are_refused(shape: BaseGeometry, code: str) -> None:
    with pytest.raises(PlaceRefused) as refused:
        places.from_shape(shape, extent=COUNTY)
    assert refused.value.code == code


def test_an_outline_that_crosses_itself_is_mended() -> None:
    bow = shapely.Polygon(
        [(385_000, 5_668_000), (385_010, 5_668_010), (385_010, 5_668_000), (385_000, 5_668_010)]
    )
    found = places.from_shape(bow, extent=COUNTY)
    assert found.shape.is_valid
    assert found.area == pytest.approx(50)


@pytest.mark.parametrize(
    ("text", "coordinates"),
    [
        ("385050 5668050", True),
        ("51.1 13.4", True),
        ("N 51.1 E 13.4", True),
        ("Hauptstraße 1", False),
        ("Am Markt 12 01662", False),
        ("12/3", True),
        ("Meißen", False),
    ],
)
def test_addresses_are_told_from_coordinates(text: str, coordinates: bool) -> None:
    assert places.is_coordinates(text) is coordinates
