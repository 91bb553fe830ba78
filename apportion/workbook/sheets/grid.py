"""Reading our own workbooks: sheets as grids of cells, tables found by their headings."""

import lzma
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_UP, Context, Decimal, InvalidOperation
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from apportion.core.dataclass import dataclass
from apportion.core.problem import OutputError
from apportion.forms.book import elements
from apportion.tables.grid import column_of, letters

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TEXT, _ERROR = "str", "e"
_SAVED = [Context(prec=15, rounding=way) for way in (ROUND_DOWN, ROUND_UP)]


class Value(NamedTuple):
    """What a formula gave: `kind` is n (number), str, b (0 or 1) or e (error)."""

    kind: str
    text: str

    @property
    def is_error(self) -> bool:
        """Whether it is #NAME? or the like."""
        return self.kind == _ERROR

    def is_same(self, again: "Value") -> bool:
        """Whether a program computed the same: whole numbers and texts exactly.

        Numbers with a fraction are ratios that are only looked at; programs save them with 15
        digits, of which each rounds the last one in its own way: up or down.
        """
        if (self.kind, again.kind) != ("n", "n"):
            return (self.kind, self.text) == (again.kind, again.text)
        try:
            own, other = Decimal(self.text), Decimal(again.text)
            return other in (own, *(context.create_decimal(own) for context in _SAVED))
        except InvalidOperation:
            return self.text == again.text

    def __str__(self) -> str:
        return f"「{self.text}」" if self.kind == _TEXT else self.text


Place = tuple[str, str]
"""Sheet and cell."""


def read(path: Path) -> dict[Place, Value | None]:
    """Every formula cell with its value, None where none is stored; raises `OutputError`."""
    try:
        with ZipFile(path) as book:
            return {
                (sheet, cell): value
                for sheet, part in sheets(book.read)
                for cell, value in _formulas(book.read(part))
            }
    except DAMAGED as error:
        message = f"{path.name} をブックとして読めません。\n  直し方: もう一度 apportion run を実行してください。"
        raise OutputError(message) from error


def sheets(read: Callable[[str], bytes]) -> Iterator[tuple[str, str]]:
    """Name and part of each sheet of a workbook; `read` gives its parts."""
    relations = ET.fromstring(read("xl/_rels/workbook.xml.rels"))  # noqa: S314  see _formulas
    targets = {one.attrib["Id"]: one.attrib["Target"] for one in relations}
    for sheet in ET.fromstring(read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):  # noqa: S314  see _formulas
        target = targets[sheet.attrib[_RELATION]]
        yield sheet.attrib["name"], target[1:] if target.startswith("/") else f"xl/{target}"


def _formulas(sheet: bytes) -> Iterator[tuple[str, Value | None]]:
    """Formula cells of a sheet. The parser itself stops entities that grow without end."""
    for _, cell in ET.iterparse(BytesIO(sheet)):  # noqa: S314  expat 2.4.1 and later
        if cell.tag != f"{_MAIN}c":
            continue
        if cell.find(f"{_MAIN}f") is not None:
            stored = cell.find(f"{_MAIN}v")
            kind = cell.get("t", "n")
            value = None if stored is None else Value(kind, stored.text or "")
            yield cell.attrib["r"], value
        # A sheet may have many cells; those that are done leave the memory.
        cell.clear()


DAMAGED = (
    *(BadZipFile, zlib.error, lzma.LZMAError, struct.error, ET.ParseError, ExpatError),
    *(OSError, KeyError, ValueError, RuntimeError, NotImplementedError, EOFError, IndexError),
)
"""What reading the parts of a damaged workbook may raise."""
_PANIC = "PanicException"
"""What calamine raises where it has a fault of its own: no Exception, and of a module without a name."""

_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$([A-Z]+)\$([0-9]+)(?::.*)?")


class NamedCell(NamedTuple):
    """A sheet, and a cell of it by row and column (zero-based)."""

    sheet: str
    row: int
    column: int


