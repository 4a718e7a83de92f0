"""Files damaged anywhere are read or refused by name; nothing else ever comes out of the reader."""

import contextlib
import io
import random

import pytest

from planning.xplanung.findings import UnreadableFile
from planning.xplanung.plans import PlanIndex
from planning.xplanung.reader import Reader
from tests.factories import xplanung as samples

PIECES = [b"<", b">", b"&", b"\x00", b"\xff", b'"', b"]]>", b"<!--", b"<?x?>", b"<![CDATA[<]]>", b"&lt;", b"xmlns=''", b" ", b"/", b"<xplan:BP_Plan/>", b"</gml:featureMember>", b"9" * 400, b"\xef\xbb\xbf", b"xlink:href='#BT_1'"]  # fmt: skip


def damaged(data: bytes, chance: random.Random) -> bytes:
    for _change in range(chance.randint(1, 3)):
        at, length = chance.randrange(len(data)), chance.choice([0, 1, 5, 200])
        data = data[:at] + chance.choice([b"", *PIECES]) + data[at + length :]
    return data


@pytest.mark.parametrize("seed", range(6))
def test_damaged_file_is_read_or_refused(seed: int) -> None:
    chance = random.Random(f"bytes {seed}")
    whole = samples.simple_plan(chance.choice(samples.VERSIONS))
    refused = 0
    for _round in range(60):
        data = damaged(whole, chance)
        index = PlanIndex()
        try:
            reader = Reader(io.BytesIO(data), srid=25833, check=True)
            for batch in reader.batches():
                for record in batch:
                    index.add(record)
            index.owners()
            assert all(finding.message for finding in reader.findings)
        except UnreadableFile as error:
            refused += 1
            assert error.finding.message

    assert refused


def test_one_byte_at_a_time_is_read_alike() -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 1, 7))

    data = samples.simple_plan("6.0")
    with contextlib.closing(Slow(data)) as source:
        reader = Reader(source, srid=25833)
        records = [record for batch in reader.batches() for record in batch]

    assert (
        reader.frame.head + b"".join(record.before + record.raw for record in records) + reader.frame.tail
        == data
    )
