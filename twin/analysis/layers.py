"""Features of a dataset as arrays, in the version that a run is about."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import Polygon
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from twin.analysis.errors import RunRefused
from twin.catalogue.models import DatasetVersion, Feature
from twin.catalogue.models.datasets import WEB_MERCATOR

YES = frozenset({"true", "ja", "1", "t", "yes"})


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

    def flags(self, name: str) -> NDArray[np.bool_]:
        """Whether an attribute says yes; none does where there is no such attribute."""
        found = self.values.get(name)
        said = [""] * len(self) if found is None else self.words(name)
        return np.array([text.lower() in YES for text in said], bool)

    def words(self, name: str) -> list[str]:
        return [text or "" for text in self.values[name]]


def features_of(version: DatasetVersion) -> QuerySet[Feature]:
    rows = Feature.objects.filter(dataset=version.dataset_id, since__lte=version.number)
    return rows.filter(Q(until__isnull=True) | Q(until__gt=version.number))


def near(version: DatasetVersion, box: tuple[float, float, float, float]) -> QuerySet[Feature]:
    """Those that may touch a box in the twin's system: west, south, east, north."""
    around = Polygon.from_bbox(box)
    around.srid = settings.TWIN_SRID
    around.transform(WEB_MERCATOR)
    return features_of(version).filter(geometry_3857__bboverlaps=around)


def read(version: DatasetVersion, attributes: Sequence[str] = (), *, rows: QuerySet[Feature] | None = None) -> Layer:  # fmt: skip
    """Those with a geometry. attributes: names of those that are wanted; rows: of the version, all if left out."""
    rows = (features_of(version) if rows is None else rows).filter(geometry__isnull=False).order_by("pk")
    texts = [KeyTextTransform(name, "properties") for name in attributes]
    found = list(rows.values_list("key", AsWKB("geometry"), *texts).iterator(chunk_size=20_000))
    columns: list[Any] = list(zip(*found, strict=True)) or [()] * (2 + len(attributes))
    shapes = shapely.from_wkb([bytes(shape) for shape in columns[1]])
    values = {name: _array(column) for name, column in zip(attributes, columns[2:], strict=True)}
    return Layer(_array(columns[0]), np.asarray(shapes, object), values)


def values(rows: QuerySet[Feature], attributes: Sequence[str]) -> Iterator[tuple[str | None, ...]]:
    """Their attributes as text, with or without a geometry."""
    texts = [KeyTextTransform(name, "properties") for name in attributes]
    yield from rows.order_by("pk").values_list(*texts).iterator(chunk_size=20_000)


def named(version: DatasetVersion) -> frozenset[str]:
    """The attributes that the version has."""
    return frozenset(names(version))


def names(version: DatasetVersion) -> list[str]:
    """The same in their order."""
    return [each["name"] for each in version.fields]


def require_room(versions: Sequence[DatasetVersion], *, each: float) -> int:
    """How many features they hold; each: bytes that one needs. Raises RunRefused where one holds none, or all don't fit into the memory."""
    for version in versions:
        if not version.feature_count:
            raise RunRefused(_("The dataset “%s” holds no features.") % version.dataset)
    count = sum(version.feature_count for version in versions)
    most = int(settings.ANALYSIS_MEMORY / each)
    if count > most:
        raise RunRefused(_("These are %(count)s features, %(most)s fit into the memory that is allowed. Take a part of them.") % {"count": number_format(count, force_grouping=True), "most": number_format(most, force_grouping=True)})  # fmt: skip
    return count


def _array(values: Sequence[Any]) -> NDArray[np.object_]:
    found = np.empty(len(values), object)
    found[:] = values
    return found


def _number(text: str | None) -> float:
    """A decimal comma is one, too: attributes of a spreadsheet may be texts."""
    try:
        found = float((text or "").replace(",", "."))
    except ValueError:
        return math.nan
    return found if math.isfinite(found) else math.nan
