"""Cells and areas of a workbook as values, and formulas that know their result."""

from collections.abc import Sequence
from typing import NamedTuple

from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell

_MOST = 250
"""Arguments of one SUM; programs take 255 at most."""


class Live(NamedTuple):
    """A formula and the whole number that it gives."""

    formula: str
    value: int


class Ref(NamedTuple):
    """A written cell (zero-based) and the whole number in it."""

    sheet: str
    row: int
    column: int
    value: int

    @property
    def address(self) -> str:
        """`F12`."""
        return str(xl_rowcol_to_cell(self.row, self.column))

    def on(self, sheet: str) -> str:
        """How a formula on `sheet` refers to it."""
        return self.address if self.sheet == sheet else f"{quoted(self.sheet)}!{self.address}"


class Area(NamedTuple):
    """A block of cells (zero-based, both ends included)."""

    sheet: str
    row: int
    column: int
    last_row: int
    last_column: int

    def on(self, sheet: str) -> str:
        """How a formula on `sheet` refers to it; fixed where that is another sheet."""
        if self.sheet == sheet:
            return str(xl_range(*self[1:]))
        return f"{quoted(self.sheet)}!{xl_range_abs(*self[1:])}"


def quoted(sheet: str) -> str:
    """Sheet name as formulas need it: unquoted Japanese names are misread by some programs."""
    return "'" + sheet.replace("'", "''") + "'"


def sum_of(cells: Sequence[Ref], sheet: str) -> Live:
    """SUM that names its cells one by one, neighbours as a range."""
    value = sum(cell.value for cell in cells)
    names = [area.on(sheet) for area in _runs(cells)]
    sums = [_sum(names[i : i + _MOST]) for i in range(0, len(names), _MOST)]
    return Live(f"={sums[0] if len(sums) == 1 else _sum(sums)}", value)


def total_of(area: Area, value: int) -> Live:
    """SUM of an area of its own sheet; blank cells and texts in it do not count."""
    return Live(f"=SUM({area.on(area.sheet)})", value)


def link(cell: Ref, sheet: str) -> Live:
    """Value of another cell."""
    return Live(f"={cell.on(sheet)}", cell.value)


def link_or_sum(cells: Sequence[Ref], sheet: str) -> Live:
    """Value of the only cell, or the SUM of several."""
    return link(cells[0], sheet) if len(cells) == 1 else sum_of(cells, sheet)


def less(first: Ref, others: Sequence[Ref], sheet: str) -> Live:
    """`first` less the others: a 差, or what is left."""
    value = first.value - sum(cell.value for cell in others)
    return Live("=" + "-".join(cell.on(sheet) for cell in (first, *others)), value)


def _sum(names: Sequence[str]) -> str:
    return f"SUM({','.join(names)})" if names else "0"


def _runs(cells: Sequence[Ref]) -> list[Area]:
    """Areas of the same cells in the same order, neighbours of one row or column joined."""
    runs: list[Area] = []
    for cell in cells:
        last = runs[-1] if runs else None
        if last and last.column == last.last_column and _is_below(last, cell):
            runs[-1] = last._replace(last_row=cell.row)
        elif last and last.row == last.last_row and _is_right_of(last, cell):
            runs[-1] = last._replace(last_column=cell.column)
        else:
            runs.append(Area(cell.sheet, cell.row, cell.column, cell.row, cell.column))
    return runs


def _is_below(area: Area, cell: Ref) -> bool:
    return (cell.sheet, cell.row, cell.column) == (area.sheet, area.last_row + 1, area.column)


def _is_right_of(area: Area, cell: Ref) -> bool:
    return (cell.sheet, cell.row, cell.column) == (area.sheet, area.row, area.last_column + 1)


def rounded(first: int, second: int, places: int) -> float:
    """`first` over `second` as ROUND gives it: halves go away from 0."""
    unit: int = 10**places
    scaled = (abs(first) * unit * 2 + second) // (second * 2)
    return (scaled if first >= 0 else -scaled) / unit
