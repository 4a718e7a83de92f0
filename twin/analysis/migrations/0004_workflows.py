"""Workflows: use cases worked through in steps, behind the wall."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tenants import rls


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("analysis", "0003_run_subject"),
        ("tenants", "0003_german_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Workflow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("use_case", models.SlugField(db_index=False, verbose_name="Use case")),
                ("title", models.CharField(max_length=200, verbose_name="Question")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Begun")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="Finished")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Begun by",
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
                "verbose_name": "Workflow",
                "verbose_name_plural": "Workflows",
                "ordering": ("-created_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="WorkflowRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="analysis.run",
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
                    "workflow",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="analysis.workflow",
                    ),
                ),
            ],
            options={
                "verbose_name": "Analysis of a workflow",
                "verbose_name_plural": "Analyses of workflows",
            },
        ),
        migrations.CreateModel(
            name="WorkflowStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("question", "Question"),
                            ("data", "Data"),
                            ("run", "Computation"),
                            ("review", "Review"),
                            ("result", "Result"),
                            ("publication", "Publication"),
                        ],
                        max_length=12,
                        verbose_name="Step",
                    ),
                ),
                ("due", models.DateField(blank=True, null=True, verbose_name="Due on")),
                ("note", models.TextField(blank=True, verbose_name="Note")),
                ("done_at", models.DateTimeField(null=True, verbose_name="Done")),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Who does it",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Done by",
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
                    "workflow",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="analysis.workflow",
                    ),
                ),
            ],
            options={
                "verbose_name": "Step of a workflow",
                "verbose_name_plural": "Steps of workflows",
                "ordering": ("position",),
            },
        ),
        migrations.AddIndex(
            model_name="workflow",
            index=models.Index(fields=["tenant", "-created_at"], name="workflow_recent"),
        ),
        migrations.AddConstraint(
            model_name="workflow",
            constraint=models.UniqueConstraint(fields=("tenant", "public_id"), name="workflow_public_id"),
        ),
        migrations.AddConstraint(
            model_name="workflowrun",
            constraint=models.UniqueConstraint(
                fields=("tenant", "workflow", "run"), name="workflow_run_once"
            ),
        ),
        migrations.AddIndex(
            model_name="workflowstep",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True), ("due__isnull", False)),
                fields=["due"],
                name="workflow_step_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="workflowstep",
            constraint=models.UniqueConstraint(
                fields=("tenant", "workflow", "position"), name="workflow_step_once"
            ),
        ),
        rls.protect("analysis_workflow"),
        rls.protect("analysis_workflowstep"),
        rls.protect("analysis_workflowrun"),
        rls.same_tenant("analysis_workflowstep", "analysis_workflow", "workflow_id"),
        rls.same_tenant("analysis_workflowrun", "analysis_workflow", "workflow_id"),
        rls.same_tenant("analysis_workflowrun", "analysis_run", "run_id"),
    ]
