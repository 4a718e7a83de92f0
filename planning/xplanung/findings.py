"""What a reader or a check has to say about a file: rule, severity, place. The words are the caller's to translate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from planning.xplanung.semantic_messages import SEMANTIC_MESSAGES

Severity = Literal["fatal", "error", "warning", "info"]
Value = str | int | float
MOST_OF_A_RULE = 1000  # findings of one rule in one file; a broken export repeats itself


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `point` is (easting, northing) in the target CRS; `line` counts from 1 in the delivered file.

    fatal: nothing of the file can be used; error: the file breaks the standard; warning: a person should look; info: for the record.
    """

    rule: str
    severity: Severity
    params: Mapping[str, Value] = field(default_factory=dict)
    gml_id: str = ""
    line: int | None = None
    point: tuple[float, float] | None = None
    condition: str = ""  # number of the Konformitätsbedingung that is not met

    @property
    def message(self) -> str:
        """The English text; a user interface translates MESSAGES[rule] and fills in the same parameters."""
        return MESSAGES[self.rule] % self.params


class UnreadableFile(Exception):
    """Nothing of the file can be used. Carries the fatal finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def _(text: str) -> str:
    """Marks a text for the catalogue of whoever shows it. Nothing is translated here: this package knows no framework."""
    return text


MESSAGES: Mapping[str, str] = {
    # The file
    "file.empty": _("The file is empty. Choose the file again, or export it again from your program."),
    "file.too_large": _(
        "The file is larger than %(limit_mb)s MB. Split it into several plans, or send it to the administrator."
    ),
    "file.not_xml": _("This is no XML file. Export the plan as XPlanGML and upload that file."),
    "file.html": _(
        "This is a web page, not a plan. The download probably gave an error page; fetch the file again."
    ),
    # Archives
    "archive.broken": _("The zip archive is damaged (%(reason)s). Pack it again."),
    "archive.too_many": _("The zip archive holds %(count)s files; at most %(limit)s are allowed. Split it."),
    "archive.too_large": _("Unpacked, the zip archive is larger than %(limit_mb)s MB. Split it."),
    "archive.member_too_large": _(
        "Unpacked, %(name)s is larger than %(limit_mb)s MB. Deliver it separately."
    ),
    "archive.bomb": _(
        "%(name)s grows beyond measure when unpacked. For safety the archive is refused; pack it again."
    ),
    "archive.duplicate": _("The zip archive holds %(name)s twice. Pack it again with each name once."),
    "archive.path": _(
        "The path “%(name)s” in the zip archive leads outside it or holds characters that are not allowed. Pack it again."
    ),
    "archive.link": _("%(name)s in the zip archive is a link. Pack the file itself."),
    "archive.encrypted": _("%(name)s in the zip archive is protected by a password. Pack it without."),
    "archive.nested": _(
        "The zip archive holds another archive (%(name)s). Unpack that one first and pack all files into one archive."
    ),
    "archive.no_plan": _("The zip archive holds no .gml or .xml file. Add the plan."),
    # XML
    "xml.broken": _(
        "The XML is damaged in line %(line)s, column %(column)s (%(reason)s). Export the file again."
    ),
    "xml.truncated": _(
        "The file ends in the middle, in line %(line)s. The transfer was probably cut off; fetch it again."
    ),
    "xml.encoding": _(
        "Line %(line)s holds characters that are not %(encoding)s. Save the file in the encoding that its first line states."
    ),
    "xml.encoding_unknown": _(
        "The file states the encoding “%(encoding)s”, which is not known. Save it as UTF-8."
    ),
    "xml.dtd": _(
        "The file contains a document type definition (DTD, line %(line)s). For safety such files are refused; export it without."
    ),
    "xml.too_deep": _(
        "Elements are nested more than %(limit)s deep (line %(line)s). No plan needs that; export the file again."
    ),
    "xml.object_too_large": _(
        "The object in line %(line)s is larger than %(limit_mb)s MB. Split it or export it again."
    ),
    "xml.token_too_large": _(
        "A tag or attribute after line %(line)s is larger than %(limit_mb)s MB. Export the file again."
    ),
    # Upgrade
    "upgrade.version": _("A plan in XPlanGML %(version)s cannot be upgraded to 6.0; 4.0 to 5.4 can."),
    "upgrade.invalid": _(
        "The plan is not valid by the schema of XPlanGML %(version)s. Correct what is listed, then upgrade it."
    ),
    "upgrade.incomplete": _(
        "XPlanGML 6.0 wants %(property)s for %(type)s, of which the file says nothing. Add it, then upgrade the plan."
    ),
    # Documents and rasters
    "document.missing": _(
        "The plan refers to the document “%(href)s”, which was not delivered with it. Deliver both together, in one zip file."
    ),
    "document.unreferenced": _(
        "No plan refers to the delivered document “%(name)s”; it was added to the plan."
    ),
    "document.address": _(
        "%(property)s refers to “%(href)s”, which is no address that can be opened. Give a complete https:// address."
    ),
    "document.one_computer": _(
        "%(property)s refers to “%(href)s”, a folder that only one computer knows. Give the bare name of a file that you deliver with the plan, or an https:// address."
    ),
    "document.empty": _("The document “%(name)s” is empty (0 bytes). Deliver it again."),
    "document.type": _(
        "“%(name)s” is stated to be %(stated)s, but its content is something else (%(found)s). Deliver the right file or correct the stated type."
    ),
    "document.no_georeference": _(
        "The raster “%(name)s” does not say where it lies. Deliver its world file with it, or a GeoTIFF."
    ),
    "document.georeference_missing": _(
        "The raster “%(name)s” refers to the georeference “%(href)s”, which was not delivered with it."
    ),
    # XPlanGML
    "xplan.none": _(
        "The file contains no XPlanGML objects (root element %(root)s). Export the plan as XPlanGML."
    ),
    "xplan.version": _("XPlanGML version %(version)s is not supported. Supported are 4.0 to 6.1."),
    "xplan.mixed_versions": _(
        "The file mixes XPlanGML versions %(first)s and %(second)s. Deliver each version in a file of its own."
    ),
    "xplan.no_plan": _(
        "The file contains objects but no plan (BP_Plan, FP_Plan, RP_Plan, LP_Plan or SO_Plan). Export it with its plan."
    ),
    "xplan.unknown_type": _(
        "XPlanGML %(version)s has no object type %(type)s. The object is kept as delivered."
    ),
    "xplan.no_id": _("An object of type %(type)s has no gml:id. It cannot be referred to; give it an id."),
    "xplan.duplicate_id": _(
        "The id %(id)s is used by more than one object. Give every object an id of its own."
    ),
    # Structure (the schema of the version)
    "structure.root": _("The document begins with %(root)s, not with XPlanAuszug."),
    "structure.unknown_type": _(
        "XPlanGML %(version)s has no object type %(type)s. Check the version or remove the object."
    ),
    "structure.unknown_element": _("%(parent)s may not contain %(element)s. Allowed: %(expected)s."),
    "structure.order": _(
        "%(element)s stands in the wrong place in %(parent)s, or too often. Bring the elements into the order of the schema."
    ),
    "structure.missing": _("%(element)s lacks %(expected)s. Add it."),
    "structure.abstract": _(
        "%(element)s is only a common base and cannot be used itself. Use one of its special types."
    ),
    "structure.text": _(
        "%(element)s contains the text “%(text)s” (or white space), where none may stand. Remove it."
    ),
    "structure.value": _("“%(value)s” is no value of %(element)s (%(type)s). Correct it."),
    "structure.code": _("“%(value)s” is no code of %(element)s (%(type)s). Use a code of the standard."),
    "structure.attribute": _("“%(value)s” is not allowed for the attribute %(attribute)s of %(element)s."),
    "structure.unknown_attribute": _("%(element)s has no attribute %(attribute)s. Remove it."),
    "structure.missing_attribute": _("%(element)s lacks the attribute %(attribute)s. Add it."),
    "structure.duplicate_id": _("The id %(id)s occurs more than once. Give every element an id of its own."),
    "structure.nil": _("The element is marked as nil, but may not be, or is not empty."),
    # References
    "reference.unresolved": _(
        "%(property)s refers to %(target)s, which is not in the file. Add the object or remove the reference."
    ),
    "reference.wrong_type": _("%(property)s refers to %(target)s of type %(type)s; allowed is %(expected)s."),
    # Coordinate reference systems
    "crs.unknown": _(
        "The coordinate reference system “%(srs)s” is not known. The geometry of %(property)s cannot be placed. Export the plan in EPSG:25832 or EPSG:25833."
    ),
    "crs.missing": _(
        "%(property)s states no coordinate reference system and none can be inherited. The geometry cannot be placed."
    ),
    "crs.assumed": _(
        "%(property)s states no coordinate reference system; the one used before in the file (%(srs)s) is assumed."
    ),
    "crs.transformed": _(
        "Coordinates were transformed from %(srs)s to EPSG:%(target)s (%(method)s, accuracy %(accuracy)s m)."
    ),
    "crs.swapped": _("Coordinates in %(srs)s are given as northing, easting. They were swapped for the map."),
    "crs.outside": _(
        "The coordinates of %(property)s lie outside the area where %(srs)s is used. Check the coordinate reference system."
    ),
    # Geometry
    "geometry.unsupported": _(
        "%(property)s contains the geometry element %(element)s, which cannot be drawn."
    ),
    "geometry.empty": _("The geometry of %(property)s has no coordinates."),
    "geometry.not_a_number": _(
        "The geometry of %(property)s contains “%(text)s”, which is no finite number. Correct the coordinates in the source."
    ),
    "geometry.odd_coordinates": _(
        "The geometry of %(property)s has %(count)s numbers, which do not make points of %(dimension)s."
    ),
    "geometry.too_few_points": _("%(property)s: %(element)s has only %(count)s points."),
    "geometry.ring_not_closed": _(
        "A ring of %(property)s is not closed. It was closed for the map; correct it in the source."
    ),
    "geometry.segments_apart": _(
        "Two pieces of a line of %(property)s do not meet: one must begin exactly where the one before ends."
    ),
    "geometry.third_dimension": _(
        "%(property)s has three-dimensional coordinates. Heights are kept in the file and not drawn."
    ),
    "geometry.spline": _("%(property)s contains a spline. It is drawn as straight lines through its points."),
    "geometry.by_reference": _(
        "The geometry of %(property)s refers to %(target)s, which is not part of the object."
    ),
    "geometry.invalid": _(
        "The geometry of %(property)s is not valid (%(reason)s). It was repaired for the map; correct it in the source."
    ),
    "geometry.lost": _("The geometry of %(property)s is not valid (%(reason)s) and cannot be repaired."),
    "geometry.failed": _("The geometry of %(property)s cannot be read (%(reason)s)."),
    "geometry.orientation": _(
        "Rings of %(property)s run the wrong way round (number: %(count)s). Outer rings run counter-clockwise, inner ones clockwise."
    ),
    "geometry.doubled_vertex": _(
        "%(property)s has the same vertex twice in a row (number of places: %(count)s). Delete one of each pair."
    ),
    "geometry.crossing": _("The outline of %(property)s crosses or touches itself here. Separate the lines."),
    "geometry.patches_overlap": _(
        "Two patches of one surface of %(property)s lie one on the other. They may only touch."
    ),
    "geometry.patches_apart": _(
        "The patches of a surface of %(property)s do not hang together. Use one surface for each part."
    ),
    # Objects against each other
    "topology.overlap": _(
        "This object and %(other)s, both of the Flächenschluss, cover the same ground (%(size)s m²). Give it to one of them."
    ),
    "topology.gap_bereich": _(
        "The Bereich has ground (%(size)s m²) that no object of the Flächenschluss covers. Close the gap."
    ),
    "topology.gap_plan": _(
        "The Geltungsbereich of the plan has ground (%(size)s m²) that no object of the Flächenschluss covers. Close the gap."
    ),
    "topology.vertex": _(
        "A neighbour (%(other)s) has a vertex on an edge of this object, which has none there (number of such places: %(count)s). Neighbours of the Flächenschluss need the same vertices."
    ),
    "topology.unassigned": _(
        "Objects of the Flächenschluss belong to no Bereich (number: %(count)s), but the plan has several. Assign them with gehoertZuBereich."
    ),
    "topology.outside_bereich": _("The object reaches out of the Geltungsbereich of its Bereich %(other)s."),
    "topology.outside_plan": _("The object reaches out of the Geltungsbereich of its plan %(other)s."),
    "topology.bereich_outside": _("The Bereich reaches out of the Geltungsbereich of its plan %(other)s."),
    "topology.bereiche_overlap": _(
        "The Bereich and the Bereich %(other)s cover the same ground (%(size)s m²). Check their boundaries."
    ),
    "topology.failed": _(
        "One check of the plan's geometries against each other could not be finished (%(reason)s)."
    ),
    "topology.doubled": _(
        "This object and the überbaubare Grundstücksfläche %(other)s on it both set %(properties)s. Set it in one of them."
    ),
    **SEMANTIC_MESSAGES,
}
