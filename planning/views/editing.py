"""The drawing board of a plan: begin, overview, attributes, undo, finish. The map's requests are in editing_map.py."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from planning import drafting, editing, presenting
from planning.attribute_forms import MOST_TARGETS, AttributeForm, Choices, Offers, typed
from planning.draft_forms import KIND_LABELS
from planning.drafting import Item
from planning.errors import ChangedMeanwhile, EditRefused, IllegalStep
from planning.forms import ObjectFilter
from planning.messages import text_of
from planning.models import DraftState, EditDraft, EditStep, Fassung
from planning.views.actions import ActionMixin
from planning.xplanung.attributes import asked_of, is_asked
from planning.xplanung.naming import object_label
from planning.xplanung.palette import kinds_of
from planning.xplanung.schema import Property, label, schema
from tenants.permissions import reach_of

PER_PAGE = 50
_KEY = "__key__"


class DraftMixin(ActionMixin):
    """Fetches the plan and its open draft (None where nobody edits)."""

    action = editing.ACTION
    draft: EditDraft | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.draft = drafting.open_draft_of(self.plan)

    def signed(self, step: EditStep) -> str:
        """Who did a step: colleagues by name; to a bureau that has the plan shared, the tenant alone."""
        colleague = self.plan.tenant_id in reach_of(self.person).roles
        own = step.actor_id == self.person.pk
        return str(step.actor or "–") if colleague or own else str(self.plan.tenant)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"draft": self.draft}

    def back(self) -> HttpResponse:
        return redirect("planning:edit", public_id=self.plan.public_id)

    def called(self, item: Item) -> str:
        return object_label(self.open_draft.base.xplan_version, item.feature_type, item.properties)

    @property
    def open_draft(self) -> EditDraft:
        """Raises Http404 where there is none or it is being written: every page of a draft is closed then."""
        if self.draft is None or self.draft.state != DraftState.OPEN:
            raise Http404
        return self.draft


class ObjectMixin(DraftMixin):
    """Fetches the object of the address as it stands in the draft."""

    item: Item

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            item = drafting.item_of(self.open_draft, kwargs["key"])
            if item is None:
                raise Http404
            self.item = item

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = self.called(self.item)
        return super().get_context_data(**kwargs) | {"item": self.item, "title": title}


def refusal(error: EditRefused) -> list[str]:
    """Why a change was refused, in sentences."""
    return [error.reason] if error.reason else [text_of(one.rule, one.params) for one in error.findings[:10]]


class Edit(DraftMixin, TemplateView):
    """The drawing board; POST begins a draft."""

    template_name = "planning/editdraft_detail.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        editing.begin(self.plan, actor=self.person)
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        draft = self.draft
        version = draft.base if draft else self.plan.current_version
        frozen = Fassung.objects.filter(plan=self.plan, version=version, frozen_at__isnull=False).first()
        context |= {"version": version, "frozen": frozen}
        if draft is None or draft.state != DraftState.OPEN:
            return context
        return context | self._objects(draft) | self._steps(draft) | self._map(draft)

    def _objects(self, draft: EditDraft) -> dict[str, Any]:
        version = draft.base.xplan_version
        listed = drafting.listed(draft)
        names = sorted({item.feature_type for item in listed})
        form = ObjectFilter(self.request.GET, types=[(name, label(version, name)) for name in names])
        form.is_valid()  # a filter that cannot be read filters nothing
        words = form.cleaned_data.get("q", "").casefold().split()
        wanted = form.cleaned_data.get("feature_type")
        titled = [(item, self.called(item)) for item in listed if wanted in ("", None, item.feature_type)]
        found = [(item, title) for item, title in titled if all(word in title.casefold() for word in words)]
        return {"form": form, "page": Paginator(found, PER_PAGE).get_page(self.request.GET.get("page"))}

    def _steps(self, draft: EditDraft) -> dict[str, Any]:
        steps = drafting.history(draft)
        return {
            "steps": [(step, self.signed(step)) for step in steps],
            "undoable": next((step for step in steps if step.number == draft.head), None),
            "redoable": drafting.step_above(draft),
            "outdated": draft.base_id != self.plan.current_version_id,
        }

    def _map(self, draft: EditDraft) -> dict[str, Any]:
        place = {"public_id": self.plan.public_id}
        return {
            "features_url": reverse("planning:edit_features", kwargs=place),
            "act_url": reverse("planning:edit_act", kwargs=place),
            "attributes_url": reverse("planning:edit_attributes", kwargs={**place, "key": _KEY}),
            "kinds": [
                (kind.key, kind.shape, KIND_LABELS[kind.key])
                for kind in kinds_of(draft.base.xplan_version, self.plan.plan_type)
            ],
        }


class EditAttributes(ObjectMixin, TemplateView):
    """The attributes of one object. Who saves after somebody else keeps both changes where they concern different attributes;
    where they concern the same, sees the other's and decides."""

    template_name = "planning/editdraft_attributes.html"
    form: AttributeForm | None = None

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        seen = self._seen(request.POST.get("mark", ""))
        form = self._form(request.POST.get("more", "").split(), seen, data=request.POST)
        if "add" in request.POST:
            return self._with_further(form)
        if not form.is_valid():
            return self._again(form)
        changes = form.changes()
        theirs = _differing(seen, self.item)
        if theirs & changes.keys():
            return self._conflict(form, seen)
        return self._save(form, changes, beside=theirs)

    def _seen(self, mark: str) -> Item:
        """The object as the form showed it; as it stands where that state is gone."""
        number = int(mark) if mark.isdecimal() and len(mark) < 10 else self.item.mark
        if number == self.item.mark:
            return self.item
        return drafting.item_at(self.open_draft, self.item.position, mark=number) or self.item

    def _form(self, more: list[str], item: Item, **kwargs: Any) -> AttributeForm:
        facts = schema(self.open_draft.base.xplan_version)
        kind = drafting.type_of(self.open_draft, item)
        if kind is None:
            raise Http404  # a type the standard does not know has no attributes to ask for
        known = [name for name in more if name in kind.by_name and is_asked(kind.by_name[name])]
        return AttributeForm(
            kind=kind,
            properties=item.properties,
            schema=facts,
            more=known,
            offers=Offers(
                _targets(self.open_draft, asked_of(kind, item.properties, more=known)),
                drafting.codes_in_use(self.open_draft, kind),
            ),
            **{"initial": {"mark": item.mark, "more": " ".join(known)}, **kwargs},
        )

    def _with_further(self, form: AttributeForm) -> HttpResponse:
        """The same form with one attribute more; what was typed stays."""
        asked = self.request.POST.get("attribute", "").strip()
        by_words = {word.casefold(): item.name for item in form.further() for word in (item.label, item.name)}
        name = by_words.get(asked.casefold())
        if name is None:
            form.errors.clear()
            form.add_error("attribute", _("There is no attribute of this name. Choose one of the list."))
            return self._again(form)
        more = [*self.request.POST.get("more", "").split(), name]
        initial = {
            **typed(form, self.request.POST),
            "mark": self.request.POST.get("mark"),
            "more": " ".join(more),
        }
        again = self._form(more, self._seen(self.request.POST.get("mark", "")), initial=initial)
        return self._again(again)

    def _again(self, form: AttributeForm) -> HttpResponse:
        self.form = form
        return self.render_to_response(self.get_context_data())

    def _conflict(self, form: AttributeForm, seen: Item) -> HttpResponse:
        """Their values where I typed nothing, mine where I did; what they changed is told."""
        mine = form.answers()
        more = self.request.POST.get("more", "").split()
        now = self._form(more, self.item)
        initial: dict[str, Any] = {"mark": self.item.mark, "more": " ".join(more)}
        shown = {slot.path: slot.shown for slot in form.slots}
        for slot in now.slots:
            if slot.path in mine and mine[slot.path] != shown.get(slot.path):
                initial["-".join(("p", *map(str, slot.path)))] = mine[slot.path]
        again = self._form(more, self.item, initial=initial)
        return self.render_to_response(self.get_context_data(form=again, **self._told(seen)))

    def _told(self, seen: Item) -> dict[str, Any]:
        step = self.open_draft.steps.filter(number=self.item.mark).select_related("actor").first()
        return {
            "their_step": step,
            "their_name": self.signed(step) if step else "–",
            "theirs": compared(seen, self.item, self.open_draft.base.xplan_version),
        }

    def _save(self, form: AttributeForm, changes: Mapping[str, Any], *, beside: set[str]) -> HttpResponse:
        if not changes:
            messages.info(self.request, _("Nothing was changed."))
            return self.back()
        try:
            editing.change_attributes(
                self.open_draft,
                self.kwargs["key"],
                changes,
                actor=self.person,
                mark=self.item.mark,
            )
        except EditRefused as error:
            for sentence in refusal(error):
                form.add_error(None, sentence)
            return self._again(form)
        except ChangedMeanwhile:
            form.add_error(None, _("Somebody changed this object at the same moment. Save again."))
            return self._again(form)
        messages.success(self.request, _("Saved: %s") % self.called(self.item))
        if beside:
            messages.info(
                self.request,
                _("Somebody else had changed other attributes of this object; both changes are kept."),
            )
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = (
            kwargs.pop("form", None) or self.form or self._form(self.request.GET.getlist("more"), self.item)
        )
        type_label = label(self.open_draft.base.xplan_version, self.item.feature_type)
        return super().get_context_data(**kwargs) | {"form": form, "type_label": type_label}


