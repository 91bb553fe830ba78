"""Columns of 指標一覧, the sheet that is the same for every member.

A column's cells stand in the order of the members. Each column has a name (`重み3`) that is both
its heading and a name of the workbook, so that the formulas of 計算根拠 can be read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from xlsxwriter.utility import xl_col_to_name

from apportion.workbook.refs import Live, quoted

SHEET = "指標一覧"
CODES, ORDER = "団体コード一覧", "順番"
ORDER_COLUMN, CODE_COLUMN, MEMBER_COLUMN, FIRST_COLUMN = range(4)
NAME_ROW, HEADING_ROW, NOTE_ROW, CONSTANT_ROW, SECOND_ROW, SUM_ROW, FIRST_ROW = range(4, 11)

Number = Live | int | None
"""What a cell holds: a formula, a number, or nothing (not known)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; `constants` stand above its cells, the formulas refer to them."""

    name: str
    place: int
    heading: str
    note: str
    cells: tuple[Number, ...] = ()
    constants: tuple[Number, Number] = (None, None)

    @property
    def letter(self) -> str:
        """`AB`."""
        return str(xl_col_to_name(self.place))

    @property
    def helper(self) -> bool:
        """Whether the column only helps to multiply exactly."""
        return self.name.startswith(("桁", "商", "積"))

    @property
    def summed(self) -> bool:
        """Whether the sum of the cells means something."""
        return not self.name.startswith(("桁", "積"))

    @property
    def values(self) -> tuple[int, ...]:
        """Whole numbers of the cells, 0 where nothing is known."""
        return tuple(value_of(cell) or 0 for cell in self.cells)

    def at(self, place: int) -> str:
        """`AB12`: the cell of a member."""
        return f"{self.letter}{FIRST_ROW + place + 1}"

    @property
    def first(self) -> str:
        """`AB$8`: 定数1."""
        return f"{self.letter}${CONSTANT_ROW + 1}"

    @property
    def second(self) -> str:
        """`AB$9`: 定数2."""
        return f"{self.letter}${SECOND_ROW + 1}"


def value_of(number: Number) -> int | None:
    """The whole number in a cell."""
    return number.value if isinstance(number, Live) else number


def area(place: int, size: int) -> str:
    """`='指標一覧'!$H$11:$H$64`: the cells of a column."""
    letter = xl_col_to_name(place)
    return f"={quoted(SHEET)}!${letter}${FIRST_ROW + 1}:${letter}${FIRST_ROW + size}"


@dataclass(slots=True)
class Columns:
    """Columns while they are collected, from left to right."""

    listed: list[Column] = field(default_factory=list)

    def new(
        self, name: str, heading: str, note: str, constants: tuple[Number, Number] = (None, None)
    ) -> Column:
        """The next column, still without cells: its own formulas may refer to it."""
        return Column(
            name=name,
            place=FIRST_COLUMN + len(self.listed),
            heading=heading,
            note=note,
            constants=constants,
        )

    def fill(self, column: Column, cells: Iterable[Number]) -> Column:
        """Give the next column its cells and keep it."""
        filled = replace(column, cells=tuple(cells))
        self.listed.append(filled)
        return filled
