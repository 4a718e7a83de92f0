"""What people ask: the ground of the use cases' forms."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol, runtime_checkable

from django import forms
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils.formats import date_format, localize
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from planning.attribute_forms import faulty
from planning.draft_forms import CornersField, area_from_geojson
from planning.models import Plan, PlanType, PlanVersion
from planning.models.plans import StandingChoice
from tenants import limits
from twin.analysis.inputs import Offer
from twin.analysis.models import Run
from twin.catalogue.models import Dataset, DatasetVersion

PLAN = "plan"  # the parameter that names the plan a question is about
Version = DatasetVersion | PlanVersion | Run
_BAULEITPLANUNG = (PlanType.BP, PlanType.FP, PlanType.SO)
_OVER = (StandingChoice.REPEALED, StandingChoice.DISCONTINUED)


@dataclass(frozen=True)
class Question:
    """values: cleaned, by name; parameters: the same as JSON; data: what is asked about, by name, as it is now.
    called: what tells it apart from others of its use case, in words. is_sure: it is meant, whatever its data look like."""

    values: Mapping[str, Any]
    parameters: Mapping[str, Any]
    data: Mapping[str, Sequence[Version]]
    called: str = ""
    is_sure: bool = True

    def dataset(self, name: str) -> DatasetVersion:
        """The one dataset that the form asks for under this name."""
        (found,) = self.data[name]
        assert isinstance(found, DatasetVersion)  # noqa: S101 - the form's field offers no other
        return found

    @property
    def plan(self) -> Plan | None:
        """Where it is about one alone."""
        plans = [each.plan for each in self.data.get(PLAN, ()) if isinstance(each, PlanVersion)]
        return plans[0] if len(plans) == 1 else None

    def inputs(self) -> list[dict[str, Any]]:
        """As a run keeps them."""
        return [{"name": name, **_kept(version)} for name in sorted(self.data) for version in self.data[name]]

    def digest(self, *versions: str) -> str:
        """Of all that the answer follows from. versions: of what computes it."""
        kept = ("dataset", "plan", "run", "version", "sha256", "role")
        facts = [[each[name] for name in kept if name in each] for each in self.inputs()]
        text = json.dumps([versions, dict(self.parameters), facts], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def _kept(version: Version) -> dict[str, Any]:
    """owner: whose it is; what is asked about may be another tenant's. public: whether everybody can read it now."""
    found: tuple[str, Any, int | str, str, datetime]
    match version:
        case DatasetVersion(dataset=dataset):
            found = ("dataset", dataset, version.number, version.sha256, version.created_at)
        case PlanVersion(plan=plan):
            found = ("plan", plan, version.number, version.sha256, version.created_at)
        case _:
            ended = version.finished_at or version.created_at
            found = ("run", version, version.use_case_version, version.digest, ended)
    kind, of, number, sha256, at = found
    kept = {kind: str(of.public_id), "title": _titled(of), "owner": of.tenant.slug, "version": number, "sha256": sha256, "of": at.isoformat(), "public": of.is_public}  # fmt: skip
    return kept | ({"role": of.role} if isinstance(of, Dataset) and of.role else {})


def _titled(of: Dataset | Plan | Run) -> str:
    """Of a run with steps also which of them its files are about."""
    return f"{of}, {of.step}" if isinstance(of, Run) and of.step else str(of)


@runtime_checkable
class Offered(Protocol):
    """A field whose choices are what may be asked about."""

    def offer(self, offer: Offer) -> None: ...


@runtime_checkable
class Drawn(Protocol):
    """A field whose value is drawn on the map. told: in words; marks: features as (key, GeoJSON geometry, properties)."""

    def told(self, value: Any) -> str: ...

    def marks(self, value: Any) -> Sequence[tuple[str, Any, Mapping[str, Any]]]: ...


class _Fitting(ModelChoiceIterator):  # type: ignore[type-arg]  # it takes none at run time
    """Of the datasets of a field those that it can take; others are refused in words."""

    def __init__(self, field: Any) -> None:
        super().__init__(field)
        if field.shapes:
            self.queryset = field.queryset.filter(current_version__geometry_type__in=field.shapes)


