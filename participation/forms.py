"""Shape of what people hand in."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.gis.geos import GEOSException, GEOSGeometry, LineString, Point, Polygon
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.urls import reverse_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_altcha import AltchaField, get_challenge_expire_seconds

from participation import guard
from participation.drafts import PhaseDates, ProcedureData, StatementData
from participation.models import TEXT_LENGTH, Category, PhaseKind, Procedure, Publication
from participation.phases import Kind
from planning.models import Plan
from tenants.forms import DayField

PROOF_NUMBERS = 50_000  # hashes to try at most: half a second on an old phone


class ProofField(AltchaField):  # type: ignore[misc]
    """Proof of work, taken once. Empty is allowed: who has no JavaScript is let in at a slower rate (see guard)."""

    def __init__(self) -> None:
        super().__init__(
            required=False, label="", challengeurl=reverse_lazy("participation:challenge"), auto="onload"
        )

    def validate(self, value: str | None) -> None:
        if value:
            super().validate(value)

    def replay_attack_protection(self, payload: str) -> None:
        try:
            challenge = str(json.loads(base64.b64decode(payload))["challenge"])
        except (binascii.Error, ValueError, KeyError, TypeError, RecursionError) as error:
            raise ValidationError(self.error_messages["error"], code="error") from error
        if not guard.use_once(challenge, seconds=get_challenge_expire_seconds()):
            raise ValidationError(self.error_messages["replay"], code="replay")


class PlaceField(forms.CharField):
    """A GeoJSON geometry in the twin's reference system, as the map writes it into a hidden input."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:  # by hand: GDAL would look at a reference system that the sender names
            found = json.loads(text)
            place = SHAPES[found["type"]](found["coordinates"])
        except (GEOSException, ValueError, TypeError, KeyError, RecursionError) as error:
            raise ValidationError(MESSAGES["place_malformed"], code="place_malformed") from error
        place.srid = settings.TWIN_SRID
        return place


SHAPES: dict[str, Callable[[Any], GEOSGeometry]] = {
    "Point": lambda position: Point(*position),
    "LineString": LineString,
    "Polygon": lambda rings: Polygon(*rings),
}


MESSAGES = {
    "place_malformed": _("The place could not be read. Please set it again."),
    "place_outside": _("The place lies outside the county."),
    "place_crosses_itself": _("The area crosses itself. Please draw it again."),
    "place_ambiguous": _("Please choose either a place or an object of the plan."),
    "object_unknown": _("This object is not part of the plan."),
    "category_unknown": _("This topic is not part of the procedure."),
    "text_empty": _("Please write something."),
    "text_too_long": _("The statement is too long. You may send several, or send it by post."),
}
FIELD_OF = {
    "place_malformed": "place",
    "place_outside": "place",
    "place_crosses_itself": "place",
    "place_ambiguous": None,
    "object_unknown": "plan_object",
    "category_unknown": "category",
    "text_empty": "text",
    "text_too_long": "text",
}


