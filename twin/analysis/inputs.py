"""What a run is computed from, read with the rights of who asked for it, at the version that was asked about."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from tenants.permissions import reach
from tenants.scope import Scope, within
from twin.analysis.errors import InputGone
from twin.analysis.models import Run
from twin.catalogue.models import DatasetVersion


@contextmanager
def reading(run: Run) -> Iterator[None]:
    """A transaction that sees what who asked may see; where nobody did (a command), what the tenant has and what is public."""
    person = run.created_by
    scope = reach(person, active_id=run.tenant_id).scope if person else Scope(read=(run.tenant_id,))
    with within(scope):
        yield


def version_of(run: Run, name: str) -> DatasetVersion | None:
    """The version of the dataset that the parameter `name` means; None where it means none. Needs `reading`. Raises InputGone."""
    wanted = next((each for each in run.inputs if each["name"] == name), None)
    if wanted is None:
        return None
    versions = DatasetVersion.objects.select_related("dataset")
    found: DatasetVersion | None = versions.filter(
        dataset__public_id=wanted["dataset"], number=wanted["version"]
    ).first()
    if found is None:
        raise InputGone(
            _(
                "Version %(number)s of the dataset “%(title)s” can no longer be read. Ask again with the current one."
            )
            % {"number": wanted["version"], "title": wanted["title"]}
        )
    return found
