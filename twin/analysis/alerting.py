"""Public runs whose data were withdrawn: their pages say so by themselves; the town is told by mail, as it alone can withdraw or renew them."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from tenants import outbox
from tenants.models import Tenant, User
from tenants.roles import roles_with
from twin.analysis import inputs
from twin.analysis.models import Run


def tell_lost() -> None:
    """One mail to each who may publish in a town, once for the same runs and data. The caller reads and writes all tenants."""
    public = Run.objects.filter(is_public=True).only(
        "pk", "public_id", "title", "inputs", "tenant", "is_public", "created_at"
    )
    for tenant in Tenant.objects.filter(active=True, pk__in=public.values("tenant")):
        runs = list(public.filter(tenant=tenant).order_by("pk"))
        lost = inputs.gone(runs, tenant=tenant)
        if concerned := [(run, lost[run.pk]) for run in runs if lost[run.pk]]:
            _tell(tenant, concerned)


def _tell(tenant: Tenant, concerned: list[tuple[Run, list[dict[str, Any]]]]) -> None:
    state = json.dumps([[str(run.public_id), [each["title"] for each in lost]] for run, lost in concerned])
    key = f"inputs-lost:{hashlib.sha256(state.encode()).hexdigest()[:32]}"
    with translation.override(settings.LANGUAGE_CODE):  # nobody knows the recipients'
        subject = _("Data of published analyses have been withdrawn")
        head = _("These analyses are public, and data that they were computed from have been withdrawn or removed since. Their pages say so. Withdraw them, or compute them again with other data.")  # fmt: skip
        body = "\n\n".join([head, *(_line(run, lost) for run, lost in concerned)])
    held = {"memberships__tenant": tenant, "memberships__role__in": roles_with("publish_run")}
    for person in User.objects.filter(is_active=True, **held).distinct():
        outbox.post(tenant, key=f"{key}:{person.pk}", recipient=person.email, subject=subject, body=body)


def _line(run: Run, lost: list[dict[str, Any]]) -> str:
    titles = "; ".join(each["title"] for each in lost)
    return f"{run.title}: {titles}\n{settings.BASE_URL}{run.get_absolute_url()}"
