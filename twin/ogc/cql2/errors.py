import json
from collections.abc import Callable
from typing import Any

from twin.ogc.messages import Text, _

_SHOWN, _LENGTH = 40, 60  # names in a list, characters of what a stranger wrote

WORDS = {
    "text": _("a text"),
    "number": _("a number"),
    "boolean": _("true or false"),
    "date": _("a day"),
    "datetime": _("a moment"),
    "geometry": _("a geometry"),
    "truth": _("a condition"),
}


class FilterRefused(Exception):
    """message: marked by messages._; parameters: fill it. place: the element it stands in, and its line."""

    def __init__(self, message: str, **parameters: Any) -> None:
        self.message, self.parameters = message, parameters
        self.place: tuple[str, int] | None = None
        super().__init__(self.said(str))

    def said(self, translate: Callable[[str], str]) -> str:
        """In the language of whom asked."""
        told = translate(self.message)
        if self.parameters:
            told %= {name: _shown(value, translate) for name, value in self.parameters.items()}
        if self.place is None:
            return told
        element, line = self.place
        return translate(_("%(told)s (element %(element)s, line %(line)s)")) % {"told": told, "element": element[:_LENGTH], "line": line}  # fmt: skip


def _shown(value: Any, translate: Callable[[str], str]) -> Any:
    if isinstance(value, Text):
        return translate(value)
    if isinstance(value, list):  # what there is in place of what was asked for
        return ", ".join(sorted(value)[:_SHOWN]) + (", …" if len(value) > _SHOWN else "")
    return value[:_LENGTH] if isinstance(value, str) else value


def named(node: Any) -> str:
    """A part of a filter, as whom asked may find it again."""
    if isinstance(node, dict) and isinstance(node.get("property"), str):
        return str(node["property"])
    if isinstance(node, dict) and isinstance(node.get("op"), str):
        return f"{node['op'][:_LENGTH]}(…)"
    return json.dumps(node, ensure_ascii=False, default=str)[:_LENGTH]
