"""A plan being edited: steps, neighbours, two persons at once, the end as a new version; what was delivered stays exact."""

from pathlib import Path
from typing import Any

import pytest
import shapely
from django.db import IntegrityError, transaction
from django.utils import timezone

from planning import drafting, drawing_acts, editing, exporting, recording, services, tasks
from planning.editing import Reshape
from planning.errors import ChangedMeanwhile, EditRefused, IllegalStep
from planning.importing import Order, import_file
from planning.models import DraftState, EditDraft, EditedObject, EditKind, EditStep, Origin, Plan, PlanVersion
from planning.xplanung.palette import KINDS, Founding, kinds_of
from tenants.errors import Forbidden
from tenants.models import AuditEvent, Job, Tenant, User
from tenants.permissions import reach, share
from tenants.roles import Role, Share
from tenants.scope import acting_for, within
from tests.factories import xplanung as samples
from tests.factories.tenants import TenantFactory, UserFactory, member
from tests.planning.xplanung.leaves import Leaf, leaves
from tests.tenants.test_jobs import queue

__all__ = ["queue"]

pytestmark = pytest.mark.django_db


def with_worker(test: Any) -> Any:
    """For tests in which a job does its work: rows are committed, messages go into a queue of the test's own."""
    return pytest.mark.usefixtures("queue")(pytest.mark.django_db(transaction=True)(test))


WEST = "400000 5660000 400050 5660000 400050 5660100 400000 5660100 400000 5660000"
EAST = "400050 5660000 400100 5660000 400100 5660100 400050 5660100 400050 5660000"
BY_KEY = {kind.key: kind for kind in KINDS}


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen", ags="14627140")
    return found


@pytest.fixture
def planner(tenant: Tenant) -> User:
    return member(tenant, Role.PLANNER)


def two_areas(version: str = "6.0") -> bytes:
    """A plan whose area two Baugebiete cover, side by side."""
    west = samples.area(version, gml_id="W", geometry=samples.polygon(WEST, gml_id="W_P"))
    east = samples.area(version, gml_id="E", geometry=samples.polygon(EAST, gml_id="E_P"))
    return samples.document(version, samples.plan(version), samples.bereich(version), west, east)


def imported(data: bytes, *, tenant: Tenant, actor: User, folder: Path) -> Plan:
    path = folder / "plan.gml"
    path.write_bytes(data)
    with within(reach(actor).scope):
        (report,) = import_file(path, name="plan.gml", order=Order(tenant, actor))
    assert report.ok, report.findings
    return report.plans[0]


@pytest.fixture
def plan(tenant: Tenant, planner: User, tmp_path: Path) -> Plan:
    return imported(two_areas(), tenant=tenant, actor=planner, folder=tmp_path)


@pytest.fixture
def draft(plan: Plan, planner: User) -> EditDraft:
    with within(reach(planner).scope):
        return editing.begin(plan, actor=planner)


def shape_of(draft: EditDraft, key: str) -> Any:
    return item(draft, key).geometry


def item(draft: EditDraft, key: str) -> drafting.Item:
    draft.refresh_from_db()
    found = drafting.item_of(draft, key)
    assert found is not None
    return found


def change(draft: EditDraft, key: str, actor: User, **changes: Any) -> EditStep:
    return editing.change_attributes(draft, key, changes, actor=actor, mark=item(draft, key).mark)


def finished(draft: EditDraft, actor: User) -> PlanVersion:
    """Finish as the worker does, and give the new version."""
    with within(reach(actor).scope):
        draft.refresh_from_db()
        job = editing.finish(draft, actor=actor, revision=draft.revision)
    tasks.import_upload(tenant_id=draft.tenant_id, job_id=job.pk)
    with acting_for([draft.tenant_id]):
        assert Job.objects.get(pk=job.pk).state == "done"
        draft.refresh_from_db()
        assert draft.state == DraftState.FINISHED
        assert draft.result is not None
        return draft.result


def text_of(version: PlanVersion) -> bytes:
    return b"".join(exporting.gml(PlanVersion.objects.get(pk=version.pk)))


def without(found: list[Leaf], word: str) -> list[Leaf]:
    return [leaf for leaf in found if word not in leaf[0]]


