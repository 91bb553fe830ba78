"""名簿: who takes part in what, one column per 名簿, one row per body."""

import re

from apportion.core.model import Attendance, Member, Roster
from apportion.core.problem import Fault, fault
from apportion.core.text import fold, name_key
from apportion.core.year import FiscalYear, parse_date, wareki
from apportion.tables.files import TableForm
from apportion.tables.grid import Cell, CellKind
from apportion.tables.register import CODE, NAME, Directory, member_rows
from apportion.tables.table import REMARK, Row, Table

FORM = TableForm("名簿", "members/{year}/roster", "団体コード,団体名,（名簿の名前）")

# Columns of the register that people copy along; none of them is a roster.
_NOT_ROSTERS = ("よみ", "区分", "郡", "会員区分")
_CIRCLES = frozenset("○〇◯")
_PERIOD = re.compile(r"(?:(.+?)から)?(?:(.+?)まで)?")


def read(table: Table, directory: Directory, year: FiscalYear) -> tuple[Roster, ...] | None:
    """Read the rosters, in the order of columns; None where code or name has no column."""
    if not table.need(CODE, NAME):
        return None
    columns = claim(table)
    entries: dict[str, dict[str, Attendance]] = {name: {} for name in columns}
    for row, member in member_rows(table, directory):
        for name, cell in _filled(row, member, columns):
            entry = row.take(cell, lambda cell: attendance(table, cell, year))
            if entry:
                entries[name][member.code] = entry
    return tuple(
        Roster(name=heading.text, entries=entries[name], source=table.source(heading))
        for name, heading in columns.items()
    )


def claim(table: Table) -> dict[str, Cell]:
    """Headings of the rosters by folded name."""
    columns: dict[str, Cell] = {}
    for heading in table.rest():
        if heading.text not in _NOT_ROSTERS:
            table.claim(name_key(heading.text), heading)
            columns.setdefault(name_key(heading.text), heading)
    table.report_unknown([CODE, NAME, REMARK])
    return columns


def _filled(row: Row, member: Member, columns: dict[str, Cell]) -> list[tuple[str, Cell]]:
    """Cells with something in them, by roster; none of a body that is no member."""
    filled = [(name, row.under(heading)) for name, heading in columns.items()]
    filled = [(name, cell) for name, cell in filled if cell.text]
    if filled and not member.membership:
        row.table.report(filled[0][1], fault("W313", member=member.name))
        return []
    return filled


def attendance(table: Table, cell: Cell, year: FiscalYear) -> Attendance | Fault:
    """What a filled cell of `table` says of the year."""
    if cell.text in _CIRCLES:
        return Attendance(source=table.source(cell))
    match = _PERIOD.fullmatch(fold(cell.text).replace(" ", ""))
    if match is None or cell.kind is CellKind.DATE:
        return _unreadable(cell)
    joins, leaves = (parse_date(part) if part else None for part in match.groups())
    if (match[1] and joins is None) or (match[2] and leaves is None):
        return _unreadable(cell)
    for end in (joins, leaves):
        if end and not year.first_day <= end <= year.last_day:
            return fault(
                "W312",
                day=wareki(end),
                year=year.label,
                first_day=wareki(year.first_day),
                last_day=wareki(year.last_day),
            )
    if joins and leaves and joins > leaves:
        return fault("W315", cell=cell.text)
    return Attendance(joins=joins, leaves=leaves, source=table.source(cell))


def _unreadable(cell: Cell) -> Fault:
    day = parse_date(cell.text)
    mend = wareki(day) if day else ""
    return fault("W311.day" if mend else "W311", cell=cell.text, mend=mend)
