"""Forms of workflows."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenants.models import User
from twin.analysis.models import Run, Workflow, WorkflowStep

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WorkflowForm(forms.ModelForm[Workflow]):
    due = forms.DateField(
        label=_("Due on"),
        required=False,
        widget=_DAY,
        help_text=_("The day on which the answer is to be published. Each step can have a day of its own."),
    )

    class Meta:
        model = Workflow
        fields = ("title", "use_case")
        widgets = {"use_case": forms.Select}
        help_texts = {
            "title": _(
                "What is to be found out, such as: where does the water stand at the school after 50 mm in an hour?"
            )
        }

    def __init__(self, *args: Any, use_cases: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Please choose")), *use_cases]  # the first of them is hardly the one that is meant
        self.fields["use_case"] = forms.ChoiceField(label=_("Use case"), choices=choices)


class WorkflowFilter(forms.Form):
    STATES = (("", _("Under way")), ("closed", _("Finished")), ("all", _("All")))
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    mine = forms.BooleanField(label=_("My turn"), required=False)


class StepForm(forms.ModelForm[WorkflowStep]):
    """Who does it until when, and what was found."""

    note = forms.CharField(
        label=pgettext_lazy("workflow", "Note"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    class Meta:
        model = WorkflowStep
        fields = ("assignee", "due", "note")
        widgets = {"due": _DAY}

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = forms.ModelChoiceField[User](
            people, label=_("Who does it"), required=False, empty_label=_("Nobody yet")
        )
        self.fields["assignee"] = person


class JoinForm(forms.Form):
    run = forms.ModelChoiceField[Run](Run.objects.none(), to_field_name="public_id", label=_("Analysis"))

    def __init__(self, *args: Any, runs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["run"].queryset = runs  # type: ignore[attr-defined]
