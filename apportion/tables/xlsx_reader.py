"""XLSX to a grid. The first sheet that is not hidden is the table.

openpyxl is imported on use: it costs 0.2 seconds, and most workspaces have CSV only.
"""

import io
import math
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from apportion.core.problem import Fault, Findings, Source, fault, tell
from apportion.tables.grid import Cell, CellKind, Grid, build, letters, tidy
from apportion.tables.xlsx_gate import broken, refusal

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as ExcelCell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    _ExcelRow = tuple[ExcelCell | MergedCell, ...]

NOTES_SHEET = "書き方"
"""Sheet of notes for people: nobody expects it to be read, so nothing is said about it."""


class _Spot(NamedTuple):
    """A fault with its place, before the headings are known."""

    row: int
    column: int
    fault: Fault


def read(file: str, data: bytes, findings: Findings) -> Grid | None:
    """Grid of a workbook, or None where it cannot be read."""
    fault = refusal(data)
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
    return _grid(file, values[names[0]], formulas[names[0]], findings)


def _open(data: bytes) -> "tuple[Workbook, Workbook] | None":
    """Open the workbook with its stored values, and again with its formulas."""
    from openpyxl import load_workbook  # noqa: PLC0415 (see the head of the module)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return (
                load_workbook(io.BytesIO(data), data_only=True, keep_links=False),
                load_workbook(io.BytesIO(data), keep_links=False),
            )
        except Exception:  # noqa: BLE001 (openpyxl fails in many ways on a broken file)
            return None


def _grid(file: str, values: "Worksheet", formulas: "Worksheet", findings: Findings) -> Grid:
    spots: list[_Spot] = []
    pairs = zip(values.iter_rows(), formulas.iter_rows(), strict=True)
    rows = [_row(number, *pair, spots) for number, pair in enumerate(pairs, 1)]
    spots += _spread_merged(values, rows)
    spots += _hidden(values, rows)
    grid = build(file, values.title, rows, range(1, len(rows) + 1))
    for row, column, found in spots:
        place = Cell("", CellKind.PLAIN, row, column)
        findings.add(found.at(grid.source(place)))
    return grid


def _row(number: int, values: "_ExcelRow", formulas: "_ExcelRow", spots: list[_Spot]) -> list[Cell]:
    row = []
    for column, (value, formula) in enumerate(zip(values, formulas, strict=True), 1):
        text, kind, fault = _content(
            value.value, value.data_type, has_formula=formula.data_type == "f"
        )
        row.append(Cell(text, kind, number, column))
        if fault:
            spots.append(_Spot(number, column, fault))
    return row


def _content(
    value: object, data_type: str, *, has_formula: bool
) -> tuple[str, CellKind, Fault | None]:
    """Text and kind of a stored value, and what is to be said about it."""
    if value is None:
        return ("", CellKind.BROKEN, fault("W111")) if has_formula else ("", CellKind.PLAIN, None)
    # First of all: to Python a bool is an int as well.
    if isinstance(value, bool) or data_type == "e" or value in {math.inf, -math.inf}:
        return "", CellKind.BROKEN, _no_value(value)
    warning = fault("W132") if has_formula else None
    if isinstance(value, int | float):
        return _digits(value), CellKind.NUMBER, warning
    # Excel knows no day without a time: a date comes as its midnight.
    if isinstance(value, datetime):
        return value.date().isoformat(), CellKind.DATE, warning
    if isinstance(value, date | time | timedelta):
        return str(value), CellKind.DATE, warning
    return tidy(str(value)), CellKind.TEXT, warning


def _digits(value: float) -> str:
    """Write the shortest decimal that gives this number back: what was typed into Excel."""
    return str(value) if isinstance(value, int) else format(Decimal(repr(value)).normalize(), "f")


def _spread_merged(sheet: "Worksheet", rows: list[list[Cell]]) -> Iterator[_Spot]:
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
        yield _Spot(top, left, fault("W110", area=str(merged)))


def _hidden(sheet: "Worksheet", rows: list[list[Cell]]) -> Iterator[_Spot]:
    """Report hidden rows and columns that hold something: they are read like the others."""
    for number, row in enumerate(rows, 1):
        if sheet.row_dimensions[number].hidden and any(cell.text for cell in row):
            yield _Spot(number, 1, fault("W134", name=f"{number}行目"))
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden:
            for column in range(dimension.min or 1, (dimension.max or 0) + 1):
                if any(row[column - 1].text for row in rows if column <= len(row)):
                    yield _Spot(1, column, fault("W134", name=f"{letters(column)}列"))


def _no_value(value: object) -> Fault:
    shown = "桁の多すぎる数" if isinstance(value, float) else f"「{str(value).upper()}」"
    return fault("W112", shown=shown)
