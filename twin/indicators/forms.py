"""What the county sets: for each indicator a share and a time, or neither."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twin.indicators.models import Kind, Target

MOST = {Kind.USE: 100, Kind.DELIVERY: 100, Kind.GROWTH: 1000}  # percent
LABELS = {
    Kind.USE: (
        gettext_lazy("Use: at least … percent of the municipalities"),
        gettext_lazy("Use: in … months"),
    ),
    Kind.DELIVERY: (
        gettext_lazy("Delivery: at least … percent of the municipalities"),
        gettext_lazy("Delivery: in … months"),
    ),
    Kind.GROWTH: (
        gettext_lazy("Growth: at least … percent over the year before"),
        gettext_lazy("Growth: in … months"),
    ),
}


class TargetsForm(forms.Form):
    """targets: those set now, by indicator. `wanted` is what is to hold, None where no target is."""

    def __init__(self, *args: Any, targets: Mapping[str, Target], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in Kind:
            for name, label, most in zip(("percent", "months"), LABELS[kind], (MOST[kind], 120), strict=True):
                self.fields[f"{kind}_{name}"] = forms.IntegerField(
                    label=label,
                    min_value=1,
                    max_value=most,
                    required=False,
                    initial=getattr(targets.get(kind), name, None),
                )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for kind in Kind:
            names = (f"{kind}_percent", f"{kind}_months")
            given = [name for name in names if found.get(name) is not None or name in self.errors]
            if len(given) == 1:
                (empty,) = set(names) - set(given)
                self.add_error(empty, _("Give both the share and the time, or neither for no target."))
        return found

    @property
    def wanted(self) -> dict[str, tuple[int, int] | None]:
        """(percent, months)"""
        asked = self.cleaned_data
        return {
            kind: (asked[f"{kind}_percent"], asked[f"{kind}_months"]) if asked[f"{kind}_percent"] else None
            for kind in Kind
        }
