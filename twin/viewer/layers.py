"""What the map of a town, or of the county, can show: plans, datasets and harvested services, as a tree of layers.

Public rows, and to whom is signed in besides, whichever town's map it is, the internal datasets and services of their own town and
the datasets shared with them.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tenants.models import Tenant, TenantKind
from tenants.permissions import Person, reach_of
from twin.analysis.signs import Sign
from twin.catalogue.models import Dataset, DatasetKind, Record
from twin.ogc import collections, tiling
from twin.viewer import features, gauges, passing, results

TILES, RASTER, PICTURE, MOSAIC, FEATURES = "tiles", "raster", "picture", "mosaic", "features"
CLASSES, STEPS, SIGNS = (
    "classes",
    "steps",
    "signs",
)  # of results: rasters, those with steps, features in their own colours
_KINDS = {"WMS": PICTURE, "WMTS": MOSAIC, "WFS": FEATURES, "OAF": FEATURES}
_VIEWS = {PICTURE: "viewer:picture", FEATURES: "viewer:features"}
MOST = 500  # layers; who has more finds the rest in the catalogue
_CODES = {"planart", "rechtsstand", "verfahrensstand"}  # of plans; their page says them in words
_COLOURS = 8  # of the map's palette (frontend/src/map/twin/palette.js)


@dataclass(frozen=True)
class Layer:
    """kind: vector tiles or a raster of our own; a file of a published analysis; or of harvested services, fetched by us, the pictures of a WMS, the tiles of a WMTS, or features.
    address: where they come from; items: of its features as GeoJSON; value: of what a raster holds at a place.

    legend: of the picture that says what its colours mean. page: where it is described. path: titles of the folders inside its
    owner's. colour: number in the palette, the same whatever else there is. extent: west, south, east, north in metres, or nothing.
    signs: what its colours mean, see twin.analysis.signs. steps: what the steps of a raster are called; grid says which is shown.
    fields: name of an attribute -> its words. time: name of the attribute that says since when. system: in which pictures come.
    grid: levels of tiles (twin.catalogue.capabilities.wmts), or that of a raster (DatasetVersion.grid). most: objects in a tile. trouble: why it cannot be shown now.
    """

    key: str
    title: str
    kind: str
    address: str
    page: str
    items: str = ""
    value: str = ""
    legend: str = ""
    signs: tuple[Sign, ...] = ()
    steps: tuple[str, ...] = ()
    owner: str = ""
    path: tuple[str, ...] = ()
    attribution: str = ""
    geometry: str = ""
    colour: int = 0
    extent: tuple[float, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    time: str = ""
    system: str = ""
    grid: dict[str, Any] = field(default_factory=dict)
    most: int = field(default_factory=lambda: tiling.MOST)
    trouble: str = ""
    shown: bool = False

    @property
    def as_json(self) -> str:
        """For the page's script."""
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass
class Folder:
    title: str
    layers: list[Layer] = field(default_factory=list)
    folders: list["Folder"] = field(default_factory=list)

    def add(self, layer: Layer, path: tuple[str, ...]) -> None:
        """Below these folders, which are made where they are missing."""
        if not path:
            self.layers.append(layer)
            return
        inner = next((folder for folder in self.folders if folder.title == path[0]), None)
        if inner is None:
            inner = Folder(path[0])
            self.folders.append(inner)
        inner.add(layer, path[1:])

    @property
    def is_empty(self) -> bool:
        return not self.layers and all(folder.is_empty for folder in self.folders)


def tree(tenant: Tenant, person: Person) -> list[Folder]:
    """Folders with layers; the county's have one for each town. A handful of queries, whatever there is."""
    plans = Folder(_("Plans"), [_plans()])
    everything = tenant.kind == TenantKind.COUNTY
    data = _filed(_("Data"), _datasets(_of(Dataset.objects, tenant)), by_owner=everything)
    internal = _internal(person)
    answers = _filed(_("Analyses"), _results(tenant), by_owner=everything)
    measured = Folder(_("Gauges"), list(_gauges(tenant)))
    services = _filed(_("Services"), _harvested(passing.public(_of(Record.objects, tenant))), by_owner=True)
    own = _filed(
        _("Internal services"), _harvested(passing.internal(Record.objects.all(), person)), by_owner=True
    )
    return [
        folder for folder in (plans, data, *internal, answers, measured, services, own) if not folder.is_empty
    ]


