"""The file of addresses that somebody uploads, and which of its columns is what."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from planning import addresses
from planning.addresses import AddressesUnreadable, Look
from planning.xplanung import crs
from tenants.workspace import as_file


class AddressesForm(forms.Form):
    file = forms.FileField(
        label=_("File with addresses"),
        help_text=_("CSV with a line of headings, or a GeoPackage of points. On the next page you see its first lines and say which column is what."),
    )  # fmt: skip

    def clean_file(self) -> UploadedFile:  # type: ignore[type-arg]
        file: UploadedFile = self.cleaned_data["file"]  # type: ignore[type-arg]
        with as_file(file.chunks()) as path:
            try:
                addresses.look(path)
            except AddressesUnreadable as error:
                raise forms.ValidationError(str(error), code="unreadable") from None
        return file


class ColumnsForm(forms.Form):
    """look: into the file; place: of lines that name none."""

    street = forms.ChoiceField(label=_("Street"))
    number = forms.ChoiceField(label=_("House number"))
    suffix = forms.ChoiceField(label=_("Suffix of the house number"), required=False)
    postcode = forms.ChoiceField(label=_("Postcode"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)
    easting = forms.ChoiceField(label=_("Easting or longitude"))
    northing = forms.ChoiceField(label=_("Northing or latitude"))
    system = forms.CharField(
        label=_("Coordinate reference system of a CSV"),
        required=False,
        max_length=100,
        help_text=_("For instance EPSG:25832. Empty: EPSG:25833, or WGS84 for columns of longitude and latitude."),
    )  # fmt: skip
    skip = forms.BooleanField(label=_("Leave out lines with faults"), required=False)

    def __init__(self, *args: Any, look: Look, place: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if look.placed:
            for name in ("easting", "northing", "system"):
                del self.fields[name]
        self.columns = [name for name in addresses.GUESSES if name in self.fields]
        names = [(name, name) for name in dict.fromkeys(look.names) if name]
        for column in self.columns:
            field: Any = self.fields[column]
            field.choices = [("", _("Please choose") if field.required else _("None")), *names]
        self.fields["place"].help_text = _("Lines without one are taken to lie in %(place)s.") % {"place": place}  # fmt: skip

    def clean_system(self) -> str:
        name: str = self.cleaned_data["system"]
        if name:
            try:
                crs.epsg_of(name)
            except crs.UnknownCrs:
                raise forms.ValidationError(_("This coordinate reference system is not known."), code="system") from None  # fmt: skip
        return name
