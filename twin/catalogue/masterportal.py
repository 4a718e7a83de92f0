"""Configuration for Masterportal (2.x and 3.x): what is public of a town, or of all towns for the county, as layers and as a tree of topics."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from planning.models import Plan
from tenants.models import Tenant, TenantKind
from twin.catalogue.capabilities import addresses
from twin.catalogue.models import Dataset, DatasetKind, Record

SYSTEM = f"EPSG:{settings.TWIN_SRID}"
_URI = f"http://www.opengis.net/def/crs/EPSG/0/{settings.TWIN_SRID}"
_DRAWN_WHOLE = 5000  # features; more are shown as tiles
_MOST_PLANS = 500  # of a town, each as a layer of its own
_PLANS, _DRAWING = "plaene", "planzeichnung"  # collection of all plans, layer of their drawings
_IN_TILES = {"singleTile": False, "tilesize": 512, "gutter": 0, "featureCount": 5, "cache": False}
_ALWAYS = {
    "gfiTheme": "default",
    "gfiComplex": "false",
    "legendURL": "",
    "urlIsVisible": True,
    "visibility": False,
    "transparency": 0,
    "minScale": "0",
    "maxScale": "2500000",
}
Entry = dict[str, Any]


@dataclass
class Folder:
    """Of the tree of topics. layers: ids."""

    title: str
    layers: list[str] = field(default_factory=list)
    folders: "dict[str, Folder]" = field(default_factory=dict)

    def below(self, *path: str) -> "Folder":
        """The folder at this path, made where it is not there yet."""
        found = self
        for title in path:
            found = found.folders.setdefault(title, Folder(title))
        return found


@dataclass
class Portal:
    """services: all entries; base: ids of base maps; topics: the rest as a tree."""

    tenant: Tenant
    services: list[Entry] = field(default_factory=list)
    base: list[str] = field(default_factory=list)
    topics: Folder = field(default_factory=lambda: Folder(""))

    def add(self, entry: Entry | None, *path: str, shown: bool = True) -> None:
        if entry is None:
            return
        self.services.append(entry)
        if shown:
            self.topics.below(*path).layers.append(entry["id"])


def portal_of(tenant: Tenant) -> Portal:
    """What a portal of this tenant shows; the county's shows a folder for each town. A handful of queries, whatever there is."""
    portal = Portal(tenant)
    everything = tenant.kind == TenantKind.COUNTY
    _add_plans(portal, everything=everything)
    _add_datasets(portal, _of(Dataset.objects, tenant), everything=everything)
    _add_harvested(portal, _of(Record.objects, tenant), everything=everything)
    return portal


def _of(rows: Any, tenant: Tenant) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.filter(is_public=True, tenant__active=True)
    return found if tenant.kind == TenantKind.COUNTY else found.filter(tenant=tenant)


def _folder(row: Any, *path: str, everything: bool) -> tuple[str, ...]:
    return (row.tenant.name, *path) if everything else path


def _address(name: str, *arguments: str) -> str:
    """Of a package above, named by string; empty while it does not exist."""
    try:
        return settings.BASE_URL + reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


# --- plans


def _add_plans(portal: Portal, *, everything: bool) -> None:
    """All plans of the county as one layer, those of a town each by itself; from near by their drawing."""
    plans = _of(Plan.objects, portal.tenant)
    if plans.exists():
        portal.add(_drawing(), _("Plans"))
    if everything:
        portal.add(_features(_PLANS, _PLANS, _("Plans with their Geltungsbereich")), _("Plans"))
        return
    named = plans.only("public_id", "name", "number", "tenant").order_by("name", "pk")
    for plan in named[:_MOST_PLANS]:
        url = settings.BASE_URL + reverse("planning:geojson", args=[plan.public_id])
        page = settings.BASE_URL + reverse("planning:plan", args=[plan.public_id])
        entry = _entry(str(plan.public_id), str(plan), "GeoJSON", url=url)
        described = {"md_id": str(plan.public_id), "md_name": str(plan), "show_doc_url": page}
        portal.add({**entry, "version": "1.0", "gfiAttributes": "showAll", "styleId": "kz", "datasets": [described]}, _("Plans"))  # fmt: skip


def _drawing() -> Entry | None:
    """The picture with the Planzeichen, of whatever plans lie in the map."""
    if not (url := _address("ogc:wms")):
        return None
    legend = f"{url}?service=WMS&version=1.3.0&request=GetLegendGraphic&format=image/png&layer={_DRAWING}"
    entry = _entry(_DRAWING, _("Plans as drawn with the Planzeichen"), "WMS", url=url, layers=_DRAWING, **_IN_TILES)  # fmt: skip
    picture = {"version": "1.3.0", "format": "image/png", "transparent": True, "gfiAttributes": "ignore"}
    return {**entry, **picture, "maxScale": "15000", "legendURL": legend, "layerAttribution": "", "datasets": []}  # fmt: skip


