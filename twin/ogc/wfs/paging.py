"""startIndex counts features; whoever reads page by page goes on from where the last page ended, so that each costs the same."""

import hashlib

from django.core.cache import cache

from twin.ogc import features
from twin.ogc.collections import Collection
from twin.ogc.features import Page, Position
from twin.ogc.selecting import Selection

_KEPT = 3600  # seconds that the end of a page is remembered
_BEHIND_ALL = Position(after=2**63 - 1)


def start(found: Collection, selection: Selection, index: int) -> Position:
    """Where a page begins that passes over `index` features."""
    if not index:
        return Position()
    if known := cache.get(_place(found, selection, index)):
        return Position.of(known)
    return features.passed_over(found, selection, index) or _BEHIND_ALL


def remember(found: Collection, selection: Selection, index: int, *, page: Page) -> None:
    """page: the one that began at `index`."""
    if page.following:
        cache.set(_place(found, selection, index + page.returned), page.following, _KEPT)


def _place(found: Collection, selection: Selection, index: int) -> str:
    """In this state of a collection. An id opens nothing: which rows somebody sees stays the database's word."""
    text = f"{found.id} {found.state} {selection.text} {selection.parameters} {index}"
    return f"ogc:wfs:{hashlib.sha256(text.encode(errors='replace')).hexdigest()}"
