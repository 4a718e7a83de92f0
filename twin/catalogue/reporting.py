"""What an import says, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.models import Severity
from twin.catalogue.formats.messages import MESSAGES
from twin.catalogue.models import DatasetVersion

LEVELS = {"fatal": "danger", "error": "danger", "warning": "warning", "info": "info"}
KINDS: Mapping[str, Any] = {  # of attributes and of geometries
    "string": gettext_lazy("Text"),
    "integer": gettext_lazy("Whole number"),
    "number": gettext_lazy("Number"),
    "boolean": gettext_lazy("Yes or no"),
    "date": gettext_lazy("Date"),
    "datetime": gettext_lazy("Date and time"),
    "Point": gettext_lazy("Points"),
    "LineString": gettext_lazy("Lines"),
    "Polygon": gettext_lazy("Areas"),
    "MultiPoint": gettext_lazy("Points"),
    "MultiLineString": gettext_lazy("Lines"),
    "MultiPolygon": gettext_lazy("Areas"),
    "Geometry": gettext_lazy("Mixed"),
    "": gettext_lazy("None"),
}


def sentence(rule: str, params: Mapping[str, Any]) -> str:
    return _(MESSAGES[rule]) % {name: KINDS.get(value, value) for name, value in params.items()}


def worded(findings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Findings of a report with their sentences."""
    return [
        {
            **finding,
            "message": sentence(finding["rule"], finding["params"]),
            "severity_words": str(Severity(finding["severity"]).label),
            "level": LEVELS[finding["severity"]],
        }
        for finding in findings
    ]


def outcome(version: DatasetVersion) -> dict[str, Any]:
    """What became of a delivery, ready for JSON."""
    dataset = version.dataset
    return {
        "dataset": str(dataset.public_id),
        "title": dataset.title,
        "version": version.number,
        "rows": version.report.get("rows", 0),
        "kept": version.feature_count,
        "added": version.added,
        "changed": version.changed,
        "gone": version.gone,
        "geometry": version.geometry_type,
        "crs": version.source_crs,
        "grid": version.grid,
        "findings": worded(version.report.get("findings", ())),
    }
