"""What a person does with the statements of completeness: may they, change, record."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction

from planning.models import CaptureStatement
from tenants import events
from tenants.models import Tenant, User
from tenants.permissions import require


@dataclass(frozen=True)
class Said:
    """captured: no, partly or yes, as of a day."""

    captured: str
    as_of: date
    note: str = ""


@transaction.atomic
def state_capture(tenant: Tenant, *, actor: User, kind: str, said: Said) -> CaptureStatement:
    """Say how much of one kind of plans is captured, in place of what was said before; public at once."""
    require(actor, "publish_plan", tenant)
    before = CaptureStatement.objects.select_for_update().filter(tenant=tenant, kind=kind).first()
    if before is not None and Said(before.captured, before.as_of, before.note) == said:
        return before
    row: CaptureStatement
    row, _created = CaptureStatement.objects.update_or_create(tenant=tenant, kind=kind, defaults=asdict(said))
    old = {"captured": before.captured, "as_of": before.as_of.isoformat()} if before else None
    new = {"captured": row.captured, "as_of": said.as_of.isoformat()}
    events.audit("state_capture", tenant_id=tenant.pk, thing=row, actor=actor, before=old, after=new)
    return row
