"""Keys and digests of features are compared byte by byte, not by a language's rules: nobody sorts by them, and each costs half to index."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("catalogue", "0005_dataset_title")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="feature", name="digest", field=models.CharField(db_collation="C", max_length=32)
        ),
        migrations.AlterField(
            model_name="feature",
            name="key",
            field=models.CharField(db_collation="C", max_length=200, verbose_name="Key"),
        ),
    ]
