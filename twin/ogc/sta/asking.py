"""What is asked: parts of the path, and the options that begin with a dollar sign."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from twin.ogc.errors import ParameterRefused

OPTIONS = ("$top", "$skip", "$count", "$orderby", "$filter", "$expand", "$select")
DEFAULT, MOST = 100, 1000  # entities in one answer
_LONGEST = 2_000  # characters of an option
_DEEPEST = 3  # expansions in each other
_MOST_SEGMENTS = 6
_SEGMENT = re.compile(r"([A-Za-z]+)(?:\(([^()]{1,100})\))?")


@dataclass(frozen=True)
class Segment:
    """A part of the path: a name, perhaps with a key as it was written."""

    name: str
    key: str = ""


@dataclass(frozen=True)
class Asked:
    """Options of an address, or within one expansion. order: (property, whether falling)."""

    top: int = DEFAULT
    skip: int = 0
    count: bool = False
    order: tuple[tuple[str, bool], ...] = ()
    filter: str = ""
    select: tuple[str, ...] = ()
    expand: Mapping[str, "Asked"] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Whether all there is is asked for, as it comes."""
        return not (self.skip or self.order or self.filter or self.count) and self.top == DEFAULT


def segments(resource: str) -> list[Segment]:
    """Raises ParameterRefused."""
    parts = [part for part in resource.split("/") if part]
    if len(parts) > _MOST_SEGMENTS:
        raise ParameterRefused("path", _("The path has too many parts."))
    found = []
    for part in parts:
        match = _SEGMENT.fullmatch(part.removeprefix("$"))
        if match is None:
            raise ParameterRefused("path", _("This is no name of entities: %s") % part[:60])
        found.append(Segment(("$" if part.startswith("$") else "") + match[1], match[2] or ""))
    return found


def options(given: Mapping[str, str], *, depth: int = 0) -> Asked:
    """Raises ParameterRefused for what can't be read."""
    for name, text in given.items():
        if name not in OPTIONS:
            raise ParameterRefused(name[:60], _("This parameter is unknown here."))
        if len(text) > _LONGEST:
            raise ParameterRefused(name, _("At most %(most)s characters.") % {"most": _LONGEST})
    return Asked(
        top=min(_whole("$top", given.get("$top", str(DEFAULT))), MOST),
        skip=_whole("$skip", given.get("$skip", "0")),
        count=_truth("$count", given.get("$count", "false")),
        order=tuple(_order(given.get("$orderby", ""))),
        filter=given.get("$filter", ""),
        select=tuple(name for part in given.get("$select", "").split(",") if (name := part.strip())),
        expand=_expanded(given.get("$expand", ""), depth=depth),
    )


def _whole(name: str, text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise ParameterRefused(name, _("A whole number from 0 is expected."))
    return int(text)


def _truth(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise ParameterRefused(name, _("One of these is expected: %(choices)s") % {"choices": "true, false"})
    return text == "true"


def _order(text: str) -> Iterator[tuple[str, bool]]:
    for part in text.split(",") if text else ():
        name, _space, direction = part.strip().partition(" ")
        if direction.strip() not in ("", "asc", "desc"):
            raise ParameterRefused("$orderby", _("One of these is expected: %(choices)s") % {"choices": "asc, desc"})  # fmt: skip
        yield name, direction.strip() == "desc"


def _expanded(text: str, *, depth: int) -> dict[str, Asked]:
    """Name(options), or Name/Name for an expansion within. Raises ParameterRefused."""
    if text and depth >= _DEEPEST:
        raise ParameterRefused("$expand", _("At most %(most)s expansions lie in each other.") % {"most": _DEEPEST})  # fmt: skip
    found: dict[str, dict[str, str]] = {}
    for part in _split(text, ","):
        head, _open, inside = part.partition("(")
        name, _slash, below = head.partition("/")
        if not name.isalpha():
            raise ParameterRefused("$expand", _("This is no name of entities: %s") % name[:60])
        given = {"$expand": part.partition("/")[2]} if below else _given(inside.removesuffix(")"))
        before = found.get(name, {})
        further = ",".join(each["$expand"] for each in (before, given) if "$expand" in each)  # A/B,A/C
        found[name] = before | given | ({"$expand": further} if further else {})
    return {name: options(given, depth=depth + 1) for name, given in found.items()}


def _given(text: str) -> dict[str, str]:
    """Options within parentheses. Raises ParameterRefused."""
    found = {}
    for option in _split(text, ";"):
        name, is_said, value = option.partition("=")
        if not is_said:
            raise ParameterRefused("$expand", _("Not understood from here: %s") % option[:60])
        found[name.strip()] = value
    return found


def _split(text: str, mark: str) -> Iterator[str]:
    """At marks that lie in no parentheses and no quoted text. Raises ParameterRefused where parentheses don't match."""
    depth, part, quoted = 0, "", False
    for sign in text:
        quoted ^= sign == "'"
        depth += 0 if quoted else (sign == "(") - (sign == ")")
        if depth < 0:
            break
        if sign == mark and not depth and not quoted:
            yield part.strip()
            part = ""
        else:
            part += sign
    if depth:
        raise ParameterRefused("$expand", _("The parentheses do not match."))
    if part.strip():
        yield part.strip()
