"""What a person does to bring a plan to XPlanung 6.0: have its newest version upgraded, read the report, take the result over. As
services: may they, change, record."""

from django.db import transaction
from django.utils.translation import gettext as _

from planning import drafting, revising, tasks, upgradework
from planning.errors import IllegalStep
from planning.models import Origin, Plan, PlanUpgrade, PlanVersion
from planning.xplanung.upgrade.table import SOURCES, TARGET
from tenants import events, files, jobs
from tenants.errors import Refused
from tenants.models import Job, PrivateFile, User
from tenants.permissions import require
from tenants.scope import acting_for

ACTION = "change_plan"


def is_offered(plan: Plan, version: PlanVersion) -> bool:
    """For the newest version alone, and where it is not there yet."""
    return version.pk == plan.current_version_id and version.xplan_version in SOURCES


def request(version: PlanVersion, *, actor: User) -> Job:
    """The job that upgrades the version, started now where none is under way. Raises Refused."""
    plan = version.plan
    require(actor, ACTION, plan)
    if not is_offered(plan, version):
        words = _("Only the newest version of a plan in XPlanGML 4.0 to 5.4 can be upgraded; version %(number)s is in %(standard)s.")  # fmt: skip
        raise Refused(words % {"number": version.number, "standard": version.xplan_version})
    with acting_for([plan.tenant_id], [plan.tenant_id]):
        job = upgradework.latest_job(version)
        if job is not None and not job.is_over:
            return job
        title = _("Upgrade of %(plan)s to XPlanung %(target)s") % {"plan": plan, "target": TARGET}
        params = {"version": version.pk}
        started = jobs.start(
            tasks.upgrade_version.name, tenant=plan.tenant, actor=actor, title=title, params=params
        )
        _record("upgrade_plan", version, actor=actor)
    return started


def cancel(version: PlanVersion, *, actor: User) -> None:
    """Stop the upgrade of a version; what an upgrade before made stays."""
    plan = version.plan
    require(actor, ACTION, plan)
    with acting_for([plan.tenant_id]):
        job = upgradework.latest_job(version)
    if job is not None:
        jobs.cancel(job, actor=actor)


def upgrade_of(version: PlanVersion) -> PlanUpgrade | None:
    """What was made of the version, for who may change its plan."""
    found: PlanUpgrade | None = PlanUpgrade.objects.filter(version=version).first()
    return found


def readable_files(upgrade: PlanUpgrade) -> tuple[PrivateFile, PrivateFile] | None:
    """The upgraded file and the report, for a caller who was already let in: a share opens the row, not the file table."""
    with acting_for([upgrade.tenant_id]):
        row = PlanUpgrade.objects.select_related("file", "losses").get(pk=upgrade.pk)
        return (row.file, row.losses) if row.file and row.losses else None


@transaction.atomic
def take_over(upgrade: PlanUpgrade, *, actor: User) -> Job:
    """Start the job that makes the upgraded file the plan's newest version; the version below stays as it came.

    Raises Refused where something came between, IllegalStep where nothing was upgraded."""
    version = upgrade.version
    require(actor, "import_plan", version.plan)
    with acting_for([upgrade.tenant_id], [upgrade.tenant_id]), files.kept_only_on_success():
        plan = Plan.objects.select_for_update(of=("self",)).get(pk=version.plan_id)
        if plan.current_version_id != version.pk:
            if plan.current_version is not None and plan.current_version.xplan_version == TARGET:
                raise Refused(_("The plan's newest version is in XPlanung 6.0 already; there is nothing left to take over."))  # fmt: skip
            raise Refused(_("The plan has a newer version than the one that was upgraded. Upgrade the newest version, then take it over."))  # fmt: skip
        if drafting.open_draft_of(plan) is not None:
            raise Refused(_("The plan is being edited: finish the draft and upgrade the version that it becomes, or discard it."))  # fmt: skip
        found = readable_files(upgrade)
        if found is None:
            raise IllegalStep("nothing was upgraded")
        title = _("%(plan)s in XPlanung %(target)s") % {"plan": plan, "target": TARGET}
        with files.path_of(found[0]).open("rb") as content:
            job = revising.bring_in(version, content, actor=actor, origin=Origin.UPGRADED, title=title)
        _record("take_over_upgrade", version, actor=actor)
    return job


def _record(action: str, version: PlanVersion, *, actor: User) -> None:
    after = {"version": version.number, "from": version.xplan_version, "to": TARGET}
    events.audit(action, tenant_id=version.tenant_id, thing=version.plan, actor=actor, after=after)
