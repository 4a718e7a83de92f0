"""Datasets, records, sources; records are searched by kz_record_text and sorted into kz_record_facets."""

import uuid
from typing import ClassVar

import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

from tenants.creation import CreateModels

RECORD_TEXT = migrations.RunSQL(
    sql="""CREATE FUNCTION public.kz_record_text(text, text, text, text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        AS $$ SELECT public.kz_fold(concat_ws(' ', $1, $2, $3, array_to_string($4, ' '))) $$""",
    reverse_sql="DROP FUNCTION public.kz_record_text(text, text, text, text[])",
)

RECORD_FACETS = migrations.RunSQL(
    sql="""CREATE FUNCTION public.kz_record_facets(text, text, text, text[], jsonb, jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
        AS $$ SELECT coalesce(jsonb_agg(DISTINCT token), '[]') FROM (
            SELECT 'kind:' || $1
            UNION ALL SELECT 'licence:' || $2 WHERE $2 <> ''
            UNION ALL SELECT 'publisher:' || $3 WHERE $3 <> ''
            UNION ALL SELECT 'theme:' || theme FROM unnest($4) theme
            UNION ALL SELECT 'format:' || format FROM (
                SELECT upper(regexp_replace(one ->> 'format', '^.*[/#]', '')) format
                FROM jsonb_array_elements(CASE jsonb_typeof($5) WHEN 'array' THEN $5 ELSE '[]' END) one
                UNION ALL SELECT upper($6 ->> 'type')) formats
            WHERE format <> '') all_of_them(token) $$""",
    reverse_sql="DROP FUNCTION public.kz_record_facets(text, text, text, text[], jsonb, jsonb)",
)


