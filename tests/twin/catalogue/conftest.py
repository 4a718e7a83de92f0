"""A foreign service on this machine, allowed by the operator."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from tenants.models import Tenant
from tests.factories.services import Service, serving
from tests.factories.tenants import TenantFactory


@pytest.fixture
def service(settings: LazySettings) -> Iterator[Service]:
    with serving() as found:
        settings.TRUSTED_HOSTS = [found.host]
        yield found


@pytest.fixture
def tenant(db: None) -> Tenant:
    return TenantFactory.create()
