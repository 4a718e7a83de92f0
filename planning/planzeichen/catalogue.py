"""The one catalogue: everything that a plan may be drawn with, for the server's pictures and, as JSON, for the browser's."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

from planning.planzeichen.figures import FIGURES
from planning.planzeichen.grounds import GROUNDS
from planning.planzeichen.model import Symbol
from planning.planzeichen.signs import SIGNS

SYMBOLS: Mapping[str, Symbol] = {symbol.id: symbol for symbol in (*GROUNDS, *SIGNS)}


@cache
def as_json() -> Mapping[str, Any]:
    return {
        "symbols": {name: symbol.as_json() for name, symbol in SYMBOLS.items()},
        "figures": {name: asdict(figure) for name, figure in FIGURES.items()},
    }


@cache
def fingerprint() -> str:
    """Changes with the catalogue."""
    return hashlib.sha256(json.dumps(as_json(), sort_keys=True).encode()).hexdigest()[:12]
