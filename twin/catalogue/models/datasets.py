"""Datasets: what a tenant delivers, version by version, and its features in PostGIS."""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.models import Job, PrivateFile, Tenant, TenantOwned, TenantQuerySet, User
from tenants.permissions import SHARE_PERMISSIONS

WEB_MERCATOR = 3857
AREAS = ("Polygon", "MultiPolygon")  # kinds of geometry
LINES = ("LineString", "MultiLineString")
POINTS = ("Point", "MultiPoint")


class DatasetKind(models.TextChoices):
    VECTOR = "vector", _("Features")
    RASTER = "raster", _("Raster")
    TABLE = "table", _("Table without geometry")


class VersionState(models.TextChoices):
    PENDING = "pending", _("Being imported")
    READY = "ready", _("Ready")


class AreaRole(models.TextChoices):
    """What the areas of a dataset mean in law, whoever's data they are; an analysis looks for them by it."""

    FLOODPLAIN = "floodplain", _("Festgesetztes Überschwemmungsgebiet (§ 76 Abs. 2 WHG)")
    PROVISIONAL = "provisional", _("Vorläufig gesichertes Überschwemmungsgebiet (§ 76 Abs. 3 WHG)")
    RISK = "risk", _("Risikogebiet außerhalb von Überschwemmungsgebieten (§ 78b WHG)")
    ORIGIN = "origin", _("Hochwasserentstehungsgebiet (§ 78d WHG, § 76 SächsWG)")
    THREATENED = "threatened", _("Überschwemmungsgefährdetes Gebiet (§ 75 SächsWG)")
    RESERVE = "reserve", _("Naturschutzgebiet oder Nationalpark (§§ 23, 24 BNatSchG)")
    LANDSCAPE = "landscape", _("Landschaftsschutzgebiet (§ 26 BNatSchG)")
    NATURA = "natura", _("Natura-2000-Gebiet (§§ 31 bis 36 BNatSchG)")
    BIOTOPE = "biotope", _("Gesetzlich geschütztes Biotop (§ 30 BNatSchG)")
    PROTECTED = "protected", _("Anderes Schutzgebiet (§§ 25, 27 bis 29 BNatSchG)")
    INFRASTRUCTURE = "infrastructure", _("Anlagen und Netze der Infrastruktur")


