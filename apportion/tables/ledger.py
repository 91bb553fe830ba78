"""What became of each cell of a table from elsewhere: used, told, or left over."""

from collections.abc import Iterable, Iterator

from apportion.core.text import some
from apportion.tables.grid import Cell

_SHOWN = 3


class CellLedger:
    """Every cell that holds something is handed in once and accounted for once.

    A reader begins with all cells of the grid, says `use` for what became a value, a key or a
    heading, and `tell` for what it passed over, with the kind of it. At its end `left` must be
    empty: a cell that nobody accounted for is refused by the reader, with its place. `lines` are
    for a person: each kind once, with the number of its cells and the first places.
    """

    def __init__(self, cells: Iterable[Cell]) -> None:
        self._open = {(cell.row, cell.column): cell for cell in cells if cell.text}
        self._told: dict[str, list[Cell]] = {}

    def use(self, cells: Iterable[Cell]) -> None:
        """Account for cells that were read."""
        for cell in cells:
            self._open.pop((cell.row, cell.column), None)

    def tell(self, kind: str, cells: Iterable[Cell]) -> None:
        """Account for cells that were passed over; those already accounted for stay as they are."""
        for cell in cells:
            if self._open.pop((cell.row, cell.column), None):
                self._told.setdefault(kind, []).append(cell)

    @property
    def left(self) -> tuple[Cell, ...]:
        """Cells that nobody accounted for, in the order of the file."""
        return tuple(self._open[place] for place in sorted(self._open))

    def lines(self) -> Iterator[str]:
        """`表の上の題や注（2セル）: A1、A2`."""
        for kind, cells in self._told.items():
            yield f"{kind}（{len(cells)}セル）: {some((cell.place for cell in cells), _SHOWN)}"
