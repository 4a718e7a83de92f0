"""What is done to procedures over the REST API: opened, changed with their phases, published, decided."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from participation import services
from participation.drafts import PhaseDates, ProcedureData
from participation.errors import IllegalChange
from participation.forms import PhaseForm, ProcedureForm
from participation.models import Procedure
from participation.serializers import NewProcedure, ProcedureChange, ProcedureForStaff
from participation.views.api import OneProcedure, Procedures, procedures
from participation.views.procedures import REFUSALS, own_plans, short_phases
from planning.models import Plan
from tenants.access import fetch
from tenants.errors import Refused
from tenants.permissions import require
from tenants.rest import Endpoint


@contextmanager
def refusing() -> Iterator[None]:
    """What the state of a procedure does not allow, in the words of its page."""
    try:
        with transaction.atomic():
            yield
    except IllegalChange as error:
        raise Refused(str(REFUSALS[error.code])) from None
    except IntegrityError:
        raise Refused(str(REFUSALS["overlap"])) from None


class ProcedureAct(Endpoint):
    def procedure(self) -> Procedure:
        rows, public_id = procedures(), self.kwargs["public_id"]
        found: Procedure = fetch(rows, self.person, "change_procedure", public_id=public_id)
        return found

    def plan(self, public_id: Any) -> Plan | None:
        """A plan that the procedure may be about: one of a tenant that the person writes for."""
        if public_id is None:
            return None
        found: Plan = fetch(own_plans(self.person), self.person, "view", public_id=public_id)
        return found

    def wanted(self, said: dict[str, Any], plan: Plan | None) -> ProcedureData:
        """As the forms of the page take it."""
        form = ProcedureForm(
            {**said, "plan": None, "categories": "\n".join(said["categories"])}, plans=Plan.objects.none()
        )
        self.checked(form)
        return replace(form.procedure(tuple(map(self._dates, said["phases"]))), plan=plan)

    def _dates(self, said: dict[str, Any]) -> PhaseDates:
        form = PhaseForm(said)
        self.checked(form)
        return form.dates()

    def told(self, procedure: Procedure, *, status: int = 200) -> Response:
        """The procedure as it is now, and where the law wants its phases longer."""
        found = procedures().get(pk=procedure.pk)
        found.warnings = short_phases(found)
        return self.answer(ProcedureForStaff, found, status=status)


class AllProcedures(ProcedureAct, Procedures):
    titles = {**Procedures.titles, "POST": _("Open a participation procedure")}
    permission_classes = Procedures.permission_classes

    @extend_schema(request=NewProcedure, responses={201: ProcedureForStaff})
    def post(self, request: Request) -> Response:
        """Only its town sees it until it is published."""
        tenant = self.tenant
        require(
            self.person, "open_procedure", tenant
        )  # before what was sent is read: a stranger learns nothing
        said = {"summary": "", "categories": [], "phases": [], **self.sent(NewProcedure)}
        plan = self.plan(said.get("plan"))
        with refusing():
            procedure = services.open_procedure(
                plan.tenant if plan else tenant, data=self.wanted(said, plan), actor=self.person
            )
        return self.told(procedure, status=201)


class WholeProcedure(ProcedureAct, OneProcedure):
    titles = {**OneProcedure.titles, "PATCH": _("Change a participation procedure and its phases")}
    permission_classes = OneProcedure.permission_classes

    @extend_schema(request=ProcedureChange, responses={200: ProcedureForStaff})
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """What is not sent stays; phases and categories are sent all, or not at all."""
        procedure = self.procedure()
        said = {**_known(procedure), **self.sent(ProcedureChange)}
        plan = self.plan(said["plan"]) if "plan" in said else procedure.plan
        data = self.wanted(said, plan)
        with refusing():
            services.change_procedure(procedure, data=data, actor=self.person, at=timezone.now())
        return self.told(procedure)


def _known(procedure: Procedure) -> dict[str, Any]:
    return {
        "title": procedure.title,
        "summary": procedure.summary,
        "categories": [category.name for category in procedure.categorys.all()],
        "phases": [
            {"key": phase.pk, "kind": phase.kind, "first_day": phase.first_day, "last_day": phase.last_day}
            for phase in procedure.phases.all()
        ],
    }


class ProcedureStep(ProcedureAct):
    step: Callable[..., None]

    @extend_schema(request=None, responses={200: ProcedureForStaff})
    def post(self, request: Request, **kwargs: Any) -> Response:
        procedure = self.procedure()
        with refusing():
            type(self).step(procedure, actor=self.person, at=timezone.now())
        return self.told(procedure)


class PublishProcedure(ProcedureStep):
    titles = {"POST": _("Publish a participation procedure")}
    step = services.publish_procedure


class DecideProcedure(ProcedureStep):
    titles = {"POST": _("Record that a participation procedure is decided or closed")}
    step = services.decide_procedure
