"""Affine and similarity against figures computed by hand, and what determines nothing."""

import math

import numpy as np
import pytest

from planning.rasters.fitting import NoFit, fit

# A sheet of 1000 x 800 pixels, half a metre each, upper left corner at (385000, 5668300): easting = 385000 + 0.5 column,
# northing = 5668300 - 0.5 row.
SCAN = [(0.0, 0.0), (1000.0, 0.0), (1000.0, 800.0), (0.0, 800.0)]
GROUND = [(385000.0, 5668300.0), (385500.0, 5668300.0), (385500.0, 5667900.0), (385000.0, 5667900.0)]


def test_three_points_give_the_affine_that_was_computed_by_hand() -> None:
    found = fit(SCAN[:3], GROUND[:3])
    np.testing.assert_allclose(found.transform, (0.5, 0, 385000, 0, -0.5, 5668300), atol=1e-6)
    np.testing.assert_allclose(found.residuals, 0, atol=1e-6)
    assert found.metres_per_pixel == pytest.approx(0.5)
    assert found.stretch == pytest.approx(0, abs=1e-6)


def test_two_points_give_the_similarity_that_was_computed_by_hand() -> None:
    """Turned by a quarter: columns run to the north, rows to the east; one pixel is two metres."""
    found = fit([(0, 0), (100, 0)], [(385000, 5668000), (385000, 5668200)])
    np.testing.assert_allclose(found.transform, (0, 2, 385000, 2, 0, 5668000), atol=1e-6)
    assert found.rms == pytest.approx(0, abs=1e-6)


def test_a_miss_in_one_of_four_corners_is_shared_by_all() -> None:
    """Of a rectangle the affine takes three of four degrees of freedom: a miss of 4 m in one corner leaves 1 m in each, by
    the symmetry of least squares (the residual space is spanned by the corners' alternating signs)."""
    moved = [*GROUND[:3], (GROUND[3][0] + 4.0, GROUND[3][1])]
    found = fit(SCAN, moved)
    np.testing.assert_allclose(found.residuals, [1, 1, 1, 1], atol=1e-6)
    assert found.rms == pytest.approx(1)


def test_paper_that_is_longer_in_one_direction_shows_its_stretch() -> None:
    longer = [(x, 5668300 + (y - 5668300) * 1.02) for x, y in GROUND]
    assert fit(SCAN, longer).stretch == pytest.approx(2)


def test_rotation_and_scale_come_back_from_a_turned_sheet() -> None:
    angle, scale = math.radians(30), 0.2
    turned = [(385000 + scale * (x * math.cos(angle) + y * math.sin(angle)), 5668000 + scale * (x * math.sin(angle) - y * math.cos(angle))) for x, y in SCAN]  # fmt: skip
    for count in (2, 3, 4):
        a, b, _c, d, e, _f = fit(SCAN[:count], turned[:count]).transform
        np.testing.assert_allclose((a, b, d, e), (scale * math.cos(angle), scale * math.sin(angle), scale * math.sin(angle), -scale * math.cos(angle)), atol=1e-9)  # fmt: skip


@pytest.mark.parametrize(
    ("scan", "ground", "code"),
    [
        (SCAN[:1], GROUND[:1], "few"),
        ([], [], "few"),
        ([(5, 5), (5, 5)], GROUND[:2], "same"),
        (SCAN[:2], [GROUND[0], GROUND[0]], "same"),
        ([(0, 0), (10, 10), (20, 20)], GROUND[:3], "line"),
        (SCAN[:3], [(0, 0), (1, 1), (2, 2)], "line"),
        ([SCAN[1], SCAN[0], SCAN[2]], [GROUND[0], GROUND[1], GROUND[3]], "mirror"),
        (SCAN[:3], [GROUND[1], GROUND[0], GROUND[3]], "mirror"),
    ],
)
def test_pairs_that_determine_nothing_are_refused_by_name(scan: list[tuple[float, float]], ground: list[tuple[float, float]], code: str) -> None:  # fmt: skip
    with pytest.raises(NoFit) as refused:
        fit(scan, ground)
    assert refused.value.code == code
