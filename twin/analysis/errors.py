"""What can go wrong with analyses; turned into HTTP answers in twin/api.py."""

from tenants.errors import Refused, TenantsError


class RunRefused(Refused):
    """The question can't be answered as it is asked; the message says why, and what would do."""


class RunDoubted(RunRefused):
    """The data may not be what they are taken for; who asks has to say that they are meant. doubts: why, in words."""

    def __init__(self, doubts: tuple[str, ...]) -> None:
        super().__init__(" ".join(doubts))
        self.doubts = doubts


class InputGone(Refused):
    """A dataset that the run is about can no longer be read by who asked, or has another version by now."""


class RowGone(TenantsError):
    """Somebody deleted it after it was looked up; the message says what."""
