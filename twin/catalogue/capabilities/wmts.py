"""WMTS 1.0.0: each layer is an entry, with the tile matrix sets that it comes in."""

from dataclasses import replace

from twin.catalogue.capabilities import ows, texts, xml
from twin.catalogue.capabilities.description import Description, Entry, capped
from twin.catalogue.capabilities.xml import Element


def read(root: Element, *, url: str) -> Description:
    found = ows.head(root, kind="WMTS", operation="GetTile", url=url)
    systems = {
        xml.text(one, "Identifier"): texts.system(xml.text(one, "SupportedCRS"))
        for one in xml.children(root, "Contents", "TileMatrixSet")
    }
    layers = xml.children(root, "Contents", "Layer")
    entries = capped(entry for one in layers if (entry := _entry(one, found, systems)).name)
    return replace(found, entries=entries)


def _entry(one: Element, found: Description, systems: dict[str, str]) -> Entry:
    name = texts.line(xml.text(one, "Identifier"))
    sets = {key: systems.get(key, "") for key in xml.texts(one, "TileMatrixSetLink", "TileMatrixSet")}
    styles = list(xml.children(one, "Style"))
    default = next((style for style in styles if xml.attribute(style, "isDefault") == "true"), None)
    chosen = default if default is not None else next(iter(styles), None)
    templates = (
        xml.attribute(link, "template")
        for link in xml.children(one, "ResourceURL")
        if xml.attribute(link, "resourceType") == "tile"
    )
    return Entry(
        name=name,
        title=texts.line(xml.text(one, "Title")) or name,
        abstract=texts.prose(xml.text(one, "Abstract")),
        keywords=texts.words(xml.texts(one, "Keywords", "Keyword")),
        extent=ows.extent(one),
        service={
            "type": "WMTS",
            "url": found.url,
            "layer": name,
            "version": found.version or "1.0.0",
            "crs": list(texts.systems(sets.values())),
            "formats": list(texts.words(xml.texts(one, "Format"))),
            "matrix_sets": sets,
            "style": texts.line(xml.text(chosen, "Identifier")),
            "template": texts.line(next(templates, ""), 1000),
        },
    )
