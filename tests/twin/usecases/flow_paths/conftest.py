"""Compiled code is kept where the tests of the kernel keep it."""

from tests.twin.hydro import conftest as compiled

__all__ = ["compiled"]
