"""Shapes of what people enter on the pages of plans."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from planning import queries
from planning.models import PlanState, PlanType
from planning.presenting import legal_statuses
from planning.services import PLAN_SUFFIXES
from tenants.models import Tenant
from tenants.roles import Share

ANY = [("", _("All"))]


class PlanFilter(forms.Form):
    """All optional. The state and whose plans are asked of staff alone."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    municipality = forms.ModelChoiceField(
        Tenant.objects.none(),
        label=_("Municipality"),
        required=False,
        to_field_name="ags",
        empty_label=_("All"),
    )
    plan_type = forms.ChoiceField(label=_("Kind of plan"), required=False, choices=[*ANY, *PlanType.choices])
    legal_status = forms.ChoiceField(label="Rechtsstand", required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[*ANY, *PlanState.choices])
    whose = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("Own and shared plans")), ("all", _("All plans"))]
    )

    def __init__(self, *args: Any, staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = queries.municipalities()  # type: ignore[attr-defined]
        self.fields["legal_status"].choices = [*ANY, *legal_statuses().items()]  # type: ignore[attr-defined]
        if not staff:
            del self.fields["state"], self.fields["whose"]


class ObjectFilter(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    feature_type = forms.ChoiceField(label=_("Type"), required=False)

    def __init__(self, *args: Any, types: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["feature_type"].choices = [*ANY, *types]  # type: ignore[attr-defined]


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """A list of files."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:  # type: ignore[type-arg]
        given = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFilesField, self).clean(one, initial) for one in given] or [
            super().clean(None, initial)
        ]


class UploadForm(forms.Form):
    delivered = SeveralFilesField(
        label=_("Plan files and documents"),
        help_text=_("XPlanGML (.gml, .xml) or zip archives; documents may be chosen together with the plan."),
        allow_empty_file=True,
    )

    def clean_delivered(self) -> list[UploadedFile]:  # type: ignore[type-arg]
        chosen: list[UploadedFile] = self.cleaned_data["delivered"]  # type: ignore[type-arg]
        if not any((one.name or "").lower().endswith(tuple(PLAN_SUFFIXES)) for one in chosen):
            raise forms.ValidationError(
                _("None of the files is a plan. Choose XPlanGML (.gml or .xml) or a zip archive with one."),
                code="kind",
            )
        for one in chosen:
            if (one.size or 0) > settings.UPLOAD_MAX_BYTES:
                limit = settings.UPLOAD_MAX_BYTES >> 20
                raise forms.ValidationError(
                    _("“%(name)s” is larger than %(limit)s MB. Split it into several plans."),
                    code="too_large",
                    params={"name": one.name, "limit": limit},
                )
        return chosen


class PublishForm(forms.Form):
    on = forms.DateField(label=_("Published on"), widget=forms.DateInput, initial=timezone.localdate)


class ShareForm(forms.Form):
    """A person by mail address, or a tenant such as the county."""

    email = forms.EmailField(label=_("Mail address of a person"), required=False)
    tenant = forms.ModelChoiceField(
        Tenant.objects.filter(active=True), label=_("Or a whole administration"), required=False
    )
    as_ = forms.ChoiceField(
        label=pgettext_lazy("share", "May"),
        choices=[
            (Share.READER.value, _("read the plan")),
            (Share.EXTERNAL_PLANNER.value, _("read it and deliver new versions")),
        ],
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("email")) == bool(cleaned.get("tenant")):
            raise forms.ValidationError(_("Name either a person or an administration."), code="one")
        return cleaned
