"""Lists of numbers as they stand in a document: read once, for the structure check as for the drawing."""

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

_SIGNS = re.compile(r"[0-9eE+. \t\r\n-]*+", re.ASCII)  # what the decimal notation of xs:double is made of
_KEPT = 64  # lists of one object's geometries, mostly


@lru_cache(_KEPT)
def numbers(text: str) -> npt.NDArray[np.float64] | None:
    """The numbers of a list separated by white space, not to be changed; None where one is no decimal number.

    A number too large for the type is infinite."""
    if not _SIGNS.fullmatch(text):
        return None
    try:
        found = np.array(text.split(), dtype=np.float64)
    except ValueError:
        return None
    found.flags.writeable = False
    return found