class Migration(migrations.Migration):
    initial = True
    replaces: ClassVar = [
        ("catalogue", "0001_records_datasets_sources"),
        ("catalogue", "0003_record_facets"),
        ("catalogue", "0004_cheap_to_fill"),
        ("catalogue", "0005_dataset_title"),
        ("catalogue", "0006_keys_by_bytes"),
    ]

    dependencies: ClassVar = [
        ("participation", "0001_initial"),
        ("tenants", "0002_wall"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        RECORD_TEXT,
        RECORD_FACETS,
        CreateModels(
            migrations.CreateModel(
                name="DataFormat",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                    ("slug", models.SlugField(verbose_name="Short name")),
                    ("title", models.CharField(max_length=200, verbose_name="Title")),
                    ("description", models.TextField(blank=True, verbose_name="Description")),
                    (
                        "geometry_type",
                        models.CharField(
                            blank=True,
                            choices=[("Point", "Points"), ("LineString", "Lines"), ("Polygon", "Areas")],
                            max_length=20,
                            verbose_name="Geometry",
                        ),
                    ),
                    ("fields", models.JSONField(default=list, verbose_name="Attributes")),
                    (
                        "key_field",
                        models.CharField(
                            blank=True, max_length=63, verbose_name="Attribute that names each feature"
                        ),
                    ),
                    ("is_public", models.BooleanField(default=True, verbose_name="Public")),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Created")),
                    ("changed_at", models.DateTimeField(auto_now=True, verbose_name="Changed")),
                ],
                options={
                    "verbose_name": "Data format",
                    "verbose_name_plural": "Data formats",
                    "ordering": ("title",),
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "slug"), name="dataformat_slug"),
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="dataformat_public_id"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Dataset",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                    ("slug", models.SlugField(max_length=100, verbose_name="Short name in addresses")),
                    ("title", models.CharField(max_length=300, verbose_name="Title")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("vector", "Features"),
                                ("raster", "Raster"),
                                ("table", "Table without geometry"),
                            ],
                            max_length=10,
                            verbose_name="Kind",
                        ),
                    ),
                    (
                        "data_format",
                        models.UUIDField(
                            blank=True,
                            help_text="Public id of the county's declared format",
                            null=True,
                            verbose_name="Data format",
                        ),
                    ),
                    (
                        "key_field",
                        models.CharField(
                            blank=True, max_length=63, verbose_name="Attribute that names each feature"
                        ),
                    ),
                    (
                        "time_field",
                        models.CharField(
                            blank=True, max_length=63, verbose_name="Attribute that holds the time"
                        ),
                    ),
                    (
                        "style",
                        models.JSONField(
                            blank=True,
                            default=dict,
                            help_text="Mapbox style layers; empty: by geometry",
                            verbose_name="Style",
                        ),
                    ),
                    ("is_public", models.BooleanField(default=False, verbose_name="Public")),
                    ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="Published")),
                    (
                        "current_version",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="catalogue.datasetversion",
                            verbose_name="Current version",
                        ),
                    ),
                    (
                        "refresh_url",
                        models.URLField(blank=True, max_length=1000, verbose_name="Address to refresh from"),
                    ),
                    (
                        "refresh_hours",
                        models.PositiveIntegerField(
                            blank=True, null=True, verbose_name="Refreshed every … hours"
                        ),
                    ),
                    (
                        "refreshed_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="Last refreshed"),
                    ),
                    (
                        "refresh_error",
                        models.TextField(blank=True, verbose_name="Why the last refresh failed"),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Created")),
                    ("changed_at", models.DateTimeField(auto_now=True, verbose_name="Changed")),
                ],
                options={
                    "verbose_name": "Dataset",
                    "verbose_name_plural": "Datasets",
                    "ordering": ("title", "id"),
                    "permissions": (
                        ("as_external_planner", "Shared as external_planner"),
                        ("as_body", "Shared as body"),
                        ("as_reader", "Shared as reader"),
                    ),
                    "indexes": [
                        models.Index(
                            fields=["tenant", "id"], include=("is_public",), name="dataset_of_tenant"
                        ),
                        models.Index(fields=["public_id"], name="dataset_address"),
                        models.Index(fields=["-changed_at", "-id"], name="dataset_recent"),
                        models.Index(fields=["title", "id"], name="dataset_title"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="dataset_public_id"),
                        models.UniqueConstraint(fields=("tenant", "slug"), name="dataset_slug"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("is_public", False), ("current_version__isnull", False), _connector="OR"
                            ),
                            name="dataset_public_has_version",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="DatasetVersion",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    (
                        "dataset",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="catalogue.dataset",
                            verbose_name="Dataset",
                        ),
                    ),
                    ("number", models.PositiveIntegerField(verbose_name="Version")),
                    (
                        "state",
                        models.CharField(
                            choices=[("pending", "Being imported"), ("ready", "Ready")],
                            default="pending",
                            max_length=8,
                            verbose_name="State",
                        ),
                    ),
                    (
                        "file",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.privatefile",
                            verbose_name="Delivered file",
                        ),
                    ),
                    ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                    ("layer", models.CharField(blank=True, max_length=300, verbose_name="Layer")),
                    (
                        "source_crs",
                        models.CharField(
                            blank=True, max_length=200, verbose_name="Reference system of the file"
                        ),
                    ),
                    ("fields", models.JSONField(default=list, verbose_name="Attributes")),
                    ("geometry_type", models.CharField(blank=True, max_length=20, verbose_name="Geometry")),
                    ("feature_count", models.PositiveBigIntegerField(default=0, verbose_name="Features")),
                    (
                        "extent",
                        django.contrib.gis.db.models.fields.PolygonField(
                            null=True, srid=25833, verbose_name="Extent"
                        ),
                    ),
                    ("time_start", models.DateTimeField(null=True, verbose_name="Time from")),
                    ("time_end", models.DateTimeField(null=True, verbose_name="Time to")),
                    (
                        "raster",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.privatefile",
                            verbose_name="Raster",
                        ),
                    ),
                    ("grid", models.JSONField(default=dict, verbose_name="Grid of the raster")),
                    ("report", models.JSONField(default=dict, verbose_name="Report")),
                    ("added", models.PositiveBigIntegerField(default=0, verbose_name="Added")),
                    ("changed", models.PositiveBigIntegerField(default=0, verbose_name="Changed")),
                    ("gone", models.PositiveBigIntegerField(default=0, verbose_name="Gone")),
                    (
                        "restored_from",
                        models.PositiveIntegerField(null=True, verbose_name="Restored from version"),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Delivered")),
                    (
                        "created_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Delivered by",
                        ),
                    ),
                    ("is_public", models.BooleanField(default=False, verbose_name="Public")),
                ],
                options={
                    "verbose_name": "Version of a dataset",
                    "verbose_name_plural": "Versions of datasets",
                    "ordering": ("-number",),
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("tenant", "dataset", "number"), name="datasetversion_number"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Feature",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    (
                        "dataset",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="catalogue.dataset",
                            verbose_name="Dataset",
                        ),
                    ),
                    ("since", models.PositiveIntegerField(verbose_name="From version")),
                    ("until", models.PositiveIntegerField(null=True, verbose_name="Up to version")),
                    ("key", models.CharField(db_collation="C", max_length=200, verbose_name="Key")),
                    ("digest", models.CharField(db_collation="C", max_length=32)),
                    ("properties", models.JSONField(default=dict, verbose_name="Attributes")),
                    (
                        "geometry",
                        django.contrib.gis.db.models.fields.GeometryField(
                            null=True, spatial_index=False, srid=25833, verbose_name="Geometry"
                        ),
                    ),
                    (
                        "geometry_3857",
                        django.contrib.gis.db.models.fields.GeometryField(
                            help_text="For tiles", null=True, spatial_index=False, srid=3857
                        ),
                    ),
                    ("body", models.TextField(help_text="GeoJSON without its braces and id")),
                    ("is_public", models.BooleanField(default=False, verbose_name="Public")),
                ],
                options={
                    "verbose_name": "Feature",
                    "verbose_name_plural": "Features",
                    "ordering": ("id",),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("until__isnull", True)),
                            fields=["dataset", "id"],
                            name="feature_current",
                        ),
                        models.Index(
                            condition=models.Q(("until__isnull", True)),
                            fields=["dataset", "key"],
                            name="feature_key",
                        ),
                        models.Index(fields=["dataset", "since"], name="feature_since"),
                        models.Index(
                            condition=models.Q(("until__isnull", False)),
                            fields=["dataset", "until"],
                            name="feature_until",
                        ),
                        django.contrib.postgres.indexes.GistIndex(
                            condition=models.Q(("until__isnull", True)),
                            fields=["dataset", "geometry_3857"],
                            name="feature_tile",
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            fields=["properties"],
                            gin_pending_list_limit=65536,
                            name="feature_properties",
                            opclasses=("jsonb_path_ops",),
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Upload",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                    ("name", models.CharField(max_length=255, verbose_name="File name")),
                    ("size", models.PositiveBigIntegerField(verbose_name="Size in bytes")),
                    ("received", models.PositiveBigIntegerField(default=0, verbose_name="Bytes received")),
                    (
                        "file",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="tenants.privatefile",
                            verbose_name="File",
                        ),
                    ),
                    (
                        "job",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="tenants.job",
                            verbose_name="Job",
                        ),
                    ),
                    ("preview", models.JSONField(default=dict, verbose_name="What was found in it")),
                    (
                        "actor",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Uploaded by",
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Begun")),
                ],
                options={
                    "verbose_name": "Upload",
                    "verbose_name_plural": "Uploads",
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="upload_public_id")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Source",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("WMS", "WMS"),
                                ("WFS", "WFS"),
                                ("WMTS", "WMTS"),
                                ("OAF", "OGC API Features"),
                                ("CSW", "CSW"),
                                ("DCAT", "DCAT"),
                                ("ArcGIS", "ArcGIS FeatureServer"),
                                ("STA", "SensorThings"),
                            ],
                            max_length=8,
                            verbose_name="Kind",
                        ),
                    ),
                    ("url", models.URLField(max_length=1000, verbose_name="Address")),
                    ("title", models.CharField(blank=True, max_length=500, verbose_name="Title")),
                    (
                        "use",
                        models.CharField(
                            choices=[("base", "Base map"), ("overlay", "Overlay"), ("none", "Not on maps")],
                            default="overlay",
                            max_length=8,
                            verbose_name="Use on maps",
                        ),
                    ),
                    ("is_public", models.BooleanField(default=False, verbose_name="Public")),
                    ("active", models.BooleanField(default=True, verbose_name="Harvested and watched")),
                    (
                        "harvest_hours",
                        models.PositiveIntegerField(default=24, verbose_name="Harvested every … hours"),
                    ),
                    (
                        "probe_minutes",
                        models.PositiveIntegerField(default=60, verbose_name="Watched every … minutes"),
                    ),
                    ("settled", models.CharField(blank=True, max_length=64)),
                    ("harvested_at", models.DateTimeField(null=True, verbose_name="Last harvested")),
                    ("probed_at", models.DateTimeField(null=True, verbose_name="Last watched")),
                    ("is_up", models.BooleanField(null=True, verbose_name="Answers")),
                    ("failures", models.PositiveIntegerField(default=0, verbose_name="Failures in a row")),
                    (
                        "told_at",
                        models.DateTimeField(help_text="When somebody was told of the failure", null=True),
                    ),
                    ("error", models.TextField(blank=True, verbose_name="Last error")),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Created")),
                ],
                options={
                    "verbose_name": "Source",
                    "verbose_name_plural": "Sources",
                    "ordering": ("title", "id"),
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="source_public_id"),
                        models.UniqueConstraint(fields=("tenant", "kind", "url"), name="source_address"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Harvest",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    (
                        "source",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="catalogue.source",
                            verbose_name="Source",
                        ),
                    ),
                    ("is_public", models.BooleanField(default=False, verbose_name="Public")),
                    ("at", models.DateTimeField(verbose_name="When")),
                    ("ok", models.BooleanField(verbose_name="Succeeded")),
                    ("error", models.TextField(blank=True, verbose_name="Error")),
                    ("added", models.PositiveIntegerField(default=0, verbose_name="Added")),
                    ("changed", models.PositiveIntegerField(default=0, verbose_name="Changed")),
                    ("gone", models.PositiveIntegerField(default=0, verbose_name="Gone")),
                    ("changes", models.JSONField(default=dict, verbose_name="Changes")),
                ],
                options={
                    "verbose_name": "Harvest",
                    "verbose_name_plural": "Harvests",
                    "ordering": ("-at", "-id"),
                    "indexes": [models.Index(fields=["source", "-at"], name="harvest_recent")],
                },
            ),
            migrations.CreateModel(
                name="Probe",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    (
                        "source",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="catalogue.source",
                            verbose_name="Source",
                        ),
                    ),
                    ("is_public", models.BooleanField(default=False, verbose_name="Public")),
                    ("at", models.DateTimeField(verbose_name="When")),
                    ("check_name", models.CharField(max_length=60, verbose_name="Check")),
                    ("ok", models.BooleanField(verbose_name="Succeeded")),
                    ("status", models.PositiveSmallIntegerField(null=True, verbose_name="HTTP status")),
                    ("milliseconds", models.PositiveIntegerField(verbose_name="Milliseconds")),
                    ("message", models.TextField(blank=True, verbose_name="Message")),
                ],
                options={
                    "verbose_name": "Probe",
                    "verbose_name_plural": "Probes",
                    "ordering": ("-at", "-id"),
                    "indexes": [
                        models.Index(fields=["source", "-at"], name="probe_recent"),
                        models.Index(
                            condition=models.Q(("ok", False)), fields=["source"], name="probe_failed"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Record",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("dataset", "Dataset"),
                                ("service", "Service"),
                                ("series", "Dataset series"),
                            ],
                            default="dataset",
                            max_length=8,
                            verbose_name="Kind",
                        ),
                    ),
                    (
                        "dataset",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="records",
                            to="catalogue.dataset",
                            verbose_name="Dataset",
                        ),
                    ),
                    (
                        "source",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="records",
                            to="catalogue.source",
                            verbose_name="Source",
                        ),
                    ),
                    (
                        "parent",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="parts",
                            to="catalogue.record",
                            verbose_name="Part of",
                        ),
                    ),
                    ("identifier", models.CharField(max_length=500, verbose_name="Identifier")),
                    ("title", models.CharField(max_length=500, verbose_name="Title")),
                    ("description", models.TextField(blank=True, verbose_name="Description")),
                    (
                        "keywords",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=200),
                            blank=True,
                            default=list,
                            size=None,
                            verbose_name="Keywords",
                        ),
                    ),
                    (
                        "themes",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(
                                choices=[
                                    ("AGRI", "Agriculture, fisheries, forestry and food"),
                                    ("ECON", "Economy and finance"),
                                    ("EDUC", "Education, culture and sport"),
                                    ("ENER", "Energy"),
                                    ("ENVI", "Environment"),
                                    ("GOVE", "Government and public sector"),
                                    ("HEAL", "Health"),
                                    ("INTR", "International issues"),
                                    ("JUST", "Justice, legal system and public safety"),
                                    ("REGI", "Regions and cities"),
                                    ("SOCI", "Population and society"),
                                    ("TECH", "Science and technology"),
                                    ("TRAN", "Transport"),
                                ],
                                max_length=4,
                            ),
                            blank=True,
                            default=list,
                            size=None,
                            verbose_name="Themes",
                        ),
                    ),
                    (
                        "topics",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=40),
                            blank=True,
                            default=list,
                            size=None,
                            verbose_name="ISO 19115 topic categories",
                        ),
                    ),
                    (
                        "inspire_themes",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=200),
                            blank=True,
                            default=list,
                            size=None,
                            verbose_name="INSPIRE themes",
                        ),
                    ),
                    (
                        "licence",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("dl-zero-de/2.0", "Datenlizenz Deutschland – Zero – Version 2.0"),
                                ("dl-by-de/2.0", "Datenlizenz Deutschland – Namensnennung – Version 2.0"),
                                ("cc-zero", "Creative Commons CC Zero (CC0 1.0)"),
                                ("cc-by/4.0", "Creative Commons Namensnennung 4.0 (CC BY 4.0)"),
                                (
                                    "cc-by-sa/4.0",
                                    "Creative Commons Namensnennung – Weitergabe unter gleichen Bedingungen 4.0 (CC BY-SA 4.0)",
                                ),
                                (
                                    "geonutz/20130319",
                                    "Nutzungsbestimmungen für die Bereitstellung von Geodaten des Bundes (GeoNutzV)",
                                ),
                                ("odbl", "Open Data Commons Open Database License (ODbL)"),
                                ("other-open", "Another open licence"),
                                ("other-closed", "Restricted use"),
                            ],
                            max_length=40,
                            verbose_name="Licence",
                        ),
                    ),
                    (
                        "licence_url",
                        models.URLField(blank=True, max_length=1000, verbose_name="Address of the licence"),
                    ),
                    ("attribution", models.CharField(blank=True, max_length=500, verbose_name="Attribution")),
                    ("publisher", models.CharField(blank=True, max_length=300, verbose_name="Publisher")),
                    ("contact_name", models.CharField(blank=True, max_length=300, verbose_name="Contact")),
                    (
                        "contact_email",
                        models.EmailField(blank=True, max_length=254, verbose_name="E-mail of the contact"),
                    ),
                    (
                        "contact_url",
                        models.URLField(blank=True, max_length=1000, verbose_name="Web page of the contact"),
                    ),
                    (
                        "frequency",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("CONT", "Continuously"),
                                ("DAILY", "Daily"),
                                ("WEEKLY", "Weekly"),
                                ("MONTHLY", "Monthly"),
                                ("QUARTERLY", "Every three months"),
                                ("ANNUAL_2", "Every six months"),
                                ("ANNUAL", "Yearly"),
                                ("BIENNIAL", "Every two years"),
                                ("IRREG", "As needed"),
                                ("NEVER", "Not any more"),
                                ("UNKNOWN", "Unknown"),
                            ],
                            max_length=10,
                            verbose_name="Updated",
                        ),
                    ),
                    ("language", models.CharField(default="de", max_length=3, verbose_name="Language")),
                    ("lineage", models.TextField(blank=True, verbose_name="How the data came about")),
                    (
                        "resolution",
                        models.PositiveIntegerField(blank=True, null=True, verbose_name="Scale 1 :"),
                    ),
                    ("issued", models.DateField(blank=True, null=True, verbose_name="First published")),
                    ("modified", models.DateTimeField(blank=True, null=True, verbose_name="Data of")),
                    ("time_start", models.DateField(blank=True, null=True, verbose_name="Time from")),
                    ("time_end", models.DateField(blank=True, null=True, verbose_name="Time to")),
                    (
                        "extent",
                        django.contrib.gis.db.models.fields.PolygonField(
                            blank=True, null=True, spatial_index=False, srid=25833, verbose_name="Extent"
                        ),
                    ),
                    ("landing_page", models.URLField(blank=True, max_length=1000, verbose_name="Web page")),
                    (
                        "distributions",
                        models.JSONField(blank=True, default=list, verbose_name="Distributions"),
                    ),
                    ("service", models.JSONField(blank=True, default=dict, verbose_name="Service")),
                    ("foreign", models.JSONField(blank=True, default=dict)),
                    ("is_public", models.BooleanField(default=False, verbose_name="Public")),
                    (
                        "is_gone",
                        models.BooleanField(
                            default=False,
                            help_text="Kept and no longer listed",
                            verbose_name="Gone at the source",
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Created")),
                    ("changed_at", models.DateTimeField(auto_now=True, verbose_name="Changed")),
                    (
                        "search_text",
                        models.GeneratedField(
                            db_persist=True,
                            expression=models.Func(
                                models.F("title"),
                                models.F("description"),
                                models.F("publisher"),
                                models.F("keywords"),
                                function="kz_record_text",
                                output_field=models.TextField(),
                            ),
                            output_field=models.TextField(),
                        ),
                    ),
                    (
                        "search_vector",
                        models.GeneratedField(
                            db_persist=True,
                            expression=django.contrib.postgres.search.SearchVector(
                                models.Func(
                                    models.F("title"),
                                    models.F("description"),
                                    models.F("publisher"),
                                    models.F("keywords"),
                                    function="kz_record_text",
                                    output_field=models.TextField(),
                                ),
                                config="german",
                            ),
                            output_field=django.contrib.postgres.search.SearchVectorField(),
                        ),
                    ),
                    (
                        "facets",
                        models.GeneratedField(
                            db_persist=True,
                            expression=models.Func(
                                models.F("kind"),
                                models.F("licence"),
                                models.F("publisher"),
                                models.F("themes"),
                                models.F("distributions"),
                                models.F("service"),
                                function="kz_record_facets",
                                output_field=models.JSONField(),
                            ),
                            output_field=models.JSONField(),
                        ),
                    ),
                ],
                options={
                    "verbose_name": "Catalogue record",
                    "verbose_name_plural": "Catalogue records",
                    "ordering": ("-changed_at", "-id"),
                    "indexes": [
                        models.Index(
                            fields=["tenant", "id"], include=("is_public",), name="record_of_tenant"
                        ),
                        models.Index(fields=["public_id"], name="record_address"),
                        models.Index(fields=["-changed_at", "-id"], name="record_recent"),
                        django.contrib.postgres.indexes.GistIndex(fields=["extent"], name="record_place"),
                        django.contrib.postgres.indexes.GinIndex(fields=["themes"], name="record_themes"),
                        django.contrib.postgres.indexes.GinIndex(fields=["keywords"], name="record_keywords"),
                        django.contrib.postgres.indexes.GinIndex(
                            fields=["search_vector"], name="record_search"
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            django.contrib.postgres.indexes.OpClass("search_text", "gin_trgm_ops"),
                            name="record_part",
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            fields=["facets"], name="record_facets", opclasses=("jsonb_path_ops",)
                        ),
                        models.Index(
                            django.db.models.functions.comparison.Collate("title", "de-x-icu"),
                            models.F("id"),
                            name="record_title",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="record_public_id"),
                        models.UniqueConstraint(
                            condition=models.Q(("dataset__isnull", False)),
                            fields=("tenant", "dataset"),
                            name="record_of_dataset",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("source__isnull", False)),
                            fields=("tenant", "source", "identifier"),
                            name="record_of_source",
                        ),
                    ],
                },
            ),
        ),
    ]
