"""Shapes of datasets, records and sources in the REST API."""

import re
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tenants.models import Tenant
from tenants.serializers import Address, Box, JobShape, Key, Number, Page, Text, YesNo
from twin.catalogue.entry import Offer, Service
from twin.catalogue.forms import SYSTEMS
from twin.catalogue.models import (
    DataFormat,
    Dataset,
    DatasetVersion,
    Harvest,
    Licence,
    Record,
    Source,
    Upload,
)
from twin.catalogue.offers import offers_of
from twin.catalogue.reporting import worded
from twin.catalogue.selecting import polygon
from twin.catalogue.sourceforms import USES

_EDGE = r"-?[0-9]{1,3}(\.[0-9]{1,9})?"
_BOX = rf"^{_EDGE},{_EDGE},{_EDGE},{_EDGE}$"


class BoxParameter(serializers.RegexField):
    """West, south, east, north in degrees; becomes a polygon in the twin's reference system."""

    def __init__(self, **options: Any) -> None:
        super().__init__(_BOX, help_text=_("West, south, east, north in degrees (WGS84)"), **options)

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        if not re.fullmatch(_BOX, text):
            self.fail("invalid")
        west, south, east, north = (float(edge) for edge in text.split(","))
        return polygon((west, south, east, north), "CRS84")

    def run_validators(self, value: Any) -> None:
        """They look at texts, and a polygon is none."""


class FieldShape(serializers.Serializer[Any]):
    """An attribute of the features."""

    name = serializers.CharField()
    label = serializers.CharField(required=False)  # type: ignore[assignment]
    type = serializers.CharField()


class DeclaredField(FieldShape):
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]
    choices = serializers.ListField(child=serializers.CharField(), required=False)
    unit = serializers.CharField(required=False)
    help = serializers.CharField(required=False)


class OfferShape(serializers.Serializer[Offer]):
    """One way to the data: a file where `is_download`, else an interface or a page."""

    title = serializers.CharField()
    url = serializers.CharField()
    format = serializers.CharField()
    media_type = serializers.CharField()
    is_download = serializers.BooleanField()


class DatasetShape(serializers.ModelSerializer[Dataset]):
    """Data of one tenant under one name; what it holds is its current version."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    tenant = serializers.SlugRelatedField[Tenant](slug_field="slug", read_only=True)
    version = serializers.IntegerField(
        source="current_version.number", read_only=True, allow_null=True, default=None
    )
    feature_count = serializers.IntegerField(
        source="current_version.feature_count", read_only=True, allow_null=True, default=None
    )
    bbox = Box(source="current_version.extent", default=None)
    url = Address("api:dataset", public_id="public_id")
    versions = Address("api:dataset_versions", public_id="public_id")
    page = Page()

    class Meta:
        model = Dataset
        fields: tuple[str, ...] = ("id", "tenant", "slug", "title", "kind", "data_format", "key_field", "time_field", "is_public", "published_at", "changed_at", "version", "feature_count", "bbox", "url", "versions", "page")  # fmt: skip
        read_only_fields = fields


class DatasetWithOffers(DatasetShape):
    offers = serializers.SerializerMethodField(help_text=_("Ways to the data"))

    class Meta(DatasetShape.Meta):
        fields = (*DatasetShape.Meta.fields, "offers")
        read_only_fields = fields

    @extend_schema_field(OfferShape(many=True))
    def get_offers(self, dataset: Dataset) -> list[Any]:
        absolute = self.context["request"].build_absolute_uri
        offers: Any = [replace(offer, url=absolute(offer.url)) for offer in offers_of(dataset)]
        return list(OfferShape(offers, many=True).data)


class DatasetVersionShape(serializers.ModelSerializer[DatasetVersion]):
    """One delivery. added, changed, gone: features, against the version before."""

    dataset = Address("api:dataset", public_id="dataset.public_id")
    attributes = FieldShape(source="fields", many=True, read_only=True)
    bbox = Box(source="extent", allow_null=True)
    url = Address("api:dataset_version", public_id="dataset.public_id", number="number")

    class Meta:
        model = DatasetVersion
        fields: tuple[str, ...] = ("number", "dataset", "state", "source_crs", "geometry_type", "feature_count", "attributes", "bbox", "time_start", "time_end", "added", "changed", "gone", "restored_from", "created_at", "is_public", "url")  # fmt: skip
        read_only_fields = fields


class ServiceShape(serializers.Serializer[Service]):
    """A foreign service, or a layer of one."""

    kind = serializers.CharField()
    url = serializers.CharField()
    layer = serializers.CharField()
    version = serializers.CharField()


class RecordShape(serializers.ModelSerializer[Record]):
    """An entry of the catalogue: codes are those of DCAT-AP.de and of the EU's tables."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    tenant = serializers.SlugRelatedField[Tenant](slug_field="slug", read_only=True)
    dataset = Address("api:dataset", public_id="dataset.public_id")
    licence_url = serializers.CharField(read_only=True)
    contact_url = serializers.CharField(read_only=True)
    landing_page = serializers.CharField(read_only=True)
    contact_email = serializers.CharField(read_only=True)
    bbox = Box(source="extent", allow_null=True)
    url = Address("api:record", public_id="public_id")
    page = Page()

    class Meta:
        model = Record
        fields: tuple[str, ...] = (
            "id",
            "kind",
            "tenant",
            "identifier",
            "title",
            "description",
            "keywords",
            "themes",
            "topics",
            "inspire_themes",
            "licence",
            "licence_url",
            "attribution",
            "publisher",
            "contact_name",
            "contact_email",
            "contact_url",
            "frequency",
            "language",
            "lineage",
            "resolution",
            "issued",
            "modified",
            "time_start",
            "time_end",
            "landing_page",
            "is_public",
            "changed_at",
            "bbox",
            "dataset",
            "url",
            "page",
        )
        read_only_fields = fields


