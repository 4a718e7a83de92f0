"""Row-level security for old plans and verdicts; a verdict is never changed."""

from typing import ClassVar

from django.conf import settings
from django.db import migrations
from django.db.migrations.operations import RunSQL

from tenants import rls

LOGIN = f'"{settings.APP_LOGIN}"'
SAME_TENANT = (
    ("legacyplan", "tenants_privatefile", "scan_id"),
    ("legacyplan", "tenants_privatefile", "sheet_id"),
    ("legacyplan", "tenants_privatefile", "picture_id"),
    ("legacyplan", "planning_plan", "plan_id"),
    ("planreview", "planning_plan", "plan_id"),
    ("planreview", "planning_planversion", "version_id"),
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("planning", "0015_old_plans_reviews"), ("tenants", "0002_wall")]

    operations: ClassVar = [
        rls.protect("planning_legacyplan"),
        rls.protect("planning_planreview", shared=("plan_id", "plan")),
        *(rls.same_tenant(f"planning_{child}", parent, column) for child, parent, column in SAME_TENANT),
        RunSQL(
            sql=[f"REVOKE UPDATE, TRUNCATE ON planning_planreview FROM PUBLIC, {LOGIN}"],
            reverse_sql=[f"GRANT UPDATE ON planning_planreview TO {LOGIN}"],
        ),
    ]
