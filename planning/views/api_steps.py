"""Steps of a plan's legal procedure over the REST API: recorded, corrected, struck out."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from planning import recording
from planning.errors import IllegalStep
from planning.forms import StepForm
from planning.models import Plan, ProcedureStep
from planning.recording import StepData
from planning.serializers import Correction, NewStep, StepForStaff, Striking
from planning.views.api import Steps, plans
from tenants.access import fetch
from tenants.errors import Refused
from tenants.permissions import can
from tenants.rest import CLOSED, Endpoint, Single


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
