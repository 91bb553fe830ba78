"""A finished workbook as parts: cells of its sheets exchanged, unchanged parts kept as they are.

A part that does not change keeps its deflated bytes; only sheets with other cells are deflated
again. The result differs from the first workbook in those cells alone.
"""

import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from html import escape
from io import BytesIO
from itertools import count
from typing import NamedTuple
from zipfile import ZipFile

from xlsxwriter.utility import xl_rowcol_to_cell

from apportion.forms.files import Picture

# Day 0 of Excel, which counts a 29 February 1900.
_EPOCH = date(1899, 12, 30)
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class RecordedCell(NamedTuple):
    """What a cell holds: XML behind its style, and the name of the style."""

    kind: str
    inner: str
    style: str


@dataclass(slots=True)
class Recorder:
    """Takes what `Sheet` takes and notes it, cell by cell."""

    cells: dict[str, RecordedCell] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)

    def text(self, row: int, column: int, text: str, style: str = "text") -> None:
        """Text as data."""
        # Inline, so that the shared strings stay those of the first invoice; outer spaces are kept.
        inner = f'<is><t xml:space="preserve">{literal(text)}</t></is>'
        self._note(row, column, RecordedCell(' t="inlineStr"', inner, style))

    def number(self, row: int, column: int, value: int, style: str = "money") -> None:
        """A whole number."""
        self._note(row, column, RecordedCell("", f"<v>{value}</v>", style))

    def formula(
        self, row: int, column: int, formula: str, value: int | str, style: str = "money"
    ) -> None:
        """A formula with its value."""
        text = isinstance(value, str)
        kind, shown = (' t="str"', escape(str(value), quote=False)) if text else ("", value)
        self._note(row, column, RecordedCell(kind, f"{_said(formula)}<v>{shown}</v>", style))

    def day(self, row: int, column: int, value: date, style: str) -> None:
        """A day."""
        self._note(row, column, RecordedCell("", f"<v>{(value - _EPOCH).days}</v>", style))

    def blank(self, row: int, column: int, style: str = "text") -> None:
        """An empty cell."""
        self._note(row, column, RecordedCell("", "", style))

    def height(self, row: int, points: float) -> None:
        """Height of a row: an invoice with other heights than the first is not filled."""
        self.heights[row] = points

    def merged(
        self, row: int, column: int, last_row: int, last_column: int, text: str, style: str
    ) -> None:
        """Text over a block: its first cell."""
        del last_row, last_column
        self.text(row, column, text, style)

    def name(self, row: int, column: int, name: str) -> None:
        """A name of a cell: the same on all invoices."""

    def picture(self, row: int, column: int, down: float, shown: Picture, side: float) -> None:
        """A picture: the same on all invoices of these rows, so the first one's stays."""

    def _note(self, row: int, column: int, entry: RecordedCell) -> None:
        self.cells[_address(row, column)] = entry


@lru_cache(maxsize=10_000)
def _said(formula: str) -> str:
    """A formula, which most invoices have in common."""
    return f"<f>{escape(formula.removeprefix('='), quote=False)}</f>"


@lru_cache(maxsize=10_000)
def _address(row: int, column: int) -> str:
    return str(xl_rowcol_to_cell(row, column))


def literal(text: str) -> str:
    """Text as a cell holds it: `_x0041_` would be read as A, so its first sign is written so."""
    return escape(_ESCAPED.sub("_x005F_", text), quote=False)


def written(address: str, entry: RecordedCell, styles: Mapping[str, str]) -> str:
    """XML of a cell; `styles` are the style attributes by name."""
    start = f'<c r="{address}"{styles[entry.style]}{entry.kind}'
    return f"{start}>{entry.inner}</c>" if entry.inner else f"{start}/>"


_CELL = re.compile(r'<c r="([A-Z]+\d+)"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_STYLE = re.compile(r' s="\d+"')
_STRING = re.compile(r' t="s"><v>(\d+)</v>')
_ITEM = re.compile(r"<si>.*?</si>|<si/>", re.DOTALL)
STRINGS = "xl/sharedStrings.xml"

# Fixed: 1 January 1980, version 2.0, deflated, made on a Unix system, readable by all.
_DAY, _VERSION, _DEFLATED, _UNIX, _MODE = 0x0021, 20, 8, 3, 0o600 << 16
_LEVEL = 6


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


@dataclass(frozen=True, slots=True)
class Gaps:
    """A sheet cut at some cells: ``texts[i]`` stands before cell i, the last one at the end."""

    texts: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]

    def filled(self, cells: Mapping[str, str]) -> str:
        """The sheet with these cells."""
        pieces = [self.texts[0]]
        for (address, _), text in zip(self.cells, self.texts[1:], strict=True):
            pieces += (cells[address], text)
        return "".join(pieces)


def cut(sheet: str, addresses: frozenset[str]) -> Gaps:
    """A sheet cut at `addresses`."""
    texts: list[str] = []
    cells: list[tuple[str, str]] = []
    end = 0
    for match in _CELL.finditer(sheet):
        if match[1] in addresses:
            texts.append(sheet[end : match.start()])
            cells.append((match[1], match[0]))
            end = match.end()
    return Gaps((*texts, sheet[end:]), tuple(cells))


def style_of(cell: str) -> str:
    """The style attribute of a cell, with the space before it."""
    found = _STYLE.search(cell)
    return found[0] if found else ""


def without_strings(strings: str, cells: Sequence[str], sheets: Iterable[str]) -> str:
    """Shared strings, those blanked that stand in `cells` and nowhere else in the sheets."""
    inside = Counter(index for cell in cells for index in _STRING.findall(cell))
    everywhere = Counter(index for sheet in sheets for index in _STRING.findall(sheet))
    gone = {int(index) for index, count in inside.items() if everywhere[index] == count}
    numbers = count()
    # Blanked, not taken out: cells name a string by its number.
    return _ITEM.sub(lambda m: "<si><t/></si>" if next(numbers) in gone else m[0], strings)
