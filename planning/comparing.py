"""Two checks held against each other: which findings are new, which are gone, which remain."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from planning.models import Finding, PlanVersion, ValidationRun

_PLACES = frozenset({"line", "column"})  # parameters that move when something else in the file changes
Key = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Comparison:
    """Keys of rows: `new` and `remaining` of the newer check, `gone` of the one before; each in the order of its report."""

    new: list[int]
    gone: list[int]
    remaining: list[int]


def run_before(version: PlanVersion) -> ValidationRun | None:
    """The check of the nearest version before that has one."""
    runs = ValidationRun.objects.filter(plan=version.plan_id, version__number__lt=version.number)
    found: ValidationRun | None = (
        runs.select_related("version").order_by("-version__number", "-created_at").first()
    )
    return found


def compare(now: ValidationRun, before: ValidationRun) -> Comparison:
    """A finding is the same where rule, condition, severity, object and parameters are; its line may have moved.

    Equal findings are counted: of three that were two, one is new.
    """
    then = Counter(key for _, key in _keys(before))
    new, remaining = [], []
    left = then.copy()
    for pk, key in _keys(now):
        if left[key]:
            left[key] -= 1
            remaining.append(pk)
        else:
            new.append(pk)
    gone = []
    for pk, key in _keys(before):
        if left[key]:
            left[key] -= 1
            gone.append(pk)
    return Comparison(new, gone, remaining)


def _keys(run: ValidationRun) -> Iterator[tuple[int, Key]]:
    columns = ("pk", "rule", "condition", "severity", "gml_id", "params")
    for pk, rule, condition, severity, gml_id, params in (
        Finding.objects.filter(run=run).order_by("order").values_list(*columns)
    ):
        lasting = {name: value for name, value in params.items() if name not in _PLACES}
        yield pk, (rule, condition, severity, gml_id, json.dumps(lasting, sort_keys=True))
