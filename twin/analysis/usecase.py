"""A use case: what its folder says of itself. The registry finds it, one task computes it, one set of pages serves it."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.utils.functional import Promise

from planning.models import Plan
from twin.analysis.forms import Question, RunForm
from twin.analysis.inputs import Offer
from twin.analysis.models import Run
from twin.analysis.stage import Stage, State

Words = Promise | str
Legend = tuple[tuple[float, str, str], ...]  # (lower end, colour "#rrggbb", words), from low to high
# (inputs, state to go on from) -> stages, and the result at the end
Compute = Callable[[Any, State | None], Generator[Stage, None, Any]]


@dataclass(frozen=True)
class Estimate:
    """What a run will need: cells, bytes, seconds. notes: what is to be known of the data; doubts: what is to be known before it is asked."""

    cells: int
    memory: float
    seconds: float
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fact:
    """How a value of the summary is said. digits: behind the comma, None: as it stands."""

    title: Words
    unit: str = ""
    digits: int | None = 0


@dataclass(frozen=True)
class Step:
    """One of the steps that the map shows of a raster, with what is said of it. value: what a link may name it by, such as cm at a gauge.
    asked: it is shown first."""

    title: Words
    words: Words = ""
    value: float | None = None
    asked: bool = False


@dataclass(frozen=True)
class Output:
    """A file of a run, in the folder given. legend: of what the map shows: of a raster (a Cloud Optimized GeoTIFF in the twin's system) its
    classes; of features (GeoJSON in the twin's system, each with its `colour`) the colours, with ends that say nothing.

    steps: the raster holds what rises from step to step: a uint8 band for each class of the legend, from low to high, with the number of
    the first step, from 1 on, at which a cell has reached the class; 0: at none. frames: it holds a uint8 band for each step instead, with
    the number of the class from 1 on, 0: none; the map can play them."""

    name: str
    path: Path
    content_type: str
    unit: str = ""
    legend: Legend = ()
    steps: tuple[Step, ...] = ()
    frames: bool = False


def classes(ends: Sequence[float], colours: Sequence[str], *, unit: str, times: float = 1) -> Legend:
    """A legend of classes up to the next end, the last one open: "5–10 cm", "> 100 cm". times: what an end is said in, such as 100 for cm."""
    said = [f"{times * end:g}".replace(".", ",") for end in ends]
    words = [*(f"{low}–{high} {unit}" for low, high in pairwise(said)), f"> {said[-1]} {unit}"]
    return tuple(zip(ends, colours, words, strict=True))


@dataclass(frozen=True)
class Answer:
    """summary: {name: value}, ready for JSON; `facts` of the use case say numbers in words, its template the rest."""

    summary: Mapping[str, Any]
    outputs: tuple[Output, ...] = ()


@dataclass(frozen=True)
class Source:
    """Whose method or data a result rests on."""

    title: str
    url: str = ""


@dataclass(frozen=True)
class UseCase:
    """title, question: what it is called and what it answers. version: changes with whatever changes a result; engine: of what computes.

    expect: what a question will need; raises RunRefused with a proposal where it can't be answered.
    load: reads what is needed; raises RunRefused. compute: "module:function" (see Compute), loaded by the worker alone: it may need a compiler.
    save: writes the files of a result into a folder. facts, files: what values of the summary and files are called.
    template: what a result's page and report show, besides. types: media types of files that are no rasters.
    asking: template of what the form shows below its other fields, for those of `WITH_MAP` that are the use case's own.
    at_import: what is asked by itself when a plan was imported, as parameters; None: nothing.
    """

    slug: str
    title: Words
    question: Words
    version: str
    engine: str
    form: type[RunForm]
    expect: Callable[[Question], Estimate]
    load: Callable[[Run], Any]
    compute: str
    save: Callable[[Run, Any, Path], Answer]
    method: Words
    sources: tuple[Source, ...]
    limits: tuple[Words, ...]
    template: str = ""
    asking: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    files: Mapping[str, Words] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    at_import: Callable[[Offer, Plan], Mapping[str, Any] | None] | None = None
