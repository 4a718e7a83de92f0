import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenants", "0002_wall"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("use_case", models.SlugField(db_index=False, verbose_name="Use case")),
                ("title", models.CharField(max_length=200, verbose_name="Title")),
                ("use_case_version", models.CharField(max_length=40, verbose_name="Version of the use case")),
                ("engine_version", models.CharField(max_length=100, verbose_name="Version of the engine")),
                ("parameters", models.JSONField(default=dict, verbose_name="Parameters")),
                ("inputs", models.JSONField(default=list, verbose_name="Data")),
                ("digest", models.CharField(db_collation="C", max_length=64)),
                ("estimate", models.JSONField(default=dict)),
                ("log", models.JSONField(default=list)),
                ("summary", models.JSONField(default=dict, verbose_name="Result")),
                ("outputs", models.JSONField(default=list, verbose_name="Files")),
                ("seconds", models.FloatField(default=0.0, verbose_name="Seconds of computing")),
                ("is_public", models.BooleanField(default=False, verbose_name="Public")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Asked")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="Finished")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Asked by",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.job",
                        verbose_name="Job",
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
            ],
            options={
                "verbose_name": "Analysis",
                "verbose_name_plural": "Analyses",
                "ordering": ("-created_at", "-id"),
                "permissions": (
                    ("as_external_planner", "Shared as external_planner"),
                    ("as_body", "Shared as body"),
                    ("as_reader", "Shared as reader"),
                ),
                "indexes": [
                    models.Index(fields=["tenant", "-created_at"], include=("is_public",), name="run_recent"),
                    models.Index(fields=["tenant", "digest"], name="run_digest"),
                    models.Index(fields=["public_id"], name="run_address"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="run_public_id"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_public", False), ("finished_at__isnull", False), _connector="OR"
                        ),
                        name="run_public_is_finished",
                    ),
                ],
            },
        ),
    ]
