"""Search in the catalogue: which records fit, in which order, and how many there are of each kind, theme, format …

Nothing grows with the catalogue: rows are looked at up to CAP, and what fits more often than that is listed by date without
numbers. Numbers over all records are kept for a while where there are more than CAP.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import Polygon
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Collate
from django.http import Http404

from participation.search import matching, ways
from tenants import access, lookups  # noqa: F401 - registers `within`
from tenants.models import Tenant
from tenants.permissions import Person, reach_of
from twin.catalogue.entries import with_all
from twin.catalogue.models import Dataset, Record

CAP = 1000  # records; who finds more needs a narrower search
KEPT = 600  # seconds that numbers over a large catalogue may be old
NEWEST, TITLE = "newest", "title"
OFFERED = 50  # values of a facet; the most frequent ones
_ORDERS = {
    NEWEST: ("-changed_at", "-id"),
    TITLE: (Collate("title", "de-x-icu"), "id"),
}
_SORTS = {NEWEST: "changed_at DESC, id DESC", TITLE: 'title COLLATE "de-x-icu", id'}  # the same, of hits
_BEST = f"in_title DESC, {_SORTS[NEWEST]}"
_ALL = """WITH hits AS MATERIALIZED ({rows})
    SELECT '', count(*), NULL FROM hits
    UNION ALL SELECT facet, count(*), NULL FROM hits, jsonb_array_elements_text(facets) facet GROUP BY facet"""
_WAY = "{name} AS MATERIALIZED (SELECT * FROM ({rows}) found WHERE {before} <= {cap} LIMIT {cap} + 1)"
_MANY, _HITS = "(SELECT count(*) FROM {name})", "SELECT * FROM {name}"
_COUNT = """WITH {ways}, hits AS MATERIALIZED (SELECT DISTINCT ON (id) * FROM ({every}) every)
    SELECT '', count(*), array_agg(id ORDER BY {order}) FILTER (WHERE (SELECT count(*) FROM hits) <= {cap}) FROM hits
    UNION ALL SELECT '', count(*), NULL FROM way0
    UNION ALL SELECT facet, count(*), NULL FROM hits, jsonb_array_elements_text(facets) facet
        WHERE (SELECT count(*) FROM hits) <= {cap} GROUP BY facet"""


@dataclass(frozen=True)
class Wanted:
    """What is searched for; empty: everything. facets: as Record.facets has them. box: in the twin's reference system."""

    text: str = ""
    facets: tuple[str, ...] = ()
    tenant_id: int | None = None
    box: Polygon | None = None
    order: str = NEWEST

    @property
    def is_narrow(self) -> bool:
        return bool(self.text or self.facets or self.tenant_id or self.box)


@dataclass(frozen=True)
class Tally:
    """How many records there are, of each facet ("theme:ENVI"), and which, in the order that was asked for; above CAP only that there are more."""

    total: int
    facets: Mapping[str, int] = field(default_factory=dict)
    ids: tuple[int, ...] | None = None

    @property
    def is_capped(self) -> bool:
        return self.ids is None


def listed(user: Person) -> QuerySet[Record]:
    """Records that the person may see and that are still there."""
    reach_of(user)  # visible_to looks at it
    # joined with those that are active, the planner would go town by town
    closed = Tenant.objects.filter(active=False)
    rows: QuerySet[Record] = Record.objects.visible_to(user).filter(is_gone=False).exclude(tenant__in=closed)
    return rows


def record_for(user: Person, public_id: Any) -> Record:
    """The record that the person may see, also by a share of its dataset. Raises Http404."""
    rows = with_all(Record.objects.filter(tenant__active=True))
    try:
        record: Record = access.fetch(rows, user, "view", public_id=public_id)
    except Http404:
        datasets = Dataset.objects.filter(tenant__active=True)
        dataset = access.fetch(datasets, user, "view", records__public_id=public_id)
        record = rows.get(dataset=dataset)
    return record


def narrowed(rows: QuerySet[Record], wanted: Wanted) -> QuerySet[Record]:
    return _placed(rows, wanted).filter(matching(wanted.text))


def _placed(rows: QuerySet[Record], wanted: Wanted) -> QuerySet[Record]:
    """By all that is wanted but the text."""
    if wanted.facets:
        rows = rows.filter(facets__contains=list(wanted.facets))
    if wanted.tenant_id:
        rows = rows.filter(tenant=wanted.tenant_id)
    if wanted.box:
        rows = rows.filter(extent__bboverlaps=wanted.box)
    return rows