# --- own data


def _add_datasets(portal: Portal, datasets: QuerySet[Any], *, everything: bool) -> None:
    drawn = datasets.filter(kind=DatasetKind.VECTOR).exclude(current_version__geometry_type="")
    drawn = drawn.select_related("tenant", "current_version").defer("tenant__boundary")
    rows = list(drawn.order_by("title", "pk"))
    records = {record.dataset_id: record for record in Record.objects.filter(dataset__in=rows)}
    for dataset in rows:
        record = records.get(dataset.pk)
        path = _folder(dataset, _("Data"), everything=everything)
        tiled = dataset.current_version.feature_count > _DRAWN_WHOLE
        collection = f"{dataset.tenant.slug}.{dataset.slug}"
        facts = {"gfiAttributes": {one["name"]: one["label"] for one in dataset.current_version.fields}} | _told(record)  # fmt: skip
        for entry, shown in (
            (_features(str(dataset.public_id), collection, dataset.title), not tiled),
            (_tiles(f"{dataset.public_id}-tiles", collection, dataset.title), tiled),
        ):
            portal.add(entry and {**entry, **facts}, *path, shown=shown)


def _features(key: str, collection: str, title: str) -> Entry | None:
    if not (url := _address("ogc:landing")):
        return None
    entry = _entry(key, title, "OAF", url=url.rstrip("/"))
    return {**entry, "collection": collection, "crs": _URI, "bboxCrs": _URI, "gfiAttributes": "showAll", "styleId": "kz"}  # fmt: skip


def _tiles(key: str, collection: str, title: str) -> Entry | None:
    if not (url := _address("ogc:tileset", collection, "WebMercatorQuad")):
        return None
    style = {"id": f"{key}-style", "name": title, "url": _address("ogc:style", collection), "defaultStyle": True}  # fmt: skip
    return {**_entry(key, title, "VectorTile", url=f"{url}/{{z}}/{{y}}/{{x}}"), "epsg": "EPSG:3857", "vtStyles": [style]}  # fmt: skip


# --- harvested


def _add_harvested(portal: Portal, records: QuerySet[Any], *, everything: bool) -> None:
    rows = records.filter(source__is_public=True, is_gone=False, parent__isnull=False)
    rows = rows.exclude(source__use="none").select_related("source", "tenant").defer("tenant__boundary")
    for record in rows.order_by("source__title", "source_id", "foreign__position", "pk"):
        make = _LAYERS.get(record.service.get("type", ""))
        entry = make(str(record.public_id), record) if make else None
        if entry is None:
            continue
        entry |= _told(record)
        if record.source.use == "base":
            portal.base.append(entry["id"])
            portal.add(entry, shown=False)
        else:
            inner = record.foreign.get("group", [])[1:]  # the first is the service's own name
            portal.add(entry, *_folder(record, str(record.source), *inner, everything=everything))


def _entry(key: str, title: str, kind: str, **values: Any) -> Entry:
    return {"id": key, "name": title, "typ": kind, **_ALWAYS, **values}


def _told(record: Any) -> Entry:
    """Whom to name, and where more is told. Masterportal puts the attribution into its page as HTML, and it may be a stranger's."""
    if record is None:
        return {}
    described = {
        "md_id": str(record.public_id),
        "md_name": record.title,
        "show_doc_url": _address("catalogue:records"),
        "kategorie_opendata": record.themes,
        "kategorie_inspire": record.inspire_themes,
        "kategorie_organisation": record.publisher,
    }
    if record.extent:
        described["bbox"] = ",".join(f"{side:.1f}" for side in record.extent.extent)
    return {"layerAttribution": escape(record.attribution or record.publisher), "datasets": [described]}


def _wms(key: str, record: Any) -> Entry | None:
    said = record.service
    formats = said.get("formats", [])
    return _entry(
        key,
        record.title,
        "WMS",
        url=said["url"],
        layers=said["layer"],
        format="image/png" if "image/png" in formats or not formats else "image/jpeg",
        version=said.get("version") or "1.3.0",
        transparent=record.source.use != "base",
        **_IN_TILES,
        gfiAttributes="showAll" if said.get("queryable") else "ignore",
    )


def _wfs(key: str, record: Any) -> Entry | None:
    said = record.service
    name = said["layer"].rpartition(":")[2]
    return _entry(key, record.title, "WFS", url=said["url"], featureType=name, featureNS=said.get("namespace", ""), outputFormat="XML", hitTolerance="", version=said.get("version") or "2.0.0", gfiAttributes="showAll", styleId="kz")  # fmt: skip


