"""Reading 計算書.xlsx back: the yen of every 経費 and member, each with the cell that holds it.

What was written is not remembered here: headings, names and rows are found by their words.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from apportion.core.text import name_key
from apportion.workbook.sheets.grid import Grid, YenCell, cell, grids, unreadable

_PROJECT, _LINE, _CODE, _YEN, _SUM = "事業", "経費", "団体\nコード", "負担金額\n（円）", "計"

Key = tuple[str, str, str]
"""団体コード, folded 事業 and 経費."""


def read(path: Path) -> Mapping[Key, YenCell]:
    """Read the cached values. Raises `OutputError` where it cannot be opened, or is another book."""
    found = {key: cell for name, grid in grids(path).items() for key, cell in _charges(name, grid)}
    if not found:
        raise unreadable(path)
    return found


def _charges(name: str, grid: Grid) -> Iterator[tuple[Key, YenCell]]:
    """Rows below the headings of each 経費; the 事業 stands above them."""
    project = line = ""
    column = None
    for number, row in enumerate(grid):
        first = str(row[0]) if row else ""
        if first == _PROJECT:
            project = name_key(str(row[1]))
        elif first == _LINE:
            line, column = name_key(str(row[2])), None
        elif first == _CODE and _YEN in row:
            column = list(row).index(_YEN)
        elif column is not None and first and first != _SUM:
            yield (first, project, line), cell(name, grid, number, column)
