"""Floats seen as integers, in compiled code: non-negative ones order alike, and maxima of integers vectorise."""

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

EXPONENT32, EXPONENT64 = np.int32(0x7F800000), np.int64(0x7FF0000000000000)


def bits_of(value: Any) -> Any:
    """The bits of a float as an integer of its size; compiled code only."""
    raise NotImplementedError


def power_of_two(value: Any) -> Any:
    """The greatest power of two not above a float that isn't negative; compiled code only."""
    raise NotImplementedError


@overload(bits_of)
def _bits_of(value: Any) -> Any:
    def single(value: Any) -> Any:
        return np.float32(value).view(np.int32)

    def double(value: Any) -> Any:
        return np.float64(value).view(np.int64)

    return single if value is types.float32 else double


@overload(power_of_two)
def _power_of_two(value: Any) -> Any:
    def single(value: Any) -> Any:
        return np.int32(np.float32(value).view(np.int32) & EXPONENT32).view(np.float32)

    def double(value: Any) -> Any:
        return np.int64(np.float64(value).view(np.int64) & EXPONENT64).view(np.float64)

    return single if value is types.float32 else double