class DataFormat(TenantOwned):
    """What a kind of data must look like, set by the county for all towns (trees, playgrounds, building land). Public.

    fields: [{"name", "label", "type": string|integer|number|boolean|date|datetime, "required", "choices", "unit", "help"}].
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("Short name"))
    title = models.CharField(_("Title"), max_length=200)
    description = models.TextField(_("Description"), blank=True)
    geometry_type = models.CharField(
        _("Geometry"),
        max_length=20,
        blank=True,
        choices=[("Point", _("Points")), ("LineString", _("Lines")), ("Polygon", _("Areas"))],
    )
    fields = models.JSONField(_("Attributes"), default=list)
    key_field = models.CharField(_("Attribute that names each feature"), max_length=63, blank=True)
    is_public = models.BooleanField(_("Public"), default=True)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("Changed"), auto_now=True)

    class Meta:
        verbose_name = _("Data format")
        verbose_name_plural = _("Data formats")
        ordering = ("title",)
        constraints = (
            models.UniqueConstraint(fields=("tenant", "slug"), name="dataformat_slug"),
            models.UniqueConstraint(fields=("tenant", "public_id"), name="dataformat_public_id"),
        )

    def __str__(self) -> str:
        return self.title


class DatasetQuerySet(TenantQuerySet["Dataset"]):
    share_column = "id"
    share_kind = "dataset"

    def delivered(self) -> Self:
        """With a version that can be read."""
        return self.filter(current_version__isnull=False)

    def of_areas(self) -> Self:
        """Whose areas mean something in law."""
        return self.delivered().exclude(role="").filter(current_version__geometry_type__in=AREAS)


class Dataset(TenantOwned):
    """Data of one tenant under one name. What it says of itself is its record; what it holds is its current version."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("Short name in addresses"), max_length=100)
    title = models.CharField(_("Title"), max_length=300)
    kind = models.CharField(_("Kind"), max_length=10, choices=DatasetKind)
    data_format = models.UUIDField(
        _("Data format"), null=True, blank=True, help_text=_("Public id of the county's declared format")
    )
    key_field = models.CharField(_("Attribute that names each feature"), max_length=63, blank=True)
    time_field = models.CharField(_("Attribute that holds the time"), max_length=63, blank=True)
    style = models.JSONField(
        _("Style"), default=dict, blank=True, help_text=_("Mapbox style layers; empty: by geometry")
    )
    role = models.CharField(_("Meaning of the areas"), max_length=14, choices=AreaRole, blank=True)
    is_public = models.BooleanField(_("Public"), default=False)
    published_at = models.DateTimeField(_("Published"), null=True, blank=True)
    current_version = models.ForeignKey(
        "DatasetVersion",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("Current version"),
    )
    refresh_url = models.URLField(_("Address to refresh from"), max_length=1000, blank=True)
    refresh_hours = models.PositiveIntegerField(_("Refreshed every … hours"), null=True, blank=True)
    refreshed_at = models.DateTimeField(_("Last refreshed"), null=True, blank=True)
    refresh_error = models.TextField(_("Why the last refresh failed"), blank=True)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("Changed"), auto_now=True)
    objects: ClassVar[Any] = DatasetQuerySet.as_manager()

    class Meta:
        verbose_name = _("Dataset")
        verbose_name_plural = _("Datasets")
        ordering = ("title", "id")
        permissions = SHARE_PERMISSIONS
        constraints = (
            models.UniqueConstraint(fields=("tenant", "public_id"), name="dataset_public_id"),
            models.UniqueConstraint(fields=("tenant", "slug"), name="dataset_slug"),
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(current_version__isnull=False),
                name="dataset_public_has_version",
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "id"), include=("is_public",), name="dataset_of_tenant"),
            models.Index(fields=("public_id",), name="dataset_address"),
            models.Index(fields=("-changed_at", "-id"), name="dataset_recent"),
            models.Index(
                fields=("title", "id"), name="dataset_title"
            ),  # lists of collections go on from a title
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalogue:dataset", args=[self.public_id])


class DatasetChildQuerySet(TenantQuerySet[Any]):
    share_column = "dataset_id"
    share_kind = "dataset"


class DatasetChild(TenantOwned):
    """Abstract: a row of a dataset; it carries the dataset's id so that a single share opens it."""

    tenant = models.ForeignKey(
        Tenant,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("Tenant"),
    )
    dataset = models.ForeignKey(
        Dataset,
        on_delete=models.CASCADE,
        related_name="%(class)ss",
        db_constraint=False,
        db_index=False,
        verbose_name=_("Dataset"),
    )
    objects: ClassVar[Any] = DatasetChildQuerySet.as_manager()

    class Meta:
        abstract = True


class DatasetVersion(DatasetChild):
    """One delivery, never changed once it is ready. Readers other than the tenant's own see the current one.

    fields: [{"name", "label", "type"}] in the order of the file; extent: in EPSG:25833; report: {"rows", "kept", "findings": […]};
    added, changed, gone: against the version before; raster: a Cloud Optimized GeoTIFF in EPSG:25833, its grid in `grid`.
    """

    number = models.PositiveIntegerField(_("Version"))
    state = models.CharField(_("State"), max_length=8, choices=VersionState, default=VersionState.PENDING)
    file = models.ForeignKey(
        PrivateFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Delivered file")
    )
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    layer = models.CharField(_("Layer"), max_length=300, blank=True)
    source_crs = models.CharField(_("Reference system of the file"), max_length=200, blank=True)
    fields = models.JSONField(_("Attributes"), default=list)
    geometry_type = models.CharField(_("Geometry"), max_length=20, blank=True)
    feature_count = models.PositiveBigIntegerField(_("Features"), default=0)
    extent = models.PolygonField(_("Extent"), srid=settings.TWIN_SRID, null=True)
    time_start = models.DateTimeField(_("Time from"), null=True)
    time_end = models.DateTimeField(_("Time to"), null=True)
    raster = models.ForeignKey(
        PrivateFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Raster")
    )
    grid = models.JSONField(_("Grid of the raster"), default=dict)
    report = models.JSONField(_("Report"), default=dict)
    added = models.PositiveBigIntegerField(_("Added"), default=0)
    changed = models.PositiveBigIntegerField(_("Changed"), default=0)
    gone = models.PositiveBigIntegerField(_("Gone"), default=0)
    restored_from = models.PositiveIntegerField(_("Restored from version"), null=True)
    created_at = models.DateTimeField(_("Delivered"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Delivered by")
    )
    is_public = models.BooleanField(_("Public"), default=False)

    class Meta:
        verbose_name = _("Version of a dataset")
        verbose_name_plural = _("Versions of datasets")
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("tenant", "dataset", "number"), name="datasetversion_number"),
        )

    def __str__(self) -> str:
        return f"{self.number}"


