"""A town with public trees, as everybody meets them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from tenants.models import Tenant
from tests.factories.catalogue import make_dataset
from tests.factories.tenants import TenantFactory
from twin.catalogue.models import Dataset

TREES = "/ogc/collections/stadt.baeume"


@dataclass
class Town:
    tenant: Tenant
    trees: Dataset


@pytest.fixture
def town(db: None) -> Town:
    """Seven trees, number 0 to 6, in a row from west to east."""
    tenant = TenantFactory.create(slug="stadt", name="Stadt")
    return Town(tenant, make_dataset(tenant, public=True, features=7, slug="baeume"))


Ask = Callable[..., Any]


@pytest.fixture
def ask(client: Client) -> Ask:
    """JSON of an address, which must answer with `status`; parameters with _ for -."""

    def _ask(path: str, *, status: int = 200, **parameters: Any) -> Any:
        query = {name.replace("_", "-"): value for name, value in parameters.items()}
        response = client.get(path, query)
        assert response.status_code == status, response.content[:500]
        return response.json()

    return _ask


def keys(answer: Any) -> list[str]:
    return [one["id"] for one in answer["features"]]
