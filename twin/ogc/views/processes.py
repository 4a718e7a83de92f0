"""OGC API Processes: use cases listed, described and executed; runs watched, read and dismissed."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from tenants.errors import Forbidden, Refused
from tenants.models import ApiToken, JobState, User
from tenants.permissions import actions, reach_of
from twin.analysis import registry, services
from twin.analysis.errors import RowGone
from twin.analysis.forms import data_of
from twin.analysis.inputs import offered_to
from twin.analysis.models import Run
from twin.ogc import answering, executing, joblist, processes
from twin.ogc.answering import Wanted
from twin.ogc.endpoint import JSON, Told, link
from twin.ogc.errors import (
    CantBeDone,
    JobDismissed,
    JobFailed,
    NoSuchJob,
    NoSuchResult,
    NotAllowed,
    NotSignedIn,
    ParameterRefused,
    ResultNotReady,
)
from twin.ogc.features import Position
from twin.ogc.views.paging import PagedEndpoint

BIGGEST = 1_000_000  # bytes of a request
DEFAULT, MOST = 10, 1_000  # jobs in one answer


class Programs(Told):
    """People have the pages of the analyses."""

    title = "OGC API Processes"
    people = ("portal:analyses", gettext_lazy("Analyses for people"))


class Acting(Programs):
    """Changes something; so a token that may, for which no other site's page can send."""

    http_method_names = ["get", "head", "post", "delete", "options"]

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Pages of other sites ask before they send; with a token they may."""
        answer = super().options(request, *args, **kwargs)
        answer["Access-Control-Allow-Methods"] = answer["Allow"]
        return answer

    @property
    def person(self) -> User:
        """Raises NotSignedIn, NotAllowed."""
        token: ApiToken | None = getattr(self.request, "token", None)
        if token is None:
            raise NotSignedIn(_("An access token from your profile is needed, one that may change things."))
        if not token.may_write:
            raise NotAllowed(
                _("This access token only reads. Make one in your profile that may change things.")
            )
        return token.user


class Processes(PagedEndpoint, Programs):
    parameters = frozenset({"limit", "after"})

    def as_json(self) -> Any:
        limit, start = self.limit(MOST, most=MOST), self.start().after
        listed, end = list(registry.use_cases().values()), start + limit
        links = self.own_links()
        if end < len(listed):
            links.append(link(self.here(after=Position(end).token()), "next", JSON))
        return {"processes": [processes.summary(each, self.at) for each in listed[start:end]], "links": links}


class Process(Programs):
    def as_json(self, process_id: str) -> Any:
        return processes.description(processes.use_case_of(process_id), self.at)


@method_decorator(csrf_exempt, name="dispatch")
class Execution(Acting):
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, process_id: str) -> HttpResponse:
        use_case, person = processes.use_case_of(process_id), self.person
        tenant = reach_of(person).active
        if tenant is None or "analyse" not in actions(person, tenant):  # before anything is fetched for them
            raise NotAllowed(_("Your role does not allow this."))
        body = self._body()
        asked, wanted = executing.inputs_asked(use_case, body), executing.wanted_of(use_case, body)
        form = use_case.form(data_of(asked), offer=offered_to(person, tenant))
        if not form.is_valid():
            name, errors = next(iter(form.errors.items()))
            raise ParameterRefused(name, " ".join(map(str, errors)))
        try:
            run, _is_new = services.request_run(use_case, form.question(), title=form.cleaned_data["title"], tenant=tenant, actor=person)  # fmt: skip
        except Forbidden as error:
            raise NotAllowed(_("Your role does not allow this.")) from error
        except Refused as refused:
            raise CantBeDone(str(refused)) from refused
        return self._created(*processes.run_of(person, wanted.job_id(run)))

    def _body(self) -> Any:
        if int(self.request.META.get("CONTENT_LENGTH") or 0) > BIGGEST:
            raise ParameterRefused("inputs", _("A request has at most %(most)s bytes.") % {"most": BIGGEST})
        try:
            return json.loads(self.request.body)
        except (ValueError, RecursionError):
            raise ParameterRefused("inputs", _("A JSON object is expected.")) from None

    def _created(self, run: Run, wanted: Wanted) -> HttpResponse:
        """Whatever the Prefer header says: there is no other way than to wait apart from the request."""
        address = self.at("job", wanted.job_id(run))
        told = processes.status(run, self.at, links=[link(address, "self", JSON)], wanted=wanted)
        answer = self.document(told, kind=JSON)
        answer.status_code, answer["Location"] = 201, address
        preferences = self.request.headers.get("Prefer", "").split(",")
        if any(each.partition(";")[0].strip().lower() == "respond-async" for each in preferences):
            answer["Preference-Applied"] = "respond-async"
        return answer


class Jobs(PagedEndpoint, Programs):
    """Newest first."""

    parameters = frozenset({"limit", "after"}) | joblist.PARAMETERS

    def as_json(self) -> Any:
        limit, start = self.limit(DEFAULT, most=MOST), self.start()
        rows = joblist.selected(Run.objects.visible_to(self.request.user), self.asked).order_by("-pk")
        rows = rows.filter(pk__lt=start.after) if start.after else rows
        found = list(rows.select_related("job")[: limit + 1])
        links = self.own_links()
        if len(found) > limit:
            links.append(link(self.here(after=Position(found[limit - 1].pk).token()), "next", JSON))
        jobs = [
            processes.status(each, self.at, links=[link(self.at("job", str(each.public_id)), "self", JSON)])
            for each in found[:limit]
        ]
        return {"jobs": jobs, "links": links}


@method_decorator(csrf_exempt, name="dispatch")
class Job(Acting):
    def as_json(self, job_id: Any) -> Any:
        run, wanted = processes.run_of(self.request.user, job_id)
        return processes.status(run, self.at, links=self.own_links(), wanted=wanted)

    def post(self, request: HttpRequest, job_id: Any) -> HttpResponseBase:
        return self.http_method_not_allowed(request)

    def delete(self, request: HttpRequest, job_id: Any) -> HttpResponse:
        """Cancel it; one that is over goes with its files."""
        person = self.person
        run, wanted = processes.run_of(person, job_id)
        try:
            if run.is_over:
                services.delete_run(run, actor=person)
                told = processes.status(run, self.at, links=[], wanted=wanted) | {"links": []}
            else:
                services.cancel_run(run, actor=person)
                run, wanted = processes.run_of(person, job_id)
                told = processes.status(run, self.at, links=[], wanted=wanted)
        except Forbidden as error:
            raise NotAllowed(_("Your role does not allow this.")) from error
        except RowGone as gone:
            raise NoSuchJob(str(gone)) from gone
        return self.document(told | {"status": "dismissed"}, kind=JSON)


class OfResults(Programs):
    def chosen(self, request: HttpRequest) -> str:
        """Outputs come as their process describes them, whatever else is taken."""
        return "json"

    def done(self, job_id: str) -> tuple[Run, Wanted]:
        """Raises NoSuchJob, JobFailed, JobDismissed, ResultNotReady."""
        run, wanted = processes.run_of(self.request.user, job_id)
        if run.state == JobState.FAILED:
            raise JobFailed(run.job.error if run.job is not None else _("The job failed."))
        if run.state == JobState.CANCELLED:
            raise JobDismissed(_("The job was dismissed."))
        if run.finished_at is None:
            raise ResultNotReady(_("The job has no result yet."))
        return run, wanted


class Results(OfResults):
    """As the execute request wanted them: raw or as a document."""

    def as_json(self, job_id: Any) -> HttpResponseBase:
        return answering.answer(*self.done(job_id), self.at)


class Result(OfResults):
    """One output alone."""

    def as_json(self, job_id: Any, output_id: str) -> HttpResponseBase:
        run, _wanted = self.done(job_id)
        found = answering.output(run, output_id, self.at)
        if found is None:
            raise NoSuchResult(_("The job has no such result."))
        return found
