"""Search in the catalogue: which records fit, in which order, and how many there are of each kind, theme, format …

Nothing grows with the catalogue: rows are looked at up to CAP, and what fits more often than that is listed by date without
numbers. Numbers over all records are kept for a while where there are more than CAP.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import Polygon
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator
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
_ORDERS = {
    NEWEST: ("-changed_at", "-id"),
    TITLE: (Collate("title", "de-x-icu"), "id"),
}
_COUNT = """WITH hits AS MATERIALIZED ({rows} {limit})
    SELECT '', count(*), {ids} FROM hits
    UNION ALL SELECT 'tenant:' || tenant_id, count(*), NULL FROM hits GROUP BY tenant_id
    UNION ALL SELECT facet, count(*), NULL FROM hits, jsonb_array_elements_text(facets) facet GROUP BY facet"""


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
    """How many records there are, of each facet ("theme:ENVI", "tenant:3"), and which; without ids above CAP."""

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
    fits = Q()
    ids: set[int] = set()
    for way in ways(wanted.text):
        fits |= way
        with _weighing_texts():
            ids.update(rows.filter(way).order_by().values_list("pk", flat=True)[: CAP + 1])
        if len(ids) > CAP:
            return rows.filter(fits), Tally(len(ids))
    if fits:
        rows = Record.objects.filter(pk__in=ids)
    return rows, tally(rows)


@contextmanager
def _weighing_texts() -> Iterator[None]:
    """The planner takes comparing a text for as cheap as comparing a number. Unpacking it costs a hundred times that, and so it would read the whole
    table where an index knows the answer."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL cpu_operator_cost = 0.25")
        yield
        cursor.execute("SET LOCAL cpu_operator_cost TO DEFAULT")


def tally(rows: QuerySet[Record], *, cap: int | None = CAP) -> Tally:
    try:
        query, parameters = rows.order_by().values_list("id", "tenant_id", "facets").query.sql_with_params()
    except EmptyResultSet:
        return Tally(0, ids=())
    limit = "" if cap is None else f"LIMIT {cap + 1}"
    ids = "NULL" if cap is None else "array_agg(id)"
    with _weighing_texts(), connection.cursor() as cursor:
        cursor.execute(_COUNT.format(rows=query, limit=limit, ids=ids), parameters)
        (_all, total, found), *others = cursor.fetchall()
    if cap is not None and total > cap:
        return Tally(total)
    return Tally(total, {facet: count for facet, count, _ids in others}, tuple(found or ()))


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
        found = tally(rows, cap=None)
        cache.set(key, (found.total, dict(found.facets)), KEPT)
    return found


def ordered(rows: QuerySet[Record], wanted: Wanted, found: Tally) -> QuerySet[Record]:
    """Records whose title has the words come first, where there are few enough to sort."""
    order: list[Any] = list(_ORDERS.get(wanted.order, _ORDERS[NEWEST]))
    if found.ids is not None:
        rows = Record.objects.filter(pk__in=found.ids)
        if wanted.text and wanted.order not in _ORDERS:
            in_title = Q(title__within=f"%{wanted.text.strip()}%")
            rows = rows.alias(in_title=in_title)
            order.insert(0, "-in_title")
    return rows.order_by(*order)


class Pages(Paginator[Record]):
    """Over rows that have been counted already."""

    def __init__(self, rows: QuerySet[Record], *, per_page: int, total: int) -> None:
        super().__init__(rows, per_page)
        self.count = min(total, CAP)  # a cached property of Django's
