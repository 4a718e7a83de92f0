"""Tenants and people of the demo."""

from datetime import date
from functools import cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from shapely import Polygon

from tenants.models import Membership, Tenant, TenantKind, User
from tenants.roles import Role
from tenants.services import create_tenant
from twin.demo.geography import Place, boundaries, county, places
from twin.demo.history import careers, onboarded_on, trained_on
from twin.demo.people import DOMAIN, PASSWORD, PEOPLE, Person

COUNTY_SLUG = "landkreis-meissen"
COUNTY_KEY = "14627"
CONTACT = "Dies ist eine Demo. Bitte wenden Sie sich mit echten Anliegen an Ihre Verwaltung."
COLOURS = ("#1a4b7a", "#7a1f2b", "#1f5c3a", "#5a3a7a", "#7a4a12", "#0f5c66", "#4a4a12")
ASSOCIATION_DIGITS = 9  # of the ARS: a Verwaltungsgemeinschaft's own key begins those of its members
LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def slug_of(name: str) -> str:
    return name.lower().translate(LETTERS).replace(" ", "-")


def association_slug(name: str) -> str:
    return f"vg-{slug_of(name)}"


def seed_tenants(on: date) -> None:
    """The county as its operator sets it up, then its administrator sets up the others; what is there stays as it is."""
    kreis = _county()
    admin = _login(PEOPLE[0])
    for name in sorted({place.association for place in places()} - {""}):
        if not Tenant.objects.filter(slug=association_slug(name)).exists():
            create_tenant(_association(name), by=kreis, actor=admin)
    for index, career in enumerate(careers(places())):
        if Tenant.objects.filter(slug=slug_of(career.place.name)).exists():
            continue  # before its boundary is computed, which takes a second
        facts = _municipality(career.place, colour=COLOURS[index % len(COLOURS)])
        dates = {"onboarded_on": onboarded_on(career, on=on), "trained_on": trained_on(career, on=on)}
        create_tenant(facts | dates, by=kreis, actor=admin)


def _county() -> Tenant:
    there = Tenant.objects.filter(slug=COUNTY_SLUG).first()
    return there or Tenant.objects.create_with_group(
        slug=COUNTY_SLUG,
        kind=TenantKind.COUNTY,
        name="Landkreis Meißen",
        ags=COUNTY_KEY,
        ars=COUNTY_KEY,
        boundary=_boundary(county()),
        population=sum(place.population for place in places()),
        contact=CONTACT,
    )


def _association(name: str) -> dict[str, object]:
    members = [place for place in places() if place.association == name]
    return {
        "slug": association_slug(name),
        "kind": TenantKind.ASSOCIATION,
        "name": f"Verwaltungsgemeinschaft {name}",
        "ars": members[0].ars[:ASSOCIATION_DIGITS],
        "contact": CONTACT,
    }


def _municipality(place: Place, *, colour: str) -> dict[str, object]:
    slug = association_slug(place.association)
    return {
        "slug": slug_of(place.name),
        "kind": TenantKind.MUNICIPALITY,
        "name": place.name,
        "ags": place.ags,
        "ars": place.ars,
        "association": Tenant.objects.get(slug=slug) if place.association else None,
        "boundary": _boundary(boundaries()[place.ags]),
        "population": place.population,
        "colour": colour,
        "contact": CONTACT,
    }


def _boundary(area: Polygon) -> MultiPolygon:
    return MultiPolygon(GEOSGeometry(memoryview(area.wkb)), srid=25833)


def seed_people() -> None:
    """A login for every role, and two colleagues without one in every municipality."""
    for person in PEOPLE:
        _login(person)
    for place in places():
        for number in (1, 2):
            _colleague(place, number)


@cache
def _password() -> str:
    return make_password(PASSWORD)


def _login(person: Person) -> User:
    fields = {"name": f"{person.name} (Demo)", "password": _password}  # called where the login is new
    user, _ = User.objects.get_or_create(email=person.email, defaults=fields)
    # As after an invitation: without a proven address nobody sets up a second factor.
    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    for tenant in Tenant.objects.filter(slug__in=(person.tenant, *person.also)):
        for role in person.roles:
            Membership.objects.get_or_create(user=user, tenant=tenant, role=role)
    return user


def colleague_email(place: Place, number: int) -> str:
    return f"{slug_of(place.name)}.amt{number}@{DOMAIN}"


def _colleague(place: Place, number: int) -> None:
    fields = {"name": f"Amt {number} {place.name} (Demo)", "password": make_password(None)}
    user, _ = User.objects.get_or_create(email=colleague_email(place, number), defaults=fields)
    tenant = Tenant.objects.get(ags=place.ags)
    Membership.objects.get_or_create(user=user, tenant=tenant, role=Role.PLANNER)
