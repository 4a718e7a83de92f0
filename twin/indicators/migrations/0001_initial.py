"""Monthly figures and checks of deliveries."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from tenants.creation import CreateModels


class Migration(migrations.Migration):
    initial = True
    replaces: ClassVar = [
        ("indicators", "0001_figures"),
    ]

    dependencies: ClassVar = [
        ("tenants", "0002_wall"),
    ]

    operations: ClassVar = [
        CreateModels(
            migrations.CreateModel(
                name="DeliveryCheck",
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
                    ("record", models.CharField(max_length=200, verbose_name="Catalogue record")),
                    ("checked_on", models.DateField(verbose_name="Checked on")),
                    ("violations", models.PositiveIntegerField(verbose_name="SHACL violations")),
                    ("reachable", models.BooleanField(verbose_name="Distribution can be reached")),
                    ("data_version", models.DateField(verbose_name="Date of the data")),
                    (
                        "frequency_days",
                        models.PositiveIntegerField(
                            blank=True, null=True, verbose_name="Stated update frequency in days"
                        ),
                    ),
                    ("in_force", models.BooleanField(default=False, verbose_name="Plan in force")),
                    ("confirmed_on", models.DateField(blank=True, null=True, verbose_name="Confirmed on")),
                    (
                        "by_county",
                        models.BooleanField(default=False, verbose_name="Delivered by the county on behalf"),
                    ),
                ],
                options={
                    "verbose_name": "Check of a delivery",
                    "verbose_name_plural": "Checks of deliveries",
                    "indexes": [models.Index(fields=["tenant", "checked_on"], name="delivery_checked")],
                },
            ),
            migrations.CreateModel(
                name="CountySnapshot",
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
                        "month",
                        models.CharField(
                            max_length=7,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^\\d{4}-(0[1-9]|1[0-2])$", "A month such as 2026-09."
                                )
                            ],
                            verbose_name="Month",
                        ),
                    ),
                    ("computed_at", models.DateTimeField(verbose_name="Computed at")),
                    ("is_public", models.BooleanField(default=True, editable=False, verbose_name="Public")),
                    ("municipalities", models.PositiveIntegerField(verbose_name="Municipalities")),
                    ("use_reached", models.PositiveIntegerField(verbose_name="Use: reached in 90 days")),
                    (
                        "use_year_reached",
                        models.PositiveIntegerField(verbose_name="Use: reached in 12 months"),
                    ),
                    ("onboarded", models.PositiveIntegerField(verbose_name="Onboarded")),
                    ("trained", models.PositiveIntegerField(verbose_name="Trained")),
                    ("users", models.PositiveIntegerField(null=True, verbose_name="People")),
                    ("delivery_reached", models.PositiveIntegerField(verbose_name="Delivery: reached")),
                    (
                        "delivery_by_county",
                        models.PositiveIntegerField(verbose_name="Delivery by the county"),
                    ),
                    ("pairs", models.PositiveIntegerField(verbose_name="Use cases in use")),
                    (
                        "pairs_year_before",
                        models.PositiveIntegerField(verbose_name="Use cases in use a year before"),
                    ),
                    ("growth", models.FloatField(null=True, verbose_name="Growth")),
                    ("new_pairs", models.PositiveIntegerField(verbose_name="New uses")),
                    ("use_cases", models.PositiveIntegerField(verbose_name="Distinct use cases")),
                    (
                        "cross_municipal",
                        models.PositiveIntegerField(verbose_name="Use cases across municipalities"),
                    ),
                ],
                options={
                    "verbose_name": "Figures of the county",
                    "verbose_name_plural": "Figures of the county",
                    "ordering": ("month",),
                    "abstract": False,
                    "constraints": [models.UniqueConstraint(fields=("tenant", "month"), name="county_month")],
                },
            ),
            migrations.CreateModel(
                name="MunicipalitySnapshot",
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
                        "month",
                        models.CharField(
                            max_length=7,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^\\d{4}-(0[1-9]|1[0-2])$", "A month such as 2026-09."
                                )
                            ],
                            verbose_name="Month",
                        ),
                    ),
                    ("computed_at", models.DateTimeField(verbose_name="Computed at")),
                    ("is_public", models.BooleanField(default=True, editable=False, verbose_name="Public")),
                    (
                        "use_missing",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(
                                choices=[
                                    ("users", "users"),
                                    ("days", "days"),
                                    ("record", "record"),
                                    ("violations", "violations"),
                                    ("unreachable", "unreachable"),
                                    ("outdated", "outdated"),
                                ],
                                max_length=12,
                            ),
                            size=None,
                            verbose_name="Missing for use",
                        ),
                    ),
                    (
                        "use_year_missing",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(
                                choices=[
                                    ("users", "users"),
                                    ("days", "days"),
                                    ("record", "record"),
                                    ("violations", "violations"),
                                    ("unreachable", "unreachable"),
                                    ("outdated", "outdated"),
                                ],
                                max_length=12,
                            ),
                            size=None,
                            verbose_name="Missing for use in 12 months",
                        ),
                    ),
                    (
                        "delivery_missing",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(
                                choices=[
                                    ("users", "users"),
                                    ("days", "days"),
                                    ("record", "record"),
                                    ("violations", "violations"),
                                    ("unreachable", "unreachable"),
                                    ("outdated", "outdated"),
                                ],
                                max_length=12,
                            ),
                            size=None,
                            verbose_name="Missing for delivery",
                        ),
                    ),
                    ("pairs", models.PositiveIntegerField(verbose_name="Use cases in use")),
                ],
                options={
                    "verbose_name": "Figures of a municipality",
                    "verbose_name_plural": "Figures of municipalities",
                    "ordering": ("month",),
                    "abstract": False,
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "month"), name="municipality_month")
                    ],
                },
            ),
        ),
    ]
