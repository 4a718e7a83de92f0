"""Datasets with features for tests."""

import json
from dataclasses import dataclass
from typing import Any

import factory
import numpy as np
import shapely
from django.contrib.gis.geos import Polygon
from factory.django import DjangoModelFactory

from tenants.models import Tenant
from tenants.scope import acting_for
from twin.catalogue import storing
from twin.catalogue.formats import rows
from twin.catalogue.formats.model import Field
from twin.catalogue.models import Dataset, DatasetVersion, Record, VersionState
from twin.catalogue.storing import Difference

WEST, SOUTH = 385_000.0, 5_668_000.0  # EPSG:25833, in Meißen
TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}  # of attributes
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


@dataclass(frozen=True)
class Arrival:
    key: str
    properties: dict[str, Any]
    shape: Any

    def row(self) -> bytes:
        members = [[f"{json.dumps(name)}:{json.dumps(value)}"] for name, value in self.properties.items()]
        shapes = np.array([self.shape], dtype=object)
        own = rows.ewkb(shapes, 25833)
        digest = rows.digests(own, members, [Field(name, name, "string") for name in self.properties])
        web = rows.for_the_web(shapes, srid=25833, count=1)
        return rows.tuples([self.key], digest, rows.properties(members, 1), own=own, web=web)


def arrival(key: str, properties: dict[str, Any], shape: Any = None) -> Arrival:
    return Arrival(key, properties, square() if shape is None else shape)


def deliver(dataset: Dataset, *arrivals: Arrival) -> Difference:
    """A further version with this content."""
    with acting_for([dataset.tenant_id], [dataset.tenant_id]):
        following = dataset.datasetversions.count() + 1
        with storing.arriving():
            storing.copy(b"".join(each.row() for each in arrivals))
            difference = storing.merge(dataset, version=following)
        version = DatasetVersion.objects.create(
            tenant=dataset.tenant,
            dataset=dataset,
            number=following,
            state=VersionState.READY,
            is_public=dataset.is_public,
            fields=[
                {"name": name, "label": name, "type": TYPES[type(value)]}
                for name, value in (arrivals[0].properties if arrivals else {}).items()
            ],
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
