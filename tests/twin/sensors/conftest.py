"""A tenant; PEGELONLINE and LfULG on this machine."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from tenants.models import Tenant
from tests.factories.services import Service, serving
from tests.factories.tenants import TenantFactory

DATA = Path(__file__).parents[2] / "data" / "gauges"
ANSWERS = {
    "/stations/501060.json": "station.json",
    "/stations/501060/W/measurements.json": "w.json",
    "/stations/501060/Q/measurements.json": "q.json",
    "/stations/501060/WV/measurements.json": "wv.json",
    "/query": "lfulg.json",
}


@pytest.fixture
def tenant(db: None) -> Tenant:
    return TenantFactory.create()


@pytest.fixture
def federal(settings: LazySettings) -> Iterator[Service]:
    with serving() as service:
        settings.TRUSTED_HOSTS = [service.host]
        settings.PEGELONLINE_URL = settings.LFULG_URL = service.url
        service.answers |= {path: json.loads((DATA / name).read_text()) for path, name in ANSWERS.items()}
        yield service
