"""What can go wrong in tenants; turned into HTTP answers in twin/api.py."""

from collections.abc import Mapping
from typing import Any


class TenantsError(Exception):
    """Base of all errors of this package."""


class BackupRefused(TenantsError):
    """The backup can't be made or restored; the message says why, and nothing was changed."""


class FetchFailed(TenantsError):
    """Another server could not be asked, or what it answered is no use; the message is for the log.

    reason: address, private, unreachable, status, content, large or slow, for telling a person.
    """

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class FilesUnreachable(TenantsError):
    """The bucket with the private files does not answer, or refuses; the message is for the log."""


class Forbidden(TenantsError):
    """The person may not do this; strangers are told "not found"."""


class InvitationInvalid(TenantsError):
    """The invitation is unknown, expired or used."""


class JobCancelled(TenantsError):
    """Somebody cancelled the job; raised inside the worker at its next progress report."""


class JobFailed(TenantsError):
    """The job cannot succeed; the message is for the person who started it and is shown as it is.

    report: what the job's page shows beside the message, ready for JSON.
    """

    def __init__(self, message: str, *, report: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.report = dict(report or {})


class QuotaExceeded(TenantsError):
    """The tenant's storage space would not suffice."""


class WallTooWeak(TenantsError):
    """The serving login could lift row-level security; the process must not serve."""


class Refused(TenantsError):
    """The act is not possible as asked; the message is for the person who tried and is shown beside the form."""


class LastAdmin(Refused):
    """A tenant keeps at least one person who administers it."""


class RoleNotOffered(Refused):
    """The role does not exist in this kind of tenant."""


class AlreadyMember(Refused):
    """The person invited belongs to the tenant already."""


class PictureRefused(Refused):
    """The upload is no picture of a kind that we take."""


class WrongAccount(Refused):
    """The invitation was sent to another address than that of the account."""


class BoundariesUnreadable(TenantsError):
    """The file holds no municipal boundaries that can be trusted; the message says why."""
