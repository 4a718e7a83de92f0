"""What a person does while editing a plan: begin, change, add, remove, cut, take back, finish. As services: may they, change, record.

No version is ever changed: what is edited is a draft over it, and its end is a new version that comes in by the same door as a
delivered file. Every change is one step; undoing moves the draft's head, nothing is lost by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from planning import changing, drafting, exporting, revising, tasks
from planning.drafting import Item
from planning.errors import ChangedMeanwhile, EditRefused, IllegalStep
from planning.matching import NEW
from planning.models import (
    DraftState,
    EditDraft,
    EditedObject,
    EditKind,
    EditStep,
    Origin,
    Plan,
)
from planning.queries import frame_of
from planning.storing import CONTENT_TYPE
from planning.xplanung import cutting, palette, writer
from planning.xplanung.cutting import Corner
from planning.xplanung.schema import schema
from tenants import events, files, jobs
from tenants.models import Job, Tenant, User
from tenants.permissions import require
from tenants.scope import acting_for

ACTION = "change_plan"
MOST_STEPS = 2000  # of one draft


@dataclass(frozen=True)
class Reshape:
    """A new geometry (twin's system) for one object, and the state of it that the person saw."""

    key: str
    mark: int
    geometry: BaseGeometry


@dataclass(frozen=True)
class Outcome:
    """A step, how many arcs became straight lines in it, and how many other objects went along."""

    step: EditStep
    straightened: int = 0
    neighbours: int = 0


def _scope(plan: Plan) -> Any:
    return acting_for([plan.tenant_id], [plan.tenant_id])


@transaction.atomic
def begin(plan: Plan, *, actor: User) -> EditDraft:
    """The plan's draft, made over its newest version when none is open. Raises IllegalStep without a version."""
    require(actor, ACTION, plan)
    with _scope(plan):
        row = Plan.objects.select_for_update(of=("self",)).select_related("current_version").get(pk=plan.pk)
        found = drafting.open_draft_of(row)
        if found is not None:
            return found
        if row.current_version is None:
            raise IllegalStep("there is no version to edit")
        draft: EditDraft = EditDraft.objects.create(
            tenant_id=plan.tenant_id, plan=row, base=row.current_version, created_by=actor
        )
        _record("begin_edit", draft, actor=actor, after={"version": row.current_version.number})
    return draft


def _locked(draft: EditDraft) -> EditDraft:
    """The draft's row for this transaction: two persons change one after the other. Raises IllegalStep when it is over."""
    row: EditDraft = (
        EditDraft.objects.select_for_update(of=("self",))
        .select_related("base", "plan__tenant")
        .get(pk=draft.pk)
    )
    if row.state != DraftState.OPEN:
        raise IllegalStep("the draft is not open")
    return row


@transaction.atomic
def change_attributes(
    draft: EditDraft, key: str, changes: Mapping[str, Any], *, actor: User, mark: int
) -> EditStep:
    """Put properties in place of an object's (None removes one). Raises ChangedMeanwhile, EditRefused."""
    require(actor, ACTION, draft.plan)
    with _scope(draft.plan):
        row = _locked(draft)
        item = _current(row, key, mark)
        facts, spaces = schema(row.base.xplan_version), frame_of(row.base).namespaces
        try:
            raw = writer.edited(item.raw.encode(), changes, schema=facts, namespaces=spaces)
        except (writer.NotWritable, ValueError) as error:
            raise EditRefused(_("This cannot be written into the file: %s.") % error) from error
        return _step(row, EditKind.ATTRIBUTES, [changing.replaced(item, raw)], actor=actor)


def _current(draft: EditDraft, key: str, mark: int) -> Item:
    item = drafting.item_of(draft, key)
    if item is None or item.mark != mark:
        raise ChangedMeanwhile([key])
    return item


@transaction.atomic
def reshape(draft: EditDraft, wanted: Sequence[Reshape], *, actor: User, along: bool = True) -> Outcome:
    """Change geometries. along: corners that others share move with them, so that the Flächenschluss stays.

    Raises ChangedMeanwhile, EditRefused."""
    require(actor, ACTION, draft.plan)
    with _scope(draft.plan):
        row = _locked(draft)
        pairs = [(_current(row, one.key, one.mark), changing.sound(one.geometry)) for one in wanted]
        neighbours = changing.along(row, pairs) if along else []
        made, straightened = [], 0
        for item, geometry in [*pairs, *neighbours]:
            done = changing.reshaped(row, item, geometry)
            straightened += done.straightened
            made.append(changing.replaced(item, done.raw))
        step = _step(row, EditKind.GEOMETRY, made, actor=actor)
        return Outcome(step, straightened, len(neighbours))


@transaction.atomic
def add(
    draft: EditDraft,
    kind: palette.Kind,
    geometry: BaseGeometry | None,
    *,
    actor: User,
    values: Mapping[str, Any] | None = None,
) -> Outcome:
    """Draw a new object. Neighbours are given the corners that it has on their edges. Raises EditRefused."""
    require(actor, ACTION, draft.plan)
    with _scope(draft.plan):
        row = _locked(draft)
        shape = changing.sound(geometry) if geometry is not None else None
        gml_id, raw = changing.created(row, kind, shape, values or {})
        made = [changing.Made(raw, None, gml_id)]
        touching = changing.given_corners(row, [shape]) if shape is not None and kind.shape == "area" else []
        made += [changing.replaced(item, changing.reshaped(row, item, new).raw) for item, new in touching]
        made = changing.listed(row, made, [gml_id], text=kind.shape == "none")
        return Outcome(_step(row, EditKind.ADDED, made, actor=actor), 0, len(touching))


@transaction.atomic
def fill(draft: EditDraft, kind: palette.Kind, at: Corner, *, actor: User) -> Outcome:
    """Make the gap of the Flächenschluss around a place a new object. Raises EditRefused."""
    require(actor, ACTION, draft.plan)
    with _scope(draft.plan):
        row = _locked(draft)
        gap = changing.gap(row, at) if kind.closes else None
        if gap is None:
            raise EditRefused(_("There is no gap of the Flächenschluss at this place."))
        return add(row, kind, gap, actor=actor)


@transaction.atomic
def cut(draft: EditDraft, key: str, line: shapely.LineString, *, actor: User, mark: int) -> Outcome:
    """Divide an area along a line; the largest piece stays the object, the others are new ones like it.

    Raises ChangedMeanwhile, EditRefused."""
    require(actor, ACTION, draft.plan)
    with _scope(draft.plan):
        row = _locked(draft)
        item = _current(row, key, mark)
        try:
            pieces = cutting.cut(item.geometry or shapely.Polygon(), line)
        except (cutting.NotCut, ValueError) as error:
            raise EditRefused(_("The line must cross the area from edge to edge.")) from error
        first = changing.reshaped(row, item, changing.sound(pieces[0]))
        made = [changing.replaced(item, first.raw)]
        for piece in pieces[1:]:
            made.append(changing.copied(row, item, changing.sound(piece)))
        touching = [
            (other, new)
            for other, new in changing.given_corners(row, pieces)
            if other.position != item.position
        ]
        made += [changing.replaced(other, changing.reshaped(row, other, new).raw) for other, new in touching]
        made = changing.listed(row, made, [one.gml_id for one in made if one.position is None], text=False)
        return Outcome(_step(row, EditKind.CUT, made, actor=actor), first.straightened, len(touching))


@transaction.atomic
def remove(draft: EditDraft, key: str, *, actor: User, mark: int) -> EditStep:
    """Take an object out, and every reference to it. Raises ChangedMeanwhile, EditRefused for the plan and its Bereiche."""
    require(actor, ACTION, draft.plan)
    with _scope(draft.plan):
        row = _locked(draft)
        item = _current(row, key, mark)
        if item.feature_type.endswith(("_Plan", "_Bereich")):
            raise EditRefused(_("The plan itself and its Bereiche stay."))
        made = [changing.Made(b"", item.position, item.gml_id, item)]
        made += [changing.without(row, other, item.gml_id) for other in changing.referring(row, item)]
        return _step(row, EditKind.REMOVED, made, actor=actor)


def _step(draft: EditDraft, kind: EditKind, made: Sequence[changing.Made], *, actor: User) -> EditStep:
    """Keep what a step made as the draft's new head; undone steps are gone now. Raises EditRefused."""
    if draft.last_number >= MOST_STEPS:
        raise EditRefused(_("This draft has %s steps. Finish it and begin a new one.") % MOST_STEPS)
    _forget_undone(draft)
    draft.last_number += 1
    draft.head, draft.revision = draft.last_number, draft.revision + 1
    draft.save(update_fields=["head", "last_number", "revision"])
    rows = changing.rows(draft, made)
    subject = changing.subject(draft, made[0], rows[0])
    step: EditStep = EditStep.objects.create(
        **changing.own(draft), draft=draft, number=draft.head, kind=kind, subject=subject[:300], actor=actor
    )
    for row in rows:
        row.step = step
    EditedObject.objects.bulk_create(rows)
    return step


def _forget_undone(draft: EditDraft) -> None:
    EditedObject.objects.filter(draft=draft, number__gt=draft.head)._raw_delete("default")
    EditStep.objects.filter(draft=draft, number__gt=draft.head)._raw_delete("default")


@transaction.atomic
def undo(draft: EditDraft, *, actor: User, revision: int) -> EditStep:
    """Take the newest step back. Raises ChangedMeanwhile when the person saw another state, IllegalStep at the beginning."""
    require(actor, ACTION, draft.plan)
    with _scope(draft.plan):
        row = _seen(draft, revision)
        step: EditStep | None = row.steps.filter(number=row.head).first()
        if step is None:
            raise IllegalStep("there is nothing to undo")
        _move_head(row, drafting.step_below(row))
        return step


@transaction.atomic
def redo(draft: EditDraft, *, actor: User, revision: int) -> EditStep:
    """Do the first undone step again. Raises as undo."""
    require(actor, ACTION, draft.plan)
    with _scope(draft.plan):
        row = _seen(draft, revision)
        step = drafting.step_above(row)
        if step is None:
            raise IllegalStep("there is nothing to redo")
        _move_head(row, step.number)
        return step


def _seen(draft: EditDraft, revision: int) -> EditDraft:
    row = _locked(draft)
    if row.revision != revision:
        raise ChangedMeanwhile
    return row


def _move_head(draft: EditDraft, head: int) -> None:
    draft.head, draft.revision = head, draft.revision + 1
    draft.save(update_fields=["head", "revision"])


@transaction.atomic
def carry(draft: EditDraft, *, actor: User, revision: int) -> tuple[EditDraft, list[str]]:
    """Take a draft along to the plan's newest version: a new draft with all changes of objects that are there as they were.

    Returns it and what the others are called: the new version changed those itself. The old draft stays readable."""
    require(actor, ACTION, draft.plan)
    with _scope(draft.plan):
        row = _seen(draft, revision)
        row.state = DraftState.DISCARDED
        row.save(update_fields=["state"])
        new = begin(row.plan, actor=actor)
        made, left = changing.carried(row, new)
        if made:
            _step(new, EditKind.CARRIED, made, actor=actor)
        _record("carry_edit", new, actor=actor, after={"version": new.base.number, "left": left})
    return new, left


@transaction.atomic
def discard(draft: EditDraft, *, actor: User, revision: int) -> None:
    """Throw the draft away; the plan stays as it is. Raises ChangedMeanwhile, IllegalStep."""
    require(actor, ACTION, draft.plan)
    with _scope(draft.plan):
        row = _seen(draft, revision)
        row.state = DraftState.DISCARDED
        row.save(update_fields=["state"])
        _record("discard_edit", row, actor=actor, after={"steps": row.steps.count()})


@transaction.atomic
def finish(draft: EditDraft, *, actor: User, revision: int) -> Job:
    """Start the job that makes the draft a new version of the plan; the version below stays as it came.

    Raises ChangedMeanwhile, IllegalStep without a change, EditRefused when a newer version came in meanwhile."""
    require(actor, "import_plan", draft.plan)
    with _scope(draft.plan), files.kept_only_on_success():
        row = _seen(draft, revision)
        plan: Plan = Plan.objects.select_for_update(of=("self",)).get(pk=row.plan_id)
        if plan.current_version_id != row.base_id:
            raise EditRefused(_("A new version of the plan came in while this draft was edited. Take the draft along to it first."))  # fmt: skip
        if not row.head:
            raise IllegalStep("nothing was changed")
        title = _("Edited version of %s") % plan
        row.job = revising.bring_in(row.base, _document(row), actor=actor, origin=Origin.EDITED, title=title)
        row.state = DraftState.WRITING
        row.save(update_fields=["job", "state"])
        _record("finish_edit", row, actor=actor, after={"steps": row.head, "version": row.base.number})
        return row.job


def _record(action: str, draft: EditDraft, *, actor: User, after: Mapping[str, Any]) -> None:
    events.audit(action, tenant_id=draft.tenant_id, thing=draft, actor=actor, after=after)


@transaction.atomic
def found(tenant: Tenant, plan: palette.Founding, *, actor: User) -> Job:
    """Start the job that brings in a new plan with nothing in it but its Geltungsbereich. Raises EditRefused."""
    require(actor, "import_plan", tenant)
    name = plan.name
    try:
        document = palette.founded(replace(plan, area=changing.sound(plan.area)))  # type: ignore[arg-type]  # an area stays one
    except ValueError as error:
        raise EditRefused(_("This cannot be written into the file: %s.") % error) from error
    with acting_for([tenant.pk], [tenant.pk]), files.kept_only_on_success():
        name_of_file = f"{slugify(name)[:80] or 'plan'}.gml"
        kept = files.store([document], tenant=tenant, name=name_of_file, content_type=CONTENT_TYPE, by=actor)
        params = {
            "file": kept.pk,
            "documents": [],
            "decision": NEW,
            "plan": None,
            "origin": Origin.FOUNDED.value,
        }
        job = jobs.start(tasks.import_upload.name, tenant=tenant, actor=actor, title=name, params=params)
        events.audit(
            "found_plan",
            tenant_id=tenant.pk,
            thing=job,
            actor=actor,
            after={"name": name, "number": plan.number},
        )
        return job


def _document(draft: EditDraft) -> Any:
    edited = drafting.overlay(draft)
    delivered = set(
        draft.base.plan_objects.filter(position__in=list(edited)).values_list("position", flat=True)
    )
    added = [row.raw.encode() for place, row in sorted(edited.items()) if place not in delivered and row.raw]
    changed = {place: row.raw.encode() for place, row in edited.items() if place in delivered}
    return exporting.gml(draft.base, edited=changed, added=added)
