"""What can go wrong in planning; turned into HTTP answers in twin/api.py."""


class PlanningError(Exception):
    """Base of all errors of this package."""


class IllegalStep(PlanningError):
    """The plan's state does not allow this action."""
