"""Batches of plan files, behind the wall."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tenants import rls


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("planning", "0008_auskunft"),
        ("tenants", "0003_sending_and_own_jobs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("title", models.CharField(max_length=300, verbose_name="Title")),
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
                "verbose_name": "Batch of plan files",
                "verbose_name_plural": "Batches of plan files",
                "ordering": ("-created_at", "-id"),
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
                    "source",
                    models.CharField(
                        help_text="Key of the delivered file", max_length=300, verbose_name="Delivered in"
                    ),
                ),
                ("name", models.CharField(max_length=500, verbose_name="File")),
                ("position", models.PositiveIntegerField(verbose_name="Place in the delivery")),
                ("findings", models.JSONField(default=list)),
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
                    "job",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.job",
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
                "verbose_name": "File of a batch",
                "verbose_name_plural": "Files of batches",
                "ordering": ("batch", "source", "position"),
            },
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.UniqueConstraint(fields=("tenant", "public_id"), name="batch_public_id"),
        ),
        migrations.AddConstraint(
            model_name="batchitem",
            constraint=models.UniqueConstraint(
                fields=("tenant", "batch", "source", "position"), name="batchitem_position"
            ),
        ),
        rls.protect("planning_batch"),
        rls.protect("planning_batchitem"),
        rls.same_tenant("planning_batchitem", "planning_batch", "batch_id"),
        rls.same_tenant("planning_batchitem", "tenants_job", "job_id"),
        rls.same_tenant("planning_batch", "tenants_job", "job_id"),
    ]
