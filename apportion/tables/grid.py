"""A table as it stands in a file: headings, rows and cells that know their place."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import Enum
from functools import cache
from typing import NamedTuple

from apportion.core.problem import Fault, Level, Problem, Source, tell
from apportion.core.text import some

# Control signs, and the marks that turn the direction of a line: none belongs into a table.
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class CellKind(Enum):
    """What a cell is to its program. A CSV knows no kinds: all its cells are PLAIN."""

    PLAIN = "plain"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BROKEN = "broken"  # already reported: it stays silent from here on


class Cell(NamedTuple):
    """Text of a cell without outer spaces, numbers exact in plain digits, dates in ISO form.

    `unit` is what the number format of a workbook shows beside a number: `%`, `千円`.
    """

    text: str
    kind: CellKind
    row: int
    column: int
    unit: str = ""

    @property
    def place(self) -> str:
        """`C12`."""
        return f"{letters(self.column)}{self.row}"

    @property
    def forbidden(self) -> bool:
        """Whether an invisible control sign stands in the text."""
        return _FORBIDDEN.search(self.text) is not None

    @property
    def cleaned(self) -> "Cell":
        """The cell without such signs."""
        return self._replace(text=_FORBIDDEN.sub("", self.text).strip())


class Doubt(NamedTuple):
    """What is to be said where a table uses a cell of this area of a sheet."""

    area: tuple[int, int, int, int]
    """Left, top, right, bottom."""
    fault: Fault

    def concerns(self, columns: Sequence[int], rows: Sequence[int]) -> bool:
        """Whether one of its cells is in these columns and rows, both in their order."""
        left, top, right, bottom = self.area
        return _any_within(columns, left, right) and _any_within(rows, top, bottom)


def _any_within(ordered: Sequence[int], low: int, high: int) -> bool:
    place = bisect_left(ordered, low)
    return place < len(ordered) and ordered[place] <= high


_SHOWN = 5
"""Places that a notice names."""


class Grid(NamedTuple):
    """Headings and the rows below them that are not blank, none shorter than the headings.

    `width` is the length of the row of headings with blank ones at its end, `lines` holds the line
    in the file for each row of the table: the two differ after a line break inside a cell.
    """

    file: str
    sheet: str
    headings: tuple[Cell, ...]
    width: int
    rows: tuple[tuple[Cell, ...], ...]
    lines: Sequence[int]
    doubts: tuple[Doubt, ...] = ()

    def doubted(
        self,
        columns: Collection[int],
        rows: Collection[int] | None = None,
        heads: Collection[int] = (),
    ) -> Iterator[Problem]:
        """What is to be said of the cells in use; errors of all others are one notice.

        Without `rows`, all from the headings down are used. In the rows `heads` merged cells are read
        as spans, and nothing is to be said of them.
        """
        if not self.doubts:
            return
        first = self.headings[0].row if self.headings else 1
        below = range(first, len(self.lines) + 1)
        used = sorted(columns), below if rows is None else sorted(rows)
        others = []
        for doubt in self.doubts:
            left, top, right, bottom = doubt.area
            if top in heads and bottom in heads and (left, top) != (right, bottom):
                continue
            problem = doubt.fault.at(self.source(Cell("", CellKind.PLAIN, top, left)))
            if doubt.concerns(*used):
                yield problem
            elif problem.level is Level.ERROR:
                others.append(problem.source.cell)
        if others:
            yield tell(
                "W144",
                Source(file=self.file, sheet=self.sheet),
                count=len(others),
                places=some(others, _SHOWN),
            )

    def source(self, cell: Cell) -> Source:
        """Where `cell` stands."""
        inside = cell.column <= len(self.headings)
        return Source(
            file=self.file,
            line=self.lines[cell.row - 1],
            sheet=self.sheet,
            cell=cell.place,
            heading=self.headings[cell.column - 1].text if inside else "",
        )


def build(file: str, sheet: str, cells: Iterable[Iterable[Cell]], lines: Sequence[int]) -> Grid:
    """Grid whose headings are the first row that is not blank; without one it has no headings."""
    rows = [row for row in map(tuple, cells) if any(cell.text for cell in row)]
    if not rows:
        return Grid(file, sheet, (), 0, (), lines)
    headings = _trimmed(rows[0])
    below = tuple(_padded(row, len(headings)) for row in rows[1:])
    return Grid(file, sheet, headings, len(rows[0]), below, lines)


def tidy(text: str) -> str:
    """`text` without outer spaces; a line break inside a cell is a space."""
    return " ".join(text.split("\n")).strip() if "\n" in text else text.strip()


@cache
def letters(column: int) -> str:
    """Name a column: 1, 26, 27 are `A`, `Z`, `AA`."""
    name = ""
    while column:
        # Letters know no zero: AA follows Z.
        column, place = divmod(column - 1, 26)
        name = chr(ord("A") + place) + name
    return name


def column_of(name: str) -> int:
    """The column of these letters: `A`, `Z`, `AA` are 1, 26, 27; 0 without any."""
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _trimmed(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    width = max(cell.column for cell in row if cell.text)
    return row[:width]


def _padded(row: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    # A CSV may leave out blank cells at the end of a row.
    missing = range(len(row) + 1, width + 1)
    return row + tuple(Cell("", CellKind.PLAIN, row[0].row, column) for column in missing)