def count(folders: list[Folder]) -> int:
    return sum(len(folder.layers) + count(folder.folders) for folder in folders)


def _of(rows: Any, tenant: Tenant) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.filter(is_public=True, tenant__active=True)
    found = found.select_related("tenant").defer("tenant__boundary")
    return found if tenant.kind == TenantKind.COUNTY else found.filter(tenant=tenant)


def _internal(person: Person) -> list[Folder]:
    """Datasets that are not for everybody; their folders say whose they are."""
    scope = reach_of(person).scope
    if not (scope.read or scope.datasets):
        return []
    rows = Dataset.objects.visible_in(scope).filter(is_public=False, tenant__active=True)
    rows = rows.defer("tenant__boundary")
    own = _by_owner(_datasets(rows.filter(tenant__in=scope.read)))
    shared = _by_owner(_datasets(rows.exclude(tenant__in=scope.read)))
    for folders, words in ((own, _("Internal: %(owner)s")), (shared, _("Shared by %(owner)s"))):
        for folder in folders:
            folder.title = words % {"owner": folder.title}
    return [*own, *shared]


def _filed(title: str, layers: Iterator[Layer], *, by_owner: bool) -> Folder:
    if by_owner:
        return Folder(title, folders=_by_owner(layers))
    found = Folder(title)
    for layer in layers:
        found.add(layer, layer.path)
    return found


def _by_owner(layers: Iterator[Layer]) -> list[Folder]:
    owners: dict[str, Folder] = {}
    for layer in layers:
        owners.setdefault(layer.owner, Folder(layer.owner)).add(layer, layer.path)
    return [owners[name] for name in sorted(owners)]


def _plans() -> Layer:
    return Layer(
        key=collections.PLANS,
        title=_("Plans with their Geltungsbereich"),
        kind=TILES,
        address=_tiles(collections.PLANS),
        items=reverse("ogc:items", args=[collections.PLANS]),
        page=reverse("planning:plans"),
        geometry="area",
        fields={name: label for name, label, _kind in collections.PLAN_FIELDS if name not in _CODES},
        time="in_kraft_ab",
        shown=True,
    )


def _gauges(tenant: Tenant) -> Iterator[Layer]:
    address = reverse("viewer:gauges", args=[tenant.slug])
    if gauges.shown(tenant).exists():
        yield Layer(
            key="pegel",
            title=_("Gauges and sensors"),
            kind=FEATURES,
            address=address,
            items=address,
            page=reverse("sensors:stations"),
            geometry="point",
            system=gauges.SYSTEM,
        )


def _datasets(rows: QuerySet[Any]) -> Iterator[Layer]:
    pictures = Q(kind=DatasetKind.RASTER, current_version__raster__isnull=False)
    drawn = rows.filter(pictures | Q(kind=DatasetKind.VECTOR) & ~Q(current_version__geometry_type=""))
    drawn = drawn.select_related("tenant", "current_version").order_by("title", "pk")[:MOST]
    records = dict(Record.objects.filter(dataset__in=list(drawn)).values_list("dataset_id", "public_id"))
    for dataset in drawn:
        record, version = records.get(dataset.pk), dataset.current_version
        common = Layer(
            key=collections.id_of(dataset),
            title=dataset.title,
            kind=TILES,
            address="",
            page=reverse("catalogue:record", args=[record]) if record else dataset.get_absolute_url(),
            owner=dataset.tenant.name,
            attribution=dataset.tenant.name,
            extent=tuple(round(side, 1) for side in version.extent.extent) if version.extent else (),
        )
        is_raster = dataset.kind == DatasetKind.RASTER
        yield _raster(common, dataset) if is_raster else _vector(common, dataset)


def _raster(common: Layer, dataset: Dataset) -> Layer:
    version: Any = dataset.current_version
    place = {"public_id": dataset.public_id, "number": version.number, "tile": "__tile__"}
    return replace(
        common,
        kind=RASTER,
        address=reverse("catalogue:dataset_tile", kwargs=place),
        value=reverse("catalogue:dataset_value", args=[dataset.public_id]),
        grid=version.grid,
    )


