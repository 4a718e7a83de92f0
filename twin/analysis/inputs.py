"""What may be asked about, and what a run is computed from: read with the rights of who asked, at the version that was asked about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from planning.models import Plan, PlanVersion
from planning.models.plans import PlanQuerySet
from tenants.models import Tenant
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


def gone(runs: Sequence[Run], *, tenant: Tenant) -> dict[int, list[dict[str, Any]]]:
    """Of what these runs of a tenant were computed from, by their keys: what everybody could read when it was asked about and can't any more,
    and what the tenant itself can't read any more; each as the run lists it."""
    listed = [each for run in runs for each in run.inputs]
    public: dict[tuple[str, str], bool] = {}  # of what is still to be read
    with within(scope_of(tenant)):
        for kind, model in MODELS.items():
            if wanted := {each[kind] for each in listed if kind in each}:
                rows = model.objects.filter(public_id__in=wanted).values_list("public_id", "is_public")
                public |= {(kind, str(public_id)): is_public for public_id, is_public in rows}
    return {run.pk: list(_lost(run.inputs, public)) for run in runs}


def _lost(listed: Iterable[dict[str, Any]], public: Mapping[tuple[str, str], bool]) -> Iterator[dict[str, Any]]:  # fmt: skip
    told = set()
    for each in listed:
        of = next((kind, each[kind]) for kind in MODELS if kind in each)
        if of not in told and (of not in public or (each.get("public") and not public[of])):
            told.add(of)
            yield each


_GONE = {
    "dataset": lambda: _(
        "Version %(number)s of the dataset “%(title)s” can no longer be read. Ask again with the current one."
    ),
    "plan": lambda: _(
        "Version %(number)s of the plan “%(title)s” can no longer be read. Ask again with the current one."
    ),
    "run": lambda: _("The analysis “%(title)s” can no longer be read. Ask again without it."),
}
