"""Compiled code is kept where tests own it, for the next run; set before anything is compiled."""

import os
from pathlib import Path

os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).resolve().parents[3] / ".local" / "numba"))
