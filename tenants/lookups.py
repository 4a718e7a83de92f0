"""Lookups that keep their index behind row-level security."""

from typing import Any

from django.db.models import CharField, Lookup, TextField


@TextField.register_lookup
@CharField.register_lookup
class Within(Lookup[bool]):
    """`field__within=pattern`: ILIKE, whose operator is marked leakproof (Django's icontains is UPPER(…) LIKE …)."""

    lookup_name = "within"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} ILIKE {right}", (*left_params, *right_params)
