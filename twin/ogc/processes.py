"""Use cases as processes, runs as jobs (OGC API Processes 1.0, Part 1: Core); see twin/analysis."""

import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from tenants.models import JobState
from tenants.permissions import Person
from twin.analysis import describing, registry
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase
from twin.catalogue.importing import GEOTIFF
from twin.ogc import answering
from twin.ogc.answering import AS_PAGE, REL, SUMMARY, Wanted
from twin.ogc.crs import CRS84
from twin.ogc.endpoint import JSON, Links, link
from twin.ogc.errors import NoSuchJob, NoSuchProcess

STATUS = {
    JobState.QUEUED: "accepted",
    JobState.RUNNING: "running",
    JobState.DONE: "successful",
    JobState.FAILED: "failed",
    JobState.CANCELLED: "dismissed",
}
GEOMETRY = "geojson-geometry"
BBOX_SYSTEMS = (CRS84.uri, "http://www.opengis.net/def/crs/OGC/0/CRS84h")  # of bbox.yaml
BBOX = {"type": "object", "format": "ogc-bbox", "required": ["bbox"], "properties": {"bbox": {"type": "array", "items": {"type": "number"}, "oneOf": [{"minItems": n, "maxItems": n} for n in (4, 6)]}, "crs": {"type": "string", "format": "uri", "default": BBOX_SYSTEMS[0], "enum": list(BBOX_SYSTEMS)}}}  # fmt: skip
At = Callable[..., str]
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def use_case_of(slug: str) -> UseCase:
    """Raises NoSuchProcess."""
    found = registry.find(slug)
    if found is None:
        raise NoSuchProcess(_("There is no process “%s”.") % slug)
    return found


def run_of(person: Person, job_id: str) -> tuple[Run, Wanted]:
    """One that the person may see, and what of it the job's id wants. Raises NoSuchJob."""
    public_id, wanted = answering.read(job_id)
    rows = Run.objects.visible_to(person).select_related("job", "tenant", "created_by")
    found: Run | None = rows.filter(public_id=public_id).first() if _ID.fullmatch(public_id) else None
    if found is None or wanted is None or not _knows(found, wanted):
        raise NoSuchJob(_("There is no job with this id."))
    return found, wanted


def _knows(run: Run, wanted: Wanted) -> bool:
    use_case = registry.find(run.use_case)
    known = {SUMMARY, *(use_case.files if use_case else ()), *(each["name"] for each in run.outputs)}
    return {name for name, _by_value in wanted.outputs} <= known


def media_type(use_case: UseCase, name: str) -> str:
    """Of an output that is a file."""
    return use_case.types.get(name, GEOTIFF)


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
            "schema": _offered(one["schema"]),
        }
        for name, one in describing.inputs_of(use_case).items()
    }
    outputs: dict[str, Any] = {
        name: {"title": str(title), "schema": {"type": "string", "contentMediaType": media_type(use_case, name), "contentEncoding": "binary"}}
        for name, title in use_case.files.items()
    }  # fmt: skip
    outputs[SUMMARY] = {"title": _("Result"), "schema": {"type": "object"}}
    return told | {"inputs": inputs, "outputs": outputs}


def _offered(schema: dict[str, Any]) -> dict[str, Any]:
    """An area may be a box, too."""
    return {"oneOf": [schema, BBOX]} if schema.get("format") == GEOMETRY else schema


def status(run: Run, at: At, *, links: Links, wanted: Wanted = AS_PAGE) -> dict[str, Any]:
    """statusInfo of the job that wants this of the run. What is the town's own (words of the progress) is left out for others, from whom the job is hidden."""
    job = run.job
    state = STATUS[run.state]
    told: dict[str, Any] = {
        "jobID": wanted.job_id(run),
        "processID": run.use_case,
        "type": "process",
        "status": state,
        "created": run.created_at.isoformat(),
        "links": [*links, *_result_links(run, at, wanted)],
    }
    if job is not None:
        moments = {"started": job.started_at, "finished": job.finished_at}
        told |= {name: moment.isoformat() for name, moment in moments.items() if moment}
        told["progress"] = job.percent
        told |= {"message": text} if (text := job.error or job.step) else {}
    elif run.finished_at:
        told |= {"finished": run.finished_at.isoformat(), "progress": 100}
    return told


def _result_links(run: Run, at: At, wanted: Wanted) -> Links:
    """A raw answer has the media type of what it holds, so none is named."""
    if run.finished_at is None:
        return []
    found = link(at("results", wanted.job_id(run)), f"{REL}results", JSON)
    return [{name: value for name, value in found.items() if name != "type" or not wanted.raw}]
