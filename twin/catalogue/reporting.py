"""What an import says, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from planning.models import Severity
from twin.catalogue.formats.messages import MESSAGES
from twin.catalogue.models import DatasetVersion

LEVELS = {"fatal": "danger", "error": "danger", "warning": "warning", "info": "info"}
KINDS: Mapping[str, Any] = {  # of attributes and of geometries
    "string": gettext_lazy("Text"),
    "integer": gettext_lazy("Whole number"),
    "number": pgettext_lazy("type", "Number"),
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
    "": gettext_lazy("without geometry"),
}


def sentence(rule: str, params: Mapping[str, Any]) -> str:
    return _(MESSAGES[rule]) % {name: KINDS.get(value, value) for name, value in params.items()}


_REASONS: Mapping[str, Any] = {  # GEOS, TopologyValidationError
    "Self-intersection": gettext_lazy("the outline crosses itself"),
    "Ring Self-intersection": gettext_lazy("a ring touches itself"),
    "Hole lies outside shell": gettext_lazy("a hole lies outside of its area"),
    "Nested holes": gettext_lazy("a hole lies in another one"),
    "Nested shells": gettext_lazy("an area lies in another one"),
    "Interior is disconnected": gettext_lazy("holes cut the area in parts"),
    "Duplicate Rings": gettext_lazy("a ring stands there twice"),
    "Too few points in geometry component": gettext_lazy("there are too few points"),
}


def _reason(text: str) -> str:
    """What GEOS says of a geometry, "Self-intersection[391952.36 5668196.49]", in words."""
    known, _bracket, place = text.partition("[")
    if known not in _REASONS:
        return text
    return f"{_REASONS[known]} ({place.rstrip(']').replace(' ', ', ')})" if place else str(_REASONS[known])


def worded(findings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Findings of a report with their sentences."""
    return [
        {
            **finding,
            "rows": [(number, _reason(text)) for number, text in finding.get("rows", ())],
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
