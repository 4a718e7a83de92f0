"""Upgrades of versions to XPlanung 6.0, behind the wall; an upgrade hangs only on a plan, a version and files of its own tenant."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from tenants import rls

TABLE = "planning_planupgrade"
ORIGINS = [
    ("delivered", "Delivered"),
    ("lifecycle", "Written from the steps of the procedure"),
    ("edited", "Edited here"),
    ("founded", "Begun here"),
    ("legacy", "Made from an old plan"),
    ("upgraded", "Upgraded to XPlanung 6.0"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("planning", "0002_wall")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="planversion",
            name="origin",
            field=models.CharField(choices=ORIGINS, default="delivered", max_length=9, verbose_name="Origin"),
        ),
        migrations.CreateModel(
            name="PlanUpgrade",
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
                        related_name="upgrades",
                        to="planning.planversion",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.privatefile",
                        verbose_name="Upgraded file",
                    ),
                ),
                (
                    "losses",
                    models.ForeignKey(
                        help_text="Of every value, as JSON",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.privatefile",
                        verbose_name="Report",
                    ),
                ),
                ("counts", models.JSONField(default=dict, help_text="What became of values → how many")),
                ("groups", models.JSONField(default=list, help_text="The report in short")),
                ("findings", models.JSONField(default=list, help_text="Why the version was refused")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Upgraded")),
            ],
            options={
                "verbose_name": "Upgrade of a version",
                "verbose_name_plural": "Upgrades of versions",
                "constraints": [models.UniqueConstraint(fields=("tenant", "version"), name="upgrade_once")],
            },
        ),
        rls.protect(TABLE, shared=("plan_id", "plan")),
        rls.same_tenant(TABLE, "planning_plan", "plan_id"),
        rls.same_tenant(TABLE, "planning_planversion", "version_id"),
        rls.same_tenant(TABLE, "tenants_privatefile", "file_id"),
        rls.same_tenant(TABLE, "tenants_privatefile", "losses_id"),
    ]
