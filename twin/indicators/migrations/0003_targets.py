"""Targets of the county, public; the names of the use cases that a municipality uses."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from tenants import rls


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("indicators", "0002_wall"),
        ("tenants", "0002_wall"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="municipalitysnapshot",
            name="use_cases",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=100),
                blank=True,
                default=list,
                size=None,
                verbose_name="Names of the use cases in use",
            ),
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "indicator",
                    models.CharField(
                        choices=[("use", "Use"), ("delivery", "Delivery"), ("growth", "Growth")],
                        max_length=8,
                        verbose_name="Indicator",
                    ),
                ),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="Percent",
                    ),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                        verbose_name="Months",
                    ),
                ),
                (
                    "start",
                    models.CharField(
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{4}-(0[1-9]|1[0-2])$", "A month such as 2026-09."
                            )
                        ],
                        verbose_name="Set in",
                    ),
                ),
                ("is_public", models.BooleanField(default=True, editable=False, verbose_name="Public")),
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
                "verbose_name": "Target",
                "verbose_name_plural": "Targets",
                "constraints": [models.UniqueConstraint(fields=("tenant", "indicator"), name="target_once")],
            },
        ),
        rls.protect("indicators_target", public=True),
    ]
