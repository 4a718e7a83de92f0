"""What sensors send by HTTP: uplinks of The Things Stack v3 and of ChirpStack, and a plain form of our own.

The Things Stack: {"received_at": …, "uplink_message": {"decoded_payload": {…}, "received_at": …}}
ChirpStack:       {"time": …, "object": {…}}
Plain:            {"time": …, "W": 143.5, …} or {"values": [{"time": …, "W": 143.5, …}, …]}
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from twin.sensors.feeds.moments import moment
from twin.sensors.feeds.reading import Unreadable, number

MOST_READINGS = 1000  # in one request
_MOST_FIELDS = 64
_DEEPEST = 4


@dataclass(frozen=True)
class Uplink:
    """fields: name, with dots where objects lie in each other, -> number; None: what stands there is no number."""

    at: datetime
    fields: dict[str, float | None]


def read(body: bytes) -> list[Uplink]:
    """Raises Unreadable."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("json") from None
    if not isinstance(document, dict):
        raise Unreadable("shape")
    return [Uplink(moment(at), dict(_flat(fields))) for at, fields in _parts(document)]


def _parts(document: dict[str, Any]) -> list[tuple[Any, dict[str, Any]]]:
    """Moment and fields of each reading. Raises Unreadable."""
    if isinstance(uplink := document.get("uplink_message"), dict):
        # the network server heard it first; what the application server says comes later
        return [
            (uplink.get("received_at") or document.get("received_at"), _object(uplink, "decoded_payload"))
        ]
    if "object" in document:
        return [(document.get("time"), _object(document, "object"))]
    rows = document.get("values", [document])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or not rows:
        raise Unreadable("shape")
    if len(rows) > MOST_READINGS:
        raise Unreadable("many", str(MOST_READINGS))
    return [(row.get("time"), {name: value for name, value in row.items() if name != "time"}) for row in rows]


def _object(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Missing where the network has no decoder (formatter) for the device. Raises Unreadable."""
    found = document.get(name)
    if not isinstance(found, dict):
        raise Unreadable("undecoded", name)
    return found


def _flat(fields: dict[str, Any], *, prefix: str = "", depth: int = 1) -> Iterator[tuple[str, float | None]]:
    """Raises Unreadable where there are more than any sensor sends."""
    if len(fields) > _MOST_FIELDS or depth > _DEEPEST:
        raise Unreadable("many", str(_MOST_FIELDS))
    for name, value in fields.items():
        if isinstance(value, dict):
            yield from _flat(value, prefix=f"{prefix}{name}.", depth=depth + 1)
        else:
            yield f"{prefix}{name}", number(value)
