"""Row-level security for plans and all that hangs on them; a child hangs only on a parent of its own tenant."""

from typing import ClassVar

from django.db import migrations

from tenants import rls

PUBLIC = ("planversion", "planobject", "planreference", "plandocument", "procedurestep")
INTERNAL = ("validationrun", "finding")
CHILDREN = (
    *((f"planning_{child}", "planning_plan", "plan_id") for child in (*PUBLIC, *INTERNAL)),
    *(
        (f"planning_{child}", "planning_planversion", "version_id")
        for child in ("planobject", "planreference", "plandocument", "validationrun")
    ),
    ("planning_plan", "planning_planversion", "current_version_id"),
    ("planning_plan", "planning_planversion", "published_version_id"),
    ("planning_planversion", "planning_planversion", "superseded_by_id"),
    ("planning_planversion", "tenants_privatefile", "file_id"),
    ("planning_plandocument", "tenants_privatefile", "file_id"),
    ("planning_planreference", "planning_planobject", "source_id"),
    ("planning_planreference", "planning_planobject", "target_id"),
    ("planning_finding", "planning_validationrun", "run_id"),
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("planning", "0001_plans"), ("tenants", "0002_wall")]

    operations: ClassVar = [
        rls.protect("planning_plan", public=True, shared=("id", "plan")),
        *(rls.protect(f"planning_{table}", public=True, shared=("plan_id", "plan")) for table in PUBLIC),
        *(rls.protect(f"planning_{table}", shared=("plan_id", "plan")) for table in INTERNAL),
        *(rls.same_tenant(child, parent, column) for child, parent, column in CHILDREN),
    ]
