"""Changing some cells of a table file; everything else stays as it is written."""

import csv
import io
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from apportion.core.dataclass import dataclass
from apportion.core.text import Decoded, decode, name_key
from apportion.tables.cells import plain
from apportion.tables.grid import Grid, letters
from apportion.tables.number_format import shown
from apportion.tables.table import REMARK
from apportion.tables.xlsx_reader import LinkedNames, formula_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """New bytes for `path`; `former` is the file that it follows, which may be of another suffix."""

    path: Path
    former: Path | None
    data: bytes


if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

# openpyxl is imported on use: most workspaces have CSV only.

Value = str | Fraction
"""What goes into a cell: text, or a number (in the unit of its heading)."""

_FIELD = re.compile(r'("(?:[^"]|"")*"[^,\n]*|[^,\n]*)([,\n]|\Z)')
_NEEDS_QUOTES = re.compile(r'[",\n]')
_WIDTH = 14
"""Width of a new column of a workbook, in signs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A new column: it goes before 備考 where that is the last one, else to the end."""

    heading: str
    values: Mapping[int, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What to change; rows and columns as `Cell` counts them, `heading` is the row of headings.

    Cells in rows below the last one make new rows. Dropped rows go after all else is done.
    """

    heading: int
    cells: Mapping[tuple[int, int], Value] = field(default_factory=dict)
    columns: Sequence[Added] = ()
    dropped: AbstractSet[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.cells or self.columns or self.dropped)


def column_numbers(grid: Grid) -> dict[str, int]:
    """Columns by their folded headings."""
    return {name_key(cell.text): cell.column for cell in grid.headings}


def row_below(grid: Grid) -> int:
    """The row below the last one."""
    return max(cells[0].row for cells in (grid.headings, *grid.rows)) + 1


def with_rows(
    grid: Grid, headings: Sequence[str], rows: Iterable[tuple[int, Sequence[Value]]]
) -> Changes:
    """Values of rows, by their numbers, in the columns of these headings; what has none is left out."""
    columns = column_numbers(grid)
    cells = {
        (at, columns[heading]): value
        for at, row in rows
        for heading, value in zip(headings, row, strict=True)
        if heading in columns
    }
    return Changes(heading=grid.headings[0].row, cells=cells)


def changed(suffix: str, data: bytes, changes: Changes) -> bytes:
    """Bytes of the table with the changes made; the very bytes where there are none."""
    if not changes:
        return data
    return _workbook(data, changes) if suffix == ".xlsx" else _csv(data, changes)


def encoded(text: str, like: Decoded) -> bytes:
    """Bytes of `text` in the encoding and with the line ends of another file.

    A sign that cp932 lacks makes it UTF-8 with a mark.
    """
    text = text.replace("\n", like.newline)
    try:
        return text.encode(like.encoding)
    except UnicodeEncodeError:
        return text.encode("utf-8-sig")


def new_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Bytes of a table that was not there before, its headings first."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _csv(data: bytes, changes: Changes) -> bytes:
    decoded = decode(data)
    assert decoded is not None
    records = _records(decoded.text)
    for (row, column), value in changes.cells.items():
        _set(records, row, column, _field(value))
    for added in changes.columns:
        _add_column(records, changes.heading, added)
    kept = [",".join(r) for number, r in enumerate(records, 1) if number not in changes.dropped]
    return encoded("".join(f"{line}\n" for line in kept), decoded)


def _records(text: str) -> list[list[str]]:
    """Every field as it is written, with its quotes."""
    records: list[list[str]] = [[]]
    for found in _FIELD.finditer(text.removesuffix("\n")):
        records[-1].append(found[1])
        if found[2] == "\n":
            records.append([])
        elif not found[2]:
            break
    return records


def _set(records: list[list[str]], row: int, column: int, written: str) -> None:
    width = max(map(len, records))
    records += [[""] * width for _ in range(row - len(records))]
    fields = records[row - 1]
    fields += [""] * (column - len(fields))
    fields[column - 1] = written


def _add_column(records: list[list[str]], heading: int, added: Added) -> None:
    headings = records[heading - 1]
    at = len(headings) - (name_key(headings[-1].strip('"')) == REMARK)
    for number, fields in enumerate(records, 1):
        if number >= heading and any(fields):
            value = added.heading if number == heading else added.values.get(number, "")
            fields.extend([""] * (at - len(fields)))
            fields.insert(at, _field(value))


def _field(value: Value) -> str:
    text = value if isinstance(value, str) else plain(value)
    doubled = text.replace('"', '""')
    return f'"{doubled}"' if _NEEDS_QUOTES.search(text) else text


def _workbook(data: bytes, changes: Changes) -> bytes:
    from openpyxl import load_workbook  # noqa: PLC0415  see the head of the module

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), rich_text=True)
        values = load_workbook(io.BytesIO(data), data_only=True, rich_text=True)
    sheet = next(s for s in book.worksheets if s.sheet_state == "visible")
    _keep_values(sheet, values[sheet.title])
    for (row, column), value in changes.cells.items():
        _put(sheet.cell(row, column), value)
    for added in changes.columns:
        _insert(sheet, changes.heading, added)
    for row in sorted(changes.dropped, reverse=True):
        sheet.delete_rows(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _keep_values(sheet: "Worksheet", values: "Worksheet") -> None:
    """Formulas become their values: a saved workbook would hold no results for them.

    Those that the reader refuses stay as they are, and refused.
    """
    linked = LinkedNames.of(sheet)
    for row in sheet.iter_rows():
        for cell in row:
            value = values[cell.coordinate].value
            if cell.data_type == "f" and value is not None and not linked.used_in(formula_of(cell)):
                cell.value = value


def _insert(sheet: "Worksheet", heading: int, added: Added) -> None:
    last = max(cell.column for cell in sheet[heading] if cell.value is not None)
    at = last + 1
    if name_key(str(sheet.cell(heading, last).value)) == REMARK:
        _shift(sheet, heading, last)
        at = last
    for row in range(heading, sheet.max_row + 1):
        cell = sheet.cell(row, at)
        _like(cell, sheet.cell(row, at - 1))
        _put(cell, added.heading if row == heading else added.values.get(row, ""))
    sheet.column_dimensions[letters(at)].width = _WIDTH


def _shift(sheet: "Worksheet", heading: int, column: int) -> None:
    """Move a column, from the headings down, one place to the right."""
    for row in range(heading, sheet.max_row + 1):
        old, new = sheet.cell(row, column), sheet.cell(row, column + 1)
        _like(new, old)
        new.value, old.value = old.value, None
    width = sheet.column_dimensions[letters(column)].width
    sheet.column_dimensions[letters(column + 1)].width = width


def _like(cell: "Cell | MergedCell", other: "Cell | MergedCell") -> None:
    cell._style = copy(other._style)  # type: ignore[union-attr]  # noqa: SLF001  openpyxl's own way


def _put(cell: "Cell | MergedCell", value: Value) -> None:
    """Write a value; a number format that would show another one gives way."""
    stored = _stored(value)
    cell.value = stored
    if isinstance(stored, int | float):
        seen, plainly = shown(stored, cell.number_format), shown(stored, "General")
        if not seen or not plainly or not seen.exact or seen.text != plainly.text:
            cell.number_format = "General"


def _stored(value: Value) -> str | int | float | None:
    if isinstance(value, str):
        return value or None
    # A cell of Excel holds no fractions; the reader takes the shortest decimal back.
    return value.numerator if value.denominator == 1 else float(value)
