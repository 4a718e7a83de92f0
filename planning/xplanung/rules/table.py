"""All rules of all versions, in the order of the standard's chapters."""

from planning.xplanung.rules import bp, common, fp, lp, purposes, rp, so
from planning.xplanung.rules.rule import Rule


def _place(rule: Rule) -> tuple[list[int], list[str]]:
    return [int(part) for part in rule.id.split(".")], sorted(rule.versions, reverse=True)


RULES: tuple[Rule, ...] = tuple(
    sorted(
        [*common.RULES, *bp.RULES, *purposes.RULES, *fp.RULES, *so.RULES, *rp.RULES, *lp.RULES], key=_place
    )
)
