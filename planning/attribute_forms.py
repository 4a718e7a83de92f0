"""The attributes of any object as a form: one field for each slot of planning.xplanung.attributes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.xplanung import attributes, codelists
from planning.xplanung.attributes import Answer, Answers, Slot
from planning.xplanung.properties import Json
from planning.xplanung.schema import FeatureType, Property, Schema
from planning.xplanung.schema.labels import readable

Choices = Sequence[tuple[str, str]]
CHECKBOXES = 12  # codes up to which all are shown at once
MOST_TARGETS = 300  # objects up to which a reference is chosen from a list
_PATTERNS = {"integer": re.compile(r"[+-]?\d{1,18}"), "number": re.compile(r"[+-]?\d{1,18}([.,]\d{1,18})?")}
_PATTERNS["measure"] = _PATTERNS["number"]
_SENTENCES = {
    "integer": gettext_lazy("“%(label)s” is a whole number."),
    "number": gettext_lazy("“%(label)s” is a number, such as 0,4."),
    "measure": gettext_lazy("“%(label)s” is a number, such as 0,4."),
    "day": gettext_lazy("“%(label)s” is a day, such as 2027-03-31."),
}


def name_of(slot: Slot) -> str:
    """Of the form's field."""
    return "-".join(("p", *map(str, slot.path)))


class AnswerField(forms.CharField):
    """One value as text, checked by its kind; what stands there already is let be."""

    def __init__(self, slot: Slot, **kwargs: Any) -> None:
        self.slot = slot
        super().__init__(strip=slot.input not in ("text", "long"), **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        if value in ("", self.slot.shown):
            return
        kind = self.slot.input
        fits = bool(_PATTERNS[kind].fullmatch("".join(value.split()))) if kind in _PATTERNS else True
        if kind == "day":
            fits = _is_day(value)
        if not fits:
            raise forms.ValidationError(_SENTENCES[kind], code=kind, params={"label": self.label})


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2027-03-31")


def faulty(form: forms.Form) -> list[tuple[forms.BoundField, Any]]:
    """Fields of a form with their errors, as kern/summary.html wants them."""
    return [(form[name], errors) for name, errors in form.errors.items() if name in form.fields]


@dataclass(frozen=True)
class Offers:
    """targets: attribute -> objects that it may refer to; codes: code list -> codes that the plan uses."""

    targets: Mapping[str, Choices] = field(default_factory=dict)
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)


