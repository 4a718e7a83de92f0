import pytest

from tenants.models import Tenant, User
from tenants.roles import Role
from tests.factories.tenants import TenantFactory, member


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create()
    return found


@pytest.fixture
def planner(tenant: Tenant) -> User:
    return member(tenant, Role.PLANNER)
