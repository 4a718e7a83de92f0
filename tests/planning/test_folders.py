"""Folders of plan files on the command line: a verdict for each, a log to go on from, a process that may die."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from planning.folders import Log, Unit, files_below, run
from planning.models import Plan
from tenants.models import Tenant
from tenants.scope import acting_for
from tests.factories import xplanung as samples
from tests.factories.tenants import TenantFactory

V = "6.0"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two good files, two bad ones, an archive of two, and what is no plan."""
    place = tmp_path / "plans"
    (place / "sub").mkdir(parents=True)
    (place / "1.gml").write_bytes(samples.simple_plan(V))
    (place / "2.GML").write_bytes(b"no xml")
    (place / "sub" / "3.xml").write_bytes(samples.simple_plan("5.4"))
    (place / "broken.zip").write_bytes(b"PK\x03\x04")
    with zipfile.ZipFile(place / "two.zip", "w") as archive:
        archive.writestr("a.gml", samples.simple_plan("5.0"))
        archive.writestr("b.gml", b"<a/>")
    (place / "readme.txt").write_text("no plan")
    (place / ".hidden.gml").write_bytes(b"no plan")
    return place


NAMES = ["1.gml", "2.GML", "broken.zip", "sub/3.xml", "two.zip/a.gml", "two.zip/b.gml"]


def size(unit: Unit) -> Mapping[str, Any]:
    """Work for the process beside; one file brings it down, another one makes it raise."""
    if unit.name.endswith("1.gml"):
        os.kill(os.getpid(), signal.SIGKILL)
    if unit.name.endswith("3.xml"):
        raise ValueError("boom")
    return {"size": unit.delivery.path.stat().st_size}


def test_a_file_that_kills_the_process_stops_no_other(folder: Path, tmp_path: Path) -> None:
    found = list(run(files_below([folder]), size, log=Log(tmp_path / "log.jsonl")))
    assert [str(Path(each["file"]).relative_to(folder)) for each in found] == NAMES
    kinds = ["crashed" if "crashed" in each else "size" if "size" in each else "refused" for each in found]
    assert kinds == ["crashed", "size", "refused", "crashed", "size", "size"]
    assert found[3]["crashed"] == "ValueError: boom"


def test_a_second_run_goes_on_from_the_log(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    first = list(run(files_below([folder]), size, log=Log(log)))
    lines = log.read_text().splitlines()
    log.write_text(
        "\n".join([*lines[:4], lines[4][: len(lines[4]) // 2]])
    )  # killed while it wrote the fifth line
    (folder / "2.GML").write_bytes(b"changed")
    second = list(run(files_below([folder]), size, log=Log(log)))
    assert [each["file"] for each in second] == [each["file"] for each in first]
    assert second[1]["size"] == len(b"changed")
    assert [json.loads(line)["file"] for line in log.read_text().splitlines()[5:]] == [
        first[1]["file"],
        first[4]["file"],
        first[5]["file"],
    ]


def test_files_that_are_not_there_have_a_verdict(tmp_path: Path) -> None:
    (record,) = run([tmp_path / "nowhere.gml"], size, log=Log(tmp_path / "log.jsonl"))
    assert [each["rule"] for each in record["findings"]] == ["file.unreadable"]


def test_validation_of_a_folder(folder: Path, tmp_path: Path) -> None:
    log, out = tmp_path / "log.jsonl", io.StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("validate_plan", str(folder), "--batch", str(log), "--json", stdout=out)
    assert failure.value.returncode == 1
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [str(Path(each["file"]).relative_to(folder)) for each in told] == NAMES
    assert [each["valid"] for each in told] == [True, False, False, True, True, False]
    again = io.StringIO()
    with pytest.raises(CommandError):
        call_command("validate_plan", str(folder), "--batch", str(log), "--json", stdout=again)
    assert again.getvalue() == out.getvalue()
    assert len(log.read_text().splitlines()) == len(NAMES)


@pytest.mark.django_db(transaction=True)
def test_import_of_a_folder(folder: Path, tmp_path: Path) -> None:
    tenant: Tenant = TenantFactory.create(slug="meissen", ags="14627140")
    log = tmp_path / "log.jsonl"
    parameters = connection.settings_dict
    environ = {**os.environ, "DATABASE_URL": f"postgis://{parameters['USER']}@/{parameters['HOST']}/{parameters['NAME']}", "KZ_DATA_DIR": str(tmp_path / "data")}  # fmt: skip
    command = [
        sys.executable,
        "manage.py",
        "import_plan",
        str(folder),
        "--tenant",
        "meissen",
        "--new",
        "--batch",
        str(log),
    ]
    for _ in range(2):
        done = subprocess.run(command, cwd=settings.BASE_DIR, env=environ, capture_output=True, text=True)
        assert done.returncode == 1, done.stderr
        told = [json.loads(line) for line in done.stdout.splitlines()]
        assert [each["ok"] for each in told] == [True, False, False, True, True, False]
    assert len(log.read_text().splitlines()) == len(NAMES)
    with acting_for([tenant.pk]):
        assert Plan.objects.count() == 3
    shutil.rmtree(tmp_path / "data")
