"""WMS 1.1.1 and 1.3.0: each layer with a name is an entry; what it inherits from those around it is its own here."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from twin.catalogue.capabilities import addresses, licences, texts, xml
from twin.catalogue.capabilities.description import Contact, Description, Entry, Extent, capped
from twin.catalogue.capabilities.xml import Element

_HTTP = ("DCPType", "HTTP", "Get", "OnlineResource")


@dataclass(frozen=True)
class _Around:
    """What a layer takes over from those that hold it."""

    group: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    extent: Extent | None = None
    attribution: str = ""
    queryable: bool = False


def read(root: Element, *, url: str) -> Description:
    service, ask = xml.child(root, "Service"), xml.child(root, "Capability", "Request")
    own = addresses.service(url or xml.attribute(xml.child(ask, "GetMap", *_HTTP), "href"))
    top = xml.child(root, "Capability", "Layer")
    found = Description(
        kind="WMS",
        url=own,
        version=texts.line(xml.attribute(root, "version"), 10),
        title=texts.line(xml.text(service, "Title") or xml.text(top, "Title")),
        abstract=texts.prose(xml.text(service, "Abstract")),
        keywords=texts.words(xml.texts(service, "KeywordList", "Keyword")),
        publisher=texts.line(
            xml.text(service, "ContactInformation", "ContactPersonPrimary", "ContactOrganization"), 300
        ),
        contact=_contact(service),
        licence=licences.licence(xml.text(service, "Fees"), xml.text(service, "AccessConstraints")),
    )
    formats = texts.words(xml.texts(ask, "GetMap", "Format"))
    layers = () if top is None else capped(_layers(top, _Around()))
    entries = tuple(replace(entry, service=_service(entry, found, formats)) for entry in layers)
    return replace(found, entries=entries, extent=_extent(top, None))


def _contact(service: Element | None) -> Contact:
    contact = xml.child(service, "ContactInformation")
    return Contact(
        name=texts.line(xml.text(contact, "ContactPersonPrimary", "ContactOrganization"), 300),
        email=texts.mail(xml.text(contact, "ContactElectronicMailAddress")),
        url=texts.web(xml.attribute(xml.child(service, "OnlineResource"), "href")),
    )


def _service(entry: Entry, found: Description, formats: tuple[str, ...]) -> dict[str, object]:
    return {
        "type": "WMS",
        "url": found.url,
        "layer": entry.name,
        "version": found.version,
        "formats": list(formats),
        **entry.service,
    }


def _layers(layer: Element, around: _Around) -> Iterator[Entry]:
    title = texts.line(xml.text(layer, "Title")) or texts.line(xml.text(layer, "Name"))
    here = _Around(
        group=around.group,
        systems=texts.systems([*around.systems, *_systems(layer)]),
        extent=_extent(layer, around.extent),
        attribution=texts.line(xml.text(layer, "Attribution", "Title")) or around.attribution,
        queryable=xml.attribute(layer, "queryable") in {"1", "true"}
        or (around.queryable and not xml.attribute(layer, "queryable")),
    )
    if name := texts.line(xml.text(layer, "Name")):
        yield _entry(layer, here, name=name, title=title)
    inside = replace(here, group=(*around.group, title) if title else around.group)
    for one in xml.children(layer, "Layer"):
        yield from _layers(one, inside)


def _entry(layer: Element, here: _Around, *, name: str, title: str) -> Entry:
    links = (xml.attribute(link, "href") for link in xml.children(layer, "MetadataURL", "OnlineResource"))
    holds_others = xml.child(layer, "Layer") is not None
    return Entry(
        name=name,
        title=title,
        abstract=texts.prose(xml.text(layer, "Abstract")),
        keywords=texts.words(xml.texts(layer, "KeywordList", "Keyword")),
        group=here.group,
        extent=here.extent,
        metadata=tuple(filter(None, map(texts.web, links))),
        attribution=here.attribution,
        service={
            "crs": list(here.systems),
            "queryable": here.queryable,
            "legend": texts.web(
                xml.attribute(xml.child(layer, "Style", "LegendURL", "OnlineResource"), "href")
            ),
            **({"group": True} if holds_others else {}),
        },
    )


def _systems(layer: Element) -> list[str]:
    named = [*xml.texts(layer, "CRS"), *xml.texts(layer, "SRS")]
    return [one for text in named for one in text.split()]  # 1.1.1 may list several in one element


def _extent(layer: Element | None, inherited: Extent | None) -> Extent | None:
    box = xml.child(layer, "EX_GeographicBoundingBox")
    if box is not None:
        sides = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")
        return texts.extent(xml.text(box, side) for side in sides)
    box = xml.child(layer, "LatLonBoundingBox")
    if box is not None:
        return texts.extent(xml.attribute(box, corner) for corner in ("minx", "miny", "maxx", "maxy"))
    return inherited
