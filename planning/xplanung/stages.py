"""The stages of a validation, in their order, and which rules belong to which."""

from collections.abc import Mapping
from functools import cache
from typing import Literal, get_args

Stage = Literal["safety", "structure", "references", "semantics", "geometry", "documents"]
STAGES: tuple[Stage, ...] = get_args(Stage)
# How the names of a stage's rules begin.
PREFIXES: Mapping[Stage, tuple[str, ...]] = {
    "safety": ("file.", "archive.", "xml."),
    "structure": ("xplan.", "structure."),
    "references": ("reference.",),
    "semantics": ("semantic.", "plan.no_name", "plan.ags"),
    "geometry": ("crs.", "geometry.", "topology.", "plan.no_area", "plan.outside"),
    "documents": ("document.",),
}


@cache
def stage_of(rule: str) -> Stage:
    """The stage of a rule; what no prefix names stopped the file from being used at all."""
    return next((stage for stage in STAGES if rule.startswith(PREFIXES[stage])), "safety")
