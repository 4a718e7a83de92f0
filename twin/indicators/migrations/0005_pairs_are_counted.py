"""How many use cases a municipality uses is counted from their names."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("indicators", "0004_workflow_states")]

    operations: ClassVar = [migrations.RemoveField(model_name="municipalitysnapshot", name="pairs")]