def _vector(common: Layer, dataset: Dataset) -> Layer:
    version: Any = dataset.current_version
    return replace(
        common,
        address=_tiles(common.key),
        items=reverse("ogc:items", args=[common.key]),
        geometry=_shape(version.geometry_type),
        colour=_colour(dataset.public_id),
        fields={one["name"]: one.get("label") or one["name"] for one in version.fields},
        time=dataset.time_field,
    )


def _results(tenant: Tenant) -> Iterator[Layer]:
    """Of each published analysis what its own page shows on the map, in a folder of its own where that is more than one."""
    for run in results.shown(tenant):
        found = list(results.of(run))
        called = f"{run.title}, {date_format(localtime(run.finished_at), 'SHORT_DATETIME_FORMAT')}"
        for each in found:
            yield Layer(
                key=f"{run.public_id}-{each.name}",
                title=each.title if len(found) > 1 else called,
                kind=STEPS if each.steps else CLASSES if each.grid else SIGNS,
                address=each.address,
                value=each.value,
                page=run.get_absolute_url(),
                owner=run.tenant.name,
                path=(called,) if len(found) > 1 else (),
                attribution=run.tenant.name,
                extent=each.extent,
                signs=each.signs,
                steps=each.steps,
                grid=each.grid,
                fields={name: str(words) for name, words in results.FIELDS.items()},
            )


def _harvested(rows: QuerySet[Record]) -> Iterator[Layer]:
    found = passing.offered(rows, _KINDS).select_related("tenant", "source")
    for record in found.order_by("source__title", "source_id", "foreign__position", "pk")[:MOST]:
        kind = _KINDS[record.service["type"]]
        address = _mosaic(record) if kind == MOSAIC else reverse(_VIEWS[kind], args=[record.public_id])
        system = features.system_of(record) if kind == FEATURES else passing.system_of(record)
        yield Layer(
            key=str(record.public_id),
            title=_("All of “%(title)s”") % {"title": record.title}
            if _holds_others(record)
            else record.title,
            kind=kind,
            address=address,
            items=address if kind == FEATURES else "",
            legend=reverse("viewer:legend", args=[record.public_id])
            if kind == PICTURE or record.service.get("legend")
            else "",
            page=record.get_absolute_url(),
            owner=str(record.source),
            path=_path(record),
            attribution=record.attribution or record.publisher,
            geometry="area" if kind == FEATURES else "",
            colour=_colour(record.public_id),
            system=system,
            grid=record.service["grid"] if kind == MOSAIC and system else {},
            extent=tuple(round(side, 1) for side in record.extent.extent) if record.extent else (),
            trouble=_trouble(record, system),
        )


def _path(record: Record) -> tuple[str, ...]:
    """As the service files it. Its layers without a name of their own are folders alone; one with a name that holds others lies in
    the folder of its title, with them."""
    found = [*record.foreign.get("group", []), *([record.title] if _holds_others(record) else [])]
    return tuple(found[1:])  # the first is the service's own name


def _holds_others(record: Record) -> bool:
    return bool(record.service.get("group"))


def _colour(public_id: UUID) -> int:
    return 1 + public_id.int % (_COLOURS - 1)  # the first is that of plans


def _mosaic(record: Record) -> str:
    """With places for the numbers of a tile."""
    return reverse("viewer:tile", args=[record.public_id, 0, 0, 0]).replace(
        "/0/0/0/", "/{level}/{row}/{column}/"
    )


def _trouble(record: Record, system: str) -> str:
    if not system:
        return _("The service gives it out in no reference system of this map.")
    return _("The service did not answer when it was last watched.") if passing.is_silent(record) else ""


def _tiles(collection: str) -> str:
    address = reverse("ogc:tileset", args=[collection, tiling.ADV.id])
    return f"{address}/{{z}}/{{y}}/{{x}}"


def _shape(geometry_type: str) -> str:
    kind = geometry_type.casefold()
    return next((shape for word, shape in (("point", "point"), ("line", "line")) if word in kind), "area")
