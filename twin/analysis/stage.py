"""What a computation gives from time to time. Without Django, for the cores of use cases."""

from collections.abc import Callable, Generator, Mapping
from typing import Any, NamedTuple, TypeVar

Answer = TypeVar("Answer")
State = Mapping[str, Any]  # arrays by name, as numpy.savez takes them


class Stage(NamedTuple):
    """done: 0 to 1; pack: all that is needed to go on from here, to be written before the next stage is asked for."""

    done: float
    pack: Callable[[], State]


def part(work: Generator[float, None, Answer], *, end: float) -> Generator[Stage, None, Answer]:
    """The beginning of a computation that nothing is kept of: it gives shares of itself, and is over when `end` of all is done."""
    while True:
        try:
            done = next(work)
        except StopIteration as over:
            answer: Answer = over.value
            return answer
        yield Stage(end * done, dict)
