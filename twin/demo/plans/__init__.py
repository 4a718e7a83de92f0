"""The demo's own plans in XPlanGML 6.0, generated: the same bytes in every run, so that a second import finds them known."""
