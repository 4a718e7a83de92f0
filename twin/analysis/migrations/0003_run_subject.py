"""The plan that a run is about; none of those that there are is about one."""

from typing import ClassVar

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("analysis", "0002_wall"),
        ("tenants", "0003_german_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="run",
            name="subject",
            field=models.UUIDField(null=True, verbose_name="Plan"),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                condition=models.Q(("subject__isnull", False)),
                fields=["subject", "-created_at"],
                name="run_subject",
            ),
        ),
    ]