class RecordWithOffers(RecordShape):
    offers = OfferShape(source="entry.offers", many=True, read_only=True)
    service = ServiceShape(source="entry.service", read_only=True, allow_null=True)

    class Meta(RecordShape.Meta):
        fields = (*RecordShape.Meta.fields, "offers", "service")
        read_only_fields = fields


class SourceShape(serializers.ModelSerializer[Source]):
    """A foreign service that a tenant registered, and whether it answers."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    tenant = serializers.SlugRelatedField[Tenant](slug_field="slug", read_only=True)
    address = serializers.CharField(source="url", read_only=True)
    url = Address("api:source", public_id="public_id")
    harvests = Address("api:harvests", public_id="public_id")
    page = Page()

    class Meta:
        model = Source
        fields: tuple[str, ...] = ("id", "tenant", "kind", "address", "title", "use", "is_public", "active", "harvest_hours", "probe_minutes", "harvested_at", "probed_at", "is_up", "url", "harvests", "page")  # fmt: skip
        read_only_fields = fields


class HarvestShape(serializers.ModelSerializer[Harvest]):
    """One run over a source: what it found, and what was different."""

    class Meta:
        model = Harvest
        fields: tuple[str, ...] = ("at", "ok", "error", "added", "changed", "gone")
        read_only_fields = fields


class DataFormatShape(serializers.ModelSerializer[DataFormat]):
    """What a kind of data must look like, as the county says."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    attributes = DeclaredField(source="fields", many=True, read_only=True)
    url = Address("api:data_format", public_id="public_id")

    class Meta:
        model = DataFormat
        fields: tuple[str, ...] = ("id", "slug", "title", "description", "geometry_type", "key_field", "attributes", "changed_at", "url")  # fmt: skip
        read_only_fields = fields


# --- what is sent


class FileShape(serializers.Serializer[Any]):
    file = serializers.FileField()


class LayerShape(serializers.Serializer[Any]):
    """A layer of an uploaded file. srs, swapped: what was likely meant, where the file's own system can't be."""

    name = serializers.CharField()
    geometry = serializers.CharField(allow_null=True)
    crs = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()
    attributes = FieldShape(source="fields", many=True)
    srs = serializers.IntegerField(allow_null=True)
    swapped = serializers.BooleanField()


class UploadShape(serializers.ModelSerializer[Upload]):
    """A file on its way to a dataset. layers: once somebody has looked into it; findings: why it was refused."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    tenant = serializers.SlugRelatedField[Tenant](slug_field="slug", read_only=True)
    job = JobShape(read_only=True, allow_null=True)
    layers = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    url = Address("api:upload", public_id="public_id")

    class Meta:
        model = Upload
        fields: tuple[str, ...] = (
            "id",
            "tenant",
            "name",
            "size",
            "received",
            "job",
            "layers",
            "findings",
            "created_at",
            "url",
        )
        read_only_fields = fields

    @extend_schema_field(LayerShape(many=True))
    def get_layers(self, upload: Upload) -> list[Any]:
        return list(LayerShape(upload.preview.get("layers", []), many=True).data)

    def get_findings(self, upload: Upload) -> list[str]:
        return [one["message"] for one in worded(upload.job.result.get("findings", ()))] if upload.job else []


class ImportOrder(serializers.Serializer[Any]):
    """What is to become of a file: a dataset with this title, or a version of a dataset. srs: an EPSG code. columns: attribute of the
    data format -> the file's column for it, where that is called otherwise."""

    title = Text(max_length=300)
    dataset = Key(required=False)
    layer = Text(max_length=300)
    srs = serializers.ChoiceField([code for code, _label in SYSTEMS if code], required=False)
    swapped = YesNo(required=False)
    x = Text(max_length=300)
    y = Text(max_length=300)
    address = serializers.ListField(child=Text(max_length=300), required=False)
    key = Text(max_length=300)
    time = Text(max_length=300)
    data_format = Key(required=False)
    columns = serializers.DictField(child=Text(max_length=300), required=False)
    anywhere = YesNo(required=False)


class Terms(serializers.Serializer[Any]):
    """licence, description: where the record names none yet."""

    licence = serializers.ChoiceField(Licence.choices, required=False)
    description = Text(max_length=5000)


class NewSource(serializers.Serializer[Any]):
    address = Text(required=True, max_length=1000)
    title = Text(max_length=500)
    use = serializers.ChoiceField(USES, required=False)


class SourceSettings(serializers.Serializer[Any]):
    title = Text(max_length=500, allow_blank=True)
    use = serializers.ChoiceField(USES, required=False)
    active = YesNo(required=False)
    harvest_hours = Number(required=False, min_value=1, max_value=720)
    probe_minutes = Number(required=False, min_value=5, max_value=1440)
