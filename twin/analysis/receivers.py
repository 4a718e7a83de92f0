"""What follows by itself: a tenant asks when one of its plans changed, and learns that data of its answers were withdrawn."""

import contextlib
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from planning.models import Plan
from planning.signals import version_imported
from tenants.errors import Refused
from twin.analysis import registry, requesting, tasks
from twin.analysis.forms import data_of
from twin.analysis.inputs import MODELS, asking_by_itself
from twin.analysis.usecase import UseCase


@receiver(version_imported)
def ask_about_import(plan: Plan, **kwargs: Any) -> None:
    for use_case in registry.use_cases().values():
        if use_case.at_import is not None:
            # nobody waits for an answer to be told why there is none; whoever asks is told
            with contextlib.suppress(Refused):
                _ask(use_case, plan)


def _ask(use_case: UseCase, plan: Plan) -> None:
    with asking_by_itself(plan.tenant) as offer:
        parameters = use_case.at_import(offer, plan) if use_case.at_import else None
        if parameters is None:
            return
        form = use_case.form(data_of(parameters), offer=offer)
        if form.is_valid():
            requesting.request(use_case, form.question(), title="", tenant=plan.tenant, actor=None)


def look_for_lost(instance: Any, update_fields: frozenset[str] | None, **kwargs: Any) -> None:
    """Something that is shown or hidden is saved by this field; what is hidden now was public."""
    if "is_public" in (update_fields or ()) and not instance.is_public:
        transaction.on_commit(tasks.tell_lost.delay, robust=True)


for _model in MODELS.values():
    post_save.connect(look_for_lost, sender=_model, dispatch_uid=f"analysis-lost-{_model.__name__}")
