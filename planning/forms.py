"""Shapes of what people enter on the pages of plans."""

import hashlib
import math
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from planning import queries
from planning.capturing import Said
from planning.explaining import STAGE_LABELS
from planning.models import (
    Amendment,
    Captured,
    Development,
    FassungKind,
    Plan,
    PlanState,
    PlanType,
    Source,
    StepKind,
    TrackKind,
    Verdict,
)
from planning.presenting import legal_statuses
from planning.printing import GREATEST, LEAST, PAPERS, SCALES, Order
from planning.recording import StepData
from planning.services import PLAN_SUFFIXES
from tenants.forms import DayField
from tenants.models import Tenant
from tenants.roles import Share

ANY = [("", _("All"))]
AS_FILED = "file"  # an answer of its own, so that an empty form is no answer


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


class FindingFilter(forms.Form):
    """All optional. rules: choices (rule:condition, label)."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    severity = forms.ChoiceField(
        label=_("Severity"),
        required=False,
        choices=[
            *ANY,
            ("fatal,error", _("Errors")),
            ("fatal,error,warning", _("Errors and warnings")),
            ("warning", _("Warnings")),
            ("info", _("Notes")),
        ],
    )
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[*ANY, *STAGE_LABELS.items()])
    rule = forms.ChoiceField(label=_("Rule"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, rules: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [*ANY, *rules]  # type: ignore[attr-defined]

    def has_changed(self) -> bool:
        """The version is no filter, but what is filtered."""
        return bool(set(self.changed_data) - {"version"})


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


class BatchFilter(forms.Form):
    """All optional."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    verdict = forms.ChoiceField(
        label=_("Result"),
        required=False,
        choices=[
            *ANY,
            ("refused,failed", _("Not imported")),
            ("asks", _("Waits for your decision")),
            ("imported", _("Imported")),
            ("unchanged", _("Imported before")),
            ("waiting,running", _("Under way")),
        ],
    )


class UploadForm(forms.Form):
    delivered = SeveralFilesField(
        label=_("Plan files and documents"),
        help_text=_(
            "Drag XPlanGML (.gml, .xml) or zip archives here, or choose them; documents may come together with the plan."
        ),
        allow_empty_file=True,
        error_messages={"required": _("Choose at least one file.")},
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


class PortalForm(forms.Form):
    portal_url = forms.URLField(
        label=_("Address in the state's planning portal"),
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[URLValidator(schemes=("https", "http"))],
        help_text=_(
            "Of the page on which the portal shows this plan; everybody finds it on the plan's page."
        ),
    )


class ShareForm(forms.Form):
    """A person by mail address, or a tenant such as the county."""

    email = forms.EmailField(label=_("Mail address of a person"), required=False)
    tenant = forms.ModelChoiceField(Tenant.objects.filter(active=True).defer("boundary"), label=_("Or a whole administration"), required=False)  # fmt: skip
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


class StepForm(forms.Form):
    """A step as it happened, or is planned for a day ahead."""

    kind = forms.ChoiceField(label=_("Step"), choices=StepKind.choices)
    on = DayField(label=_("On, or first day"))
    until = DayField(label=_("Last day"), required=False, help_text=_("Of a hearing; this day belongs to it."))  # fmt: skip
    announced_on = DayField(label=_("Announced on"), required=False)
    number = forms.CharField(label=_("Number of the decision"), required=False, max_length=100)
    body = forms.CharField(label=_("Responsible body"), required=False, max_length=200)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea, help_text=_("Everybody reads it once the plan is public.")
    )  # fmt: skip
    source = forms.ChoiceField(label=_("Known"), choices=Source.choices, initial=Source.RECORDED)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        on, until = cleaned.get("on"), cleaned.get("until")
        if on and until and until < on:
            self.add_error(
                "until", forms.ValidationError(_("The last day lies before the first."), code="order")
            )
        return cleaned

    def data_of_step(self) -> StepData:
        return StepData(**{name: self.cleaned_data[name] for name in StepData.__dataclass_fields__})


