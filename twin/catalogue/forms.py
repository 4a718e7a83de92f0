"""What people enter about their data."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tenants.errors import Refused
from tenants.models import Tenant
from twin.catalogue import declaring
from twin.catalogue.deliveries import Wanted
from twin.catalogue.formats.reading import Wishes
from twin.catalogue.models import DataFormat, Dataset, Licence, Record

SYSTEMS = (
    ("", _("As the file says")),
    ("25833", "ETRS89 / UTM 33N (EPSG:25833)"),
    ("25832", "ETRS89 / UTM 32N (EPSG:25832)"),
    ("5650", _("UTM 33N with the zone in front (EPSG:5650)")),
    ("4647", _("UTM 32N with the zone in front (EPSG:4647)")),
    ("3399", "RD/83 / Gauß-Krüger 5 (EPSG:3399)"),
    ("3398", "RD/83 / Gauß-Krüger 4 (EPSG:3398)"),
    ("31469", "DHDN / Gauß-Krüger 5 (EPSG:31469)"),
    ("31468", "DHDN / Gauß-Krüger 4 (EPSG:31468)"),
    ("31467", "DHDN / Gauß-Krüger 3 (EPSG:31467)"),
    ("2399", "42/83 / Gauß-Krüger 5 (EPSG:2399)"),
    ("2398", "42/83 / Gauß-Krüger 4 (EPSG:2398)"),
    ("4258", _("ETRS89, degrees (EPSG:4258)")),
    ("4326", _("WGS84, degrees (EPSG:4326)")),
    ("3857", _("Web Mercator (EPSG:3857)")),
)
CHECKBOXES = 20  # columns; more are chosen from a list
DAILY = 24  # hours; how often a dataset is refreshed where nobody says otherwise


class FileForm(forms.Form):
    """The whole file at once; where scripts run it goes in pieces instead."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "GeoPackage, zipped Shapefile, GeoJSON, FlatGeobuf, GML, NAS, CSV, XLSX, GeoTIFF, ASCII grid or XYZ."
        ),
    )

    def clean_file(self) -> UploadedFile:  # type: ignore[type-arg]
        file: UploadedFile = self.cleaned_data["file"]  # type: ignore[type-arg]
        if (file.size or 0) > settings.DATASET_MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than %(limit_mb)s MB. Split it, or ask the operator to import it."), code="size", params={"limit_mb": settings.DATASET_MAX_BYTES >> 20})  # fmt: skip
        return file


