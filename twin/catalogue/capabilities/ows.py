"""What WFS, WMTS and CSW say of themselves in common (OWS Common)."""

from twin.catalogue.capabilities import addresses, licences, texts, xml
from twin.catalogue.capabilities.description import Contact, Description, Extent
from twin.catalogue.capabilities.xml import Element


def head(root: Element, *, kind: str, operation: str, url: str) -> Description:
    """operation: whose address is the service's own where the document did not come from one (url is empty)."""
    service, provider = xml.child(root, "ServiceIdentification"), xml.child(root, "ServiceProvider")
    info = xml.child(provider, "ServiceContact", "ContactInfo")
    publisher = texts.line(xml.text(provider, "ProviderName"), 300)
    return Description(
        kind=kind,
        url=addresses.service(url or _address(root, operation)),
        version=texts.line(xml.attribute(root, "version"), 10),
        title=texts.line(xml.text(service, "Title")),
        abstract=texts.prose(xml.text(service, "Abstract")),
        keywords=texts.words(xml.texts(service, "Keywords", "Keyword")),
        publisher=publisher,
        contact=Contact(
            name=publisher,
            email=texts.mail(xml.text(info, "Address", "ElectronicMailAddress")),
            url=texts.web(xml.attribute(xml.child(provider, "ProviderSite"), "href")),
        ),
        licence=licences.licence(*xml.texts(service, "Fees"), *xml.texts(service, "AccessConstraints")),
    )


def _address(root: Element, operation: str) -> str:
    for one in xml.children(root, "OperationsMetadata", "Operation"):
        if xml.attribute(one, "name") == operation:
            return xml.attribute(xml.child(one, "DCP", "HTTP", "Get"), "href")
    return ""


def extent(element: Element) -> Extent | None:
    """WGS84BoundingBox: longitude before latitude."""
    lower = xml.text(element, "WGS84BoundingBox", "LowerCorner").split()
    upper = xml.text(element, "WGS84BoundingBox", "UpperCorner").split()
    return texts.extent([*lower[:2], *upper[:2]])
