"""When jobs and mails were tried and are tried again; who started a job sees it from outside the tenant, too."""

from typing import ClassVar

from django.db import migrations, models

from tenants import rls


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("tenants", "0002_wall"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="job",
            name="sent_at",
            field=models.DateTimeField(help_text="When it was last given to the worker", null=True),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="confidential",
            field=models.BooleanField(
                default=False, help_text="The text holds a secret and is emptied once it is sent"
            ),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="retry_at",
            field=models.DateTimeField(help_text="Not tried again before", null=True),
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("county_admin", "County administrator"),
                    ("county_analyst", "County analyst"),
                    ("municipal_admin", "Municipal administrator"),
                    ("planner", "Planner"),
                    ("editor", "Editor"),
                    ("moderator", "Moderator"),
                ],
                max_length=16,
                verbose_name="Role",
            ),
        ),
        rls.open_to("tenants_job", shared=("actor_id", "person")),
    ]
