"""What a plan picture is refused for; the words are the caller's."""

from collections.abc import Mapping


class RasterRefused(Exception):
    """Nothing can be made of the file. rule: its name; params: what the sentence about it needs."""

    def __init__(self, rule: str, **params: str | int | float) -> None:
        super().__init__(rule)
        self.rule = rule
        self.params: Mapping[str, str | int | float] = params
