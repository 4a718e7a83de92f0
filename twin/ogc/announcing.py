"""The interfaces to a dataset, as offers of its record in the catalogue."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse

from twin.catalogue.entry import Offer
from twin.catalogue.models import Dataset, DatasetKind
from twin.catalogue.offers import offering
from twin.ogc.collections import id_of


@offering
def interfaces(dataset: Dataset) -> Iterator[Offer]:
    if dataset.kind == DatasetKind.RASTER:
        return
    place = [id_of(dataset)]
    yield Offer("OGC API Features", reverse("ogc:collection", args=place), "OAF", "application/json")
    if dataset.kind == DatasetKind.VECTOR:
        yield Offer("OGC API Tiles", reverse("ogc:tilesets", args=place), "MVT")
        for name, version in (("wfs", "2.0.0"), ("wms", "1.3.0")):
            query = urlencode({"service": name.upper(), "request": "GetCapabilities"})
            yield Offer(
                f"{name.upper()} {version}",
                f"{reverse(f'ogc:{name}')}?{query}",
                name.upper(),
                "application/xml",
            )
