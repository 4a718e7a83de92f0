"""The demo's plans, through the real importer."""

import tempfile
from pathlib import Path

from planning.importing import Order, import_file
from planning.models import Plan
from tenants.models import Tenant
from twin.demo.people import planner_of
from twin.demo.plans.gml import XPLAN
from twin.demo.plans.library import SHEETS, document
from twin.demo.seeding.towns import association_slug, slug_of


class DemoPlanRefused(Exception):
    """The importer refused one of the demo's own plans; the message lists its findings."""


def owner_of(slug: str) -> Tenant:
    """The tenant of a demo plan: the municipality, or the Verwaltungsgemeinschaft of a plan for several."""
    covered = SHEETS[slug]().places
    name = slug_of(covered[0].name) if len(covered) == 1 else association_slug(covered[0].association)
    return Tenant.objects.get(slug=name)


def seed_plans() -> dict[str, Plan]:
    """All demo plans by name; a file that was imported before is recognised and changes nothing."""
    return {slug: _seed(slug) for slug in SHEETS}


def _seed(slug: str) -> Plan:
    owner = owner_of(slug)
    order = Order(owner, planner_of(owner.slug))
    with tempfile.TemporaryDirectory(prefix="kz-demo-") as folder:
        path = Path(folder) / f"{slug}.gml"
        path.write_bytes(document(slug))
        (report,) = import_file(path, name=path.name, order=order)
    if not report.ok:
        raise DemoPlanRefused(f"{slug}: {[finding.rule for finding in report.findings]} ({XPLAN})")
    return report.plans[0]