class DatasetField(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes none at run time
    """A dataset of one of these kinds that the person may read and that has been delivered. shapes: kinds of geometry that its features may have."""

    schema: ClassVar[dict[str, str]] = {"type": "string", "format": "uuid"}
    iterator = _Fitting

    def __init__(self, *kinds: str, shapes: Collection[str] = (), **options: Any) -> None:
        self.kinds, self.shapes = kinds, shapes  # asked for from the beginning
        if not options.get("required", True):
            options.setdefault("empty_label", _("None"))  # "please choose" would ask for one
        super().__init__(Dataset.objects.none(), to_field_name="public_id", **options)

    def offer(self, offer: Offer) -> None:
        rows = offer.datasets.filter(kind__in=self.kinds, current_version__isnull=False)
        self.queryset = rows.select_related("current_version", "tenant").order_by("title", "pk")

    def label_from_instance(self, dataset: Any) -> str:
        return f"{dataset.title} ({dataset.tenant.name})"

    def clean(self, value: Any) -> Dataset | None:
        found: Dataset | None = super().clean(value)
        kind = found.current_version.geometry_type if found and found.current_version else ""
        if found is not None and self.shapes and kind not in self.shapes:
            named = {"title": found.title, "kind": kind_of(kind), "wanted": " / ".join(dict.fromkeys(map(kind_of, self.shapes)))}  # fmt: skip
            raise forms.ValidationError(_("“%(title)s” holds %(kind)s; what is needed here: %(wanted)s.") % named, code="shapes")  # fmt: skip
        return found


_KINDS = {"Point": _("Points"), "LineString": _("Lines"), "Polygon": _("Areas")}


def kind_of(geometry_type: str) -> str:
    """What features of a kind of geometry are called."""
    return str(_KINDS.get(geometry_type.removeprefix("Multi"), _("geometries of several kinds")))


class AreasField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # it takes none at run time
    """Datasets whose areas mean something in law; none chosen: all that there are."""

    widget = forms.CheckboxSelectMultiple
    schema: ClassVar[dict[str, Any]] = {"type": "array", "items": {"type": "string", "format": "uuid"}}

    def __init__(self, **options: Any) -> None:
        super().__init__(Dataset.objects.none(), to_field_name="public_id", required=False, **options)

    def offer(self, offer: Offer) -> None:
        rows = offer.datasets.of_areas().select_related("current_version", "tenant")
        self.queryset = rows.order_by("role", "title", "pk")

    def label_from_instance(self, dataset: Any) -> str:
        day = date_format(localtime(dataset.current_version.created_at), "SHORT_DATE_FORMAT")
        return f"{dataset.get_role_display()}: {dataset.title} ({dataset.tenant.name}, {day})"

    def clean(self, value: Any) -> list[Dataset]:  # type: ignore[override]  # as other values, no query
        return list(super().clean(value))


class PlanField(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes none at run time
    """A plan of the tenant or one that is shared with it, in its newest version."""

    schema: ClassVar[dict[str, str]] = {"type": "string", "format": "uuid"}

    def __init__(self, **options: Any) -> None:
        super().__init__(Plan.objects.none(), to_field_name="public_id", **options)

    def offer(self, offer: Offer) -> None:
        self.queryset = checkable(offer.plans)


def checkable(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """With the newest version at hand, without what takes long to read."""
    rows = plans.filter(current_version__isnull=False).select_related("current_version", "tenant")
    return rows.defer("area", "current_version__area", "current_version__frame", "tenant__boundary").order_by(
        "name", "pk"
    )


def current(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Bauleitpläne that are not over, to be checked."""
    return checkable(plans).filter(plan_type__in=_BAULEITPLANUNG).exclude(standing__in=_OVER)


def shown(plans: QuerySet[Plan]) -> list[Version]:
    """Plans of others, each in the version that is shown: the public one, or, where it is shared alone, the newest."""
    rows = checkable(plans).select_related("published_version")
    return [_shown(each) for each in rows.defer("area", "published_version__area", "published_version__frame", "current_version__area", "current_version__frame", "tenant__boundary")]  # fmt: skip


def _shown(plan: Plan) -> Version:
    version = plan.published_version if plan.is_public else plan.current_version
    assert version is not None  # noqa: S101 - a public plan has a published version
    version.plan = plan
    return version


class RunField(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes none at run time
    """An earlier run of a use case that has its answer; or of any that has a file of this name."""

    schema: ClassVar[dict[str, str]] = {"type": "string", "format": "uuid"}

    def __init__(self, use_case: str = "", *, output: str = "", **options: Any) -> None:
        super().__init__(Run.objects.none(), to_field_name="public_id", **options)
        self.use_case, self.output = use_case, output

    def offer(self, offer: Offer) -> None:
        rows = offer.runs.done()
        if self.use_case:
            rows = rows.filter(use_case=self.use_case)
        if self.output:
            rows = rows.filter(outputs__contains=[{"name": self.output}])
        self.queryset = rows.select_related("tenant").defer("log", "summary").order_by("-finished_at", "-pk")

    def label_from_instance(self, run: Any) -> str:
        return f"{_titled(run)} ({run.tenant.name}, {date_format(localtime(run.finished_at), 'SHORT_DATE_FORMAT')})"


@dataclass(frozen=True)
class Group:
    """Fields that stand together below a title. closed: what most questions leave as it is; shown closed until something is filled in or wrong."""

    title: Any
    names: tuple[str, ...]
    closed: bool = False


class RunForm(forms.Form):
    """Ground of the use cases' forms. Values have a form as JSON: datasets, plans and runs by their public id, geometries as GeoJSON;
    `data_of` takes the same back. The title is no part of the question."""

    FOR_PEOPLE: ClassVar[frozenset[str]] = frozenset()  # fields that say in another way what a parameter says
    WITH_MAP: ClassVar[frozenset[str]] = frozenset()  # fields that stand with a map, below the others
    BESIDES: ClassVar[Mapping[str, Any]] = {}  # what else is asked about, by name, in words
    GROUPS: ClassVar[tuple[Group, ...]] = ()  # below the fields that belong to none

    title = forms.CharField(label=_("Title of the analysis"), max_length=200, required=False, help_text=_("For the list, for example “Ortslage, hundertjährlich”."))  # fmt: skip

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer
        for field in self.fields.values():
            field.validators = limits.told(field.validators)
            if isinstance(field, Offered):
                field.offer(offer)

    def clean(self) -> dict[str, Any]:
        """What is left out is as the form proposes it."""
        cleaned = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            if field.initial is not None and cleaned.get(name, field.initial) in (None, ""):
                cleaned[name] = field.clean(field.initial)
        return cleaned

    def lacking(self) -> list[str]:
        """Labels of what must be named and of which there is nothing to choose."""
        fields = [each for each in self.fields.values() if isinstance(each, DatasetField) and each.required]
        return [str(each.label) for each in fields if not each.iterator(each).queryset.exists()]

    def faulty(self) -> list[tuple[forms.BoundField, Any]]:
        """Fields with their errors, for the summary."""
        return faulty(self)

    def groups(self) -> Iterator[tuple[Group, list[forms.BoundField], bool]]:
        """With their fields, and whether one that may be closed is open; first those without a title."""
        named = {name for group in self.GROUPS for name in group.names} | self.WITH_MAP
        others = tuple(field.name for field in self.visible_fields() if field.name not in named)
        for group in (Group("", others), *self.GROUPS):
            fields = [self[name] for name in group.names]
            yield group, fields, any(map(_is_told, fields))

    def question(self) -> Question:
        values = {name: value for name, value in self.cleaned_data.items() if name != "title"}
        parameters = {name: _as_json(value) for name, value in values.items() if not _is_empty(value)}
        return Question(values, parameters, self.asked_about(values), self.called(values))

    def called(self, values: Mapping[str, Any]) -> str:
        """What an answer is called to which nobody gave a title: the first of the data asked about."""
        return next((each.title for each in values.values() if isinstance(each, Dataset | Run)), "")

    def asked_about(self, values: Mapping[str, Any]) -> dict[str, Sequence[Version]]:
        """What the answer is computed from, by name; a form may add what its values don't name."""
        found = {name: _versions(value) for name, value in values.items()}
        return {name: versions for name, versions in found.items() if versions}


def _is_told(field: forms.BoundField) -> bool:
    """Whether something is wrong with it, or it is another than the form proposes; what is left out is as it proposes."""
    value = field.value()
    return bool(field.errors) or (
        value not in (None, "", []) and field.field.has_changed(field.field.initial, value)
    )


def plain(value: float) -> str:
    """A number as people write it: 60, not 60,0."""
    return str(localize(int(value) if value == round(value) else value))


def _versions(value: Any) -> list[Version]:
    match value:
        case list():
            return [version for each in value for version in _versions(each)]
        case Dataset() | Plan():
            return [newest(value)]
        case Run():
            return [value]
    return []


def newest(of: Dataset | Plan) -> DatasetVersion | PlanVersion:
    """With what it is a version of at hand."""
    version = of.current_version
    assert version is not None  # noqa: S101 - nothing else is offered
    setattr(version, "plan" if isinstance(of, Plan) else "dataset", of)
    return version


def _is_empty(value: Any) -> bool:
    return value is None or value is False or value == "" or value == []


def _as_json(value: Any) -> Any:
    match value:
        case Dataset() | Plan() | Run():
            return str(value.public_id)
        case list() | tuple():
            return [_as_json(each) for each in value]
        case BaseGeometry():
            return json.loads(json.dumps(mapping(value)))
        case bool() | int() | float() | str() | dict():
            return value
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

    FOR_PEOPLE = WITH_MAP = frozenset({"corners"})

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
