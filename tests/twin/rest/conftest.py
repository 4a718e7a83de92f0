"""A town with a row of everything, open to the public, and who asks for it."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from tenants import tokens
from tenants.models import PrivateFile, Tenant, User
from tenants.roles import FOR_MUNICIPALITY, Role
from tenants.scope import acting_for
from tests.factories.isolation import World, people_the_world
from tests.factories.tenants import TenantFactory, member
from twin.catalogue.models import Upload

API = "/api/v1/"


@pytest.fixture
def town() -> Tenant:
    return TenantFactory.create(slug="stadt")


@pytest.fixture
def planner(town: Tenant) -> str:
    """What a program of the town's planner signs in with."""
    return secret_of(member(town, Role.PLANNER), town, may_write=True)


@dataclass
class Stage:
    town: Tenant
    person: User
    world: World

    def row(self, label: str) -> Any:
        return self.world.rows[label]


@pytest.fixture
def stage(db: None) -> Stage:
    town = TenantFactory.create(slug="stadt", name="Stadt")
    person = member(town, *FOR_MUNICIPALITY)
    world = people_the_world(town, person, "public")
    with acting_for([town.pk], [town.pk]):
        PrivateFile.objects.exclude(content_type="application/json").update(content_type="application/pdf")
        Upload.objects.update(preview={})  # as before a worker has looked into it
    return Stage(town, person, world)


def secret_of(person: User, town: Tenant | None, *, may_write: bool = False) -> str:
    return tokens.make_token(person, tenant=town, name="Programm", days=30, may_write=may_write)


def ask(path: str, *, secret: str = "", status: int = 200, **query: Any) -> Any:
    """JSON of an address of the API, which must answer with `status`."""
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    response = Client().get(path if path.startswith(("/", "http")) else API + path, query, headers=headers)
    assert response.status_code == status, response.content[:800]
    return response.json()


def act(path: str, body: Any = None, *, secret: str, status: int = 200, method: str = "post") -> Any:
    """JSON of the answer to an act, which must answer with `status`; a body with files goes as a form."""
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    kind = (
        {}
        if isinstance(body, dict) and any(hasattr(one, "read") for one in body.values())
        else {"content_type": "application/json"}
    )
    response = getattr(Client(), method)(API + path, body or {}, headers=headers, **kind)
    assert response.status_code == status, response.content[:800]
    return response.json() if response.content else None