@with_worker
@pytest.mark.parametrize("version", samples.VERSIONS)
def test_one_attribute_changes_one_element_in_schema_order(
    version: str, tenant: Tenant, planner: User, tmp_path: Path
) -> None:
    data = samples.simple_plan(version)
    plan = imported(data, tenant=tenant, actor=planner, folder=tmp_path)
    before = plan.current_version
    assert before is not None
    with within(reach(planner).scope):
        draft = editing.begin(plan, actor=planner)
        change(draft, "BT_1", planner, GRZ="0.4")
    new = finished(draft, planner)
    with acting_for([tenant.pk]):
        assert (new.number, new.origin) == (2, Origin.EDITED)
        assert leaves(text_of(before)) == leaves(data)  # the delivered version stays exact
        now = leaves(text_of(new))
        assert without(now, "}GRZ") == leaves(data)
        (leaf,) = [leaf for leaf in now if leaf[0].endswith("}GRZ")]
        assert (leaf[1], "BP_BaugebietsTeilFlaeche" in leaf[0]) == ("0.4", True)
        faults = set(new.validation_runs.get().findings.values_list("rule", flat=True))
        assert not any(rule.startswith("structure.") for rule in faults)
        untouched = dict(before.plan_objects.exclude(gml_id="BT_1").values_list("gml_id", "raw"))
        assert dict(new.plan_objects.exclude(gml_id="BT_1").values_list("gml_id", "raw")) == untouched
        plan.refresh_from_db()
        assert plan.current_version_id == new.pk
        assert AuditEvent.objects.filter(action="finish_edit").count() == 1


def test_undo_and_redo_survive_and_a_new_step_ends_what_was_undone(draft: EditDraft, planner: User) -> None:
    with within(reach(planner).scope):
        for value in ("0.3", "0.4", "0.5"):
            change(draft, "W", planner, GRZ=value)
        for expected in ("0.4", "0.3", None):
            editing.undo(draft, actor=planner, revision=refreshed(draft).revision)
            assert item(draft, "W").properties.get("GRZ") == expected
        assert item(draft, "W").mark == 0
        with pytest.raises(IllegalStep):
            editing.undo(draft, actor=planner, revision=refreshed(draft).revision)
        editing.redo(draft, actor=planner, revision=refreshed(draft).revision)
        assert item(draft, "W").properties["GRZ"] == "0.3"
        change(draft, "W", planner, GRZ="0.8")
        with pytest.raises(IllegalStep):
            editing.redo(draft, actor=planner, revision=refreshed(draft).revision)
        assert [step.number for step in drafting.history(refreshed(draft))] == [4, 1]


def refreshed(draft: EditDraft) -> EditDraft:
    draft.refresh_from_db()
    return draft


def test_two_persons_change_the_same_object_and_the_second_is_told(
    draft: EditDraft, tenant: Tenant, planner: User
) -> None:
    other = member(tenant, Role.PLANNER)
    with within(reach(planner).scope):
        seen = item(draft, "W").mark
        change(draft, "W", planner, GRZ="0.3")
    with within(reach(other).scope):
        with pytest.raises(ChangedMeanwhile), transaction.atomic():
            editing.change_attributes(draft, "W", {"GRZ": "0.6"}, actor=other, mark=seen)
        change(draft, "E", other, GRZ="0.6")  # another object: no conflict
        with pytest.raises(ChangedMeanwhile), transaction.atomic():
            editing.undo(draft, actor=other, revision=1)
        assert [item(draft, key).properties["GRZ"] for key in ("W", "E")] == ["0.3", "0.6"]


