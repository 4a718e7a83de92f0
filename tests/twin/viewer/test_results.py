"""Published analyses as layers of the map: whose they are, who sees them, what they cost."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenants.models import Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.tenants import TenantFactory, county, member
from tests.twin.usecases.heavy_rain.test_measures import feature
from tests.twin.viewer.test_viewer import BACKEND, MAP, shown
from twin.analysis.models import Run
from twin.usecases.heavy_rain.forms import MEASURED

pytestmark = pytest.mark.django_db
GRID = {"origin": [385_000.0, 5_668_200.0], "resolution": 2.0, "width": 100, "height": 50, "factors": [1]}
DEPTH = {"name": "depth", "file": 1, "unit": "m", "grid": GRID, "legend": [[0.05, "#c6dbef", "5–10 cm"], [0.1, "#084594", "> 10 cm"]]}  # fmt: skip
COURSE = DEPTH | {"name": "course", "frames": True, "steps": [{"title": "Nach 5 Minuten", "words": "", "value": 5, "asked": False}, {"title": "Nach 10 Minuten", "words": "", "value": 10, "asked": True}]}  # fmt: skip
FEATURES = {"name": "features", "file": 2, "colours": [["#b2182b", "Einrichtung im Wasser"], ["#1b7837", "trocken"]], "shapes": {"#b2182b": ["point"]}, "extent": [385_000.0, 5_668_000.0, 385_100.0, 5_668_200.0]}  # fmt: skip


def answered(tenant: Tenant, title: str, *outputs: dict[str, Any], public: bool = True, **values: Any) -> Run:
    values = {"use_case": "heavy-rain", "digest": title, "finished_at": timezone.now()} | values
    with acting_for([tenant.pk], [tenant.pk]):
        run: Run = Run.objects.create(tenant=tenant, title=title, outputs=outputs, is_public=public, **values)
    return run


def results(client: Client, path: str = MAP) -> dict[str, dict[str, Any]]:
    return {title: one for title, one in shown(client, path).items() if one["kind"] in {"classes", "steps", "signs"}}  # fmt: skip


def test_each_sees_what_is_published_where_it_belongs_and_nothing_else(client: Client, tenant: Tenant) -> None:  # fmt: skip
    county()
    other, left = TenantFactory.create(name="Riesa", slug="riesa"), TenantFactory.create(slug="fort")
    answered(tenant, "Meißens", DEPTH)
    answered(other, "Riesas", DEPTH)
    answered(left, "Fort", DEPTH)
    Tenant.objects.filter(pk=left.pk).update(active=False)
    answered(tenant, "Entwurf", DEPTH, public=False)
    answered(tenant, "Ohne Karte", {"name": "table", "file": 3})
    staff = Client()
    staff.force_login(member(tenant, Role.PLANNER), backend=BACKEND)
    for reader in (client, staff):
        assert {title.split(",")[0] for title in results(reader)} == {"Meißens", "Riesas"}
        assert {title.split(",")[0] for title in results(reader, f"{MAP}?ort=riesa")} == {"Riesas"}
        assert "Entwurf" not in reader.get(MAP).content.decode()


def test_a_layer_has_classes_steps_and_signs_as_the_page_of_the_answer(client: Client, tenant: Tenant) -> None:  # fmt: skip
    county()
    run = answered(tenant, "Ortslage", DEPTH, COURSE, FEATURES)
    page = client.get(MAP).content.decode()
    assert '<summary class="kz-tree__title">Analysen</summary>' in page
    assert '<summary class="kz-tree__title">Ortslage, ' in page
    found = {one["key"].removeprefix(f"{run.public_id}-"): one for one in results(client).values()}
    assert {name: one["kind"] for name, one in found.items()} == {"depth": "classes", "course": "steps", "features": "signs"}  # fmt: skip
    whole = ["full"]
    assert found["depth"]["signs"] == [["#c6dbef", "5–10 cm", whole], ["#084594", "> 10 cm", whole]]
    assert found["features"]["signs"] == [["#b2182b", "Einrichtung im Wasser", ["point"]]]
    assert found["depth"]["extent"] == [385_000.0, 5_668_100.0, 385_200.0, 5_668_200.0]
    assert found["features"]["extent"] == FEATURES["extent"]
    course = found["course"]["grid"]
    assert (course["step"], course["frames"], course["colours"], course["width"]) == (2, True, ["#c6dbef", "#084594"], 100)  # fmt: skip
    assert {one["page"] for one in found.values()} == {run.get_absolute_url()}
    assert '<option value="2" selected>Nach 10 Minuten</option>' in page
    assert '<circle cx="22" cy="14" r="8" fill="#ffffff" stroke="#b2182b" stroke-width="3"/>' in page


def test_what_was_drawn_into_the_question_is_a_layer_beside_the_water(client: Client, tenant: Tenant) -> None:  # fmt: skip
    county()
    wall = feature("wall", [(385_010, 5_668_060), (385_110, 5_668_060)], height=1.5)
    drawn = {"measures": {"type": "FeatureCollection", "features": [wall]}}
    run = answered(tenant, "Mit Mauer", DEPTH, parameters=drawn)
    found = {one["title"]: one for one in results(client).values()}
    assert set(found) == {"Größte Wassertiefe", "Maßnahmen"}
    assert (found["Maßnahmen"]["kind"], found["Maßnahmen"]["signs"]) == (
        "signs",
        [[MEASURED, "Maßnahmen", ["line"]]],
    )
    _area, mark = client.get(found["Maßnahmen"]["address"]).json()["features"]
    assert (mark["id"], mark["properties"]["number"]) == ("measure-1", 1)
    assert found["Maßnahmen"]["page"] == run.get_absolute_url()


def test_many_answers_take_no_more_queries(client: Client, tenant: Tenant) -> None:
    county()
    counts = []
    for number in range(3):
        answered(tenant, f"Lauf {number}", DEPTH, FEATURES)
        client.get(MAP)  # what surrounds the page is kept
        with CaptureQueriesContext(connection) as queries:
            client.get(MAP)
        counts.append(len(queries))
    assert len(set(counts)) == 1
