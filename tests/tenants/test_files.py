"""Private files: counted, removed with the act that fails, served so that a browser never runs them."""

import hashlib
import io
import os
import time
from pathlib import Path

import pytest

from tenants import files
from tenants.errors import QuotaExceeded
from tenants.models import PrivateFile, Tenant
from tenants.scope import acting_for
from tests.factories.tenants import TenantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> Tenant:
    return TenantFactory.create()


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_stored_file_has_size_hash_and_a_bare_name(tenant: Tenant) -> None:
    with acting_for([tenant.pk], [tenant.pk]):
        row = files.store(
            io.BytesIO(b"content"), tenant=tenant, name="../../etc/passwd", content_type="text/plain"
        )
    assert (row.name, row.size, row.sha256) == ("passwd", 7, hashlib.sha256(b"content").hexdigest())
    assert files.path_of(row).read_bytes() == b"content"
    assert files.path_of(row).stat().st_mode & 0o077 == 0


def test_quota_refuses_and_keeps_nothing(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(files, "QUOTA_BYTES", 10)
    with acting_for([tenant.pk], [tenant.pk]):
        files.store([b"12345678"], tenant=tenant, name="a", content_type="text/plain")
        with pytest.raises(QuotaExceeded):
            files.store([b"12", b"3"], tenant=tenant, name="b", content_type="text/plain")
        assert PrivateFile.objects.count() == 1
    assert len(on_disk(tmp_path)) == 1


def test_files_of_a_failed_act_are_removed_and_others_kept(tenant: Tenant, tmp_path: Path) -> None:
    with acting_for([tenant.pk], [tenant.pk]):
        with files.kept_only_on_success():
            kept = files.store([b"kept"], tenant=tenant, name="kept", content_type="text/plain")
        with pytest.raises(ValueError, match="failed"), files.kept_only_on_success():
            with files.kept_only_on_success():
                files.store([b"inner"], tenant=tenant, name="inner", content_type="text/plain")
            raise ValueError("failed")
    assert on_disk(tmp_path) == [files.path_of(kept)]


@pytest.mark.django_db(transaction=True)
def test_committed_file_stays_whatever_fails_later(tenant: Tenant, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="later"), files.kept_only_on_success():
        with acting_for([tenant.pk], [tenant.pk]):
            kept = files.store([b"kept"], tenant=tenant, name="kept", content_type="text/plain")
        raise ValueError("later")
    assert on_disk(tmp_path) == [files.path_of(kept)]


def test_interrupted_upload_leaves_nothing(tenant: Tenant, tmp_path: Path) -> None:
    def cut_off() -> object:
        yield b"half"
        raise ConnectionResetError

    with acting_for([tenant.pk], [tenant.pk]), pytest.raises(ConnectionResetError):
        files.store(cut_off(), tenant=tenant, name="x", content_type="text/plain")  # type: ignore[arg-type]
    assert on_disk(tmp_path) == []


def test_orphans_are_removed_even_without_a_scope(tenant: Tenant, tmp_path: Path) -> None:
    with acting_for([tenant.pk], [tenant.pk]):
        kept = files.store([b"kept"], tenant=tenant, name="kept", content_type="text/plain")
    folder = files.path_of(kept).parent
    (folder / "orphan").write_bytes(b"")
    (folder / "young").write_bytes(b"")
    long_ago = time.time() - 1000
    for path in (files.path_of(kept), folder / "orphan"):
        os.utime(path, (long_ago, long_ago))
    assert files.remove_orphans(tenant.pk, older_than=time.time() - 500) == 1
    assert set(on_disk(tmp_path)) == {files.path_of(kept), folder / "young"}


@pytest.mark.parametrize(
    ("content_type", "download", "disposition"),
    [
        ("application/pdf", False, "inline"),
        ("application/pdf", True, "attachment"),
        ("text/html", False, "attachment"),
        ("image/svg+xml", False, "attachment"),
        ("application/xml", False, "attachment"),
    ],
)
def test_served_file_cannot_run(tenant: Tenant, content_type: str, download: bool, disposition: str) -> None:
    with acting_for([tenant.pk], [tenant.pk]):
        row = files.store([b"<script>"], tenant=tenant, name="n", content_type=content_type)
    response = files.serve(row, download=download)
    assert response["Content-Disposition"].split(";")[0] == disposition
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    assert b"".join(response.streaming_content) == b"<script>"  # type: ignore[arg-type]
    response.close()


def test_only_public_files_may_be_cached(tenant: Tenant) -> None:
    with acting_for([tenant.pk], [tenant.pk]):
        row = files.store([b"x"], tenant=tenant, name="n", content_type="application/pdf")
    row.is_public = True
    response = files.serve(row)
    assert response["Cache-Control"] == "public, no-cache"
    response.close()
