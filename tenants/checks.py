"""System checks that turn red when a hole is cut into the wall (run with `check --database default`)."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.postgres.constraints import ExclusionConstraint
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
    for model in apps.get_models(include_auto_created=True):
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
    yield from (", ".join(fields) for fields in model._meta.unique_together if "tenant" not in fields)
    for constraint in model._meta.constraints:
        if "tenant" not in _keys(constraint):
            yield constraint.name


def _keys(constraint: models.BaseConstraint) -> set[str]:
    """Names of the columns that a constraint compares between rows; the tenant alone when it compares none."""
    if isinstance(constraint, models.UniqueConstraint):
        return {*constraint.fields, *(str(getattr(one, "name", one)) for one in constraint.expressions)}
    if isinstance(constraint, ExclusionConstraint):
        return {str(getattr(expression, "name", expression)) for expression, _ in constraint.expressions}
    return {"tenant"}


@register(Tags.database)
def the_wall_stands(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Every tenant-owned table has its policies, views look through them, the operators that need it are leakproof."""
    if "default" not in (databases or ()):
        return []
    found: list[CheckMessage] = [
        Error(f"{model._meta.label} has no row-level security policies.", obj=model, id="tenants.E003")
        for model in _models_without_policies()
    ]
    if leaky := _names(LEAKY, [list(rls.LEAKPROOF)]):
        found.append(
            Error(f"Not marked LEAKPROOF: {', '.join(leaky)}. Run provision.sql again.", id="tenants.E004")
        )
    if views := _names(VIEWS_ROUND_THE_WALL):
        found.append(Error(f"Views without security_invoker: {', '.join(views)}.", id="tenants.E005"))
    return found


LEAKY = "SELECT DISTINCT proname::text FROM pg_proc WHERE proname = ANY(%s) AND NOT proleakproof ORDER BY 1"
VIEWS_ROUND_THE_WALL = """
    SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'v' AND n.nspname = 'public'
      AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false)
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1"""
POLICIES = """
    SELECT c.relname::text, c.relrowsecurity, array_remove(array_agg(p.polname::text), NULL) FROM pg_class c
    LEFT JOIN pg_policy p ON p.polrelid = c.oid WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    GROUP BY c.oid"""


def _names(query: str, parameters: Any = ()) -> list[str]:
    with connections["default"].cursor() as cursor:
        cursor.execute(query, parameters)
        return [name for (name,) in cursor.fetchall()]


def _models_without_policies() -> Iterator[type[TenantOwned]]:
    with connections["default"].cursor() as cursor:
        cursor.execute(POLICIES)
        tables = {name: enabled and set(policies) >= ACTS for name, enabled, policies in cursor.fetchall()}
    # a table not yet migrated is migrate's concern
    return (model for model in owned_models() if not tables.get(model._meta.db_table, True))