class AttributeForm(forms.Form):
    """more: names of attributes beyond the usual ones; offers: what can be chosen."""

    mark = forms.IntegerField(widget=forms.HiddenInput)
    more = forms.CharField(widget=forms.HiddenInput, required=False)
    attribute = forms.CharField(
        label=gettext_lazy("Further attribute"),
        help_text=gettext_lazy("Type a part of its name, choose it and press “Add attribute”."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "attributes", "autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: Any,
        kind: FeatureType,
        properties: Mapping[str, Json],
        schema: Schema,
        more: Sequence[str] = (),
        offers: Offers | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.properties, self.schema = kind, properties, schema
        offers = offers or Offers()
        self.asked = attributes.asked_of(kind, properties, more=more)
        fresh = frozenset(more) | {item.name for item in self.asked if item.minimum}
        offered = attributes.slots(self.asked, properties, schema, fresh=fresh)
        made = [(slot, field_for(slot, offers.targets.get(slot.item.name))) for slot in offered]
        self.slots = [
            slot for slot, field in made if getattr(field, "choices", True)
        ]  # nothing to choose: no question
        self.fields.update({name_of(slot): field for slot, field in made if slot in self.slots})
        lists = {slot.item.codelist for slot in self.slots if slot.item.codelist}
        self.code_lists = {name: entries for name in sorted(lists) if (entries := _entries(name, offers.codes.get(name, ())))}  # fmt: skip
        for slot in self.slots:
            if slot.item.codelist in self.code_lists:
                self.fields[name_of(slot)].widget.attrs["list"] = f"codes-{slot.item.codelist}"
        self.order_fields([*(name_of(slot) for slot in self.slots), "attribute", "mark", "more"])
        self.fields["more"].initial = " ".join(more)

    def faulty(self) -> list[tuple[forms.BoundField, Any]]:
        """Fields with their errors, for the summary."""
        return faulty(self)

    def further(self) -> list[Property]:
        """Attributes that can be asked for in addition."""
        shown = {item.name for item in self.asked if item.kind != "data" or not item.repeats}
        found = [
            item for item in self.kind.properties if attributes.is_asked(item) and item.name not in shown
        ]
        return sorted(found, key=lambda item: item.label.casefold())

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Fields that belong together, with the words above them ("" for the object's own)."""
        for path, slots in groupby(self.slots, key=lambda slot: slot.group):
            yield self._legend(path), [self[name_of(slot)] for slot in slots]

    def _legend(self, path: attributes.Path) -> str:
        words = [self._label(part) if isinstance(part, str) else str(part + 1) for part in path]
        return " ".join(words)

    def _label(self, name: str) -> str:
        return self.kind.by_name[name].label if name in self.kind.by_name else readable(name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for _legend, fields in self.groups():
            self._check_group([field.name for field in fields])
        for slot in self.slots:
            found = cleaned.get(name_of(slot))
            most = slot.item.maximum
            if isinstance(found, list) and most is not None and len(found) > most:
                self._refuse(
                    slot,
                    "many",
                    _("“%(label)s”: at most %(most)s values.") % {"label": slot.item.label, "most": most},
                )
        return cleaned

    def _check_group(self, names: list[str]) -> None:
        """Inside a data type its required parts are wanted as soon as anything of it is stated."""
        own = [slot for slot in self.slots if name_of(slot) in names and slot.group]
        if not any(self.cleaned_data.get(name_of(slot)) for slot in own):
            return
        for slot in own:
            if slot.required and name_of(slot) in self.cleaned_data and not self.cleaned_data[name_of(slot)]:
                self._refuse(slot, "required", _required(slot))

    def _refuse(self, slot: Slot, code: str, sentence: str) -> None:
        self.add_error(name_of(slot), forms.ValidationError(sentence, code=code))

    def answers(self) -> Answers:
        """What a valid form says."""
        return {slot.path: self.cleaned_data[name_of(slot)] for slot in self.slots}

    def changes(self) -> dict[str, Json]:
        return attributes.changes(self.asked, self.properties, self.answers(), self.schema)


def _entries(name: str, used: Sequence[str]) -> dict[str, str]:
    """Code -> words: what the standard publishes, then what the plan uses besides."""
    known = dict(codelists.PUBLISHED.get(name, {}))
    return known | {code: _("used in this plan") for code in used if code not in known}


def _required(slot: Slot) -> str:
    return _("“%s” must be stated.") % slot.item.label


def field_for(slot: Slot, targets: Choices | None) -> forms.Field:
    item = slot.item
    common: dict[str, Any] = {
        "label": _labelled(slot),
        "required": slot.required and not slot.group and bool(slot.shown),
        "initial": slot.shown,
        "error_messages": {"required": _required(slot)},
    }
    if slot.input in ("codes", "references"):
        return _several(slot, targets, common)
    choices = _choices(slot, targets)
    if choices is not None:
        return forms.ChoiceField(choices=[("", _("not stated")), *choices], **common)
    return AnswerField(slot, widget=_widget(slot), help_text=_help(item), **common)


def _help(item: Property) -> str:
    return _("Code list %s; what it does not have may be typed.") % item.codelist if item.codelist else ""


def _labelled(slot: Slot) -> str:
    unit = attributes.unit_of(slot.item) if slot.input == "measure" else ""
    return f"{slot.item.label} [{unit}]" if unit else slot.item.label


def _several(slot: Slot, targets: Choices | None, common: dict[str, Any]) -> forms.Field:
    choices = _choices(slot, targets) or []
    few = len(choices) <= CHECKBOXES
    return forms.MultipleChoiceField(
        choices=choices, widget=forms.CheckboxSelectMultiple if few else forms.SelectMultiple, **common
    )


def _choices(slot: Slot, targets: Choices | None) -> list[tuple[str, str]] | None:
    """What can be chosen; what stands there already is among it, even where the standard knows no such code."""
    item = slot.item
    if slot.input == "truth":
        known = [("true", _("yes")), ("false", _("no"))]
    elif slot.input in ("code", "codes"):
        known = list(item.values.items())
    elif slot.input in ("reference", "references") and targets is not None:
        known = list(targets)
    else:
        return [(text, text) for text in slot.shown] if isinstance(slot.shown, list) else None
    stated = slot.shown if isinstance(slot.shown, list) else [slot.shown] if slot.shown else []
    codes = {code for code, _words in known}
    return [*known, *((text, text) for text in stated if text not in codes)]


def _widget(slot: Slot) -> forms.Widget:
    if slot.input == "long" or "\n" in str(slot.shown):
        return forms.Textarea(attrs={"rows": 4})
    if slot.input == "day" and (not slot.shown or _is_day(str(slot.shown))):
        return forms.DateInput()
    modes = {"integer": "numeric", "number": "decimal", "measure": "decimal"}
    return forms.TextInput(attrs={"inputmode": modes[slot.input]} if slot.input in modes else {})


def typed(form: AttributeForm, data: MultiValueDict[str, str]) -> dict[str, Answer]:
    """What a person had typed when they asked for something else than saving: field -> value, for `initial`."""
    found: dict[str, Answer] = {}
    for slot in form.slots:
        name = name_of(slot)
        if slot.input in ("codes", "references"):
            found[name] = [str(one) for one in data.getlist(name)]
        elif name in data:
            found[name] = str(data[name])
    return found
