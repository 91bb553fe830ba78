"""Reading our own workbooks: sheets as grids of cells, tables found by their headings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from apportion.problem import OutputError

Grid = Sequence[Sequence[object]]
"""Rows of cell values, from A1 on."""

Grids = Mapping[str, Grid]
"""Grids by the name of the sheet."""


class Cell(NamedTuple):
    """Yen in a cell (None: it holds no whole number), and its place, as `団体別事業別!F12`."""

    yen: int | None
    place: str


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of a sheet below the row of headings `head` (zero-based)."""

    sheet: str
    grid: Grid
    head: int

    @property
    def headings(self) -> list[str]:
        """Headings from left to right."""
        return [str(value) for value in self.grid[self.head]]

    @property
    def rows(self) -> range:
        """Rows below the headings."""
        return range(self.head + 1, len(self.grid))

    def column(self, heading: str) -> int:
        """Column of a heading."""
        return self.headings.index(heading)

    def text(self, row: int, heading: str) -> str:
        """Text of a cell; empty where there is none."""
        return str(self.grid[row][self.column(heading)])

    def cell(self, row: int, heading: str) -> Cell:
        """Yen of a cell, with its place."""
        return cell(self.sheet, self.grid, row, self.column(heading))


def cell(sheet: str, grid: Grid, row: int, column: int) -> Cell:
    """Yen of a cell of a sheet, with its place."""
    value = grid[row][column]
    whole = isinstance(value, float) and value.is_integer()
    yen = int(value) if whole and isinstance(value, float) else None
    return Cell(yen, f"{sheet}!{letters(column)}{row + 1}")


def table(found: Grids, name: str, headings: Sequence[str], path: Path) -> Table:
    """A sheet from its first row that holds these headings; `OutputError` where there is none."""
    for number, row in enumerate(found.get(name, ())):
        if set(headings) <= {str(value) for value in row}:
            return Table(name, found[name], number)
    raise OutputError(_changed(path, f"シート「{name}」に「{'」「'.join(headings)}」の見出しが"))


def grids(path: Path, names: Sequence[str] | None = None) -> Grids:
    """Cells of the sheets of a workbook that bear one of these names (None: of all sheets).

    Raises `OutputError` where it cannot be opened.
    """
    # Loaded here: only a run or a verify that reads workbooks needs calamine.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    try:
        book = CalamineWorkbook.from_path(path)
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in (book.sheet_names if names is None else names)
            if name in book.sheet_names
        }
    except (CalamineError, OSError) as error:
        raise unreadable(path) from error


def unreadable(path: Path) -> OutputError:
    """What is raised where a workbook cannot be opened."""
    return OutputError(
        f"{path} を開けません。\n  直し方: もう一度 apportion run を実行してください。"
    )


def _changed(path: Path, what: str) -> str:
    return (
        f"{path} の{what}ありません。書き出したあとに変えられたようです。\n"
        "  直し方: もう一度 apportion run を実行してください。"
    )


def letters(column: int) -> str:
    """`AB` for column 27 (zero-based)."""
    higher, own = divmod(column, 26)
    return (letters(higher - 1) if higher else "") + chr(ord("A") + own)
