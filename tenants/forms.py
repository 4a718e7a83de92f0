"""Forms of the staff pages; they give shape and never write."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tenants import acts, services, theming, tokens
from tenants.limits import AtLeast, AtMost
from tenants.models import COLOUR, ROLES, HostName, Tenant, TenantKind, User
from tenants.roles import Role


class DayField(forms.DateField):
    """A day of a legal procedure: years that only a slip of the keys can mean are refused, periods count from it."""

    default_validators = [AtLeast(date(1800, 1, 1)), AtMost(date(2199, 12, 31))]


class RolesField(forms.MultipleChoiceField):
    """The roles that exist in a tenant."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Roles"), widget=forms.CheckboxSelectMultiple, **options)

    def offer(self, tenant: Tenant) -> None:
        offered = services.roles_offered(tenant)
        self.choices = [(value, label) for value, label in ROLES if value in offered]

    def clean(self, value: Any) -> set[Role]:
        return {Role(one) for one in super().clean(value)}


class RolesForm(forms.Form):
    roles = RolesField()

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["roles"]
        if isinstance(field, RolesField):
            field.offer(tenant)


class InvitationForm(RolesForm):
    email = forms.EmailField(label=_("E-mail"))
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    field_order = ("email", "name", "roles")


class RegistrationForm(forms.Form):
    """Name and password of an invited person; the address is the invitation's."""

    name = forms.CharField(label=_("Name"), max_length=150)
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters, for example several words."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if password := values.get("password"):
            try:
                validate_password(password, User(email=self.email, name=values.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return values


class BrandForm(forms.ModelForm[Tenant]):
    upload = forms.FileField(
        label=_("Coat of arms"), required=False, help_text=_("PNG, JPEG or WebP, up to 5 MB.")
    )
    remove_arms = forms.BooleanField(label=_("Remove the coat of arms"), required=False)

    class Meta:
        model = Tenant
        fields = ("name", "colour", "contact")
        widgets = {
            "colour": forms.TextInput(
                attrs={"pattern": "#[0-9A-Fa-f]{6}", "data-kz-colour": _("Choose the colour")}
            )
        }
        help_texts = {"colour": _("# and six digits or letters from A to F, as in #1a4b7a.")}

    def clean_colour(self) -> str:
        colour: str = self.cleaned_data["colour"].lower()
        COLOUR(colour)
        if not theming.is_readable(colour):
            raise ValidationError(
                _("White or black text can't be read on this colour. Choose a darker one."), code="contrast"
            )
        return colour


class HostNameForm(forms.ModelForm[HostName]):
    class Meta:
        model = HostName
        fields = ("host",)


class AuditFilter(forms.Form):
    """Which audit records are shown."""

    q = forms.CharField(label=_("Search"), max_length=100, required=False)
    action = forms.ChoiceField(label=_("What"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput)
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput)

    def __init__(self, *args: Any, actions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["action"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Everything")), *((name, acts.in_words(name)) for name in actions)]


class ProfileForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("name",)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What it is for"),
        max_length=80,
        help_text=_("For example the name of the program that uses it"),
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        choices=[(days, format_lazy("{} {}", days, _("days"))) for days in tokens.LIFETIMES],
        initial=90,
    )
    may_write = forms.BooleanField(
        label=_("The program may change things, too"),
        required=False,
        help_text=_(
            "At the REST API it may then do all that your roles allow, and ask for analyses. Without this, it only reads."
        ),
    )


class TenantForm(forms.ModelForm[Tenant]):
    """Facts that the county keeps of a municipality."""

    class Meta:
        model = Tenant
        fields = (
            "name",
            "slug",
            "kind",
            "ags",
            "ars",
            "association",
            "population",
            "onboarded_on",
            "trained_on",
            "active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField):
            kind.choices = [choice for choice in TenantKind.choices if choice[0] != TenantKind.COUNTY]


class NewTenantForm(TenantForm):
    host = forms.CharField(label=_("Host name"), max_length=253, required=False)
    first_admin = forms.EmailField(
        label=_("E-mail of the first administrator"), required=False, help_text=_("Gets an invitation.")
    )

    class Meta(TenantForm.Meta):
        fields = ("name", "slug", "kind", "ags", "ars", "association", "population")  # type: ignore[assignment]


class FirstAdminForm(forms.Form):
    email = forms.EmailField(label=_("E-mail of the first administrator"))


class EmergencyForm(forms.Form):
    tenant = forms.ModelChoiceField(label=_("Tenant"), queryset=Tenant.objects.none())
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The town reads it in its audit."),
    )
    hours = forms.IntegerField(label=_("Hours"), min_value=1, max_value=24, initial=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["tenant"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Tenant.objects.filter(active=True)
