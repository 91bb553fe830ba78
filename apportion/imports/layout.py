"""How a table from elsewhere lies: where its bodies stand, whatever its headings are called."""

from collections.abc import Mapping, Sequence

from apportion.core.model import Member
from apportion.core.problem import InputError, Problem, Source, tell
from apportion.core.text import name_key
from apportion.imports.bodies import Register, WrittenBody
from apportion.imports.heading import (
    DEEPEST,
    Row,
    first_keys,
    is_about,
    is_number,
    is_value,
    unit_in,
)
from apportion.tables.cells import code_digits
from apportion.tables.grid import Cell, Grid, letters

_SIX, _PAIR = 6, 2
_MANY = 10


def check(grid: Grid, rows: Sequence[Row], members: Sequence[Member]) -> None:
    """Raise `InputError` of a table whose bodies stand side by side, or under no word for them."""
    bodies = _bodies(rows, Register(members))
    column = _column(bodies)
    beside = _beside(rows, bodies, len({bodies[at] for at in bodies if at[1] == column}))
    if beside:
        raise InputError((_sideways(grid, rows, beside),))
    if first_keys(rows) is None:
        first = next((row for row in rows if (row[0].row, column) in bodies), None)
        problem = _untitled(grid, rows, first[column - 1]) if first else _headless(grid, rows)
        raise InputError((problem,))


def _bodies(rows: Sequence[Row], register: Register) -> Mapping[tuple[int, int], str]:
    """Row and column of each cell that is a body of the register, by name or by code of six digits."""
    found = {}
    for cell in (cell for row in rows for cell in row if cell.text):
        code = code_digits(cell.text)
        if not is_number(code):
            member = register.match(WrittenBody("", cell.text)).member
        else:
            member = register.by_code.get(code.zfill(_SIX)) if len(code) == _SIX else None
        if member:
            found[cell.row, cell.column] = member.code
    return found


def _column(bodies: Mapping[tuple[int, int], str]) -> int:
    """The column with the most bodies; 0 where there is none."""
    columns = {column for _, column in bodies}
    counts = {c: len({code for at, code in bodies.items() if at[1] == c}) for c in columns}
    return max(sorted(counts), key=counts.__getitem__, default=0)


def _beside(rows: Sequence[Row], bodies: Mapping[tuple[int, int], str], below: int) -> list[Cell]:
    """Bodies that stand side by side in one row, more of them than in any column."""
    for row in rows[:DEEPEST]:
        there = [cell for cell in row if (cell.row, cell.column) in bodies]
        codes = {bodies[cell.row, cell.column] for cell in there}
        values = any(is_value(cell.text) for cell in row if cell.text and cell not in there)
        if len(codes) >= max(_PAIR, below + 1) and not values:
            return there
    return []


def _sideways(grid: Grid, rows: Sequence[Row], beside: Sequence[Cell]) -> Problem:
    row = next(row for row in rows if row[0].row == beside[0].row)
    corner = next((cell.text for cell in row[: beside[0].column - 1] if cell.text), "")
    return tell(
        "W840.sideways-named" if corner else "W840.sideways",
        grid.source(beside[0]),
        shown="、".join(dict.fromkeys(cell.text for cell in beside[:_MANY])),
        corner=corner,
    )


def _untitled(grid: Grid, rows: Sequence[Row], first: Cell) -> Problem:
    """Problem of bodies in a column whose heading is no word for them, or has none."""
    word = "団体コード" if is_number(code_digits(first.text)) else "団体名"
    above = (row for row in rows if row[0].row < first.row)
    wide = [row for row in above if any(_heads(cell, first.column) for cell in row)]
    column = letters(first.column)
    if not wide:
        return tell(
            "W840.no-row",
            grid.source(first),
            row=f"{first.row}",
            column=column,
            body=first.text,
            word=word,
        )
    head = wide[-1][first.column - 1] if first.column <= len(wide[-1]) else None
    return tell(
        "W840.word" if head and head.text else "W840.blank",
        grid.source(first),
        heading=head.text if head else "",
        cell=f"{column}{wide[-1][0].row}",
        column=column,
        body=first.text,
        word=word,
    )


def _heads(cell: Cell, column: int) -> bool:
    """Whether a cell may be the heading of a column beside that of the bodies."""
    about = is_about(cell.text) or unit_in(cell.text)
    return bool(cell.text) and cell.column != column and not about


def _headless(grid: Grid, rows: Sequence[Row]) -> Problem:
    """Problem of a table in which no body is found at all: the row that looks most like headings."""
    top = rows[:DEEPEST]
    words = [{name_key(c.text) for c in row if c.text and not is_number(c.text)} for row in top]
    best = max(range(len(top)), key=lambda at: len(words[at]), default=0)
    said = "、".join(dict.fromkeys(cell.text for cell in top[best] if cell.text)) if top else ""
    place = Source(file=grid.file, sheet=grid.sheet)
    number = f"{top[best][0].row}" if said else "1"
    return tell("W840.table", place, deepest=DEEPEST, number=number, shown=said or "（空）")
