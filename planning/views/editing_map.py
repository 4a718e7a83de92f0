"""The map of the drawing board, its acts, and the same acts by forms."""

import json
from typing import Any

import shapely
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.gzip import gzip_page
from django.views.generic import FormView

from planning import drafting, drawing_acts, editing, presenting
from planning.draft_forms import CornersForm, CutForm, NewObjectForm
from planning.editing import Outcome, Reshape
from planning.errors import ChangedMeanwhile, EditRefused, IllegalStep
from planning.models import EditDraft
from planning.views.editing import DraftMixin, ObjectMixin, refusal
from planning.xplanung.palette import kinds_of

MOST_BYTES = 20 << 20  # of one act


def features_of(draft: EditDraft) -> str:
    """GeoJSON of the working copy, with what the map needs to know of its state."""
    rows = list(drafting.map_rows(draft))
    body = "".join(presenting.feature_collection(rows, draft.base.xplan_version, {}))
    marks = {row["gml_id"] or f"@{row['position']}": row["mark"] for row in rows}
    return f'{body[:-1]},"revision":{draft.revision},"marks":{json.dumps(marks)}}}'


@method_decorator(gzip_page, name="dispatch")
class Features(DraftMixin):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        answer = HttpResponse(features_of(self.open_draft), content_type="application/geo+json")
        answer["Cache-Control"] = "private, no-store"
        return answer


class Act(DraftMixin):
    """POST JSON, one act of the map: see planning.drawing_acts. Answers {"message", "revision"}; 409 when somebody else was
    faster, 422 when the plan would break."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        draft = self.open_draft
        try:
            if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
                raise drawing_acts.Misunderstood
            outcome = drawing_acts.perform(draft, json.loads(request.body), actor=self.person)
        except (drawing_acts.Misunderstood, ValueError, RecursionError):
            return JsonResponse(
                {"message": _("The map sent something that cannot be understood.")}, status=400
            )
        except EditRefused as error:
            return JsonResponse({"message": " ".join(refusal(error))}, status=422)
        except (ChangedMeanwhile, IllegalStep):
            sentence = _(
                "Somebody else changed this meanwhile. The map shows the newest state now; draw it again."
            )
            return JsonResponse({"message": sentence}, status=409)
        draft.refresh_from_db()
        return JsonResponse({"message": worded(outcome), "revision": draft.revision})


def worded(outcome: Outcome) -> str:
    """What was done, how many neighbours went along, which arcs ended."""
    said = [f"{outcome.step.get_kind_display()}: {outcome.step.subject}."]
    if outcome.neighbours:
        count = outcome.neighbours
        said.append(ngettext("%s neighbour went along.", "%s neighbours went along.", count) % count)
    if outcome.straightened:
        count = outcome.straightened
        said.append(
            ngettext("%s arc became straight lines.", "%s arcs became straight lines.", count) % count
        )
    return " ".join(said)


class ActForm(DraftMixin, FormView[Any]):
    """A form that does one act; subclasses write `act`."""

    template_name = "planning/editdraft_form.html"

    def act(self, form: Any) -> Outcome:
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            outcome = self.act(form)
        except EditRefused as error:
            for sentence in refusal(error):
                form.add_error(None, sentence)
            return self.form_invalid(form)
        except ChangedMeanwhile:
            form.add_error(
                None,
                _(
                    "Somebody changed this object meanwhile. Open it again; what you typed is still here to copy."
                ),
            )
            return self.form_invalid(form)
        messages.success(self.request, worded(outcome))
        return self.back()


class Corners(ObjectMixin, ActForm):
    """An object's corners as lines of text."""

    form_class = CornersForm

    def get_form_kwargs(self) -> dict[str, Any]:
        geometry = self.item.geometry or shapely.Point()
        return {**super().get_form_kwargs(), "geometry": geometry, "initial": {"mark": self.item.mark}}

    def act(self, form: CornersForm) -> Outcome:
        cleaned = form.cleaned_data
        wanted = Reshape(self.item.key, cleaned["mark"], cleaned["corners"])
        return drawing_acts.reshape(
            self.open_draft,
            [wanted],
            actor=self.person,
            along=cleaned["along"],
            snap=cleaned["snap"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"heading": _("Corners: %s") % self.called(self.item), "submit": _("Save corners")}
        return super().get_context_data(**kwargs) | words


class Cut(ObjectMixin, ActForm):
    form_class = CutForm

    def get_initial(self) -> dict[str, Any]:
        return {"mark": self.item.mark}

    def act(self, form: CutForm) -> Outcome:
        cleaned = form.cleaned_data
        return editing.cut(
            self.open_draft,
            self.item.key,
            cleaned["line"],
            actor=self.person,
            mark=cleaned["mark"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"heading": _("Cut in two: %s") % self.called(self.item), "submit": _("Cut")}
        return super().get_context_data(**kwargs) | words


class NewObject(ActForm):
    form_class = NewObjectForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kinds = kinds_of(self.open_draft.base.xplan_version, self.plan.plan_type)
        return {**super().get_form_kwargs(), "kinds": kinds}

    def act(self, form: NewObjectForm) -> Outcome:
        cleaned = form.cleaned_data
        kind = form.kinds[cleaned["kind"]]
        if cleaned["fill"] and cleaned["geometry"] is not None:
            east, north = shapely.get_coordinates(cleaned["geometry"])[0]
            return editing.fill(self.open_draft, kind, (float(east), float(north)), actor=self.person)
        return drawing_acts.add(
            self.open_draft,
            kind,
            cleaned["geometry"],
            actor=self.person,
            snap=cleaned["snap"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"heading": _("New object"), "submit": _("Add object")}
        return super().get_context_data(**kwargs) | words
