"""System checks that turn red when a hole is cut into the wall (run with `check --database default`)."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections, models

from tenants import rls
from tenants.models import TenantOwned

ACTS = {"kz_read", "kz_insert", "kz_update", "kz_delete"}


def owned_models() -> Iterator[type[TenantOwned]]:
    """All concrete models with a tenant."""
    return (model for model in apps.get_models() if issubclass(model, TenantOwned) and not model._meta.proxy)


def _is_ours(model: type[models.Model]) -> bool:
    return model.__module__.split(".")[0] in {"tenants", "planning", "participation", "twin"}


@register()
def every_model_has_an_owner(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A model of ours is tenant-owned or named in rls.GLOBAL; unique constraints contain the tenant."""
    found: list[CheckMessage] = []
    for model in apps.get_models():
        label = model._meta.label
        if not _is_ours(model) or label in rls.GLOBAL or _is_page(model):
            continue
        if not issubclass(model, TenantOwned):
            found.append(
                Error(f"{label} is neither TenantOwned nor in rls.GLOBAL.", obj=model, id="tenants.E001")
            )
            continue
        found += [
            Error(
                f"{label}: {what} is unique without the tenant, so it tells strangers what exists.",
                obj=model,
                id="tenants.E002",
            )
            for what in _unique_without_tenant(model)
        ]
    return found


def _is_page(model: type[models.Model]) -> bool:
    """Wagtail pages are public content without keys to tenant rows; twin.portal guards its admin."""
    return model.__module__.startswith("twin.portal")


def _unique_without_tenant(model: type[TenantOwned]) -> Iterator[str]:
    for field in model._meta.local_fields:
        if field.unique and not field.primary_key:
            yield field.name
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and "tenant" not in constraint.fields:
            yield constraint.name


@register(Tags.database)
def the_wall_stands(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Every tenant-owned table has its policies, the operators that need it are leakproof."""
    found: list[CheckMessage] = []
    if "default" not in (databases or ()):
        return found
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity, array_remove(array_agg(p.polname::text), NULL) FROM pg_class c"
            " LEFT JOIN pg_policy p ON p.polrelid = c.oid WHERE c.relkind = 'r' GROUP BY c.oid"
        )
        tables = {name: (enabled, set(policies)) for name, enabled, policies in cursor.fetchall()}
        cursor.execute(
            "SELECT DISTINCT proname FROM pg_proc WHERE proname = ANY(%s) AND NOT proleakproof",
            [list(rls.LEAKPROOF)],
        )
        leaky = sorted(name for (name,) in cursor.fetchall())
    for model in owned_models():
        enabled, policies = tables.get(
            model._meta.db_table, (True, ACTS)
        )  # a table not yet migrated is migrate's concern
        if not enabled or not ACTS <= policies:
            found.append(
                Error(
                    f"{model._meta.label} has no row-level security policies.", obj=model, id="tenants.E003"
                )
            )
    if leaky:
        found.append(
            Error(f"Not marked LEAKPROOF: {', '.join(leaky)}. Run provision.sql again.", id="tenants.E004")
        )
    return found
