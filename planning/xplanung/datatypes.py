"""Whether a text is a value of a simple type of the schema: builtin types, enumerations, patterns, lists, unions.

The verdicts are those of XML Schema 1.0, part 2, as libxml2 decides them (compared in the tests).
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from planning.xplanung.numberlists import numbers

Check = Callable[[str], bool]
Fact = Mapping[str, Any]

_NAME_START = r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD"
_NCNAME = re.compile(rf"[{_NAME_START}][{_NAME_START}\-.0-9\u00B7\u0300-\u036F\u203F-\u2040]*")
_ZONE = r"(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
_DATE = re.compile(rf"(-?)(\d{{4,}})-(\d\d)-(\d\d){_ZONE}", re.ASCII)
_PATTERNS = {
    "xs:boolean": r"true|false|1|0",
    "xs:double": r"[+-]?+(?:\d++(?:\.\d*+)?+|\.\d++)(?:[eE][+-]?\d++)?+|-?INF|NaN",
    "xs:decimal": r"[+-]?(?:\d+\.?\d*|\.\d+)",
    "xs:integer": r"[+-]?\d+",
    "xs:nonNegativeInteger": r"\+?\d+|-0+",
    "xs:positiveInteger": r"\+?0*[1-9]\d*",
    "xs:duration": r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
    "xs:time": rf"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?{_ZONE}",
    "xs:gYear": rf"-?\d{{4,}}{_ZONE}",
    "xs:language": r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
}
_PCHAR = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"
_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)"
_AUTHORITY = rf"(?:(?:[A-Za-z0-9\-._~!$&'()*+,;=:]|%[0-9A-Fa-f]{{2}})*@)?{_HOST}(?::\d*)?"
_SEGMENT_PLAIN = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=@]|%[0-9A-Fa-f]{2})+"
_TAIL = rf"(?:\?(?:{_PCHAR}|[/?])*)?(?:#(?:{_PCHAR}|[/?\[\]])*)?"
_PATH_AB = rf"(?:/{_PCHAR}*)*"
_ABSOLUTE = rf"/(?:{_PCHAR}+{_PATH_AB})?"
_URI = re.compile(
    rf"(?:[A-Za-z][A-Za-z0-9+.\-]*:(?://{_AUTHORITY}{_PATH_AB}|{_ABSOLUTE}|{_PCHAR}+{_PATH_AB}|)"
    rf"|//{_AUTHORITY}{_PATH_AB}|{_ABSOLUTE}|{_SEGMENT_PLAIN}{_PATH_AB}|){_TAIL}"
)
_URI_LENIENT = re.compile(r'[\x00-\x20\x7f-\U0010ffff<>"{}|\\^`]')
_BOUNDS = {"xs:int": (-(2**31), 2**31 - 1), "xs:long": (-(2**63), 2**63 - 1), "xs:short": (-(2**15), 2**15 - 1), "xs:unsignedInt": (0, 2**32 - 1)}  # fmt: skip
_FREE = {"xs:string", "xs:anySimpleType", "xs:normalizedString", "xs:token", "xs:anyType"}
_SPACE = re.compile(r"[\t\r\n]|^ | $|  ")
_SPACES = re.compile(r"[ \t\r\n]+")
_SHORT = 60  # characters of two or three coordinates, most of them an envelope's


def collapsed(text: str) -> str:
    """White space as XML Schema collapses it."""
    if " " not in text and text.isprintable():  # as nearly all are
        return text
    return _SPACES.sub(" ", text).strip(" ") if _SPACE.search(text) else text


def _collapsing(check: Check) -> Check:
    """The check of a type whose white space is collapsed; as most values are tidy, it is tried without first."""
    return lambda text: check(text) or (_SPACE.search(text) is not None and check(collapsed(text)))


class DataTypes:
    """Checks for the simple types of one version of the standard."""

    def __init__(self, simple: Mapping[str, Fact]) -> None:
        self._simple = simple
        self._checks: dict[str, Check] = {}

    def check(self, name: str) -> Check:
        """Raises KeyError for a type that the schema does not have."""
        if name not in self._checks:
            self._checks[name] = self._compile(self._simple[name]) if name in self._simple else builtin(name)
        return self._checks[name]

    def is_simple(self, name: str) -> bool:
        return name in self._simple or (name.startswith("xs:") and name != "xs:anyType")

    def is_preserved(self, name: str) -> bool:
        """Whether white space around a value counts, as in strings and enumerations of strings."""
        while name in self._simple:
            fact = self._simple[name]
            if "base" not in fact or not isinstance(fact["base"], str):
                return False
            name = fact["base"]
        return name == "xs:string"

    def _resolve(self, item: str | Fact) -> Check:
        return self.check(item) if isinstance(item, str) else self._compile(item)

    def _compile(self, fact: Fact) -> Check:
        if "union" in fact:
            members = [self._resolve(item) for item in fact["union"]]
            return lambda text: any(member(text) for member in members)
        if "list" in fact:
            return self._list(fact["list"])
        return self._restriction(fact)

    def _list(self, item: str | Fact) -> Check:
        if isinstance(item, str) and item in _PATTERNS:  # coordinates: all numbers in one go
            number = rf"(?:{_PATTERNS[item]})"
            whole = re.compile(rf"(?:{number}(?: {number})*+)?", re.ASCII)
            by_pattern = _collapsing(lambda text: whole.fullmatch(text) is not None)
            if item == "xs:double":  # long ones are drawn, too, so that their numbers are wanted
                return lambda text: (len(text) > _SHORT and numbers(text) is not None) or by_pattern(text)
            return by_pattern
        check = self._resolve(item)
        return lambda text: all(check(part) for part in text.split())

    def _restriction(self, fact: Fact) -> Check:
        checks = [self._resolve(fact["base"])]
        whole = isinstance(fact["base"], str) and self.is_preserved(fact["base"])
        tidy: Callable[[str], str] = str if whole else collapsed
        if "codes" in fact:
            codes = frozenset(fact["codes"])
            checks.append(lambda text: tidy(text) in codes)
        if "pattern" in fact:
            patterns = [re.compile(pattern) for pattern in fact["pattern"]]
            checks.append(lambda text: any(pattern.fullmatch(tidy(text)) for pattern in patterns))
        checks += _facets(fact, tidy)
        return lambda text: all(check(text) for check in checks)


def _facets(fact: Fact, tidy: Callable[[str], str]) -> list[Check]:
    tests: dict[str, Callable[[str, float], bool]] = {
        "minLength": lambda text, bound: len(tidy(text)) >= bound,
        "maxLength": lambda text, bound: len(tidy(text)) <= bound,
        "length": lambda text, bound: len(tidy(text)) == bound,
        "minInclusive": lambda text, bound: float(text) >= bound,
        "maxInclusive": lambda text, bound: float(text) <= bound,
        "minExclusive": lambda text, bound: float(text) > bound,
        "maxExclusive": lambda text, bound: float(text) < bound,
    }
    return [_bound(tests[name], float(fact[name][0])) for name in tests if name in fact]


def _bound(test: Callable[[str, float], bool], bound: float) -> Check:
    return lambda text: test(text, bound)


def builtin(name: str) -> Check:
    """Check of a builtin type. Raises KeyError for one that no schema here uses."""
    if name in _FREE:
        return lambda _text: True
    if name in _BOUNDS:
        return lambda text: _in_bounds(collapsed(text), *_BOUNDS[name])
    special: dict[str, Check] = {
        "xs:anyURI": _is_uri,
        "xs:date": _is_date,
        "xs:dateTime": _is_moment,
        "xs:NCName": _is_name,
        "xs:ID": _is_name,
    }
    if name in ("xs:date", "xs:dateTime"):
        return special[name]  # libxml2 lets no white space stand around a date
    if name in special:
        return lambda text: special[name](collapsed(text))
    pattern = re.compile(_PATTERNS[name], re.ASCII)
    return _collapsing(lambda text: pattern.fullmatch(text) is not None)


def _is_name(text: str) -> bool:
    return _NCNAME.fullmatch(text) is not None


def _is_uri(text: str) -> bool:
    """libxml2 lets pass what RFC 3986 wants escaped."""
    return (_URI.fullmatch(text) or _URI.fullmatch(_URI_LENIENT.sub("_", text))) is not None


def _is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    if not match or int(match.group(2)) == 0:
        return False
    year, month, day = (int(part) for part in match.groups()[1:4])
    try:
        date(2000 + year % 400, month, day)  # the calendar repeats after 400 years
    except ValueError:
        return False
    return True


def _is_moment(text: str) -> bool:
    day, _, clock = text.partition("T")
    return _is_date(day) and re.fullmatch(_PATTERNS["xs:time"], clock, re.ASCII) is not None


def _in_bounds(text: str, least: int, most: int) -> bool:
    return re.fullmatch(r"[+-]?\d{1,40}", text, re.ASCII) is not None and least <= int(text) <= most
