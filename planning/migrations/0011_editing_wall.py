"""Row-level security for drafts being edited, their steps and objects."""

from typing import ClassVar

from django.db import migrations

from tenants import rls

PLAN = ("plan_id", "plan")
SAME_TENANT = (
    ("editdraft", "planning_plan", "plan_id"),
    ("editdraft", "planning_planversion", "base_id"),
    ("editdraft", "planning_planversion", "result_id"),
    ("editstep", "planning_plan", "plan_id"),
    ("editstep", "planning_editdraft", "draft_id"),
    ("editedobject", "planning_plan", "plan_id"),
    ("editedobject", "planning_editdraft", "draft_id"),
    ("editedobject", "planning_editstep", "step_id"),
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("planning", "0010_editing"), ("tenants", "0002_wall")]

    operations: ClassVar = [
        *(
            rls.protect(f"planning_{table}", shared=PLAN)
            for table in ("editdraft", "editstep", "editedobject")
        ),
        *(rls.same_tenant(f"planning_{child}", parent, column) for child, parent, column in SAME_TENANT),
    ]
