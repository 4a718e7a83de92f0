"""What may be asked about, and what a run is computed from: read with the rights of who asked, at the version that was asked about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from planning.models import Plan, PlanVersion
from planning.models.plans import PlanQuerySet
from tenants.models import AuditEvent, Tenant
from tenants.permissions import Person, reach, reach_of, scope_of
from tenants.scope import Scope, within
from twin.analysis.errors import InputGone
from twin.analysis.models import Run, RunQuerySet
from twin.catalogue.models import Dataset, DatasetQuerySet, DatasetVersion


@dataclass(frozen=True)
class Offer:
    """What a tenant may ask about. plans: its own and those shared with it, no others; neighbours: plans of others, public or shared;
    datasets, runs: all that can be read."""

    tenant: Tenant
    plans: PlanQuerySet
    neighbours: PlanQuerySet
    datasets: DatasetQuerySet
    runs: RunQuerySet


def offered_to(person: Person, tenant: Tenant) -> Offer:
    return _offer(tenant, reach_of(person).scope)


@contextmanager
def asking_by_itself(tenant: Tenant) -> Iterator[Offer]:
    """A transaction in which the tenant asks, without a person."""
    scope = scope_of(tenant)
    with within(replace(scope, write=(tenant.pk,))):
        yield _offer(tenant, scope)


def _offer(tenant: Tenant, scope: Scope) -> Offer:
    plans = Plan.objects.visible_in(scope)
    return Offer(
        tenant,
        plans.filter(Q(tenant__in=scope.read) | Q(pk__in=scope.plans)),
        plans.exclude(tenant__in=scope.read),
        Dataset.objects.visible_in(scope),
        Run.objects.visible_in(scope),
    )


@contextmanager
def reading(run: Run) -> Iterator[None]:
    """A transaction that sees what who asked may see; where nobody did, what the tenant may."""
    person = run.created_by
    with within(reach(person, active_id=run.tenant_id).scope if person else scope_of(run.tenant)):
        yield


def version_of(run: Run, name: str) -> DatasetVersion | None:
    """The version of the dataset that the parameter `name` means; None where it means none. Needs `reading`. Raises InputGone."""
    return next(iter(datasets_of(run, name)), None)


def datasets_of(run: Run, name: str) -> list[DatasetVersion]:
    """The versions of the datasets that the parameter `name` means, as the run lists them. Needs `reading`. Raises InputGone."""
    wanted = _wanted(run, name, "dataset")
    rows = DatasetVersion.objects.select_related("dataset", "dataset__tenant")
    found = rows.filter(dataset__public_id__in=[each["dataset"] for each in wanted])
    return _found(
        wanted,
        "dataset",
        {(str(each.dataset.public_id), each.number): each for each in found.defer("report")},
    )


def plans_of(run: Run, name: str) -> list[PlanVersion]:
    """The versions of plans that the parameter `name` means. Needs `reading`. Raises InputGone."""
    wanted = _wanted(run, name, "plan")
    rows = PlanVersion.objects.select_related("plan", "plan__tenant").defer("plan__area", "plan__tenant__boundary", "area", "frame")  # fmt: skip
    found = rows.filter(plan__public_id__in=[each["plan"] for each in wanted])
    return _found(wanted, "plan", {(str(each.plan.public_id), each.number): each for each in found})


def runs_of(run: Run, name: str) -> list[Run]:
    """The earlier runs that the parameter `name` means. Needs `reading`. Raises InputGone."""
    wanted = _wanted(run, name, "run")
    found = Run.objects.select_related("tenant").filter(public_id__in=[each["run"] for each in wanted])
    return _found(wanted, "run", {(str(each.public_id), each.use_case_version): each for each in found})


def _wanted(run: Run, name: str, kind: str) -> list[dict[str, Any]]:
    return [each for each in run.inputs if each["name"] == name and kind in each]


def _found(wanted: Iterable[dict[str, Any]], kind: str, rows: dict[tuple[str, Any], Any]) -> list[Any]:
    for each in wanted:
        if (each[kind], each["version"]) not in rows:
            raise InputGone(_GONE[kind]() % {"number": each["version"], "title": each["title"]})
    return [rows[each[kind], each["version"]] for each in wanted]


MODELS: Mapping[str, Any] = {"dataset": Dataset, "plan": Plan, "run": Run}  # kinds of inputs
Lost = dict[int, list[dict[str, Any]]]


def gone(runs: Sequence[Run], *, tenant: Tenant) -> Lost:
    """Of what these runs of a tenant were computed from, by their keys: what everybody could read when it was asked about, or later, and can't
    any more, and what the tenant itself can't read any more; each as the run lists it."""
    with within(scope_of(tenant)):
        return _gone(runs)


def gone_of_public(runs: Sequence[Run]) -> Lost:
    """The same of public runs of any tenants at once; what other tenants own was public when these were published."""
    with within(Scope(read=tuple({run.tenant_id for run in runs}))):
        return _gone(runs)


@dataclass(frozen=True)
class _Standing:
    """How a thing that is still to be read stands. closed_at: when it was withdrawn for the last time, of the scope's own alone."""

    is_public: bool
    tenant_id: int
    closed_at: datetime | None = None


def _gone(runs: Sequence[Run]) -> Lost:
    wanted = {(kind, each[kind]) for run in runs for each in run.inputs for kind in MODELS if kind in each}
    found: dict[tuple[str, str], _Standing] = {}
    for kind, model in MODELS.items():
        if public_ids := [public_id for of, public_id in wanted if of == kind]:
            found |= _standing(kind, model.objects.filter(public_id__in=public_ids))
    return {run.pk: list(_lost(run, found)) for run in runs}


def _standing(kind: str, rows: Any) -> dict[tuple[str, str], _Standing]:
    told = list(rows.order_by().values_list("pk", "public_id", "is_public", "tenant_id"))
    closed = [str(pk) for pk, _public_id, is_public, _tenant_id in told if not is_public]
    acts = AuditEvent.objects.filter(action=f"withdraw_{kind}", object_id__in=closed).order_by()
    at = dict(acts.values_list("object_id").annotate(Max("at"))) if closed else {}
    return {(kind, str(public_id)): _Standing(is_public, tenant_id, at.get(str(pk))) for pk, public_id, is_public, tenant_id in told}  # fmt: skip


def _lost(run: Run, found: Mapping[tuple[str, str], _Standing]) -> Iterator[dict[str, Any]]:
    told = set()
    for each in run.inputs:
        of = next((kind, each[kind]) for kind in MODELS if kind in each)
        if of not in told and (of not in found or _is_closed(run, each, found[of])):
            told.add(of)
            yield each


def _is_closed(run: Run, each: Mapping[str, Any], now: _Standing) -> bool:
    if now.is_public:
        return False
    borrowed = run.is_public and now.tenant_id != run.tenant_id  # it was public when the run was published
    since = now.closed_at is not None and now.closed_at > run.created_at
    return bool(each.get("public") or borrowed or since)


_GONE = {
    "dataset": lambda: _(
        "Version %(number)s of the dataset “%(title)s” can no longer be read. Ask again with the current one."
    ),
    "plan": lambda: _(
        "Version %(number)s of the plan “%(title)s” can no longer be read. Ask again with the current one."
    ),
    "run": lambda: _("The analysis “%(title)s” can no longer be read. Ask again without it."),
}
