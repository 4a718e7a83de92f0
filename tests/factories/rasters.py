"""The smallest TIFF files that say what a test is about: a header and one directory of tags."""

import struct

_SHORT = 3  # field type


def tiff(*tags: int, order: str = "<") -> bytes:
    """A TIFF whose directory holds these tags, each with a single zero."""
    start = {"<": b"II", ">": b"MM"}[order] + struct.pack(f"{order}HL", 42, 8)
    entries = b"".join(struct.pack(f"{order}HHLL", tag, _SHORT, 1, 0) for tag in (256, *tags))
    return start + struct.pack(f"{order}H", len(tags) + 1) + entries + struct.pack(f"{order}L", 0)


def big_tiff(*tags: int) -> bytes:
    """The same with offsets of 8 bytes."""
    start = b"II" + struct.pack("<HHHQ", 43, 8, 0, 16)
    entries = b"".join(struct.pack("<HHQQ", tag, _SHORT, 1, 0) for tag in (256, *tags))
    return start + struct.pack("<Q", len(tags) + 1) + entries + struct.pack("<Q", 0)
