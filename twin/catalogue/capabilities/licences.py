"""Terms of use as people write them -> codes of the DCAT-AP.de licence list."""

import json
import re

from twin.catalogue.capabilities.description import Licence
from twin.catalogue.capabilities.texts import line, prose, web

_URL = re.compile(r"https?://[^\s\"'<>,;)]+")
# The first that fits counts: restrictive names before the shorter ones that they contain.
_NAMES = tuple(
    (code, re.compile(pattern, re.IGNORECASE))
    for code, pattern in (
        ("dl-zero-de/2.0", r"dl-?zero-?de|dl-de[/-]zero|datenlizenz deutschland\W+(namensnennung)?zero"),
        (
            "dl-by-de/2.0",
            r"dl-?by-?de|dl-de[/-]by(?!-nc)|datenlizenz deutschland\W+namensnennung(?!\W+nicht)|datenlizenz by",
        ),
        ("cc-zero", r"\bcc-?0\b|cc-?zero|publicdomain/zero"),
        ("other-closed", r"cc[ -]by[ -](nc|nd)|licenses/by-(nc|nd)|nicht[- ]kommerziell|non-?commercial"),
        ("cc-by-sa/4.0", r"cc[ -]by[ -]sa([ /-]*4\.0)?|licenses/by-sa/4\.0"),
        ("cc-by/4.0", r"cc[ -]by([ /-]*4\.0)?\b|licenses/by/4\.0|creative commons namensnennung"),
        ("geonutz/20130319", r"geonutz"),
        ("odbl", r"\bodbl\b|open ?database licen[sc]e|odc-odbl"),
        ("other-open", r"other-?open"),
        ("other-closed", r"other-?closed"),
    )
)


def code_of(text: str) -> str:
    return next((code for code, pattern in _NAMES if pattern.search(text)), "")


def licence(*texts: str) -> Licence:
    """Of all that a document says about terms, fees and constraints; GDI-DE puts a JSON object there, too."""
    found = [prose(text, 4000) for text in texts]
    found = [text for text in dict.fromkeys(found) if text and text.lower() not in {"none", "keine"}]
    joined = "\n\n".join(filter(None, (_told(text) for text in found)))
    addresses = [web(url) for text in found for url in _URL.findall(text)]
    address = next(filter(code_of, addresses), next(iter(addresses), ""))  # else the page where they stand
    return Licence(code_of(" ".join(found)), address, joined[:8000])


def attribution(*texts: str) -> str:
    """Whom the terms want to be named, where they say it in GDI-DE's JSON."""
    for text in texts:
        if source := line(_object(text).get("quelle")):
            return source
    return ""


def _told(text: str) -> str:
    return line(_object(text).get("name")) or text


def _object(text: str) -> dict[str, object]:
    if not text.lstrip().startswith("{"):
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
