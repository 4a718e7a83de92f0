"""Fewer keys and indexes on a plan's rows: the composite key (tenant, plan) guards the tenant, and some indexes were there twice."""

from typing import Any, ClassVar

from django.db import migrations, models

CHILDREN = (
    "planversion",
    "planobject",
    "planreference",
    "plandocument",
    "procedurestep",
    "validationrun",
    "finding",
)


def key(to: str, on_delete: Any, related_name: str, **more: Any) -> Any:
    return models.ForeignKey(
        to, on_delete, related_name=related_name, db_constraint=False, db_index=False, **more
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("planning", "0003_internal_documents"), ("tenants", "0002_wall")]

    operations: ClassVar = [
        migrations.RemoveIndex("planobject", "object_of_plan"),
        migrations.RemoveIndex("planreference", "reference_of_version"),
        migrations.AlterField(
            "planobject", "version", key("planning.planversion", models.CASCADE, "plan_objects")
        ),
        *(
            migrations.AlterField(
                child, "tenant", key("tenants.tenant", models.PROTECT, "+", verbose_name="Tenant")
            )
            for child in CHILDREN
        ),
    ]
