"""Row-level security for the ground's tables; audit and usage events can only grow."""

from typing import ClassVar

from django.db import migrations

from tenants import rls


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tenants", "0001_people_and_ground")]

    operations: ClassVar = [
        rls.protect("tenants_job"),
        rls.protect("tenants_outboxmessage"),
        rls.protect("tenants_auditevent"),
        rls.protect("tenants_usageevent"),
        rls.protect("tenants_privatefile", public=True),
        rls.append_only("tenants_auditevent"),
        rls.append_only("tenants_usageevent"),
        rls.same_tenant("tenants_outboxmessage", "tenants_privatefile", "attachment_id"),
    ]
