"""Between the platform's rows and the check: what is needed beforehand, what is read and measured."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import rasterio
import shapely
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from planning import queries
from planning.models import Plan, PlanObject, PlanVersion
from planning.models.plans import FRAME
from planning.xplanung import baunvo
from planning.xplanung.naming import group_label, object_label
from planning.xplanung.plans import day_of, text_of
from tenants import files
from twin.analysis import handing, inputs
from twin.analysis.errors import RunRefused
from twin.analysis.forms import PLAN, Question
from twin.analysis.inputs import Offer
from twin.analysis.models import Run
from twin.analysis.usecase import Estimate
from twin.catalogue.models import DatasetVersion
from twin.usecases.plan_check import measuring
from twin.usecases.plan_check.balance import Assumptions
from twin.usecases.plan_check.case import Beside, Checked, Depth, Inputs, Overlap, Site, Source
from twin.usecases.plan_check.depths import depths
from twin.usecases.plan_check.forms import AREAS, DEPTHS, NEIGHBOURS
from twin.usecases.plan_check.uses import Use, is_place, use_of

OUTPUT = "depth"  # of a heavy rain run
SECONDS = 0.1  # of a plan
_COLUMNS = ("pk", "version_id", "gml_id", "feature_type", "properties", "flaechenschluss", "ebene")


def at_import(offer: Offer, plan: Plan) -> Mapping[str, Any] | None:
    """A plan is checked at once where there is something to check it against."""
    return {PLAN: str(plan.public_id)} if offer.datasets.of_areas().exists() else None


def expect(question: Question) -> Estimate:
    """Raises RunRefused."""
    plans = question.data.get(PLAN, ())
    if not plans:
        raise RunRefused(_("There is no plan to check. Import one first."))
    run = question.values.get(DEPTHS)
    if run is not None and all(each["name"] != OUTPUT for each in run.outputs):
        raise RunRefused(_("The analysis “%s” has no depths of water.") % run.title)
    notes = () if AREAS in question.data else (_("No dataset is at hand whose areas mean something in law: flood areas and protected areas are not checked."),)  # fmt: skip
    return Estimate(len(plans), 0, SECONDS * len(plans), notes)


def load(run: Run) -> Inputs:
    """Raises InputGone, RunRefused."""
    with inputs.reading(run):
        versions = inputs.plans_of(run, PLAN)
        datasets = inputs.datasets_of(run, AREAS)
        others = inputs.plans_of(run, NEIGHBOURS)
        objects = _objects(versions)
        with measuring.laid_out(measuring.Sites([each.pk for each in versions], [each["pk"] for each in objects])):  # fmt: skip
            plans, sites = _plans(versions), _sites(versions, objects)
            return Inputs(
                plans=plans,
                sites=sites,
                sources=_sources(run, datasets),
                overlaps=_overlaps(datasets, sites),
                besides=_besides(versions, others, near=run.parameters["near"]),
                depths=_depths(run, sites),
                assumed=Assumptions(
                    *(
                        float(run.parameters.get(name, 0))
                        for name in ("rain", "before", "sealed", "unsealed", "floor")
                    )
                ),  # fmt: skip
                on=localtime(run.created_at).date(),
            )


def _objects(versions: Iterable[PlanVersion]) -> list[dict[str, Any]]:
    """What the versions state of places: areas, lines and points."""
    rows = PlanObject.objects.filter(version__in=[each.pk for each in versions]).exclude(FRAME)
    found = queries.without_signs(rows).filter(geometry__isnull=False).order_by("version", "position")
    return [row for row in found.values(*_COLUMNS) if is_place(row["feature_type"])]


def _plans(versions: list[PlanVersion]) -> tuple[Checked, ...]:
    shapes = measuring.outlines()
    frames: dict[int, list[Mapping[str, Any]]] = {each.pk: [] for each in versions}
    rows = PlanObject.objects.filter(FRAME, version__in=frames).exclude(feature_type__endswith="_TextAbschnitt")  # fmt: skip
    for version, properties in rows.order_by("version", "position").values_list("version_id", "properties"):
        frames[version].append(properties)
    return tuple(
        Checked(
            number=each.number,
            title=str(each.plan),
            address=each.plan.get_absolute_url(),
            year=_year(each, frames[each.pk]),
            shape=shapes.get(each.pk, ""),
        )
        for each in versions
    )


def _year(version: PlanVersion, frames: Iterable[Mapping[str, Any]]) -> int | None:
    """Of the version of the BauNVO: as the plan states it, else by its dates."""
    stated = next(filter(None, map(baunvo.stated, frames)), None)
    header = version.header
    dates = header.get("dates") or {}
    found = stated or baunvo.by_dates(
        display=_day(dates.get("auslegungsStartDatum")),
        adopted=_day(dates.get("satzungsbeschlussDatum")),
        in_force=_day(header.get("valid_from")),
    )
    return found.year if found else None


def _day(value: Any) -> date | None:
    return day_of(text_of(value))


def _sites(versions: list[PlanVersion], objects: list[dict[str, Any]]) -> dict[int, Site]:
    """What plans state, by key: their objects, and each as a whole. Raises RunRefused where there is nothing."""
    order = {each.pk: number for number, each in enumerate(versions)}
    measured = measuring.sites()
    if not measured:
        raise RunRefused(_("The plan holds no area that could be checked."))
    found = {}
    for row in objects:
        if row["pk"] in measured:
            number = order[row["version_id"]]
            found[row["pk"]] = _site(row, number, versions[number].xplan_version, measured[row["pk"]])
    drawn = {site.plan for site in found.values() if site.dimension == measuring.AREA}
    for version in versions:
        if -version.pk in measured:
            number = order[version.pk]
            whole = measured[-version.pk]
            use = Use.PLAN if number in drawn else Use.OUTLINE
            gml_id = str(version.header.get("gml_id", ""))
            found[-version.pk] = Site(-version.pk, number, gml_id, "Geltungsbereich", use, whole.size, whole.valid)  # fmt: skip
    return found


def _site(row: Mapping[str, Any], plan: int, version: str, measured: measuring.Measured) -> Site:
    kind, properties = row["feature_type"], row["properties"]
    return Site(
        key=row["pk"],
        plan=plan,
        gml_id=row["gml_id"],
        title=object_label(version, kind, properties),
        use=use_of(kind, properties),
        size=measured.size,
        valid=measured.valid,
        flush=measured.dimension == measuring.AREA and bool(row["flaechenschluss"]) and not row["ebene"],
        words=group_label(version, kind, properties),
        dimension=measured.dimension,
        properties=properties,
    )


def _sources(run: Run, datasets: Iterable[DatasetVersion]) -> tuple[Source, ...]:
    """With the meaning that their areas had when it was asked."""
    roles = {each["dataset"]: each["role"] for each in run.inputs if each["name"] == AREAS}
    return tuple(
        Source(
            each.dataset.title,
            each.dataset.tenant.name,
            roles[str(each.dataset.public_id)],
            localtime(each.created_at).date(),
        )
        for each in datasets
    )


def _overlaps(datasets: list[DatasetVersion], sites: Mapping[int, Site]) -> tuple[Overlap, ...]:
    order = {each.dataset_id: number for number, each in enumerate(datasets)}
    found = measuring.overlaps([(each.dataset_id, each.number) for each in datasets])
    return tuple(Overlap(key, order[dataset], size, shape) for key, dataset, size, shape in found if key in sites)  # fmt: skip


def _besides(versions: list[PlanVersion], others: list[PlanVersion], *, near: float) -> tuple[Beside, ...]:
    order = {each.pk: number for number, each in enumerate(versions)}
    known = {each.pk: each for each in others}
    return tuple(
        Beside(
            plan=order[version],
            title=str(known[other].plan),
            owner=known[other].plan.tenant.name,
            of=localtime(known[other].created_at).date(),
            area=area,
            distance=distance,
        )
        for version, other, area, distance in measuring.besides(list(known), near=near)
    )


def _depths(run: Run, sites: Mapping[int, Site]) -> dict[int, Depth]:
    earlier = next(iter(inputs.runs_of(run, DEPTHS)), None)
    if earlier is None:
        return {}
    found = handing.output_of(earlier, OUTPUT)
    if found is None:
        raise RunRefused(_("The analysis “%s” has no depths of water.") % earlier.title)
    path = files.path_of(found[1])
    with rasterio.open(path, driver="GTiff") as raster:
        box = tuple(raster.bounds)
    wanted = ((key, shapely.from_wkb(shape)) for key, shape in measuring.shapes(box) if key in sites)
    return dict(depths(path, wanted))
