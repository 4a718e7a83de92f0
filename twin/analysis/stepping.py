"""Water that rises from step to step, as a slider shows it: legend, areas, and the table of all steps."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from tenants import tables
from twin.analysis.usecase import Legend, classes
from twin.hydro.classes import RIVER_COLOURS, RIVER_DEPTHS

HECTARE = 10_000.0  # m2
WET = 0.001  # m; where the lowest class begins in a raster of depths, so that what is dry has no colour


def depths() -> Legend:
    lowest, *others = classes(RIVER_DEPTHS, RIVER_COLOURS, unit="m")
    return ((WET, *lowest[1:]), *others)


def depth_words() -> list[str]:
    return [str(words) for _low, _colour, words in depths()]


def by_class(flooded: Sequence[float]) -> list[dict[str, Any]]:
    """flooded: ha that are at least as deep under water as each class of `depths` says."""
    ends = [*flooded[1:], 0.0]
    return [{"words": words, "area": round(least - more, 2)} for words, least, more in zip(depth_words(), flooded, ends, strict=True)]  # fmt: skip


def under_water(words: str, hectares: float) -> str:
    """What is said of a step, with how much of the ground it floods."""
    area = _("%s ha under water") % number_format(round(hectares, 1), 1, force_grouping=True)
    return f"{words} · {area}" if words else area


def depth_heads() -> list[str]:
    return [_("%s deep, in ha") % words for words in depth_words()]


def write(target: Any, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """As a table for spreadsheets, with decimal commas as German ones expect."""
    tables.write_csv(
        target, list(heads), (dict(zip(heads, map(tables.said, row), strict=True)) for row in rows)
    )
