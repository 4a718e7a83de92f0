"""What a broken semantic rule (Konformitätsbedingung) means, per family of checks; part of findings.MESSAGES."""

from collections.abc import Mapping


def _(text: str) -> str:
    """Marks a text for the catalogue of whoever shows it; see findings."""
    return text


SEMANTIC_MESSAGES: Mapping[str, str] = {
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
