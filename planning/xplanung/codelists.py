"""Code lists: the entries that the standard publishes, and those that a plan uses. Most lists are empty there; each state fills its own."""

from collections.abc import Iterator, Mapping

from planning.xplanung import attributes
from planning.xplanung.attributes import Json
from planning.xplanung.plans import as_list
from planning.xplanung.schema import FeatureType, Schema

# Source: code lists of XPlanGML 4.1, the last delivered with entries; 5.0 and later name the lists alone. Labels are ours.
PUBLISHED: Mapping[str, Mapping[str, str]] = {
    "XP_MimeTypes": {
        "application/pdf": "PDF",
        "application/zip": "ZIP-Archiv",
        "application/xml": "XML",
        "application/msexcel": "Excel-Tabelle",
        "application/msword": "Word-Dokument",
        "application/odt": "OpenDocument-Text",
        "application/vnd.ogc.gml": "GML",
        "application/vnd.ogc.sld+xml": "SLD (Darstellungsregeln)",
        "application/vnd.ogc.wms_xml": "WMS (Kartendienst)",
        "image/ecw": "ECW-Bild",
        "image/jpg": "JPEG-Bild",
        "image/png": "PNG-Bild",
        "image/svg+xml": "SVG-Grafik",
        "image/tiff": "TIFF-Bild",
        "text/html": "HTML-Seite",
        "text/plain": "Text",
    },
    "XP_ExterneReferenzArt": {
        "Dokument": "Dokument",
        "PlanMitGeoreferenz": "Georeferenzierter Plan",
    },
    "SO_SonstRechtscharakter": {
        "DarstellungFPlan": "Darstellung im Flächennutzungsplan",
        "FestsetzungBPlan": "Festsetzung im Bebauungsplan",
    },
}


def used(kind: FeatureType, properties: Mapping[str, Json], schema: Schema) -> Iterator[tuple[str, str]]:
    """(code list, code) of everything that an object states, also inside its data types."""
    for name, value in properties.items():
        item = kind.by_name.get(name)
        for one in as_list(value) if item else ():
            if item and item.codelist and (code := attributes.shown(item, one)):
                yield item.codelist, code
            inner = attributes.type_of(item, one, schema) if item and item.kind == "data" else None
            if inner and isinstance(one, Mapping):
                yield from used(inner, one, schema)
