"""Row-level security: policies as migration operations, and what is knowingly without.

Pattern and measurements: docs/adr/0002-row-level-security.md. Every tenant-owned table is protected in the migration that
creates it; tenants/checks.py turns red when one was forgotten.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.operations import RunSQL

from tenants.errors import WallTooWeak

# Without a policy on purpose: they are read before a scope exists.
GLOBAL = frozenset(
    {
        "tenants.User",
        "tenants.User_groups",
        "tenants.User_user_permissions",
        "tenants.Tenant",
        "tenants.HostName",
        "tenants.Membership",
        "tenants.ApiToken",
        "tenants.Invitation",
        "tenants.EmergencyAccess",
    }
)

LEAKPROOF = ("geometry_overlaps", "ts_match_vq", "texticlike", "jsonb_contains", "range_overlaps")


def ids(setting: str) -> str:
    """SQL for the set of ids in a database setting; hashed once per query, empty when unset."""
    return f"(SELECT unnest(string_to_array(nullif(current_setting('{setting}', true), ''), ',')::bigint[]))"


def _readable(*, public: bool, shared: tuple[str, str] | None) -> str:
    conditions = [f"tenant_id IN {ids('app.read')}"]
    conditions += ["is_public"] if public else []
    conditions += [f"{shared[0]} IN {ids(f'app.shared_{shared[1]}')}"] if shared else []
    return " OR ".join(conditions)


def protect(table: str, *, public: bool = False, shared: tuple[str, str] | None = None) -> RunSQL:
    """Operation that puts a table behind the wall.

    table: with a ``tenant_id`` column. public: rows with ``is_public`` are readable by everybody.
    shared: (column, kind) when single grants open rows, e.g. ``("plan_id", "plan")`` reads the setting app.shared_plan.
    """
    readable = _readable(public=public, shared=shared)
    writable = f"tenant_id IN {ids('app.write')}"
    return RunSQL(
        sql=[
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'CREATE POLICY kz_read ON "{table}" FOR SELECT USING ({readable})',
            f'CREATE POLICY kz_insert ON "{table}" FOR INSERT WITH CHECK ({writable})',
            f'CREATE POLICY kz_update ON "{table}" FOR UPDATE USING ({writable}) WITH CHECK ({writable})',
            f'CREATE POLICY kz_delete ON "{table}" FOR DELETE USING ({writable})',
        ],
        reverse_sql=[
            *(f'DROP POLICY kz_{act} ON "{table}"' for act in ("read", "insert", "update", "delete")),
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
        ],
    )


def same_tenant(child: str, parent: str, column: str) -> RunSQL:
    """Operation: a child row can only hang on a parent of its own tenant (keys bypass policies).

    child, parent: tables with ``tenant_id``; column: the child's foreign key column. NULL in the column is allowed.
    """
    unique, key = f"{parent}_tenant_id_uniq", f"{child}_{column}_same_tenant"
    return RunSQL(
        sql=[
            f"""DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = '{unique}') THEN
                    ALTER TABLE "{parent}" ADD CONSTRAINT "{unique}" UNIQUE (tenant_id, id);
                END IF;
            END $$""",
            f'ALTER TABLE "{child}" ADD CONSTRAINT "{key}" FOREIGN KEY (tenant_id, {column}) '
            f'REFERENCES "{parent}" (tenant_id, id) DEFERRABLE INITIALLY DEFERRED',
        ],
        reverse_sql=[f'ALTER TABLE "{child}" DROP CONSTRAINT "{key}"'],
    )


def of_own(child: str, parent: str, column: str, *, within: Sequence[str] = ()) -> RunSQL:
    """Operation: instead of ``same_tenant`` for a table that takes masses of rows. The policies look for the parent once in each
    statement; a key would do it in a trigger for each row. It does not keep the parent: who removes one removes its rows first.

    within: further columns of the child that must say what the parent's say.
    """
    writable = f"tenant_id IN {ids('app.write')}"
    known = ", ".join(["tenant_id", "id", *within])
    own = f'{writable} AND (tenant_id, {", ".join([column, *within])}) IN (SELECT {known} FROM "{parent}")'  # noqa: S608 - our own names
    checked = [
        f'ALTER POLICY {policy} ON "{child}" WITH CHECK ({{}})'.format
        for policy in ("kz_insert", "kz_update")
    ]
    return RunSQL(
        sql=[change(own) for change in checked], reverse_sql=[change(writable) for change in checked]
    )


def append_only(table: str) -> RunSQL:
    """Operation: the serving login can add rows and read them, never change or remove one."""
    return RunSQL(
        sql=[f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM PUBLIC, "{settings.APP_LOGIN}"'],
        reverse_sql=[f'GRANT UPDATE, DELETE ON "{table}" TO "{settings.APP_LOGIN}"'],
    )


def only_changes(table: str, *columns: str) -> RunSQL:
    """Operation: of rows that stand, the serving login changes these columns alone; it may still remove a row."""
    login = f'"{settings.APP_LOGIN}"'
    return RunSQL(
        sql=[
            f'REVOKE UPDATE, TRUNCATE ON "{table}" FROM PUBLIC, {login}',
            f'GRANT UPDATE ({", ".join(columns)}) ON "{table}" TO {login}',
        ],
        reverse_sql=[f'GRANT UPDATE ON "{table}" TO {login}'],
    )


def weaknesses() -> list[str]:
    """Reasons why the current login could lift the wall; empty when it cannot."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = session_user")
        superuser, bypass = cursor.fetchone() or (True, True)
        cursor.execute(
            "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = session_user"
        )
        (member_of,) = cursor.fetchone() or (1,)
        cursor.execute(
            "SELECT coalesce(array_agg(relname::text), '{}') FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm')"
            " AND pg_get_userbyid(relowner) = session_user AND relpersistence <> 't'"
        )
        (owned,) = cursor.fetchone() or ([],)
    found: list[tuple[Any, str]] = [
        (superuser, "it is a superuser"),
        (bypass, "it has BYPASSRLS"),
        (member_of, "it is a member of another role"),
        (owned, f"it owns {', '.join(owned[:3])}"),
    ]
    return [text for present, text in found if present]


def refuse_weak_login() -> None:
    """Raise WallTooWeak when the serving login could lift row-level security. Web and worker call it at their start."""
    if reasons := weaknesses():
        raise WallTooWeak(
            f"The serving database login could lift row-level security: {'; '.join(reasons)}. See docs/betrieb.md."
        )
