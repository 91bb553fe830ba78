"""Signs that nobody sees, and 【要確認】: reported once, and taken out so that nothing follows."""

from apportion.findings import Findings
from apportion.tables.cells import Fault
from apportion.tables.grid import Cell, Grid
from apportion.text import UNDECIDED, mark_in, unmarked

_SHOWN = 30
"""Signs of a cell that a message shows."""


def cleaned(grid: Grid, findings: Findings) -> Grid:
    """The grid without control signs and 【要確認】; every cell that held one is a problem."""
    cells = [cell for row in (grid.headings, *grid.rows) for cell in row]
    signs = [cell for cell in cells if cell.forbidden]
    marked = [cell for cell in cells if mark_in(cell.text)]
    if not signs and not marked:
        return grid
    clean = grid._replace(
        headings=tuple(map(_clean, grid.headings)),
        rows=tuple(tuple(map(_clean, row)) for row in grid.rows),
    )
    for cell in signs:
        _control(cell).add_to(findings, clean.source(cell))
    for cell in marked:
        _undecided(cell).add_to(findings, clean.source(cell))
    return clean


def _clean(cell: Cell) -> Cell:
    cell = cell.cleaned if cell.forbidden else cell
    return cell._replace(text=unmarked(cell.text))


def _undecided(cell: Cell) -> Fault:
    rest = unmarked(cell.text)
    shown = rest if len(rest) <= _SHOWN else f"{rest[:_SHOWN]}…"
    return Fault(
        "W830",
        f"「{shown}」のセルに{UNDECIDED}が残っています。"
        if rest
        else f"{UNDECIDED}だけのセルがあります。",
        "人が決めること、確かめることに付ける印です。印が残っているあいだは計算しません。",
        f"中身を確かめて直し、セル {cell.place} の{UNDECIDED}を消してください。"
        if rest
        else f"中身を決めて、セル {cell.place} に書いてください。",
    )


def _control(cell: Cell) -> Fault:
    return Fault(
        "W127",
        f"「{cell.cleaned.text}」に、目に見えない制御文字が入っています。",
        "ほかの表から貼り付けたときに入ることがあり、名前が一致しなくなります。",
        f"セル {cell.place} を消して、手で入れ直してください。",
    )
