"""A table being read: it hands out its columns by heading and collects what is wrong."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from fractions import Fraction
from typing import NamedTuple, TypeVar

from apportion.core.dataclass import dataclass
from apportion.core.problem import Fault, Findings, Source, fault
from apportion.core.text import name_key, near, some
from apportion.tables.cells import MONEY, TOO_LARGE, Measure, measure
from apportion.tables.grid import Cell, CellKind, Grid, letters

T = TypeVar("T")

REMARK = "備考"
MEMO = "覚え書き"
"""For those who keep a table of the budget: read, and printed nowhere."""


@dataclass(frozen=True, slots=True)
class Table:
    """A grid, the columns claimed so far, and what was found to be wrong.

    A reader claims what it knows with `need`, `allow` or `claim`; `rest` is what
    nobody claimed. `sums` are the yen of each column so far, whatever their sign.
    """

    grid: Grid
    findings: Findings
    columns: dict[str, Cell] = field(default_factory=dict)
    claimed: set[int] = field(default_factory=set)
    sums: dict[int, int | Fraction] = field(default_factory=dict)

    def need(self, *names: str) -> bool:
        """Claim columns that must be there; False, with a problem, where one is missing."""
        self.allow(*names, REMARK)
        missing = [name for name in names if name not in self.columns]
        if missing:
            self.report_missing(missing)
        else:
            self._report_strays()
        return not missing

    def allow(self, *names: str) -> None:
        """Claim columns that may be there."""
        for name in names:
            found = [cell for cell in self.rest() if name_key(cell.text) == name_key(name)]
            for cell in found:
                self.claim(name, cell)

    def claim(self, name: str, heading: Cell) -> None:
        """Take a column as `name`; the second one of that name is a problem."""
        self.claimed.add(heading.column)
        first = self.columns.setdefault(name, heading)
        if first is not heading:
            self.report(
                heading,
                fault("W108", name=name, first=first.place, place=heading.place),
            )

    def rest(self) -> list[Cell]:
        """Headings that nobody claimed yet."""
        return [
            cell for cell in self.grid.headings if cell.text and cell.column not in self.claimed
        ]

    def measures(self) -> list[Measure]:
        """Read the parentheses of the headings that nobody claimed yet."""
        return [found for heading in self.rest() if (found := measure(heading))]

    def report_missing(self, missing: Sequence[str]) -> None:
        """Say which columns are missing, which exist, and in which row or spelling they may be."""
        self.findings.extend(self.grid.doubted(range(1, self.grid.width + 1)))
        name, others = missing[0], [cell.text for cell in self.rest() if not measure(cell)]
        row = self._row_holding(name)
        only = others[0] if len(others) == len(missing) == 1 else None
        meant = near(name, others) or only
        found = fault(
            "W107.row" if row else "W107.near" if meant else "W107",
            missing="」「".join(missing),
            exist=self.existing,
            row=row,
            meant=meant,
            first=name,
        )
        self.report(None, found)

    @property
    def existing(self) -> str:
        """Every heading of the table."""
        return some(cell.text for cell in self.grid.headings if cell.text)

    def _row_holding(self, name: str) -> int | None:
        key = name_key(name)
        return next(
            (cell.row for row in self.grid.rows[:10] for cell in row if name_key(cell.text) == key),
            None,
        )

    def _report_strays(self) -> None:
        """Report values that stand below no heading."""
        headed = {cell.column for cell in self.grid.headings if cell.text}
        for row in self.grid.rows:
            outside = [cell for cell in row if cell.text and cell.column not in headed]
            for cell in (outside or row[self.grid.width :])[:1]:
                self.report(cell, fault("W120", column=letters(cell.column)))

    def report_unknown(self, known: Sequence[str], unit: str = "") -> None:
        """Say which columns are not read; `unit` is what would make amounts of them."""
        for cell in self.rest():
            guess = near(cell.text, known)
            found = fault(
                "W131.near" if guess else "W131.amount" if unit else "W131",
                cell=cell.text,
                known="、".join(known),
                guess=guess,
                unit=unit,
            )
            self.report(cell, found)

    def rows(self) -> Iterator["Row"]:
        """Rows in the order of the file; what is to be said of the columns claimed is told."""
        self.findings.extend(self.grid.doubted(self.claimed))
        return (Row(self, row) for row in self.grid.rows)

    def source(self, cell: Cell) -> Source:
        """Where `cell` stands."""
        return self.grid.source(cell)

    def report(self, cell: Cell | None, fault: Fault) -> None:
        """Keep `fault`, which was found in `cell` or in the table as a whole."""
        whole = Source(file=self.grid.file, sheet=self.grid.sheet)
        self.findings.add(fault.at(self.source(cell) if cell else whole))


class Row(NamedTuple):
    """One row of a table, read by heading."""

    table: Table
    cells: tuple[Cell, ...]

    def cell(self, heading: str) -> Cell:
        """Cell below a claimed heading; empty where the column is missing."""
        column = self.table.columns.get(heading)
        if column is None:
            return Cell("", CellKind.PLAIN, self.cells[0].row, 1)
        return self.cells[column.column - 1]

    def under(self, heading: Cell) -> Cell:
        """Cell below `heading`."""
        return self.cells[heading.column - 1]

    def text(self, heading: str) -> str:
        """Text below a claimed heading, empty where it is blank."""
        return self.cell(heading).text

    def name(self, heading: str) -> str | None:
        """Text that must be there; None, with a problem, where it is blank."""
        cell = self.cell(heading)
        if not cell.text and cell.kind is not CellKind.BROKEN:
            self.table.report(
                cell,
                fault("W118.cell", heading=heading),
            )
        return cell.text or None

    def take(self, cell: Cell, door: Callable[[Cell], T | Fault]) -> T | None:
        """Take `cell` through `door`; None where it is blank or, with a problem, at fault."""
        if not cell.text or cell.kind is CellKind.BROKEN:
            return None
        value = door(cell)
        if isinstance(value, Fault):
            self.table.report(cell, value)
            return None
        return value

    def number(
        self, column: Measure, door: Callable[[Cell, str], T | Fault], stand_in: T
    ) -> T | None:
        """Take the number below its heading; None where blank.

        A cell with a reported fault counts as `stand_in`: the fault stops the run, and the line
        or figure is not reported as missing on top of it.
        """
        cell = self.under(column.heading)
        value = self.take(cell, lambda cell: door(cell, column.unit))
        if value is not None:
            self._note_text(cell)
            if column.unit in MONEY and isinstance(value, int | Fraction):
                self._add(cell, column, value)
            return value
        return stand_in if cell.text or cell.kind is CellKind.BROKEN else None

    def _add(self, cell: Cell, column: Measure, yen: int | Fraction) -> None:
        """Add to the sum of a column; the first row with which Excel cannot hold it is told."""
        place = column.heading.column
        before = self.table.sums.get(place, 0)
        after = self.table.sums[place] = before + (yen if yen > 0 else -yen)
        if before < TOO_LARGE <= after:
            self.table.report(cell, fault("W112.large-sum", heading=column.heading.text))

    def _note_text(self, cell: Cell) -> None:
        if cell.kind is CellKind.TEXT:
            self.table.report(
                cell,
                fault("W133", cell=cell.text),
            )
