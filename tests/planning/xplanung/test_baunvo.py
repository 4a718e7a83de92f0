"""Which version of the BauNVO applies, by what files of all versions of the standard state and by the law's days."""

from datetime import date
from typing import Any

import pytest

from planning.xplanung import baunvo


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(1962, 7, 31), None),
        (date(1962, 8, 1), 1962),
        (date(1968, 12, 31), 1962),
        (date(1969, 1, 1), 1968),
        (date(1977, 9, 30), 1968),
        (date(1977, 10, 1), 1977),
        (date(1987, 1, 1), 1986),
        (date(1990, 1, 26), 1986),
        (date(1990, 1, 27), 1990),
        (date(2013, 9, 19), 1990),
        (date(2013, 9, 20), 2013),
        (date(2017, 5, 13), 2017),
        (date(2021, 6, 22), 2017),
        (date(2021, 6, 23), 2021),
    ],
)
def test_the_version_changes_on_the_day_it_came_into_force(day: date, year: int | None) -> None:
    assert baunvo.on_day(day) == year


@pytest.mark.parametrize(
    ("properties", "year", "certain"),
    [
        ({"versionBauNVO": "3000"}, 1977, True),  # 4.x
        (
            {"versionBauNVODatum": "1990-01-23"},
            1990,
            True,
        ),  # 5.x: the day it was made, before it came into force
        ({"versionBauNVODatum": "2017-11-21"}, 2017, True),
        ({"versionBauNVOText": "BauNVO 1990, zuletzt geändert 2013"}, 2013, True),
        ({"versionBauNVOText": "in der Fassung von 1993"}, 1990, False),
        ({"versionBauNVOText": "die geltende"}, None, False),
        (
            {"versionBauNVO": {"@type": "XP_GesetzlicheGrundlage", "name": "BauNVO", "datum": "2021-06-23"}},
            2021,
            True,
        ),
        ({"versionBauNVO": [{"@type": "XP_GesetzlicheGrundlage", "name": "BauNVO 1968"}]}, 1968, True),
    ],
)
def test_what_a_file_states_is_read_in_every_version(
    properties: dict[str, Any], year: int | None, certain: bool
) -> None:
    found = baunvo.stated(properties)
    assert found is not None
    assert (found.year, found.certain, found.basis) == (year, certain, "stated")


@pytest.mark.parametrize("properties", [{}, {"versionBauNVO": "9999"}, {"versionBauNVODatum": "gestern"}])
def test_a_file_that_says_nothing_leaves_the_question_open(properties: dict[str, Any]) -> None:
    assert baunvo.stated(properties) is None


def test_the_display_decides_over_the_satzung() -> None:
    """Displayed under the version of 2017 and adopted under that of 2021: the older one applies."""
    found = baunvo.by_dates(display=date(2021, 5, 3), adopted=date(2021, 11, 2), in_force=None)
    assert found == baunvo.Version(2017, "display", True)


def test_without_a_display_the_satzung_is_a_guess() -> None:
    assert baunvo.by_dates(
        display=None, adopted=date(2021, 11, 2), in_force=date(2022, 1, 3)
    ) == baunvo.Version(2021, "adoption", False)
    assert baunvo.by_dates(display=None, adopted=None, in_force=date(2015, 1, 3)) == baunvo.Version(
        2013, "in_force", False
    )
    assert baunvo.by_dates(display=None, adopted=None, in_force=None) is None


def test_before_the_accession_nothing_is_certain_in_saxony() -> None:
    found = baunvo.by_dates(display=date(1990, 8, 1), adopted=None, in_force=None)
    assert found is not None
    assert not found.certain
