"""An example: what keeps a rule and what breaks it."""

from dataclasses import dataclass

from planning.xplanung.schema import VERSIONS
from tests.planning.xplanung.rules.building import Obj

Objects = Obj | tuple[Obj, ...]


@dataclass(frozen=True)
class Example:
    """For all `versions` in which the rule exists. also: rules that this mistake cannot help breaking too."""

    rule: str
    good: tuple[Obj, ...]
    bad: tuple[Obj, ...]
    versions: frozenset[str]
    also: frozenset[str] = frozenset()


def example(
    number: str, *, good: Objects, bad: Objects, versions: str = "4.0-6.1", also: str = ""
) -> Example:
    first, _, last = versions.partition("-")
    span = frozenset(VERSIONS[VERSIONS.index(first) : VERSIONS.index(last or first) + 1])
    return Example(number, _several(good), _several(bad), span, frozenset(also.split()))


def _several(objects: Objects) -> tuple[Obj, ...]:
    return objects if isinstance(objects, tuple) else (objects,)
