"""Row-level security for rasters of plans."""

from typing import ClassVar

from django.db import migrations

from tenants import rls

SAME_TENANT = (
    ("planraster", "planning_plan", "plan_id"),
    ("planraster", "planning_planversion", "version_id"),
    ("planraster", "planning_plandocument", "document_id"),
    ("planraster", "tenants_privatefile", "file_id"),
    ("plandocument", "planning_plandocument", "superseded_by_id"),
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("planning", "0013_documents_rasters"), ("tenants", "0002_wall")]

    operations: ClassVar = [
        rls.protect("planning_planraster", public=True, shared=("plan_id", "plan")),
        *(rls.same_tenant(f"planning_{child}", parent, column) for child, parent, column in SAME_TENANT),
    ]
