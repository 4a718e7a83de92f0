"""Where the report of a run is kept that takes long to print."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("analysis", "0004_workflows")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="run",
            name="report",
            field=models.JSONField(default=dict, verbose_name="Report"),
        ),
    ]