class CorrectionForm(StepForm):
    reason = forms.CharField(
        label=_("Reason for the correction"), max_length=1000, widget=forms.Textarea, help_text=_("Stays with the step; only colleagues read it.")
    )  # fmt: skip
    void = forms.BooleanField(label=_("This step never happened: strike it out"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class PaperForm(forms.Form):
    file = forms.FileField(label=_("File"))
    title = forms.CharField(label=_("Title"), required=False, max_length=200)
    internal = forms.BooleanField(
        label=_("Internal: stays closed when the plan is public"), required=False, initial=True
    )

    def clean_file(self) -> UploadedFile:  # type: ignore[type-arg]
        file: UploadedFile = self.cleaned_data["file"]  # type: ignore[type-arg]
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            limit = settings.UPLOAD_MAX_BYTES >> 20
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB."), code="too_large", params={"limit": limit}
            )
        return file


class CaseForm(forms.Form):
    """What the law makes depend on the plan."""

    track = forms.ChoiceField(
        label=_("Kind of procedure"), choices=[(AS_FILED, _("As the file says")), *TrackKind.choices]
    )
    on_project = forms.BooleanField(label=_("Vorhabenbezogen (§ 12 BauGB)"), required=False)
    development = forms.ChoiceField(
        label=_("Relation to the Flächennutzungsplan"),
        required=False,
        choices=[("", _("Not known: whether an approval is needed is to be checked")), *Development.choices],
    )
    amends = forms.ModelChoiceField(Plan.objects.none(), label=_("Changes the plan"), required=False)
    amendment = forms.ChoiceField(
        label=_("How it changes that plan"), required=False, choices=[("", "–"), *Amendment.choices]
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        same = Plan.objects.filter(tenant=plan.tenant_id, plan_type=plan.plan_type).exclude(pk=plan.pk)
        self.fields["amends"].queryset = same.order_by("name", "pk")  # type: ignore[attr-defined]
        if plan.plan_type != "BP":
            del self.fields["development"], self.fields["on_project"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("amends")) != bool(cleaned.get("amendment")):
            raise forms.ValidationError(_("Name the plan and how it is changed, or neither."), code="both")
        return cleaned

    def values(self) -> dict[str, Any]:
        cleaned = {"on_project": False, "development": "", **self.cleaned_data}
        amended, track = cleaned.pop("amends"), cleaned.pop("track")
        filed = track == AS_FILED
        return {**cleaned, "amends_id": amended.pk if amended else None, "track": "" if filed else track}


class FassungForm(forms.Form):
    kind = forms.ChoiceField(label="Fassung", choices=FassungKind.choices)
    dated_on = forms.DateField(label=_("As of"), widget=forms.DateInput, initial=timezone.localdate)


class CaptureForm(forms.Form):
    """What a town says about one kind of its plans; left empty, it says nothing new."""

    captured = forms.ChoiceField(
        label=_("Captured"), required=False, choices=[("", _("No statement")), *Captured.choices]
    )
    as_of = forms.DateField(label=_("As of"), required=False, widget=forms.DateInput)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, help_text=_("Everybody reads it, for example which plans are missing.")
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("captured") and not cleaned.get("as_of") and "as_of" not in self.errors:
            self.add_error("as_of", forms.ValidationError(_("Say as of which day."), code="required"))
        return cleaned

    def errors_by_field(self) -> list[tuple[forms.BoundField, Any]]:
        """For the summary above a form that is laid out by hand."""
        return [(self[name], errors) for name, errors in self.errors.items() if name in self.fields]

    def said(self) -> Said:
        return Said(**{name: self.cleaned_data[name] for name in ("captured", "as_of", "note")})


class PrintForm(forms.Form):
    """Scale and paper of a print; an own denominator stands before a chosen one."""

    scale = forms.TypedChoiceField(
        label=_("Scale"), coerce=int, choices=[(each, f"1 : {each}") for each in SCALES]
    )
    own = forms.IntegerField(
        label=_("Scale of your own, 1 :"), required=False, min_value=LEAST, max_value=GREATEST
    )
    paper = forms.ChoiceField(label=_("Paper"), choices=[(each, each) for each in PAPERS])
    upright = forms.BooleanField(label=_("Upright"), required=False)

    def order(self) -> Order:
        wanted = self.cleaned_data
        return Order(wanted["own"] or wanted["scale"], wanted["paper"], wanted["upright"])


class PictureQuery(forms.Form):
    """A section of a plan as a picture. bbox: west, south, east, north in crs, always in this order; sizes in pixels."""

    SYSTEMS = {f"EPSG:{srid}": srid for srid in (25833, 25832, 3857, 4326)}
    PIXELS = 8_000_000  # of one picture

    bbox = forms.CharField(max_length=200)
    crs = forms.ChoiceField(choices=[(name, name) for name in SYSTEMS], required=False)
    width = forms.IntegerField(min_value=1, max_value=4096)
    height = forms.IntegerField(min_value=1, max_value=4096)
    transparent = forms.BooleanField(required=False)

    def clean_bbox(self) -> tuple[float, float, float, float]:
        try:
            west, south, east, north = map(float, self.cleaned_data["bbox"].split(","))
        except ValueError as error:
            raise forms.ValidationError(
                _("Four numbers: west, south, east, north."), code="numbers"
            ) from error
        values = (west, south, east, north)
        if (
            not all(math.isfinite(value) and abs(value) < 1e9 for value in values)
            or west >= east
            or south >= north
        ):
            raise forms.ValidationError(
                _("West must be less than east and south less than north."), code="order"
            )
        return values

    def clean_crs(self) -> int:
        return self.SYSTEMS.get(self.cleaned_data["crs"], settings.TWIN_SRID)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("width", 0) * cleaned.get("height", 0) > self.PIXELS:
            raise forms.ValidationError(
                _("At most %(most)s pixels."), code="pixels", params={"most": self.PIXELS}
            )
        return cleaned

    def key(self) -> str:
        """The same for the same picture."""
        return hashlib.sha256(repr(sorted(self.cleaned_data.items())).encode()).hexdigest()[:16]


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(label=_("Verdict"), choices=Verdict.choices, widget=forms.RadioSelect)  # fmt: skip
    reason = forms.CharField(
        label=_("Reasons"), required=False, max_length=5000, widget=forms.Textarea, help_text=_("Needed to send it back; the bureau reads them.")
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == Verdict.RETURNED and not cleaned.get("reason", "").strip():
            self.add_error("reason", forms.ValidationError(_("Say what has to be changed."), code="reason"))
        return cleaned
