"""Use cases as processes, runs as jobs (OGC API Processes 1.0, Part 1: Core); see twin/analysis."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from tenants.models import JobState
from tenants.permissions import Person
from twin.analysis import describing, presenting, registry
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase
from twin.ogc.endpoint import JSON, Links, link
from twin.ogc.errors import NoSuchJob, NoSuchProcess, ParameterRefused

REL = "http://www.opengis.net/def/rel/ogc/1.0/"
STATUS = {
    JobState.QUEUED: "accepted",
    JobState.RUNNING: "running",
    JobState.DONE: "successful",
    JobState.FAILED: "failed",
    JobState.CANCELLED: "dismissed",
}
GEOTIFF = "image/tiff; application=geotiff"
SUMMARY = "summary"  # the output that holds the numbers
At = Callable[..., str]
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def use_case_of(slug: str) -> UseCase:
    """Raises NoSuchProcess."""
    found = registry.find(slug)
    if found is None:
        raise NoSuchProcess(_("There is no process “%s”.") % slug)
    return found


def run_of(person: Person, job_id: str) -> Run:
    """One that the person may see. Raises NoSuchJob."""
    rows = Run.objects.visible_to(person).select_related("job", "tenant", "created_by")
    found: Run | None = rows.filter(public_id=job_id).first() if _ID.fullmatch(job_id) else None
    if found is None:
        raise NoSuchJob(_("There is no job with this id."))
    return found


def summary(use_case: UseCase, at: At) -> dict[str, Any]:
    return {
        "id": use_case.slug,
        "title": str(use_case.title),
        "description": str(use_case.question),
        "version": use_case.version,
        "jobControlOptions": ["async-execute", "dismiss"],
        "outputTransmission": ["reference", "value"],
        "links": [link(at("process", use_case.slug), "self", JSON)],
    }


def description(use_case: UseCase, at: At) -> dict[str, Any]:
    told = summary(use_case, at)
    told["links"].append(link(at("execution", use_case.slug), f"{REL}execute", JSON))
    inputs = {
        name: {
            "title": one["title"],
            "description": one["description"],
            "minOccurs": int(one["required"]),
            "schema": one["schema"],
        }
        for name, one in describing.inputs_of(use_case).items()
    }
    outputs: dict[str, Any] = {
        name: {"title": str(title), "schema": {"type": "string", "contentMediaType": use_case.types.get(name, GEOTIFF), "contentEncoding": "binary"}}
        for name, title in use_case.files.items()
    }  # fmt: skip
    outputs[SUMMARY] = {"title": _("Result"), "schema": {"type": "object"}}
    return told | {"inputs": inputs, "outputs": outputs}


def inputs_asked(use_case: UseCase, body: Any) -> dict[str, Any]:
    """The inputs of an execute request as parameters. Raises ParameterRefused."""
    inputs = body.get("inputs") if isinstance(body, Mapping) else None
    if not isinstance(inputs, Mapping):
        raise ParameterRefused("inputs", _("A JSON object is expected."))
    if body.get("response", "document") != "document":
        raise ParameterRefused(
            "response", _("One of these is expected: %(choices)s") % {"choices": "document"}
        )
    _refuse_outputs(use_case, body.get("outputs", {}))
    known = describing.inputs_of(use_case)
    for name in inputs:
        if name not in known:
            raise ParameterRefused(str(name)[:60], _("This parameter is unknown here."))
    return {name: _value(value, known[name]["schema"]) for name, value in inputs.items()}


def _refuse_outputs(use_case: UseCase, wanted: Any) -> None:
    """Which are wanted, and how: all are given, files by reference and numbers by value. Raises ParameterRefused for what there is not."""
    if not isinstance(wanted, Mapping):
        raise ParameterRefused("outputs", _("A JSON object is expected."))
    for name, said in wanted.items():
        if name not in {SUMMARY, *use_case.files}:
            raise ParameterRefused("outputs", _("There is no output “%s”.") % str(name)[:60])
        how = "value" if name == SUMMARY else "reference"
        if isinstance(said, Mapping) and said.get("transmissionMode", how) != how:
            raise ParameterRefused("outputs", _("One of these is expected: %(choices)s") % {"choices": f"{name}: {how}"})  # fmt: skip


def _value(value: Any, schema: Mapping[str, Any]) -> Any:
    """Itself, or what a qualified value holds."""
    if isinstance(value, Mapping) and "value" in value and "type" not in value:
        return value["value"]
    return str(value) if schema["type"] == "string" and isinstance(value, int | float) else value


def status(run: Run, at: At, *, links: Links) -> dict[str, Any]:
    """statusInfo. What is the town's own (words of the progress) is left out for others, from whom the job is hidden."""
    job = run.job
    state = STATUS[run.state]
    told: dict[str, Any] = {
        "jobID": str(run.public_id),
        "processID": run.use_case,
        "type": "process",
        "status": state,
        "created": run.created_at.isoformat(),
        "links": [*links, *_result_links(run, at)],
    }
    if job is not None:
        moments = {"started": job.started_at, "finished": job.finished_at}
        told |= {name: moment.isoformat() for name, moment in moments.items() if moment}
        told["progress"] = job.percent
        told |= {"message": text} if (text := job.error or job.step) else {}
    elif run.finished_at:
        told |= {"finished": run.finished_at.isoformat(), "progress": 100}
    return told


def _result_links(run: Run, at: At) -> Links:
    if run.finished_at is None:
        return []
    return [link(at("results", str(run.public_id)), f"{REL}results", JSON)]


def results(run: Run, at: At) -> dict[str, Any]:
    """As a document: files by reference, numbers as they are."""
    titles = {each["name"]: each for each in run.outputs}
    found: dict[str, Any] = {
        name: {
            "href": at("result", str(run.public_id), name),
            "type": one["content_type"],
            "title": presenting.file_title(run, one),
        }
        for name, one in titles.items()
    }
    return found | {SUMMARY: {"value": run.summary, "mediaType": JSON}}
