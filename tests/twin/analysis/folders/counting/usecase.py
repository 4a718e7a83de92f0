"""A use case that counts, for tests: a folder beside the others."""

from pathlib import Path
from typing import Any

from django import forms

from twin.analysis import inputs
from twin.analysis.errors import RunRefused
from twin.analysis.forms import DatasetField, Question, RunForm
from twin.analysis.models import Run
from twin.analysis.usecase import Answer, Estimate, Output, Source, UseCase
from twin.catalogue import rastering

from .core import Inputs

MOST = 1000


class CountingForm(RunForm):
    steps = forms.IntegerField(label="Steps", min_value=1)
    pause = forms.FloatField(label="Pause", required=False)
    elevation = DatasetField("raster", label="Elevation", required=False)


def expect(question: Question) -> Estimate:
    steps = question.values["steps"]
    if steps > MOST:
        raise RunRefused(f"Höchstens {MOST} Schritte, nicht {steps}.")
    return Estimate(steps, steps * 8, steps * (question.values["pause"] or 0.0))


def load(run: Run) -> Inputs:
    with inputs.reading(run):
        version = inputs.version_of(run, "elevation")
        size = rastering.path_of(version).stat().st_size if version else 0
    return Inputs(run.parameters["steps"], run.parameters.get("pause", 0.0), size)


def save(run: Run, result: Any, folder: Path) -> Answer:
    path = folder / "zahl.txt"
    path.write_text(str(result["counted"]))
    return Answer(result, (Output("number", path, "text/plain"),))


USE_CASE = UseCase(
    slug="counting",
    title="Steps",
    question="Steps",
    version="1",
    engine="1",
    form=CountingForm,
    expect=expect,
    load=load,
    compute="twin.usecases.counting.core:compute",
    save=save,
    method="Steps",
    sources=(Source("A. Ries: Rechenung auff der linihen, 1518"),),
    limits=("Steps",),
    files={"number": "Number"},
)
