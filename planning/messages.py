"""The words of findings: those of the reader and those of the import, by rule."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_noop

from planning.xplanung import findings

LEVELS = {
    "fatal": "danger",
    "error": "danger",
    "warning": "warning",
    "info": "info",
}  # severity -> kind of badge
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
    "plan.newer": gettext_noop(
        "Version %(number)s of the plan came in meanwhile, so nothing was changed. Begin again with that version."
    ),
    "plan.several": gettext_noop(
        "The file holds several plans; a new version of one plan must hold this alone."
    ),
}
RASTER_MESSAGES: Mapping[str, str] = {
    "raster.kind": gettext_noop("The file is no picture that can be shown under a plan. Use TIFF, PNG or JPEG."),
    "raster.broken": gettext_noop("The picture is damaged or cut off. Export or scan it again."),
    "raster.bands": gettext_noop("The picture has %(bands)s channels of the kind %(kind)s; a plan is drawn in grey or colour with 8 or 16 bits. Export it so."),
    "raster.too_large": gettext_noop("The picture has %(width)s × %(height)s pixels; at most %(limit)s million are allowed. Export it with fewer dots per inch."),
    "raster.too_wide": gettext_noop("By its georeference the picture would be %(km)s km wide; at most %(limit)s km are possible. Check the pixel size and the reference system."),
    "raster.block": gettext_noop("The picture is packed in pieces of more than %(limit_mb)s MB. Save it with tiles or strips."),
    "raster.memory": gettext_noop("The picture needs more memory than is allowed. Save it with tiles or strips, or with fewer dots per inch."),
    "raster.failed": gettext_noop("The picture could not be read; it is probably damaged. Export or scan it again."),
    "raster.too_slow": gettext_noop("The picture was given up after %(minutes)s minutes. Export it with fewer dots per inch."),
    "raster.world_file": gettext_noop("The world file does not hold six numbers. Export it again."),
    "raster.transform": gettext_noop("The georeference of the picture makes no sense: its pixels would have no area."),
    "raster.system": gettext_noop("The coordinate reference system of the picture is not known, or does not reach here."),
    "raster.no_place": gettext_noop("The picture does not say where it lies. Upload its world file, or a GeoTIFF."),
    "raster.elsewhere": gettext_noop("The picture lies %(km)s km away from the plan in %(system)s, and in no system in use here would it lie on the plan. Check its georeference."),
    "raster.elsewhere_fits": gettext_noop("The picture lies %(km)s km away from the plan in %(system)s. It would lie on the plan in %(proposals)s: choose the right system."),
    "raster.pdf": gettext_noop("The PDF is damaged or protected by a password. Save it again without."),
    "raster.page": gettext_noop("The PDF has %(pages)s pages; there is no page %(page)s."),
}  # fmt: skip
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
    gettext_noop("No such file or directory"),
    gettext_noop("Is a directory"),
    gettext_noop("Not a directory"),
    gettext_noop("Permission denied"),
    gettext_noop("No space left on device"),
)
MESSAGES: Mapping[str, str] = {**findings.MESSAGES, **IMPORT_MESSAGES, **RASTER_MESSAGES}


def text_of(rule: str, params: Mapping[str, Any]) -> str:
    """The sentence for people, in the active language; the bare rule where a later version wrote an unknown one."""
    if rule not in MESSAGES:
        return rule
    known = {"reason": _reason(str(params["reason"]))} if "reason" in params else {}
    numbers = {
        name: number_format(value, force_grouping=True)
        for name, value in params.items()
        if isinstance(value, float)
    }
    return gettext(MESSAGES[rule]) % {**params, **numbers, **known}


def _reason(text: str) -> str:
    return gettext(text) if text in REASONS else text


def unreadable(error: OSError) -> findings.Finding:
    """A file that the operating system does not give us."""
    return findings.Finding("file.unreadable", "fatal", {"reason": error.strerror or str(error)})


def refused_by_system(error: OSError) -> str:
    """For a command, about a file that it reads or writes."""
    return ": ".join(filter(None, (str(error.filename or ""), _reason(error.strerror or str(error)))))


def finding_as_kept(finding: findings.Finding) -> dict[str, Any]:
    """As reports keep it: put into words when it is shown."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "params": dict(finding.params),
        "gml_id": finding.gml_id,
        "line": finding.line,
    }


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
