"""Collections: every dataset with features that the person may see, and the plans with their Geltungsbereich."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.contrib.gis.db.models.functions import Transform
from django.contrib.gis.geos import Polygon
from django.db import connection
from django.db.models import Count, F, Max, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from planning.models import Plan
from tenants.access import admitted, fetch
from tenants.models import Tenant, TenantKind
from tenants.permissions import Person
from twin.catalogue.models import Dataset, DatasetKind, Licence, Record, VersionState
from twin.ogc.tokens import read, written

WGS84 = 4326
PLANS = "plaene"
PLACE, TILE = "geometry", "geometry_3857"  # columns of a source


@dataclass(frozen=True)
class Source:
    """Where the features lie: a table or query f with id, key, body, properties, geometry, geometry_3857, and which of its rows.

    has_mercator: geometry_3857 is stored and has an index; else it is computed row by row.
    in_order: condition, its parameters and the order by which features are read a page at a time; None: by id, as they are.
    """

    table: str
    condition: str
    parameters: tuple[Any, ...] = ()
    has_mercator: bool = True
    in_order: tuple[str, tuple[Any, ...], str] | None = None

    @property
    def reading(self) -> tuple[str, tuple[Any, ...], str]:
        return self.in_order or (self.condition, self.parameters, "f.id")


@dataclass(frozen=True)
class Collection:
    """What the interfaces give out under one id.

    state: changes with every change of content. fields: [{"name", "label", "type"}]. bbox: west, south, east, north in degrees.
    time: first and last moment. is_public: everybody sees the same. dataset, record: their public ids, None of plans; the record is known
    where the collection is described.
    """

    id: str
    title: str
    source: Source = field(repr=False)
    state: str
    count: int
    fields: list[dict[str, Any]]
    geometry_type: str
    bbox: tuple[float, float, float, float] | None
    is_public: bool
    time: tuple[Any, Any] = (None, None)
    time_field: str = ""
    style: dict[str, Any] = field(default_factory=dict)
    description: str = ""
    keywords: tuple[str, ...] = ()
    licence: str = ""
    publisher: str = ""
    dataset: UUID | None = None
    record: UUID | None = None

    @property
    def types(self) -> dict[str, str]:
        return {one["name"]: one["type"] for one in self.fields}


# --- datasets


def _datasets() -> QuerySet[Dataset]:
    rows: QuerySet[Dataset] = Dataset.objects.exclude(kind=DatasetKind.RASTER)
    return (
        rows.filter(current_version__state=VersionState.READY)
        .select_related("tenant", "current_version")
        .defer("tenant__boundary", "current_version__report", "current_version__grid")
        .annotate(place=Transform(F("current_version__extent"), WGS84))
    )


def id_of(dataset: Dataset) -> str:
    return f"{dataset.tenant.slug}.{dataset.slug}"


# bigint: an index of numbers and places together is used for a number of its own width alone
_CURRENT = "f.dataset_id = %s::bigint AND f.until IS NULL"


def _in_order(dataset_id: int) -> tuple[str, tuple[int, int], str]:
    """By (dataset_id, id), as the index of current features has it. For one number PostgreSQL drops the first of the two and may
    walk all features of all datasets by id instead, which costs the more the larger its share; a range keeps it.
    """
    return (
        "f.dataset_id BETWEEN %s::bigint AND %s::bigint AND f.until IS NULL",
        (dataset_id, dataset_id),
        "f.dataset_id, f.id",
    )


def _of_dataset(dataset: Any) -> Collection:
    version = dataset.current_version
    return Collection(
        id=id_of(dataset),
        title=dataset.title,
        source=Source("catalogue_feature f", _CURRENT, (dataset.pk,), in_order=_in_order(dataset.pk)),
        state=f"{dataset.pk}.{version.number}",
        count=version.feature_count,
        fields=version.fields,
        geometry_type=version.geometry_type,
        bbox=dataset.place.extent if dataset.place else None,
        is_public=dataset.is_public,
        time=(version.time_start, version.time_end),
        time_field=dataset.time_field,
        style=dataset.style,
        dataset=dataset.public_id,
        publisher=dataset.tenant.name,
    )


def _with_records(datasets: Iterable[Dataset]) -> list[Collection]:
    rows = list(datasets)
    columns = ("dataset_id", "public_id", "description", "keywords", "licence", "publisher")
    said = Record.objects.filter(dataset__in=rows).only(*columns)
    records = {record.dataset_id: record for record in said}
    return [_told(_of_dataset(row), records.get(row.pk)) for row in rows]


def _told(found: Collection, record: Record | None) -> Collection:
    if record is None:
        return found
    return replace(
        found,
        description=record.description,
        keywords=tuple(record.keywords),
        licence=str(dict(Licence.choices).get(record.licence, record.licence)),
        publisher=record.publisher or found.publisher,
        record=record.public_id,
    )


# --- plans

PLAN_FIELDS = [
    ("name", "Name", "string"),
    ("nummer", "Nummer", "string"),
    ("planart", "Planart", "string"),
    ("gemeinde", "Gemeinde", "string"),
    ("rechtsstand", "Rechtsstand", "string"),
    ("verfahrensstand", "Verfahrensstand", "string"),
    ("in_kraft_ab", "In Kraft ab", "date"),
    ("in_kraft_bis", "In Kraft bis", "date"),
    ("adresse", "Adresse", "string"),
]
_PLAN_PROPERTIES = """jsonb_build_object('name', p.name, 'nummer', p.number, 'planart', p.plan_type, 'gemeinde', p.place,
    'rechtsstand', p.legal_status, 'verfahrensstand', p.standing, 'in_kraft_ab', p.valid_from, 'in_kraft_bis', p.valid_until,
    'adresse', %s || p.public_id)"""
_PLAN_TABLE = f"""(SELECT p.id, p.public_id::text AS key, {_PLAN_PROPERTIES} AS properties, p.area AS geometry,
    ST_Transform(p.area, 3857) AS geometry_3857,
    '"geometry":' || ST_AsGeoJSON(ST_Transform(p.area, 4326), 7) || ',"properties":' || {_PLAN_PROPERTIES} AS body
    FROM planning_plan p WHERE {{condition}}) f"""  # noqa: S608 - our own names


def _plans(user: Person) -> Collection:
    """Published plans, and those that the person reads besides."""
    rows = Plan.objects.visible_to(user)
    facts = rows.aggregate(count=Count("pk"), changed=Max("changed_at"), extent=Extent("area"))
    changed = facts["changed"]
    base = settings.BASE_URL + reverse("planning:plans")
    query, parameters = rows.order_by().values("pk").query.sql_with_params()
    return Collection(
        id=PLANS,
        title=_("Plans with their Geltungsbereich"),
        source=Source(
            _PLAN_TABLE.format(condition=f"p.id IN ({query})"),
            "TRUE",
            (base, base, *parameters),
            has_mercator=False,
        ),
        state=f"{facts['count']}.{changed.timestamp() if changed else 0}",
        count=facts["count"],
        fields=[{"name": name, "label": label, "type": kind} for name, label, kind in PLAN_FIELDS],
        geometry_type="MultiPolygon",
        bbox=_in_degrees(facts["extent"]),
        is_public=True,
        time_field="in_kraft_ab",
    )


def _in_degrees(extent: tuple[float, float, float, float] | None) -> tuple[float, float, float, float] | None:
    if extent is None:
        return None
    box = Polygon.from_bbox(extent)
    box.srid = settings.TWIN_SRID
    box.transform(WGS84)
    return box.extent


# --- all of them


def find(collection_id: str, user: Person) -> Collection:
    """The collection of this id, told in few words. Raises Http404 alike for "not there" and "not yours"."""
    if collection_id == PLANS:
        return _plans(user)
    return _kept(*_found(collection_id, user))


def described(collection_id: str, user: Person) -> Collection:
    """The same with what its record says."""
    if collection_id == PLANS:
        return _plans(user)
    return _with_records([_dataset(collection_id, user)])[0]


def _dataset(collection_id: str, user: Person) -> Dataset:
    town, slug = _names(collection_id)
    return fetch(_datasets(), user, "view", tenant__slug=town, slug=slug)  # type: ignore[arg-type]


def _names(collection_id: str) -> tuple[str, str]:
    """Short names of the town and of its dataset."""
    town, dot, slug = collection_id.partition(".")
    if not dot or "\0" in collection_id:
        raise Http404
    return town, slug


# By the ORM, with all that is said of the dataset, it took as long as the features of a page. A row that was changed in any
# way has another xmin or another ctid.
_FOUND = f"""SELECT d.id, d.tenant_id, d.is_public, concat_ws(' ', d.xmin, d.ctid, v.xmin, v.ctid, t.xmin, t.ctid)
    FROM catalogue_dataset d JOIN tenants_tenant t ON t.id = d.tenant_id JOIN catalogue_datasetversion v ON v.id = d.current_version_id
    WHERE t.slug = %s AND d.slug = %s AND d.kind <> '{DatasetKind.RASTER}' AND v.state = '{VersionState.READY}'"""  # noqa: S608


def _found(collection_id: str, user: Person) -> tuple[int, str]:
    """The dataset's number, and a mark that is another after any change of what is said of it. Raises Http404."""
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, _names(collection_id))
        row = cursor.fetchone()
    if row is None:
        raise Http404
    number, tenant, is_public, mark = row
    admitted(Dataset(pk=number, tenant_id=tenant, is_public=is_public), user, "view")
    return number, mark


