"""Staff: the queue of statements that wait for a decision about publication, and every statement in full."""

from typing import Any

from django.contrib import messages
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.core.paginator import Paginator
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _

from participation import personal, queries
from participation.errors import NoConsent, NotBeforeDecision, NothingToUndo, ReasonMissing
from participation.forms import AnswerForm, ReasonForm, StaffSearchForm, TopicForm
from participation.models import Statement
from participation.moderating import act_on, answer_statement, sort_statement
from participation.search import matching
from participation.views.procedures import StaffView, own_procedures
from planning.models import PlanObject
from planning.presenting import edition_of, title_of
from tenants import geojson
from tenants.access import fetch
from tenants.errors import Forbidden
from tenants.models import User
from tenants.permissions import can, reach_of

PER_PAGE = 25
REFUSALS = {
    NoConsent: _("The submitter did not agree to publication."),
    ReasonMissing: _("Please give a reason or a question."),
    NothingToUndo: _("There is nothing to undo."),
    NotBeforeDecision: _("In a formal procedure there are no public answers before the decision."),
}


class ConfidentialView(StaffView):
    """Names and addresses: no cache keeps them."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response


def own_statements(user: User) -> Any:
    """Statements of the tenants in which the person may read them. Raises Forbidden where there is none."""
    here = reach_of(user)
    if here.active is None or not can(user, "read_statements", here.active):
        raise Forbidden("read_statements")
    return Statement.objects.visible_to(user).filter(tenant_id__in=here.scope.read)


class QueueView(ConfidentialView):
    """The oldest waiting statement, large, with what can be done; or that all is done."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = queries.waiting(own_statements(self.staff()))
        skipped = [key for key in request.GET.getlist("skip") if key.isdecimal()][:50]
        statement = queries.statement_for_staff(rows.exclude(pk__in=skipped)).first()
        context = {"statement": statement, "waiting": rows.count(), "skipped": skipped}
        last = request.session.get("moderated")
        context["last"] = own_statements(self.staff()).filter(public_id=last).first() if last else None
        if statement is not None:
            context |= _parts_of(statement)
        return render(request, "participation/statement_queue.html", context)


def _parts_of(statement: Statement) -> dict[str, Any]:
    """What the facts of a statement show; a map only where it speaks of a place."""
    submitter = next(iter(statement.submitters.all()), None)
    known = (submitter.name, submitter.email, submitter.postal_address) if submitter else ()
    anchor = next(iter(statement.anchors.all()), None)
    return {
        "tenant": statement.tenant,
        "submitter": submitter,
        "anchor": anchor,
        "object_label": _object_label(anchor.plan_object) if anchor and anchor.plan_object else "",
        "parts": personal.parts(statement.text, known=known),
        "place_url": _place_url(statement) if anchor and (anchor.geometry or anchor.plan_object) else "",
        "plan_url": _plan_url(statement),
    }


def _object_label(row: PlanObject) -> str:
    return f"{title_of(row, row.version.xplan_version)} ({edition_of(row.version)})"


def _place_url(statement: Statement) -> str:
    return reverse("participation:place", args=[statement.public_id])


def _plan_url(statement: Statement) -> str:
    """Objects of the version that the statement's phase was about, for the map; empty for a free topic."""
    rows = Statement.objects.filter(pk=statement.pk, procedure__plan__isnull=False)
    number = Coalesce("phase__plan_version__number", "procedure__plan_version__number")
    found = rows.values_list("procedure__plan__public_id", number).first()
    return f"{reverse('planning:features', args=found[:1])}?version={found[1]}" if found else ""


class PlaceView(ConfidentialView):
    """Where one statement speaks of, published or not, as GeoJSON in the twin's reference system."""

    def get(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        statement = fetch(Statement.objects.all(), self.staff(), "read_statements", public_id=public_id)
        places = statement.anchors.annotate(
            place=AsGeoJSON(Coalesce("geometry", "plan_object__geometry"), precision=2)
        ).values_list("place", flat=True)
        named = {"label": statement.receipt, "url": statement.get_absolute_url()}
        return geojson.answer(
            [geojson.feature(statement.public_id, place, named) for place in places if place]
        )


class SortView(ConfidentialView):
    """Put a statement under another topic, or under none."""

    def post(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        user = self.staff()
        rows = Statement.objects.select_related("procedure")
        statement = fetch(rows, user, "moderate", public_id=public_id)
        form = TopicForm(request.POST, categories=statement.procedure.categorys.all())
        if form.is_valid():
            sort_statement(statement, category=form.cleaned_data["category"], actor=user)
        return redirect(statement)


class ModerateView(ConfidentialView):
    """Publish, hide with a reason, ask back, undo; then the next one."""

    def post(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        user = self.staff()
        statement = fetch(Statement.objects.all(), user, "moderate", public_id=public_id)
        reason = ReasonForm(request.POST)
        text = reason.cleaned_data["reason"] if reason.is_valid() else ""
        try:
            act_on(statement, request.POST.get("act", ""), user=user, reason=text)
        except (NoConsent, ReasonMissing, NothingToUndo) as error:
            messages.error(request, REFUSALS[type(error)])
        else:
            request.session["moderated"] = str(statement.public_id)
        if request.POST.get("back") == "statement":
            return redirect(statement)
        return redirect("participation:queue")


class StatementListView(ConfidentialView):
    """All statements of the town, with search and filters."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = self.staff()
        rows = own_statements(user)
        form = StaffSearchForm(request.GET, procedures=own_procedures(user))
        if form.is_valid():
            rows = _filtered(rows, form.cleaned_data)
        page = Paginator(rows.select_related("procedure", "category"), PER_PAGE).get_page(
            request.GET.get("page")
        )
        return render(request, "participation/statement_list.html", {"form": form, "page": page})


def _filtered(rows: Any, wanted: dict[str, Any]) -> Any:
    rows = rows.filter(matching(wanted["q"]))
    if wanted["procedure"]:
        rows = rows.filter(procedure=wanted["procedure"])
    if wanted["publication"]:
        rows = rows.filter(publication=wanted["publication"])
    return rows.filter(is_late=True) if wanted["late"] else rows


class StatementDetailView(ConfidentialView):
    """Everything about one statement; an official answer."""

    def get(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        return self.show(request, self._statement(public_id), AnswerForm())

    def post(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        user = self.staff()
        statement = fetch(
            Statement.objects.select_related("tenant", "phase__procedure"),
            user,
            "answer",
            public_id=public_id,
        )
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self.show(request, self._statement(public_id), form, status=400)
        try:
            answer_statement(statement, text=form.cleaned_data["text"], actor=user, at=timezone.now())
        except NotBeforeDecision as error:
            form.add_error(None, REFUSALS[type(error)])
            return self.show(request, self._statement(public_id), form, status=409)
        return redirect(statement)

    def _statement(self, public_id: Any) -> Statement:
        rows = queries.statement_for_staff(Statement.objects.all())
        return fetch(rows, self.staff(), "read_statements", public_id=public_id)

    def show(
        self, request: HttpRequest, statement: Statement, form: AnswerForm, status: int = 200
    ) -> HttpResponse:
        topics = statement.procedure.categorys.all()
        context = {
            "statement": statement,
            "form": form,
            "topic_form": TopicForm(initial={"category": statement.category_id}, categories=topics)
            if topics
            else None,
            **_parts_of(statement),
        }
        return render(request, "participation/statement_detail.html", context, status=status)
