"""Row-level security for analyses; a run hangs only on a job of its own tenant."""

from typing import ClassVar

from django.db import migrations

from tenants import rls


class Migration(migrations.Migration):
    dependencies: ClassVar = [("analysis", "0001_initial"), ("tenants", "0002_wall")]

    operations: ClassVar = [
        rls.protect("analysis_run", public=True, shared=("id", "run")),
        rls.same_tenant("analysis_run", "tenants_job", "job_id"),
    ]
