"""The ground: who there is, and what every tenant's thing needs."""

from tenants.models.owned import (
    AuditEvent,
    Job,
    JobQuerySet,
    JobState,
    OutboxMessage,
    PrivateFile,
    TenantOwned,
    TenantQuerySet,
    UsageEvent,
)
from tenants.models.people import (
    COLOUR,
    ROLES,
    EmergencyAccess,
    HostName,
    Invitation,
    Membership,
    Tenant,
    TenantKind,
    TenantManager,
    User,
    UserManager,
)

__all__ = [
    "COLOUR",
    "AuditEvent",
    "EmergencyAccess",
    "HostName",
    "Invitation",
    "Job",
    "JobQuerySet",
    "JobState",
    "Membership",
    "OutboxMessage",
    "PrivateFile",
    "ROLES",
    "Tenant",
    "TenantKind",
    "TenantManager",
    "TenantOwned",
    "TenantQuerySet",
    "UsageEvent",
    "User",
    "UserManager",
]
