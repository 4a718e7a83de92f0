"""Datasets, records and sources in the REST API."""

from typing import Any, ClassVar

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from tenants.access import fetch
from tenants.permissions import reach_of
from tenants.rest import Listing, ListQuery, Open, Single
from tenants.serializers import Text
from twin.catalogue import finding
from twin.catalogue.entries import entry_of
from twin.catalogue.finding import Wanted, record_for
from twin.catalogue.models import (
    DataFormat,
    Dataset,
    DatasetKind,
    DatasetVersion,
    Licence,
    RecordKind,
    Source,
    SourceKind,
    Theme,
)
from twin.catalogue.serializers import (
    BoxParameter,
    DataFormatShape,
    DatasetShape,
    DatasetVersionShape,
    DatasetWithOffers,
    HarvestShape,
    RecordShape,
    RecordWithOffers,
    SourceShape,
)

# --- datasets


class DatasetQuery(ListQuery):
    tenant = serializers.SlugField(source="tenant__slug", required=False)
    kind = serializers.ChoiceField(DatasetKind.choices, required=False)
    data_format = serializers.UUIDField(required=False)
    is_public = serializers.BooleanField(required=False)
    changed_since = serializers.DateTimeField(source="changed_at__gte", required=False)


def _datasets() -> Any:
    rows = Dataset.objects.select_related("tenant", "current_version")
    return rows.defer("tenant__boundary", "current_version__report", "current_version__grid", "style")


class Datasets(Listing):
    titles = {"GET": _("Datasets, the newest first")}
    serializer_class = DatasetShape
    query_class = DatasetQuery

    def rows(self) -> Any:
        return _datasets().visible_to(self.request.user)


class OneDataset(Single):
    titles = {"GET": _("One dataset, with the ways to its data")}
    serializer_class = DatasetWithOffers

    def row(self) -> Any:
        return fetch(_datasets(), self.request.user, "view", public_id=self.kwargs["public_id"])


class OfDataset(Open):
    """Versions of the dataset of the address: all for its tenant's people, for others the current one."""

    serializer_class = DatasetVersionShape

    def versions(self) -> Any:
        user = self.request.user
        dataset = fetch(Dataset.objects.all(), user, "view", public_id=self.kwargs["public_id"])
        theirs = Q(tenant_id__in=reach_of(user).roles) | Q(pk=F("dataset__current_version"))
        rows = DatasetVersion.objects.visible_to(user).filter(theirs, dataset=dataset)
        return rows.select_related("dataset").defer("report", "grid", "dataset__style")


class DatasetVersions(OfDataset, Listing):
    titles = {"GET": _("Versions of a dataset, the newest first")}
    ordering = ("-number",)

    def rows(self) -> Any:
        return self.versions()


class OneDatasetVersion(OfDataset, Single):
    titles = {"GET": _("One version of a dataset")}

    def row(self) -> Any:
        return fetch(self.versions(), self.request.user, "view", number=self.kwargs["number"])


# --- records


class RecordQuery(ListQuery):
    apart: ClassVar[frozenset[str]] = ListQuery.apart | {"q", "bbox", "theme"}
    q = Text(max_length=200, help_text=_("Words in title, description, publisher or keywords"))  # fmt: skip
    tenant = serializers.SlugField(source="tenant__slug", required=False)
    kind = serializers.ChoiceField(RecordKind.choices, required=False)
    theme = serializers.ChoiceField(Theme.choices, required=False)
    licence = serializers.ChoiceField(Licence.choices, required=False)
    source = serializers.UUIDField(source="source__public_id", required=False)  # type: ignore[assignment]
    dataset = serializers.UUIDField(source="dataset__public_id", required=False)
    is_public = serializers.BooleanField(required=False)
    changed_since = serializers.DateTimeField(source="changed_at__gte", required=False)
    bbox = BoxParameter(required=False)


class Records(Listing):
    titles = {"GET": _("Entries of the catalogue, the newest first")}
    serializer_class = RecordShape
    query_class = RecordQuery

    def rows(self) -> Any:
        asked = self.asked
        facets = (f"theme:{asked['theme']}",) if "theme" in asked else ()
        wanted = Wanted(text=asked.get("q", ""), facets=facets, box=asked.get("bbox"))
        rows = finding.narrowed(finding.listed(self.request.user), wanted)
        return rows.select_related("tenant", "dataset").defer("tenant__boundary", "dataset__style", "foreign")


class OneRecord(Single):
    titles = {"GET": _("One entry of the catalogue, with the ways to the data")}
    serializer_class = RecordWithOffers

    def row(self) -> Any:
        found: Any = record_for(self.request.user, self.kwargs["public_id"])
        found.entry = entry_of(found)
        return found


# --- sources


class SourceQuery(ListQuery):
    tenant = serializers.SlugField(source="tenant__slug", required=False)
    kind = serializers.ChoiceField(SourceKind.choices, required=False)
    is_up = serializers.BooleanField(required=False)
    is_public = serializers.BooleanField(required=False)


def _sources() -> Any:
    return Source.objects.select_related("tenant").defer("tenant__boundary")


class Sources(Listing):
    titles = {"GET": _("Foreign services and whether they answer")}
    serializer_class = SourceShape
    query_class = SourceQuery

    def rows(self) -> Any:
        return _sources().visible_to(self.request.user)


class OneSource(Single):
    titles = {"GET": _("One foreign service")}
    serializer_class = SourceShape

    def row(self) -> Any:
        return fetch(_sources(), self.request.user, "view", public_id=self.kwargs["public_id"])


class Harvests(Listing):
    titles = {"GET": _("Runs over a foreign service, the newest first")}
    serializer_class = HarvestShape

    def rows(self) -> Any:
        source = fetch(Source.objects.all(), self.request.user, "view", public_id=self.kwargs["public_id"])
        return source.harvests.visible_to(self.request.user)


# --- data formats


class DataFormats(Listing):
    titles = {"GET": _("Data formats that the county declares")}
    serializer_class = DataFormatShape
    ordering = ("slug",)

    def rows(self) -> Any:
        return DataFormat.objects.visible_to(self.request.user)


class OneDataFormat(Single):
    titles = {"GET": _("One data format")}
    serializer_class = DataFormatShape

    def row(self) -> Any:
        return fetch(DataFormat.objects.all(), self.request.user, "view", public_id=self.kwargs["public_id"])
