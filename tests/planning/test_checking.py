"""manage.py validate_plan: reports of files and archives, agreement with a list; no database is needed."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.translation import gettext

from planning.checking import check_file
from tests.factories import xplanung as samples

V = "6.0"
GOOD = samples.simple_plan(V)
BAD = samples.simple_plan(V, samples.area(V, gml_id="BT_2", bereich_id="GONE"))
KEYS = {"file", "valid", "structure_valid", "version", "type", "features", "findings", "capped", "seconds"}
FINDING = {"rule", "condition", "stage", "severity", "message", "gml_id", "line", "point"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.gml").write_bytes(GOOD)
    (tmp_path / "bad.gml").write_bytes(BAD)
    (tmp_path / "cut.gml").write_bytes(GOOD[:700])
    return tmp_path


def run(*arguments: Any) -> tuple[int, list[dict[str, Any]]]:
    """Exit status and the objects printed."""
    out = io.StringIO()
    status = 0
    try:
        call_command("validate_plan", *map(str, arguments), "--json", stdout=out)
    except CommandError as error:
        status = error.returncode
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_file_has_a_report(folder: Path) -> None:
    status, reports = run(folder / "good.gml", folder / "bad.gml", folder / "cut.gml", folder / "gone.gml")
    assert status == 1
    assert [(Path(each["file"]).name, each["valid"], each["structure_valid"]) for each in reports] == [
        ("good.gml", True, True),
        ("bad.gml", False, True),
        ("cut.gml", False, False),
        ("gone.gml", False, False),
    ]
    assert all(set(each) == KEYS for each in reports)
    (dangling,) = [each for each in reports[1]["findings"] if each["rule"] == "reference.unresolved"]
    assert set(dangling) == FINDING
    assert (dangling["stage"], dangling["severity"], dangling["gml_id"]) == ("references", "error", "BT_2")
    assert dangling["line"] > 1
    assert 400_000 <= dangling["point"][0] <= 400_100
    assert [each["findings"][0]["rule"] for each in reports[2:]] == ["xml.truncated", "file.unreadable"]
    assert (
        reports[3]["findings"][0]["message"]
        == "Die Datei ist nicht lesbar (Datei oder Ordner gibt es nicht)."
    )


def test_valid_files_end_in_success_and_words(folder: Path) -> None:
    out = io.StringIO()
    call_command("validate_plan", str(folder / "good.gml"), stdout=out)
    assert out.getvalue().splitlines()[0] == f"{folder / 'good.gml'}: {gettext('valid')} · 6.0 · BP · 3"


def test_archive_has_a_report_for_each_plan_and_knows_its_documents(folder: Path) -> None:
    reference = "<xplan:externeReferenz><xplan:XP_SpezExterneReferenz><xplan:referenzName>B</xplan:referenzName><xplan:referenzURL>b.pdf</xplan:referenzURL></xplan:XP_SpezExterneReferenz></xplan:externeReferenz>"
    plan = samples.plan(V).replace("<xplan:raeumlicherGeltungsbereich>", reference + "<xplan:raeumlicherGeltungsbereich>")  # fmt: skip
    data = samples.document(V, plan, samples.bereich(V), samples.area(V))
    path = folder / "both.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/one.gml", GOOD)
        archive.writestr("two.gml", data)
        archive.writestr("c.pdf", b"%PDF-1.7")
    _, reports = run(path)
    assert [each["file"] for each in reports] == [f"{path}/a/one.gml", f"{path}/two.gml"]
    found = [finding["rule"] for finding in reports[1]["findings"] if finding["stage"] == "documents"]
    assert sorted(found) == ["document.missing", "document.unreferenced"]


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [
        ("damaged.zip", b"PK\x03\x04 and no more", "archive.broken"),
        ("empty.gml", b"", "file.empty"),
        ("steals.gml", b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>', "xml.dtd"),
    ],
)
def test_hostile_file_is_reported(name: str, data: bytes, rule: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    (checked,) = check_file(tmp_path / name)
    assert [(each.rule, each.severity) for each in checked.report.findings] == [(rule, "fatal")]


def test_path_out_of_an_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "out.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../plan.gml", GOOD)
    assert [each["findings"][0]["rule"] for each in run(path)[1]] == ["archive.path"]


def test_verdicts_are_held_against_a_list(folder: Path) -> None:
    listing = folder / "list.csv"
    listing.write_text(
        "# file,verdict,stage\n\ngood.gml,valid\nbad.gml,invalid\nbad.gml,valid,structure\n"
        "bad.gml,invalid,references\ncut.gml,invalid,geometry\ngood.gml,invalid\nbad.gml,valid,references\n",
        encoding="utf-8",
    )
    status, lines = run("--verdicts", listing, folder)
    assert status == 1
    assert [line["agrees"] for line in lines[:-1]] == [True, True, True, True, True, False, False]
    assert lines[-1] == {"files": 7, "agreed": 5, "valid_refused": 1, "invalid_accepted": 1}


@pytest.mark.parametrize("text", ["good.gml", "good.gml,perhaps", "good.gml,valid,everything"])
def test_list_that_makes_no_sense_is_refused(text: str, folder: Path) -> None:
    (folder / "list.csv").write_text(text, encoding="utf-8")
    assert run("--verdicts", folder / "list.csv", folder) == (2, [])


def test_either_files_or_a_list_are_needed(folder: Path) -> None:
    assert run()[0] == 2
    assert run(folder / "good.gml", "--verdicts", folder, folder)[0] == 2


@pytest.mark.slow
def test_command_works_without_a_database(folder: Path) -> None:
    """In a process of its own whose database nobody serves."""
    environment = {"DATABASE_URL": "postgis://nobody@127.0.0.1:1/none", "KZ_SECRET_KEY": "x" * 50, "PATH": "/usr/bin:/bin"}  # fmt: skip
    command: list[str | Path] = [sys.executable, "manage.py", "validate_plan", folder / "good.gml", "--json"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)  # fmt: skip
    assert (done.returncode, json.loads(done.stdout)["valid"]) == (0, True), done.stderr
