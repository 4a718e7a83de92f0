"""Row-level security for addresses, which everybody may read."""

from typing import ClassVar

from django.db import migrations

from tenants import rls


class Migration(migrations.Migration):
    dependencies: ClassVar = [("planning", "0017_addresses"), ("tenants", "0002_wall")]

    operations: ClassVar = [rls.protect("planning_address", public=True)]
