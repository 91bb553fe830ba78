"""XLSX to a grid. The first sheet that is not hidden is the table.

openpyxl is imported on use: it costs 0.2 seconds, and most workspaces have CSV only.
"""

import io
import math
import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from apportion.core.problem import Fault, Findings, Source, fault, tell
from apportion.tables.cell_looks import Look, is_struck, is_unseen, of_number, of_text
from apportion.tables.conditional_format import (
    MOST_FORMATS,
    ConditionalFormat,
    codes,
    conditional_formats,
)
from apportion.tables.grid import Cell, CellKind, Doubt, Grid, build, letters
from apportion.tables.xlsx_gate import broken, refusal

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as ExcelCell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    _ExcelRow = tuple[ExcelCell | MergedCell, ...]

NOTES_SHEET = "書き方"
"""Sheet of notes for people: nobody expects it to be read, so nothing is said about it."""

_LINK = re.compile(r"\[[0-9]+\]")
_NAME = re.compile(r"[\w.\\?]+")
_INFINITE = (math.inf, -math.inf)


def read(file: str, data: bytes, findings: Findings) -> Grid | None:
    """Grid of a workbook, or None where it cannot be read."""
    fault = refusal(data, links=True)
    books = None if fault else _open(data)
    if fault or books is None:
        findings.add((fault or broken()).at(Source(file=file)))
        return None
    values, formulas = books
    names = [sheet.title for sheet in values.worksheets if sheet.sheet_state == "visible"]
    if not names:
        findings.add(tell("W106.sheet", Source(file=file)))
        return None
    for sheet in values.worksheets:
        if sheet.title in {names[0], NOTES_SHEET}:
            continue
        if any(cell.value is not None for row in sheet for cell in row):
            findings.add(
                tell("W143", Source(file=file, sheet=sheet.title), title=sheet.title, used=names[0])
            )
    formats = conditional_formats(values[names[0]])
    if len(formats) > MOST_FORMATS:
        findings.add(tell("W105.formats", Source(file=file, sheet=names[0]), most=MOST_FORMATS))
        return None
    return _grid(file, values[names[0]], formulas[names[0]], formats)


def _open(data: bytes) -> "tuple[Workbook, Workbook] | None":
    """The workbook with its stored values, and with its formulas: the same one where it has none."""
    from openpyxl import load_workbook  # noqa: PLC0415 (see the head of the module)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            formulas = load_workbook(io.BytesIO(data), keep_links=False, rich_text=True)
            if not any(map(_has_formulas, formulas.worksheets)):
                return formulas, formulas
            stream = io.BytesIO(data)
            return load_workbook(stream, data_only=True, keep_links=False, rich_text=True), formulas
        except Exception:  # noqa: BLE001 (openpyxl fails in many ways on a broken file)
            return None


def _has_formulas(sheet: "Worksheet") -> bool:
    return any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def _grid(
    file: str,
    values: "Worksheet",
    formulas: "Worksheet",
    formats: tuple[ConditionalFormat, ...],
) -> Grid:
    doubts: list[Doubt] = []
    zeros = values.sheet_view.showZeros is not False
    book = _Book(LinkedNames.of(formulas), zeros, formats, doubts)
    pairs = zip(values.iter_rows(), formulas.iter_rows(), strict=True)
    rows = [_row(number, *pair, book) for number, pair in enumerate(pairs, 1)]
    doubts += _unseen(values, rows)
    doubts += _spread_merged(values, rows)
    doubts += _hidden(values, rows)
    grid = build(file, values.title, rows, range(1, len(rows) + 1))
    return grid._replace(doubts=tuple(doubts))


class _Book(NamedTuple):
    """What the cells of a sheet need to know of it, and what is found to be said of them.

    `zeros` tells whether the window shows them.
    """

    linked: "LinkedNames"
    zeros: bool
    formats: tuple[ConditionalFormat, ...]
    doubts: list[Doubt]


def _row(
    number: int,
    values: "_ExcelRow",
    formulas: "_ExcelRow",
    book: "_Book",
) -> list[Cell]:
    row = []
    for column, (value, formula) in enumerate(zip(values, formulas, strict=True), 1):
        has_formula = formula.data_type == "f"
        look = _look(value, book.formats, has_formula=has_formula)
        told = look.fault
        if look.kind is CellKind.NUMBER and value.value == 0 and not book.zeros:
            told = fault("W135.zero")
        if has_formula and book.linked.used_in(formula_of(formula)):
            look, told = Look("", CellKind.BROKEN), fault("W105.link")
        row.append(Cell(look.text, look.kind, number, column, look.unit))
        if has_formula and look.kind is not CellKind.BROKEN:
            book.doubts.append(Doubt((column, number, column, number), fault("W132")))
        if told:
            book.doubts.append(Doubt((column, number, column, number), told))
    return row


