"""Forms in groups: what is seldom used is closed until it says something."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tenants.models import User
from tests.twin.analysis.test_pages import signed_in
from tests.twin.usecases.heavy_rain.test_runs import question
from twin.analysis import registry
from twin.catalogue.models import Dataset


def test_each_group_names_fields_that_there_are_and_no_other_group_has() -> None:
    grouped = 0
    for use_case in registry.use_cases().values():
        names = [name for group in use_case.form.GROUPS for name in group.names]
        assert len(set(names)) == len(names)
        assert set(names) <= set(use_case.form.base_fields) - use_case.form.WITH_MAP
        grouped += bool(names)
    assert grouped >= 2


def opened(page: str) -> dict[str, bool]:
    """Titles of the groups that can be closed, and whether they are open."""
    found = re.findall(r'<details class="kern-accordion"( open)?><summary[^>]*><span class="kern-title">([^<]+)</span></summary><div class="kern-accordion__body"><div class="kz-form__fields">', page)  # fmt: skip
    return {
        title: bool(is_open) for is_open, title in found if title != "Als GeoJSON"
    }  # that one is the map's


@pytest.mark.django_db(transaction=True)
def test_closed_groups_open_for_errors_and_for_what_was_asked_before(client: Client, planner: User, ground: Dataset) -> None:  # fmt: skip
    signed_in(client, planner)
    address = reverse("analysis:ask", args=["heavy-rain"])
    page = client.get(address).content.decode()
    rain, soil, lines = (
        "Regen aus Daten: KOSTRA, Tabelle, Raster",
        "Boden: Rauheit, Versickerung, Rand",
        "Abfluss über Linien",
    )
    assert opened(page) == {rain: False, soil: False, lines: False}
    assert (
        page.count('name="manning"') == page.count('name="elevation"') == page.count('name="measures"') == 1
    )
    plain = question(ground) | {"edges": "open", "manning": "0,05"}
    wrong = client.post(address, plain | {"manning": "9"})
    assert wrong.status_code == 400
    assert opened(wrong.content.decode()) == {rain: False, soil: True, lines: False}
    done = client.post(address, plain | {"infiltration": "3,5"})
    again = client.get(f"{address}?wie={done['Location'].rstrip('/').rsplit('/', 1)[1]}")
    assert opened(again.content.decode()) == {rain: False, soil: True, lines: False}
    assert opened(client.post(address, plain | {"depth": ""}).content.decode()) == {rain: False, soil: False, lines: False}  # fmt: skip
