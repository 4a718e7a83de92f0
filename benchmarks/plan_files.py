"""Plan files of a wanted size for benchmarks and tests: a new quarter, plot by plot, in XPlanGML 6.0.

.venv/bin/python -m benchmarks.plan_files PLOTS [VERTICES] > plan.gml
"""

import argparse
import math
import sys
from collections.abc import Iterator

from shapely import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from twin.demo.plans.gml import Feature, Measure, Ref, Struct, Value, write

EAST, NORTH, PLOT = 385_000.0, 5_668_000.0, 30.0  # lower left corner of the quarter; side of a plot, metres
OBJECTS_PER_PLOT = 5
VERTICES = 60  # of an outline, as a surveyed one has


def quarter(plots: int, *, vertices: int = VERTICES) -> bytes:
    """A Bebauungsplan of `plots` plots: five objects for each, beside the plan and its Bereich."""
    side = math.ceil(math.sqrt(plots))
    scope = box(EAST, NORTH, EAST + side * PLOT, NORTH + math.ceil(plots / side) * PLOT)
    content = [
        feature
        for number in range(plots)
        for feature in _plot(number, EAST + number % side * PLOT, NORTH + number // side * PLOT, vertices)
    ]
    return write([_plan(scope), _section(scope), *content], name=f"quarter-{plots}")


def _plan(scope: Polygon) -> Feature:
    town = Struct("XP_Gemeinde", {"ags": "14627140", "gemeindeName": "Meißen"})
    properties: dict[str, Value] = {
        "name": "Neues Viertel",
        "nummer": "1",
        "raeumlicherGeltungsbereich": scope,
        "gemeinde": town,
        "planArt": 1000,
        "rechtsstand": 3000,
        "bereich": Ref("bereich"),
    }
    return Feature("plan", "BP_Plan", geometry=scope, properties=properties)


def _section(scope: Polygon) -> Feature:
    properties: dict[str, Value] = {"nummer": 0, "geltungsbereich": scope, "gehoertZuPlan": Ref("plan")}
    return Feature("bereich", "BP_Bereich", geometry=scope, properties=properties)


def _plot(number: int, east: float, north: float, vertices: int) -> Iterator[Feature]:
    outline, window = (_outline(east, north, setback, vertices) for setback in (0.0, 6.0))
    use: dict[str, Value] = {
        "MaxZahlWohnungen": 2,
        "GFZ": 0.8,
        "GRZ": 0.4,
        "Z": 2,
        "besondereArtDerBaulNutzung": 1200,
        "bauweise": 1000,
    }
    line = LineString(window.exterior)
    tree: dict[str, Value] = {
        "massnahme": 2000,
        "gegenstand": 1000,
        "kronendurchmesser": Measure(8, "m"),
        "pflanzenArt": "Winter-Linde",
        "anzahl": 1,
    }
    yield _object(f"{number}-area", "BP_BaugebietsTeilFlaeche", outline, use, closes=True)
    yield _object(
        f"{number}-window",
        "BP_UeberbaubareGrundstuecksFlaeche",
        window,
        {"baugrenze": Ref(f"{number}-line")},
        closes=False,
    )
    yield _object(f"{number}-line", "BP_BauGrenze", line, {})
    for at in (2.0, 4.0):
        place = Point(east + at, north + at)
        yield _object(f"{number}-tree-{at:.0f}", "BP_AnpflanzungBindungErhaltung", place, tree)


def _object(
    key: str, kind: str, shape: BaseGeometry, properties: dict[str, Value], *, closes: bool | None = None
) -> Feature:
    common: dict[str, Value] = {"ebene": 0, "gehoertZuBereich": Ref("bereich"), "rechtscharakter": 1000}
    return Feature(key, kind, geometry=shape, closes=closes, properties=common | properties)


def _outline(east: float, north: float, setback: float, vertices: int) -> Polygon:
    """The plot's square, drawn with points on its sides."""
    square = box(east + setback, north + setback, east + PLOT - setback, north + PLOT - setback)
    return Polygon(square.exterior.segmentize(square.exterior.length / vertices))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("plots", type=int)
    parser.add_argument("vertices", type=int, nargs="?", default=VERTICES)
    options = parser.parse_args()
    sys.stdout.buffer.write(quarter(options.plots, vertices=options.vertices))


if __name__ == "__main__":
    main()
