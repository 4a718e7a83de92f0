"""Every act that the code records has words, and no words stand for acts that nobody records."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from tenants import acts
from tenants.models import TenantKind

RECORDERS = {"audit", "_record", "_set_roles"}
PACKAGES = ("tenants", "planning", "participation", "twin")


def recorded() -> Iterator[object]:
    """Constants that are handed to a recorder as the act, by place or by name, or stand in a module's table ACTS."""
    for file in (file for name in PACKAGES for file in (Path(settings.BASE_DIR) / name).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if (
                isinstance(node, ast.Assign)
                and ast.unparse(node.targets[0]) == "ACTS"
                and isinstance(node.value, ast.Dict)
            ):
                yield from (one.value for one in node.value.values if isinstance(one, ast.Constant))
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in RECORDERS:
                named = [word.value for word in node.keywords if word.arg == "action"]
                yield from (
                    one.value
                    for one in [*node.args[:1], *named]
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )


def test_words_for_every_recorded_act() -> None:
    assert set(recorded()) == set(acts.WORDS)


def test_an_unknown_act_keeps_its_name() -> None:
    assert acts.in_words("paint_fence") == "paint_fence"


def test_values_are_told_with_the_names_and_labels_of_their_fields() -> None:
    values = {
        "kind": "association",
        "onboarded_on": "2026-01-31",
        "active": False,
        "ags": None,
        "roles": ["editor", "planner"],
        "area_km2": 30.9,
        "files": 4,
        "unheard_of": "x",
    }
    with translation.override("en"):
        assert acts.told("tenants.Tenant", values) == [
            (gettext("Kind"), TenantKind.ASSOCIATION.label),
            (gettext("Onboarded on"), "31 Jan 2026"),
            ("Active", gettext("no")),
            ("AGS", "–"),
            (gettext("Roles"), f"{gettext('Editor')}; {gettext('Planner')}"),
            (gettext("Area in km²"), "30.9"),
            (gettext("Files"), "4"),
            ("unheard_of", "x"),
        ]


def test_moments_and_rows_below_a_thing_are_told_too() -> None:
    with translation.override("de"):
        ((_, moment),) = acts.told("tenants.Invitation", {"expires_at": "2026-07-01T10:00:00+00:00"})
        ((_, phases),) = acts.told(
            "participation.Procedure",
            {"phases": [{"kind": "draft_public", "first_day": "2026-07-01"}, {"kind": "unknown"}]},
        )
    assert moment == "01.07.2026 12:00"
    assert "01.07.2026" in phases
    assert "unknown" in phases
    assert "draft_public" not in phases


@pytest.mark.parametrize("kind", ["gone.Thing", "thing", ""])
def test_a_thing_that_is_not_known_is_told_as_it_stands(kind: str) -> None:
    assert acts.told(kind, {"colour": "#fff", "number": "14612000"}) == [
        ("colour", "#fff"),
        ("number", "14612000"),
    ]
