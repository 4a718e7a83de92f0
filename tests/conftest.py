"""Real PostGIS with the two logins: created and migrated as owner, tested as the app login, behind the wall."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_save
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from tenants.database import become
from tenants.models import Tenant
from tests import baseline
from twin.portal.receivers import tenant_saved

SHARED = Path(settings.BASE_DIR).parent / "shared" / "data"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> dict[str, object]:
    """The owner makes the test database, as a copy of one with all migrations applied."""
    serving = become(settings.OWNER_LOGIN)
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = baseline.template()
    return serving


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_modify_db_settings: dict[str, object], django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    with django_db_blocker.unblock():
        become(django_db_modify_db_settings)
    owner = connection.copy()
    owner.settings_dict.update(settings.OWNER_LOGIN)
    case: Any = TransactionTestCase
    flush = case._fixture_teardown
    # The app login may not empty every table. The owner's session is kept: a new one would have to look at each table first.
    case._fixture_teardown = lambda self: baseline.restore(owner)
    yield
    case._fixture_teardown = flush
    with django_db_blocker.unblock():
        owner.close()
        baseline.end_other_sessions()
        become(settings.OWNER_LOGIN)


@pytest.fixture(autouse=True, scope="session")
def _no_sites() -> Iterator[None]:
    """A town's part of the public front is some thirty rows of Wagtail's, which hardly a test looks at."""
    post_save.disconnect(tenant_saved, sender=Tenant)
    yield
    post_save.connect(tenant_saved, sender=Tenant)


@pytest.fixture
def with_sites() -> Iterator[None]:
    """For tests that do: as in the product, each town and the county gets its pages when it is committed."""
    post_save.connect(tenant_saved, sender=Tenant)
    yield
    post_save.disconnect(tenant_saved, sender=Tenant)


@pytest.fixture(autouse=True)
def _own_folders(settings: LazySettings, tmp_path: Path) -> None:
    """No test writes into the data of the checkout, needs built static files, or asks for a slow password hash."""
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STATIC_ROOT = tmp_path  # WhiteNoise warns of a folder that is not there
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.delete("generation:portal-frames")  # what surrounds a town's pages would outlive the test's rows
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real files nobody here wrote; a test that needs them is skipped where they are not."""
    if not SHARED.is_dir():
        pytest.skip("the shared test data is not beside this checkout")
    return SHARED


@pytest.fixture
def serving_role(db: None) -> str:
    """Name of the login the test runs as; a guard that the wall is really in the way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        return str(cursor.fetchone()[0])
