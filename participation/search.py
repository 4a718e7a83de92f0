"""Text search in statements: German full text with prefixes, or every word anywhere inside, accents folded.

PostgreSQL's `german` alone does not find "Hochwasserschutz" inside "Hochwasserschutzmaßnahmen". Both parts stand on
columns the database keeps (kz_fold in the migration), because behind row-level security only leakproof operators use an index.
"""

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import CharField, Func, Lookup, Q, TextField, Value

WORDS = 8  # of a search; more would only cost time
LENGTH = 60  # of a word
_WORD = re.compile(r"\w+")
_LIKE = re.compile(r"([%_\\])")


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


def matching(text: str, *, prefix: str = "") -> Q:
    """Condition for rows that have all words of `text`; an empty text matches all. prefix: the path to the statement."""
    words = [word[:LENGTH] for word in _WORD.findall(text.replace("\0", ""))][:WORDS]
    if not words:
        return Q()
    by_stem = SearchQuery(
        Func(Value(" & ".join(f"{word}:*" for word in words)), function="kz_fold"),
        config="german",
        search_type="raw",
    )
    anywhere = Q()
    for word in words:
        pattern = Func(Value("%" + _LIKE.sub(r"\\\1", word) + "%"), function="kz_fold")
        anywhere &= Q(**{f"{prefix}search_text__within": pattern})
    return Q(**{f"{prefix}search_vector": by_stem}) | anywhere
