"""Names of tenants stand in German order (DIN 5007) everywhere: umlauts as their vowels, not after z."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tenants", "0002_wall")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="tenant",
            name="name",
            field=models.CharField(db_collation="de-x-icu", max_length=120, verbose_name="Name"),
        ),
    ]
