"""A phase is about one Fassung of the plan, of its own tenant."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from tenants import rls


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("participation", "0003_submitter_language"),
        ("planning", "0006_lifecycle_wall"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="phase",
            name="fassung",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="phases",
                to="planning.fassung",
                verbose_name="Fassung",
            ),
        ),
        rls.same_tenant("participation_phase", "planning_fassung", "fassung_id"),
    ]
