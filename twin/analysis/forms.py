"""What people ask: the ground of the use cases' forms, and the filter of the list of runs."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from planning.attribute_forms import faulty
from planning.draft_forms import CornersField, area_from_geojson
from tenants.models import JobState
from twin.catalogue.models import Dataset, DatasetVersion


@dataclass(frozen=True)
class Question:
    """values: cleaned, by name; parameters: the same as JSON; data: the versions of the datasets that are asked about, by name."""

    values: Mapping[str, Any]
    parameters: Mapping[str, Any]
    data: Mapping[str, DatasetVersion]

    def inputs(self) -> list[dict[str, Any]]:
        """As a run keeps them."""
        return [
            {
                "name": name,
                "dataset": str(version.dataset.public_id),
                "title": version.dataset.title,
                "version": version.number,
                "sha256": version.sha256,
                "of": version.created_at.isoformat(),
            }
            for name, version in sorted(self.data.items())
        ]

    def digest(self, *versions: str) -> str:
        """Of all that the answer follows from. versions: of what computes it."""
        facts = [(each["dataset"], each["version"], each["sha256"]) for each in self.inputs()]
        text = json.dumps([versions, dict(self.parameters), facts], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


class DatasetField(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes none at run time
    """A dataset of one kind that the person may read and that has been delivered."""

    schema: ClassVar[dict[str, str]] = {"type": "string", "format": "uuid"}

    def __init__(self, kind: str, **options: Any) -> None:
        super().__init__(Dataset.objects.none(), to_field_name="public_id", **options)
        self.kind = kind

    def offer(self, datasets: QuerySet[Dataset]) -> None:
        rows = datasets.filter(kind=self.kind, current_version__isnull=False)
        self.queryset = rows.select_related("current_version", "tenant").order_by("title", "pk")

    def label_from_instance(self, dataset: Any) -> str:
        return f"{dataset.title} ({dataset.tenant.name})"


class RunForm(forms.Form):
    """Ground of the use cases' forms. datasets: those that the person may read. Values have a form as JSON: datasets by their public id,
    geometries as GeoJSON; `data_of` takes the same back. The title is no part of the question."""

    FOR_PEOPLE: ClassVar[frozenset[str]] = frozenset()  # fields that say in another way what a parameter says

    title = forms.CharField(label=_("Title of the analysis"), max_length=200, required=False, help_text=_("For the list, for example “Ortslage, hundertjährlich”."))  # fmt: skip

    def __init__(self, *args: Any, datasets: QuerySet[Dataset], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, DatasetField):
                field.offer(datasets)

    def clean(self) -> dict[str, Any]:
        """What is left out is as the form proposes it."""
        cleaned = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            if field.initial is not None and cleaned.get(name, field.initial) in (None, ""):
                cleaned[name] = field.clean(field.initial)
        return cleaned

    def faulty(self) -> list[tuple[forms.BoundField, Any]]:
        """Fields with their errors, for the summary."""
        return faulty(self)

    def question(self) -> Question:
        values = {name: value for name, value in self.cleaned_data.items() if name != "title"}
        data = {name: _delivered(value) for name, value in values.items() if isinstance(value, Dataset)}
        parameters = {name: _as_json(value) for name, value in values.items() if not _is_empty(value)}
        return Question(values, parameters, data)


def _delivered(dataset: Dataset) -> DatasetVersion:
    """With its dataset at hand."""
    version = dataset.current_version
    assert version is not None  # noqa: S101 - DatasetField offers no other
    version.dataset = dataset
    return version


def _is_empty(value: Any) -> bool:
    return value is None or value is False or value == "" or value == []


def _as_json(value: Any) -> Any:
    match value:
        case Dataset():
            return str(value.public_id)
        case BaseGeometry():
            return json.loads(json.dumps(mapping(value)))
        case bool() | int() | float() | str() | list() | dict():
            return value
        case tuple():
            return list(value)
    return str(value)


class AreaField(forms.CharField):
    """Polygons in the twin's system as GeoJSON, as the map writes them into a hidden input."""

    widget = forms.HiddenInput
    schema: ClassVar[dict[str, str]] = {"type": "object", "format": "geojson-geometry"}

    def clean(self, value: Any) -> BaseGeometry | None:
        text = super().clean(value)
        return area_from_geojson(text) if text else None


class AreaForm(RunForm):
    """Ground of forms about a part of the map: drawn, or typed as corners; both are `area` in the parameters."""

    FOR_PEOPLE = frozenset({"corners"})

    area = AreaField(
        required=False,
        label=pgettext_lazy("analysis", "Area"),
        widget=forms.HiddenInput(attrs={"data-kz-draft-keep": ""}),
    )
    corners = CornersField(required=False, label=_("Area as corners"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        area = cleaned.get("area") or cleaned.pop("corners", None)
        cleaned.pop("corners", None)
        if area is not None and not area.is_valid:
            raise forms.ValidationError(_("The area crosses itself. Please draw it again."), code="crossing")
        cleaned["area"] = area
        return cleaned


def data_of(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as JSON -> what a form is filled with. False is left out: a box that is not ticked sends nothing."""
    return {
        name: json.dumps(value) if isinstance(value, dict) else value
        for name, value in parameters.items()
        if value is not False and value is not None
    }


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
