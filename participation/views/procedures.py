"""Staff: procedures of the town, their phases by date, and the warning when the law wants longer ones."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from participation import queries
from participation.errors import IllegalChange
from participation.forms import PhaseFormSet, ProcedureForm
from participation.models import Phase, Procedure
from participation.services import change_procedure, decide_procedure, open_procedure, publish_procedure
from planning.models import Plan
from tenants.access import fetch
from tenants.models import User
from tenants.permissions import reach_of, require

REFUSALS = {
    "plan_bound": _("The plan of a public procedure can't be changed."),
    "phase_begun": _("A phase that has begun can only get another last day, today or later."),
    "phase_over": _("A phase that is over can't be changed. Add a new one."),
    "no_phase": _("Add a phase first."),
    "plan_not_public": _("Publish the plan first: nobody could see what the procedure is about."),
    "documents_untagged": _(
        "Say first on the plan's page, for each of its documents, which Schutzgüter it tells of (or none): the notice under § 3 Abs. 2 BauGB names the kinds of environmental information."
    ),
    "decided": _("The procedure is decided already."),
    "overlap": _("Two phases of the same audience overlap."),
    "phase_unknown": _("A phase to be changed is not one of this procedure."),
}
TOO_SHORT = _("%(phase)s is shorter than %(source)s allows: it should last until %(day)s at least.")
DOUBTFUL = _(
    "%(phase)s ends on a day of rest: it is disputed whether the period of %(source)s then runs on. Until %(day)s is safe."
)


class StaffView(LoginRequiredMixin, View):
    def staff(self) -> User:
        user = self.request.user
        assert isinstance(user, User)  # noqa: S101 - LoginRequiredMixin let it through
        return user


def own_procedures(user: User) -> Any:
    rows = Procedure.objects.visible_to(user).filter(tenant_id__in=reach_of(user).scope.read)
    return rows.select_related("tenant", "plan")


class ProcedureListView(StaffView):
    def get(self, request: HttpRequest) -> HttpResponse:
        user = self.staff()
        rows = own_procedures(user).prefetch_related("phases")
        at = timezone.now()
        context = {"rows": [(row, queries.state_of(row, at=at)) for row in rows]}
        return render(request, "participation/procedure_list.html", context)


class ProcedureCreateView(StaffView):
    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {"plan": request.GET.get("plan")}
        return self.show(request, self._form(initial=initial), PhaseFormSet(prefix="phases"))

    def post(self, request: HttpRequest) -> HttpResponse:
        user = self.staff()
        form, phase_forms = self._form(request.POST), PhaseFormSet(request.POST, prefix="phases")
        if not (form.is_valid() and phase_forms.is_valid()):
            return self.show(request, form, phase_forms, status=400)
        data = form.procedure(phase_forms.dates())
        tenant = data.plan.tenant if data.plan else reach_of(user).active
        assert tenant is not None  # noqa: S101 - checked in _form
        try:
            with transaction.atomic():
                procedure = open_procedure(tenant, data=data, actor=user)
        except IntegrityError:
            form.add_error(None, ValidationError(REFUSALS["overlap"], code="overlap"))
            return self.show(request, form, phase_forms, status=400)
        warn_of_short_phases(request, procedure)
        return redirect("participation:procedure_work", procedure.public_id)

    def _form(self, *args: Any, **kwargs: Any) -> ProcedureForm:
        user = self.staff()
        active = reach_of(user).active
        if active is not None:
            require(user, "open_procedure", active)
        return ProcedureForm(*args, plans=own_plans(user), **kwargs)

    def show(
        self, request: HttpRequest, form: ProcedureForm, phase_forms: Any, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "phase_forms": phase_forms}
        return render(request, "participation/procedure_form.html", context, status=status)


def own_plans(user: User) -> Any:
    """Plans that a procedure may be about."""
    return Plan.objects.visible_to(user).filter(tenant_id__in=reach_of(user).scope.write)


class ProcedureWorkView(StaffView):
    """What the planner sees of a procedure: phases, warnings, numbers, next steps."""

    def get(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        rows = Procedure.objects.select_related("tenant", "plan").prefetch_related(
            Prefetch("phases", Phase.objects.with_edition()), "categorys"
        )
        procedure = fetch(rows, self.staff(), "read_statements", public_id=public_id)
        context = {
            "procedure": procedure,
            "tenant": procedure.tenant,
            "state": queries.state_of(procedure, at=timezone.now()),
            "shortfalls": queries.shortfalls(procedure),
            "outdated": queries.is_outdated(procedure),
            "counts": queries.counts(procedure.statements.all()),
        }
        return render(request, "participation/procedure_work.html", context)


class ProcedureChangeView(StaffView):
    def get(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        procedure = self._procedure(public_id)
        initial = {
            "title": procedure.title,
            "summary": procedure.summary,
            "plan": procedure.plan_id,
            "categories": "\n".join(category.name for category in procedure.categorys.all()),
        }
        dates = [
            {"key": p.pk, "kind": p.kind, "first_day": p.first_day, "last_day": p.last_day}
            for p in procedure.phases.all()
        ]
        form = ProcedureForm(initial=initial, plans=own_plans(self.staff()))
        return self.show(request, procedure, form, PhaseFormSet(initial=dates, prefix="phases"))

    def post(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        procedure = self._procedure(public_id)
        form = ProcedureForm(request.POST, plans=own_plans(self.staff()))
        phase_forms = PhaseFormSet(request.POST, prefix="phases")
        if not (form.is_valid() and phase_forms.is_valid()):
            return self.show(request, procedure, form, phase_forms, status=400)
        try:
            with transaction.atomic():
                data = form.procedure(phase_forms.dates())
                change_procedure(procedure, data=data, actor=self.staff(), at=timezone.now())
        except (IllegalChange, IntegrityError) as error:
            code = error.code if isinstance(error, IllegalChange) else "overlap"
            form.add_error(None, ValidationError(REFUSALS[code], code=code))
            return self.show(request, procedure, form, phase_forms, status=400)
        warn_of_short_phases(request, self._procedure(public_id))
        return redirect("participation:procedure_work", procedure.public_id)

    def _procedure(self, public_id: Any) -> Procedure:
        rows = Procedure.objects.select_related("tenant", "plan").prefetch_related("phases", "categorys")
        return fetch(rows, self.staff(), "change_procedure", public_id=public_id)

    def show(
        self,
        request: HttpRequest,
        procedure: Procedure,
        form: ProcedureForm,
        phase_forms: Any,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "procedure": procedure,
            "tenant": procedure.tenant,
            "form": form,
            "phase_forms": phase_forms,
        }
        return render(request, "participation/procedure_form.html", context, status=status)


def warn_of_short_phases(request: HttpRequest, procedure: Procedure) -> None:
    for warning in short_phases(procedure):
        messages.warning(request, warning)


def short_phases(procedure: Procedure) -> list[str]:
    """The law's minimum is shown, not enforced: the planner may have a reason that we do not know."""
    found = []
    for phase, short in queries.shortfalls(procedure):
        words = {
            "phase": phase,
            "source": short.rule.paragraph,
            "day": short.earliest_last_day.strftime("%d.%m.%Y"),
        }
        found.append(str(DOUBTFUL if short.doubtful else TOO_SHORT) % words)
    return found


class ProcedureStepView(StaffView):
    """Publish, or record the decision."""

    steps = {"publish": publish_procedure, "decide": decide_procedure}

    def post(self, request: HttpRequest, public_id: Any, step: str) -> HttpResponse:
        user = self.staff()
        procedure = fetch(Procedure.objects.all(), user, "change_procedure", public_id=public_id)
        try:
            self.steps[step](procedure, actor=user, at=timezone.now())
        except IllegalChange as error:
            messages.error(request, REFUSALS[error.code])
        return redirect("participation:procedure_work", procedure.public_id)
