"""Cells and areas of a workbook as values, and formulas that know their result.

Numbers of cells count from 0, as XlsxWriter has them.
"""

from collections.abc import Sequence
from dataclasses import field
from functools import reduce
from operator import sub
from typing import NamedTuple

from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell

from apportion.core.dataclass import dataclass

# What every program takes; Excel's own limits are a little wider (255, 64, 8,192).
MOST_ARGUMENTS = 250
MOST_NESTED = 50
MOST_TEXT, MOST_FORMULA = 255, 8000
"""Arguments of a function, IFs within each other, signs of a text in a formula, and of a formula."""

# A cell is a binary float: 15 digits, and INT of a quotient already rounds up before that.
MOST_DIGITS = 10**15
MOST_QUOTIENT = 10**14
"""Number up to which a cell holds every digit, and up to which INT of a quotient is exact (measured)."""


@dataclass(frozen=True, slots=True)
class Live:
    """A formula and the whole number that it gives.

    `loose`: it is a sum of terms (or below 0), and stands in brackets behind a minus.
    """

    formula: str
    value: int
    loose: bool = field(default=False, compare=False)

    @property
    def inner(self) -> str:
        """The formula as a part of another one."""
        return self.formula.removeprefix("=")

    def enclosed(self) -> "Live":
        """The same in brackets."""
        return Live(f"=({self.inner})", self.value)

    def __add__(self, other: "Live") -> "Live":
        return Live(f"={self.inner}+{other.inner}", self.value + other.value, loose=True)

    def __sub__(self, other: "Live") -> "Live":
        taken = other.enclosed() if other.loose else other
        return Live(f"={self.inner}-{taken.inner}", self.value - other.value, loose=True)


def known(number: int) -> Live:
    """A number that no cell holds."""
    return Live(f"={number}", number, loose=number < 0)


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


def fixed(sheet: str, row: int, column: int) -> str:
    """`='計算根拠'!$D$3`: what a name of the workbook stands for."""
    return f"={quoted(sheet)}!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"


def sum_of(cells: Sequence[Ref], sheet: str) -> Live:
    """SUM that names its cells one by one, neighbours as a range."""
    value = sum(cell.value for cell in cells)
    # Ranges keep the formula readable; a SUM of SUMs where there are still too many.
    names = [area.on(sheet) for area in _runs(cells)]
    sums = [_sum(names[i : i + MOST_ARGUMENTS]) for i in range(0, len(names), MOST_ARGUMENTS)]
    return Live(f"={sums[0] if len(sums) == 1 else _sum(sums)}", value)


def total_of(area: Area, value: int) -> Live:
    """SUM of an area of its own sheet; blank cells and texts in it do not count."""
    return Live(f"=SUM({area.on(area.sheet)})", value)


def count_of(area: Area, sheet: str, value: int) -> Live:
    """How many cells of an area hold a number."""
    return Live(f"=COUNT({area.on(sheet)})", value)


def link(cell: Ref, sheet: str) -> Live:
    """Value of another cell."""
    return Live(f"={cell.on(sheet)}", cell.value)


def link_or_sum(cells: Sequence[Ref], sheet: str) -> Live:
    """Value of the only cell, or the SUM of several."""
    return link(cells[0], sheet) if len(cells) == 1 else sum_of(cells, sheet)


def less(first: Ref, others: Sequence[Ref], sheet: str) -> Live:
    """`first` less the others: a 差, or what is left."""
    return reduce(sub, (link(cell, sheet) for cell in (first, *others)))


def times(text: str, factor: int) -> str:
    """`G14*1000`; a factor of 1 is not written."""
    return f"{text}*{factor}" if factor > 1 else text


def over(text: str, divisor: int) -> str:
    """`J14/1000`, in the same way."""
    return f"{text}/{divisor}" if divisor > 1 else text


def operand(text: str) -> str:
    """A part of a product or quotient: in brackets, unless it is one cell or name."""
    return text if text.isidentifier() else f"({text})"


def quotient(product: str, divisor: str, largest: int) -> str:
    """INT of a quotient, put right where `product` may be too large (`largest`) for plain INT."""
    plain = f"INT({product}/{divisor})"
    return plain if largest < MOST_QUOTIENT else f"{plain}-IF({plain}*{divisor}>{product},1,0)"


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
    # In whole numbers: ROUND goes by decimal digits, of which a float may be a little short.
    unit: int = 10**places
    scaled = (abs(first) * unit * 2 + second) // (second * 2)
    return (scaled if first >= 0 else -scaled) / unit
