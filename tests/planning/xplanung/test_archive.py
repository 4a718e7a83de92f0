"""Archives that mean well, and those that do not."""

import io
import stat
import warnings
import zipfile

import pytest

from planning.xplanung.archive import Archive, ArchiveLimits, is_archive, is_safe, plan_members
from planning.xplanung.findings import UnreadableFile
from planning.xplanung.reader import Reader
from tests.factories import xplanung as samples


def packed(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as target:
        for name, content in files.items():
            target.writestr(name, content)
    buffer.seek(0)
    return buffer


def refused(source: io.BytesIO, limits: ArchiveLimits | None = None) -> str:
    with pytest.raises(UnreadableFile) as caught:
        archive = Archive(source, limits=limits)
        for member in plan_members(archive):
            archive.open(member.name).read()
    assert caught.value.finding.message
    return caught.value.finding.rule


def test_plan_is_read_straight_from_the_archive() -> None:
    archive = Archive(
        packed(
            {"plan.gml": samples.simple_plan("6.0"), "docs/text.pdf": b"%PDF-1.7", "__MACOSX/plan.gml": b"x"}
        )
    )

    (member,) = plan_members(archive)
    records = [
        record for batch in Reader(archive.open(member.name), srid=25833).batches() for record in batch
    ]

    assert [found.name for found in archive.members()] == ["plan.gml", "docs/text.pdf"]
    assert len(records) == 3


def test_archives_are_told_from_documents() -> None:
    assert is_archive(packed({"a.gml": b""}))
    assert not is_archive(io.BytesIO(samples.simple_plan("6.0")))


@pytest.mark.parametrize(
    "name", ["../a.gml", "/etc/passwd.gml", "a/../../b.gml", "C:\\plan.gml", "a\nb.gml", "\\\\host\\a.gml"]
)
def test_paths_that_lead_outside_are_refused(name: str) -> None:
    assert not is_safe(name)
    assert refused(packed({name: b"<a/>"})) == "archive.path"


def test_bomb_is_refused_before_it_is_unpacked() -> None:
    assert refused(packed({"plan.gml": b" " * (20 << 20)})) == "archive.bomb"


def test_stated_size_that_lies_does_not_help_a_bomb() -> None:
    data = bytearray(packed({"plan.gml": b" " * (4 << 20)}).getvalue())
    small = (1000).to_bytes(4, "little")
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.index(signature) + offset
        data[at : at + 4] = small

    assert refused(io.BytesIO(bytes(data))) == "archive.broken"


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        (ArchiveLimits(members=1), "archive.too_many"),
        (ArchiveLimits(total=10), "archive.too_large"),
        (ArchiveLimits(member=5), "archive.member_too_large"),
    ],
)
def test_limits_hold(limits: ArchiveLimits, rule: str) -> None:
    assert refused(packed({"a.gml": b"x" * 8, "b.gml": b"y" * 8}), limits) == rule


def test_link_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        info = zipfile.ZipInfo("plan.gml")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(info, "/etc/passwd")

    assert refused(buffer) == "archive.link"


def test_password_is_refused() -> None:
    data = bytearray(packed({"plan.gml": b"<a/>"}).getvalue())
    data[data.index(b"PK\x01\x02") + 8] |= 1

    assert refused(io.BytesIO(bytes(data))) == "archive.encrypted"


def test_double_name_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        target.writestr("plan.gml", b"<a/>")
        target.writestr("plan.gml", b"<b/>")

    assert refused(buffer) == "archive.duplicate"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (packed({"inner.zip": b"PK"}), "archive.nested"),
        (packed({"readme.txt": b"no plan"}), "archive.no_plan"),
        (io.BytesIO(packed({"a.gml": b"<a/>"}).getvalue()[:-10]), "archive.broken"),
        (io.BytesIO(b"PK\x03\x04 nothing"), "archive.broken"),
    ],
)  # fmt: skip
def test_useless_archive_is_refused(data: io.BytesIO, rule: str) -> None:
    assert refused(data) == rule


def test_damaged_content_is_refused() -> None:
    buffer = packed({"plan.gml": samples.simple_plan("6.0")}, zipfile.ZIP_STORED)
    data = bytearray(buffer.getvalue())
    data[data.index(b"Weinberg")] ^= 1

    assert refused(io.BytesIO(bytes(data))) == "archive.broken"
