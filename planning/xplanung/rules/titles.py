"""What a rule demands, in a line, per family of checks. Names of the standard fill the gaps."""

from collections.abc import Mapping


def _(text: str) -> str:
    """Marks a text for the catalogue of whoever shows it; see findings."""
    return text


TITLES: Mapping[str, str] = {
    # Properties of one object
    "requires": _("%(name)s only together with %(others)s"),
    "requires_any": _("%(name)s only together with one of %(others)s"),
    "needs": _("%(name)s must be given"),
    "needs_any": _("At least one of %(names)s must be given"),
    "needs_one": _("Exactly one of %(names)s must be given"),
    "excludes": _("Not at the same time: %(names)s and %(others)s"),
    "together": _("All or none of %(names)s"),
    "combinations": _("Allowed combinations: %(allowed)s"),
    "only_with": _("%(name)s only where %(other)s is %(codes)s"),
    "only_with_or_none": _("%(name)s only where %(other)s is %(codes)s or missing"),
    "code_requires": _("Where %(name)s is %(code)s, %(then)s must be given"),
    "code_excludes": _("Where %(name)s is %(code)s, none of %(others)s may be given"),
    "fits": _("%(name)s and %(other)s must fit together: %(groups)s"),
    "same_group": _("All values of %(name)s must belong to the same kind of Sondergebiet"),
    "not_blank": _("%(name)s may not be empty"),
    "as_often": _("If %(name)s repeats, %(other)s as often"),
    "not_more_often": _("%(name)s not more often than %(other)s"),
    "requires_once": _("%(name)s only together with exactly one %(other)s"),
    # Geometry and Flächenschluss
    "geometry_area": _("Only areas as geometry"),
    "geometry_line": _("Only lines as geometry"),
    "geometry_point": _("Only points as geometry"),
    "geometry_no_area": _("No area as geometry"),
    "geometry_no_line": _("No line as geometry"),
    "geometry_mixed": _("No mixture of points, lines and areas as geometry"),
    "closure_true_base": _("On ebene 0, flaechenschluss must be true"),
    "closure_false_other": _("On another ebene than 0, flaechenschluss must be false"),
    "closure_false_any": _("flaechenschluss must be false"),
    "closure_area_true_zero": _("As an area on ebene 0, flaechenschluss must be true"),
    "closure_area_false_other": _("As an area on another ebene than 0, flaechenschluss must be false"),
    "closure_area_false_any": _("As an area, flaechenschluss must be false"),
    "closure_stated": _("As an area, flaechenschluss must be given"),
    # Heights and dimensions
    "heights": _("Which of h, hMin, hMax, hZwingend may stand together"),
    "height_mark": _("Exactly one hoehenangabe, with h and without %(others)s"),
    "height_mark_once": _("Exactly one hoehenangabe"),
    "dimension_line": _("A distance (typ 1000) is one straight line of two points"),
    "dimension_arc": _("An angle (typ 2000) is one circular arc"),
    # Numbered properties of XPlanGML 4
    "numbered": _("In order and without gaps: %(names)s"),
    "numbered_once": _("In order and without gaps, no further one beside a repeated first: %(names)s"),
    "not_both_ways": _("Where %(name)s repeats, none of %(others)s may be given"),
    "detailed": _("%(name)s only with %(others)s, numbered details only with what they detail"),
    "detailed_as_often": _("%(name)s exactly as often as %(others)s, numbered details only with what they detail"),
    "special_fits": _("%(name)s must be a special case of %(other)s"),
    "special_fits_as_often": _("%(name)s must be a special case of %(other)s, and as often"),
    # Any object
    "units": _("Units of measures as the standard names them"),
    "dates": _("Dates without time zone"),
    "stated_type": _("No xsi:type"),
    "one_system": _("One stated coordinate reference system for the whole file"),
    "stated_system": _("A stated coordinate reference system for each geometry"),
    # Several objects
    "refers_to": _("%(name)s refers only to %(types)s"),
    "belongs_to": _("gehoertZuPlan refers to exactly one %(plan)s, and that by bereich back"),
    "refers_back": _("What %(name)s refers to refers back by %(back)s"),
    "refers_back_once": _("What %(name)s refers to refers back by %(back)s, exactly once"),
    "plan_states": _("Where %(name)s is %(code)s, the plan must state %(needed)s"),
    "plan_has": _("Only in a plan with %(name)s %(code)s"),
    "only_in": _("%(name)s only in a %(plan)s"),
    "same_as_plan": _("Where %(name)s is %(code)s, position is the Geltungsbereich of the plan"),
    "text_of_one": _("A text belongs to the plan or to a Bereich, not to both"),
    # Numbers that nothing checks
    "no_such_type": _("Nothing to check: this version has no %(type)s"),
    "no_such_property": _("Nothing to check: %(type)s has no %(name)s in this version"),
    "no_objects": _("Nothing to check: no object type of this version is a %(type)s"),
    "unknowable": _("The geometry must be of the kind that the real thing has: no program can know"),
}  # fmt: skip
