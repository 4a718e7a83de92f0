"""What a computation gives from time to time. Without Django, for the cores of use cases."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

State = Mapping[str, Any]  # arrays by name, as numpy.savez takes them


class Stage(NamedTuple):
    """done: 0 to 1; pack: a copy of all that is needed to go on from here."""

    done: float
    pack: Callable[[], State]
