"""Operators' view of tenants and people: facts and boundaries, each change recorded. What lies behind the wall is not here."""

from typing import Any, ClassVar

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from leaflet.admin import LeafletGeoAdminMixin

from tenants import events
from tenants.models import EmergencyAccess, HostName, Membership, Tenant, TenantKind, User
from tenants.scope import acting_for


class Recorded(admin.ModelAdmin[Any]):
    """Writes into the audit of the tenant concerned (`tenant_of`) what was changed."""

    def tenant_of(self, thing: Any) -> Tenant | None:
        return thing.tenant  # type: ignore[no-any-return]

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm[Any], change: bool) -> None:
        names = [name for name in form.changed_data if hasattr(obj, name)]
        stored = type(obj)._default_manager.filter(pk=obj.pk).first() if change else None
        before = events.state_of(stored, *names) if stored else {}
        super().save_model(request, obj, form, change)
        self._record(request, obj, before, events.state_of(obj, *names))

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self._record(request, obj, {"label": str(obj)}, {})
        super().delete_model(request, obj)

    def _record(self, request: HttpRequest, obj: Any, before: dict[str, Any], after: dict[str, Any]) -> None:
        tenant = self.tenant_of(obj) or Tenant.objects.filter(kind=TenantKind.COUNTY).first()
        if tenant is None:
            return  # a platform before its first tenant
        with acting_for([tenant.pk], [tenant.pk]):
            events.audit(
                "administer",
                tenant_id=tenant.pk,
                thing=obj,
                actor=request.user if isinstance(request.user, User) else None,
                before=before,
                after=after,
            )

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No action on many rows at once: it would pass by the record."""
        return {}


@admin.register(Tenant)
class TenantAdmin(LeafletGeoAdminMixin, Recorded):
    list_display = ("name", "kind", "ags", "ars", "active")
    list_filter = ("kind", "active")
    search_fields = ("name", "ags", "ars")
    exclude = ("coat_of_arms",)  # goes through tenants.arms

    def tenant_of(self, thing: Any) -> Tenant | None:
        return thing  # type: ignore[no-any-return]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The map's widget starts with an inline script; the page's nonce lets it pass the Content-Security-Policy."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "boundary" and field is not None:
            field.widget.csp_nonce = str(request.csp_nonce)  # type: ignore[attr-defined]
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        if not change:
            obj.group_id = Tenant.objects.group_for(obj.slug).pk
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(HostName)
class HostNameAdmin(Recorded):
    list_display = ("host", "tenant")
    search_fields = ("host",)


@admin.register(User)
class UserAdmin(Recorded):
    """People are deactivated here, never deleted; roles are given by the tenants."""

    list_display = ("email", "name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser", "is_service")
    search_fields = ("email", "name")
    fields = (
        "email",
        "name",
        "is_active",
        "is_service",
        "is_staff",
        "is_superuser",
        "last_login",
        "date_joined",
    )
    readonly_fields = ("email", "last_login", "date_joined")

    def tenant_of(self, thing: Any) -> Tenant | None:
        return None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(admin.ModelAdmin[Any]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Authenticator)
class AuthenticatorAdmin(Recorded):
    """Only to take one away from somebody who has lost phone and recovery codes; the key itself is not shown."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    search_fields = ("user__email", "user__name")
    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")

    def tenant_of(self, thing: Any) -> Tenant | None:
        return None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    list_display = ("user", "tenant", "role", "since")
    list_filter = ("role",)
    search_fields: ClassVar[Any] = ("user__email", "tenant__name")


@admin.register(EmergencyAccess)
class EmergencyAccessAdmin(ReadOnly):
    list_display = ("operator", "tenant", "reason", "opened_at", "expires_at")
