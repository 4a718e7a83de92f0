"""How many people are told: never so few that they could be somebody, and never none where there are some. Pure."""

from typing import Any

FEW = 3


def told(people: Any) -> int | None:
    """Whole people; None: one or two."""
    found = round(float(people))
    return None if 0 < found < FEW else found
