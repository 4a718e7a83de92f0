"""The words of findings: those of the reader and those of the import, by rule."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop

from planning.xplanung import findings

IMPORT_MESSAGES: Mapping[str, str] = {
    "file.unreadable": gettext_noop("The file cannot be read (%(reason)s)."),
    "file.quota": gettext_noop("The storage space of %(tenant)s would not suffice."),
    "file.kind": gettext_noop(
        "“%(name)s” is no plan file. Choose XPlanGML (.gml or .xml) or a zip archive with one."
    ),
    "file.unchanged": gettext_noop("This file was imported before. Nothing was changed."),
    "file.gone": gettext_noop("The uploaded file is no longer there. Upload it again."),
    "plan.no_area": gettext_noop(
        "The plan “%(name)s” has no area that can be placed on the map. Check its Geltungsbereich and coordinates."
    ),
    "plan.outside": gettext_noop(
        "%(percent)s %% of the plan's area lies outside of %(tenant)s. Check whether the plan belongs here and its coordinate reference system is right."
    ),
    "plan.ags": gettext_noop("“%(ags)s” is no valid AGS; it has 8 digits."),
    "plan.no_name": gettext_noop("The plan has no name; the name of the file is shown instead."),
    "plan.other_type": gettext_noop(
        "The file holds a plan of the kind %(type)s; a new version must be of the same kind."
    ),
    "plan.several": gettext_noop(
        "The file holds several plans; a new version of one plan must hold this alone."
    ),
}
# What the libraries give as the reason; another one is shown as they say it.
REASONS = (
    gettext_noop("Self-intersection"),
    gettext_noop("Ring Self-intersection"),
    gettext_noop("Hole lies outside shell"),
    gettext_noop("Holes are nested"),
    gettext_noop("Nested shells"),
    gettext_noop("Interior is disconnected"),
    gettext_noop("Duplicate Rings"),
    gettext_noop("Too few points in geometry component"),
    gettext_noop("mismatched tag"),
    gettext_noop("not well-formed (invalid token)"),
    gettext_noop("undefined entity"),
    gettext_noop("duplicate attribute"),
    gettext_noop("junk after document element"),
    gettext_noop("unbound prefix"),
    gettext_noop("File is not a zip file"),
)
MESSAGES: Mapping[str, str] = {**findings.MESSAGES, **IMPORT_MESSAGES}


def text_of(rule: str, params: Mapping[str, Any]) -> str:
    """The sentence for people, in the active language; the bare rule where a later version wrote an unknown one."""
    if rule not in MESSAGES:
        return rule
    reason = params.get("reason")
    known = {"reason": gettext(str(reason))} if reason in REASONS else {}
    return gettext(MESSAGES[rule]) % {**params, **known}


def finding_as_json(finding: findings.Finding) -> dict[str, Any]:
    """As commands and downloads give it out."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "message": text_of(finding.rule, finding.params),
        "gml_id": finding.gml_id,
        "line": finding.line,
        "point": list(finding.point) if finding.point else None,
    }
