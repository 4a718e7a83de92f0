"""References to documents and rasters, held against what was delivered."""

from pathlib import Path

import pytest

from planning.xplanung.documents import Reference, check
from planning.xplanung.plans import Document
from tests.factories.rasters import tiff

PDF = b"%PDF-1.7"


def reference(url: str = "", *, georeference: str = "", form: str = "", mime: str = "", at: str = "externeReferenz") -> Reference:  # fmt: skip
    document = Document(0, at, url, "", None, form, georeference, mime, "", "")
    return Reference(document, "PLAN_1", 7)


def delivered(folder: Path, **files: bytes) -> dict[str, Path]:
    """name -> path; "__" in a keyword is the dot of the name."""
    found = {}
    for keyword, data in files.items():
        name = keyword.replace("__", ".")
        (folder / name).write_bytes(data)
        found[name] = folder / name
    return found


def rules(*references: Reference, files: dict[str, Path] | None = None) -> list[str]:
    return [finding.rule for finding in check(references, files)]


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("https://www.example.org/plaene/b7.pdf", None),
        ("HTTP://example.org:8080/b7.pdf?typ=1", None),
        ("b7.pdf", None),
        ("anlagen/Begründung 7.pdf", None),
        ("", None),
        ("https:///b7.pdf", "document.address"),
        ("https://exa mple.org/b7.pdf", "document.address"),
        ("https://example.org:port/b7.pdf", "document.address"),
        ("https://[::1/b7.pdf", "document.address"),
        ("javascript:alert(1)", "document.address"),
        ("ftp://example.org/b7.pdf", "document.address"),
        (r"C:\Plaene\b7.pdf", "document.one_computer"),
        (r"\\server\plaene\b7.pdf", "document.one_computer"),
        ("/home/plan/b7.pdf", "document.one_computer"),
        ("file:///C:/b7.pdf", "document.one_computer"),
    ],
)
def test_addresses_are_judged_without_being_fetched(address: str, rule: str | None) -> None:
    expected = [rule] if rule else []
    assert rules(reference(address)) == expected
    assert rules(reference(georeference=address)) == expected


def test_finding_names_object_line_and_property() -> None:
    (finding,) = check([reference("ftp://example.org/" + "x" * 1000)], None)
    assert (finding.gml_id, finding.line, finding.severity) == ("PLAN_1", 7, "warning")
    assert (finding.params["property"], len(str(finding.params["href"]))) == ("externeReferenz", 500)


def test_document_of_many_objects_is_missed_once() -> None:
    assert rules(*(reference("b7.pdf") for _ in range(3)), files={}) == ["document.missing"]
    assert rules(reference("b7.pdf"), reference("c8.pdf"), files={}) == ["document.missing"] * 2


def test_presence_is_judged_only_where_the_delivery_is_known(tmp_path: Path) -> None:
    assert rules(reference("b7.pdf"), files=None) == []
    assert rules(reference("b7.pdf"), files={}) == ["document.missing"]
    assert rules(reference(r"anlagen\B7.PDF"), files=delivered(tmp_path, b7__pdf=PDF)) == []
    assert rules(reference("https://example.org/b7.pdf"), files={}) == []
    assert rules(files=delivered(tmp_path, b7__pdf=PDF)) == ["document.unreferenced"]


@pytest.mark.parametrize(
    ("name", "data", "mime", "rule"),
    [
        ("b7__pdf", PDF, "application/pdf", None),
        ("b7__pdf", PDF, "", None),
        ("b7__pdf", PDF, "application/octet-stream", None),
        ("b7__docx", b"PK\x03\x04", "application/msword", None),
        ("b7__pdf", b"", "application/pdf", "document.empty"),
        ("b7__pdf", b"<html>404", "application/pdf", "document.type"),
        ("b7__pdf", b"plain text", "", "document.type"),
        ("b7__jpg", b"\xff\xd8\xff", "image/jpg", None),
        ("b7__jpg", PDF, "image/jpg", "document.type"),
        ("b7__docx", PDF, "application/msword", "document.type"),
    ],
)
def test_content_must_be_what_is_stated(
    name: str, data: bytes, mime: str, rule: str | None, tmp_path: Path
) -> None:
    files = delivered(tmp_path, **{name: data})
    assert rules(reference(name.replace("__", "."), mime=mime), files=files) == ([rule] if rule else [])


GEO = "PlanMitGeoreferenz"


@pytest.mark.parametrize(
    ("given", "files", "rule"),
    [
        (reference("scan.tif", form=GEO), {"scan__tif": tiff()}, "document.no_georeference"),
        (reference("scan.tif", at="refScan"), {"scan__tif": tiff()}, "document.no_georeference"),
        (reference("scan.tif", form=GEO), {"scan__tif": tiff(33550)}, None),
        (reference("scan.tif", form=GEO), {"scan__tif": tiff(), "scan__tfw": b"0.1"}, None),
        (reference("scan.png", form=GEO), {"scan__png": b"\x89PNG\r\n\x1a\n", "SCAN__PGW": b"0.1"}, None),
        (reference("scan.tif", form=GEO, georeference="scan.txt"), {"scan__tif": tiff(), "scan__txt": b"0.1"}, None),
        (reference("scan.tif", form=GEO, georeference="https://example.org/scan.tfw"), {"scan__tif": tiff()}, None),
        (reference("scan.tif", georeference="scan.tfw"), {"scan__tif": tiff()}, "document.georeference_missing"),
        (reference("scan.tif"), {"scan__tif": tiff()}, None),  # a picture, not a plan
        (reference("plan.pdf", form=GEO), {"plan__pdf": PDF}, None),  # no raster
    ],
)  # fmt: skip
def test_rasters_must_know_their_place(given: Reference, files: dict[str, bytes], rule: str | None, tmp_path: Path) -> None:  # fmt: skip
    assert rules(given, files=delivered(tmp_path, **files)) == ([rule] if rule else [])
