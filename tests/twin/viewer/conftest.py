from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core.cache import cache

from tenants.models import Tenant
from tests.factories.services import Service, serving
from tests.factories.tenants import TenantFactory


@pytest.fixture
def tenant(db: None) -> Tenant:
    cache.clear()
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen")
    return found


@pytest.fixture
def service(settings: LazySettings) -> Iterator[Service]:
    with serving() as found:
        settings.TRUSTED_HOSTS = [found.host]
        yield found
