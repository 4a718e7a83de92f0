"""How far the municipalities are with their workflows, for the county alone."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from tenants import rls


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("indicators", "0003_targets"),
        ("tenants", "0003_german_order"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="WorkflowState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("workflow", models.UUIDField()),
                ("use_case", models.SlugField(db_index=False, verbose_name="Use case")),
                ("step", models.CharField(blank=True, max_length=12, verbose_name="Step")),
                ("begun_on", models.DateField(verbose_name="Begun")),
                ("since", models.DateField(verbose_name="In this step since")),
                ("due", models.DateField(null=True, verbose_name="Due on")),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.tenant",
                        verbose_name="Municipality",
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
                "verbose_name": "State of a workflow",
                "verbose_name_plural": "States of workflows",
                "ordering": ("due", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "workflow"), name="workflow_state_once")
                ],
            },
        ),
        rls.protect("indicators_workflowstate"),
    ]
