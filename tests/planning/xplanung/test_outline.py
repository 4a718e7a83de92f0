"""Outline, facts and a picture make XPlanGML 6.0 without an error, for every code that the form offers."""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import shapely

from planning.xplanung.outline import BAUNVO, KINDS, OutlinePlan, Reference, codes, write
from planning.xplanung.plans import as_list
from planning.xplanung.reader import Reader
from planning.xplanung.validation import validate

SQUARE: Any = shapely.box(385_000, 5_668_000, 385_100, 5_668_100)
FRAME: Any = shapely.box(385_200, 5_668_000, 385_300, 5_668_100).difference(shapely.box(385_220, 5_668_020, 385_240, 5_668_040))  # fmt: skip


def cases() -> Iterator[tuple[str, str, str, str]]:
    """Kind, Planart, Rechtsstand, Verfahren; any two codes meet."""
    for kind in KINDS:
        procedures = ("", *codes(kind, "verfahren"))
        for first, form in enumerate(codes(kind, "planArt")):
            for second, status in enumerate(codes(kind, "rechtsstand")):
                yield kind, form, status, procedures[(first + second) % len(procedures)]


def old_plan(area: Any = SQUARE, **fields: Any) -> OutlinePlan:
    values: dict[str, Any] = {
        "kind": "BP",
        "name": "Am Weinberg & <Süd>",
        "number": "7/94",
        "ags": "14627140",
        "municipality": "Meißen",
        "form": "1000",
        "status": "4000",
        "procedure": "1000",
        "in_force": date(1994, 5, 2),
        "baunvo": BAUNVO[4],
        "area": shapely.set_srid(area, 25833),
        "picture": Reference("plan.tif", "image/tiff", "Planbild"),
        "papers": ((Reference("scan.pdf", "application/pdf", "Scan"), "1030"),),
    }
    return OutlinePlan(**{**values, **fields})


def findings(plan: OutlinePlan) -> list[tuple[str, str]]:
    report = validate(io.BytesIO(write(plan)), srid=25833)
    assert report.structure_valid
    return [(each.rule, each.severity) for each in report.findings]


@pytest.mark.parametrize(("kind", "form", "status", "procedure"), list(cases()))
def test_every_code_of_the_form_makes_a_valid_plan(kind: str, form: str, status: str, procedure: str) -> None:
    assert findings(old_plan(kind=kind, form=form, status=status, procedure=procedure)) == []


@pytest.mark.parametrize("missing", ["number", "procedure", "in_force", "baunvo", "papers"])
def test_what_nobody_knows_is_left_out(missing: str) -> None:
    empty: Any = {"papers": (), "in_force": None, "baunvo": None}.get(missing, "")
    assert findings(old_plan(**{missing: empty})) == []


def test_several_parts_and_holes_stay() -> None:
    both = shapely.MultiPolygon([SQUARE, FRAME])
    assert findings(old_plan(both)) == []
    reader = Reader(io.BytesIO(write(old_plan(both))), srid=25833)
    plan, bereich = [record for batch in reader.batches() for record in batch]
    for record, name in ((plan, "raeumlicherGeltungsbereich"), (bereich, "geltungsbereich")):
        assert shapely.equals(record.geometries[name], both)
    (scan,) = as_list(bereich.properties["refScan"])
    assert (scan["referenzURL"], scan["art"]) == ("plan.tif", "PlanMitGeoreferenz")
    assert plan.properties["name"] == "Am Weinberg & <Süd>"
    assert plan.properties["versionBauNVO"]["datum"] == "1990-01-23"
