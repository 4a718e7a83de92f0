"""Registering a foreign service, and how it is used."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from twin.catalogue.models import Source

USES = Source._meta.get_field("use").choices or ()


class RegisterForm(forms.Form):
    """The address is asked before anything is stored."""

    url = forms.CharField(
        label=_("Address of the service"),
        max_length=1000,
        help_text=_("As you copied it: the address of a WMS, WFS, WMTS, OGC API, CSW, DCAT catalogue, ArcGIS FeatureServer or SensorThings service."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=500,
        help_text=_("Empty: as the service calls itself."),
    )
    use = forms.ChoiceField(label=_("Use on maps"), choices=USES, initial="overlay")

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        return url if "://" in url else f"https://{url}"


class SourceForm(forms.ModelForm[Source]):
    class Meta:
        model = Source
        fields = ("title", "use", "active", "harvest_hours", "probe_minutes")
        help_texts: ClassVar[dict[str, Any]] = {
            "active": _("Otherwise it is neither asked nor read again."),
            "harvest_hours": _("From 1 hour to 30 days (720)."),
            "probe_minutes": _("From 5 minutes to 1 day (1440)."),
        }

    def clean_harvest_hours(self) -> int:
        return self._between("harvest_hours", 1, 720)

    def clean_probe_minutes(self) -> int:
        return self._between("probe_minutes", 5, 1440)

    def _between(self, name: str, least: int, most: int) -> int:
        value: int = self.cleaned_data[name]
        if not least <= value <= most:
            words = _("Choose a number from %(least)s to %(most)s.") % {"least": least, "most": most}
            raise forms.ValidationError(words, code="range")
        return value
