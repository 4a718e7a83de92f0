"""Forms of the drawing board that need no pointer: corners as lines of text, new objects, a new plan."""

from typing import Any

import shapely
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from planning import areas
from planning.areas import AreasUnreadable
from planning.attribute_forms import faulty
from planning.models import LegacyKind
from planning.xplanung import coordinates
from planning.xplanung.coordinates import BadCoordinates
from planning.xplanung.palette import Kind
from tenants.models import Tenant

KIND_LABELS: dict[str, Promise] = {
    "wr": _("Reines Wohngebiet (WR)"),
    "wa": _("Allgemeines Wohngebiet (WA)"),
    "mi": _("Mischgebiet (MI)"),
    "ge": _("Gewerbegebiet (GE)"),
    "building": _("Überbaubare Grundstücksfläche"),
    "limit": _("Baugrenze"),
    "line": _("Baulinie"),
    "street": _("Straßenverkehrsfläche"),
    "special_street": _("Verkehrsfläche besonderer Zweckbestimmung"),
    "street_5": _("Straßenverkehrsfläche"),
    "special_street_5": _("Verkehrsfläche besonderer Zweckbestimmung"),
    "green": _("Grünfläche"),
    "community": _("Fläche für den Gemeinbedarf"),
    "supply": _("Fläche für Ver- und Entsorgung"),
    "tree": _("Anpflanzen: Baum"),
    "planting": _("Anpflanzen: Bäume und Sträucher (Fläche)"),
    "keeping": _("Erhalten: Bäume und Sträucher (Fläche)"),
    "outside": _("Fläche für Nebenanlagen"),
    "way": _("Geh-, Fahr- und Leitungsrecht"),
    "housing": _("Wohnbaufläche (W)"),
    "mixed": _("Gemischte Baufläche (M)"),
    "trade": _("Gewerbliche Baufläche (G)"),
    "special": _("Sonderbaufläche (S)"),
    "farmland": _("Fläche für die Landwirtschaft"),
    "farmland_5": _("Fläche für die Landwirtschaft"),
    "forest": _("Waldfläche"),
    "water": _("Wasserfläche"),
    "water_5": _("Wasserfläche"),
    "care": _("Fläche zum Schutz, zur Pflege und zur Entwicklung von Natur und Landschaft"),
    "text": _("Textliche Festsetzung"),
    "text_5": _("Textliche Festsetzung"),
}
CORNERS_HELP = _("One corner a line: Rechtswert and Hochwert in ETRS89/UTM 33 (EPSG:25833), in metres. An empty line begins a further ring or part.")  # fmt: skip


class CornersField(forms.CharField):
    """Text of corners -> geometry. shape: area, line or point; instead: a geometry whose kind is kept."""

    def __init__(self, *, shape: str = "area", instead: BaseGeometry | None = None, **kwargs: Any) -> None:
        self.shape, self.instead = shape, instead
        widget = forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "inputmode": "text"})
        super().__init__(**{"label": _("Corners"), "help_text": CORNERS_HELP, "widget": widget, **kwargs})

    def clean(self, value: Any) -> BaseGeometry | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            if self.instead is not None:
                return coordinates.like(text, self.instead)
            return coordinates.as_shape(text, shape=self.shape)
        except (BadCoordinates, ValueError) as error:
            line = getattr(error, "line", 0)
            if line:
                raise forms.ValidationError(
                    _("Line %(line)s is no corner: two numbers, such as 400000,00 5660000,00."),
                    code="corner",
                    params={"line": line},
                ) from error
            raise forms.ValidationError(
                _("An area needs at least three corners, a line two."), code="few"
            ) from error