def search(rows: QuerySet[Record], wanted: Wanted) -> tuple[QuerySet[Record], Tally]:
    """Those of the rows that are wanted, and how many. Once the beginnings of words alone give more than CAP, the middle of words is not looked at."""
    rows = _placed(rows, wanted)
    order = _SORTS.get(wanted.order, _BEST if wanted.text else _SORTS[NEWEST])
    found = ways(wanted.text)
    tally, by_first = _counted([rows.filter(way) for way in found] or [rows], order=order, title=wanted.text)
    for way in found[1:] if by_first <= CAP else ():
        found[0] |= way
    return rows.filter(*found[:1]), tally


def tally(rows: QuerySet[Record]) -> Tally:
    """Of rows that are counted up to CAP, the newest first."""
    return _counted([rows], order=_SORTS[NEWEST])[0]


def _counted(every: Sequence[QuerySet[Record]], *, order: str, title: str = "") -> tuple[Tally, int]:
    """Of what any of these finds, and how many the first one found. Each is asked only where those before it found CAP at most."""
    in_title = Q(title__within=f"%{title.strip()}%")
    columns = ("id", "facets", "changed_at", "title", "in_title")
    parts: list[str] = []
    parameters: list[Any] = []
    before = "0"
    for rows in every:
        rows = rows.order_by().annotate(in_title=in_title)
        try:
            query, values = rows.values_list(*columns).query.sql_with_params()
        except EmptyResultSet:
            continue
        name = f"way{len(parts)}"
        parts.append(_WAY.format(name=name, rows=query, before=before, cap=CAP))
        parameters += values
        before = _MANY.format(name=name)
    if not parts:
        return Tally(0, ids=()), 0
    both = " UNION ALL ".join(_HITS.format(name=f"way{number}") for number in range(len(parts)))
    count = _COUNT.format(ways=", ".join(parts), every=both, order=order, cap=CAP)
    (_all, total, ids), (_first, by_first, _none), *facets = _asked(count, parameters)
    if total > CAP:
        return Tally(total), by_first
    return Tally(total, {facet: count for facet, count, _ids in facets}, tuple(ids or ())), by_first


def _asked(query: str, parameters: Sequence[Any]) -> list[tuple[str, int, list[int] | None]]:
    """The planner takes comparing a text for as cheap as comparing a number. Unpacking it costs a hundred times that, and so it would read the whole
    table where an index knows the answer."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL cpu_operator_cost = 0.25")
        cursor.execute(query, parameters)
        found: list[tuple[str, int, list[int] | None]] = cursor.fetchall()
        cursor.execute("SET LOCAL cpu_operator_cost TO DEFAULT")
    return found


def overview(user: Person) -> Tally:
    """Of all records that the person may see."""
    scope = reach_of(user).scope
    key = f"catalogue:overview:{scope.read}:{scope.datasets}".replace(" ", "")
    known: tuple[int, dict[str, int]] | None = cache.get(key)
    if known is not None:
        return Tally(*known)
    rows = listed(user)
    found = tally(rows)
    if found.is_capped:
        query, parameters = rows.order_by().values_list("id", "facets").query.sql_with_params()
        (_all, total, _ids), *facets = _asked(_ALL.format(rows=query), parameters)
        found = Tally(total, _frequent({facet: count for facet, count, _ids in facets}))
        cache.set(key, (found.total, dict(found.facets)), KEPT)
    return found


def _frequent(facets: Mapping[str, int]) -> dict[str, int]:
    """Those that are offered: of 1,000 publishers most have no place in a list."""
    kinds: dict[str, int] = {}
    found = {}
    for facet, count in sorted(facets.items(), key=lambda pair: -pair[1]):
        kind = facet.partition(":")[0]
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] <= OFFERED:
            found[facet] = count
    return found


class Pages(Paginator[Any]):
    """Of what was found: by numbers where these are known, which a page then looks up; else rows in the order of an index, up to CAP."""

    def __init__(self, rows: QuerySet[Record], wanted: Wanted, found: Tally, *, per_page: int) -> None:
        order: tuple[Any, ...] = _ORDERS.get(wanted.order, _ORDERS[NEWEST])
        super().__init__(rows.order_by(*order) if found.ids is None else found.ids, per_page)
        self.count = min(found.total, CAP)  # a cached property of Django's


def records_of(page: Page[Any], rows: QuerySet[Record]) -> list[Record]:
    """The page's records, as `rows` load them."""
    if isinstance(page.object_list, QuerySet):
        return list(page.object_list)
    found = {record.pk: record for record in rows.filter(pk__in=page.object_list)}
    return [found[pk] for pk in page.object_list if pk in found]
