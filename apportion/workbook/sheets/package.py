"""A workbook as the deflated parts of a package: what does not change keeps its deflated bytes."""

import re
import struct
import zlib
from collections.abc import Iterable
from html import escape
from io import BytesIO
from typing import NamedTuple
from zipfile import ZipFile

_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def literal(text: str) -> str:
    """Text as a cell holds it: `_x0041_` would be read as A, so its first sign is written so."""
    return escape(_ESCAPED.sub("_x005F_", text), quote=False)


STRINGS = "xl/sharedStrings.xml"

# Fixed: 1 January 1980, version 2.0, deflated, made on a Unix system, readable by all.
_DAY, _VERSION, _DEFLATED, _UNIX, _MODE = 0x0021, 20, 8, 3, 0o600 << 16
_LEVEL = 4
"""Of zlib: with 6 a bill is a sixteenth smaller, and takes more than half as long again to deflate."""


class PackagePart(NamedTuple):
    """One file of a package, deflated."""

    name: bytes
    data: bytes
    size: int
    crc: int

    def content(self) -> bytes:
        """The file, inflated."""
        return zlib.decompress(self.data, -zlib.MAX_WBITS)


def deflated(name: str, data: bytes) -> PackagePart:
    """A part with new content."""
    engine = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return PackagePart(
        name.encode(), engine.compress(data) + engine.flush(), len(data), zlib.crc32(data)
    )


def parts_of(package: bytes) -> dict[str, PackagePart]:
    """Parts of a package in its order, as they are stored."""
    found: dict[str, PackagePart] = {}
    with ZipFile(BytesIO(package)) as book:
        for info in book.infolist():
            # A local header has 30 bytes; the lengths of name and extra field behind it stand at 26.
            start = (
                info.header_offset
                + 30
                + sum(struct.unpack_from("<HH", package, info.header_offset + 26))
            )
            data = package[start : start + info.compress_size]
            found[info.filename] = PackagePart(
                info.filename.encode(), data, info.file_size, info.CRC
            )
    return found


def joined(parts: Iterable[PackagePart]) -> bytes:
    """The package of these parts."""
    body, directory = bytearray(), bytearray()
    listed = list(parts)
    for part in listed:
        place = len(body)
        common = struct.pack(
            "<HHHHHIII", _VERSION, 0, _DEFLATED, 0, _DAY, part.crc, len(part.data), part.size
        )
        names = struct.pack("<HH", len(part.name), 0)
        body += b"PK\x03\x04" + common + names + part.name + part.data
        directory += b"PK\x01\x02" + struct.pack("<BB", _VERSION, _UNIX) + common + names
        directory += struct.pack("<HHHII", 0, 0, 0, _MODE, place) + part.name
    end = struct.pack("<HHHHIIH", 0, 0, len(listed), len(listed), len(directory), len(body), 0)
    return bytes(body + directory + b"PK\x05\x06" + end)
