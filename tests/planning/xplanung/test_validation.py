"""All stages over one file: what is found in which, in what order, where; and that nothing of a bad file escapes as an error."""

import io
import tracemalloc
from pathlib import Path

import pytest

from planning.xplanung.findings import MESSAGES
from planning.xplanung.scanner import Limits
from planning.xplanung.stages import STAGES, stage_of
from planning.xplanung.validation import Report, validate
from tests.factories import xplanung as samples

V = "6.0"
GOOD = samples.simple_plan(V)


def checked(data: bytes, documents: dict[str, Path] | None = None) -> Report:
    return validate(io.BytesIO(data), srid=25833, documents=documents)


def stages(report: Report) -> set[str]:
    return {stage_of(finding.rule) for finding in report.findings}


@pytest.mark.parametrize("version", samples.VERSIONS)
def test_good_plan_is_valid_in_every_version(version: str) -> None:
    report = checked(samples.simple_plan(version))
    assert [finding for finding in report.findings if finding.severity in {"fatal", "error"}] == []
    assert (report.valid, report.structure_valid, report.version) == (True, True, version)
    assert (report.plan_types, report.features, report.capped) == (["BP"], 3, [])


def test_every_rule_has_a_stage_and_every_stage_rules() -> None:
    assert {stage_of(rule) for rule in MESSAGES} == set(STAGES)


def test_structure_error_does_not_hide_the_other_stages() -> None:
    wrong = samples.area(V, gml_id="BT_2", extra="<xplan:nochNie>1</xplan:nochNie>")
    dangling = samples.area(V, gml_id="BT_3", bereich_id="GONE")
    alone = samples.area(V, gml_id="BT_4").replace(
        "<xplan:flaechenschluss>true", "<xplan:flaechenschluss>false"
    )
    broken = samples.area(V, gml_id="BT_5").replace("400100 5660100", "nowhere at all")
    reference = "<xplan:externeReferenz><xplan:XP_SpezExterneReferenz><xplan:referenzName>B</xplan:referenzName><xplan:referenzURL>b.pdf</xplan:referenzURL></xplan:XP_SpezExterneReferenz></xplan:externeReferenz>"
    plan = samples.plan(V).replace("<xplan:raeumlicherGeltungsbereich>", reference + "<xplan:raeumlicherGeltungsbereich>")  # fmt: skip
    data = samples.document(V, plan, samples.bereich(V), samples.area(V), wrong, dangling, alone, broken)
    report = checked(data, documents={})
    assert (report.valid, report.structure_valid) == (False, False)
    assert stages(report) == {"structure", "references", "semantics", "geometry", "documents"}


def test_schema_valid_is_not_conformant() -> None:
    alone = samples.area(V, gml_id="BT_2").replace(
        "<xplan:flaechenschluss>true", "<xplan:flaechenschluss>false"
    )
    report = checked(samples.simple_plan(V, alone))
    assert (report.valid, report.structure_valid) == (False, True)
    broken = [finding for finding in report.findings if finding.rule.startswith("semantic.")]
    assert {finding.gml_id for finding in broken} == {"BT_2"}
    assert all(finding.condition for finding in broken)


def test_findings_stand_by_line_and_those_of_the_whole_file_first() -> None:
    later = samples.area(V, gml_id="BT_2", bereich_id="GONE")
    wrong = samples.area(V, gml_id="BT_3", extra="<xplan:nochNie>1</xplan:nochNie>")
    report = checked(samples.simple_plan(V, later, wrong).replace(b"EPSG:25833", b"EPSG:25832"))
    lines = [finding.line or 0 for finding in report.findings]
    assert lines == sorted(lines)
    assert lines[0] == 0
    assert lines[-1] > 1


def test_finding_that_knows_its_object_knows_where_that_is() -> None:
    report = checked(samples.simple_plan(V, samples.area(V, gml_id="BT_2", bereich_id="GONE")))
    (finding,) = [each for each in report.findings if each.rule == "reference.unresolved"]
    assert finding.point is not None
    assert (400_000 <= finding.point[0] <= 400_100, 5_660_000 <= finding.point[1] <= 5_660_100) == (
        True,
        True,
    )


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
)
STEALS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "file.empty"),
        (b"%PDF-1.7", "file.not_xml"),
        (b"<!doctype html><html></html>", "file.html"),
        (BOMB, "xml.dtd"),
        (STEALS, "xml.dtd"),
        (GOOD[:-300], "xml.truncated"),
        (GOOD.replace(b"</xplan:BP_Plan>", b"</xplan:BP_Plen>"), "xml.broken"),
        (GOOD.replace(b"Am Weinberg", b"\xff\xfe"), "xml.encoding"),
        (GOOD.replace(b"xplangml/6/0", b"xplangml/9/0"), "xplan.version"),
        (b"<a><b/></a>", "xplan.none"),
    ],
)
def test_unreadable_file_is_a_report_with_one_fatal_finding(data: bytes, rule: str) -> None:
    report = checked(data)
    assert [(finding.rule, finding.severity) for finding in report.findings] == [(rule, "fatal")]
    assert (report.valid, report.structure_valid) == (False, False)


def test_limits_hold() -> None:
    report = validate(io.BytesIO(GOOD), srid=25833, limits=Limits(file=100))
    assert [finding.rule for finding in report.findings] == ["file.too_large"]


def test_progress_names_the_stages_and_can_stop_the_work() -> None:
    told: list[tuple[str, int]] = []

    def note(stage: str, done: int) -> None:
        told.append((stage, done))
        if stage == "semantics":
            raise InterruptedError

    with pytest.raises(InterruptedError):
        validate(io.BytesIO(GOOD), srid=25833, on_progress=note)
    assert told == [("structure", len(GOOD)), ("semantics", len(GOOD))]


def test_rule_that_breaks_everywhere_is_listed_a_thousand_times() -> None:
    many = (samples.area(V, gml_id=f"BT_{number}", bereich_id="GONE") for number in range(2, 1_102))
    report = checked(samples.simple_plan(V, *many))
    assert sum(finding.rule == "reference.unresolved" for finding in report.findings) == 1_000
    assert "reference.unresolved" in report.capped


def test_memory_does_not_grow_with_the_size_of_the_objects() -> None:
    """What is kept of an object until the end of the file is far less than the object."""

    def peak(objects: int) -> int:
        areas = (
            samples.area(V, gml_id=f"BT_{number}", extra=f"<!--{'x' * 40_000}-->")
            for number in range(objects)
        )
        data = samples.document(V, samples.plan(V), samples.bereich(V), *areas)
        tracemalloc.start()
        assert validate(io.BytesIO(data), srid=25833).structure_valid
        (_, most) = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few, many = peak(400), peak(800)  # two batches and four
    assert (many - few) / 400 < 6_000  # bytes
