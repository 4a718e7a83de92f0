"""Plans, what they are made of, their procedures, and the work on them."""

import uuid
from typing import ClassVar

import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tenants.creation import CreateModels


class Migration(migrations.Migration):
    initial = True
    replaces: ClassVar = [
        ("planning", "0001_plans"),
        ("planning", "0003_internal_documents"),
        ("planning", "0004_leaner_keys"),
        ("planning", "0005_lifecycle"),
        ("planning", "0006_lifecycle_wall"),
        ("planning", "0007_validation_stages"),
        ("planning", "0008_auskunft"),
        ("planning", "0009_batches"),
        ("planning", "0010_editing"),
        ("planning", "0011_editing_wall"),
        ("planning", "0012_portal_address"),
        ("planning", "0013_documents_rasters"),
        ("planning", "0014_raster_wall"),
        ("planning", "0015_old_plans_reviews"),
        ("planning", "0016_old_plans_wall"),
        ("planning", "0017_addresses"),
        ("planning", "0018_address_wall"),
        ("planning", "0019_cheap_to_fill"),
    ]

    dependencies: ClassVar = [
        ("tenants", "0002_wall"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        CreateModels(
            migrations.CreateModel(
                name="Address",
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
                    ("street", models.CharField(max_length=200, verbose_name="Street")),
                    ("number", models.CharField(max_length=20, verbose_name="House number")),
                    (
                        "suffix",
                        models.CharField(
                            blank=True, max_length=20, verbose_name="Suffix of the house number"
                        ),
                    ),
                    ("postcode", models.CharField(blank=True, max_length=5, verbose_name="Postcode")),
                    ("place", models.CharField(max_length=200, verbose_name="Place")),
                    (
                        "point",
                        django.contrib.gis.db.models.fields.PointField(srid=25833, verbose_name="Location"),
                    ),
                    ("street_key", models.CharField(editable=False, max_length=200)),
                    ("house_key", models.CharField(editable=False, max_length=40)),
                    ("place_key", models.CharField(editable=False, max_length=200)),
                    ("is_public", models.BooleanField(default=True, verbose_name="Public")),
                ],
                options={
                    "verbose_name": "Address",
                    "verbose_name_plural": "Addresses",
                    "ordering": ("street_key", "house_key", "id"),
                    "indexes": [models.Index(fields=["street_key", "house_key"], name="address_by_key")],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("tenant", "street_key", "house_key", "place_key", "postcode"),
                            name="address_once",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Batch",
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
                    ("title", models.CharField(max_length=300, verbose_name="Title")),
                    (
                        "job",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.job",
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Uploaded")),
                    (
                        "created_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Uploaded by",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "Batch of plan files",
                    "verbose_name_plural": "Batches of plan files",
                    "ordering": ("-created_at", "-id"),
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="batch_public_id")
                    ],
                },
            ),
            migrations.CreateModel(
                name="BatchItem",
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
                        "batch",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="items",
                            to="planning.batch",
                        ),
                    ),
                    (
                        "source",
                        models.CharField(
                            help_text="Key of the delivered file", max_length=300, verbose_name="Delivered in"
                        ),
                    ),
                    ("name", models.CharField(max_length=500, verbose_name="File")),
                    ("position", models.PositiveIntegerField(verbose_name="Place in the delivery")),
                    (
                        "job",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.job",
                        ),
                    ),
                    ("findings", models.JSONField(default=list)),
                ],
                options={
                    "verbose_name": "File of a batch",
                    "verbose_name_plural": "Files of batches",
                    "ordering": ("batch", "source", "position"),
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("tenant", "batch", "source", "position"), name="batchitem_position"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="CaptureStatement",
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
                                ("bp", "Bebauungspläne"),
                                ("fp", "Flächennutzungsplan"),
                                ("statutes", "Satzungen (§§ 14, 25, 34, 35, 142, 172 BauGB)"),
                            ],
                            max_length=8,
                            verbose_name="Kind of plans",
                        ),
                    ),
                    (
                        "captured",
                        models.CharField(
                            choices=[
                                ("no", "not captured"),
                                ("partly", "captured in part"),
                                ("yes", "captured completely"),
                            ],
                            max_length=6,
                            verbose_name="Captured",
                        ),
                    ),
                    ("as_of", models.DateField(verbose_name="As of")),
                    ("note", models.CharField(blank=True, max_length=500, verbose_name="Note")),
                    ("is_public", models.BooleanField(default=True, verbose_name="Public")),
                ],
                options={
                    "verbose_name": "Statement of completeness",
                    "verbose_name_plural": "Statements of completeness",
                    "ordering": ("tenant", "kind"),
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="capture_public_id"),
                        models.UniqueConstraint(fields=("tenant", "kind"), name="capture_kind"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Plan",
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
                        "plan_type",
                        models.CharField(
                            choices=[
                                ("BP", "Bebauungsplan"),
                                ("FP", "Flächennutzungsplan"),
                                ("RP", "Regionalplan"),
                                ("LP", "Landschaftsplan"),
                                ("SO", "Sonstiger Plan"),
                            ],
                            max_length=2,
                            verbose_name="Kind of plan",
                        ),
                    ),
                    ("number", models.CharField(blank=True, max_length=200, verbose_name="Number")),
                    ("name", models.CharField(max_length=500, verbose_name="Name")),
                    (
                        "place",
                        models.CharField(
                            blank=True, max_length=500, verbose_name="Municipalities as named in the plan"
                        ),
                    ),
                    (
                        "ags",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=8),
                            blank=True,
                            default=list,
                            size=None,
                            verbose_name="AGS",
                        ),
                    ),
                    ("gml_id", models.CharField(blank=True, max_length=300, verbose_name="gml:id")),
                    ("xplan_version", models.CharField(max_length=5, verbose_name="XPlanGML version")),
                    ("legal_status", models.CharField(blank=True, max_length=20, verbose_name="Rechtsstand")),
                    ("procedure_kind", models.CharField(blank=True, max_length=20, verbose_name="Verfahren")),
                    (
                        "dates",
                        models.JSONField(blank=True, default=dict, verbose_name="Dates stated in the plan"),
                    ),
                    ("valid_from", models.DateField(blank=True, null=True, verbose_name="In force from")),
                    ("valid_until", models.DateField(blank=True, null=True, verbose_name="In force until")),
                    (
                        "track",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("full", "Regelverfahren"),
                                ("simplified", "Vereinfachtes Verfahren (§ 13 BauGB)"),
                                ("accelerated", "Beschleunigtes Verfahren (§ 13a BauGB)"),
                                ("by_law", "Satzung nach § 34 Abs. 4 oder § 35 Abs. 6 BauGB"),
                            ],
                            max_length=11,
                            verbose_name="Kind of procedure",
                        ),
                    ),
                    (
                        "on_project",
                        models.BooleanField(default=False, verbose_name="Vorhabenbezogen (§ 12 BauGB)"),
                    ),
                    (
                        "development",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("developed", "Developed from it (§ 8 Abs. 2 Satz 1 BauGB)"),
                                (
                                    "parallel",
                                    "Parallelverfahren, announced after it (§ 8 Abs. 3 Satz 1 BauGB)",
                                ),
                                ("ahead", "Parallelverfahren, announced before it (§ 8 Abs. 3 Satz 2 BauGB)"),
                                ("standalone", "Without one (§ 8 Abs. 2 Satz 2 BauGB)"),
                                ("early", "Vorzeitiger Bebauungsplan (§ 8 Abs. 4 BauGB)"),
                            ],
                            max_length=11,
                            verbose_name="Relation to the Flächennutzungsplan",
                        ),
                    ),
                    (
                        "amends",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="amendments",
                            to="planning.plan",
                            verbose_name="Changes the plan",
                        ),
                    ),
                    (
                        "amendment",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("change", "Änderung"),
                                ("supplement", "Ergänzung"),
                                ("repeal", "Aufhebung"),
                            ],
                            max_length=10,
                            verbose_name="How it changes that plan",
                        ),
                    ),
                    (
                        "standing",
                        models.CharField(
                            choices=[
                                ("prepared", "In preparation"),
                                ("initiated", "Initiated"),
                                ("early", "Early participation"),
                                ("draft", "Draft decided"),
                                ("published", "Participation"),
                                ("weighed", "Weighed"),
                                ("adopted", "Adopted"),
                                ("submitted", "Approval requested"),
                                ("approved", "Approved"),
                                ("executed", "Executed"),
                                ("in_force", "In force"),
                                ("repairing", "Being repaired"),
                                ("repealed", "Out of force"),
                                ("discontinued", "Discontinued"),
                            ],
                            default="prepared",
                            editable=False,
                            max_length=12,
                            verbose_name="Standing",
                        ),
                    ),
                    (
                        "standing_certain",
                        models.BooleanField(default=False, editable=False, help_text="Not by hearsay"),
                    ),
                    (
                        "area",
                        django.contrib.gis.db.models.fields.MultiPolygonField(
                            srid=25833, verbose_name="Geltungsbereich"
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("draft", "Draft"),
                                ("published", "Published"),
                                ("withdrawn", "Withdrawn"),
                            ],
                            default="draft",
                            max_length=10,
                            verbose_name="State",
                        ),
                    ),
                    ("is_public", models.BooleanField(default=False, verbose_name="Public")),
                    ("published_on", models.DateField(blank=True, null=True, verbose_name="Published on")),
                    (
                        "portal_url",
                        models.URLField(
                            blank=True, max_length=500, verbose_name="Address in the state's planning portal"
                        ),
                    ),
                    (
                        "current_version",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="planning.planversion",
                            verbose_name="Newest version",
                        ),
                    ),
                    (
                        "published_version",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="planning.planversion",
                            verbose_name="Public version",
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Created")),
                    ("changed_at", models.DateTimeField(auto_now=True, verbose_name="Changed")),
                    (
                        "search",
                        models.GeneratedField(
                            db_persist=True,
                            expression=django.contrib.postgres.search.SearchVector(
                                "name", "number", "place", config="german"
                            ),
                            output_field=django.contrib.postgres.search.SearchVectorField(),
                        ),
                    ),
                ],
                options={
                    "verbose_name": "Plan",
                    "verbose_name_plural": "Plans",
                    "ordering": ("-changed_at", "-id"),
                    "permissions": (
                        ("as_external_planner", "Shared as external_planner"),
                        ("as_body", "Shared as body"),
                        ("as_reader", "Shared as reader"),
                    ),
                    "indexes": [
                        models.Index(fields=["tenant", "id"], include=("is_public",), name="plan_of_tenant"),
                        models.Index(fields=["-changed_at", "-id"], name="plan_recent"),
                        models.Index(fields=["tenant", "standing"], name="plan_on_board"),
                        models.Index(fields=["tenant", "plan_type", "gml_id"], name="plan_match"),
                        models.Index(fields=["public_id"], name="plan_address"),
                        django.contrib.postgres.indexes.GinIndex(fields=["ags"], name="plan_ags"),
                        django.contrib.postgres.indexes.GinIndex(fields=["search"], name="plan_search"),
                        django.contrib.postgres.indexes.GinIndex(
                            django.contrib.postgres.indexes.OpClass("name", "gin_trgm_ops"),
                            name="plan_name_part",
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            django.contrib.postgres.indexes.OpClass("number", "gin_trgm_ops"),
                            name="plan_number_part",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="plan_public_id"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("is_public", False), ("published_version__isnull", False), _connector="OR"
                            ),
                            name="plan_public_has_version",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PlanVersion",
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
                        "plan",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="planning.plan",
                            verbose_name="Plan",
                        ),
                    ),
                    ("number", models.PositiveIntegerField(verbose_name="Version")),
                    (
                        "file",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.privatefile",
                            verbose_name="File",
                        ),
                    ),
                    ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                    ("xplan_version", models.CharField(max_length=5, verbose_name="XPlanGML version")),
                    (
                        "origin",
                        models.CharField(
                            choices=[
                                ("delivered", "Delivered"),
                                ("lifecycle", "Written from the steps of the procedure"),
                                ("edited", "Edited here"),
                                ("founded", "Begun here"),
                                ("legacy", "Made from an old plan"),
                            ],
                            default="delivered",
                            max_length=9,
                            verbose_name="Origin",
                        ),
                    ),
                    ("frame", models.JSONField(default=dict, help_text="All of the file that is no object")),
                    (
                        "is_whole_file",
                        models.BooleanField(default=True, help_text="The file holds this plan alone"),
                    ),
                    (
                        "header",
                        models.JSONField(
                            default=dict, help_text="The plan's columns as this version states them"
                        ),
                    ),
                    (
                        "area",
                        django.contrib.gis.db.models.fields.MultiPolygonField(
                            srid=25833, verbose_name="Geltungsbereich"
                        ),
                    ),
                    ("feature_count", models.PositiveIntegerField(default=0, verbose_name="Objects")),
                    (
                        "superseded_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="supersedes",
                            to="planning.planversion",
                            verbose_name="Superseded by",
                        ),
                    ),
                    ("is_public", models.BooleanField(default=False, verbose_name="Public")),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Imported")),
                    (
                        "created_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Imported by",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "Version of a plan",
                    "verbose_name_plural": "Versions of plans",
                    "ordering": ("-number",),
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "plan", "sha256"), name="version_hash"),
                        models.UniqueConstraint(fields=("tenant", "plan", "number"), name="version_number"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PlanObject",
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
                        "plan",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="planning.plan",
                            verbose_name="Plan",
                        ),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="plan_objects",
                            to="planning.planversion",
                        ),
                    ),
                    ("position", models.PositiveIntegerField(verbose_name="Place in the file")),
                    ("gml_id", models.CharField(blank=True, max_length=300, verbose_name="gml:id")),
                    ("feature_type", models.CharField(max_length=100, verbose_name="Type")),
                    ("bereich", models.CharField(blank=True, max_length=300, verbose_name="Bereich")),
                    ("ebene", models.SmallIntegerField(null=True, verbose_name="Ebene")),
                    (
                        "rechtscharakter",
                        models.CharField(blank=True, max_length=20, verbose_name="Rechtscharakter"),
                    ),
                    ("flaechenschluss", models.BooleanField(null=True, verbose_name="Flächenschluss")),
                    ("properties", models.JSONField(default=dict)),
                    ("geometry", django.contrib.gis.db.models.fields.GeometryField(null=True, srid=25833)),
                    ("source_srid", models.IntegerField(null=True)),
                    ("raw", models.TextField(help_text="The object's XML, verbatim")),
                    (
                        "before",
                        models.TextField(
                            blank=True, help_text="What stands between the object before and this one"
                        ),
                    ),
                    ("line", models.PositiveIntegerField(verbose_name="Line in the file")),
                    ("is_public", models.BooleanField(default=False)),
                ],
                options={
                    "verbose_name": "Plan object",
                    "verbose_name_plural": "Plan objects",
                    "ordering": ("version", "position"),
                    "indexes": [
                        models.Index(fields=["version", "position"], name="object_in_order"),
                        models.Index(fields=["version", "gml_id"], name="object_by_gml_id"),
                        models.Index(
                            condition=models.Q(
                                ("feature_type__endswith", "_Plan"),
                                ("feature_type__endswith", "_Bereich"),
                                ("feature_type__endswith", "_TextAbschnitt"),
                                _connector="OR",
                            ),
                            fields=["version"],
                            name="object_frame",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("tenant", "version", "position"), name="object_position"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="PlanReference",
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
                        "plan",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="planning.plan",
                            verbose_name="Plan",
                        ),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="references",
                            to="planning.planversion",
                        ),
                    ),
                    (
                        "source",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="references",
                            to="planning.planobject",
                        ),
                    ),
                    ("property", models.CharField(max_length=300)),
                    ("href", models.TextField()),
                    ("order", models.PositiveIntegerField()),
                    (
                        "target",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="referenced_by",
                            to="planning.planobject",
                        ),
                    ),
                    ("is_public", models.BooleanField(default=False)),
                ],
                options={
                    "verbose_name": "Reference",
                    "verbose_name_plural": "References",
                    "ordering": ("source", "property", "order"),
                },
            ),
            migrations.CreateModel(
                name="PlanDocument",
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
                        "plan",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="planning.plan",
                            verbose_name="Plan",
                        ),
                    ),
                    ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                    (
                        "version",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="documents",
                            to="planning.planversion",
                        ),
                    ),
                    ("title", models.CharField(max_length=500, verbose_name="Title")),
                    (
                        "kind",
                        models.CharField(
                            blank=True,
                            help_text="Code of XP_SpezExterneReferenz.typ",
                            max_length=20,
                            verbose_name="Kind",
                        ),
                    ),
                    ("href", models.TextField(blank=True, verbose_name="Reference in the plan")),
                    (
                        "file",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.privatefile",
                            verbose_name="File",
                        ),
                    ),
                    ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                    ("order", models.PositiveIntegerField(default=0)),
                    ("dated_on", models.DateField(blank=True, null=True, verbose_name="As of")),
                    (
                        "goods",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(
                                choices=[
                                    ("people", "Menschen und menschliche Gesundheit"),
                                    ("animals", "Tiere"),
                                    ("plants", "Pflanzen"),
                                    ("diversity", "Biologische Vielfalt"),
                                    ("land", "Fläche"),
                                    ("soil", "Boden"),
                                    ("water", "Wasser"),
                                    ("air", "Luft"),
                                    ("climate", "Klima"),
                                    ("landscape", "Landschaft"),
                                    ("heritage", "Kulturelles Erbe und sonstige Sachgüter"),
                                    ("interaction", "Wechselwirkungen"),
                                    ("none", "No environmental information"),
                                ],
                                max_length=11,
                            ),
                            blank=True,
                            default=list,
                            size=None,
                            verbose_name="Schutzgüter",
                        ),
                    ),
                    (
                        "is_added",
                        models.BooleanField(default=False, help_text="By hand, not with the plan file"),
                    ),
                    (
                        "is_picture",
                        models.BooleanField(default=False, help_text="The plan itself calls it its picture"),
                    ),
                    (
                        "is_companion",
                        models.BooleanField(
                            default=False, help_text="A world file, of use to its raster alone"
                        ),
                    ),
                    (
                        "georeference",
                        models.CharField(blank=True, help_text="georefURL in the plan", max_length=500),
                    ),
                    (
                        "superseded_by",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="supersedes",
                            to="planning.plandocument",
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True, null=True, verbose_name="Added")),
                    (
                        "created_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Added by",
                        ),
                    ),
                    (
                        "is_internal",
                        models.BooleanField(
                            default=False,
                            help_text="Stays closed when the plan is published",
                            verbose_name="Internal",
                        ),
                    ),
                    ("is_public", models.BooleanField(default=False, verbose_name="Public")),
                ],
                options={
                    "verbose_name": "Document",
                    "verbose_name_plural": "Documents",
                    "ordering": ("version", "order"),
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="document_public_id")
                    ],
                },
            ),
            migrations.CreateModel(
                name="EditDraft",
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
                        "plan",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="planning.plan",
                            verbose_name="Plan",
                        ),
                    ),
                    ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                    (
                        "base",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="drafts",
                            to="planning.planversion",
                            verbose_name="Version",
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("open", "Being edited"),
                                ("writing", "Being written"),
                                ("finished", "Finished"),
                                ("discarded", "Discarded"),
                            ],
                            default="open",
                            max_length=9,
                            verbose_name="State",
                        ),
                    ),
                    ("head", models.PositiveIntegerField(default=0)),
                    ("last_number", models.PositiveIntegerField(default=0)),
                    ("revision", models.PositiveIntegerField(default=0, help_text="Moves with every change")),
                    (
                        "job",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="tenants.job",
                        ),
                    ),
                    (
                        "result",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="planning.planversion",
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Begun")),
                    (
                        "created_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Begun by",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "Draft being edited",
                    "verbose_name_plural": "Drafts being edited",
                    "ordering": ("-created_at", "-id"),
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="draft_public_id"),
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ("open", "writing"))),
                            fields=("tenant", "plan"),
                            name="draft_one_open",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="EditStep",
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
                        "plan",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="planning.plan",
                            verbose_name="Plan",
                        ),
                    ),
                    (
                        "draft",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="steps",
                            to="planning.editdraft",
                        ),
                    ),
                    ("number", models.PositiveIntegerField()),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("attributes", "Attributes changed"),
                                ("geometry", "Geometry changed"),
                                ("added", "Object added"),
                                ("removed", "Object removed"),
                                ("cut", "Area cut in two"),
                                ("carried", "Taken along from the draft before"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("subject", models.CharField(help_text="What the object was called", max_length=300)),
                    (
                        "actor",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    "verbose_name": "Step of editing",
                    "verbose_name_plural": "Steps of editing",
                    "ordering": ("-number",),
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "draft", "number"), name="edit_step_number")
                    ],
                },
            ),
            migrations.CreateModel(
                name="EditedObject",
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
                        "plan",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="planning.plan",
                            verbose_name="Plan",
                        ),
                    ),
                    (
                        "draft",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="edited_objects",
                            to="planning.editdraft",
                        ),
                    ),
                    (
                        "step",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="edited_objects",
                            to="planning.editstep",
                        ),
                    ),
                    ("number", models.PositiveIntegerField(help_text="That of the step")),
                    ("position", models.PositiveIntegerField()),
                    ("gml_id", models.CharField(blank=True, max_length=300, verbose_name="gml:id")),
                    ("feature_type", models.CharField(max_length=100, verbose_name="Type")),
                    ("properties", models.JSONField(default=dict)),
                    ("geometry", django.contrib.gis.db.models.fields.GeometryField(null=True, srid=25833)),
                    ("raw", models.TextField(blank=True)),
                ],
                options={
                    "verbose_name": "Edited object",
                    "verbose_name_plural": "Edited objects",
                    "ordering": ("draft", "position", "number"),
                    "indexes": [
                        models.Index(fields=["draft", "position", "number"], name="edited_object_in_order")
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("tenant", "draft", "position", "number"), name="edited_object_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="LegacyPlan",
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
                        "plan_type",
                        models.CharField(
                            choices=[("BP", "Bebauungsplan"), ("FP", "Flächennutzungsplan")],
                            default="BP",
                            max_length=2,
                            verbose_name="Kind of plan",
                        ),
                    ),
                    ("number", models.CharField(blank=True, max_length=200, verbose_name="Number")),
                    ("name", models.CharField(max_length=500, verbose_name="Name")),
                    ("year", models.CharField(blank=True, max_length=40, verbose_name="Year")),
                    ("note", models.CharField(blank=True, max_length=1000, verbose_name="Note")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("open", "Open"),
                                ("scanned", "Scan there"),
                                ("placed", "Georeferenced"),
                                ("done", "Done"),
                            ],
                            default="open",
                            max_length=7,
                            verbose_name="State",
                        ),
                    ),
                    (
                        "scan",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.privatefile",
                            verbose_name="Scan",
                        ),
                    ),
                    ("page", models.PositiveIntegerField(default=1, verbose_name="Page of the PDF")),
                    (
                        "sheet",
                        models.ForeignKey(
                            help_text="The scan in its own pixels",
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.privatefile",
                        ),
                    ),
                    ("sheet_grid", models.JSONField(default=dict)),
                    (
                        "problem",
                        models.JSONField(default=dict, help_text="Why the scan could not be prepared"),
                    ),
                    (
                        "points",
                        models.JSONField(
                            default=list, help_text="[column, row, easting, northing] of each pair"
                        ),
                    ),
                    (
                        "picture",
                        models.ForeignKey(
                            help_text="The scan on the ground",
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.privatefile",
                        ),
                    ),
                    ("picture_grid", models.JSONField(default=dict)),
                    (
                        "areas",
                        models.JSONField(default=list, help_text="Parcels to choose from: [label, GeoJSON]"),
                    ),
                    (
                        "outline",
                        django.contrib.gis.db.models.fields.MultiPolygonField(
                            null=True, srid=25833, verbose_name="Geltungsbereich"
                        ),
                    ),
                    (
                        "facts",
                        models.JSONField(default=dict, help_text="What the form of the plan's facts holds"),
                    ),
                    (
                        "plan",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="planning.plan",
                            verbose_name="Plan",
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Created")),
                    ("changed_at", models.DateTimeField(auto_now=True, verbose_name="Changed")),
                    (
                        "created_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Created by",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "Old plan",
                    "verbose_name_plural": "Old plans",
                    "ordering": ("number", "name", "id"),
                    "indexes": [models.Index(fields=["tenant", "state", "number"], name="legacy_by_state")],
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="legacy_public_id")
                    ],
                },
            ),
            migrations.CreateModel(
                name="ProcedureStep",
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
                        "plan",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="planning.plan",
                            verbose_name="Plan",
                        ),
                    ),
                    (
                        "entry",
                        models.UUIDField(
                            db_default=django.contrib.postgres.functions.RandomUUID(),
                            default=uuid.uuid4,
                            editable=False,
                        ),
                    ),
                    ("revision", models.PositiveIntegerField(default=1, editable=False)),
                    ("is_current", models.BooleanField(default=True, editable=False)),
                    ("is_void", models.BooleanField(default=False, verbose_name="Recorded by mistake")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("initiation", "Aufstellungsbeschluss"),
                                ("early_bodies", "Frühzeitige Beteiligung der Behörden"),
                                ("early_public", "Frühzeitige Beteiligung der Öffentlichkeit"),
                                ("draft_decision", "Entwurfs- und Veröffentlichungsbeschluss"),
                                ("bodies", "Beteiligung der Behörden"),
                                ("publication", "Veröffentlichung im Internet"),
                                ("affected_bodies", "Beteiligung der berührten Behörden"),
                                ("affected_public", "Beteiligung der betroffenen Öffentlichkeit"),
                                ("weighing", "Abwägungsbeschluss"),
                                ("repeated_bodies", "Erneute Beteiligung der Behörden"),
                                ("repeated_publication", "Erneute Veröffentlichung"),
                                ("contract", "Durchführungsvertrag"),
                                ("adoption", "Satzungs- oder Feststellungsbeschluss"),
                                ("submission", "Eingang des Genehmigungsantrags"),
                                ("approval", "Genehmigung"),
                                ("accession", "Beitrittsbeschluss"),
                                ("execution", "Ausfertigung"),
                                ("announcement", "Bekanntmachung"),
                                ("report", "Anzeige der Satzung bei der Rechtsaufsicht"),
                                ("repair", "Beginn des ergänzenden Verfahrens"),
                                ("repeal", "Außerkrafttreten"),
                                ("discontinued", "Einstellung des Verfahrens"),
                            ],
                            max_length=30,
                            verbose_name="Step",
                        ),
                    ),
                    ("on", models.DateField(verbose_name="On")),
                    ("until", models.DateField(blank=True, null=True, verbose_name="Until")),
                    ("announced_on", models.DateField(blank=True, null=True, verbose_name="Announced on")),
                    (
                        "number",
                        models.CharField(blank=True, max_length=100, verbose_name="Number of the decision"),
                    ),
                    ("body", models.CharField(blank=True, max_length=200, verbose_name="Responsible body")),
                    ("note", models.TextField(blank=True, max_length=2000, verbose_name="Note")),
                    (
                        "source",
                        models.CharField(
                            choices=[
                                ("recorded", "Seen in the file or the minutes"),
                                ("hearsay", "By hearsay: to be checked"),
                            ],
                            default="recorded",
                            max_length=8,
                            verbose_name="Known",
                        ),
                    ),
                    (
                        "reason",
                        models.TextField(
                            blank=True, max_length=1000, verbose_name="Reason for the correction"
                        ),
                    ),
                    (
                        "created_at",
                        models.DateTimeField(auto_now_add=True, null=True, verbose_name="Recorded"),
                    ),
                    (
                        "created_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Recorded by",
                        ),
                    ),
                    ("is_public", models.BooleanField(default=False, verbose_name="Public")),
                ],
                options={
                    "verbose_name": "Step of the procedure",
                    "verbose_name_plural": "Steps of the procedure",
                    "ordering": ("on", "id"),
                    "indexes": [models.Index(fields=["tenant", "on"], name="step_by_day")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("until__isnull", True), ("until__gte", models.F("on")), _connector="OR"
                            ),
                            name="step_ends_after_start",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("is_public", False),
                                models.Q(("is_current", True), ("is_void", False)),
                                _connector="OR",
                            ),
                            name="step_public_is_current",
                        ),
                        models.UniqueConstraint(fields=("tenant", "entry", "revision"), name="step_revision"),
                        models.UniqueConstraint(
                            condition=models.Q(("is_current", True)),
                            fields=("tenant", "entry"),
                            name="step_one_current",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="StepDocument",
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
                        "plan",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="planning.plan",
                            verbose_name="Plan",
                        ),
                    ),
                    ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                    (
                        "step",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="documents",
                            to="planning.procedurestep",
                        ),
                    ),
                    ("title", models.CharField(max_length=200, verbose_name="Title")),
                    (
                        "file",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.privatefile",
                            verbose_name="File",
                        ),
                    ),
                    ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                    ("is_internal", models.BooleanField(default=True, verbose_name="Internal")),
                    ("is_public", models.BooleanField(default=False, verbose_name="Public")),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Added")),
                    (
                        "created_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Added by",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "Document of a step",
                    "verbose_name_plural": "Documents of steps",
                    "ordering": ("created_at", "id"),
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="stepdocument_public_id")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Fassung",
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
                        "plan",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="planning.plan",
                            verbose_name="Plan",
                        ),
                    ),
                    ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("preliminary", "Vorentwurf"),
                                ("draft", "Entwurf"),
                                ("adopted", "Satzung oder festgestellter Plan"),
                            ],
                            max_length=11,
                            verbose_name="Fassung",
                        ),
                    ),
                    ("number", models.PositiveIntegerField(default=1, editable=False, verbose_name="Number")),
                    ("dated_on", models.DateField(verbose_name="As of")),
                    (
                        "version",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="fassungen",
                            to="planning.planversion",
                            verbose_name="Version",
                        ),
                    ),
                    ("frozen_at", models.DateTimeField(editable=False, null=True, verbose_name="Frozen")),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Created")),
                    (
                        "created_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Created by",
                        ),
                    ),
                    ("is_public", models.BooleanField(default=False, editable=False, verbose_name="Public")),
                ],
                options={
                    "verbose_name": "Fassung",
                    "verbose_name_plural": "Fassungen",
                    "ordering": ("-dated_on", "-id"),
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="fassung_public_id"),
                        models.UniqueConstraint(
                            fields=("tenant", "plan", "kind", "number"), name="fassung_number"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CalendarKey",
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
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Person",
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Created")),
                ],
                options={
                    "verbose_name": "Key of a calendar",
                    "verbose_name_plural": "Keys of calendars",
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="calendarkey_public_id"),
                        models.UniqueConstraint(fields=("tenant", "user"), name="calendarkey_of_person"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PlanRaster",
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
                        "plan",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="planning.plan",
                            verbose_name="Plan",
                        ),
                    ),
                    ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                    (
                        "version",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="rasters",
                            to="planning.planversion",
                        ),
                    ),
                    (
                        "document",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="rasters",
                            to="planning.plandocument",
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("waiting", "Being prepared"),
                                ("ready", "On the map"),
                                ("unplaced", "Without a place"),
                                ("refused", "Cannot be shown"),
                            ],
                            default="waiting",
                            max_length=8,
                            verbose_name="State",
                        ),
                    ),
                    (
                        "source",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("geotiff", "GeoTIFF"),
                                ("world_file", "World file"),
                                ("points", "Pairs of points"),
                            ],
                            max_length=10,
                            verbose_name="Place from",
                        ),
                    ),
                    ("system", models.CharField(blank=True, max_length=60, verbose_name="Reference system")),
                    (
                        "chosen_srid",
                        models.IntegerField(
                            help_text="The system that a person says instead of the stated one", null=True
                        ),
                    ),
                    (
                        "file",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.privatefile",
                        ),
                    ),
                    (
                        "grid",
                        models.JSONField(
                            default=dict, help_text="Origin, metres per pixel, size, reductions"
                        ),
                    ),
                    ("footprint", django.contrib.gis.db.models.fields.PolygonField(null=True, srid=25833)),
                    ("findings", models.JSONField(default=list)),
                    ("is_public", models.BooleanField(default=False, verbose_name="Public")),
                ],
                options={
                    "verbose_name": "Raster of a plan",
                    "verbose_name_plural": "Rasters of plans",
                    "ordering": ("version", "id"),
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="raster_public_id"),
                        models.UniqueConstraint(fields=("tenant", "document"), name="raster_of_document"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PlanReview",
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
                        "plan",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="planning.plan",
                            verbose_name="Plan",
                        ),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="reviews",
                            to="planning.planversion",
                        ),
                    ),
                    (
                        "verdict",
                        models.CharField(
                            choices=[("accepted", "Accepted"), ("returned", "Sent back")],
                            max_length=8,
                            verbose_name="Verdict",
                        ),
                    ),
                    ("reason", models.TextField(blank=True, max_length=5000, verbose_name="Reasons")),
                    ("errors", models.PositiveIntegerField(null=True, verbose_name="Errors at that time")),
                    (
                        "warnings",
                        models.PositiveIntegerField(null=True, verbose_name="Warnings at that time"),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="On")),
                    (
                        "created_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="By",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "Verdict on a delivery",
                    "verbose_name_plural": "Verdicts on deliveries",
                    "ordering": ("created_at", "id"),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("verdict", "accepted"),
                                models.Q(("reason", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="review_returned_with_reason",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="ValidationRun",
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
                        "plan",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="planning.plan",
                            verbose_name="Plan",
                        ),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="validation_runs",
                            to="planning.planversion",
                        ),
                    ),
                    ("checks", models.JSONField(default=list, help_text="Names of the stages that ran")),
                    (
                        "stages",
                        models.JSONField(default=dict, help_text="Stage → severity → number of findings"),
                    ),
                    ("structure_valid", models.BooleanField(null=True, verbose_name="Valid by the schema")),
                    (
                        "capped",
                        models.JSONField(default=list, help_text="Rules with more findings than are listed"),
                    ),
                    (
                        "left_out",
                        models.PositiveIntegerField(default=0, verbose_name="Findings that are not kept"),
                    ),
                    ("errors", models.PositiveIntegerField(default=0, verbose_name="Errors")),
                    ("warnings", models.PositiveIntegerField(default=0, verbose_name="Warnings")),
                    ("infos", models.PositiveIntegerField(default=0, verbose_name="Notes")),
                    ("seconds", models.FloatField(default=0)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Checked")),
                ],
                options={
                    "verbose_name": "Check",
                    "verbose_name_plural": "Checks",
                    "ordering": ("-created_at", "-id"),
                },
            ),
            migrations.CreateModel(
                name="Finding",
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
                        "plan",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="planning.plan",
                            verbose_name="Plan",
                        ),
                    ),
                    (
                        "run",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="findings",
                            to="planning.validationrun",
                        ),
                    ),
                    ("rule", models.CharField(max_length=60, verbose_name="Rule")),
                    (
                        "condition",
                        models.CharField(blank=True, max_length=20, verbose_name="Konformitätsbedingung"),
                    ),
                    (
                        "severity",
                        models.CharField(
                            choices=[
                                ("fatal", "Unusable"),
                                ("error", "Error"),
                                ("warning", "Warning"),
                                ("info", "Note"),
                            ],
                            max_length=7,
                            verbose_name="Severity",
                        ),
                    ),
                    ("params", models.JSONField(default=dict)),
                    ("gml_id", models.CharField(blank=True, max_length=300, verbose_name="gml:id")),
                    ("line", models.PositiveIntegerField(null=True, verbose_name="Line")),
                    (
                        "point",
                        django.contrib.gis.db.models.fields.PointField(
                            null=True, srid=25833, verbose_name="Place"
                        ),
                    ),
                    ("order", models.PositiveIntegerField(default=0)),
                ],
                options={
                    "verbose_name": "Finding",
                    "verbose_name_plural": "Findings",
                    "ordering": ("run", "order"),
                },
            ),
        ),
    ]
