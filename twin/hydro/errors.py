"""Why a computation can't be made. Each error carries its numbers; a user interface says them in its own words."""


class HydroError(ValueError):
    """Nothing can be computed from what was given."""


class WrongShape(HydroError):
    """An array doesn't fit the terrain."""

    def __init__(self, name: str, got: tuple[int, ...], wanted: tuple[int, ...]) -> None:
        super().__init__(f"{name} has the shape {got}, the terrain {wanted}.")
        self.name, self.got, self.wanted = name, got, wanted


class Holes(HydroError):
    """Cells of the area have no value; row and column are those of the first one."""

    def __init__(self, name: str, count: int, at: tuple[int, int]) -> None:
        super().__init__(
            f"{name} has no value in {count} cells of the area, first in row {at[0]}, column {at[1]}."
        )
        self.name, self.count, self.at = name, count, at


class OutOfRange(HydroError):
    """A value can't be true; at is the row and column of the first one, None for a single number."""

    def __init__(
        self, name: str, value: float, between: tuple[float, float], at: tuple[int, int] | None = None
    ) -> None:
        place = "" if at is None else f" in row {at[0]}, column {at[1]}"
        super().__init__(f"{name} is {value:g}{place}; allowed is {between[0]:g} to {between[1]:g}.")
        self.name, self.value, self.between, self.at = name, value, between, at


class BadCurve(HydroError):
    """A curve over time has no or unequal points, or its times don't rise."""


class NothingToCompute(HydroError):
    """The area has no cell."""


class OtherCase(HydroError):
    """A saved state doesn't belong to this case."""


class TooLarge(HydroError):
    """The run needs more memory or time than allowed; with cells of the proposed size it fits."""

    def __init__(self, *, what: str, needed: float, allowed: float, cell: float) -> None:
        super().__init__(
            f"The run needs {needed:.3g} of {what}, {allowed:.3g} is allowed. With cells of {cell:g} m it fits."
        )
        self.what, self.needed, self.allowed, self.cell = what, needed, allowed, cell
