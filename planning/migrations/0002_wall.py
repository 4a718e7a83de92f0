"""Row-level security for plans and all that hangs on them; a child hangs only on a parent of its own tenant.

The serving login may add revisions of a step and move two flags of it, no more; it never changes a verdict; a trigger refuses to
change a frozen Fassung. Objects and references take masses of rows: the policy looks for their version and plan.
"""

from typing import ClassVar

from django.conf import settings
from django.db import migrations
from django.db.migrations.operations import RunSQL

from tenants import rls

PLAN = ("plan_id", "plan")
PUBLIC_OF_PLAN = (
    "planversion",
    "planobject",
    "planreference",
    "plandocument",
    "planraster",
    "procedurestep",
    "stepdocument",
    "fassung",
)
OF_PLAN = ("validationrun", "finding", "editdraft", "editstep", "editedobject", "planreview")
OF_TENANT = ("batch", "batchitem", "calendarkey", "legacyplan")
MASSES = ("planobject", "planreference")
SAME_TENANT = (
    *(
        (child, "planning_plan", "plan_id")
        for child in (*PUBLIC_OF_PLAN, *OF_PLAN, "legacyplan")
        if child not in MASSES
    ),
    *(
        (child, "planning_planversion", "version_id")
        for child in ("plandocument", "planraster", "validationrun", "fassung", "planreview")
    ),
    ("plan", "planning_planversion", "current_version_id"),
    ("plan", "planning_planversion", "published_version_id"),
    ("plan", "planning_plan", "amends_id"),
    ("planversion", "planning_planversion", "superseded_by_id"),
    ("planversion", "tenants_privatefile", "file_id"),
    ("planreference", "planning_planobject", "source_id"),
    ("planreference", "planning_planobject", "target_id"),
    ("plandocument", "planning_plandocument", "superseded_by_id"),
    ("plandocument", "tenants_privatefile", "file_id"),
    ("planraster", "planning_plandocument", "document_id"),
    ("planraster", "tenants_privatefile", "file_id"),
    ("stepdocument", "planning_procedurestep", "step_id"),
    ("stepdocument", "tenants_privatefile", "file_id"),
    ("finding", "planning_validationrun", "run_id"),
    ("editdraft", "planning_planversion", "base_id"),
    ("editdraft", "planning_planversion", "result_id"),
    ("editstep", "planning_editdraft", "draft_id"),
    ("editedobject", "planning_editdraft", "draft_id"),
    ("editedobject", "planning_editstep", "step_id"),
    ("batch", "tenants_job", "job_id"),
    ("batchitem", "planning_batch", "batch_id"),
    ("batchitem", "tenants_job", "job_id"),
    *(("legacyplan", "tenants_privatefile", f"{file}_id") for file in ("scan", "sheet", "picture")),
)
LOGIN = f'"{settings.APP_LOGIN}"'
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
    dependencies: ClassVar = [("planning", "0001_initial"), ("tenants", "0002_wall")]

    operations: ClassVar = [
        rls.protect("planning_plan", public=True, shared=("id", "plan")),
        *(rls.protect(f"planning_{table}", public=True, shared=PLAN) for table in PUBLIC_OF_PLAN),
        *(rls.protect(f"planning_{table}", shared=PLAN) for table in OF_PLAN),
        *(rls.protect(f"planning_{table}") for table in OF_TENANT),
        rls.protect("planning_capturestatement", public=True),
        rls.protect("planning_address", public=True),
        *(rls.same_tenant(f"planning_{child}", parent, column) for child, parent, column in SAME_TENANT),
        *(
            rls.of_own(f"planning_{child}", "planning_planversion", "version_id", within=("plan_id",))
            for child in MASSES
        ),
        rls.only_changes("planning_procedurestep", "is_current", "is_public"),
        RunSQL(
            sql=[f"REVOKE UPDATE, TRUNCATE ON planning_planreview FROM PUBLIC, {LOGIN}"],
            reverse_sql=[f"GRANT UPDATE ON planning_planreview TO {LOGIN}"],
        ),
        RunSQL(sql=FREEZE, reverse_sql=THAW),
    ]
