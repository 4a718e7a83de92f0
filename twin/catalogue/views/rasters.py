"""The raster of a dataset: as a file, and as tiles for the map of its page."""

import math
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.formats import number_format

from planning.rasters import tiles
from tenants import files
from tenants.models import PrivateFile
from twin.catalogue.formats.painting import paint
from twin.catalogue.formats.sampling import value_at
from twin.catalogue.models import Dataset, DatasetVersion
from twin.catalogue.rastering import file_of, path_of
from twin.catalogue.views.datasets import DatasetMixin


class RasterMixin(DatasetMixin):
    def current(self) -> tuple[Dataset, DatasetVersion]:
        """The dataset and its version with a raster; else 404."""
        dataset = self.fetched()
        version = dataset.current_version
        if version is None or version.raster_id is None:
            raise Http404
        return dataset, version


class Download(RasterMixin):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        _dataset, version = self.current()
        return files.serve(file_of(version))


class Grids(RasterMixin):
    """For the map: title, grid and address of the tiles; see docs/frontend.md."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        dataset, version = self.current()
        place = {"public_id": dataset.public_id, "number": version.number, "tile": "__tile__"}
        told = {"id": str(dataset.public_id), "title": dataset.title, "tiles": reverse("catalogue:dataset_tile", kwargs=place), **version.grid}  # fmt: skip
        return JsonResponse({"rasters": [told]}, headers={"Cache-Control": "private, no-cache"})


class Value(RasterMixin):
    """?at=x,y in EPSG:25833: what is measured there, in words; no words where nothing is."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        _dataset, version = self.current()
        try:
            x, y = map(float, request.GET.get("at", "").split(","))
        except ValueError:
            return HttpResponse(status=400)
        found = value_at(path_of(version), x=x, y=y) if math.isfinite(x) and math.isfinite(y) else None
        text = f"{number_format(found.value)} {found.unit}".strip() if found else ""
        return JsonResponse({"text": text}, headers={"Cache-Control": "private, no-cache"})


class Tile(RasterMixin):
    """One tile of the current version; who asks again is asked for the right again."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        dataset, version = self.current()
        if version.number != kwargs["number"]:
            raise Http404
        file = file_of(version)
        etag = f'"{file.sha256[:32]}-{kwargs["tile"]}"'
        answer = get_conditional_response(request, etag=etag) or self._drawn(version, file)
        answer["ETag"] = etag
        everybody = dataset.is_public and request.user.is_anonymous
        answer["Cache-Control"] = "public, no-cache" if everybody else "private, no-cache"
        return answer

    def _drawn(self, version: DatasetVersion, file: PrivateFile) -> HttpResponse:
        colours = partial(paint, low=version.grid["low"], high=version.grid["high"])
        try:
            body = tiles.tile(files.path_of(file), self.kwargs["tile"], paint=colours)
        except tiles.NoTile as error:
            raise Http404 from error
        return HttpResponse(
            body, content_type=tiles.CONTENT_TYPE, headers={"X-Content-Type-Options": "nosniff"}
        )
