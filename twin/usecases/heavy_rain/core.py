"""Rain on terrain, computed by twin.hydro: stages on the way, the outcome at the end. Loaded by the worker alone."""

from collections.abc import Generator, Mapping
from functools import partial
from typing import Any

import numpy as np

from twin.analysis.stage import Stage
from twin.hydro.case import Grid
from twin.hydro.errors import OtherCase
from twin.hydro.layout import inner
from twin.hydro.running import Simulation
from twin.hydro.state import Result, State, unpack
from twin.usecases.heavy_rain import culverts, hydrographs
from twin.usecases.heavy_rain.course import Course
from twin.usecases.heavy_rain.rainfall import Inputs, Outcome

REPORTS = 200  # in a run, equally far apart in simulated time


def compute(inputs: Inputs, saved: Mapping[str, Any] | None) -> Generator[Stage, None, Outcome]:
    """saved: a state to go on from; one that is of no use is left out, and the run begins anew."""
    simulation, course = _beginning(inputs, saved)
    del saved  # of a county it is as large as half of the run itself
    for done, state in simulation.reports(every=inputs.case.duration / REPORTS):
        if course.is_due(done):
            course.look(np.where(inputs.built, np.float32(0), inner(state.h)), done)
        yield Stage(done, partial(_packed, state, course))
    result = simulation.result(last=True)
    del simulation, state
    return outcome_of(result, course, inputs)


def _packed(state: State, course: Course) -> dict[str, Any]:
    return {**state.pack(), **course.pack()}


def _beginning(inputs: Inputs, saved: Mapping[str, Any] | None) -> tuple[Simulation, Course]:
    sections, course = [faces for _name, faces in inputs.sections], Course.of(*inputs.built.shape)
    if saved is not None and course.unpack(saved):
        try:
            return Simulation(inputs.case, state=unpack(saved), threads=inputs.threads, sections=sections), course  # fmt: skip
        except OtherCase:
            course = Course.of(*inputs.built.shape)
    return Simulation(inputs.case, threads=inputs.threads, sections=sections), course


def outcome_of(result: Result, course: Course, inputs: Inputs) -> Outcome:
    """The result's arrays become the outcome's."""

    def seen(values: Grid) -> Grid:
        values[inputs.built] = np.nan
        return values

    result.arrival[~np.isfinite(result.arrival)] = np.nan
    names = ("rained", "soaked", "left", "volume", "error")
    return Outcome(
        depth=seen(result.peak_depth),
        speed=seen(result.peak_speed),
        flow=seen(result.peak_flow),
        arrival=seen(np.divide(result.arrival, 60, out=result.arrival)),
        balance={name: float(getattr(result.balance, name)) for name in names},
        minutes=result.time / 60,
        steps=result.steps,
        told=inputs.told,
        course=course,
        hydrographs=hydrographs.told((name for name, _faces in inputs.sections), result.series),
        pipes=culverts.passed(inputs.case.pipes, result.piped),
    )
