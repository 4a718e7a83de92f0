"""What a use case asks, as JSON Schema: for programs."""

from collections.abc import Mapping
from typing import Any

from django import forms

from twin.analysis.usecase import UseCase


def inputs_of(use_case: UseCase) -> dict[str, dict[str, Any]]:
    """By name: {"title", "description", "required", "schema"}; without what only people fill in."""
    return {
        name: {
            "title": str(field.label or name),
            "description": str(field.help_text),
            "required": field.required,
            "schema": schema_of(field),
        }
        for name, field in use_case.form.base_fields.items()
        if name not in use_case.form.FOR_PEOPLE
    }


def schema_of(field: forms.Field) -> dict[str, Any]:
    """A field may say its own (`schema`); else it follows from the kind of field."""
    own: Mapping[str, Any] | None = getattr(field, "schema", None)
    found = dict(own) if own is not None else _plain(field)
    if field.initial is not None and not callable(field.initial):
        found["default"] = field.initial
    return found


def _plain(field: forms.Field) -> dict[str, Any]:
    match field:
        case forms.ChoiceField():
            choices: Any = field.choices
            return {"type": "string", "enum": [str(value) for value, _words in choices]}
        case forms.FloatField():  # of the whole numbers' kind for Django
            return {"type": "number", **_limits(field)}
        case forms.IntegerField():
            return {"type": "integer", **_limits(field)}
        case forms.BooleanField():
            return {"type": "boolean"}
    return {"type": "string"}


def _limits(field: forms.IntegerField) -> dict[str, Any]:
    found = {"minimum": field.min_value, "maximum": field.max_value}
    return {name: value for name, value in found.items() if value is not None}
