"""The compiler, and where what it makes is kept: in a folder of its own for each state of our sources.

numba throws away what it kept of a function when the function's own file has changed. What is built into it of another file would go on as it was,
and a kept function whose arguments' types are gone can't be loaded at all.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from numba import config, njit

Function = TypeVar("Function", bound=Callable[..., Any])

_BESIDE = Path(__file__).parent
SETTINGS: Any = config  # numba's, filled as it is loaded


def _base() -> Path:
    """Where NUMBA_CACHE_DIR says, beside the code, or where the user may write."""
    if SETTINGS.CACHE_DIR:
        return Path(SETTINGS.CACHE_DIR)
    beside = _BESIDE / "__pycache__"
    return beside if os.access(beside, os.W_OK) else Path.home() / ".cache" / "numba"


def folder(base: Path, sources: Path) -> Path:
    """Of this state of the sources. Those of other states go when it is made: whoever still runs one compiles anew."""
    found = hashlib.sha256()
    for source in sorted(sources.glob("*.py")):
        found.update(source.read_bytes())
    wanted = base / f"twin-{found.hexdigest()[:16]}"
    if not wanted.exists():
        for old in base.glob("twin-*"):
            shutil.rmtree(old, ignore_errors=True)
    return wanted


SETTINGS.CACHE_DIR = str(folder(_base(), _BESIDE))


def compiler(*liberties: str, arrays: bool = False) -> Callable[[Function], Function]:
    """A decorator that compiles, with liberties in the arithmetic of floats.

    arrays: what is compiled makes or keeps some. Else nothing counts references to them (`_nrt`): counting costs each row as much as a
    hundred cells, and threads would wait for each other's."""
    options: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy"}
    if not arrays:
        options["_nrt"] = False
    made: Callable[[Function], Function] = njit(**options, fastmath=set(liberties))
    return made