def _wmts(key: str, record: Any) -> Entry | None:
    """In the portal's own system, else in that of the web; another one would be drawn askew."""
    said = record.service
    sets = {system: name for name, system in said.get("matrix_sets", {}).items()}
    chosen = next((sets[system] for system in (SYSTEM, "EPSG:3857") if system in sets), None)
    if chosen is None:
        return None
    url = addresses.first("WMTS", said["url"])
    return _entry(key, record.title, "WMTS", capabilitiesUrl=url, urls=[said["url"]], optionsFromCapabilities=True, tileMatrixSet=chosen, layers=said["layer"], gfiAttributes="ignore")  # fmt: skip


def _oaf(key: str, record: Any) -> Entry | None:
    said = record.service
    if SYSTEM not in said.get("crs", []):
        return None
    return _entry(key, record.title, "OAF", url=said["url"], collection=said["layer"], crs=_URI, bboxCrs=_URI, gfiAttributes="showAll", styleId="kz")  # fmt: skip


def _sensors(key: str, record: Any) -> Entry | None:
    said = record.service
    if said["layer"] != "Things":
        return None
    return _entry(key, record.source.title or record.title, "SensorThings", url=said["url"].rpartition("/")[0], version=said.get("version", "1.1"), epsg="EPSG:4326", urlParameter={"root": "Things", "expand": "Locations,Datastreams"}, gfiAttributes="showAll", styleId="kz")  # fmt: skip


_LAYERS: Mapping[str, Any] = {"WMS": _wms, "WFS": _wfs, "WMTS": _wmts, "OAF": _oaf, "STA": _sensors}


# --- the portal around it


def config(portal: Portal) -> Entry:
    """config.json for both generations: 2.x reads Portalconfig and Themenconfig, 3.x portalConfig and layerConfig."""
    view = _view(portal.tenant)
    title = {"title": portal.tenant.name, "link": settings.BASE_URL}
    tools: Entry = {"gfi": {"name": _("Information"), "active": True}, "measure": {"name": _("Measure")}, "draw": {"name": _("Draw")}}  # fmt: skip
    base = [{"id": key, "visibility": number == 0} for number, key in enumerate(portal.base)]
    menu = [{"type": kind} for kind in ("print", "measure", "draw", "shareView")]
    return {
        "Portalconfig": {
            "treeType": "custom",
            "portalTitle": title,
            "mapView": view,
            "menu": {"tree": {"name": _("Topics")}, "tools": {"name": _("Tools"), "children": tools}, "legend": {"name": _("Legend")}},
            "controls": {"zoom": True, "attributions": True, "mousePosition": True},
        },
        "Themenconfig": {
            "Hintergrundkarten": {"Layer": base},
            "Fachdaten": _old_tree(portal.topics),
        },
        "portalConfig": {
            "map": {"mapView": view, "controls": {"zoom": True}},
            "mainMenu": {"expanded": True, "title": {"text": title["title"], "link": title["link"]}, "sections": [menu]},
            "tree": {"type": "auto"},
        },
        "layerConfig": {
            "baselayer": {"elements": [{**one, "baselayer": True} for one in base]},
            "subjectlayer": {"elements": list(_new_tree(portal.topics))},
        },
    }  # fmt: skip


def _view(tenant: Tenant) -> Entry:
    extent = list(map(float, tenant.boundary.extent if tenant.boundary else settings.MAP_EXTENT))
    centre = [(extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2]
    return {"epsg": SYSTEM, "startCenter": centre, "extent": list(map(float, settings.MAP_EXTENT)), "startZoomLevel": 3}  # fmt: skip


def _old_tree(folder: Folder) -> Entry:
    found: Entry = {"Layer": [{"id": key} for key in folder.layers]}
    if folder.folders:
        found["Ordner"] = [{"Titel": one.title, **_old_tree(one)} for one in folder.folders.values()]
    return found


def _new_tree(folder: Folder) -> Iterator[Entry]:
    for one in folder.folders.values():
        yield {"name": one.title, "type": "folder", "elements": list(_new_tree(one))}
    yield from ({"id": key} for key in folder.layers)


def styles(tenant: Tenant) -> list[Entry]:
    """style.json: one for all vector layers, in the tenant's colour."""
    colour = [int(tenant.colour[at : at + 2], 16) for at in (1, 3, 5)]
    style = {
        "circleRadius": 6,
        "circleFillColor": [*colour, 0.8],
        "circleStrokeColor": [255, 255, 255, 1],
        "lineStrokeColor": [*colour, 1],
        "lineStrokeWidth": 2,
        "polygonFillColor": [*colour, 0.2],
        "polygonStrokeColor": [*colour, 1],
        "polygonStrokeWidth": 2,
    }
    return [{"styleId": "kz", "rules": [{"style": {"type": "circle", **style}}]}]
