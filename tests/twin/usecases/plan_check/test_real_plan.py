"""The balance of a plan that a town really made, against sums made apart from the platform in the plan's own system.

LA 22 (Bremen, XPlanGML 5.0): it states Geschossfläche in m² for some areas, a Geschossflächenzahl for others, storeys for others, and nothing for
a hospital. Its system is Gauss-Krüger zone 3; so far west of the twin's UTM zone 33 areas grow by 0.2 percent.
"""

from pathlib import Path

import pytest

from planning.importing import Order, import_file
from tenants.models import Tenant, User
from tenants.scope import working_for
from tests.twin.usecases.plan_check.test_runs import check
from twin.analysis.usecase import UseCase

pytestmark = pytest.mark.django_db(transaction=True)
STRETCH = 4e-3


def test_balance_of_a_real_plan(plan_check: UseCase, planner: User, town: Tenant, shared_data: Path) -> None:
    path = shared_data / "xplan" / "rub" / "v5_0_1" / "LA22.gml"
    with working_for([town.pk], [town.pk]):
        (report,) = import_file(path, name=path.name, order=Order(town, None, decision="auto"))
        (plan,) = report.plans
    summary = check(plan_check, planner, plan).summary
    names = ("area", "sealed", "units", "before", "after")
    assert [summary[name] for name in names] == pytest.approx([790_151.7, 210_445.1, 653.6, 1700.7, 6751.4], rel=STRETCH)  # fmt: skip
    found = {(row["words"].rpartition(": ")[2], row["grz"]): row for row in summary["balances"][0]["rows"]}
    assert found["Mischgebiet", 0.8]["sealed"] == found["Mischgebiet", 0.8]["footprint"]  # no more than 0.8
    assert (found["Krankenhaus", None]["sealed"], found["Straßenverkehrsfläche", None]["units"]) == (None, 0)
