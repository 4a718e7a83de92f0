"""Objects in words, as people here write them."""

import pytest
from django.utils import translation

from planning import presenting
from planning.models import Plan, PlanObject


def plan_object(**properties: object) -> PlanObject:
    return PlanObject(feature_type="BP_Plan", properties=properties)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Elbauen", "Bebauungsplan Elbauen"),
        ("Bebauungsplan Elbauen", "Bebauungsplan Elbauen"),
        ("", "Bebauungsplan"),
    ],
)
def test_title_says_the_kind_once(name: str, title: str) -> None:
    assert presenting.title_of(plan_object(name=name), "6.0") == title


@pytest.mark.parametrize(
    ("stored", "language", "shown"),
    [
        ("2026-09-01", "de", "01.09.2026"),
        ("2026-09-01", "en", "09/01/2026"),
        ("im Herbst", "de", "im Herbst"),
    ],
)
def test_days_are_written_in_the_reader_s_way(stored: str, language: str, shown: str) -> None:
    with translation.override(language):
        rows = presenting.describe(plan_object(technHerstellDatum=stored), "6.0")
    assert [(row.label, row.value) for row in rows] == [("Technisches Herstelldatum", shown)]


def test_a_date_the_calendar_does_not_know_is_shown_as_it_stands() -> None:
    plan = Plan(dates={"auslegungsStartDatum": ["2026-09-01", "2026-09"]})
    with translation.override("de"):
        assert presenting.dates_of(plan) == [("Auslegung, Beginn", "01.09.2026, 2026-09")]