class ImportForm(forms.Form):
    """What is meant by a file, begun with what was found in it. preview: see formats.looking."""

    layer = forms.ChoiceField(label=_("Layer"), required=False)
    dataset = forms.ModelChoiceField(Dataset.objects.none(), label=_("Belongs to"), required=False, to_field_name="public_id", empty_label=_("A new dataset"))  # fmt: skip
    title = forms.CharField(label=_("Title of the new dataset"), max_length=300, required=False)
    srs = forms.ChoiceField(label=_("Coordinate reference system"), choices=SYSTEMS, required=False)
    swapped = forms.BooleanField(
        label=_("Coordinates stand the other way round (latitude first)"), required=False
    )
    x = forms.ChoiceField(label=_("Column with the easting or longitude"), required=False)
    y = forms.ChoiceField(label=_("Column with the northing or latitude"), required=False)
    address = forms.MultipleChoiceField(label=_("Columns with the address"), required=False, help_text=_("Street, house number, postcode, place, in as many columns as there are. Rows are placed by the addresses that towns have imported; those that are not found are named."))  # fmt: skip
    key = forms.ChoiceField(label=_("Attribute that names each feature"), required=False, help_text=_("A number of its own for each tree or parcel: by it the next delivery tells what changed. Without one, a changed feature counts as gone and new."))  # fmt: skip
    time = forms.ChoiceField(label=_("Attribute that holds the time"), required=False)
    data_format = forms.ModelChoiceField(DataFormat.objects.none(), label=_("Data format"), required=False, to_field_name="public_id", empty_label=_("None"), help_text=_("The county says what data of this kind look like; rows that differ are named."))  # fmt: skip
    anywhere = forms.BooleanField(label=_("Most of the data may lie outside the county"), required=False, help_text=_("Single rows outside are always taken and named. Where most lie outside, the reference system is probably another one, and nothing is imported unless this is ticked."))  # fmt: skip

    def __init__(self, *args: Any, preview: Mapping[str, Any], tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        layers = preview["layers"]
        names = list(dict.fromkeys(each["name"] for layer in layers for each in layer["fields"]))
        self._choices("layer", ((layer["name"], _named(layer)) for layer in layers))
        for field in ("x", "y", "key", "time"):
            self._choices(field, [("", _("None")), *((name, name) for name in names)])
        if len(names) <= CHECKBOXES:
            self.fields["address"].widget = forms.CheckboxSelectMultiple()
        self._choices("address", ((name, name) for name in names))
        own = Dataset.objects.filter(tenant=tenant).order_by("title")
        self.fields["dataset"].queryset = own  # type: ignore[attr-defined]
        self.fields["data_format"].queryset = DataFormat.objects.order_by("title")  # type: ignore[attr-defined]
        unasked: tuple[str, ...] = () if preview["driver"] in {"CSV", "XLSX"} else ("x", "y", "address")
        if layers[0].get("raster"):
            unasked = ("x", "y", "address", "key", "time", "data_format", "swapped")
        for field in unasked:
            del self.fields[field]
        if len(layers) == 1:
            self.fields["layer"].widget = forms.HiddenInput()
        self._declared: dict[
            str, str
        ] = {}  # attribute of the data format -> the field that asks for its column
        self._ask_for_columns(names)

    def _choices(self, name: str, choices: Iterable[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = list(choices)

    def _ask_for_columns(self, names: list[str]) -> None:
        """For what the chosen data format calls otherwise than the file."""
        chosen = self.data.get("data_format") if self.is_bound else self.initial.get("data_format")
        declared = self._declared_by(chosen)
        there = {name.lower() for name in names}
        for one in declared.fields if declared else ():
            if one["name"].lower() in there:
                continue
            field = _field(one["name"])
            label = _("Column for “%(attribute)s”") % {"attribute": one.get("label") or one["name"]}
            required = bool(one.get("required"))
            self.fields[field] = forms.ChoiceField(choices=[("", _("None")), *((name, name) for name in names)], label=label, required=required, error_messages={"required": _("The data format asks for this attribute. Which column of the file holds it?")})  # fmt: skip
            self._declared[one["name"]] = field
        self.order_fields(
            [
                *list(self.base_fields)[: list(self.base_fields).index("data_format") + 1],
                *self._declared.values(),
            ]
        )

    def _declared_by(self, chosen: Any) -> DataFormat | None:
        if not chosen or "data_format" not in self.fields:
            return None
        try:
            return DataFormat.objects.filter(public_id=chosen).first()
        except ValidationError:
            return None

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        columns = [column for field in self._declared.values() if (column := found.get(field))]
        if len(set(columns)) < len(columns):
            self.add_error(None, _("A column of the file can hold one attribute of the data format only."))
        if not found.get("dataset") and not found.get("title"):
            self.add_error("title", _("Give the new dataset a title."))
        if found.get("dataset"):
            self._as_before(found["dataset"], found)
        if found.get("address") and (found.get("x") or found.get("y")):
            self.add_error("address", _("Choose columns with coordinates, or columns with the address."))
        return found

    def _as_before(self, dataset: Dataset, found: dict[str, Any]) -> None:
        """What the dataset's versions were told apart by, where nothing else is chosen: without it all would count as gone and new."""
        for name in ("key", "time"):
            before = label_in_file(dataset, getattr(dataset, f"{name}_field"))
            if name in self.fields and not found.get(name) and before in dict(self.fields[name].choices):  # type: ignore[attr-defined]
                found[name] = before

    def wanted(self) -> Wanted:
        found = self.cleaned_data
        return Wanted(
            title=found["title"],
            dataset=found["dataset"],
            data_format=found.get("data_format"),
            wishes=Wishes(
                layer=found["layer"],
                srs=int(found["srs"]) if found["srs"] else None,
                key=found.get("key", ""),
                time=found.get("time", ""),
                x=found.get("x", ""),
                y=found.get("y", ""),
                address=found.get("address", ()),
                columns={name: found[field] for name, field in self._declared.items() if found[field]},
                swapped=found.get("swapped", False),
                anywhere=found["anywhere"],
            ),
        )


def _field(attribute: str) -> str:
    """That asks for the column of an attribute of a data format."""
    return f"column_{attribute}"


def in_form(columns: Mapping[str, str]) -> dict[str, str]:
    """Wishes.columns, as the form calls them."""
    return {_field(attribute): column for attribute, column in columns.items()}


def label_in_file(dataset: Dataset, name: str) -> str:
    """What a file calls an attribute that had to be renamed."""
    version = dataset.current_version
    fields = version.fields if version else []
    return next((one["label"] for one in fields if one["name"] == name), name)


def _named(layer: Mapping[str, Any]) -> str:
    return f"{layer['name']} ({layer['count']})"


class DataFormatForm(forms.ModelForm[DataFormat]):
    """Attributes are written as lines, as a table would be pasted."""

    attributes = forms.CharField(
        label=_("Attributes"),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=_("One on each line: name; label; type; required (x); allowed values with commas; unit; help. Types: string, integer, number, boolean, date, datetime, or Text, Ganzzahl, Zahl, Ja/Nein, Datum, Datum und Uhrzeit. For example: art; Baumart; Text; x; Linde, Eiche"),
    )  # fmt: skip

    class Meta:
        model = DataFormat
        fields = ("title", "slug", "description", "geometry_type", "key_field")

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant
        self.fields["attributes"].initial = declaring.text_of(self.instance.fields)

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if DataFormat.objects.filter(tenant=self.tenant, slug=slug).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is a data format with this short name."), code="unique")
        return slug

    def clean_attributes(self) -> str:
        text: str = self.cleaned_data["attributes"]
        try:
            self.instance.fields = declaring.fields_of(text)
        except Refused as refused:
            raise forms.ValidationError(str(refused), code="attributes") from None
        return text

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("key_field") and found["key_field"] not in {
            field["name"] for field in self.instance.fields
        }:
            self.add_error("key_field", _("There is no attribute with this name."))
        return found


class PublishForm(forms.Form):
    """record: of the dataset; what it does not say yet and DCAT-AP.de demands is asked for."""

    description = forms.CharField(
        label=_("Description"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What do the data show, what are they collected for, what do they leave out?"),
    )
    licence = forms.ChoiceField(label=_("Licence"), choices=Licence.choices)

    def __init__(self, *args: Any, record: Record | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["licence"].initial = record.licence if record else ""
        if record is None or record.description:
            del self.fields["description"]


class RefreshForm(forms.ModelForm[Dataset]):
    refresh_url = forms.URLField(
        label=_("Address to refresh from"), required=False, max_length=1000, assume_scheme="https"
    )

    class Meta:
        model = Dataset
        fields = ("refresh_url", "refresh_hours")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("refresh_url") and not found.get("refresh_hours"):
            found["refresh_hours"] = DAILY
        return found


class RoleForm(forms.ModelForm[Dataset]):
    class Meta:
        model = Dataset
        fields = ("role",)


class ShareForm(forms.Form):
    """With whom of the other administrations."""

    tenant = forms.ModelChoiceField(Tenant.objects.none(), label=_("Administration"), to_field_name="slug")

    def __init__(self, *args: Any, owner: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Tenant.objects.filter(active=True).exclude(pk=owner.pk).defer("boundary").order_by("name")
        self.fields["tenant"].queryset = others  # type: ignore[attr-defined]
