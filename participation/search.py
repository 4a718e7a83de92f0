"""Text search in statements, and in whatever else has the same two columns: German full text with prefixes, or every word anywhere inside, accents folded.

PostgreSQL's `german` alone does not find "Hochwasserschutz" inside "Hochwasserschutzmaßnahmen". Both parts stand on
columns the database keeps (kz_fold in the migration), because behind row-level security only leakproof operators use an index.
"""

import re

from django.contrib.postgres.search import SearchQuery
from django.db.models import Func, Q, Value

from tenants import lookups  # noqa: F401 - registers `within`

WORDS = 8  # of a search; more would only cost time
LENGTH = 60  # of a word
_WORD = re.compile(r"\w+")
_LIKE = re.compile(r"([%_\\])")


def matching(text: str, *, prefix: str = "") -> Q:
    """Condition for rows that have all words of `text`; an empty text matches all. prefix: the path to the row that has them."""
    found = Q()
    for way in ways(text, prefix=prefix):
        found |= way
    return found


def ways(text: str, *, prefix: str = "") -> list[Q]:
    """The conditions that `matching` joins, the cheaper one first: its index alone answers it. None for an empty text."""
    words = [word[:LENGTH] for word in _WORD.findall(text.replace("\0", ""))][:WORDS]
    if not words:
        return []
    by_stem = SearchQuery(
        Func(Value(" & ".join(f"{word}:*" for word in words)), function="kz_fold"),
        config="german",
        search_type="raw",
    )
    anywhere = Q()
    for word in words:
        pattern = Func(Value("%" + _LIKE.sub(r"\\\1", word) + "%"), function="kz_fold")
        anywhere &= Q(**{f"{prefix}search_text__within": pattern})
    return [Q(**{f"{prefix}search_vector": by_stem}), anywhere]
