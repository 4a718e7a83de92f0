"""Datasets with features for tests."""

import json
from typing import Any

import factory
import shapely
from django.contrib.gis.geos import GEOSGeometry, Polygon
from factory.django import DjangoModelFactory

from tenants.models import Tenant
from tenants.scope import acting_for
from twin.catalogue import storing
from twin.catalogue.models import Dataset, DatasetVersion, Record, VersionState
from twin.catalogue.storing import Arrival, Difference

WEST, SOUTH = 385_000.0, 5_668_000.0  # EPSG:25833, in Meißen
EXTENT = Polygon(
    ((WEST, SOUTH), (WEST + 1000, SOUTH), (WEST + 1000, SOUTH + 1000), (WEST, SOUTH + 1000), (WEST, SOUTH)),
    srid=25833,
)


class DatasetFactory(DjangoModelFactory[Dataset]):
    class Meta:
        model = Dataset

    title = factory.Sequence(lambda number: f"Bäume {number}")
    slug = factory.Sequence(lambda number: f"baeume-{number}")
    kind = "vector"


def square(number: int = 0, *, size: float = 10.0) -> Any:
    """The number-th of a row of squares, as shapely polygon in EPSG:25833."""
    west = WEST + 20 * number
    return shapely.box(west, SOUTH, west + size, SOUTH + size)


def arrival(key: str, properties: dict[str, Any], shape: Any = None) -> Arrival:
    found = GEOSGeometry(shapely.to_wkt(square() if shape is None else shape), srid=25833)
    place = json.loads(found.transform(4326, clone=True).geojson)
    body = f'"geometry":{json.dumps(place)},"properties":{json.dumps(properties)}'
    wkb = shapely.to_wkb(square() if shape is None else shape)
    return Arrival(
        key=key,
        digest=storing.digest_of(wkb, properties),
        properties=properties,
        geometry=bytes(found.ewkb),
        geometry_3857=bytes(found.transform(3857, clone=True).ewkb),
        body=body,
    )


def deliver(dataset: Dataset, *arrivals: Arrival) -> Difference:
    """A further version with this content."""
    with acting_for([dataset.tenant_id], [dataset.tenant_id]):
        number = dataset.datasetversions.count() + 1
        with storing.arriving():
            storing.copy(arrivals)
            difference = storing.merge(dataset, version=number)
        names = list(arrivals[0].properties) if arrivals else []
        version = DatasetVersion.objects.create(
            tenant=dataset.tenant,
            dataset=dataset,
            number=number,
            state=VersionState.READY,
            is_public=dataset.is_public,
            fields=[{"name": name, "label": name, "type": "string"} for name in names],
            geometry_type="Polygon",
            feature_count=len(arrivals),
            extent=EXTENT,
            added=difference.added,
            changed=difference.changed,
            gone=difference.gone,
        )
        dataset.current_version = version
        dataset.save(update_fields=["current_version"])
    return difference


def make_dataset(
    tenant: Tenant, *, public: bool = False, features: int = 3, title: str = "Bäume", **fields: Any
) -> Dataset:
    """A dataset with its record, and squares in a row with the attributes `name` and `nummer`."""
    with acting_for([tenant.pk], [tenant.pk]):
        dataset: Dataset = DatasetFactory.create(tenant=tenant, title=title, **fields)
        Record.objects.create(
            tenant=tenant,
            dataset=dataset,
            identifier=str(dataset.public_id),
            title=title,
            publisher=tenant.name,
            licence="dl-by-de/2.0",
            is_public=public,
        )
    deliver(
        dataset,
        *(
            arrival(str(number), {"name": f"{title} {number}", "nummer": number}, square(number))
            for number in range(features)
        ),
    )
    if public:
        with acting_for([tenant.pk], [tenant.pk]):
            dataset.is_public = True
            dataset.save(update_fields=["is_public"])
            dataset.datasetversions.update(is_public=True)
            dataset.features.filter(until__isnull=True).update(is_public=True)
    return dataset
