"""Phases that are public already stay with the version their procedure shows."""

from typing import Any, ClassVar

from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce


def bind(apps: Any, editor: Any) -> None:
    phases = apps.get_model("participation", "Phase").objects
    version = Coalesce("fassung__version_id", "procedure__plan_version_id")
    bound = phases.filter(pk=OuterRef("pk")).annotate(bound=version).values("bound")[:1]
    phases.filter(is_public=True, procedure__plan__isnull=False).update(plan_version_id=Subquery(bound))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("participation", "0006_phase_version")]

    operations: ClassVar = [migrations.RunPython(bind, migrations.RunPython.noop)]
