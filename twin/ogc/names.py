"""Names as XML has them: those of attributes and keys may hold what no element's name may, and must be found again from it."""

import re

_START = r"A-Z_a-z\xC0-\xD6\xD8-\xF6\xF8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD"
_FORBIDDEN = re.compile(
    rf"^[^{_START}]|[^{_START}\-.0-9\xB7\u0300-\u036F\u203F\u2040]|_(?=x[0-9A-F]{{4,6}}_)"
)
_ESCAPED = re.compile(r"_x([0-9A-F]{4,6})_")
_LAST = 0x10FFFF


def xml_name(text: str) -> str:
    """What an element's name may not hold as _xHHHH_ (ISO/IEC 9075-14)."""
    return _FORBIDDEN.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def plain_name(name: str) -> str:
    """The text again."""
    return _ESCAPED.sub(lambda found: chr(code) if (code := int(found[1], 16)) <= _LAST else found[0], name)


def local(name: str) -> str:
    """Without prefix: kz:stadt.baeume is stadt.baeume."""
    return plain_name(name.strip().rpartition(":")[2])


def feature_id(collection_id: str, key: str) -> str:
    return xml_name(f"{collection_id}.{key}")


def parts_of(name: str, *, undotted: str) -> tuple[str, str] | None:
    """(collection, key) of a feature's id, None where it is none. Collections have one dot in their id, but for `undotted`."""
    pieces = local(name).split(".", 2)
    if pieces[0] == undotted:
        return (undotted, ".".join(pieces[1:])) if len(pieces) > 1 else None
    return (".".join(pieces[:2]), pieces[2]) if len(pieces) == 3 else None
