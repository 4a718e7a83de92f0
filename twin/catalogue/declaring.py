"""Data formats: what the county declares that data of a kind look like, and templates of them."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tenants import events
from tenants.errors import Refused
from tenants.models import Tenant, User
from tenants.permissions import require
from twin.catalogue.formats.attributes import LONGEST_NAME, RESERVED
from twin.catalogue.formats.model import MOST_FIELDS, TYPES
from twin.catalogue.models import DataFormat

ACTION = "set_data_format"
_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_COLUMNS = ("name", "label", "type", "required", "choices", "unit", "help")
_YES = "x"
_WORDS = {  # types as people name them who declare data
    "text": "string",
    "ganzzahl": "integer",
    "zahl": "number",
    "kommazahl": "number",
    "ja/nein": "boolean",
    "datum": "date",
    "datum und uhrzeit": "datetime",
}
_EMPTY = {
    "string": object,
    "date": object,
    "datetime": object,
    "boolean": bool,
    "integer": np.int64,
    "number": float,
}


def fields_of(text: str) -> list[dict[str, Any]]:
    """Attributes as people write them, one on each line: name; label; type; required (x); choices with commas; unit; help.

    Raises Refused with the line."""
    found: list[dict[str, Any]] = []
    for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=";"), 1):
        if any(cell.strip() for cell in cells):
            found.append(_field([cell.strip() for cell in cells], number))
    names = [field["name"] for field in found]
    if len(set(names)) < len(names):
        raise Refused(_("Each attribute needs a name of its own."))
    if not found or len(found) > MOST_FIELDS:
        raise Refused(_("A data format needs at least one attribute."))
    return found


def _field(cells: list[str], line: int) -> dict[str, Any]:
    name, label, kind, required, choices, unit, words = [*cells, *[""] * len(_COLUMNS)][: len(_COLUMNS)]
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME or name in RESERVED:
        raise Refused(_("Line %(line)s: the name “%(name)s” may hold small letters without umlauts, digits and underscores, and no word that the interfaces use themselves.") % {"line": line, "name": name})  # fmt: skip
    kind = _WORDS.get(kind.lower(), kind)
    if kind not in TYPES:
        raise Refused(_("Line %(line)s: the type must be one of %(types)s.") % {"line": line, "types": ", ".join(TYPES)})  # fmt: skip
    found: dict[str, Any] = {"name": name, "label": label or name, "type": kind}
    if required.lower() == _YES:
        found["required"] = True
    if choices:
        found["choices"] = [choice.strip() for choice in choices.split(",") if choice.strip()]
    return found | {key: value for key, value in (("unit", unit), ("help", words)) if value}


def text_of(fields: list[dict[str, Any]]) -> str:
    """The attributes as people write them; see fields_of."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter=";", lineterminator="\n")
    for field in fields:
        rows.writerow([field["name"], field.get("label", ""), field["type"], _YES if field.get("required") else "", ", ".join(map(str, field.get("choices", ()))), field.get("unit", ""), field.get("help", "")])  # fmt: skip
    return text.getvalue()


@transaction.atomic
def declare(row: DataFormat, *, tenant: Tenant, actor: User) -> DataFormat:
    """Save a format, new or changed. Deliveries from now on are held against it; what is there stays."""
    require(actor, ACTION, tenant)
    row.tenant = tenant
    row.save()
    events.audit("set_data_format", tenant_id=tenant.pk, thing=row, actor=actor, after={"title": row.title})
    return row


def template_csv(row: DataFormat) -> bytes:
    """The line of headings, with columns for coordinates where there is a geometry."""
    names = [field["name"] for field in row.fields]
    places = ["x", "y"] if row.geometry_type == "Point" else []
    return b"\xef\xbb\xbf" + (";".join([*names, *places]) + "\r\n").encode()


def write_template(row: DataFormat, target: Path) -> None:
    """An empty GeoPackage with the attributes in their types."""
    pyogrio.raw.write(
        target,
        np.array([], dtype=object) if row.geometry_type else None,
        [np.array([], dtype=_EMPTY[field["type"]]) for field in row.fields],
        [field["name"] for field in row.fields],
        layer=row.slug,
        driver="GPKG",
        geometry_type=row.geometry_type or None,
        crs=f"EPSG:{settings.TWIN_SRID}" if row.geometry_type else None,
    )
