"""Pictures of the water over time: taken when they are due, of the deepest cells, in the colours of their classes."""

import numpy as np
import pytest

from twin.usecases.heavy_rain import course
from twin.usecases.heavy_rain.course import FRAMES, Course

DEPTH = np.array([[0.0, 0.06], [0.7, 2.0]], np.float32)


def test_pictures_are_taken_when_they_are_due() -> None:
    found = Course.of(2, 2)
    assert [found.is_due(share / FRAMES) for share in (0.9, 1.0)] == [False, True]
    found.look(DEPTH, 2.4 / FRAMES)  # a long step: two at once
    assert (found.taken, found.wet[:3].tolist()) == (2, [3, 3, 0])
    np.testing.assert_array_equal(found.pictures[1], [[0, 1], [3, 4]])
    assert not found.is_due(2.9 / FRAMES)
    found.look(DEPTH[::-1], 1.0)
    assert found.taken == FRAMES
    np.testing.assert_array_equal(found.pictures[-1], [[3, 4], [0, 1]])


def test_it_goes_on_from_what_was_kept_and_not_from_another_grid() -> None:
    first, second, other = Course.of(2, 2), Course.of(2, 2), Course.of(3, 2)
    first.look(DEPTH, 0.5)
    kept = first.pack()
    assert second.unpack(kept)
    for each in (first, second):
        each.look(DEPTH * 0, 1.0)
    np.testing.assert_equal(second.pack(), first.pack())
    assert not other.unpack(kept)
    assert not other.unpack({})


def test_a_large_grid_is_shown_by_its_deepest_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course, "MOST", 4)
    found = Course.of(3, 4)  # 12 cells: two by two are a pixel
    depth = np.zeros((3, 4), np.float32)
    depth[1, 1], depth[2, 3] = 0.2, 0.06
    found.look(depth, 1.0)
    np.testing.assert_array_equal(found.pictures[0], [[2, 0], [0, 1]])
    assert found.wet[0] == 2
