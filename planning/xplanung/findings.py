"""What a reader or a check has to say about a file: rule, severity, place. The words are the caller's to translate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

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
    # Documents and rasters
    "document.missing": _("The plan refers to the document “%(href)s”, which was not delivered with it."),
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
        "%(count)s rings of %(property)s run the wrong way round: outer rings run counter-clockwise, inner ones clockwise."
    ),
    "geometry.doubled_vertex": _(
        "%(property)s has the same vertex twice in a row (%(count)s times). Delete one of each pair."
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
        "A neighbour (%(other)s) has a vertex on an edge of this object, which has none there (%(count)s such places). Neighbours of the Flächenschluss need the same vertices."
    ),
    "topology.unassigned": _(
        "%(count)s objects of the Flächenschluss belong to no Bereich, but the plan has several. Assign them with gehoertZuBereich."
    ),
    "topology.outside_bereich": _("The object reaches out of the Geltungsbereich of its Bereich %(other)s."),
    "topology.outside_plan": _("The object reaches out of the Geltungsbereich of its plan %(other)s."),
    "topology.bereich_outside": _("The Bereich reaches out of the Geltungsbereich of its plan %(other)s."),
    "topology.bereiche_overlap": _(
        "The Bereich and the Bereich %(other)s cover the same ground (%(size)s m²). Check their boundaries."
    ),
    "topology.doubled": _(
        "This object and the überbaubare Grundstücksfläche %(other)s on it both set %(properties)s. Set it in one of them."
    ),
    # Semantic rules (Konformitätsbedingungen); the number is the finding's `condition`
    "semantic.requires": _(
        "%(object)s: %(name)s is given without %(others)s. Add %(others)s or remove %(name)s."
    ),
    "semantic.requires_any": _(
        "%(object)s: %(name)s is given, but none of: %(others)s. Add one of them or remove %(name)s."
    ),
    "semantic.needs": _("%(object)s: %(name)s is missing. Add it."),
    "semantic.needs_any": _("%(object)s: none of these is given: %(names)s. Add at least one."),
    "semantic.needs_one": _("%(object)s: exactly one of these must be given: %(names)s. Given: %(given)s."),
    "semantic.excludes": _(
        "%(object)s: %(given)s may not be given together with %(against)s. Keep only the one or the other."
    ),
    "semantic.together": _("%(object)s: %(given)s is given without %(missing)s. Add it, or remove both."),
    "semantic.combinations": _(
        "%(object)s: this combination is not allowed: %(given)s. Allowed are: %(allowed)s."
    ),
    "semantic.only_with": _(
        "%(object)s: %(name)s is allowed only where %(other)s is %(codes)s (here: %(found)s). Change %(other)s or remove %(name)s."
    ),
    "semantic.only_with_or_none": _(
        "%(object)s: with %(name)s, %(other)s must be missing or %(codes)s (here: %(found)s). Change %(other)s or remove %(name)s."
    ),
    "semantic.code_requires": _("%(object)s: where %(name)s is %(code)s, %(then)s must be given. Add it."),
    "semantic.code_excludes": _(
        "%(object)s: where %(name)s is %(code)s, these may not be given: %(given)s. Remove them or change %(name)s."
    ),
    "semantic.fits": _(
        "%(object)s: %(name)s %(code)s does not fit %(other)s %(found)s. Allowed for %(other)s: %(wanted)s, or leave it out."
    ),
    "semantic.same_group": _(
        "%(object)s: the values of %(name)s mix Sondergebiete for recreation (§ 10 BauNVO) with other ones (§ 11 BauNVO): %(found)s. Split the area."
    ),
    "semantic.not_blank": _("%(object)s: %(name)s is empty. Fill it in."),
    "semantic.as_often": _(
        "%(object)s: %(name)s is given %(count)s times, %(other)s %(times)s times. Give both equally often."
    ),
    "semantic.not_more_often": _(
        "%(object)s: %(name)s is given %(count)s times, %(other)s only %(times)s times. Add what is missing."
    ),
    "semantic.requires_once": _(
        "%(object)s: with %(name)s, %(other)s must be given exactly once (here: %(count)s times). Correct it."
    ),
    "semantic.geometry_area": _(
        "%(object)s must be drawn as an area. Correct the geometry or use another object type."
    ),
    "semantic.geometry_line": _(
        "%(object)s must be drawn as a line. Correct the geometry or use another object type."
    ),
    "semantic.geometry_point": _(
        "%(object)s must be drawn as a point. Correct the geometry or use another object type."
    ),
    "semantic.geometry_no_area": _("%(object)s may not be drawn as an area. Draw a line or a point."),
    "semantic.geometry_no_line": _("%(object)s may not be drawn as a line. Draw an area or a point."),
    "semantic.geometry_mixed": _("%(object)s mixes points, lines and areas. Make an object of each kind."),
    "semantic.closure_true_base": _(
        "%(object)s belongs to the Flächenschluss on ebene 0: set flaechenschluss to true, or give it another ebene."
    ),
    "semantic.closure_false_other": _(
        "%(object)s lies on another ebene than 0 and cannot belong to the Flächenschluss: set flaechenschluss to false."
    ),
    "semantic.closure_false_any": _(
        "%(object)s lies over other areas and never belongs to the Flächenschluss: set flaechenschluss to false."
    ),
    "semantic.closure_area_true_zero": _(
        "%(object)s is drawn as an area on ebene 0 and belongs to the Flächenschluss: set flaechenschluss to true."
    ),
    "semantic.closure_area_false_other": _(
        "%(object)s is drawn as an area on another ebene than 0 and cannot belong to the Flächenschluss: set flaechenschluss to false."
    ),
    "semantic.closure_area_false_any": _(
        "%(object)s is drawn as an area over other areas and never belongs to the Flächenschluss: set flaechenschluss to false."
    ),
    "semantic.closure_stated": _(
        "%(object)s is drawn as an area: state whether it belongs to the Flächenschluss (flaechenschluss)."
    ),
    "semantic.heights": _(
        "%(object)s: these heights may not stand together: %(given)s. Allowed are: %(allowed)s."
    ),
    "semantic.height_mark": _(
        "%(object)s must state exactly one height (hoehenangabe, here: %(count)s), as h and without %(others)s. Correct the height."
    ),
    "semantic.height_mark_once": _(
        "%(object)s must state exactly one height (hoehenangabe, here: %(count)s)."
    ),
    "semantic.dimension_line": _(
        "%(object)s states a distance and must be drawn as one straight line (LineString) of two points (here: %(form)s)."
    ),
    "semantic.dimension_arc": _(
        "%(object)s states an angle and must be drawn as one Curve of a single circular arc (here: %(form)s)."
    ),
    "semantic.numbered": _(
        "%(object)s: these properties must be filled in order and without gaps: %(names)s. Given: %(given)s."
    ),
    "semantic.numbered_once": _(
        "%(object)s: these properties must be filled in order and without gaps, or the first alone several times: %(names)s. Given: %(given)s."
    ),
    "semantic.not_both_ways": _(
        "%(object)s: %(name)s is given several times, so these may not be given: %(given)s. Move their values."
    ),
    "semantic.detailed": _("%(object)s: %(given)s is given without %(needed)s. Add what it details."),
    "semantic.detailed_as_often": _(
        "%(object)s: %(given)s must be given exactly as often as one of: %(needed)s. Add what is missing."
    ),
    "semantic.special_fits": _(
        "%(object)s: %(name)s %(code)s is no special case of %(other)s %(found)s. Correct one of them."
    ),
    "semantic.special_fits_as_often": _(
        "%(object)s: %(name)s %(code)s is no special case of %(other)s %(found)s, or they are not given equally often. Correct one of them."
    ),
    "semantic.units": _("%(object)s: “%(unit)s” is no unit for %(name)s. Allowed: %(allowed)s."),
    "semantic.dates": _(
        "%(object)s: the date “%(text)s” (%(name)s) states a time zone. Write it as YYYY-MM-DD."
    ),
    "semantic.stated_type": _("%(object)s uses xsi:type (%(stated)s), which is not allowed. Remove it."),
    "semantic.one_system": _(
        "%(object)s states the coordinate reference system EPSG:%(srid)s, the file begins with EPSG:%(first)s. Use one system for the whole file."
    ),
    "semantic.stated_system": _(
        "%(object)s states no coordinate reference system, and neither does the file. State it in the Envelope."
    ),
    "semantic.refers_to": _(
        "%(object)s: %(name)s refers to %(target)s, a %(type)s. Allowed is only: %(types)s. Correct the reference."
    ),
    "semantic.belongs_to": _(
        "%(object)s must refer by gehoertZuPlan to exactly one %(plan)s, and that plan by bereich to it (here: %(target)s). Correct the references."
    ),
    "semantic.refers_back": _(
        "%(object)s: %(source)s refers to it by %(name)s, but it does not refer back. Add %(back)s."
    ),
    "semantic.refers_back_once": _(
        "%(object)s: %(source)s refers to it by %(name)s, so it must refer back by %(back)s exactly once (here: %(count)s times). Correct the reference."
    ),
    "semantic.plan_states": _(
        "%(object)s: with %(name)s %(code)s, the plan must state %(needed)s. Add it to the plan, or change %(name)s."
    ),
    "semantic.plan_has": _(
        "%(object)s is allowed only in a plan with %(name)s %(code)s (here: %(found)s). Change the plan's %(name)s or the object type."
    ),
    "semantic.only_in": _(
        "%(object)s: %(name)s is allowed only in a %(plan)s, not in a %(type)s. Remove it."
    ),
    "semantic.same_as_plan": _(
        "%(object)s: with %(name)s %(code)s, its area must be the Geltungsbereich of the plan; it differs by %(area)s m²."
    ),
    "semantic.text_of_one": _(
        "%(object)s: both the plan and %(source)s refer to it by texte. Keep only one of the two references."
    ),
}
