"""Personal data that have served their time are emptied; the statement stays in the file."""

from datetime import date

from participation.models import Submitter


def purge(on: date) -> int:
    """Empty names and addresses whose purge date has come; returns how many. The caller has opened a scope."""
    due = Submitter.objects.filter(purge_on__lte=on)
    emptied: int = due.update(
        name="", email="", postal_address="", user=None, confirmed_at=None, purge_on=None
    )
    return emptied
