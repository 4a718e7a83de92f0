"""Row-level security; children only hang on their own tenant's rows; what was said can't be changed or removed."""

from collections.abc import Sequence
from typing import ClassVar

from django.conf import settings
from django.db import migrations
from django.db.migrations.operations import RunSQL

from tenants import rls

SHARED = ("procedure_id", "procedure")
INTERNAL = ("receiptcounter", "submitter", "moderationrecord", "question")
OF_STATEMENT = ("submitter", "anchor", "moderationrecord", "question", "answer")
SAME_TENANT = (
    ("procedure", "planning_plan", "plan_id"),
    ("procedure", "planning_planversion", "plan_version_id"),
    *(
        (child, "participation_procedure", "procedure_id")
        for child in ("receiptcounter", "phase", "category", "statement")
    ),
    ("phase", "planning_fassung", "fassung_id"),
    ("phase", "planning_planversion", "plan_version_id"),
    ("statement", "participation_phase", "phase_id"),
    ("statement", "participation_category", "category_id"),
    *((child, "participation_statement", "statement_id") for child in OF_STATEMENT),
    ("anchor", "planning_planobject", "plan_object_id"),
    ("moderationrecord", "participation_moderationrecord", "undoes_id"),
)
# What the serving login may still change in a row that belongs to the file.
CHANGEABLE = {
    "statement": ("publication", "publication_reason", "publication_consent", "is_public", "category_id"),
    "submitter": ("name", "email", "postal_address", "user_id", "confirmed_at", "purge_on"),
    "anchor": ("is_public",),
    "question": ("reply", "replied_at"),
    "answer": ("is_public",),
}


def only_changes(table: str, columns: Sequence[str]) -> RunSQL:
    """Operation: the serving login changes these columns only, and removes no row."""
    login = f'"{settings.APP_LOGIN}"'
    return RunSQL(
        sql=[
            f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM PUBLIC, {login}',
            f'GRANT UPDATE ({", ".join(columns)}) ON "{table}" TO {login}',
        ],
        reverse_sql=[f'GRANT UPDATE, DELETE ON "{table}" TO {login}'],
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("participation", "0001_initial"), ("planning", "0002_wall")]

    operations: ClassVar = [
        rls.protect("participation_procedure", public=True, shared=("id", "procedure")),
        rls.protect("participation_phase", public=True, shared=SHARED),
        rls.protect("participation_category", public=True, shared=SHARED),
        # No single share opens statements: bodies and the county see what was published.
        *(rls.protect(f"participation_{table}", public=True) for table in ("statement", "anchor", "answer")),
        *(rls.protect(f"participation_{table}") for table in INTERNAL),
        *(rls.same_tenant(f"participation_{child}", parent, column) for child, parent, column in SAME_TENANT),
        *(only_changes(f"participation_{table}", columns) for table, columns in CHANGEABLE.items()),
        rls.append_only("participation_moderationrecord"),
    ]
