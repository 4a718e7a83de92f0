"""Small XPlanGML documents written for the tests, one body for every version of the standard."""

VERSIONS = ("4.0", "4.1", "5.0", "5.1", "5.2", "5.3", "5.4", "6.0", "6.1")
XSD_VERSIONS = VERSIONS[:-1]  # no XSD of 6.1 is published where the tests could read it
SQUARE = "400000 5660000 400100 5660000 400100 5660100 400000 5660100 400000 5660000"


def polygon(coordinates: str, *, gml_id: str, srs: str = "EPSG:25833") -> str:
    return (
        f'<gml:Polygon srsName="{srs}" gml:id="{gml_id}"><gml:exterior><gml:LinearRing>'
        f"<gml:posList>{coordinates}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
    )


def envelope(srs: str = "EPSG:25833") -> str:
    return (
        f'<gml:boundedBy><gml:Envelope srsName="{srs}"><gml:lowerCorner>400000 5660000</gml:lowerCorner>'
        "<gml:upperCorner>400100 5660100</gml:upperCorner></gml:Envelope></gml:boundedBy>"
    )


def plan(
    version: str, *, gml_id: str = "PLAN_1", coordinates: str = SQUARE, name: str = "Am Weinberg"
) -> str:
    """A BP_Plan with one Bereich `<gml_id>_B`."""
    outline = polygon(coordinates, gml_id=f"{gml_id}_P")
    gemeinde = "<xplan:gemeinde><xplan:XP_Gemeinde><xplan:ags>14627140</xplan:ags><xplan:gemeindeName>Meißen</xplan:gemeindeName></xplan:XP_Gemeinde></xplan:gemeinde>"
    return (
        f'<xplan:BP_Plan gml:id="{gml_id}">{envelope()}<xplan:name>{name}</xplan:name><xplan:nummer>7/26</xplan:nummer>'
        f"<xplan:raeumlicherGeltungsbereich>{outline}</xplan:raeumlicherGeltungsbereich>"
        f"{gemeinde}<xplan:planArt>1000</xplan:planArt><xplan:rechtsstand>3000</xplan:rechtsstand>"
        f'<xplan:auslegungsStartDatum>2026-11-02</xplan:auslegungsStartDatum><xplan:bereich xlink:href="#{gml_id}_B"/></xplan:BP_Plan>'
    )


def bereich(version: str, *, gml_id: str = "PLAN_1_B", plan_id: str = "PLAN_1") -> str:
    outline = polygon(SQUARE, gml_id=f"{gml_id}_P")
    return (
        f'<xplan:BP_Bereich gml:id="{gml_id}">{envelope()}<xplan:nummer>0</xplan:nummer>'
        f'<xplan:geltungsbereich>{outline}</xplan:geltungsbereich><xplan:gehoertZuPlan xlink:href="#{plan_id}"/></xplan:BP_Bereich>'
    )


def area(
    version: str, *, gml_id: str = "BT_1", geometry: str = "", bereich_id: str = "PLAN_1_B", extra: str = ""
) -> str:
    """A BP_BaugebietsTeilFlaeche; `geometry` is any GML."""
    geometry = geometry or polygon(SQUARE, gml_id=f"{gml_id}_P")
    belongs = f'<xplan:gehoertZuBereich xlink:href="#{bereich_id}"/>' if version >= "4.1" else ""
    belongs = f'<xplan:gehoertZuBP_Bereich xlink:href="#{bereich_id}"/>' if version == "4.1" else belongs
    character = "<xplan:rechtscharakter>1000</xplan:rechtscharakter>" if version >= "5.0" else ""
    flush = "<xplan:flaechenschluss>true</xplan:flaechenschluss>"
    body = f"<xplan:position>{geometry}</xplan:position>{flush}"
    return f'<xplan:BP_BaugebietsTeilFlaeche gml:id="{gml_id}">{belongs}{character}{body}{extra}</xplan:BP_BaugebietsTeilFlaeche>'


def document(
    version: str, *features: str, box: str | None = None, member: str = "gml:featureMember"
) -> bytes:
    """An XPlanAuszug of the given features."""
    namespace = "http://www.xplanung.de/xplangml/" + version.replace(".", "/")
    members = "\n".join(f"  <{member}>{feature}</{member}>" for feature in features)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<xplan:XPlanAuszug xmlns:xplan="{namespace}" xmlns:gml="http://www.opengis.net/gml/3.2" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" gml:id="DOC_1">\n  {envelope() if box is None else box}\n{members}\n</xplan:XPlanAuszug>\n'
    ).encode()


def simple_plan(version: str, *more: str) -> bytes:
    """One plan, one Bereich, one area, and what else is given."""
    return document(version, plan(version), bereich(version), area(version), *more)