class StatementForm(forms.Form):
    """The text is all that is required."""

    text = forms.CharField(
        label=_("Your statement"),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
        max_length=TEXT_LENGTH,
        error_messages={"max_length": MESSAGES["text_too_long"]},
        strip=False,
    )
    category = forms.ModelChoiceField(
        label=_("Topic"), queryset=Category.objects.none(), required=False, empty_label=_("No topic")
    )
    plan_object = (
        forms.IntegerField(  # the service knows which are the plan's; loading thousands to check one is slow
            label=_("Object of the plan"),
            required=False,
            min_value=1,
            max_value=2**63 - 1,
            widget=forms.Select,
        )
    )
    place = PlaceField(required=False, widget=forms.HiddenInput(attrs={"data-kz-draft-keep": ""}))
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("For your receipt and for questions."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    postal_address = forms.CharField(
        label=_("Postal address"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )
    publication_consent = forms.BooleanField(
        label=_("The text may be published, without my name"),
        required=False,
        help_text=_("You can take this back at any time. Your statement counts either way."),
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    proof = ProofField()

    def __init__(
        self,
        *args: Any,
        categories: Any,
        has_plan: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = categories  # type: ignore[attr-defined]
        if not has_plan:
            del self.fields["plan_object"]
        if self.data.get("category"):  # who chose none is not worth a query
            self._leave_out_topics()

    def offer(self, objects: Sequence[tuple[int, str]]) -> None:
        """Put the plan's objects into the selection, before it is shown."""
        self._leave_out_topics()
        if "plan_object" in self.fields:
            self.fields["plan_object"].widget.choices = [("", _("No object")), *objects]

    def _leave_out_topics(self) -> None:
        """Where the procedure has none, or none any more."""
        field = self.fields.get("category")
        if field and not field.queryset.exists():  # type: ignore[attr-defined]
            del self.fields["category"]

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise ValidationError(MESSAGES["text_empty"], code="text_empty")
        return text

    def clean_website(self) -> str:
        """Only automata fill what nobody sees; a browser's autofill may too, so a second try goes through emptied."""
        if self.cleaned_data["website"]:
            self.data = {**dict(self.data.items()), "website": ""}
            raise ValidationError(_("Please send your statement once more."), code="trap")
        return ""

    @property
    def errors_by_field(self) -> list[tuple[forms.BoundField, Any]]:
        """For the summary: visible fields with their errors."""
        return [(field, field.errors) for field in self.visible_fields() if field.errors]

    @property
    def is_proven(self) -> bool:
        return bool(self.cleaned_data.get("proof"))

    def statement(self) -> StatementData:
        data = self.cleaned_data
        category = data.get("category")
        return StatementData(
            text=data["text"],
            category_id=category.pk if category else None,
            name=data["name"],
            email=data["email"],
            postal_address=data["postal_address"],
            publication_consent=data["publication_consent"],
            geometry=data["place"],
            plan_object_id=data.get("plan_object"),
            language=get_language() or settings.LANGUAGE_CODE,
        )


class SecretForm(forms.Form):
    """Opens the status of a statement."""

    number = forms.CharField(
        label=_("Receipt number"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    secret = forms.CharField(
        label=_("Secret"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-kz-from-fragment": ""}),
    )


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("Your reply"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 5})
    )


class SearchForm(forms.Form):
    """Filters of published statements."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    category = forms.ModelChoiceField(
        label=_("Topic"), queryset=Category.objects.none(), required=False, empty_label=_("All topics")
    )

    def __init__(self, *args: Any, categories: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if categories:
            self.fields["category"].queryset = categories  # type: ignore[attr-defined]
        else:
            del self.fields["category"]

    def filters(self) -> dict[str, Any]:
        """For queries.published; a malformed filter filters nothing."""
        data = self.cleaned_data if self.is_valid() else {}
        category = data.get("category")
        return {"text": data.get("q", ""), "category_id": category.pk if category else None}


class StaffSearchForm(forms.Form):
    """Filters of all statements of a town."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    procedure = forms.ModelChoiceField(
        label=_("Participation procedure"),
        queryset=Procedure.objects.none(),
        required=False,
        empty_label=_("All"),
    )
    publication = forms.ChoiceField(
        label=_("Publication"), choices=[("", _("All")), *Publication.choices], required=False
    )
    late = forms.BooleanField(label=_("Only late ones"), required=False)

    def __init__(self, *args: Any, procedures: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["procedure"].queryset = procedures  # type: ignore[attr-defined]


class ProcedureForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    summary = forms.CharField(
        label=_("What it is about"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    plan = forms.ModelChoiceField(
        label=_("Plan"), queryset=Plan.objects.none(), required=False, empty_label=_("No plan: a free topic")
    )
    categories = forms.CharField(
        label=_("Topics"),
        required=False,
        help_text=_("One per line. People may choose one for their statement."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, plans: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans  # type: ignore[attr-defined]

    def clean_categories(self) -> tuple[str, ...]:
        names = tuple(
            dict.fromkeys(filter(None, map(str.strip, self.cleaned_data["categories"].splitlines())))
        )
        if any(len(name) > 80 for name in names):
            raise ValidationError(_("A topic has at most 80 characters."), code="too_long")
        return names

    def procedure(self, dates: tuple[PhaseDates, ...]) -> ProcedureData:
        return ProcedureData(**self.cleaned_data, phases=dates)


class PhaseForm(forms.Form):
    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("No further phase")), *PhaseKind.choices])
    first_day = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"))

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error(
                "last_day", ValidationError(_("The last day lies before the first."), code="order")
            )
        return data

    def dates(self) -> PhaseDates:
        data = self.cleaned_data
        return PhaseDates(Kind(data["kind"]), data["first_day"], data["last_day"], data["key"])


class PhaseForms(BaseFormSet[PhaseForm]):
    def dates(self) -> tuple[PhaseDates, ...]:
        """Of the phases that were filled in and are not to be removed."""
        return tuple(
            form.dates()
            for form in self.forms
            if form.cleaned_data.get("kind") and not form.cleaned_data.get("DELETE")
        )


PhaseFormSet = cast(
    type[PhaseForms],
    formset_factory(
        PhaseForm, formset=PhaseForms, extra=2, can_delete=True, can_delete_extra=False, max_num=20
    ),
)


class TopicForm(forms.Form):
    """Under which topic of its procedure a statement stands."""

    category = forms.ModelChoiceField(
        label=_("Topic"), queryset=Category.objects.none(), required=False, empty_label=_("No topic")
    )

    def __init__(self, *args: Any, categories: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = categories  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a statement is not published, or what a moderator asks."""

    reason = forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(forms.Form):
    text = forms.CharField(label=_("Answer"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}))
