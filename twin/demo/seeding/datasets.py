"""The demo's data formats and datasets, all invented, through the real importer."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from django.conf import settings
from django.db import transaction

from tenants.models import Tenant
from twin.catalogue.formats.reading import Wishes
from twin.catalogue.importing import Order, import_file
from twin.catalogue.models import AreaRole, DataFormat, Dataset, DatasetVersion, Licence, Record
from twin.catalogue.publishing import make_public
from twin.demo import geography
from twin.demo.people import planner_of
from twin.demo.seeding import village
from twin.demo.seeding.towns import COUNTY_SLUG

TREES = ("Winterlinde", "Stieleiche", "Spitzahorn", "Rotbuche", "Rosskastanie", "Gemeine Esche")
PLAY = ("Kletterturm", "Sandkasten und Rutsche", "Schaukeln", "Seilbahn", "Wasserspielplatz")
USES = ("Wohnen", "Gewerbe", "Gemischt")
FORMATS: tuple[dict[str, Any], ...] = (
    {
        "slug": "baeume",
        "title": "Bäume",
        "description": "Bäume an Straßen und in Anlagen.",
        "geometry_type": "Point",
        "key_field": "nummer",
        "fields": [
            {"name": "nummer", "label": "Baumnummer", "type": "string", "required": True},
            {"name": "art", "label": "Baumart", "type": "string", "required": True},
            {"name": "pflanzjahr", "label": "Pflanzjahr", "type": "integer"},
            {"name": "hoehe", "label": "Höhe", "type": "number", "unit": "m"},
        ],
    },
    {
        "slug": "spielplaetze",
        "title": "Spielplätze",
        "description": "Öffentliche Spielplätze.",
        "geometry_type": "Point",
        "key_field": "nummer",
        "fields": [
            {"name": "nummer", "label": "Nummer", "type": "string", "required": True},
            {"name": "name", "label": "Name", "type": "string", "required": True},
            {"name": "ausstattung", "label": "Ausstattung", "type": "string"},
            {"name": "barrierefrei", "label": "Barrierefrei", "type": "boolean"},
        ],
    },
    {
        "slug": "baulandreserven",
        "title": "Baulandreserven",
        "description": "Unbebaute Grundstücke mit Baurecht.",
        "geometry_type": "Polygon",
        "key_field": "nummer",
        "fields": [
            {"name": "nummer", "label": "Nummer", "type": "string", "required": True},
            {
                "name": "nutzung",
                "label": "Nutzung",
                "type": "string",
                "required": True,
                "choices": list(USES),
            },
            {"name": "flaeche", "label": "Fläche", "type": "number", "unit": "m²"},
        ],
    },
    *village.FORMATS,
)
# town, format, title, how many, public
DATASETS = (
    ("meissen", "baeume", "Straßenbäume", 400, True),
    ("meissen", "spielplaetze", "Spielplätze", 24, True),
    ("riesa", "baeume", "Baumkataster", 300, True),
    ("riesa", "baulandreserven", "Baulandreserven", 18, False),
    ("grossenhain", "spielplaetze", "Spielplätze", 15, True),
    ("grossenhain", "baulandreserven", "Baulandreserven", 12, True),
    ("meissen", "gebaeude", "Gebäude am Elbufer", 240, True),
    ("meissen", "strassennetz", "Straßen am Elbufer", 18, True),
    ("meissen", "einrichtungen", "Einrichtungen am Elbufer", 6, True),
)


FLOODED = 250.0  # metres on each side of the middle of the Elbe
FLOOD_AREA = "Überschwemmungsgebiet der Elbe"


def seed_flood_area() -> None:
    """Of the county, public; before the plans, which are checked against it when they are imported."""
    county = Tenant.objects.get(slug=COUNTY_SLUG)
    if Dataset.objects.filter(tenant=county, title=FLOOD_AREA).exists():
        return
    shape = geography.elbe().buffer(FLOODED).intersection(geography.county())
    with tempfile.TemporaryDirectory(prefix="kz-demo-") as folder:
        path = Path(folder) / "ueberschwemmungsgebiet.gpkg"
        pyogrio.raw.write(path, shapely.to_wkb(np.array([shape], dtype=object)), [np.array(["Elbe"], dtype=object)], ["gewaesser"], geometry_type=shape.geom_type, crs=f"EPSG:{settings.TWIN_SRID}")  # fmt: skip
        version = import_file(path, order=Order(county, None, path.name, title=FLOOD_AREA))
    Dataset.objects.filter(pk=version.dataset_id).update(role=AreaRole.FLOODPLAIN)
    describe(version, "Festgesetzte Überschwemmungsgebiete.", public=True)


def seed_datasets() -> None:
    """What is there stays as it is."""
    county = Tenant.objects.get(slug=COUNTY_SLUG)
    for facts in FORMATS:
        DataFormat.objects.get_or_create(tenant=county, slug=facts["slug"], defaults=facts)
    for number, (town, form, title, count, public) in enumerate(DATASETS):
        tenant = Tenant.objects.get(slug=town)
        if not Dataset.objects.filter(tenant=tenant, title=title).exists():
            version = _deliver(tenant, form, title, rng=np.random.default_rng(number), count=count)
            describe(version, DataFormat.objects.get(slug=form).description, public=public)


def _deliver(tenant: Tenant, form: str, title: str, *, rng: Any, count: int) -> DatasetVersion:
    shapes, columns = _content(form, tenant, rng, count)
    kind = DataFormat.objects.get(slug=form).geometry_type
    with tempfile.TemporaryDirectory(prefix="kz-demo-") as folder:
        path = Path(folder) / f"{form}.gpkg"
        pyogrio.raw.write(path, shapely.to_wkb(shapes), list(columns.values()), list(columns), geometry_type=kind, crs=f"EPSG:{settings.TWIN_SRID}")  # fmt: skip
        order = Order(
            tenant,
            planner_of(tenant.slug),
            path.name,
            title=title,
            data_format=DataFormat.objects.get(slug=form),
            wishes=Wishes(key="nummer"),
        )
        return import_file(path, order=order)


def _content(form: str, tenant: Tenant, rng: Any, count: int) -> tuple[Any, dict[str, Any]]:
    if form in village.CONTENT:
        return village.CONTENT[form](village.corner(tenant), rng, count)
    places = _inside(tenant, rng, count)
    numbers = np.array(
        [f"{tenant.slug[:2].upper()}-{number + 1:04d}" for number in range(count)], dtype=object
    )
    if form == "baeume":
        kinds = rng.choice(np.array(TREES, dtype=object), count)
        return places, {"nummer": numbers, "art": kinds, "pflanzjahr": rng.integers(1920, 2025, count), "hoehe": np.round(rng.uniform(3, 26, count), 1)}  # fmt: skip
    if form == "spielplaetze":
        names = np.array([f"Spielplatz {number + 1}" for number in range(count)], dtype=object)
        return places, {"nummer": numbers, "name": names, "ausstattung": rng.choice(np.array(PLAY, dtype=object), count), "barrierefrei": rng.random(count) < 0.4}  # fmt: skip
    sides = rng.uniform(18, 60, count)
    x, y = shapely.get_x(places), shapely.get_y(places)
    plots = shapely.box(x, y, x + sides, y + sides * 1.4)
    return plots, {"nummer": numbers, "nutzung": rng.choice(np.array(USES, dtype=object), count), "flaeche": np.round(sides**2 * 1.4)}  # fmt: skip


def _inside(tenant: Tenant, rng: Any, count: int) -> Any:
    """Points around the middle of the town."""
    assert tenant.boundary is not None  # noqa: S101 - the demo's towns have one
    area = shapely.from_wkb(bytes(tenant.boundary.wkb))
    middle = shapely.get_coordinates(shapely.point_on_surface(area))[0]
    found = shapely.points(middle + rng.normal(0, 900, (count * 4, 2)))
    return found[shapely.contains(area, found)][:count]


@transaction.atomic
def describe(version: DatasetVersion, words: str, *, public: bool) -> None:
    dataset = version.dataset
    record = Record.objects.get(dataset=dataset)
    record.description = f"{words} Erfundene Daten der Demo."
    record.licence = Licence.DL_BY
    record.save()
    if public:
        make_public(dataset, licence="", actor=version.created_by)