def spots(path: Path) -> dict[str, NamedCell]:
    """The cells with a name of the whole workbook; `OutputError` where it cannot be opened."""
    try:
        with ZipFile(path) as archive:
            # Only the small part that holds the names.
            book = archive.read("xl/workbook.xml")
            found = elements(book, {"definedName"})
    except DAMAGED as error:
        raise unreadable(path) from error
    return {
        element.attributes["name"]: _spot(match)
        for element in found
        if "name" in element.attributes
        and "localSheetId" not in element.attributes
        and (match := _CELL.fullmatch(element.text))
    }


def _spot(match: re.Match[str]) -> NamedCell:
    sheet = (match[1] or match[2]).replace("''", "'")
    return NamedCell(sheet, int(match[4]) - 1, column_of(match[3]) - 1)


Grid = Sequence[Sequence[object]]
"""Rows of cell values, from A1 on."""

Grids = Mapping[str, Grid]
"""Grids by the name of the sheet."""


class YenCell(NamedTuple):
    """Yen in a cell (None: it holds no whole number), and its place, as `団体別事業別!F12`."""

    yen: int | None
    place: str


@dataclass(frozen=True)
class SheetTable:
    """Cells of a sheet below the row of headings `head` (zero-based)."""

    sheet: str
    grid: Grid
    head: int

    @cached_property
    def headings(self) -> list[str]:
        """Headings from left to right."""
        return [str(value) for value in self.grid[self.head]]

    @property
    def rows(self) -> range:
        """Rows below the headings."""
        return range(self.head + 1, len(self.grid))

    def column(self, heading: str) -> int:
        """Column of a heading."""
        return self.headings.index(heading)

    def text(self, row: int, heading: str) -> str:
        """Text of a cell; empty where there is none."""
        return str(self.grid[row][self.column(heading)])

    def cell(self, row: int, heading: str) -> YenCell:
        """Yen of a cell, with its place."""
        return cell(self.sheet, self.grid, row, self.column(heading))


def cell(sheet: str, grid: Grid, row: int, column: int) -> YenCell:
    """Yen of a cell of a sheet, with its place."""
    value = grid[row][column]
    # calamine gives every number as a float; yen stay far below 2^53, where floats are whole.
    whole = isinstance(value, float) and value.is_integer()
    yen = int(value) if whole and isinstance(value, float) else None
    return YenCell(yen, f"{sheet}!{letters(column + 1)}{row + 1}")


def table(found: Grids, name: str, headings: Sequence[str], path: Path) -> SheetTable:
    """A sheet from its first row that holds these headings; `OutputError` where there is none."""
    for number, row in enumerate(found.get(name, ())):
        if set(headings) <= {str(value) for value in row}:
            return SheetTable(name, found[name], number)
    raise OutputError(_changed(path, f"シート「{name}」に「{'」「'.join(headings)}」の見出しが"))


def grids(path: Path, names: Sequence[str] | None = None) -> Grids:
    """Cells of the sheets of a workbook that bear one of these names (None: of all sheets).

    Raises `OutputError` where it cannot be opened.
    """
    # Loaded here: only a run or a verify that reads workbooks needs calamine.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    try:
        book = CalamineWorkbook.from_path(path)
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in (book.sheet_names if names is None else names)
            if name in book.sheet_names
        }
    except (CalamineError, OSError, ValueError) as error:
        raise unreadable(path) from error
    except BaseException as error:
        if type(error).__name__ == _PANIC:
            raise unreadable(path) from error
        raise


def unreadable(path: Path) -> OutputError:
    """What is raised where a workbook cannot be opened."""
    return OutputError(
        f"{path} を開けません。\n  直し方: もう一度 apportion run を実行してください。"
    )


def _changed(path: Path, what: str) -> str:
    return (
        f"{path} の{what}ありません。書き出したあとに変えられたようです。\n"
        "  直し方: もう一度 apportion run を実行してください。"
    )
