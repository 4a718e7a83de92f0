"""Shape of the catalogue's search."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.forms.models import ModelChoiceIterator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant
from twin.catalogue.finding import NEWEST, OFFERED, TITLE, Tally, Wanted
from twin.catalogue.models import Frequency, Licence, RecordKind, Theme

_LABELS: Mapping[str, Mapping[str, str | Promise]] = {
    "kind": dict(RecordKind.choices),
    "theme": dict(Theme.choices),
    "licence": dict(Licence.choices),
}
FACETS = ("theme", "kind", "publisher", "licence", "format")


def _choice(label: Any) -> forms.CharField:
    """Any word is welcome: what no record has finds nothing."""
    return forms.CharField(label=label, required=False, max_length=300, widget=forms.Select)


class _Listed(ModelChoiceIterator[Tenant]):
    """By one query: Django opens a cursor in the database and closes it, for rows that may be many."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        yield "", str(self.field.empty_label)
        yield from map(self.choice, self.queryset)


class TownField(forms.ModelChoiceField[Tenant]):
    iterator = _Listed


class RecordFilter(forms.Form):
    """All optional; the choices with their numbers come with the search's result. bbox: west,south,east,north in EPSG:25833."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    municipality = TownField(
        Tenant.objects.filter(active=True).only("name", "slug").order_by("name"),
        label=_("Municipality"),
        required=False,
        to_field_name="slug",
        empty_label=_("All"),
    )
    theme = _choice(_("Theme"))
    kind = _choice(_("Kind"))
    publisher = _choice(_("Publisher"))
    licence = _choice(_("Licence"))
    format = _choice(_("Format"))
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("Best match")), (NEWEST, _("Newest first")), (TITLE, _("By title"))],
    )
    bbox = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def clean_bbox(self) -> Polygon | None:
        """What is no box is no condition."""
        try:
            west, south, east, north = (float(part) for part in self.cleaned_data["bbox"].split(","))
        except ValueError:
            return None
        if not (abs(west) < 1e8 and abs(east) < 1e8 and abs(south) < 1e8 and abs(north) < 1e8):
            return None
        box = Polygon.from_bbox((west, south, east, north))
        box.srid = settings.TWIN_SRID
        return box

    def wanted(self) -> Wanted:
        said = self.cleaned_data
        town = said.get("municipality")
        return Wanted(
            text=said.get("q", ""),
            facets=tuple(f"{name}:{said[name]}" for name in FACETS if said.get(name)),
            tenant_id=town.pk if town else None,
            box=said.get("bbox"),
            order=said.get("order", ""),
        )

    def offer(self, everything: Tally, found: Tally) -> None:
        """Choices of the facets: of what was found, or all where one is chosen already or too many were found to be counted."""
        for name in FACETS:
            chosen = self.cleaned_data.get(name, "")
            known = _of(name, everything.facets)
            counts = _of(name, found.facets)
            values = list(known if chosen or not counts else counts)[:OFFERED]
            if chosen and chosen not in values:
                values.append(chosen)
            labelled = [(value, _label(name, value, counts.get(value))) for value in values]
            widget: Any = self.fields[name].widget
            widget.choices = [("", _("All")), *sorted(labelled, key=lambda pair: pair[1].casefold())]


def _of(name: str, facets: Mapping[str, int]) -> dict[str, int]:
    """Value -> number of one facet, the most frequent first."""
    found = {key.partition(":")[2]: count for key, count in facets.items() if key.startswith(f"{name}:")}
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def _label(name: str, value: str, count: int | None) -> str:
    word = str(_LABELS.get(name, {}).get(value, value))
    return f"{word} ({count})" if count else word


class DescriptionForm(forms.Form):
    """Asked of an own dataset: three questions, and what may stay as it is."""

    title = forms.CharField(label=_("Title"), max_length=300)
    description = forms.CharField(
        label=_("Description"),
        widget=forms.Textarea,
        help_text=_("What do the data show, what are they collected for, what do they leave out?"),
    )
    themes = forms.MultipleChoiceField(
        label=_("Themes"), choices=Theme.choices, widget=forms.CheckboxSelectMultiple
    )
    licence = forms.ChoiceField(
        label=_("Licence"),
        choices=[("", _("None chosen")), *Licence.choices],
        required=False,
        help_text=_("Public data need one. Most towns choose the Datenlizenz Deutschland."),
    )
    frequency = forms.ChoiceField(
        label=_("How often are the data updated?"),
        choices=[("", _("Not stated")), *Frequency.choices],
        required=False,
    )
    keywords = forms.CharField(
        label=_("Keywords"), required=False, max_length=1000, help_text=_("With commas between them")
    )
    attribution = forms.CharField(
        label=_("Attribution"),
        required=False,
        max_length=500,
        help_text=_("What users must write beside the data"),
    )
    contact_name = forms.CharField(label=_("Contact"), required=False, max_length=300)
    contact_email = forms.EmailField(label=_("E-mail of the contact"), required=False)
    contact_url = forms.URLField(
        label=_("Web page of the contact"), required=False, max_length=1000, assume_scheme="https"
    )
    lineage = forms.CharField(label=_("How the data came about"), required=False, widget=forms.Textarea)
    time_start = forms.DateField(label=_("The data are about the time from"), required=False)
    time_end = forms.DateField(label=_("The data are about the time to"), required=False)

    def clean_keywords(self) -> list[str]:
        words = [" ".join(word.split()) for word in self.cleaned_data["keywords"].split(",")]
        if any(len(word) > 200 for word in words):
            raise forms.ValidationError(_("A keyword has 200 characters at most."))
        return list(dict.fromkeys(word for word in words if word))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        start, end = said.get("time_start"), said.get("time_end")
        if start and end and end < start:
            self.add_error("time_end", _("The end lies before the beginning."))
        return said