def _differing(seen: Item, now: Item) -> set[str]:
    names = seen.properties.keys() | now.properties.keys()
    return {name for name in names if seen.properties.get(name) != now.properties.get(name)}


def compared(before: Item | None, after: Item | None, version: str) -> list[tuple[str, str, str]]:
    """(attribute, before, after) of all that differs, in words."""
    rows = [
        presenting.worded(item.feature_type, item.properties, version) if item else {}
        for item in (before, after)
    ]
    names = dict.fromkeys([*rows[0], *rows[1]])
    return [
        (name, rows[0].get(name, "–"), rows[1].get(name, "–"))
        for name in names
        if rows[0].get(name) != rows[1].get(name)
    ]


def _targets(draft: EditDraft, asked: Iterable[Property]) -> dict[str, Choices]:
    """Attribute -> objects that it may refer to, where they are few enough to choose from a list."""
    version = draft.base.xplan_version
    found: dict[str, Choices] = {}
    for item in asked:
        names = [one.name for one in schema(version).feature_types() if any(map(one.is_a, item.targets))]
        if not names or draft.base.plan_objects.filter(feature_type__in=names).count() > MOST_TARGETS:
            continue
        rows = drafting.items(draft, types=names)
        titles = [(row.gml_id, object_label(version, row.feature_type, row.properties)) for row in rows]
        found[item.name] = [(f"#{gml_id}", title) for gml_id, title in titles if gml_id]
    return found


