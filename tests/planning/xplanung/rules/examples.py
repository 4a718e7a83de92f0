"""All examples."""

from tests.planning.xplanung.rules import examples_bp, examples_common, examples_other, examples_purposes
from tests.planning.xplanung.rules.example import Example

EXAMPLES: tuple[Example, ...] = (
    *examples_common.EXAMPLES,
    *examples_bp.EXAMPLES,
    *examples_purposes.EXAMPLES,
    *examples_other.EXAMPLES,
)
