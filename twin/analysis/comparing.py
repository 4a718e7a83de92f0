"""Two runs of one use case side by side: numbers with their differences, what was asked otherwise, a picture of the difference."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image

from tenants import files
from tenants.models import PrivateFile
from twin.analysis import painting, presenting, registry, signs
from twin.analysis.models import Run
from twin.analysis.usecase import Fact

SIGNS = {1: "+", -1: "−"}
MOST = 1200  # pixels of the picture's longer side
LEAST = 800  # of one on which something is marked
Files = Mapping[int, PrivateFile]


def numbers(first: Run, second: Run) -> list[tuple[str, str, str, str]]:
    """Name, value of each, difference; none of people of whom one run tells only that they are few."""
    use_case = registry.find(first.use_case)
    found = []
    for name, fact in use_case.facts.items() if use_case else ():
        if name in first.summary and name in second.summary:
            before, after = first.summary[name], second.summary[name]
            said = tuple(presenting.number(value, fact.digits, fact.unit) for value in (before, after))
            apart = None if None in (before, after) else after - before
            difference = "–" if apart is None else _change(apart, fact)
            found.append((str(fact.title), said[0], said[1], difference))
    return found


def _change(apart: float, fact: Fact) -> str:
    """With its sign, as in the legend of the map; what is no difference in these digits has none."""
    said = presenting.number(abs(apart), fact.digits, fact.unit)
    same = said == presenting.number(0.0, fact.digits, fact.unit)
    return said if same else f"{SIGNS[1 if apart > 0 else -1]} {said}"


def otherwise(first: Run, second: Run) -> list[tuple[str, Any, Any]]:
    """What was asked of one and not of the other, or with another value."""
    before, after = dict(presenting.asked(first)), dict(presenting.asked(second))
    names = [*before, *(name for name in after if name not in before)]
    return [
        (name, before.get(name, "–"), after.get(name, "–"))
        for name in names
        if before.get(name) != after.get(name)
    ]


def comparable(first: Run, second: Run) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The first raster of both with a legend, where their cells are the same; not one of steps, which has no values."""
    pair = [
        next((each for each in run.outputs if each.get("legend") and not each.get("steps")), None)
        for run in (first, second)
    ]
    if pair[0] is None or pair[1] is None or pair[0]["grid"] != pair[1]["grid"]:
        return None
    return pair[0], pair[1]


def legend(output: Mapping[str, Any]) -> list[signs.Sign]:
    """From the greatest loss to the greatest gain."""
    ends = [low for low, _colour, _words in output["legend"]]
    unit = output["unit"]
    upper = dict(pairwise(sorted(end for end in ends if end > 0)))
    return [
        (colour, f"{SIGNS[way]} {_span(end, upper.get(end), unit)}", (signs.FULL,))
        for end, colour, way in painting.changes(ends)
    ]


def _span(low: float, high: float | None, unit: str) -> str:
    if high is None:
        return _("%s and more") % presenting.number(low, None, unit)
    return f"{presenting.number(low, None, '')}–{presenting.number(high, None, unit)}"


def built(first: Run, second: Run) -> Run:
    """The one whose measures the map of the difference shows: the second, where anything was drawn into its question."""
    return second if presenting.marked(second) else first


Marks = Sequence[Mapping[str, Any]]


def picture(pair: tuple[dict[str, Any], dict[str, Any]], before: Files, after: Files, *, marks: Marks) -> Image.Image:  # fmt: skip
    """pair: see comparable; before, after: the files of both runs by their keys; marks: drawn over it, for which few cells are drawn large."""
    ends = [low for low, _colour, _words in pair[0]["legend"]]
    first, second = before[pair[0]["file"]], after[pair[1]["file"]]
    drawn = painting.difference(files.path_of(first), files.path_of(second), ends=ends, most=MOST)
    if marks:
        times = max(1, LEAST // max(drawn.size))
        drawn = drawn.resize((times * drawn.width, times * drawn.height), Image.Resampling.NEAREST)
        painting.mark(drawn, marks, grid=pair[0]["grid"])
    return drawn
