"""Rosters for the next year: who takes part all year, who left, who took over."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from apportion.model import Member
from apportion.tables.cells import digits
from apportion.tables.directory import CODE, NAME
from apportion.tables.grid import Cell
from apportion.tables.roster import claim
from apportion.tables.table import REMARK, Row, Table
from apportion.text import UNDECIDED, name_key
from apportion.year import FiscalYear, wareki
from apportion.yearly.edit import Changes, Value

ALL_YEAR = "○"


@dataclass(slots=True)
class _Moves:
    """What becomes of a roster: cells by row and column, rows that go, and what is told of it."""

    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)
    told: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class NextRoster:
    """Changes of a roster, what to tell of them, and whether all take part as before."""

    changes: Changes
    told: tuple[str, ...]
    same: bool


def ended(members: Mapping[str, Member], old: FiscalYear, new: FiscalYear) -> dict[str, Member]:
    """Bodies by code whose last day lies in the old year (or later, before the new one)."""
    return {
        code: member
        for code, member in members.items()
        if member.valid_to and old.first_day <= member.valid_to < new.first_day
    }


def next_roster(
    table: Table, members: Mapping[str, Member], old: FiscalYear, new: FiscalYear
) -> NextRoster:
    """Turn those who joined within the year into ○, blank those who left, pass on from the ended.

    A row in which nothing is left goes. What an heir takes over, and a 備考 that speaks of the new
    year, is marked 【要確認】.
    """
    table.need(CODE, NAME)
    columns = list(claim(table).values())
    rows = {digits(row.text(CODE)): row for row in table.rows()}
    moves = _Moves()
    for row in rows.values():
        _stay_or_go(row, columns, moves)
    gone = ended(members, old, new)
    for code in gone.keys() & rows.keys():
        _pass_on(rows[code], _heir(gone[code], members), columns, rows, moves)
    same = not moves.cells
    for row in rows.values():
        _remark(row, new, moves)
    changes = Changes(heading=table.grid.headings[0].row, cells=moves.cells, dropped=moves.dropped)
    return NextRoster(changes, tuple(moves.told), same)


def _stay_or_go(row: Row, columns: list[Cell], moves: _Moves) -> None:
    before = [row.under(heading) for heading in columns]
    after = [_next(cell.text) for cell in before]
    for heading, cell, text in zip(columns, before, after, strict=True):
        if text != cell.text:
            moves.cells[cell.row, cell.column] = text
            shown = text or "空欄"
            moves.told.append(f"名簿 {row.text(NAME)} {heading.text}: {cell.text} → {shown}")
    if any(cell.text for cell in before) and not any(after):
        moves.dropped.add(before[0].row)
        moves.told.append(f"名簿 {row.text(NAME)}: すべて抜けたので、行を除きました")


def _next(text: str) -> str:
    """Cell of the next year: who joined stays, who left is out."""
    if text.endswith("まで"):
        return ""
    return ALL_YEAR if text.endswith("から") else text


def _heir(member: Member, members: Mapping[str, Member]) -> Member | None:
    while member.successor in members:
        member = members[member.successor]
    return member if member.valid_to is None else None


def _pass_on(
    row: Row, heir: Member | None, columns: list[Cell], rows: Mapping[str, Row], moves: _Moves
) -> None:
    """Drop the row of a body that ended; its heir takes part in its place."""
    moves.dropped.add(row.cells[0].row)
    to = f"（{heir.name} が引き継ぐ）" if heir else ""
    moves.told.append(f"名簿 {row.text(NAME)}: 年度の間になくなったので、行を除きました{to}")
    for heading in columns:
        cell = row.under(heading)
        if heir and moves.cells.get((cell.row, cell.column), cell.text):
            _take_over(heir, heading, rows, moves)


def _take_over(heir: Member, heading: Cell, rows: Mapping[str, Row], moves: _Moves) -> None:
    own = rows.get(heir.code)
    number = own.cells[0].row if own else _new_row(heir, rows, moves)
    present = own.under(heading).text if own else ""
    if not moves.cells.get((number, heading.column), present):
        moves.cells[number, heading.column] = f"{ALL_YEAR} {UNDECIDED}"


def _new_row(heir: Member, rows: Mapping[str, Row], moves: _Moves) -> int:
    table = next(iter(rows.values())).table
    code, name = table.columns[CODE].column, table.columns[NAME].column
    known = (
        row for (row, column), value in moves.cells.items() if (column, value) == (code, heir.code)
    )
    last = max(row.cells[0].row for row in rows.values())
    number = next(known, max([last, *(row for row, _ in moves.cells)]) + 1)
    moves.cells |= {(number, code): heir.code, (number, name): heir.name}
    return number


def _remark(row: Row, new: FiscalYear, moves: _Moves) -> None:
    cell = row.cell(REMARK)
    announced = name_key(new.label), name_key(wareki(new.first_day))
    said = name_key(cell.text)
    if cell.row not in moves.dropped and any(words in said for words in announced):
        moves.cells[cell.row, cell.column] = f"{cell.text} {UNDECIDED}"
