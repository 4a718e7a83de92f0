"""Private files in a bucket, which a real server of the S3 protocol keeps: whole there, a copy of what is in use on disk."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import boto3
import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from moto.server import ThreadedMotoServer
from rest_framework.request import Request

from tenants import backup, bucket, files
from tenants.errors import FilesUnreachable
from tenants.models import PrivateFile, Tenant
from tenants.scope import acting_for
from tests.factories.tenants import TenantFactory
from twin import api, environment

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[ThreadedMotoServer]:
    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    urlopen(f"http://{host}:{port}/moto-api/reset", data=b"")  # its buckets outlive it within a process
    yield server
    server.stop()


@pytest.fixture
def held(server: ThreadedMotoServer, settings: LazySettings) -> "Held":
    host, port = server.get_host_and_port()
    address = f"s3://key:a%2Fb@{host}:{port}/kreis/files?tls=false&region=eu-central-1"
    found = environment.read({"KZ_FILES_URL": address})["KZ_FILES_URL"]
    settings.STORAGES = {
        **settings.STORAGES,
        bucket.ALIAS: {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": found},
    }
    return Held(found)


class Held:
    """What the bucket holds, asked past the product."""

    def __init__(self, options: dict[str, str]) -> None:
        client = boto3.client(
            "s3",
            endpoint_url=options["endpoint_url"],
            aws_access_key_id=options["access_key"],
            aws_secret_access_key=options["secret_key"],
            region_name=options["region_name"],
        )
        assert options["secret_key"] == "a/b"
        client.create_bucket(Bucket="kreis", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        self.client = client

    def __call__(self) -> dict[str, bytes]:
        listed = self.client.list_objects_v2(Bucket="kreis").get("Contents", [])
        return {
            each["Key"]: self.client.get_object(Bucket="kreis", Key=each["Key"])["Body"].read()
            for each in listed
        }


@pytest.fixture
def tenant() -> Tenant:
    return TenantFactory.create()


def stored(tenant: Tenant, text: bytes = b"content") -> PrivateFile:
    with acting_for([tenant.pk], [tenant.pk]):
        return files.store([text], tenant=tenant, name="a.pdf", content_type="application/pdf")


def aged(path: Path) -> None:
    long_ago = time.time() - 30 * 86_400
    os.utime(path, (long_ago, long_ago))


def test_file_lies_in_the_bucket_and_comes_back_when_it_is_not_on_disk(tenant: Tenant, held: Held) -> None:
    row = stored(tenant)
    assert held() == {f"files/{tenant.pk}/{row.public_id}": b"content"}
    path = files.path_of(row)
    path.unlink()
    response = files.serve(row)
    assert b"".join(response.streaming_content) == b"content"  # type: ignore[arg-type]
    response.close()
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.django_db(transaction=True)
def test_removed_file_leaves_the_bucket_with_the_commit(tenant: Tenant, held: Held) -> None:
    row = stored(tenant)
    with acting_for([tenant.pk], [tenant.pk]):
        files.remove(row)
        assert len(held()) == 1
    assert held() == {}


@pytest.mark.django_db(transaction=True)
def test_failed_act_leaves_nothing_in_the_bucket(tenant: Tenant, held: Held) -> None:
    with (
        pytest.raises(ValueError, match="failed"),
        files.kept_only_on_success(),
        acting_for([tenant.pk], [tenant.pk]),
    ):
        files.store([b"inner"], tenant=tenant, name="inner", content_type="text/plain")
        raise ValueError("failed")
    assert held() == {}
    assert not PrivateFile.objects.exists()


def test_night_takes_orphans_and_unused_copies_and_brings_what_the_bucket_lacks(
    tenant: Tenant, held: Held
) -> None:
    used, unused, only_here = (stored(tenant, text) for text in (b"used", b"unused", b"only here"))
    folder = files.path_of(used).parent
    held.client.delete_object(Bucket="kreis", Key=f"files/{tenant.pk}/{only_here.public_id}")
    held.client.put_object(Bucket="kreis", Key=f"files/{tenant.pk}/orphan", Body=b"orphan")
    for row in (unused, only_here):
        aged(folder / str(row.public_id))
    assert files.remove_orphans(tenant.pk, older_than=time.time() + 60) == 1
    assert sorted(held().values()) == [b"only here", b"unused", b"used"]
    assert {path.name for path in folder.iterdir()} == {str(used.public_id), str(only_here.public_id)}
    assert files.path_of(unused).read_bytes() == b"unused"


def test_file_in_use_stays_on_disk(tenant: Tenant, held: Held) -> None:
    row = stored(tenant)
    aged(files.path_of(row))
    files.path_of(row)
    files.remove_orphans(tenant.pk, older_than=time.time())
    assert bucket.bucket() is not None
    assert [path.name for path in files.path_of(row).parent.iterdir()] == [str(row.public_id)]


@pytest.mark.django_db(transaction=True)
def test_bucket_that_does_not_answer_keeps_no_row_and_says_so(
    tenant: Tenant, held: Held, server: ThreadedMotoServer, client: Client
) -> None:
    assert client.get("/readyz").json()["parts"]["files"] == "ok"
    row = stored(tenant)
    files.path_of(row).unlink()
    server.stop()
    with pytest.raises(FilesUnreachable):
        stored(tenant)
    with acting_for([tenant.pk], [tenant.pk]):
        assert PrivateFile.objects.count() == 1
    with pytest.raises(FilesUnreachable):
        files.path_of(row)
    assert client.get("/readyz").json()["parts"]["files"] == "unreachable"


def test_page_and_api_say_that_the_files_are_out_of_reach(rf: RequestFactory) -> None:
    error = FilesUnreachable("Could not connect to http://10.0.0.7:9000")
    page = api.ErrorPages(lambda request: HttpResponse()).process_exception(rf.get("/"), error)
    assert page is not None
    answer = api.handle(error, {"request": Request(rf.get("/"))})
    assert answer is not None
    assert (page.status_code, answer.status_code) == (503, 503)
    assert "in einigen Minuten" in page.content.decode()
    assert "in einigen Minuten" in answer.data["detail"]
    assert "10.0.0.7" not in f"{page.content.decode()} {answer.data}"


@pytest.mark.django_db(transaction=True)
def test_backup_leaves_the_files_to_the_bucket(tenant: Tenant, held: Held, tmp_path: Path) -> None:
    stored(tenant)
    manifest = backup.backup(tmp_path / "backup.tar")
    assert [name for name in manifest.members if name.startswith("private/")] == []
