"""Counts slowly; a computation that knows no framework."""

import time
from collections.abc import Generator, Mapping
from typing import Any, NamedTuple

import numpy as np


class Stage(NamedTuple):
    done: float
    pack: Any


class Inputs(NamedTuple):
    steps: int
    pause: float
    heights: float


def compute(inputs: Inputs, saved: Mapping[str, Any] | None) -> Generator[Stage, None, dict[str, int]]:
    began = int(saved["done"]) if saved is not None else 0
    for number in range(began, inputs.steps):
        time.sleep(inputs.pause)
        yield Stage((number + 1) / inputs.steps, lambda: {"done": np.array(number + 1)})  # noqa: B023 - packed at once
    return {"began": began, "counted": inputs.steps}
