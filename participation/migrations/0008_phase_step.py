"""A formal phase is a step of its plan's legal procedure."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("participation", "0007_bind_phases")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="phase",
            name="step",
            field=models.UUIDField(
                editable=False, help_text="Entry of the plan's legal procedure that this phase is", null=True
            ),
        ),
    ]
