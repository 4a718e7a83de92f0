"""How a person names the place they ask about."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from planning.auskunft import addressbook, asking, parcels, remote, wording
from planning.auskunft.errors import PlaceRefused
from planning.auskunft.places import Place


class PlaceForm(forms.Form):
    """One of search, map and file. The names of the fields are part of the public address."""

    suche = forms.CharField(label=_("Coordinates"), required=False, max_length=200)
    umriss = forms.CharField(required=False, widget=forms.HiddenInput, max_length=1_000_000)
    name = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)
    flurstueck = forms.BooleanField(
        label=_("For the whole parcel at this place"), required=False, initial=True
    )
    datei = forms.FileField(
        label=_("Or a file with the parcel"),
        required=False,
        allow_empty_file=True,
        help_text=_("GeoJSON, GML, GeoPackage or a zipped Shapefile; it is not kept."),
    )
    place: Place
    town = ""  # slug of the municipality that was named as a whole

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        search = self.fields["suche"]
        search.help_text = _(
            "Easting and northing (EPSG:25833), or latitude and longitude, for example 51.163 13.473"
        )
        if example := addressbook.example():
            shown = _("For example %(address)s") % {"address": example}
            search.help_text = f"{shown}. {search.help_text}"
        addresses, numbers = asking.knows_addresses(), remote.knows_numbers()
        if addresses and numbers:
            search.label = _("Address, number of the parcel, or coordinates")
        elif addresses:
            search.label = _("Address or coordinates")
        elif numbers:
            search.label = _("Number of the parcel, or coordinates")
        if not remote.knows_parcels():
            del self.fields["flurstueck"]

    def errors_by_field(self) -> list[tuple[forms.BoundField, Any]]:
        """For the summary above a form that is laid out by hand."""
        return [(self[name], errors) for name, errors in self.errors.items() if name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            found = self._place(cleaned)
            self.place = asking.whole_parcel(found) if cleaned.get("flurstueck") else found
        except PlaceRefused as refused:
            self.town = str(refused.params.get("slug", ""))
            raise ValidationError(wording.refusal(refused), code=refused.code) from None
        return cleaned

    def _place(self, cleaned: dict[str, Any]) -> Place:
        if cleaned.get("datei"):
            return parcels.from_file(cleaned["datei"], extent=asking.extent())
        if cleaned.get("suche", "").strip():
            return asking.by_words(cleaned["suche"])
        if cleaned.get("umriss"):
            return asking.by_geometry(cleaned["umriss"], label=cleaned.get("name", ""))
        raise PlaceRefused("empty")
