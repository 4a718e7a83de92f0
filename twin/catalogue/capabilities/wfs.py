"""WFS 1.1.0 and 2.0.0: each feature type is an entry."""

from dataclasses import replace

from twin.catalogue.capabilities import ows, texts, xml
from twin.catalogue.capabilities.description import Description, Entry, capped
from twin.catalogue.capabilities.xml import Element


def read(root: Element, *, url: str) -> Description:
    found = ows.head(root, kind="WFS", operation="GetFeature", url=url)
    common = _common_formats(root)
    types = xml.children(root, "FeatureTypeList", "FeatureType")
    entries = capped(entry for one in types if (entry := _entry(one, found, common)).name)
    return replace(found, entries=entries)


def _common_formats(root: Element) -> list[str]:
    for operation in xml.children(root, "OperationsMetadata", "Operation"):
        if xml.attribute(operation, "name") == "GetFeature":
            for parameter in xml.children(operation, "Parameter"):
                if xml.attribute(parameter, "name").lower() == "outputformat":
                    return [*xml.texts(parameter, "AllowedValues", "Value"), *xml.texts(parameter, "Value")]
    return []


def _entry(one: Element, found: Description, common: list[str]) -> Entry:
    name = texts.line(xml.text(one, "Name"))
    links = [xml.attribute(link, "href") or xml.text(link) for link in xml.children(one, "MetadataURL")]
    systems = [text for tag in ("DefaultCRS", "DefaultSRS", "OtherCRS", "OtherSRS") for text in xml.texts(one, tag)]  # fmt: skip
    formats = xml.texts(one, "OutputFormats", "Format") or common
    named = xml.child(one, "Name")
    prefix = name.partition(":")[0] if ":" in name else None
    namespace = "" if named is None else texts.line(named.nsmap.get(prefix, ""))
    return Entry(
        name=name,
        title=texts.line(xml.text(one, "Title")) or name,
        abstract=texts.prose(xml.text(one, "Abstract")),
        keywords=texts.words(xml.texts(one, "Keywords", "Keyword")),
        extent=ows.extent(one),
        metadata=tuple(filter(None, map(texts.web, links))),
        service={
            "type": "WFS",
            "url": found.url,
            "layer": name,
            "version": found.version,
            "crs": list(texts.systems(systems)),
            "formats": list(texts.words(formats)),
            "namespace": namespace,
        },
    )
