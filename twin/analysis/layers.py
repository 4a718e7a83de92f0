"""Features of a dataset as arrays, in the version that a run is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from numpy.typing import NDArray

from twin.catalogue.models import DatasetVersion, Feature


@dataclass(frozen=True)
class Layer:
    """An array of each for the features. values: of attributes by name, as text, None where there is none."""

    keys: NDArray[np.object_]
    shapes: NDArray[np.object_]
    values: dict[str, NDArray[np.object_]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.shapes)

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Of an attribute; NaN where it is none."""
        return np.array([_number(text) for text in self.values[name]], float)

    def words(self, name: str) -> list[str]:
        return [text or "" for text in self.values[name]]


def features_of(version: DatasetVersion) -> QuerySet[Feature]:
    rows = Feature.objects.filter(dataset=version.dataset_id, since__lte=version.number)
    return rows.filter(Q(until__isnull=True) | Q(until__gt=version.number))


def read(version: DatasetVersion, attributes: Sequence[str] = ()) -> Layer:
    """Those with a geometry. attributes: names of those that are wanted."""
    rows = features_of(version).filter(geometry__isnull=False).order_by("pk")
    texts = [KeyTextTransform(name, "properties") for name in attributes]
    found = list(rows.values_list("key", AsWKB("geometry"), *texts).iterator(chunk_size=20_000))
    columns: list[Any] = list(zip(*found, strict=True)) or [()] * (2 + len(attributes))
    shapes = shapely.from_wkb([bytes(shape) for shape in columns[1]])
    values = {name: _array(column) for name, column in zip(attributes, columns[2:], strict=True)}
    return Layer(_array(columns[0]), np.asarray(shapes, object), values)


def named(version: DatasetVersion) -> frozenset[str]:
    """The attributes that the version has."""
    return frozenset(each["name"] for each in version.fields)


def _array(values: Sequence[Any]) -> NDArray[np.object_]:
    found = np.empty(len(values), object)
    found[:] = values
    return found


def _number(text: str | None) -> float:
    """A decimal comma is one, too: attributes of a spreadsheet may be texts."""
    try:
        return float((text or "").replace(",", "."))
    except ValueError:
        return float("nan")