class Feature(DatasetChild):
    """A feature from version `since` on, up to (not including) version `until`; empty: it is in the current version.

    What did not change between two deliveries is one row, so versions cost what changed in them, and a difference is a query.
    key: value of the dataset's key attribute, else of `digest`; digest: SHA-256 of geometry and attributes, first 16 bytes in hex.
    body: `"geometry":…,"properties":…` as GeoJSON in WGS84 (RFC 7946, 7 decimals), made once, so that an answer only joins texts.
    """

    since = models.PositiveIntegerField(_("From version"))
    until = models.PositiveIntegerField(_("Up to version"), null=True)
    # compared byte by byte: by the rules of a language each would cost twice as much to index
    key = models.CharField(_("Key"), max_length=200, db_collation="C")
    digest = models.CharField(max_length=32, db_collation="C")
    properties = models.JSONField(_("Attributes"), default=dict)
    geometry = models.GeometryField(_("Geometry"), srid=settings.TWIN_SRID, null=True, spatial_index=False)
    geometry_3857 = models.GeometryField(
        srid=WEB_MERCATOR, null=True, spatial_index=False, help_text=_("For tiles")
    )
    body = models.TextField(help_text=_("GeoJSON without its braces and id"))
    is_public = models.BooleanField(_("Public"), default=False)

    class Meta:
        verbose_name = _("Feature")
        verbose_name_plural = _("Features")
        ordering = ("id",)
        indexes = (
            models.Index(fields=("dataset", "id"), condition=Q(until__isnull=True), name="feature_current"),
            models.Index(fields=("dataset", "key"), condition=Q(until__isnull=True), name="feature_key"),
            models.Index(fields=("dataset", "since"), name="feature_since"),
            models.Index(fields=("dataset", "until"), condition=Q(until__isnull=False), name="feature_until"),
            # every town's data lie in the same county: the dataset first, then the place; one index of places, since it is what
            # costs most when features come in
            GistIndex(
                fields=("dataset", "geometry_3857"), condition=Q(until__isnull=True), name="feature_tile"
            ),
            # what a delivery brings waits in a list (kB), which PostgreSQL sorts in afterwards
            GinIndex(
                fields=("properties",),
                opclasses=("jsonb_path_ops",),
                gin_pending_list_limit=1 << 16,
                name="feature_properties",
            ),  # fmt: skip
        )

    def __str__(self) -> str:
        return self.key


class Upload(TenantOwned):
    """A file that arrives in pieces (resumable, tus 1.0.0); its bytes lie in PRIVATE_ROOT until it is whole."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(_("File name"), max_length=255)
    size = models.PositiveBigIntegerField(_("Size in bytes"))
    received = models.PositiveBigIntegerField(_("Bytes received"), default=0)
    file = models.ForeignKey(
        PrivateFile, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("File")
    )
    job = models.ForeignKey(
        Job, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("Job")
    )
    preview = models.JSONField(_("What was found in it"), default=dict)
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Uploaded by")
    )
    created_at = models.DateTimeField(_("Begun"), auto_now_add=True)

    class Meta:
        verbose_name = _("Upload")
        verbose_name_plural = _("Uploads")
        constraints = (models.UniqueConstraint(fields=("tenant", "public_id"), name="upload_public_id"),)

    def __str__(self) -> str:
        return self.name
