"""Steps of a plan's legal procedure over the REST API: recorded, corrected, struck out, and their documents."""

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from planning import recording
from planning.errors import IllegalStep
from planning.forms import PaperForm, StepForm
from planning.models import Plan, ProcedureStep, StepDocument
from planning.recording import StepData
from planning.serializers import Correction, NewPaper, NewStep, PaperShape, StepForStaff, Striking
from planning.views.api import OfPlan, Steps, plans
from tenants import files
from tenants.access import fetch
from tenants.errors import Refused
from tenants.permissions import can
from tenants.rest import CLOSED, Endpoint, Listing, Single


class StepAct(Endpoint):
    def own_plan(self) -> Plan:
        found: Plan = fetch(plans(), self.person, recording.ACTION, public_id=self.kwargs["public_id"])
        return found

    def step(self) -> ProcedureStep:
        return _current(self.own_plan(), self.kwargs["entry"])

    def data(self, said: dict[str, Any]) -> StepData:
        """As the form of the page takes it."""
        form = StepForm(said)
        self.checked(form)
        return form.data_of_step()

    def corrected(self, step: ProcedureStep, said: dict[str, Any], *, void: bool = False) -> Response:
        """revision: on which the correction is based; on another one's work nothing is put unseen."""
        try:
            if said.get("revision", step.revision) != step.revision:
                raise IllegalStep("corrected meanwhile")
            data = self.data({**_known(step), **said})
            found = recording.correct_step(step, data, actor=self.person, reason=said["reason"], void=void)
        except IllegalStep:
            raise Refused(_("Somebody corrected this step meanwhile. Look at it again.")) from None
        return self.answer(StepForStaff, found)


def _current(plan: Plan, entry: Any) -> ProcedureStep:
    rows = ProcedureStep.objects.filter(plan=plan, entry=entry, is_current=True)
    found: ProcedureStep | None = rows.first()
    if found is None:
        raise Http404
    found.plan = plan
    return found


def _known(step: ProcedureStep) -> dict[str, Any]:
    return {name: getattr(step, name) for name in StepData.__dataclass_fields__}


class AllSteps(StepAct, Steps):
    titles = {**Steps.titles, "POST": _("Record a step of a plan's legal procedure")}
    permission_classes = Steps.permission_classes

    @extend_schema(request=NewStep, responses={201: StepForStaff})
    def post(self, request: Request, **kwargs: Any) -> Response:
        plan = self.own_plan()
        data = self.data({"source": StepData.source, **self.sent(NewStep)})
        return self.answer(StepForStaff, recording.record_step(plan, data, actor=self.person), status=201)


class OneStep(StepAct, Single):
    titles = {"GET": _("One step, as its staff sees it"), "PATCH": _("Correct a step")}
    permission_classes = CLOSED
    serializer_class = StepForStaff

    def row(self) -> Any:
        plan = fetch(plans(), self.person, "view", public_id=self.kwargs["public_id"])
        if not can(self.person, "view", plan):
            raise Http404  # public to everybody are the steps of the list
        return _current(plan, self.kwargs["entry"])

    @extend_schema(request=Correction, responses={200: StepForStaff})
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """What is not sent stays."""
        step = self.step()
        return self.corrected(step, self.sent(Correction), void=step.is_void)


class StrikeStep(StepAct):
    titles = {"POST": _("Strike out a step that never happened")}

    @extend_schema(request=Striking, responses={200: StepForStaff})
    def post(self, request: Request, **kwargs: Any) -> Response:
        step = self.step()
        return self.corrected(step, self.sent(Striking), void=True)


# --- documents of steps


class Papers(StepAct, OfPlan, Listing):
    titles = {"GET": _("Documents of a step"), "POST": _("Add a document to a step")}
    permission_classes = OfPlan.permission_classes
    parser_classes = (MultiPartParser,)
    serializer_class = PaperShape
    ordering = ("created_at", "pk")

    def rows(self) -> Any:
        steps = self.plan().proceduresteps.visible_to(self.request.user)
        if not steps.filter(entry=self.kwargs["entry"], is_current=True).exists():
            raise Http404
        rows = StepDocument.objects.visible_to(self.request.user).select_related("plan")
        return rows.filter(plan__public_id=self.kwargs["public_id"], step__entry=self.kwargs["entry"])

    @extend_schema(request={"multipart/form-data": NewPaper}, responses={201: PaperShape})
    def post(self, request: Request, **kwargs: Any) -> Response:
        step = self.step()
        said = self.sent(NewPaper)
        form = self.checked(PaperForm(said, MultiValueDict({"file": [said["file"]]})))
        paper = recording.add_paper(
            step, form["file"], actor=self.person, title=form["title"], internal=form["internal"]
        )
        return self.answer(PaperShape, paper, status=201)


class PaperFile(OfPlan):
    titles = {"GET": _("File of a step's document")}

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        rows = StepDocument.objects.visible_to(request.user).filter(plan=self.plan())
        paper = rows.filter(public_id=kwargs["paper_id"]).first()
        if paper is None:
            raise Http404
        return files.serve(recording.file_of(paper))
