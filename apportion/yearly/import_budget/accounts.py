"""The tables 収入の部 and 支出の部: rows with this year's and last year's amounts, and totals."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apportion.findings import Findings
from apportion.problem import Source
from apportion.year import FiscalYear
from apportion.yearly.import_budget import messages, notices
from apportion.yearly.import_budget.document import Cell, Line
from apportion.yearly.import_budget.headline import money_in
from apportion.yearly.import_budget.heads import Heads, Role, heads
from apportion.yearly.import_budget.words import (
    YEARS,
    Column,
    Figure,
    figure,
    harmless,
    spelled,
    squeezed,
    unit_in,
)

_TOTAL = re.compile(r"(?P<sub>小計)|(?:歳入|歳出|収入|支出|総)?合?計|総額")
_SHIFTS = (0, 1, -1)
_EMPTY = Cell("", 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """One row: `column` is the place of its name, 0 being the outermost."""

    name: str
    column: int
    own: dict[Column, Figure]
    remark: str
    source: Source

    @property
    def is_subtotal(self) -> bool:
        """Whether it adds up the rows since the last subtotal."""
        return squeezed(self.name) == "小計"

    @property
    def is_total(self) -> bool:
        """Whether it adds up rows at all."""
        return _TOTAL.fullmatch(squeezed(self.name)) is not None


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Where the reading of one section stands."""

    year: FiscalYear
    findings: Findings
    unit: str | None
    table: Heads | None = None

    def rows(self, lines: Sequence[Line]) -> Iterator[Row]:
        """Rows of the section; what has figures and is no row is a problem."""
        for line in lines:
            self.unit = unit_in(line.text) or self.unit
            if head := heads(line, self.year, self.findings):
                self.table, self.unit = head, head.unit or self.unit
            elif line.is_row and self.table:
                yield from self.row(line, self.table)
            elif line.is_row and _figures(line):
                messages.unplaced(self.findings, line.whole, line.text)
            elif money_in(line):
                notices.in_words(self.findings, line.whole)

    def row(self, line: Line, table: Heads) -> Iterator[Row]:
        """The row that a line is, moved by one column where it was printed so."""
        unit = self.unit
        if unit is None:
            messages.no_unit(self.findings, line.whole)
            self.unit = unit = "円"
        for shift in _SHIFTS:
            row = _shifted(line, table, unit, shift)
            if row is not None:
                if shift:
                    notices.shifted(self.findings, row.source, row.name, shift)
                self.dashes(row)
                yield from _groups(line, table, row, shift)
                yield row
                return
        if _figures(line):
            messages.unplaced(self.findings, line.whole, line.text)

    def dashes(self, row: Row) -> None:
        """Say where 「－」 stands for nothing."""
        for found in row.own.values():
            if found.dash:
                notices.dash(self.findings, found.source)


def read(
    lines: Sequence[Line], year: FiscalYear, findings: Findings, unit: str | None
) -> tuple[tuple[Row, ...], str | None]:
    """Rows of one section and its unit, which the next one has too where it names none."""
    reader = _Reader(year=year, findings=findings, unit=unit)
    return tuple(reader.rows(lines)), reader.unit


def _shifted(line: Line, table: Heads, unit: str, shift: int) -> Row | None:
    """The row with its cells moved to the right by `shift`, or None where it makes no sense so."""
    cells = _moved(line.cells, shift, len(table.roles))
    if cells is None:
        return None
    names = [place for place in table.places(Role.NAME) if cells[place].text]
    others = [cells[place] for place in table.places(Role.REMARK)]
    own = {
        column: found
        for place, column in table.columns.items()
        if (found := figure(cells[place].text, unit, line.at(cells[place])))
    }
    unread = [
        place
        for place, column in table.columns.items()
        if column in YEARS and cells[place].text and not _amount(cells[place])
    ]
    stray = any(_amount(cell) for cell in (*others, *(cells[place] for place in names)))
    odd = stray or unread or (shift and len(names) > 1)
    if not names or odd or Column.NOW not in own:
        return None
    return Row(
        name=spelled(cells[names[-1]].text),
        column=names[-1],
        own=own,
        remark=harmless("、".join(cell.text for cell in others if cell.text)),
        source=line.at(cells[names[-1]]),
    )


def _groups(line: Line, table: Heads, row: Row, shift: int) -> Iterator[Row]:
    """The names left of the innermost one: groups that begin here, without figures of their own."""
    cells = _moved(line.cells, shift, len(table.roles)) or ()
    for place in table.places(Role.NAME):
        if place < row.column and cells[place].text:
            name = spelled(cells[place].text)
            yield Row(name=name, column=place, own={}, remark="", source=line.at(cells[place]))


def _moved(cells: Sequence[Cell], shift: int, width: int) -> Sequence[Cell] | None:
    """Exactly `width` cells; None where a text would fall over the edge."""
    moved = [*[_EMPTY] * shift, *cells[max(0, -shift) :]]
    lost = [*cells[: max(0, -shift)], *moved[width:]]
    if any(cell.text for cell in lost):
        return None
    return [*moved, *[_EMPTY] * (width - len(moved))][:width]


def _amount(cell: Cell) -> bool:
    return figure(cell.text, "円", Source()) is not None


def _figures(line: Line) -> bool:
    return any(_amount(cell) for cell in line.cells)
