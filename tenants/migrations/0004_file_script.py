from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tenants", "0003_sending_and_own_jobs")]

    operations: ClassVar = [
        migrations.AddField(
            "privatefile",
            "has_script",
            models.BooleanField(
                default=False, help_text="Given out as a download alone", verbose_name="May run something"
            ),
        ),
    ]
