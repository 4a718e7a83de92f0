"""What towns say about how complete their plans are; an index for what says something about a whole plan."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from tenants import rls


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("planning", "0007_validation_stages"),
        ("tenants", "0003_sending_and_own_jobs"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CaptureStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            },
        ),
        migrations.AddIndex(
            model_name="planobject",
            index=models.Index(
                condition=models.Q(
                    ("feature_type__endswith", "_Plan"),
                    ("feature_type__endswith", "_Bereich"),
                    ("feature_type__endswith", "_TextAbschnitt"),
                    _connector="OR",
                ),
                fields=["version"],
                name="object_frame",
            ),
        ),
        migrations.AddField(
            model_name="capturestatement",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenants.tenant",
                verbose_name="Tenant",
            ),
        ),
        migrations.AddConstraint(
            model_name="capturestatement",
            constraint=models.UniqueConstraint(fields=("tenant", "public_id"), name="capture_public_id"),
        ),
        migrations.AddConstraint(
            model_name="capturestatement",
            constraint=models.UniqueConstraint(fields=("tenant", "kind"), name="capture_kind"),
        ),
        rls.protect("planning_capturestatement", public=True),
    ]
