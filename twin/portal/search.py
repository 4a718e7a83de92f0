"""Search over pages, procedures, plans and data: German full text, word beginnings, and anywhere inside a title."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from wagtail.models import Page

from participation.models import Procedure
from planning.models import Plan
from planning.queries import having_words
from tenants.models import Tenant, TenantKind
from twin.analysis import registry
from twin.analysis.models import Run
from twin.catalogue import feeding
from twin.catalogue.finding import Wanted, narrowed
from twin.catalogue.models import Record
from twin.portal.models import TOWN_PATH, LegalKind, MunicipalityPage, StandardPage
from twin.portal.queries import public_procedures, published

LIMIT = 50  # of each kind; who finds more needs a better word
WORDS = 8
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Found:
    pages: list[Any]
    procedures: list[Procedure]
    plans: list[Plan]
    records: list[Record]
    analyses: list[Run]

    @property
    def count(self) -> int:
        found = (self.pages, self.procedures, self.plans, self.records, self.analyses)
        return sum(len(each) for each in found)


def search(text: str, *, below: Page, tenant: Tenant) -> Found:
    """What matches all words. below: the page whose tree is searched; tenant: the town, or the county for all of them."""
    words = _WORD.findall(text.replace("\0", ""))[:WORDS]
    if not words:
        return Found([], [], [], [], [])
    return Found(
        _pages(words, below, tenant),
        _procedures(words, tenant),
        _plans(words, tenant),
        _records(words, tenant),
        _analyses(words, tenant),
    )


def _pages(words: list[str], below: Page, tenant: Tenant) -> list[Any]:
    """Pages by stem first, then by word beginning, then by a part of the title ("schutz" in "Hochwasserschutz")."""
    towns = {page.path: page for page in MunicipalityPage.objects.all()}
    rows = Page.objects.live().descendant_of(below, inclusive=True).filter(depth__gt=2)
    rows = rows.exclude(pk__in=_legal_pages_of_others(towns.values(), tenant))
    text = " ".join(words)
    inside = Q()
    for word in words:
        inside &= Q(title__icontains=word)
    keys = [row.pk for row in rows.search(text, operator="and")[:LIMIT]]
    keys += [row.pk for row in rows.autocomplete(text, operator="and")[:LIMIT]]
    keys += rows.filter(inside).values_list("pk", flat=True)[:LIMIT]
    order = list(dict.fromkeys(keys))[:LIMIT]
    by_key = {row.pk: row for row in Page.objects.filter(pk__in=order).specific()}
    for row in by_key.values():
        row.town = towns[row.path[:TOWN_PATH]]  # one query for all of them
    return [by_key[key] for key in order]


def _legal_pages_of_others(towns: Iterable[MunicipalityPage], tenant: Tenant) -> list[int]:
    """Every town has the same four: who searches the whole county means at most the county's."""
    rows = StandardPage.objects.exclude(kind=LegalKind.NONE)
    for town in towns:
        if town.tenant_slug == tenant.slug:
            rows = rows.exclude(path__startswith=town.path)
    return list(rows.values_list("pk", flat=True))


def _procedures(words: list[str], tenant: Tenant) -> list[Procedure]:
    rows = public_procedures(tenant)
    for word in words:
        rows = rows.filter(Q(title__icontains=word) | Q(summary__icontains=word))
    return list(rows.order_by("title")[:LIMIT])


def _plans(words: list[str], tenant: Tenant) -> list[Plan]:
    rows = Plan.objects.filter(is_public=True, tenant__active=True).select_related("tenant")
    if tenant.kind != TenantKind.COUNTY:
        rows = (
            rows.filter(Q(tenant=tenant) | Q(ags__contains=[tenant.ags]))
            if tenant.ags
            else rows.filter(tenant=tenant)
        )
    return list(
        having_words(rows.defer("area", "tenant__boundary"), " ".join(words)).order_by("name")[:LIMIT]
    )


def _records(words: list[str], tenant: Tenant) -> list[Record]:
    town = None if tenant.kind == TenantKind.COUNTY else tenant.pk
    rows = narrowed(feeding.records(), Wanted(text=" ".join(words), tenant_id=town))
    return list(rows.select_related("tenant").defer("tenant__boundary").order_by("title")[:LIMIT])


def _analyses(words: list[str], tenant: Tenant) -> list[Run]:
    """By their title, and by the name of their use case."""
    titles = {slug: str(use_case.title).lower() for slug, use_case in registry.use_cases().items()}
    rows = published(tenant)
    for word in words:
        named = [slug for slug, title in titles.items() if word.lower() in title]
        rows = rows.filter(Q(title__icontains=word) | Q(use_case__in=named))
    return list(rows[:LIMIT])
