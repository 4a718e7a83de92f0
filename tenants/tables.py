"""Tables for spreadsheets."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from django.http import HttpResponse
from django.utils.translation import gettext as _

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Writable(Protocol):
    def write(self, text: str, /) -> Any: ...


def write_csv(target: Writable, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Semicolons, a header and the mark of UTF-8, as German spreadsheets expect."""
    target.write("\ufeff")
    writer = csv.DictWriter(target, fieldnames=columns, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: defused(value) for name, value in row.items()})


def download(name: str) -> HttpResponse:
    """An answer that a table is written into: a file of this name, which no cache keeps."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)


def said(value: Any) -> Any:
    """With a decimal comma, as German spreadsheets expect, and words for yes and no."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value).replace(".", ",") if isinstance(value, float) else value


def defused(value: Any) -> Any:
    """Never a formula, which a spreadsheet program would run: names, ids and values come from files of others."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
