"""Shapes of what people enter of old plans; the list comes as CSV or XLSX."""

import csv
import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import openpyxl
import shapely
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from planning.documentforms import refuse_large
from planning.models import LegacyKind, LegacyPlan, LegacyState
from planning.xplanung.outline import BAUNVO, codes
from tenants.models import Tenant

ANY = [("", _("All"))]
MOST_LINES = 2000
LEAST_PAIRS = 6  # rows of the form; three are needed, more show the misses
MOST_PAIRS = 20
_LIST_BYTES = 5 * 1024**2
_UNPACKED_BYTES = 100 * 1024**2  # of an XLSX, which is a zip archive
_LENGTHS = {"number": 200, "name": 500, "year": 40, "note": 1000}
# Headings of towns' own lists, in lower case.
_HEADINGS = {
    "number": ("nummer", "nr", "nr.", "plan-nr.", "plannummer", "number"),
    "name": ("name", "bezeichnung", "titel", "planname", "plan"),
    "year": ("jahr", "year", "datum", "in kraft", "inkrafttreten", "rechtskraft"),
    "plan_type": ("art", "planart", "typ", "kind"),
    "note": ("bemerkung", "hinweis", "anmerkung", "note"),
}
_FORMULA = re.compile(
    r"^[=+\-@\t\r]+(?=\D)"
)  # what a spreadsheet would compute when the list is exported again


class LineForm(forms.ModelForm[LegacyPlan]):
    class Meta:
        model = LegacyPlan
        fields = ("plan_type", "number", "name", "year", "note")


class LegacyFilter(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[*ANY, *LegacyState.choices])


class ListForm(forms.Form):
    """A list of old plans; `lines` after cleaning."""

    file = forms.FileField(
        label=_("List"),
        help_text=_("CSV or XLSX with a line of headings, for instance Nummer, Name, Jahr, Art (BP or FP), Bemerkung; only the name must be there."),
    )  # fmt: skip

    def clean_file(self) -> list[dict[str, str]]:
        file: UploadedFile = self.cleaned_data["file"]  # type: ignore[type-arg]
        if (file.size or 0) > _LIST_BYTES:
            raise forms.ValidationError(_("The list is larger than 5 MB."), code="too_large")
        data = file.read()
        try:
            rows = _spreadsheet(data) if data.startswith(b"PK") else _csv(data)
            lines = list(_lines(rows))
        except (ValueError, KeyError, csv.Error, zipfile.BadZipFile, OSError, TypeError, IndexError) as error:
            raise forms.ValidationError(_("The list cannot be read. Save it as CSV or XLSX."), code="broken") from error  # fmt: skip
        if not lines:
            raise forms.ValidationError(_("No column of names was found, or no line below the headings."), code="empty")  # fmt: skip
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(_("The list has more than %(most)s lines. Split it."), code="many", params={"most": MOST_LINES})  # fmt: skip
        return lines


