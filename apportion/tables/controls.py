"""Signs that nobody sees: reported once, and taken out so that nothing follows from them."""

from apportion.findings import Findings
from apportion.tables.cells import Fault
from apportion.tables.grid import Cell, Grid


def cleaned(grid: Grid, findings: Findings) -> Grid:
    """The grid without control signs; every cell that held one is a problem."""
    found = [cell for row in (grid.headings, *grid.rows) for cell in row if cell.forbidden]
    if not found:
        return grid
    clean = grid._replace(
        headings=tuple(cell.cleaned for cell in grid.headings),
        rows=tuple(tuple(cell.cleaned for cell in row) for row in grid.rows),
    )
    for cell in found:
        _control(cell).add_to(findings, clean.source(cell))
    return clean


def _control(cell: Cell) -> Fault:
    return Fault(
        "W127",
        f"「{cell.cleaned.text}」に、目に見えない制御文字が入っています。",
        "ほかの表から貼り付けたときに入ることがあり、名前が一致しなくなります。",
        f"セル {cell.place} を消して、手で入れ直してください。",
    )