def test_a_shared_corner_takes_all_neighbours_along_and_the_cover_stays(
    draft: EditDraft, planner: User
) -> None:
    with within(reach(planner).scope):
        west = shape_of(draft, "W")
        new = shapely.Polygon([(400000, 5660000), (400055.5, 5660003), (400050, 5660100), (400000, 5660100)])
        ring = shapely.get_coordinates(west)
        moved = shapely.set_coordinates(
            shapely.from_wkb(shapely.to_wkb(west)),
            [(400055.5, 5660003) if tuple(corner) == (400050, 5660000) else corner for corner in ring],
        )
        outcome = editing.reshape(draft, [Reshape("W", 0, moved)], actor=planner)
        assert outcome.neighbours == 1
        areas = [shape_of(draft, key) for key in ("W", "E")]
    assert areas[0].equals(new)
    whole = shapely.box(400000, 5660000, 400100, 5660100)
    assert shapely.union_all(areas).symmetric_difference(whole).area == pytest.approx(
        shapely.Polygon([(400000, 5660000), (400055.5, 5660003), (400100, 5660000)]).area
    )  # the corner left the outer edge, which nobody shares there
    assert areas[0].intersection(areas[1]).area == 0


def test_a_corner_set_on_a_shared_edge_is_set_in_the_neighbour(draft: EditDraft, planner: User) -> None:
    wanted = shapely.Polygon(
        [(400000, 5660000), (400050, 5660000), (400050, 5660040), (400050, 5660100), (400000, 5660100)]
    )
    with within(reach(planner).scope):
        editing.reshape(draft, [Reshape("W", 0, wanted)], actor=planner)
        assert (400050.0, 5660040.0) in set(map(tuple, shapely.get_coordinates(shape_of(draft, "E"))))


@with_worker
def test_cut_and_fill_keep_the_flaechenschluss(draft: EditDraft, planner: User) -> None:
    with within(reach(planner).scope):
        line = shapely.LineString([(399990, 5660033), (400060, 5660047)])
        outcome = editing.cut(draft, "W", line, actor=planner, mark=0)
        assert outcome.neighbours >= 1
        areas = closing(draft)
        assert len(areas) == 3
        assert flush(areas)
        kept = item(draft, "W")
        copy = next(
            one
            for one in drafting.items(draft)
            if one.gml_id not in ("W", "E") and one.feature_type == kept.feature_type
        )
        assert {name: value for name, value in copy.properties.items() if name != "position"} == {
            name: value for name, value in kept.properties.items() if name != "position"
        }
        editing.remove(draft, copy.gml_id, actor=planner, mark=copy.mark)
        assert not flush(closing(draft))
        editing.fill(draft, BY_KEY["green"], (400010, 5660010), actor=planner)
        assert flush(closing(draft))
        with pytest.raises(EditRefused):
            editing.fill(draft, BY_KEY["green"], (400010, 5660010), actor=planner)
    new = finished(draft, planner)
    with acting_for([draft.tenant_id]):
        assert new.feature_count == 5


def closing(draft: EditDraft) -> list[Any]:
    rows = drafting.items(refreshed(draft))
    return [one.geometry for one in rows if one.properties.get("flaechenschluss") == "true"]


def flush(areas: list[Any]) -> bool:
    """Together they are the plan, and no two overlap."""
    whole = shapely.box(400000, 5660000, 400100, 5660100)
    return shapely.union_all(areas).symmetric_difference(whole).area < 0.01 and sum(
        a.area for a in areas
    ) == pytest.approx(whole.area, abs=0.01)


def test_new_object_snaps_and_leaves_again_with_every_reference(draft: EditDraft, planner: User) -> None:
    with within(reach(planner).scope):
        shape = shapely.box(400010.1, 5660000.2, 400030, 5660020)
        outcome = drawing_acts.add(draft, BY_KEY["building"], shape, actor=planner, snap=True)
        (row,) = EditedObject.objects.filter(
            step=outcome.step, feature_type="BP_UeberbaubareGrundstuecksFlaeche"
        )
        assert row.geometry.extent[1] == 5660000.0
        text = editing.add(
            draft, BY_KEY["text"], None, actor=planner, values={"text": "Eins", "schluessel": "1"}
        )
        (written,) = EditedObject.objects.filter(step=text.step, feature_type="XP_TextAbschnitt")
        assert item(draft, "PLAN_1").properties["texte"] == [{"@href": f"#{written.gml_id}"}]
        change(draft, "W", planner, refTextInhalt=[{"@href": f"#{written.gml_id}"}])
        editing.remove(draft, written.gml_id, actor=planner, mark=written.number)
        assert "texte" not in item(draft, "PLAN_1").properties
        assert "refTextInhalt" not in item(draft, "W").properties
        for key in ("PLAN_1", "PLAN_1_B"):
            with pytest.raises(EditRefused), transaction.atomic():
                editing.remove(draft, key, actor=planner, mark=item(draft, key).mark)


