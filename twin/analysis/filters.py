"""The filter of the list of runs."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.models import JobState


class RunFilter(forms.Form):
    """Which runs are listed."""

    q = forms.CharField(label=_("Search"), max_length=100, required=False)
    use_case = forms.ChoiceField(label=_("Use case"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Everything")), *JobState.choices]
    )

    def __init__(self, *args: Any, use_cases: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["use_case"]
        field.choices = [("", _("Everything")), *use_cases]
