"""Put a question to a use case; with --wait it is answered here, whether or not a worker runs."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from tenants import jobs
from tenants.errors import Refused
from tenants.models import JobState, Tenant
from tenants.scope import working_for
from twin.analysis import execution, registry, requesting
from twin.analysis.forms import data_of
from twin.analysis.inputs import asking_by_itself
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase
from twin.catalogue.models import Dataset

LOOK_EVERY = 1.0  # seconds, where a worker was faster


class Command(BaseCommand):
    help = "Have a use case answer a question of a tenant. Datasets are named by public id or by short name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("use_case", metavar="SLUG")
        parser.add_argument(
            "--tenant", required=True, metavar="SLUG", help="short name of the tenant that asks"
        )
        parser.add_argument(
            "--params", required=True, type=Path, metavar="FILE", help="parameters as a JSON object"
        )
        parser.add_argument("--title", default="", help="of the analysis")
        parser.add_argument("--wait", action="store_true", help="compute it now, and tell the result")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        use_case = registry.find(options["use_case"])
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if use_case is None:
            raise CommandError(_("There is no use case “%s”.") % options["use_case"])
        if tenant is None:
            raise CommandError(_("There is no tenant “%s”.") % options["tenant"])
        with working_for([tenant.pk], [tenant.pk]):
            run, refusal = _asked(use_case, tenant, options)
            facts = (
                _answered(run, wait=options["wait"])
                if run
                else {"run_id": None, "state": "refused", **refusal}
            )
        if options["json"]:
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(f"{name}: {value}" for name, value in facts.items()))
        wanted = {JobState.DONE} if options["wait"] else {JobState.DONE, JobState.QUEUED, JobState.RUNNING}
        if facts["state"] not in wanted:
            raise CommandError(facts.get("error") or _("The analysis was not answered."), returncode=1)


def _asked(use_case: UseCase, tenant: Tenant, options: dict[str, Any]) -> tuple[Run | None, dict[str, Any]]:
    """The run, or why there is none."""
    with asking_by_itself(tenant) as offer:
        form = use_case.form(data_of(_parameters(options["params"], tenant)), offer=offer)
        if not form.is_valid():
            errors = {name: [str(each) for each in texts] for name, texts in form.errors.items()}
            return None, {"error": _told(errors), "errors": errors}
        try:
            title = options["title"] or form.cleaned_data["title"]
            return requesting.request(use_case, form.question(), title=title, tenant=tenant, actor=None)[
                0
            ], {}
        except Refused as refused:
            return None, {"error": str(refused)}


def _answered(run: Run, *, wait: bool) -> dict[str, Any]:
    try:
        if wait:
            _wait(run)
        return _facts(Run.objects.select_related("job").get(pk=run.pk))
    except Run.DoesNotExist:
        told = _("The analysis was deleted meanwhile.")
        return {"run_id": str(run.public_id), "state": "deleted", "error": told}


def _parameters(path: Path, tenant: Tenant) -> dict[str, Any]:
    """Short names of the tenant's datasets may stand for their public ids."""
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise CommandError(_("The parameters can't be read: %s") % error) from None
    if not isinstance(found, dict):
        raise CommandError(_("The parameters can't be read: %s") % _("They are no JSON object."))
    own = {
        slug: str(public_id)
        for slug, public_id in Dataset.objects.filter(tenant=tenant).values_list("slug", "public_id")
    }
    return {name: _known(value, own) for name, value in found.items()}


def _known(value: Any, own: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_known(each, own) for each in value]
    return own.get(value, value) if isinstance(value, str) else value


def _told(errors: dict[str, list[str]]) -> str:
    return " ".join(f"{name}: {' '.join(texts)}" for name, texts in errors.items())


def _wait(run: Run) -> None:
    job = run.job
    if job is None:
        return
    jobs.work_on(job.pk, execution.work)
    while not Run.objects.select_related("job").get(pk=run.pk).is_over:
        time.sleep(LOOK_EVERY)


def _facts(run: Run) -> dict[str, Any]:
    names = ("name", "file_name", "content_type", "size", "unit")
    facts = {
        "run_id": str(run.public_id),
        "state": str(run.state),
        "seconds": run.seconds,
        "summary": run.summary,
        "outputs": [{name: output[name] for name in names} for output in run.outputs],
    }
    return facts | {"error": run.job.error} if run.job is not None and run.job.error else facts
