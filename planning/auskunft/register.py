"""The register of a municipality's public plans: what is in force, what is under way, and the same as a feed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urljoin

import shapely
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.feedgenerator import Atom1Feed

from planning import presenting
from planning.auskunft import gathering
from planning.auskunft.gathering import Candidate
from planning.auskunft.validity import Validity
from planning.models import Plan
from tenants.models import Tenant

FEED_LENGTH = 50  # plans


@dataclass
class Register:
    """Plans in the order of their kinds, numbers and names."""

    in_force: list[Candidate] = field(default_factory=list)
    under_way: list[Candidate] = field(default_factory=list)
    unclear: list[Candidate] = field(default_factory=list)
    ended: list[Candidate] = field(default_factory=list)


def plans_of(tenant: Tenant) -> QuerySet[Plan]:
    """Public plans of the town, also those that another tenant keeps for it."""
    whose = Q(tenant=tenant) | Q(ags__contains=[tenant.ags]) if tenant.ags else Q(tenant=tenant)
    rows: QuerySet[Plan] = Plan.objects.filter(whose, is_public=True, tenant__active=True)
    return rows.select_related("tenant").defer("area", "tenant__boundary")


def register(tenant: Tenant, *, on: date) -> Register:
    rows = [
        Candidate(row, shapely.Point())
        for row in plans_of(tenant).order_by("plan_type", "number", "name", "pk")
    ]
    gathering.judge(rows, on=on)
    found = Register()
    lists = {
        Validity.IN_FORCE: found.in_force,
        Validity.UNDER_WAY: found.under_way,
        Validity.UNCLEAR: found.unclear,
        Validity.ENDED: found.ended,
    }
    for row in rows:
        lists[row.validity].append(row)
    return found


def atom(plans: Iterable[Plan], *, title: str, address: str, feed_address: str) -> str:
    """The plans changed last, newest first. address: of the page that shows the same; both without host."""
    feed = Atom1Feed(
        title=title,
        link=_url(address),
        description=None,
        feed_url=_url(feed_address),
        language=settings.LANGUAGE_CODE,
        feed_guid=_url(feed_address),
    )
    for plan in plans:
        feed.add_item(
            title=str(plan),
            link=_url(plan.get_absolute_url()),
            description=", ".join(filter(None, (plan.get_plan_type_display(), presenting.status_of(plan)))),
            unique_id=f"urn:uuid:{plan.public_id}",
            author_name=plan.tenant.name,
            pubdate=plan.created_at,
            updateddate=plan.changed_at,
        )
    return str(feed.writeString("utf-8"))


def _url(path: str) -> str:
    return urljoin(settings.BASE_URL + "/", path)
