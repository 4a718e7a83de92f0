"""Addresses for search engines: every public record."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from twin.catalogue import feeding
from twin.catalogue.models import Record


class Records(Sitemap[Record]):
    limit = 5000

    def items(self) -> QuerySet[Record]:
        return feeding.records().only("public_id", "changed_at", "tenant")

    def lastmod(self, item: Record) -> datetime:
        return item.changed_at


RECORDS = {"records": Records}