class Remove(ObjectMixin, TemplateView):
    template_name = "planning/editdraft_remove.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        mark = request.POST.get("mark", "")
        try:
            seen = int(mark) if mark.isdecimal() and len(mark) < 10 else -1
            editing.remove(self.open_draft, kwargs["key"], actor=self.person, mark=seen)
        except ChangedMeanwhile:
            messages.warning(request, _("Somebody changed this object meanwhile. Look at it again."))
            return redirect(request.path)
        except EditRefused as error:
            messages.error(request, " ".join(refusal(error)))
            return self.back()
        messages.success(request, _("Removed: %s") % self.called(self.item))
        return self.back()


class StepBack(DraftMixin):
    """POST revision: undo the newest step, or (`again`) redo the first undone one."""

    http_method_names = ("post",)
    again = False

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        act = editing.redo if self.again else editing.undo
        try:
            step = act(self.open_draft, actor=self.person, revision=revision_of(request))
        except ChangedMeanwhile:
            messages.warning(
                request,
                _("Somebody changed the draft meanwhile; nothing was taken back. Look at the steps again."),
            )
        except IllegalStep:
            messages.info(request, _("There is no such step any more."))
        else:
            sentence = _("Done again: %s") if self.again else _("Taken back: %s")
            messages.success(request, sentence % f"{step.get_kind_display()} – {step.subject}")
        return self.back()


def revision_of(request: HttpRequest) -> int:
    """As the page showed it; -1 for anything else."""
    stated = request.POST.get("revision", "")
    return int(stated) if stated.isdecimal() and len(stated) < 10 else -1
