"""What filling the table of features costs: one index of places instead of two, attributes indexed in bulk, the parent looked up
once for each statement instead of by a trigger for each row."""

from typing import ClassVar

import django.contrib.postgres.indexes
from django.db import migrations

from tenants import rls


class Migration(migrations.Migration):
    dependencies: ClassVar = [("catalogue", "0003_record_facets")]

    operations: ClassVar = [
        migrations.RemoveIndex(model_name="feature", name="feature_place"),
        migrations.RemoveIndex(model_name="feature", name="feature_properties"),
        migrations.AddIndex(
            model_name="feature",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=("properties",),
                opclasses=("jsonb_path_ops",),
                gin_pending_list_limit=65536,
                name="feature_properties",
            ),
        ),
        rls.of_own("catalogue_feature", "catalogue_dataset", "dataset_id"),
    ]