@with_worker
@pytest.mark.parametrize("gone", ["W", "E", "WE"])
def test_removed_objects_leave_a_document_that_is_well_formed(
    draft: EditDraft, planner: User, gone: str
) -> None:
    with within(reach(planner).scope):
        for key in gone:
            editing.remove(draft, key, actor=planner, mark=item(draft, key).mark)
    new = finished(draft, planner)
    with acting_for([draft.tenant_id]):
        expected = [leaf for leaf in leaves(two_areas()) if "BP_BaugebietsTeilFlaeche" not in leaf[0]]
        now = [leaf for leaf in leaves(text_of(new)) if "BP_BaugebietsTeilFlaeche" not in leaf[0]]
        assert len(now) == len(expected) - len(gone)  # their members went with them
        assert new.feature_count == 4 - len(gone)


@pytest.mark.parametrize(
    "changes",
    [{"GRZ": "viel"}, {"rechtscharakter": None}, {"unheard": "1"}, {"besondereArtDerBaulNutzung": "4711"}, {"text": "\x01"}, {"Z": ["1", "2"]}],
)  # fmt: skip
def test_what_would_break_the_structure_is_refused(
    draft: EditDraft, planner: User, changes: dict[str, Any]
) -> None:
    with within(reach(planner).scope):
        with pytest.raises(EditRefused), transaction.atomic():
            change(draft, "W", planner, **changes)
        assert item(draft, "W").mark == 0


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Polygon([(400000, 5660000), (400050, 5660100), (400050, 5660000), (400000, 5660100)]),
        shapely.Point(400000, 5660000),
        shapely.Polygon(),
    ],
)
def test_what_is_no_area_is_refused(draft: EditDraft, planner: User, shape: Any) -> None:
    with within(reach(planner).scope), pytest.raises(EditRefused), transaction.atomic():
        editing.reshape(draft, [Reshape("W", 0, shape)], actor=planner)


def test_an_old_fault_of_an_object_does_not_stop_another_change(
    tenant: Tenant, planner: User, tmp_path: Path
) -> None:
    data = two_areas().replace(b"<xplan:flaechenschluss>true", b"<xplan:flaechenschluss>vielleicht")
    plan = imported(data, tenant=tenant, actor=planner, folder=tmp_path)
    with within(reach(planner).scope):
        draft = editing.begin(plan, actor=planner)
        change(draft, "W", planner, GRZ="0.4")
        assert item(draft, "W").properties["GRZ"] == "0.4"


@with_worker
def test_a_frozen_fassung_stays_and_what_everybody_sees_stays(plan: Plan, planner: User) -> None:
    today = timezone.localdate()
    with within(reach(planner).scope):
        version = plan.current_version
        assert version is not None
        fassung = recording.name_fassung(version, actor=planner, kind="draft", dated_on=today)
        recording.freeze_fassung(fassung, actor=planner)
        services.publish_plan(plan, actor=planner, on=today)
        before = text_of(version)
        draft = editing.begin(plan, actor=planner)
        change(draft, "W", planner, GRZ="0.4")
    new = finished(draft, planner)
    with within(reach(planner).scope):
        plan = Plan.objects.get(pk=plan.pk)
        fassung.refresh_from_db()
        assert (fassung.version_id, plan.published_version_id, plan.current_version_id) == (
            version.pk,
            version.pk,
            new.pk,
        )
        assert text_of(version) == before
        assert not new.is_public
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            type(fassung).objects.filter(pk=fassung.pk).update(version=new)


