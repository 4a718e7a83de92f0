"""A question -> a run that waits for its turn, or the one that has answered it already."""

from dataclasses import asdict

from django.db import transaction

from tenants import jobs
from tenants.models import Tenant, User
from twin.analysis.errors import RunDoubted
from twin.analysis.forms import Question
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase

TASK = "twin.analysis.tasks.take_turn"


@transaction.atomic
def request(
    use_case: UseCase, question: Question, *, title: str, tenant: Tenant, actor: User | None
) -> tuple[Run, bool]:
    """The run, and whether it is a new one. Raises RunRefused before anything is computed, RunDoubted where the question is not sure."""
    digest = question.digest(use_case.slug, use_case.version, use_case.engine)
    # Of two who ask the same at once one starts the job; rows of the tenant may come in meanwhile.
    Tenant.objects.select_for_update(no_key=True).only("pk").get(pk=tenant.pk)
    known = Run.objects.filter(tenant=tenant).answering(digest).select_related("job").first()
    if known is not None:
        return known, False
    estimate = use_case.expect(question)
    if estimate.doubts and not question.is_sure:
        raise RunDoubted(estimate.doubts)
    notes = [*estimate.doubts, *estimate.notes]
    run: Run = Run(
        tenant=tenant,
        use_case=use_case.slug,
        title=title or _titled(use_case, question),
        use_case_version=use_case.version,
        engine_version=use_case.engine,
        parameters=dict(question.parameters),
        inputs=question.inputs(),
        subject=question.plan.public_id if question.plan else None,
        digest=digest,
        estimate={name: value for name, value in asdict(estimate).items() if name not in ("notes", "doubts")},
        summary={"notes": notes} if notes else {},
        created_by=actor,
    )
    run.save()
    run.job = jobs.start(TASK, tenant=tenant, actor=actor, title=run.title, params={"run": run.pk})
    run.save(update_fields=["job"])
    return run, True


def _titled(use_case: UseCase, question: Question) -> str:
    return str(question.plan or question.called or use_case.title)[:200]
