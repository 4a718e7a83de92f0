"""What published analyses show on a map: their rasters in classes, and what they found, in its own colours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant, TenantKind
from twin.analysis import presenting, signs
from twin.analysis.models import Run

MOST = 100  # analyses; who has more finds the rest on the town's page
_MARKS = "question"
FIELDS = {
    "label": _("What")
}  # what is told of an object that was clicked at; the analysis's page tells the rest


@dataclass(frozen=True)
class Shown:
    """One map of an analysis. address: of its tiles, or of its features; value: of what a raster holds at a place. steps: what its steps are called.
    grid: as the map takes it (docs/frontend.md), empty for features; extent: west, south, east, north, or nothing where it is not known."""

    name: str
    title: str
    address: str
    signs: tuple[signs.Sign, ...]
    value: str = ""
    steps: tuple[str, ...] = ()
    grid: dict[str, Any] = field(default_factory=dict)
    extent: tuple[float, ...] = ()


def shown(tenant: Tenant) -> QuerySet[Run]:
    """Public ones of a town, or of all towns for the county, the newest first."""
    rows: QuerySet[Run] = Run.objects.filter(is_public=True, finished_at__isnull=False, tenant__active=True)
    if tenant.kind != TenantKind.COUNTY:
        rows = rows.filter(tenant=tenant)
    told = ("public_id", "use_case", "title", "parameters", "outputs", "finished_at", "tenant__name")
    return rows.select_related("tenant").only(*told).order_by("-finished_at", "-pk")[:MOST]


def of(run: Run) -> Iterator[Shown]:
    """In the order of its own page; what was drawn into its question is one, too."""
    outputs = {each["name"]: each for each in run.outputs}
    for each in presenting.maps(run):
        yield _raster(run, each, outputs[each["name"]])
    if marked := presenting.marked(run):
        yield Shown(_MARKS, " · ".join(words for _colour, words, _shapes in marked), reverse("analysis:area", args=[run.public_id]), tuple(marked))  # fmt: skip
    elif drawn := presenting.drawn(run):
        extent = tuple(outputs[drawn["name"]].get("extent", ()))
        yield Shown(drawn["name"], drawn["title"], reverse("analysis:area", args=[run.public_id]), tuple(drawn["legend"]), extent=extent)  # fmt: skip


def _raster(run: Run, told: Mapping[str, Any], output: Mapping[str, Any]) -> Shown:
    place = {"public_id": run.public_id, "output": told["name"]}
    step = presenting.step_of(output, {})
    grid = dict(output["grid"])
    if step:
        grid |= {"step": step, "frames": told["plays"], "colours": [row[1] for row in output["legend"]]}
    return Shown(
        told["name"],
        told["title"],
        reverse("analysis:numbers" if step else "analysis:tile", kwargs=place | {"tile": "__tile__"}),
        tuple(told["legend"]),
        value=reverse("analysis:value", kwargs=place),
        steps=tuple(each["title"] for each in told["steps"]),
        grid=grid,
        extent=_extent(output["grid"]),
    )


def _extent(grid: Mapping[str, Any]) -> tuple[float, ...]:
    (west, north), side = grid["origin"], grid["resolution"]
    sides = (west, north - grid["height"] * side, west + grid["width"] * side, north)
    return tuple(round(each, 1) for each in sides)