@with_worker
def test_a_newer_version_is_not_overrun_and_the_changes_come_along(
    draft: EditDraft, plan: Plan, tenant: Tenant, planner: User, tmp_path: Path
) -> None:
    with within(reach(planner).scope):
        change(draft, "W", planner, GRZ="0.4")
        change(draft, "E", planner, GRZ="0.8")
        outcome = editing.add(draft, BY_KEY["tree"], shapely.Point(400010, 5660010), actor=planner)
    newer = two_areas().replace(b'gml:id="E">', b'gml:id="E"><!-- new -->', 1)
    imported(newer, tenant=tenant, actor=planner, folder=tmp_path)
    with within(reach(planner).scope):
        with pytest.raises(EditRefused), transaction.atomic():
            editing.finish(draft, actor=planner, revision=refreshed(draft).revision)
        new, left = editing.carry(draft, actor=planner, revision=refreshed(draft).revision)
        assert len(left) == 1
        assert item(new, "W").properties["GRZ"] == "0.4"
        assert "GRZ" not in item(new, "E").properties
        assert refreshed(draft).state == DraftState.DISCARDED
        tree = EditedObject.objects.get(step=outcome.step)
        assert item(new, tree.gml_id).raw == tree.raw
    assert finished(new, planner).number == 3


@with_worker
def test_a_version_that_comes_in_before_the_jobs_turn_leaves_the_draft_open(
    draft: EditDraft, plan: Plan, tenant: Tenant, planner: User, tmp_path: Path
) -> None:
    with within(reach(planner).scope):
        change(draft, "W", planner, GRZ="0.4")
        job = editing.finish(draft, actor=planner, revision=refreshed(draft).revision)
    newer = two_areas().replace(b'gml:id="E">', b'gml:id="E"><!-- new -->', 1)
    imported(newer, tenant=tenant, actor=planner, folder=tmp_path)
    tasks.import_upload(tenant_id=tenant.pk, job_id=job.pk)
    with acting_for([tenant.pk]):
        assert Job.objects.get(pk=job.pk).state == "failed"
        assert refreshed(draft).state == DraftState.OPEN
        assert Plan.objects.get().current_version != draft.base
        assert PlanVersion.objects.count() == 2


@with_worker
def test_who_may_edit(plan: Plan, tenant: Tenant, planner: User) -> None:
    neighbour = member(TenantFactory.create(name="Riesa"), Role.PLANNER)
    bureau = UserFactory.create()
    for person in (neighbour, bureau, member(tenant, Role.EDITOR)):
        with within(reach(person).scope), pytest.raises(Forbidden):
            editing.begin(plan, actor=person)
    share(plan, holder=bureau, as_=Share.EXTERNAL_PLANNER)
    bureau = User.objects.get(pk=bureau.pk)
    with within(reach(bureau).scope):
        draft = editing.begin(plan, actor=bureau)
        change(draft, "W", bureau, GRZ="0.4")
    assert finished(draft, bureau).created_by == bureau


def test_nothing_changed_is_nothing_to_finish_and_a_discarded_draft_is_over(
    draft: EditDraft, plan: Plan, planner: User
) -> None:
    with within(reach(planner).scope):
        with pytest.raises(IllegalStep), transaction.atomic():
            editing.finish(draft, actor=planner, revision=0)
        change(draft, "W", planner, GRZ="0.4")
        editing.discard(draft, actor=planner, revision=refreshed(draft).revision)
        with pytest.raises(IllegalStep), transaction.atomic():
            change(draft, "W", planner, GRZ="0.5")
        again = editing.begin(plan, actor=planner)
        assert (again.pk != draft.pk, again.head) == (True, 0)
        assert editing.begin(plan, actor=planner).pk == again.pk


def test_a_plan_goes_with_its_drafts(draft: EditDraft, plan: Plan, planner: User) -> None:
    with within(reach(planner).scope):
        change(draft, "W", planner, GRZ="0.4")
        services.delete_plan(plan, actor=planner)
        assert EditDraft.objects.count() == EditStep.objects.count() == EditedObject.objects.count() == 0


