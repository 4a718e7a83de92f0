"""People and tenants for tests."""

from typing import Any

import factory
from django.contrib.auth.models import Group

from tenants.models import Membership, Tenant, TenantKind, User
from tenants.roles import Role


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password("correct horse battery")


class GroupFactory(factory.django.DjangoModelFactory[Group]):
    class Meta:
        model = Group

    name = factory.Sequence(lambda n: f"tenant:{n}")


class TenantFactory(factory.django.DjangoModelFactory[Tenant]):
    class Meta:
        model = Tenant

    kind = TenantKind.MUNICIPALITY
    name = factory.Sequence(lambda n: f"Gemeinde {n}")
    slug = factory.Sequence(lambda n: f"gemeinde-{n}")
    ags = factory.Sequence(lambda n: f"14999{n % 1000:03d}")
    ars = factory.Sequence(lambda n: f"146270{n % 1000000:06d}")
    group = factory.SubFactory(GroupFactory)


def county(**fields: Any) -> Tenant:
    return TenantFactory.create(
        kind=TenantKind.COUNTY, name="Landkreis", slug="landkreis", ags="14627", ars="14627", **fields
    )


def member(tenant: Tenant, *roles: Role, **fields: Any) -> User:
    """A new person with these roles in the tenant."""
    user: User = UserFactory.create(**fields)
    for role in roles:
        Membership.objects.create(user=user, tenant=tenant, role=role)
    return user
