"""PDFs that may do something are told apart from those that only show something, also where they hide it."""

import zlib
from pathlib import Path

import pytest

from tenants.scripts import has_script
from tests.factories import pictures


def pdf(*objects: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"\n".join(b"%d 0 obj\n%s\nendobj" % pair for pair in enumerate(objects, 1)) + b"\n%%EOF"  # fmt: skip


def packed(inner: bytes, kind: bytes = b"/ObjStm") -> bytes:
    body = zlib.compress(inner)
    return b"<< /Type %s /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (kind, len(body), body)  # fmt: skip


HARMLESS = {
    "page": b"<< /Type /Page /Contents 4 0 R >>",
    "link": b"<< /S /URI /URI (https://example.org/) >>",
    "word": b"<< /Title (JavaScript and /Js in a heading) >>",
    "packed": packed(b"<< /Type /Page /Parent 1 0 R >>"),
}
ACTIVE = {
    "script": b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>",
    "escaped": b"<< /S /J#61vaScript /JS (x) >>",
    "start": b"<< /S /Launch /F (cmd.exe) >>",
    "attached": b"<< /Names << /EmbeddedFiles 3 0 R >> >>",
    "form": b"<< /S /SubmitForm /F (https://example.org) >>",
    "xfa": b"<< /AcroForm << /XFA [(a) 3 0 R] >> >>",
    "locked": b"<< /Encrypt 9 0 R >>",
    "packed": packed(b"<< /S /JavaScript /JS (x) >>"),
    "packed, escaped type": packed(b"<< /S /JavaScript >>", b"/Obj#53tm"),
    "behind a false stream": b"<< /Title (stream\n) >>\nendobj\n9 0 obj\n" + packed(b"<< /S /JavaScript >>"),
    "cut off": packed(b"".join(b"<< /Type /Page /StructParents %d >>" % n for n in range(99)))[:-60],
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_shows_something_is_harmless(name: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(pdf(HARMLESS[name]))
    assert not has_script(tmp_path / "x")


@pytest.mark.parametrize("name", ACTIVE)
def test_what_acts_or_hides_is_found(name: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(pdf(HARMLESS["page"], ACTIVE[name]))
    assert has_script(tmp_path / "x")


def test_real_pdf_is_harmless_and_other_files_are_not_asked(tmp_path: Path) -> None:
    assert not has_script(pictures.pdf(tmp_path / "x.pdf"))
    assert has_script(pictures.pdf(tmp_path / "y.pdf", script="\n9 0 obj << /S /JavaScript /JS (x) >> endobj"))  # fmt: skip
    for content in (b"", b"/JavaScript", b"<html>/JavaScript"):
        (tmp_path / "z").write_bytes(content)
        assert not has_script(tmp_path / "z")


def test_name_across_two_chunks_is_found(tmp_path: Path) -> None:
    size = 1 << 22
    body = b"%PDF-1.7\n" + b" " * (size - 15) + b"/JavaScript >>" + b" " * 99
    assert body.index(b"/JavaScript") < size < body.index(b"/JavaScript") + 11
    (tmp_path / "x").write_bytes(body)
    assert has_script(tmp_path / "x")
