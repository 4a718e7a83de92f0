"""The demo's invented people, one for every role. Their common password is public: it is shown on the demo's login page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from tenants.models import Tenant, User
from tenants.roles import Role

PASSWORD = "Demo-Kreiszwilling-2026"  # noqa: S105 - public on purpose; seed_demo refuses to run outside a demo
DOMAIN = "demo.example"  # reserved, no mail ever gets there
TOWN_ROLES = (Role.MUNICIPAL_ADMIN, Role.PLANNER, Role.EDITOR, Role.MODERATOR)


@dataclass(frozen=True, slots=True)
class Person:
    """A demo login. tenant: slug; empty for people outside all administrations. also: further tenants where they hold the
    same roles. part: what the login page calls it."""

    login: str
    name: str
    part: StrPromise
    tenant: str = ""
    roles: tuple[Role, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.login}@{DOMAIN}"


PEOPLE = (
    Person(
        "kreis.leitung",
        "Kerstin Landgraf",
        _("County administrator"),
        "landkreis-meissen",
        (Role.COUNTY_ADMIN,),
    ),
    Person(
        "kreis.analyse", "Armin Zöllner", _("County analyst"), "landkreis-meissen", (Role.COUNTY_ANALYST,)
    ),
    Person(
        "meissen.leitung", "Sibylle Hofmann", _("Municipal administrator"), "meissen", (Role.MUNICIPAL_ADMIN,)
    ),
    Person("meissen.planung", "Robert Engelke", _("Planner"), "meissen", (Role.PLANNER,)),
    Person("meissen.redaktion", "Yvonne Tietz", _("Editor"), "meissen", (Role.EDITOR,)),
    Person("meissen.moderation", "Falk Barthel", _("Moderator"), "meissen", (Role.MODERATOR,)),
    Person("riesa.planung", "Ines Pohl", _("Planner"), "riesa", (Role.PLANNER,)),
    Person("grossenhain.planung", "Mirko Säuberlich", _("Planner"), "grossenhain", (Role.PLANNER,)),
    Person("radebeul.planung", "Dörte Kaminski", _("Planner"), "radebeul", (Role.PLANNER,)),
    Person("coswig.planung", "Holger Nitzsche", _("Planner"), "coswig", (Role.PLANNER,)),
    Person(
        "nuenchritz.planung",
        "Uta Hempel",
        _("Planner of a Verwaltungsgemeinschaft"),
        "vg-nuenchritz",
        (Role.PLANNER,),
    ),
    Person("hirschstein.alles", "Enrico Wolf", _("One person with all roles"), "hirschstein", TOWN_ROLES),
    Person(
        "elbtal.planung",
        "Jutta Reichelt",
        _("Planner in two municipalities"),
        "coswig",
        (Role.PLANNER,),
        also=("weinboehla",),
    ),
    Person("buero", "Planungsbüro Weitblick", _("External planner of one plan")),
    Person("toeb", "Wasserverband Elbland", _("Body (Träger öffentlicher Belange)")),
    Person("buerger", "Lieselotte Krause", _("Citizen")),
)


def planner_of(tenant: str) -> User:
    """The demo planner of a tenant. Raises StopIteration where the demo has none."""
    person = next(p for p in PEOPLE if p.tenant == tenant and Role.PLANNER in p.roles)
    return User.objects.get(email=person.email)


def logins() -> list[dict[str, str]]:
    """What the demo's login page shows; empty where this is no demo or it was not seeded yet."""
    if not settings.DEMO:
        return []
    there = set(User.objects.filter(email__in=_emails(PEOPLE)).values_list("email", flat=True))
    names = dict(Tenant.objects.values_list("slug", "name"))
    return [
        {
            "email": p.email,
            "name": p.name,
            "part": str(p.part),
            "town": ", ".join(names[slug] for slug in (p.tenant, *p.also) if slug),
            "password": PASSWORD,
        }
        for p in PEOPLE
        if p.email in there
    ]


def _emails(people: Iterable[Person]) -> list[str]:
    return [person.email for person in people]
