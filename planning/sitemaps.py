"""Addresses for search engines: the registers and every public plan."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from planning import queries
from planning.models import Plan
from tenants.models import Tenant


class Registers(Sitemap[Tenant]):
    changefreq = "weekly"

    def items(self) -> QuerySet[Tenant]:
        return queries.municipalities()

    def location(self, item: Tenant) -> str:
        return reverse("planning:register", args=[item.slug])


class Plans(Sitemap[Plan]):
    limit = 5000

    def items(self) -> QuerySet[Plan]:
        rows: QuerySet[Plan] = Plan.objects.filter(is_public=True, tenant__active=True)
        return rows.only("public_id", "changed_at", "tenant").order_by("pk")

    def lastmod(self, item: Plan) -> datetime:
        return item.changed_at


SITEMAPS = {"registers": Registers, "plans": Plans}
