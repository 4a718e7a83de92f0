"""Our rules for django-allauth (people), its second factor, its single sign-on, and django-axes (lock-out)."""

import base64
import hashlib
import logging
import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tenants import outbox, services
from tenants.models import Invitation, Tenant, TenantKind, User
from tenants.permissions import memberships
from tenants.scope import acting_for

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by himself; mails leave through the outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        words = {
            "request": self.request,
            "email": email,
            "current_site": {"name": "Kreiszwilling"},
            **context,
        }
        mail = self.render_mail(template_prefix, email, words)
        tenant = _tenant_for_mail_to(email)
        if tenant is None:
            mail.send()
            return
        with acting_for([tenant.pk], [tenant.pk]):
            outbox.post(
                tenant,
                key=f"account:{uuid.uuid4()}",
                recipient=email,
                subject=str(mail.subject),
                body=str(mail.body),
                confidential=True,
            )


def _tenant_for_mail_to(email: str) -> Tenant | None:
    """The outbox belongs to tenants: the person's first, else the county (operators), else none (a new platform)."""
    user = User.objects.filter(email=email.lower()).first()
    own = next(iter(memberships(user)), None) if user else None
    return own or Tenant.objects.filter(kind=TenantKind.COUNTY).first()


class SocialAdapter(DefaultSocialAccountAdapter):
    """Single sign-on is for people who are known or invited; the sign-on service must have verified the address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        verified = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
        now = timezone.now()
        return any(one.is_open(now) for one in Invitation.objects.filter(email__in=verified))

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        user: User = sociallogin.user
        user.email = str(data.get("email") or "").lower()
        user.name = str(data.get("name") or user.email)[:150]
        return user

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        user: User = super().save_user(request, sociallogin, form)
        services.join_invited(user)
        return user


class MfaAdapter(DefaultMFAAdapter):
    """Secrets of the second factor lie encrypted in the database, so that a copy of it opens no account."""

    @property
    def _cipher(self) -> Fernet:
        digest = hashlib.sha256(b"second factor:" + settings.SECRET_KEY.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(digest))

    def encrypt(self, text: str) -> str:
        return self._cipher.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._cipher.decrypt(encrypted_text.encode()).decode()


def client_ip(request: HttpRequest) -> str | None:
    """The visitor's address; X-Forwarded-For is believed as far as KZ_TRUSTED_PROXIES says. For axes."""
    address: str | None = get_client_ip(request)
    return address


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: Any) -> HttpResponse:
    """What somebody sees after too many wrong passwords; the same whether the account exists or not."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "tenants/locked_out.html", {"minutes": minutes}, status=429)
