"""What is made here of a plan becomes a new version of it, by the same door as a delivered file."""

from collections.abc import Iterable

from planning import exporting, tasks
from planning.models import Origin, PlanDocument, PlanVersion
from planning.storing import CONTENT_TYPE
from tenants import files, jobs
from tenants.models import Job, User


def bring_in(
    version: PlanVersion, content: Iterable[bytes], *, actor: User, origin: Origin, title: str
) -> Job:
    """Start the job that makes the content the plan's newest version, with the documents of this one, in the open transaction.

    Where another version comes in before the job's turn, it fails and changes nothing."""
    plan = version.plan
    written = files.store(
        content, tenant=plan.tenant, name=exporting.file_name_of(version), content_type=CONTENT_TYPE, by=actor
    )
    documents = PlanDocument.objects.current().filter(version=version, file__isnull=False)
    return jobs.start(
        tasks.import_upload.name,
        tenant=plan.tenant,
        actor=actor,
        title=title,
        params={
            "file": written.pk,
            "documents": list(documents.values_list("file", flat=True)),
            "decision": str(plan.public_id),
            "plan": str(plan.public_id),
            "base": version.pk,
            "origin": origin.value,
        },
    )
