"""The end of a draft: what it changes, a new version of it, or nothing; and taking it along to a newer version."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from planning import drafting, editing
from planning.drafting import Item
from planning.errors import ChangedMeanwhile, EditRefused, IllegalStep
from planning.models import EditDraft, EditedObject
from planning.views.editing import DraftMixin, compared, refusal, revision_of
from planning.xplanung.naming import object_label


class Discard(DraftMixin, TemplateView):
    template_name = "planning/editdraft_discard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"steps": drafting.history(self.open_draft)}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            editing.discard(self.open_draft, actor=self.person, revision=revision_of(request))
        except ChangedMeanwhile:
            messages.warning(request, _("Somebody changed the draft meanwhile; it was not discarded."))
            return self.back()
        messages.success(request, _("The draft was discarded. The plan is as it was."))
        return redirect(self.plan)


class Finish(DraftMixin, TemplateView):
    """What the new version will change; POST makes it."""

    action = "import_plan"
    template_name = "planning/editdraft_finish.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draft = self.open_draft
        return super().get_context_data(**kwargs) | {"changes": list(_changed(draft))}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            job = editing.finish(self.open_draft, actor=self.person, revision=revision_of(request))
        except ChangedMeanwhile:
            messages.warning(request, _("Somebody changed the draft meanwhile. Look at the changes again."))
            return redirect(request.path)
        except EditRefused as error:
            messages.error(request, " ".join(refusal(error)))
            return self.back()
        except IllegalStep:
            messages.info(request, _("Nothing was changed yet."))
            return self.back()
        return redirect("planning:import", public_id=job.public_id)


def _changed(draft: EditDraft) -> Iterator[dict[str, Any]]:
    """Each object that differs from the delivered one: {title, kind, rows, moved}."""
    version = draft.base.xplan_version
    for position, row in sorted(drafting.overlay(draft).items()):
        before, after = drafting.item_at(draft, position, mark=0), _item(draft, row)
        stated = after or before
        if stated is None or (before and after and before.raw == after.raw):
            continue
        kind = "added" if before is None else "removed" if after is None else "changed"
        yield {
            "title": object_label(version, stated.feature_type, stated.properties),
            "kind": kind,
            "rows": compared(before, after, version) if kind == "changed" else [],
            "moved": bool(before and after and before.geometry != after.geometry),
        }


def _item(draft: EditDraft, row: EditedObject) -> Item | None:
    return drafting.item_at(draft, row.position, mark=row.number)


class Carry(DraftMixin):
    """POST: take the draft along to the newest version."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            _draft, left = editing.carry(self.open_draft, actor=self.person, revision=revision_of(request))
        except ChangedMeanwhile:
            messages.warning(request, _("Somebody changed the draft meanwhile. Look at the steps again."))
            return self.back()
        messages.success(request, _("The changes stand in a draft over the newest version now."))
        if left:
            count = len(left)
            sentence = ngettext(
                "The new version changed %(count)s object itself; your change of it was not taken along: %(names)s",
                "The new version changed %(count)s objects itself; your changes of them were not taken along: %(names)s",
                count,
            )
            messages.warning(request, sentence % {"count": count, "names": ", ".join(left[:20])})
        return self.back()
