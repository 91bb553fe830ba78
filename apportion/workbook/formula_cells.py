"""The formula cells of a workbook with their stored values, whichever program saved it."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

from apportion.problem import OutputError

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TEXT, _ERROR = "str", "e"


class Value(NamedTuple):
    """What a formula gave: `kind` is n (number), str, b (0 or 1) or e (error)."""

    kind: str
    text: str

    @property
    def is_error(self) -> bool:
        """Whether it is #NAME? or the like."""
        return self.kind == _ERROR

    def comparable(self) -> tuple[str, str | int]:
        """The same for equal values: whole numbers and texts as they are.

        Numbers with a fraction are ratios that are only looked at; programs save them with 15
        digits, so 15 digits count.
        """
        if self.kind != "n":
            return self.kind, self.text
        try:
            number = Decimal(self.text)
            whole = number == number.to_integral_value()
        except InvalidOperation:
            return self.kind, self.text
        return (self.kind, int(number)) if whole else (self.kind, f"{float(number):.15g}")

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
                for sheet, part in _sheets(book)
                for cell, value in _formulas(book.read(part))
            }
    except (OSError, BadZipFile, KeyError, ET.ParseError) as error:
        message = f"{path.name} をブックとして読めません。\n  直し方: もう一度 apportion run を実行してください。"
        raise OutputError(message) from error


def _sheets(book: ZipFile) -> Iterator[tuple[str, str]]:
    """Name and part of each sheet."""
    relations = ET.fromstring(book.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  see _formulas
    targets = {one.attrib["Id"]: one.attrib["Target"] for one in relations}
    for sheet in ET.fromstring(book.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):  # noqa: S314  see _formulas
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
        cell.clear()
