"""A phase is about one version of the plan, of its own tenant."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from tenants import rls


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("participation", "0005_statement_of_town"),
        ("planning", "0018_address_wall"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="phase",
            name="plan_version",
            field=models.ForeignKey(
                editable=False,
                help_text="What the phase is about; until it is bound, that of its procedure",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="planning.planversion",
                verbose_name="Version of the plan",
            ),
        ),
        rls.same_tenant("participation_phase", "planning_planversion", "plan_version_id"),
    ]
