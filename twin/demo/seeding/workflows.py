"""A town's question in the demo, on its way to an answer."""

from datetime import date, timedelta

from tenants.models import Tenant
from twin.analysis import registry, workflows
from twin.analysis.models import StepKind, Workflow
from twin.demo.people import planner_of

TOWN = "meissen"
QUESTION = "Wo steht das Wasser an den Schulen nach 50 mm in einer Stunde?"
_DAYS = {StepKind.DATA: 7, StepKind.RUN: 21, StepKind.REVIEW: 35}  # from the demo's day on
_NOTE = "Für den Bauausschuss: Grundschulen und Kitas, ohne Kanalnetz."


def seed_workflow(on: date) -> None:
    """What is there stays as it is."""
    town, person = Tenant.objects.get(slug=TOWN), planner_of(TOWN)
    if Workflow.objects.filter(tenant=town).exists():
        return
    use_case = registry.use_cases()["heavy-rain"]
    workflow = workflows.begin(
        use_case, title=QUESTION, due=on + timedelta(days=60), tenant=town, actor=person
    )
    for step in workflow.steps.all():
        if step.kind == StepKind.QUESTION:
            workflows.plan_step(step, assignee=person, due=on, note=_NOTE, actor=person)
        elif step.kind in _DAYS:
            due = on + timedelta(days=_DAYS[StepKind(step.kind)])
            workflows.plan_step(step, assignee=person, due=due, note="", actor=person)
    workflows.finish_step(workflow, kind=StepKind.QUESTION, actor=person)
