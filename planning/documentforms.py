"""Shapes of what people say about documents and rasters."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from planning.forms import SeveralFilesField
from planning.models import Schutzgut
from planning.papers import Entry
from planning.rasters.georeference import CANDIDATES
from planning.xplanung.schema import schema

_NEWEST = "6.0"
_SYSTEMS = {
    25833: "ETRS89 / UTM 33N",
    25832: "ETRS89 / UTM 32N",
    5650: "ETRS89 / UTM 33N (zE-N)",
    4647: "ETRS89 / UTM 32N (zE-N)",
    3399: "RD/83, Gauß-Krüger 5",
    3398: "RD/83, Gauß-Krüger 4",
    31469: "DHDN, Gauß-Krüger 5",
    31468: "DHDN, Gauß-Krüger 4",
    31467: "DHDN, Gauß-Krüger 3",
    2399: "S42/83, Gauß-Krüger 5",
    2398: "S42/83, Gauß-Krüger 4",
    4258: "ETRS89",
    4326: "WGS 84",
    3857: "Web Mercator",
}


def kinds() -> list[tuple[str, str]]:
    """(code, label) of XP_ExterneReferenzTyp."""
    facts = schema(_NEWEST).feature_type("XP_SpezExterneReferenz")
    known = facts.by_name["typ"].values if facts else {}
    return [("", _("Not stated")), *known.items()]  # type: ignore[list-item]  # lazy text


def kind_label(code: str) -> str:
    return str(dict(kinds()).get(code, code)) if code else ""


def refuse_large(file: Any) -> None:
    if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES >> 20
        raise forms.ValidationError(
            _("The file is larger than %(limit)s MB."), code="too_large", params={"limit": limit}
        )


class DescriptionForm(forms.Form):
    """What a document is, and what it says of the environment."""

    title = forms.CharField(label=_("Title"), max_length=500)
    kind = forms.ChoiceField(label=_("Kind of document"), required=False)
    dated_on = forms.DateField(label=_("As of"), required=False, widget=forms.DateInput)
    goods = forms.MultipleChoiceField(
        label=_("Schutzgüter the document tells of"),
        choices=Schutzgut.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The notice of a publication under § 3 Abs. 2 BauGB names them; without an answer here the plan cannot be laid out."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds()  # type: ignore[attr-defined]

    def clean_goods(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["goods"]
        if Schutzgut.NONE.value in chosen and len(chosen) > 1:
            raise forms.ValidationError(_("Either some Schutzgüter, or no environmental information."), code="none")  # fmt: skip
        return chosen


class AddForm(DescriptionForm):
    documents = SeveralFilesField(
        label=_("Files"),
        help_text=_("PDF, or pictures of the plan with their place: GeoTIFF, or TIFF, PNG or JPEG with a world file."),
    )  # fmt: skip
    internal = forms.BooleanField(label=_("Internal: stays closed when the plan is public"), required=False)
    field_order = ("documents", "title", "kind", "dated_on", "goods", "internal")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        self.fields["title"].help_text = _("Left empty, the name of the file is the title.")

    def clean_documents(self) -> list[UploadedFile]:  # type: ignore[type-arg]
        chosen: list[UploadedFile] = self.cleaned_data["documents"]  # type: ignore[type-arg]
        for one in chosen:
            refuse_large(one)
        return chosen

    def entry(self) -> Entry:
        cleaned = self.cleaned_data
        return Entry(
            cleaned["title"],
            kind=cleaned["kind"],
            dated_on=cleaned["dated_on"],
            goods=tuple(cleaned["goods"]),
            is_internal=cleaned["internal"],
        )


class ReplaceForm(forms.Form):
    file = forms.FileField(label=_("File"))

    def clean_file(self) -> UploadedFile:  # type: ignore[type-arg]
        file: UploadedFile = self.cleaned_data["file"]  # type: ignore[type-arg]
        refuse_large(file)
        return file


class SystemForm(forms.Form):
    """The reference system of a picture; those in which it would lie on the plan come first."""

    srid = forms.TypedChoiceField(label=_("Reference system"), coerce=int)

    def __init__(self, *args: Any, fitting: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ordered = [*fitting, *(code for code in CANDIDATES if code not in fitting)]
        self.fields["srid"].choices = [(code, self._words(code, code in fitting)) for code in ordered]  # type: ignore[attr-defined]

    def _words(self, code: int, fits: bool) -> str:
        words = f"EPSG:{code} {_SYSTEMS[code]}"
        return _("%s: lies on the plan") % words if fits else words
