"""`manage.py upgrade_plan` as a person runs it."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from planning.checking import check_file
from tests.factories import xplanung as samples


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "alt.gml"
    path.write_bytes(samples.simple_plan("5.4"))
    return path


def test_a_file_is_upgraded_and_told(old: Path, tmp_path: Path) -> None:
    out, told = tmp_path / "neu.gml", io.StringIO()
    call_command("upgrade_plan", str(old), "-o", str(out), "--json", stdout=told)
    facts = json.loads(told.getvalue())
    assert (facts["source_version"], facts["version"], facts["objects"]) == ("5.4", "6.0", 3)
    (checked,) = check_file(out)
    assert (checked.report.version, checked.report.structure_valid) == ("6.0", True)


def test_the_report_is_words_without_json(old: Path, tmp_path: Path) -> None:
    told = io.StringIO()
    call_command("upgrade_plan", str(old), "-o", str(tmp_path / "neu.gml"), stdout=told)
    assert told.getvalue().splitlines()[0] == "XPlanGML 5.4 → 6.0 · 3"


@pytest.mark.parametrize("content", [b"", b"no xml", b"<a/>", samples.document("9.9")])
def test_what_cannot_be_read_writes_nothing(tmp_path: Path, content: bytes) -> None:
    path, out = tmp_path / "alt.gml", tmp_path / "neu.gml"
    path.write_bytes(content)
    with pytest.raises(CommandError) as failure:
        call_command("upgrade_plan", str(path), "-o", str(out))
    assert (failure.value.returncode, out.exists()) == (1, False)
    told = io.StringIO()
    with pytest.raises(CommandError):
        call_command("upgrade_plan", str(path), "-o", str(out), "--json", stdout=told)
    facts = json.loads(told.getvalue())
    assert (facts["refused"], bool(facts["findings"][0]["message"])) == (True, True)


@pytest.mark.parametrize(("source", "target"), [("nowhere.gml", "neu.gml"), ("alt.gml", "no/folder/neu.gml")])
def test_a_path_that_leads_nowhere_is_said(old: Path, tmp_path: Path, source: str, target: str) -> None:
    with pytest.raises(CommandError) as failure:
        call_command("upgrade_plan", str(tmp_path / source), "-o", str(tmp_path / target))
    assert failure.value.returncode == 1