def _csv(data: bytes) -> Iterator[list[str]]:
    if b"\0" in data:
        raise ValueError("no text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    first = text.partition("\n")[0]
    return csv.reader(io.StringIO(text), delimiter=max(";,\t", key=first.count))


def _spreadsheet(data: bytes) -> Iterator[list[str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > _UNPACKED_BYTES:
            raise ValueError("a bomb")
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for row in book.worksheets[0].iter_rows(max_row=MOST_LINES + 10, max_col=50, values_only=True):
        yield [_text(value) for value in row]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value.date()) if hasattr(value, "date") else str(value)


def _lines(rows: Iterable[list[str]]) -> Iterator[dict[str, str]]:
    """Lines below the headings that have a name."""
    columns: dict[str, int] = {}
    for row in rows:
        cells = [" ".join(cell.split()) for cell in row]
        if not columns:
            columns = _columns(cells)
            continue
        line = {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
        if line.get("name"):
            yield _line(line)


def _columns(cells: list[str]) -> dict[str, int]:
    lower = [cell.casefold() for cell in cells]
    found = {name: next((place for place, cell in enumerate(lower) if cell in known), None) for name, known in _HEADINGS.items()}  # fmt: skip
    columns = {name: place for name, place in found.items() if place is not None}
    return columns if "name" in columns else {}


def _line(line: dict[str, str]) -> dict[str, str]:
    kind = line.get("plan_type", "").upper()
    fnp = kind.startswith(("FP", "FNP", "FLÄCHEN", "F-PLAN"))
    texts = {name: _FORMULA.sub("", line.get(name, ""))[:length] for name, length in _LENGTHS.items()}
    return {"plan_type": (LegacyKind.FP if fnp else LegacyKind.BP).value, **texts}


class ScanForm(forms.Form):
    scan = forms.FileField(label=_("Scan"), help_text=_("PDF, TIFF, PNG or JPEG"))
    page = forms.IntegerField(label=_("Page of the PDF"), min_value=1, max_value=10_000, initial=1)

    def clean_scan(self) -> UploadedFile:  # type: ignore[type-arg]
        file: UploadedFile = self.cleaned_data["scan"]  # type: ignore[type-arg]
        refuse_large(file)
        return file


class PairForm(forms.Form):
    """A point on the scan (pixels from its upper left corner) and the same on the ground; empty, or all four."""

    column = forms.FloatField(label=_("Scan, to the right"), required=False, localize=True)
    row = forms.FloatField(label=_("Scan, downwards"), required=False, localize=True)
    easting = forms.FloatField(label=_("Easting"), required=False, localize=True)
    northing = forms.FloatField(label=_("Northing"), required=False, localize=True)
    names = ("column", "row", "easting", "northing")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = int(str(self.prefix).rpartition("-")[2]) + 1 if str(self.prefix)[-1].isdigit() else 0
        for name in self.names:
            said = _("%(label)s, pair %(number)s") % {"label": self.fields[name].label, "number": number}
            self.fields[name].widget = forms.TextInput(
                attrs={"class": "kern-form-input__input", "inputmode": "decimal", "data-pair-field": name, "aria-label": said}
            )  # fmt: skip
            self.fields[name].widget.is_localized = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        values = [cleaned.get(name) for name in self.names]
        given = [value for value in values if value is not None]
        if not self.errors and len(given) not in (0, 4):
            raise forms.ValidationError(_("A pair needs all four numbers."), code="half")
        if any(not math.isfinite(value) for value in given):
            raise forms.ValidationError(_("A pair needs all four numbers."), code="half")
        return cleaned

    def pair(self) -> list[float] | None:
        values = [self.cleaned_data.get(name) for name in self.names]
        return None if None in values else [float(value) for value in values if value is not None]


PairFormSet = forms.formset_factory(
    PairForm, extra=0, min_num=LEAST_PAIRS, max_num=MOST_PAIRS, absolute_max=MOST_PAIRS, validate_max=True
)


class OutlineForm(forms.Form):
    """Corners of the outline, one "easting northing" on each line, or parcels of a list."""

    corners = forms.CharField(
        label=_("Corners of the outline"),
        required=False,
        max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Easting and northing in EPSG:25833, one corner on each line; an empty line begins another part."),
    )  # fmt: skip
    parcels = forms.TypedMultipleChoiceField(
        label=_("Parcels"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, areas: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parcels"].choices = [(place, label) for place, (label, _shape) in enumerate(areas)]  # type: ignore[attr-defined]
        if not areas:
            del self.fields["parcels"]

    def clean_corners(self) -> shapely.Geometry | None:
        text: str = self.cleaned_data["corners"].replace("\r", "")
        if not text.strip():
            return None
        try:
            rings = [_ring(part) for part in re.split(r"\n\s*\n", text.strip())]
        except ValueError as error:
            raise forms.ValidationError(_("Each line needs two numbers, and each part three corners."), code="corners") from error  # fmt: skip
        return shapely.union_all([shapely.make_valid(shapely.Polygon(ring)) for ring in rings])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and cleaned.get("corners") is None and not cleaned.get("parcels"):
            raise forms.ValidationError(_("Draw the outline, enter its corners, or choose parcels."), code="nothing")  # fmt: skip
        return cleaned


def _ring(text: str) -> list[tuple[float, float]]:
    """Raises ValueError."""
    ring = []
    for line in filter(str.strip, text.split("\n")):
        east, north = (float(number.replace(",", ".")) for number in re.split(r"[;\s]+", line.strip()))
        if not (math.isfinite(east) and math.isfinite(north)):
            raise ValueError(line)
        ring.append((east, north))
    if len(ring) < 3:
        raise ValueError(text)
    return ring


def corners_of(shape: Any) -> str:
    """What a person would enter for an outline; holes are left out."""
    parts = shapely.get_parts(shape) if shape is not None else ()
    return "\n\n".join("\n".join(f"{x:.2f} {y:.2f}" for x, y in part.exterior.coords[:-1]) for part in parts)


class AreasForm(forms.Form):
    areas = forms.FileField(label=_("File with parcels or the outline"), help_text=_("GeoJSON, GML, GeoPackage or zipped Shapefile"))  # fmt: skip

    def clean_areas(self) -> UploadedFile:  # type: ignore[type-arg]
        file: UploadedFile = self.cleaned_data["areas"]  # type: ignore[type-arg]
        refuse_large(file)
        return file


class FactsForm(forms.Form):
    """The eight facts."""

    name = forms.CharField(label=_("Name"), max_length=500)
    number = forms.CharField(label=_("Number"), max_length=200, required=False)
    ags = forms.ChoiceField(label=_("Municipality"))
    form = forms.ChoiceField(label=_("Kind of plan"))
    status = forms.ChoiceField(label="Rechtsstand")
    in_force = forms.DateField(label=_("In force from"), required=False, widget=forms.DateInput)
    baunvo = forms.TypedChoiceField(label="BauNVO", required=False, coerce=date.fromisoformat, empty_value=None)  # fmt: skip
    procedure = forms.ChoiceField(label="Verfahren", required=False)

    def __init__(self, *args: Any, kind: str, towns: list[Tenant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._towns = {town.ags: town.name for town in towns if town.ags}
        self._choose("ags", list(self._towns.items()))
        self._choose("form", list(codes(kind, "planArt").items()))
        self._choose("status", list(codes(kind, "rechtsstand").items()))
        self._choose("procedure", [("", _("Not stated")), *codes(kind, "verfahren").items()])
        days = [(day.isoformat(), _("Fassung of %s") % date_format(day, "DATE_FORMAT")) for day in BAUNVO]
        self._choose("baunvo", [("", _("Not stated")), *days])

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        return {**self.cleaned_data, "municipality": self._towns[self.cleaned_data["ags"]]}
