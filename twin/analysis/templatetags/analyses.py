"""What pages of the lower packages show of the analyses, by template name alone."""

from typing import Any

from django import template

from planning.models import Plan
from tenants.permissions import actions, reach_of
from twin.analysis import presenting, registry
from twin.analysis.forms import PLAN
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase

register = template.Library()
SHOWN = 5


@register.simple_tag(takes_context=True)
def analyses_of(context: dict[str, Any], plan: Plan) -> list[tuple[Run, str, str, int]]:
    """The newest ones about a plan that the reader may see: run, what its use case is called, kind of its state, version of the plan."""
    person = context["request"].user
    reach_of(person)  # visible_to looks at it
    rows = Run.objects.visible_to(person).filter(subject=plan.public_id).select_related("job")
    found = rows.defer("log", "summary").order_by("-created_at", "-pk")[:SHOWN]
    return [
        (run, presenting.title_of(run.use_case), presenting.KINDS[run.state], _version(run)) for run in found
    ]


def _version(run: Run) -> int:
    return next(int(each["version"]) for each in run.inputs if each["name"] == PLAN)


@register.simple_tag(takes_context=True)
def questions_about(context: dict[str, Any], plan: Plan) -> list[UseCase]:
    """The use cases that the reader may ask about a plan."""
    person = context["request"].user
    active = reach_of(person).active
    if active is None or "analyse" not in actions(person, active) or "view" not in actions(person, plan):
        return []
    return [each for each in registry.use_cases().values() if PLAN in each.form.base_fields]
