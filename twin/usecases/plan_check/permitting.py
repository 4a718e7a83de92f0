"""The acts that need a permission in a Hochwasserentstehungsgebiet, in words; the amounts stand in permits.py."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from twin.usecases.plan_check.case import Outcome
from twin.usecases.plan_check.permits import Need, Permits


def told(outcome: Outcome) -> list[dict[str, Any]]:
    """For each plan that meets such an area: {"plan", "rows": [{"act", "law", "in_plan", "said"}]}."""
    return [
        {"plan": outcome.inputs.plans[plan].title, "rows": [_sealing(found), _roads(found), *_unread()]}
        for plan, found in sorted(outcome.permits.items())
    ]


def _row(act: str, number: int, in_plan: str, said: str) -> dict[str, str]:
    law = f"§ 78d Abs. 4 Satz 1 Nr. {number} WHG, § 76 Abs. 3 Satz 1 Nr. {number} SächsWG"
    return {"act": act, "law": law, "in_plan": in_plan, "said": said}


def _sealing(found: Permits | None) -> dict[str, str]:
    act = _("Structures in the Außenbereich with annexes and other sealed ground, from 1,500 m² on (SächsWG: 1,000 m²)")  # fmt: skip
    if found is None:
        return _row(act, 1, _("The plan states no areas that add up."), _("to be checked"))
    amounts = [_("%s m² sealed at most") % _whole(found.sealed)]
    if found.unstated:
        amounts.append(_("%s m² without a stated limit of sealing") % _whole(found.unstated))
    said = {
        Need.BOTH: _("Both limits are reached in sum; permission needed for each project in the Außenbereich that reaches one."),
        Need.SAXON: _("The limit of the SächsWG is reached in sum, that of the WHG is not; permission needed for each project in the Außenbereich that reaches it."),
        Need.UNKNOWN: _("Whether a limit is reached does not follow from the plan: to be checked."),
        Need.NEITHER: _("Neither limit is reached."),
    }  # fmt: skip
    return _row(act, 1, "; ".join(amounts), said[found.need])


def _roads(found: Permits | None) -> dict[str, str]:
    act = _("New roads")
    if found is None:
        return _row(act, 2, _("The plan states no areas that add up."), _("to be checked"))
    amounts = [_("%s m² of traffic areas") % _whole(found.traffic)]
    if found.roads:
        amounts.append(_("%s m of roads as lines") % _whole(found.roads))
    needed = _("Permission needed for those that are new; whether they are is to be checked.")
    said = needed if found.traffic or found.roads else _("The plan states none here.")
    return _row(act, 2, "; ".join(amounts), said)


def _unread() -> list[dict[str, str]]:
    """What follows from what is there today, which no plan says."""
    unknown, open_ = _("What is there today does not stand in the plan."), _("to be checked")
    return [
        _row(_("Woods removed or put to another use"), 3, unknown, open_),
        _row(_("Grassland turned into arable land"), 4, unknown, open_),
    ]


def _whole(amount: float) -> str:
    return number_format(amount, 0, force_grouping=True)
