"""Row-level security for steps' papers, Fassungen and calendar keys; corrections leave a trace, a published Fassung stays.

The serving login may add revisions of a step and move two flags of it, no more; a trigger refuses to change a frozen Fassung.
"""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations import RunSQL

from tenants import rls

PLAN = ("plan_id", "plan")
SAME_TENANT = (
    ("stepdocument", "planning_plan", "plan_id"),
    ("stepdocument", "planning_procedurestep", "step_id"),
    ("stepdocument", "tenants_privatefile", "file_id"),
    ("fassung", "planning_plan", "plan_id"),
    ("fassung", "planning_planversion", "version_id"),
    ("plan", "planning_plan", "amends_id"),
)
SPLIT = (  # the steps of the public and of the bodies have dates of their own now
    ("early_participation", "early_public"),
    ("participation", "publication"),
    ("repeated_participation", "repeated_publication"),
)
FREEZE = """
    CREATE FUNCTION planning_fassung_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'This Fassung is frozen' USING ERRCODE = 'restrict_violation';
    END $$;
    CREATE TRIGGER planning_fassung_frozen
        BEFORE UPDATE OF kind, number, dated_on, version_id, frozen_at, plan_id, tenant_id ON planning_fassung
        FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION planning_fassung_frozen();
"""
THAW = """
    DROP TRIGGER planning_fassung_frozen ON planning_fassung;
    DROP FUNCTION planning_fassung_frozen();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("planning", "0005_lifecycle"), ("tenants", "0002_wall")]

    operations: ClassVar = [
        *(
            RunSQL(
                sql=[("UPDATE planning_procedurestep SET kind = %s WHERE kind = %s", [new, old])],
                reverse_sql=[("UPDATE planning_procedurestep SET kind = %s WHERE kind = %s", [old, new])],
            )
            for old, new in SPLIT
        ),
        rls.protect("planning_stepdocument", public=True, shared=PLAN),
        rls.protect("planning_fassung", public=True, shared=PLAN),
        rls.protect("planning_calendarkey"),
        *(rls.same_tenant(f"planning_{child}", parent, column) for child, parent, column in SAME_TENANT),
        rls.only_changes("planning_procedurestep", "is_current", "is_public"),
        RunSQL(sql=FREEZE, reverse_sql=THAW),
    ]
