"""The answer's codes in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from planning.auskunft.errors import PlaceRefused
from planning.auskunft.measuring import REACH, WIDTH
from planning.xplanung.baunvo import Version
from planning.xplanung.relations import Effect, Relation

REFUSALS: Mapping[str, Promise] = {
    "empty": _("Name a place: mark it on the map, or enter an address or coordinates, or choose a file."),
    "numbers": _("Two numbers are needed: easting and northing (EPSG:25833), or latitude and longitude."),
    "finite": _("The coordinates are no numbers that mean a place."),
    "swapped": _("The two numbers seem to be the wrong way round. Did you mean %(proposal)s?"),
    "outside": _("This place lies outside the county."),
    "vertices": _("The outline has more than %(most)s corners. Choose a simpler one."),
    "no_area": _("No area was found in it."),
    "too_large": _("The area is larger than %(hectares)s hectares. Choose a single parcel."),
    "objects": _("More than %(most)s objects lie here. Choose a smaller area."),
    "file_size": _("The file is larger than %(most)s MB. Choose a file with this parcel alone."),
    "file_kind": _("This is no GeoJSON, GML, GeoPackage or zipped Shapefile."),
    "file_broken": _("The file cannot be read."),
    "file_crs": _("The file names no coordinate reference system, or an unknown one."),
    "file_several": _("The file holds %(count)s areas. Choose a file with one parcel, or with neighbouring parcels up to %(most)s."),
    "several": _("Several places have this address. Add the postcode or the place: %(addresses)s"),
    "no_house": _("There is no such house number in this street (%(street)s). Name a number, or mark the place on the map."),
    "nowhere": _("No place of this name was found. Name street, house number and place, mark the place on the map, enter coordinates, or choose a file with the parcel."),
    "town": _("%(town)s is a whole municipality, and what applies differs from place to place. Add street and house number, mark the place on the map, or look through all plans of the municipality."),
    "no_search": _("Addresses cannot be looked up here. Mark the place on the map, or enter coordinates."),
    "remote": _("The service that knows the parcels does not answer. Mark the place on the map, or choose a file."),
}  # fmt: skip
EFFECTS: Mapping[Effect, Promise] = {
    Effect.CHANGES: _("Änderung"),
    Effect.SUPPLEMENTS: _("Ergänzung"),
    Effect.REPLACES: _("Ersetzung"),
    Effect.REPEALS: _("Aufhebung"),
}
PARAGRAPHS: Mapping[str, Promise] = {
    "14": _("Veränderungssperre (§ 14 BauGB)"),
    "25": _("Vorkaufsrechtssatzung (§ 25 BauGB)"),
    "34": _("Innenbereichssatzung (§ 34 Abs. 4 BauGB)"),
    "35": _("Außenbereichssatzung (§ 35 Abs. 6 BauGB)"),
    "142": _("Sanierungssatzung (§ 142 BauGB)"),
    "172": _("Erhaltungssatzung (§ 172 BauGB)"),
}
BINDING = _("Only the executed document (ausgefertigte Urkunde) of the municipality is binding.")
TOLERANCE = {"width_m": WIDTH, "reach_m": REACH}
_BASES: Mapping[str, Promise] = {
    "stated": _("as the plan states"),
    "display": _("by the first day of the public display"),
    "adoption": _("by the day of the Satzung; to be checked"),
    "in_force": _("by the day it came into force; to be checked"),
}


def refusal(error: PlaceRefused, *, instead: Mapping[str, Promise] | None = None) -> str:
    """instead: other words for some codes, where a page offers other ways to name a place."""
    words = str({**REFUSALS, **(instead or {})}[error.code]) % error.params
    if error.params.get("example"):
        example = gettext("An address that is found: %(example)s.") % error.params
        words = f"{words} {example}"
    return words


def law(version: Version | None) -> str:
    """ "BauNVO 1990 (as the plan states)"."""
    if version is None:
        return gettext("not known; to be checked")
    name = f"BauNVO {version.year}" if version.year else version.text or "BauNVO"
    basis = str(_BASES[version.basis])
    if not version.certain and version.basis in {"stated", "display"}:
        basis = gettext("%s; to be checked") % basis
    return f"{name} ({basis})"


def named(relation: Relation) -> str:
    return " ".join(filter(None, (relation.number, relation.name))) or relation.gml_id
