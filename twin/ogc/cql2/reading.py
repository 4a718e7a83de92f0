"""CQL2 text or JSON -> tree, within limits: a stranger writes it."""

import json
import math
from typing import Any

from twin.ogc.cql2.errors import FilterRefused
from twin.ogc.cql2.text import MOST_LEVELS, parse
from twin.ogc.messages import _

LONGEST = 16_000  # characters
MOST_NODES = 2_000
LEVELS_IN_JSON = 4 * MOST_LEVELS  # each level of text is two here, and coordinates have four of their own


def read(text: str, *, language: str) -> Any:
    """The tree of a filter. language: cql2-text or cql2-json. Raises FilterRefused."""
    if len(text) > LONGEST:
        raise FilterRefused(_("The filter has more than %(most)s characters."), most=LONGEST)
    return parse(text) if language == "cql2-text" else _from_json(text)


def _from_json(text: str) -> Any:
    try:
        tree = json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise FilterRefused(_("The filter is nested too deeply.")) from None
    except json.JSONDecodeError as error:
        raise FilterRefused(_("The filter is no JSON: it can't be read at character %(at)s."), at=error.pos + 1) from None  # fmt: skip
    except ValueError:  # a number of thousands of digits
        raise FilterRefused(_("A number is too large.")) from None
    _check(tree)
    return tree


def _refuse(name: str) -> None:
    raise FilterRefused(_("“%(text)s” is no number."), text=name)


def _check(tree: Any) -> None:
    """Walks without recursion, level by level."""
    level, depth, nodes = [tree], 0, 0
    while level:
        depth += 1
        nodes += len(level)
        if depth > LEVELS_IN_JSON or nodes > MOST_NODES * 4:
            raise FilterRefused(_("The filter is nested too deeply or has too many parts."))
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                below += one.values()
            elif isinstance(one, list):
                below += one
            elif isinstance(one, float) and not math.isfinite(one):
                raise FilterRefused(_("A number is too large."))
        level = below
