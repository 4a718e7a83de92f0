"""What filling the tables of objects and references costs: their version is looked up by the policy, once for each statement, instead
of by triggers of two keys for each row. Now a row must also name the plan that its version belongs to."""

from typing import ClassVar

from django.db import migrations

from tenants import rls


class Migration(migrations.Migration):
    dependencies: ClassVar = [("planning", "0018_address_wall")]

    operations: ClassVar = [
        rls.of_own(
            f"planning_{child}",
            "planning_planversion",
            "version_id",
            within={"plan_id": "planning_plan"},
        )
        for child in ("planobject", "planreference")
    ]
