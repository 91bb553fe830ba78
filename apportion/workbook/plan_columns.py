"""Columns of 指標一覧: one cell for each member, in the order of the members.

Each column has a name (`重み3`) that is both its heading and a name of the workbook, so that the
formulas of the other sheets can be read. A formula is the same in every row: a pattern with
`{row}` where the number of the row stands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from xlsxwriter.utility import xl_col_to_name

from apportion.workbook.refs import quoted

SHEET = "指標一覧"
CODES, NAMES, ORDER = "団体コード一覧", "団体名一覧", "順番"
ORDER_COLUMN, CODE_COLUMN, MEMBER_COLUMN, FIRST_COLUMN = range(4)
NAME_ROW, HEADING_ROW, NOTE_ROW, SUM_ROW, FIRST_ROW = range(4, 9)

NO_SINGLES: Mapping[int, str] = {}
"""Of a column in which no member has a formula of its own."""

Number = int | None
"""What a cell holds: a number, or nothing (not known)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; with a `pattern` its cells are formulas, else numbers.

    `singles` are formulas of single members, by their place.
    """

    name: str
    place: int
    heading: str
    note: str
    cells: tuple[Number, ...] = ()
    pattern: str = ""
    singles: Mapping[int, str] = field(default_factory=dict, hash=False)

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
        return not self.name.startswith(("桁", "積", "順位"))

    @property
    def values(self) -> tuple[int, ...]:
        """Whole numbers of the cells, 0 where nothing is known."""
        return tuple(value or 0 for value in self.cells)

    @property
    def beside(self) -> str:
        """`AB{row}`: how the pattern of another column means the cell in its own row."""
        return f"{self.letter}{{row}}"

    def formula(self, row: int) -> str:
        """The formula in a row (zero-based); empty for a number."""
        return self.pattern.replace("{row}", str(row + 1))


def area(place: int, size: int) -> str:
    """`='指標一覧'!$H$9:$H$62`: the cells of a column."""
    letter = xl_col_to_name(place)
    return f"={quoted(SHEET)}!${letter}${FIRST_ROW + 1}:${letter}${FIRST_ROW + size}"


@dataclass(slots=True)
class Columns:
    """Columns while they are collected, from left to right."""

    listed: list[Column] = field(default_factory=list)

    def add(
        self,
        name: str,
        texts: tuple[str, str],
        cells: Iterable[Number],
        pattern: str = "",
        singles: Mapping[int, str] = NO_SINGLES,
    ) -> Column:
        """Keep a further column; `texts` are its heading and its note."""
        heading, note = texts
        column = Column(
            name=name,
            place=FIRST_COLUMN + len(self.listed),
            heading=heading,
            note=note,
            cells=tuple(cells),
            pattern=pattern,
            singles=singles,
        )
        self.listed.append(column)
        return column