@lru_cache(maxsize=500)
def _kept(dataset_id: int, mark: str) -> Collection:
    """What is said of a dataset that the asker may see, the same for everybody."""
    return _of_dataset(_datasets().get(pk=dataset_id))


@dataclass(frozen=True)
class Mark:
    """Where a page of collections begins: behind so many that are no datasets, and behind the dataset of this title and number."""

    heads: int = 0
    title: str = ""
    number: int = 0

    def token(self) -> str:
        return written([self.heads, self.title, self.number])

    @classmethod
    def of(cls, token: str) -> "Mark":
        """Raises ParameterRefused unless it is one of ours."""
        heads, title, number = read(token, kinds=(int, str, int))
        return cls(heads, title, number)


def datasets(
    user: Person, *, site: Tenant | None, start: Mark, limit: int
) -> tuple[list[Collection], Mark | None]:
    """Collections of a page, and where the next one begins; by title, of which there is an index."""
    rows = _of(user, site)
    if start.number:
        behind = Q(title__gt=start.title) | Q(title=start.title, pk__gt=start.number)
        rows = rows.filter(behind, title__gte=start.title)  # the latter is what an index finds
    found = list(rows[: limit + 1])
    shown = found[:limit]
    if len(found) <= limit:
        return _with_records(shown), None
    last = (shown[-1].title, shown[-1].pk) if shown else (start.title, start.number)
    return _with_records(shown), Mark(start.heads, *last)


def plans(user: Person) -> Collection:
    return _plans(user)


def visible(user: Person, *, site: Tenant | None) -> list[Collection]:
    """All that the person may see, by title; under a town's own host name those of the town and the plans."""
    return [_plans(user), *_with_records(_of(user, site))]


def _of(user: Person, site: Tenant | None) -> Any:
    rows: Any = _datasets()
    rows = rows.visible_to(user).order_by("title", "pk")
    return rows.filter(tenant=site) if site and site.kind != TenantKind.COUNTY else rows
