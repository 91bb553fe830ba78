"""Names of a workbook: the cell that bears one, in our form and in a council's own alike."""

import re
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from apportion.workbook.readback_grid import unreadable
from apportion.workbook.template_xml import elements

_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$([A-Z]+)\$([0-9]+)(?::.*)?")


class Spot(NamedTuple):
    """A sheet, and a cell of it by row and column (zero-based)."""

    sheet: str
    row: int
    column: int


def spot(path: Path, name: str) -> Spot | None:
    """The cell with a name of the whole workbook; `OutputError` where it cannot be opened."""
    try:
        with ZipFile(path) as archive:
            book = archive.read("xl/workbook.xml")
    except (BadZipFile, OSError, KeyError) as error:
        raise unreadable(path) from error
    for element in elements(book, {"definedName"}):
        own = element.attributes
        if own["name"] == name and "localSheetId" not in own:
            match = _CELL.fullmatch(element.text)
            return _spot(match) if match else None
    return None


def _spot(match: re.Match[str]) -> Spot:
    column = 0
    for letter in match[3]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return Spot((match[1] or match[2]).replace("''", "'"), int(match[4]) - 1, column - 1)
