"""What a computation gives at its end."""

from collections.abc import Generator
from typing import Any, TypeVar

Outcome = TypeVar("Outcome")


def outcome_of(stages: Generator[Any, None, Outcome]) -> Outcome:
    while True:
        try:
            next(stages)
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome
