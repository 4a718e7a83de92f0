"""Cells that nobody asked for follow the elevation model."""

from pathlib import Path
from typing import Any

import pytest

from tenants.models import Tenant, User
from tenants.roles import Role
from tests.factories import elevation
from tests.factories.tenants import TenantFactory, member
from tests.twin.analysis.test_runs import ask
from twin.analysis import registry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("slug", "finest", "cell"),
    [("heavy-rain", 2.0, 5), ("flow-paths", 2.0, 2), ("heavy-rain", 10.0, 10), ("small-streams", 12.5, 20)],
)
def test_cells_are_those_of_the_model_and_a_part_of_the_question(tmp_path: Path, slug: str, finest: float, cell: int) -> None:  # fmt: skip
    town: Tenant = TenantFactory.create(slug="meissen", name="Meißen")
    planner: User = member(town, Role.PLANNER)
    ground = elevation.model(town, tmp_path, elevation.ramp(side=120), cell=finest)
    asked: dict[str, Any] = {"elevation": str(ground.public_id)} | ({"depth": 50} if slug == "heavy-rain" else {})  # fmt: skip
    use_case = registry.use_cases()[slug]
    run, _is_new = ask(use_case, planner, **asked)
    assert run.parameters["cell"] == cell
    assert ask(use_case, planner, **asked, cell=str(cell)) == (run, False)