class CornersForm(forms.Form):
    """A geometry as it stands, to be typed anew."""

    mark = forms.IntegerField(widget=forms.HiddenInput)
    snap = forms.BooleanField(
        label=_("Snap changed corners to neighbours"),
        help_text=_("A corner less than 25 cm from one of a neighbour is put onto it."),
        required=False,
        initial=True,
    )
    along = forms.BooleanField(
        label=_("Neighbours go along"),
        help_text=_(
            "Corners that several objects share move in all of them, so that the Flächenschluss stays."
        ),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, geometry: BaseGeometry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["corners"] = CornersField(instead=geometry, initial=coordinates.as_text(geometry))
        self.order_fields(["corners", "snap", "along", "mark"])


class CutForm(forms.Form):
    mark = forms.IntegerField(widget=forms.HiddenInput)
    line = CornersField(
        shape="line",
        label=_("Line of the cut"),
        help_text=_(
            "One corner a line, as Rechtswert and Hochwert; the line must cross the area from edge to edge."
        ),
    )


class NewObjectForm(forms.Form):
    """kinds: what can be drawn in this plan."""

    kind = forms.ChoiceField(label=_("Kind of object"))
    corners = forms.CharField(
        label=_("Corners"),
        help_text=CORNERS_HELP,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    fill = forms.BooleanField(
        label=_("Fill the gap at this place"),
        help_text=_(
            "Then one corner is enough: the area around it that no object of the Flächenschluss covers becomes the new one."
        ),
        required=False,
    )
    snap = forms.BooleanField(label=_("Snap corners to neighbours"), required=False, initial=True)

    def __init__(self, *args: Any, kinds: list[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = {kind.key: kind for kind in kinds}
        self.fields["kind"].choices = [(kind.key, KIND_LABELS[kind.key]) for kind in kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind = self.kinds.get(cleaned.get("kind", ""))
        cleaned["geometry"] = None
        if kind is None or kind.shape == "none":
            return cleaned
        shape = "point" if cleaned.get("fill") else kind.shape
        try:
            cleaned["geometry"] = CornersField(shape=shape).clean(cleaned.get("corners", ""))
        except forms.ValidationError as error:
            self.add_error("corners", error)
        return cleaned


class FoundForm(forms.Form):
    """A new plan. towns: municipalities that it may be of."""

    plan_type = forms.ChoiceField(label=_("Kind of plan"), choices=LegacyKind, initial=LegacyKind.BP)
    name = forms.CharField(label=_("Name"), max_length=300)
    number = forms.CharField(label=_("Number"), max_length=100, required=False)
    town = forms.ModelChoiceField(
        Tenant.objects.none(), label=_("Municipality"), to_field_name="ags", empty_label=None
    )
    place = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-kz-draft-keep": ""}))
    corners = CornersField(
        required=False,
        label=_("Geltungsbereich as corners"),
    )
    outline = forms.FileField(
        label=_("Geltungsbereich as a file"),
        help_text=_("GeoJSON, GML, GeoPackage or zipped Shapefile; several areas become one."),
        required=False,
    )

    def __init__(self, *args: Any, towns: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].queryset = towns  # type: ignore[attr-defined]

    def faulty(self) -> list[tuple[forms.BoundField, Any]]:
        """Fields with their errors, for the summary."""
        return faulty(self)

    def clean_place(self) -> BaseGeometry | None:
        return area_from_geojson(self.cleaned_data["place"]) if self.cleaned_data["place"] else None

    def clean_outline(self) -> BaseGeometry | None:
        upload: UploadedFile[Any] | None = self.cleaned_data["outline"]
        if upload is None:
            return None
        try:
            found = areas.of_upload(upload.chunks(), srid=settings.TWIN_SRID)
        except AreasUnreadable as error:
            raise forms.ValidationError(areas.REASONS[error.code], code=error.code) from error
        if any(area.mended for area in found):
            raise forms.ValidationError(_("The outline crosses itself."), code="crossing")
        return _whole(shapely.union_all([area.shape for area in found]))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        found = [cleaned.get(name) for name in ("outline", "corners", "place")]
        area = next((one for one in found if one is not None), None)
        if area is None and not self.errors:
            raise forms.ValidationError(
                _("Draw the Geltungsbereich, type its corners or upload it."), code="no_area"
            )
        cleaned["area"] = area
        return cleaned


def area_from_geojson(text: str) -> BaseGeometry:
    """The areas of a geometry in the twin's system, as the map writes it. Raises ValidationError."""
    try:
        return _whole(shapely.from_geojson(text))
    except (ValueError, TypeError, shapely.errors.ShapelyError) as error:
        raise forms.ValidationError(_("This is no GeoJSON with an area."), code="geojson") from error


def _whole(shape: BaseGeometry) -> BaseGeometry:
    """Its areas as one geometry. Raises ValueError where there are none."""
    parts = [part for part in shapely.get_parts(shapely.get_parts([shape])) if isinstance(part, shapely.Polygon) and not part.is_empty]  # fmt: skip
    if not parts:
        raise ValueError("no area")
    area: BaseGeometry = shapely.force_2d(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts))
    return area
