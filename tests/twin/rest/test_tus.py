"""A large file in pieces (tus 1.0.0) over the REST API, with a token in place of a session."""

import base64
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tenants import files
from tenants.models import Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.tenants import TenantFactory, member
from tests.twin.rest.conftest import API, ask, secret_of
from twin.catalogue.models import Upload

pytestmark = pytest.mark.django_db
DATA = b"name;x;y\nLinde;13,4;51,1\n"
NAME = f"filename {base64.b64encode('bäume.csv'.encode()).decode()}"


def sent(method: str, path: str, *, secret: str, data: bytes = b"", kind: str = "application/offset+octet-stream", **headers: str) -> Any:  # fmt: skip
    """headers: Upload_Offset for Upload-Offset. Tus-Resumable is sent where nothing else is said."""
    named = {"Tus-Resumable": "1.0.0", **{name.replace("_", "-"): value for name, value in headers.items()}}
    named |= {"Authorization": f"Bearer {secret}"} if secret else {}
    return Client().generic(method, path, data, kind if data else "", headers=named)


def begun(secret: str, *, size: int = len(DATA)) -> Any:
    return sent("POST", f"{API}uploads/tus/", secret=secret, Upload_Length=str(size), Upload_Metadata=NAME)


def test_file_comes_in_pieces_and_is_looked_into(town: Tenant, planner: str) -> None:
    answer = begun(planner)
    assert (answer.status_code, answer["Tus-Resumable"]) == (201, "1.0.0")
    address = answer["Location"].removeprefix("http://testserver")
    first = sent("PATCH", address, secret=planner, data=DATA[:10], Upload_Offset="0")
    assert (first.status_code, first["Upload-Offset"], first.has_header("Content-Location")) == (
        204,
        "10",
        False,
    )
    told = sent("HEAD", address, secret=planner)
    assert (told.status_code, told["Upload-Offset"], told["Upload-Length"]) == (200, "10", str(len(DATA)))
    assert "no-store" in told["Cache-Control"]
    wrong = sent("PATCH", address, secret=planner, data=DATA, Upload_Offset="0")
    assert (wrong.status_code, wrong["Tus-Resumable"]) == (409, "1.0.0")
    assert wrong.json()["detail"].startswith("Das Stück schließt nicht an")
    last = sent("PATCH", address, secret=planner, data=DATA[10:], Upload_Offset="10")
    upload = ask(last["Content-Location"], secret=planner)
    assert (upload["name"], upload["received"], upload["job"]["state"]) == ("bäume.csv", len(DATA), "queued")
    with acting_for([town.pk]):
        kept = Upload.objects.select_related("file").get().file
        assert kept is not None
        assert files.path_of(kept).read_bytes() == DATA


def test_what_is_no_piece_is_refused_as_a_problem(town: Tenant, planner: str, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    path = f"{API}uploads/tus/"
    other_version = sent("POST", path, secret=planner, Upload_Length="5", Upload_Metadata=NAME, Tus_Resumable="0.2.2")  # fmt: skip
    assert (other_version.status_code, other_version["Content-Type"]) == (412, "application/problem+json")
    assert list(sent("POST", path, secret=planner, Upload_Metadata=NAME).json()["errors"]) == [
        "Upload-Length"
    ]
    nameless = sent("POST", path, secret=planner, Upload_Length="5", Upload_Metadata="filename ???")
    assert (nameless.status_code, list(nameless.json()["errors"])) == (422, ["Upload-Metadata"])
    assert begun(planner, size=settings.DATASET_MAX_BYTES + 1).status_code == 413
    assert begun(planner, size=0).status_code == 409
    monkeypatch.setattr(files, "QUOTA_BYTES", 4)
    assert town.name in begun(planner).json()["detail"]
    monkeypatch.undo()
    address = begun(planner)["Location"].removeprefix("http://testserver")
    assert sent("PATCH", address, secret=planner, data=DATA, kind="text/plain", Upload_Offset="0").status_code == 415  # fmt: skip
    assert sent("PATCH", address, secret=planner, data=DATA).status_code == 400
    assert sent("HEAD", address, secret=planner)["Upload-Offset"] == "0"


def test_pieces_are_taken_from_own_people_with_the_role_alone(town: Tenant, planner: str) -> None:
    other = TenantFactory.create()
    strangers = {
        404: secret_of(member(other, *Role), other, may_write=True),
        403: secret_of(member(town, Role.MODERATOR), town, may_write=True),
        401: "",
    }
    reading = secret_of(member(town, Role.PLANNER), town)
    address = begun(planner)["Location"].removeprefix("http://testserver")
    for status, secret in strangers.items():
        assert sent("PATCH", address, secret=secret, data=DATA, Upload_Offset="0").status_code == status
        assert sent("HEAD", address, secret=secret).status_code == status
    assert begun(strangers[403]).status_code == 403
    assert begun("").status_code == begun("kz_falsch").status_code == 401
    assert begun(reading).status_code == 403
    assert sent("PATCH", address, secret=reading, data=DATA, Upload_Offset="0").status_code == 403
    assert sent("HEAD", address, secret=planner)["Upload-Offset"] == "0"
    with acting_for([town.pk, other.pk]):
        assert Upload.objects.count() == 1


def test_another_site_learns_how_to_send(db: None) -> None:
    told = Client().options(f"{API}uploads/tus/")
    assert (told.status_code, told["Tus-Version"], told["Tus-Extension"]) == (204, "1.0.0", "creation")
    assert int(told["Tus-Max-Size"]) == settings.DATASET_MAX_BYTES
    assert {"Upload-Offset", "Authorization"} <= set(told["Access-Control-Allow-Headers"].split(", "))
    assert {"Location", "Upload-Offset"} <= set(told["Access-Control-Expose-Headers"].split(", "))
