"""The bureau delivers, the town reads the report and accepts or sends back with reasons. As services."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from planning.errors import IllegalStep
from planning.models import Plan, PlanReview, PlanVersion, Verdict
from tenants import events, outbox
from tenants.models import User
from tenants.permissions import require
from tenants.scope import acting_for

ACTION = "publish_plan"  # who may make it public says whether it is good enough; a bureau may not


@transaction.atomic
def judge(plan: Plan, *, actor: User, verdict: Verdict, reason: str) -> PlanReview:
    """Accept the newest version of a plan, or send it back; who delivered it learns of it by mail.

    Raises IllegalStep without a version, or where a version is sent back without a reason."""
    require(actor, ACTION, plan)
    with acting_for([plan.tenant_id], [plan.tenant_id]):
        rows = PlanVersion.objects.select_for_update(of=("self",)).filter(pk=plan.current_version_id)
        version = rows.first()
        if version is None or (verdict == Verdict.RETURNED and not reason.strip()):
            raise IllegalStep("a version is sent back with a reason")
        run = version.validation_runs.first()
        review: PlanReview = PlanReview.objects.create(
            tenant_id=plan.tenant_id,
            plan=plan,
            version=version,
            verdict=verdict,
            reason=reason.strip(),
            errors=run.errors if run else None,
            warnings=run.warnings if run else None,
            created_by=actor,
        )
        after = {"version": version.number, "verdict": verdict.value, "reason": review.reason, "sha256": version.sha256}  # fmt: skip
        events.audit("review_plan", tenant_id=plan.tenant_id, thing=plan, actor=actor, after=after)
        if version.created_by is not None and version.created_by != actor:
            _tell(review, plan, version)
    return review


def _tell(review: PlanReview, plan: Plan, version: PlanVersion) -> None:
    person = version.created_by
    assert person is not None  # noqa: S101 - judge has looked
    words = {
        "plan": plan,
        "number": version.number,
        "tenant": plan.tenant,
        "reason": review.reason,
        "url": f"{settings.BASE_URL}{reverse('planning:review', args=[plan.public_id])}",
    }
    with translation.override(settings.LANGUAGE_CODE):  # nobody knows the recipient's
        if review.verdict == Verdict.RETURNED:
            subject = _("Sent back: %s") % plan
            body = _("%(tenant)s sent back version %(number)s of the plan “%(plan)s”:\n\n%(reason)s\n\nReport and new upload: %(url)s") % words  # fmt: skip
        else:
            subject = _("Accepted: %s") % plan
            body = _("%(tenant)s accepted version %(number)s of the plan “%(plan)s”.\n\n%(reason)s\n\nRecord: %(url)s") % words  # fmt: skip
    outbox.post(plan.tenant, key=f"review:{review.pk}", recipient=person.email, subject=subject, body=body)
