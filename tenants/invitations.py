"""What a token opens: looked up by its hash, so that who reads the database can't accept an invitation."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tenants import outbox
from tenants.errors import InvitationInvalid
from tenants.models import Invitation

VALID_FOR = timedelta(days=14)


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str, *, at: datetime, lock: bool = False) -> Invitation:
    """The open invitation of this token. lock: nobody else accepts it until the transaction ends. Raises InvitationInvalid."""
    rows = Invitation.objects.select_related("tenant", "invited_by")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(token_hash=hashed(token), tenant__active=True).first()
    if found is None or not found.is_open(at):
        raise InvitationInvalid(
            _("This invitation is unknown, expired, withdrawn or used. Please ask for a new one.")
        )
    return found


def send(invitation: Invitation) -> None:
    """Give the invitation a new token and queue the mail that alone carries it; needs the tenant's scope."""
    token = secrets.token_urlsafe(32)
    invitation.token_hash = hashed(token)
    invitation.save()
    words = {
        "person": invitation.invited_by,
        "tenant": invitation.tenant,
        "address": settings.BASE_URL + reverse("accept_invitation", args=[token]),
        "days": VALID_FOR.days,
    }
    with translation.override(
        settings.LANGUAGE_CODE
    ):  # nobody knows the recipient's; not that of who invites
        subject = _("Invitation: %(tenant)s in the digital twin") % words
        body = (
            _(
                "%(person)s invites you to work for %(tenant)s in the county's digital twin.\n\n"
                "Open this address within %(days)s days to accept; it works once:\n%(address)s\n\n"
                "If you do not expect this, do nothing."
            )
            % words
        )
    outbox.post(
        invitation.tenant,
        key=f"invitation:{invitation.pk}",
        recipient=invitation.email,
        subject=subject,
        body=body,
        confidential=True,
    )