def formula_of(cell: "ExcelCell | MergedCell") -> str:
    """The formula of a cell."""
    return str(getattr(cell.value, "text", cell.value))  # that of an array has a text


class LinkedNames(NamedTuple):
    """Names that take their value from another workbook, in small letters."""

    names: frozenset[str]

    @classmethod
    def of(cls, sheet: "Worksheet") -> "LinkedNames":
        """Those that a formula of this sheet may use."""
        book = sheet.parent
        assert book is not None
        names = {**book.defined_names, **sheet.defined_names}
        linked = (name for name, found in names.items() if _LINK.search(found.value or ""))
        return cls(frozenset(map(str.lower, linked)))

    def used_in(self, formula: str) -> bool:
        """Whether a formula holds `[1]`, or such a name."""
        if _LINK.search(formula):
            return True
        return bool(self.names) and not self.names.isdisjoint(_NAME.findall(formula.lower()))


def _look(
    cell: "ExcelCell | MergedCell", formats: tuple[ConditionalFormat, ...], *, has_formula: bool
) -> Look:
    """Text and kind of a stored value as it is seen, and what is to be said about it."""
    value = cell.value
    if value is None:
        broken = fault("W111") if has_formula else None
        return Look("", CellKind.BROKEN if broken else CellKind.PLAIN, fault=broken)
    # First of all: to Python a bool is an int as well.
    if isinstance(value, bool) or cell.data_type == "e" or value in _INFINITE:
        return Look("", CellKind.BROKEN, fault=_no_value(value))
    if isinstance(value, int | float):
        own = cell.number_format
        return of_number(value, codes(own, value, cell.row or 0, cell.column or 0, formats))
    # Excel knows no day without a time: a date comes as its midnight.
    if isinstance(value, datetime):
        return Look(value.date().isoformat(), CellKind.DATE)
    if isinstance(value, date | time | timedelta):
        return Look(str(value), CellKind.DATE)
    return of_text(value, cell.number_format)


def _unseen(sheet: "Worksheet", rows: list[list[Cell]]) -> Iterator[Doubt]:
    """Report what is struck out, or of the colour of its ground: it is read like all else."""
    for number, (cells, row) in enumerate(zip(sheet.iter_rows(), rows, strict=True), 1):
        for name, looks in (("struck", is_struck), ("unseen", is_unseen)):
            found = [r.column for c, r in zip(cells, row, strict=True) if r.text and looks(c)]
            if found:
                yield Doubt((found[0], number, found[-1], number), _of_row(name, number, found))


def _of_row(name: str, number: int, columns: list[int]) -> Fault:
    first, last = (f"{letters(column)}{number}" for column in (columns[0], columns[-1]))
    place = first if first == last else f"{first}～{last}"
    if name == "struck":
        return fault("W135.struck", place=place)
    return fault("W135.unseen", place=place)


def _spread_merged(sheet: "Worksheet", rows: list[list[Cell]]) -> Iterator[Doubt]:
    """Report merged ranges; their cells take the value of the first, so that nothing follows."""
    for merged in sorted(sheet.merged_cells.ranges, key=lambda area: area.bounds):
        left, top, right, bottom = merged.bounds
        inside = [row[left - 1 : right] for row in rows[top - 1 : bottom]]
        if not any(cell.text for row in inside for cell in row):
            continue
        first = rows[top - 1][left - 1]
        for row in rows[top - 1 : bottom]:
            row[left - 1 : right] = [
                first._replace(row=cell.row, column=cell.column) for cell in row[left - 1 : right]
            ]
        yield Doubt(merged.bounds, fault("W110", area=str(merged)))


def _hidden(sheet: "Worksheet", rows: list[list[Cell]]) -> Iterator[Doubt]:
    """Report hidden rows and columns that hold something: they are read like the others."""
    for number, row in enumerate(rows, 1):
        if sheet.row_dimensions[number].hidden and any(cell.text for cell in row):
            yield Doubt((1, number, len(row), number), fault("W134", name=f"{number}行目"))
    width = max(map(len, rows), default=0)
    columns = dict.fromkeys(
        column
        for dimension in sheet.column_dimensions.values()
        if dimension.hidden
        for column in range(dimension.min or 1, min(dimension.max or 0, width) + 1)
    )
    for column in columns:
        if any(row[column - 1].text for row in rows if column <= len(row)):
            area = (column, 1, column, len(rows))
            yield Doubt(area, fault("W134", name=f"{letters(column)}列"))


def _no_value(value: object) -> Fault:
    shown = "桁の多すぎる数" if isinstance(value, float) else f"「{str(value).upper()}」"
    return fault("W112", shown=shown)
