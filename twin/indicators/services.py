"""What the county does with its indicators: set targets. May they, change, record."""

from collections.abc import Mapping

from django.db import transaction

from tenants import events
from tenants.models import Tenant, User
from tenants.permissions import require
from twin.indicators.formulas import Month
from twin.indicators.models import Target

FIELDS = ("indicator", "percent", "months", "start")


@transaction.atomic
def set_targets(
    county: Tenant, wanted: Mapping[str, tuple[int, int] | None], *, actor: User, month: Month
) -> None:
    """wanted: indicator -> (percent, months from `month` on), None for no target. One that stays as it is keeps its beginning."""
    require(actor, "set_targets", county)
    known = {target.indicator: target for target in Target.objects.filter(tenant=county)}
    for indicator, value in wanted.items():
        target = known.get(indicator)
        if value is None and target is not None:
            events.audit(
                "remove_target", tenant_id=county.pk, thing=target, actor=actor, before=_state(target)
            )
            target.delete()
        elif value is not None and (target is None or value != (target.percent, target.months)):
            before = _state(target) if target else {}
            target = target or Target(tenant=county, indicator=indicator)
            target.percent, target.months = value
            target.start = str(month)
            target.save()
            events.audit(
                "set_target",
                tenant_id=county.pk,
                thing=target,
                actor=actor,
                before=before,
                after=_state(target),
            )


def _state(target: Target) -> dict[str, object]:
    return events.state_of(target, *FIELDS)
