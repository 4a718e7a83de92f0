"""Objects in words, as people here write them."""

import pytest
from django.utils import translation

from planning import presenting
from planning.messages import text_of
from planning.models import Plan, PlanObject


@pytest.mark.parametrize(
    ("area", "length", "size"),
    [(0, 0, ""), (0, 86.4, "86 m"), (1250.4, 200, "1.250 m²"), (24_123, 800, "2,41 ha"), (None, None, "")],
)
def test_size_is_told_in_the_unit_that_fits(area: float | None, length: float | None, size: str) -> None:
    row = plan_object()
    row.area, row.length = area, length  # type: ignore[attr-defined]
    with translation.override("de"):
        assert presenting.size_of(row) == size


def plan_object(**properties: object) -> PlanObject:
    return PlanObject(feature_type="BP_Plan", properties=properties)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Elbauen", "Bebauungsplan: Elbauen"),
        ("Bebauungsplan Elbauen", "Bebauungsplan Elbauen"),
        ("", "Bebauungsplan"),
    ],
)
def test_title_says_the_kind_once(name: str, title: str) -> None:
    assert presenting.title_of(plan_object(name=name), "6.0") == title


@pytest.mark.parametrize(
    ("value", "external"),
    [
        ("https://example.org/begruendung.pdf", True),
        ("HTTP://EXAMPLE.ORG/A?b=c&d", True),
        ({"@href": "https://example.org/text", "@title": "Text"}, True),
        ("javascript:alert(1)", False),
        ("ftp://example.org/a.pdf", False),
        ("file:///etc/passwd", False),
        ("//example.org/a.pdf", False),
        ("begruendung.pdf", False),
        ({"@href": "data:text/html,x"}, False),
        ({"@href": "#GML_1"}, False),
    ],
)
def test_only_addresses_of_the_web_are_links(value: object, external: bool) -> None:
    (row,) = presenting.describe(plan_object(refX=value), "6.0")
    assert (row.is_external, bool(row.url)) == (external, external)


@pytest.mark.parametrize(
    ("stored", "language", "shown"),
    [
        ("2026-09-01", "de", "01.09.2026"),
        ("2026-09-01", "en", "1 Sep 2026"),
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


@pytest.mark.parametrize(("language", "words"), [("de", "(1.234,567 m²)"), ("en", "(1,234.567 m²)")])
def test_numbers_in_findings_are_grouped_as_the_reader_does(language: str, words: str) -> None:
    with translation.override(language):
        assert words in text_of("topology.gap_plan", {"size": 1234.567})
