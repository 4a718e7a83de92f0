"""What is known of datasets, services and series, own and harvested: the fields of DCAT-AP.de 3.0, ISO 19139 and INSPIRE."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db.models import F, Func
from django.db.models.functions import Collate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.models import TenantOwned, TenantQuerySet
from twin.catalogue.models.datasets import Dataset
from twin.catalogue.models.sources import Source


class RecordKind(models.TextChoices):
    DATASET = "dataset", _("Dataset")
    SERVICE = "service", _("Service")
    SERIES = "series", _("Dataset series")


class Theme(models.TextChoices):
    """EU Publications Office, authority table data-theme."""

    AGRI = "AGRI", _("Agriculture, fisheries, forestry and food")
    ECON = "ECON", _("Economy and finance")
    EDUC = "EDUC", _("Education, culture and sport")
    ENER = "ENER", _("Energy")
    ENVI = "ENVI", _("Environment")
    GOVE = "GOVE", _("Government and public sector")
    HEAL = "HEAL", _("Health")
    INTR = "INTR", _("International issues")
    JUST = "JUST", _("Justice, legal system and public safety")
    REGI = "REGI", _("Regions and cities")
    SOCI = "SOCI", _("Population and society")
    TECH = "TECH", _("Science and technology")
    TRAN = "TRAN", _("Transport")


class Licence(models.TextChoices):
    """Codes of the DCAT-AP.de licence list (dcat-ap.de/def/licenses)."""

    DL_ZERO = "dl-zero-de/2.0", "Datenlizenz Deutschland – Zero – Version 2.0"
    DL_BY = "dl-by-de/2.0", "Datenlizenz Deutschland – Namensnennung – Version 2.0"
    CC_ZERO = "cc-zero", "Creative Commons CC Zero (CC0 1.0)"
    CC_BY = "cc-by/4.0", "Creative Commons Namensnennung 4.0 (CC BY 4.0)"
    CC_BY_SA = (
        "cc-by-sa/4.0",
        "Creative Commons Namensnennung – Weitergabe unter gleichen Bedingungen 4.0 (CC BY-SA 4.0)",
    )
    GEONUTZV = (
        "geonutz/20130319",
        "Nutzungsbestimmungen für die Bereitstellung von Geodaten des Bundes (GeoNutzV)",
    )
    ODBL = "odbl", "Open Data Commons Open Database License (ODbL)"
    OTHER_OPEN = "other-open", _("Another open licence")
    OTHER_CLOSED = "other-closed", _("Restricted use")


class Frequency(models.TextChoices):
    """EU Publications Office, authority table frequency."""

    CONT = "CONT", _("Continuously")
    DAILY = "DAILY", _("Daily")
    WEEKLY = "WEEKLY", _("Weekly")
    MONTHLY = "MONTHLY", _("Monthly")
    QUARTERLY = "QUARTERLY", _("Every three months")
    ANNUAL_2 = "ANNUAL_2", _("Every six months")
    ANNUAL = "ANNUAL", _("Yearly")
    BIENNIAL = "BIENNIAL", _("Every two years")
    IRREG = "IRREG", _("As needed")
    NEVER = "NEVER", _("Not any more")
    UNKNOWN = "UNKNOWN", _("Unknown")


class RecordQuerySet(TenantQuerySet["Record"]):
    share_column = "dataset_id"
    share_kind = "dataset"


class RecordManager(models.Manager.from_queryset(RecordQuerySet)):  # type: ignore[misc]
    """Leaves the search columns in the database: they are only ever compared and counted there."""

    def get_queryset(self) -> RecordQuerySet:
        found: RecordQuerySet = super().get_queryset().defer("search_text", "search_vector", "facets")
        return found


class Record(TenantOwned):
    """One entry of the catalogue. Of an own dataset (`dataset`), or harvested from a source (`source`, `identifier` there).

    distributions of a harvested record: [{"title", "access_url", "download_url", "format", "media_type", "licence"}]; own ones follow from
    the dataset, so that [{"format"}] alone is kept, to be found by. service of a layer or service: {"type": WMS|WFS|WMTS|OAF|…, "url", "layer", "version", "crs": […], "formats": […]}.
    foreign: what the source said beyond our fields, for giving it out again. facets: ["theme:ENVI", "format:CSV", …].
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(_("Kind"), max_length=8, choices=RecordKind, default=RecordKind.DATASET)
    dataset = models.ForeignKey(
        Dataset, on_delete=models.CASCADE, null=True, related_name="records", verbose_name=_("Dataset")
    )
    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, null=True, related_name="records", verbose_name=_("Source")
    )
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="parts", verbose_name=_("Part of")
    )
    identifier = models.CharField(_("Identifier"), max_length=500)
    title = models.CharField(_("Title"), max_length=500)
    description = models.TextField(_("Description"), blank=True)
    keywords = ArrayField(
        models.CharField(max_length=200), verbose_name=_("Keywords"), default=list, blank=True
    )
    themes = ArrayField(
        models.CharField(max_length=4, choices=Theme), verbose_name=_("Themes"), default=list, blank=True
    )
    topics = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("ISO 19115 topic categories"),
        default=list,
        blank=True,
    )
    inspire_themes = ArrayField(
        models.CharField(max_length=200), verbose_name=_("INSPIRE themes"), default=list, blank=True
    )
    licence = models.CharField(_("Licence"), max_length=40, choices=Licence, blank=True)
    licence_url = models.URLField(_("Address of the licence"), max_length=1000, blank=True)
    attribution = models.CharField(_("Attribution"), max_length=500, blank=True)
    publisher = models.CharField(_("Publisher"), max_length=300, blank=True)
    contact_name = models.CharField(_("Contact"), max_length=300, blank=True)
    contact_email = models.EmailField(_("E-mail of the contact"), blank=True)
    contact_url = models.URLField(_("Web page of the contact"), max_length=1000, blank=True)
    frequency = models.CharField(_("Updated"), max_length=10, choices=Frequency, blank=True)
    language = models.CharField(_("Language"), max_length=3, default="de")
    lineage = models.TextField(_("How the data came about"), blank=True)
    resolution = models.PositiveIntegerField(_("Scale 1 :"), null=True, blank=True)
    issued = models.DateField(_("First published"), null=True, blank=True)
    modified = models.DateTimeField(_("Data of"), null=True, blank=True)
    time_start = models.DateField(_("Time from"), null=True, blank=True)
    time_end = models.DateField(_("Time to"), null=True, blank=True)
    extent = models.PolygonField(
        _("Extent"), srid=settings.TWIN_SRID, null=True, blank=True, spatial_index=False
    )
    landing_page = models.URLField(_("Web page"), max_length=1000, blank=True)
    distributions = models.JSONField(_("Distributions"), default=list, blank=True)
    service = models.JSONField(_("Service"), default=dict, blank=True)
    foreign = models.JSONField(default=dict, blank=True)
    is_public = models.BooleanField(_("Public"), default=False)
    is_gone = models.BooleanField(
        _("Gone at the source"), default=False, help_text=_("Kept and no longer listed")
    )
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("Changed"), auto_now=True)
    search_text = models.GeneratedField(
        expression=Func(
            F("title"),
            F("description"),
            F("publisher"),
            F("keywords"),
            function="kz_record_text",
            output_field=models.TextField(),
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    search_vector = models.GeneratedField(
        expression=SearchVector(
            Func(
                F("title"),
                F("description"),
                F("publisher"),
                F("keywords"),
                function="kz_record_text",
                output_field=models.TextField(),
            ),
            config="german",
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    facets = models.GeneratedField(
        expression=Func(
            F("kind"),
            F("licence"),
            F("publisher"),
            F("themes"),
            F("distributions"),
            F("service"),
            function="kz_record_facets",
            output_field=models.JSONField(),
        ),
        output_field=models.JSONField(),
        db_persist=True,
    )
    objects: ClassVar[Any] = RecordManager()

    class Meta:
        verbose_name = _("Catalogue record")
        verbose_name_plural = _("Catalogue records")
        ordering = ("-changed_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "public_id"), name="record_public_id"),
            models.UniqueConstraint(
                fields=("tenant", "dataset"),
                condition=models.Q(dataset__isnull=False),
                name="record_of_dataset",
            ),
            models.UniqueConstraint(
                fields=("tenant", "source", "identifier"),
                condition=models.Q(source__isnull=False),
                name="record_of_source",
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "id"), include=("is_public",), name="record_of_tenant"),
            models.Index(fields=("public_id",), name="record_address"),
            models.Index(fields=("-changed_at", "-id"), name="record_recent"),
            GistIndex(fields=("extent",), name="record_place"),
            GinIndex(fields=("themes",), name="record_themes"),
            GinIndex(fields=("keywords",), name="record_keywords"),
            GinIndex(fields=("search_vector",), name="record_search"),
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="record_part"),
            GinIndex(fields=("facets",), opclasses=("jsonb_path_ops",), name="record_facets"),
            models.Index(Collate("title", "de-x-icu"), "id", name="record_title"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalogue:record", args=[self.public_id])
