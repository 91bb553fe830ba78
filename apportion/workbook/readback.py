"""Reading an invoice back: its amounts, each with the cell that holds it.

What was written is not remembered here: sheets, headings and rows are found by their words.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from apportion.text import name_key
from apportion.workbook.readback_grid import Cell, Grid, Grids, cell, grids, table

FORM, DETAIL, BASIS = "通知", "内訳", "計算根拠"
_AMOUNTS = ("納入金額", "負担金見込額")
_PROJECT, _LINE, _YEN, _NUMBER = "事業", "経費", "負担金額\n（円）", "番号"
_ABSENT = "－ 不参加"

Key = tuple[str, str]
"""Folded (事業, 経費)."""


class Invoice(NamedTuple):
    """Amounts of one invoice: on the form, on 内訳 and on 計算根拠.

    Lines that the member takes no part in stand in `basis` alone, with 0.
    """

    amount: Cell
    lines: Mapping[Key, Cell]
    basis: Mapping[Key, Cell]


def read(path: Path) -> Invoice:
    """Read the cached values. Raises `OutputError` where a sheet or a heading is missing."""
    found = grids(path, (FORM, DETAIL, BASIS))
    return Invoice(
        amount=_amount(found.get(FORM, ())),
        lines=dict(_lines(found, path)),
        basis=dict(_basis(found, path)),
    )


def amount(path: Path) -> Cell:
    """The total on the form alone."""
    return _amount(grids(path, (FORM,)).get(FORM, ()))


def _amount(form: Grid) -> Cell:
    """The number beside the label of the total."""
    rows = (row for row, values in enumerate(form) if values and values[0] in _AMOUNTS)
    return next((cell(FORM, form, row, 1) for row in rows), Cell(None, FORM))


def _lines(found: Grids, path: Path) -> Iterator[tuple[Key, Cell]]:
    """Rows of 内訳 that are neither a sum (without 経費) nor 不参加."""
    part = table(found, DETAIL, (_PROJECT, _LINE, _YEN), path)
    for row in part.rows:
        line = part.text(row, _LINE)
        if line and part.text(row, _YEN) != _ABSENT:
            yield (name_key(part.text(row, _PROJECT)), name_key(line)), part.cell(row, _YEN)


def _basis(found: Grids, path: Path) -> Iterator[tuple[Key, Cell]]:
    """Numbered rows of 計算根拠; a row that begins with text names the 事業 of those below."""
    part = table(found, BASIS, (_NUMBER, _LINE, _YEN), path)
    project = ""
    for row in part.rows:
        first = part.grid[row][part.column(_NUMBER)]
        if isinstance(first, float):
            yield (name_key(project), name_key(part.text(row, _LINE))), part.cell(row, _YEN)
        elif first:
            project = str(first)