@with_worker
def test_a_plan_of_thirty_objects_is_made_from_nothing_and_is_valid(tenant: Tenant, planner: User) -> None:
    outline = shapely.box(400000, 5660000, 400300, 5660200)
    with within(reach(planner).scope):
        founding = Founding("Neue Siedlung", "31", (("14627140", "Meißen"),), outline, 25833)
        job = editing.found(tenant, founding, actor=planner)
    tasks.import_upload(tenant_id=tenant.pk, job_id=job.pk)
    with acting_for([tenant.pk]):
        plan = Plan.objects.get()
        first = plan.current_version
        assert first is not None
        assert first.origin == Origin.FOUNDED
    with within(reach(planner).scope):
        draft = editing.begin(plan, actor=planner)
        street = drawing_acts.add(
            draft, BY_KEY["street"], shapely.box(400000, 5660095, 400300, 5660105), actor=planner, snap=True
        )
        assert street.step.kind == EditKind.ADDED
        for north in (50, 150):
            editing.fill(draft, BY_KEY["wa"], (400010, 5660000 + north), actor=planner)
        _divide(draft, planner)
        for number in range(17):
            _furnish(draft, planner, number)
    new = finished(draft, planner)
    check(new)
    with acting_for([tenant.pk]):
        run = new.validation_runs.first()
        assert run is not None
        found = list(
            run.findings.filter(severity__in=("error", "fatal")).values_list("rule", "condition", "params")
        )
        assert found == []
        assert run.structure_valid
        assert new.feature_count >= 30


@with_worker
def test_a_flaechennutzungsplan_is_made_from_nothing_and_is_valid(tenant: Tenant, planner: User) -> None:
    """Every kind of area side by side in strips of the town, and what lies over them."""
    kinds = [kind for kind in kinds_of("6.0", "FP") if kind.shape == "area"]
    closing = [kind for kind in kinds if kind.closes]
    outline = shapely.box(400000, 5660000, 400000 + 100 * len(closing), 5661000)
    with within(reach(planner).scope):
        founding = Founding("Flächennutzungsplan", "", (("14627140", "Meißen"),), outline, 25833, "FP")
        job = editing.found(tenant, founding, actor=planner)
    tasks.import_upload(tenant_id=tenant.pk, job_id=job.pk)
    with acting_for([tenant.pk]):
        plan = Plan.objects.get()
    assert plan.plan_type == "FP"
    with within(reach(planner).scope):
        draft = editing.begin(plan, actor=planner)
        for number, kind in enumerate(closing):
            strip = shapely.box(400000 + 100 * number, 5660000, 400100 + 100 * number, 5661000)
            drawing_acts.add(draft, kind, strip, actor=planner, snap=True)
        for kind in kinds:
            if kind not in closing:
                drawing_acts.add(
                    draft, kind, shapely.box(400010, 5660010, 400090, 5660090), actor=planner, snap=False
                )
    new = finished(draft, planner)
    check(new)
    with acting_for([tenant.pk]):
        run = new.validation_runs.first()
        assert run is not None
        assert list(run.findings.filter(severity__in=("error", "fatal")).values_list("rule", "condition", "params")) == []  # fmt: skip
        assert run.structure_valid
        assert new.feature_count == 2 + len(kinds)


def _divide(draft: EditDraft, actor: User) -> None:
    """Five plots on both sides of the street."""
    for east in range(60, 300, 60):
        line = shapely.LineString([(400000 + east, 5659990), (400000 + east, 5660210)])
        for one in drafting.items(refreshed(draft), types=["BP_BaugebietsTeilFlaeche"]):
            if one.geometry is not None and line.crosses(one.geometry):
                editing.cut(draft, one.key, line, actor=actor, mark=item(draft, one.key).mark)


def _furnish(draft: EditDraft, actor: User, number: int) -> None:
    """A building window in each plot, trees and hedges in some."""
    east, north = 400005 + 60 * (number % 5), 5660005 + 110 * (number // 5 % 2)
    shapes: dict[str, Any] = {
        "building": shapely.box(east, north, east + 20, north + 20),
        "tree": shapely.Point(east + 35, north + 60),
        "planting": shapely.box(east + 25, north + 65, east + 45, north + 75),
    }
    key = "building" if number < 10 else "tree" if number < 13 else "planting"
    drawing_acts.add(draft, BY_KEY[key], shapes[key], actor=actor, snap=False)


def check(version: PlanVersion) -> None:
    """The whole check, as the worker does it."""
    with acting_for([version.tenant_id]):
        job = Job.objects.filter(task="planning.tasks.check_version", params__version=version.pk).get()
    tasks.check_version(tenant_id=version.tenant_id, job_id=job.pk)
