"""Plans made of shapely geometries, as XPlanGML, and what the geometry checks say about them."""

import io
from collections.abc import Iterable
from datetime import date

import numpy as np
import shapely
from lxml import etree
from shapely.geometry.base import BaseGeometry

from planning.xplanung.findings import Finding
from planning.xplanung.gml import to_gml
from planning.xplanung.reader import Reader
from planning.xplanung.topology.check import GeometryCheck
from tests.factories import xplanung as samples

EAST, NORTH = 400000.0, 5660000.0
SYSTEM = 'srsName="EPSG:25833"'


def moved(geometry: BaseGeometry) -> BaseGeometry:
    """From around (0, 0) into Saxony."""
    return shapely.transform(geometry, lambda points: points + np.array([EAST, NORTH]))


def gml(geometry: BaseGeometry | str, gml_id: str) -> str:
    """A geometry around (0, 0), or GML as it is."""
    if isinstance(geometry, str):
        return geometry
    return etree.tostring(to_gml(moved(geometry), gml_id=f"{gml_id}_P")).decode()


def plan(geometry: BaseGeometry | str, *, gml_id: str = "PLAN", kind: str = "BP", extra: str = "") -> str:
    area = f"<xplan:raeumlicherGeltungsbereich>{gml(geometry, gml_id)}</xplan:raeumlicherGeltungsbereich>"
    return f'<xplan:{kind}_Plan gml:id="{gml_id}"><xplan:name>{gml_id}</xplan:name>{extra}{area}</xplan:{kind}_Plan>'


def bereich(
    geometry: BaseGeometry | None,
    *,
    gml_id: str = "BEREICH",
    of: str = "PLAN",
    meaning: str = "",
    kind: str = "BP",
) -> str:
    area = f"<xplan:geltungsbereich>{gml(geometry, gml_id)}</xplan:geltungsbereich>" if geometry else ""
    stated = f"<xplan:bedeutung>{meaning}</xplan:bedeutung>" if meaning else ""
    return f'<xplan:{kind}_Bereich gml:id="{gml_id}">{stated}{area}<xplan:gehoertZuPlan xlink:href="#{of}"/></xplan:{kind}_Bereich>'


def thing(
    geometry: BaseGeometry | str,
    gml_id: str,
    *,
    of: str = "BEREICH",
    kind: str = "BP_BaugebietsTeilFlaeche",
    extra: str = "<xplan:flaechenschluss>true</xplan:flaechenschluss>",
) -> str:
    """An object, by default of the Flächenschluss."""
    belongs = f'<xplan:gehoertZuBereich xlink:href="#{of}"/>' if of else ""
    return f'<xplan:{kind} gml:id="{gml_id}">{belongs}<xplan:position>{gml(geometry, gml_id)}</xplan:position>{extra}</xplan:{kind}>'


def things(geometries: Iterable[BaseGeometry]) -> list[str]:
    return [thing(geometry, f"T{number}") for number, geometry in enumerate(geometries)]


def checked(
    *features: str, version: str = "6.0", day: date | None = None, srs: str = "EPSG:25833"
) -> list[Finding]:
    """What the geometry checks find in a document of these features. Every finding can be said."""
    reader = Reader(io.BytesIO(samples.document(version, *features, box=samples.envelope(srs))), srid=25833)
    check = GeometryCheck(version, day=day)
    for batch in reader.batches():
        for record in batch:
            check.add(record)
    findings = check.finish()
    assert all(finding.message for finding in findings)
    assert all(finding.point and finding.line for finding in findings)
    return findings


def rules(findings: Iterable[Finding]) -> list[str]:
    return [finding.rule for finding in findings]
