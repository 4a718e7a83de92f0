"""Registering gauges, describing own sensors."""

import math
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twin.sensors.checking import usable_stages
from twin.sensors.feeds.reading import number
from twin.sensors.models import AlarmStage, FeedKind, QuantityKind, Series, Station
from twin.sensors.polling import place_of, sources

_MOST_STAGES = 4


def _stages_number() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Number at LfULG Sachsen for the alarm stages"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("PEGELONLINE tells no alarm stages; the State's service does, mostly under the same number. Empty: none are shown."),
    )  # fmt: skip


class GaugeForm(forms.Form):
    """A gauge of another authority."""

    feed = forms.ChoiceField(label=gettext_lazy("Source"))
    number = forms.CharField(
        label=gettext_lazy("Number of the gauge"),
        max_length=60,
        help_text=gettext_lazy("As its source has it: 501060 is the Elbe at Dresden."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    stages_number = _stages_number()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        feed = self.fields["feed"]
        assert isinstance(feed, forms.ChoiceField)  # noqa: S101 - declared above
        feed.choices = [(kind.value, kind.label) for kind in sources()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("stages_number") and cleaned.get("feed") != FeedKind.PEGELONLINE:
            self.add_error("stages_number", _("This source tells its alarm stages itself."))
        return cleaned


class PlaceForm(forms.Form):
    """What a station is called and where it stands."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    water = forms.CharField(
        label=gettext_lazy("Water"), max_length=200, required=False, help_text=gettext_lazy("Empty where it stands at none.")
    )  # fmt: skip
    latitude = forms.FloatField(label=gettext_lazy("Latitude"), required=False, localize=True, help_text=gettext_lazy("In degrees, for example 51,163."))  # fmt: skip
    longitude = forms.FloatField(label=gettext_lazy("Longitude"), required=False, localize=True, help_text=gettext_lazy("In degrees, for example 13,473."))  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        latitude, longitude = cleaned.pop("latitude", None), cleaned.pop("longitude", None)
        cleaned["place"] = None
        if latitude is None and longitude is None:
            return cleaned
        if latitude is None or longitude is None:
            self.add_error("longitude", _("Latitude and longitude belong together."))
        elif (place := place_of(longitude, latitude)) is None:
            self.add_error(
                "latitude", _("This place is not in Germany. Are latitude and longitude exchanged?")
            )
        else:
            cleaned["place"] = place
        return cleaned


class SeriesForm(forms.Form):
    """One thing that a sensor measures."""

    quantity = forms.ChoiceField(label=gettext_lazy("Quantity"), choices=QuantityKind.choices)
    field = forms.CharField(
        label=gettext_lazy("Name in what the sensor sends"),
        max_length=60,
        help_text=gettext_lazy(
            "For example distance_mm; where objects lie in each other, with dots: water.level."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    factor = forms.FloatField(label=gettext_lazy("Factor"), initial=1, localize=True, help_text=gettext_lazy("What is sent is multiplied by it. For a distance from above in millimetres: -0,1."))  # fmt: skip
    shift = forms.FloatField(label=gettext_lazy("Then added"), initial=0, localize=True, help_text=gettext_lazy("After that this is added, in cm, m³/s, mm or %. For a distance from above: the sensor's height above gauge zero."))  # fmt: skip
    minutes = forms.IntegerField(label=gettext_lazy("Minutes between two values"), min_value=1, max_value=1440, initial=15)  # fmt: skip
    stages = forms.CharField(
        label=gettext_lazy("Alarm stages"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Rising, separated by semicolons: 80; 120; 150. Empty: none."),
    )

    def clean_factor(self) -> float:
        factor: float = self.cleaned_data["factor"]
        if factor == 0 or not math.isfinite(factor):
            raise forms.ValidationError(_("With this factor all values would be the same."))
        return factor

    def clean_stages(self) -> tuple[float, ...]:
        parts = [part.strip() for part in str(self.cleaned_data["stages"]).split(";") if part.strip()]
        levels = tuple(level for level in map(number, parts) if level is not None)
        if len(levels) != len(parts) or len(levels) > _MOST_STAGES or usable_stages(levels) != levels:
            raise forms.ValidationError(
                _("Up to four numbers above zero are expected, each higher than the one before.")
            )
        return levels


class SeriesSettingsForm(SeriesForm):
    """Of a series that is there; what it measures stays."""

    quantity = None  # type: ignore[assignment]

    @staticmethod
    def values_of(series: Series) -> dict[str, Any]:
        found: dict[str, Any] = {
            name: getattr(series, name) for name in ("field", "factor", "shift", "minutes")
        }
        levels = AlarmStage.objects.filter(series=series).order_by("number").values_list("level", flat=True)
        return found | {"stages": "; ".join(f"{level:g}" for level in levels)}


class SensorForm(SeriesForm, PlaceForm):
    """A new place with the first thing measured there."""

    field_order = ("name", "water", "latitude", "longitude", "quantity", "field", "factor", "shift", "minutes", "stages")  # fmt: skip


class StationForm(PlaceForm):
    """Settings of a station that is there."""

    stages_number = _stages_number()
    active = forms.BooleanField(label=gettext_lazy("Asked regularly"), required=False)
    field_order = ("name", "water", "latitude", "longitude", "stages_number", "active")

    def __init__(self, *args: Any, station: Station, **kwargs: Any) -> None:
        """What is no matter of the station's source is left out."""
        super().__init__(*args, **kwargs)
        if station.feed != FeedKind.PEGELONLINE:
            del self.fields["stages_number"]
        if station.feed == FeedKind.OWN:
            del self.fields["active"]

    @staticmethod
    def values_of(station: Station) -> dict[str, Any]:
        found: dict[str, Any] = {
            name: getattr(station, name) for name in ("name", "water", "stages_number", "active")
        }
        if station.place is not None:
            west, south, *_corner = station.place.transform(4326, clone=True).extent
            found |= {"latitude": round(south, 6), "longitude": round(west, 6)}
        return found


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=80,
        help_text=gettext_lazy("For example the name of the network that forwards the values"),
    )
