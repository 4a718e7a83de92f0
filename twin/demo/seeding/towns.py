"""Tenants and people of the demo."""

from datetime import date

from django.contrib.auth.hashers import make_password
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from shapely import Polygon

from tenants.models import Membership, Tenant, TenantKind, User
from tenants.roles import Role
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
    """The county, its Verwaltungsgemeinschaften and municipalities; what is there stays as it is."""
    _tenant(
        COUNTY_SLUG,
        kind=TenantKind.COUNTY,
        name="Landkreis Meißen",
        ags=COUNTY_KEY,
        ars=COUNTY_KEY,
        boundary=_boundary(county()),
        population=sum(place.population for place in places()),
    )
    for name in sorted({place.association for place in places()} - {""}):
        _association(name)
    for index, career in enumerate(careers(places())):
        _municipality(
            career.place,
            colour=COLOURS[index % len(COLOURS)],
            onboarded=onboarded_on(career, on=on),
            trained=trained_on(career, on=on),
        )


def _tenant(slug: str, **fields: object) -> Tenant:
    there = Tenant.objects.filter(slug=slug).first()
    return there or Tenant.objects.create_with_group(slug=slug, contact=CONTACT, **fields)


def _association(name: str) -> Tenant:
    members = [place for place in places() if place.association == name]
    return _tenant(
        association_slug(name),
        kind=TenantKind.ASSOCIATION,
        name=f"Verwaltungsgemeinschaft {name}",
        ars=members[0].ars[:ASSOCIATION_DIGITS],
    )


def _municipality(place: Place, *, colour: str, onboarded: date, trained: date | None) -> Tenant:
    slug = association_slug(place.association)
    return _tenant(
        slug_of(place.name),
        kind=TenantKind.MUNICIPALITY,
        name=place.name,
        ags=place.ags,
        ars=place.ars,
        association=Tenant.objects.get(slug=slug) if place.association else None,
        boundary=_boundary(boundaries()[place.ags]),
        population=place.population,
        colour=colour,
        onboarded_on=onboarded,
        trained_on=trained,
    )


def _boundary(area: Polygon) -> MultiPolygon:
    return MultiPolygon(GEOSGeometry(memoryview(area.wkb)), srid=25833)


def seed_people() -> None:
    """A login for every role, and two colleagues without one in every municipality."""
    password = make_password(PASSWORD)
    for person in PEOPLE:
        _login(person, password)
    for place in places():
        for number in (1, 2):
            _colleague(place, number)


def _login(person: Person, password: str) -> None:
    fields = {"name": f"{person.name} (Demo)", "password": password}
    user, _ = User.objects.get_or_create(email=person.email, defaults=fields)
    for role in person.roles:
        Membership.objects.get_or_create(user=user, tenant=Tenant.objects.get(slug=person.tenant), role=role)


def colleague_email(place: Place, number: int) -> str:
    return f"{slug_of(place.name)}.amt{number}@{DOMAIN}"


def _colleague(place: Place, number: int) -> None:
    fields = {"name": f"Amt {number} {place.name} (Demo)", "password": make_password(None)}
    user, _ = User.objects.get_or_create(email=colleague_email(place, number), defaults=fields)
    tenant = Tenant.objects.get(ags=place.ags)
    Membership.objects.get_or_create(user=user, tenant=tenant, role=Role.PLANNER)
