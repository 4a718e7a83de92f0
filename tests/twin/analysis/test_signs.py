"""What a legend says is what the map draws."""

from twin.analysis import signs

LINE = {"type": "LineString", "coordinates": [[0, 0], [4, 2]]}
RING = {"type": "Polygon", "coordinates": [[[1, 1], [3, 1], [3, 5], [1, 1]]]}
PLACES = {"type": "MultiPoint", "coordinates": [[-1, 0]]}


def _feature(geometry: object, colour: str, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": {"colour": colour, **properties}}


FEATURES = [
    _feature(LINE, "#000001"),
    _feature(RING, "#000001"),
    _feature(RING, "#000002", outline=True),
    _feature(PLACES, "#000003", outline=True),
]


def test_a_colour_stands_for_the_shapes_that_have_it() -> None:
    assert signs.shapes_of(FEATURES) == {"#000001": ["area", "line"], "#000002": ["outline"], "#000003": ["point"]}  # fmt: skip
    assert signs.extent_of(FEATURES) == [-1.0, 0.0, 4.0, 5.0]
    assert (signs.shapes_of([]), signs.extent_of([])) == ({}, [])


def test_a_legend_leaves_out_what_is_not_drawn() -> None:
    colours = [("#000001", "Straße"), ("#000004", "kommt nicht vor"), ("#000003", "Schule")]
    found = signs.legend(colours, signs.shapes_of(FEATURES))
    assert found == [("#000001", "Straße", ("area", "line")), ("#000003", "Schule", ("point",))]


def test_an_answer_of_before_that_says_nothing_of_shapes_has_areas() -> None:
    assert signs.legend([("#000001", "Straße")], None) == [("#000001", "Straße", ("area",))]
