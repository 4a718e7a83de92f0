"""The file of addresses that somebody uploads."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from planning import addresses
from planning.addresses import AddressesUnreadable, Reading
from planning.xplanung import crs
from tenants.models import Tenant
from tenants.workspace import as_file

MOST_LINES = 30_000  # some seconds of a request; a whole county goes by manage.py import_addresses


class AddressesForm(forms.Form):
    """`reading` after cleaning."""

    file = forms.FileField(
        label=_("File with addresses"),
        help_text=_("CSV with a line of headings (Straße, Hausnummer, Zusatz, PLZ, Ort, Ostwert, Nordwert), or a GeoPackage of points."),
    )  # fmt: skip
    system = forms.CharField(
        label=_("Coordinate reference system of a CSV"),
        required=False,
        max_length=100,
        help_text=_("For instance EPSG:25832. Empty: EPSG:25833, or WGS84 for columns of longitude and latitude."),
    )  # fmt: skip
    skip = forms.BooleanField(label=_("Leave out lines with faults"), required=False)
    reading: Reading

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant

    def clean_system(self) -> str:
        name: str = self.cleaned_data["system"]
        if name:
            try:
                crs.epsg_of(name)
            except crs.UnknownCrs:
                raise forms.ValidationError(_("This coordinate reference system is not known."), code="system") from None  # fmt: skip
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        file: UploadedFile = cleaned["file"]  # type: ignore[type-arg]
        with as_file(file.chunks()) as path:
            try:
                self.reading = addresses.read(
                    path, place=self.tenant.name, system=cleaned["system"], most=MOST_LINES
                )
            except AddressesUnreadable as error:
                self.add_error("file", str(error))
        return cleaned
