"""Row-level security: monthly figures are public, checks of deliveries only grow."""

from typing import ClassVar

from django.db import migrations

from tenants import rls


class Migration(migrations.Migration):
    dependencies: ClassVar = [("indicators", "0001_initial")]

    operations: ClassVar = [
        rls.protect("indicators_countysnapshot", public=True),
        rls.protect("indicators_municipalitysnapshot", public=True),
        rls.protect("indicators_deliverycheck"),
        rls.append_only("indicators_deliverycheck"),
    ]
