"""The cells of a question about an elevation model: as it is asked, or as fine as the model is."""

from typing import Any, ClassVar

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from twin.analysis.forms import AreaForm
from twin.analysis.terrain import CELLS
from twin.catalogue.models import Dataset

_SIZES = [(f"{cell:g}", f"{cell:g}") for cell in CELLS]


class CellField(forms.TypedChoiceField):
    """Side of a cell in m. least: what is proposed where the model is as fine."""

    schema: ClassVar[dict[str, Any]] = {"type": "string", "enum": [value for value, _words in _SIZES]}

    def __init__(self, *, least: int, help_text: Any = "") -> None:
        self.least = least
        words = format_lazy(_("As fine as the model, at least {least} m"), least=least)
        super().__init__(label=_("Side of a cell in m"), choices=[("", words), *_SIZES], coerce=int, empty_value=None, required=False, help_text=help_text)  # fmt: skip

    def of(self, model: Dataset) -> int:
        """What the model allows. Its cells may be a little off: 1.0000001 m is 1 m."""
        version = model.current_version
        finest = float((version.grid if version else {}).get("resolution", 0)) * 0.999
        return int(next((cell for cell in CELLS if cell >= max(finest, self.least)), CELLS[-1]))


class TerrainForm(AreaForm):
    """Ground of forms about an elevation model, with the fields `elevation` and `cell`. Where no cells are asked for, the model says them:
    they are part of the question, so another model is asked with its own."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        field, model = self.fields["cell"], cleaned.get("elevation")
        if isinstance(field, CellField) and cleaned.get("cell") is None and model is not None:
            cleaned["cell"] = field.of(model)
        return cleaned
