"""Lists of collections go on from a title: each page costs the same."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_cheap_to_fill")]

    operations = [
        migrations.AddIndex(
            model_name="dataset",
            index=models.Index(fields=["title", "id"], name="dataset_title"),
        ),
    ]
