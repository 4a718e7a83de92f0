"""Where the state's planning portal shows a plan."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("planning", "0011_editing_wall"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="plan",
            name="portal_url",
            field=models.URLField(
                blank=True, max_length=500, verbose_name="Address in the state's planning portal"
            ),
        ),
    ]
