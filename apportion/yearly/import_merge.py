"""Columns of one table put into another, cell by cell, with every difference told.

Nothing is lost: other columns, 備考 and the rows of bodies that the file does not name stay.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from apportion.findings import Findings
from apportion.model import Member
from apportion.problem import InputError
from apportion.tables.cells import digits, plain
from apportion.tables.csv_reader import read as read_csv
from apportion.tables.directory import CODE, NAME
from apportion.tables.files import Form, open_table
from apportion.tables.grid import Cell
from apportion.tables.table import REMARK, Row, Table
from apportion.year import FiscalYear
from apportion.yearly.edit import Added, Changes, Value, changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The table of the year: its file, its bytes (those of an empty one, where there is none)."""

    path: Path
    there: bool
    data: bytes
    table: Table

    @property
    def rows(self) -> dict[str, Row]:
        """Rows by 団体コード."""
        return {digits(row.text(CODE)): row for row in self.table.rows()}


def opened(root: Path, form: Form, year: FiscalYear) -> Target:
    """Open the table, or begin one. Raises `InputError` where it cannot be read."""
    below = form.path.format(year=year.code)
    paths = [path for suffix in (".csv", ".xlsx") if (path := root / f"{below}{suffix}").is_file()]
    findings = Findings()
    if paths:
        table = open_table(root, form, year, findings)
        if table is None or not table.need(CODE, NAME):
            raise InputError(findings.problems)
        return Target(path=paths[0], there=True, data=paths[0].read_bytes(), table=table)
    data = f"{CODE},{NAME},{REMARK}\n".encode("utf-8-sig").replace(b"\n", b"\r\n")
    grid = read_csv(f"{below}.csv", data, findings)
    assert grid is not None
    table = Table(grid, findings)
    table.need(CODE, NAME)
    return Target(path=root / f"{below}.csv", there=False, data=data, table=table)


@dataclass(frozen=True, slots=True)
class Column:
    """A column to put in: its heading, the one that is there (None: a new one), cells by code.

    `same` tells whether the text that is there says the same as a new value.
    """

    heading: str
    present: Cell | None
    values: Mapping[str, Value]
    same: Callable[[str, Value], bool]


def shown(value: Value) -> str:
    """A value as it stands in a cell."""
    return value if isinstance(value, str) else plain(value)


@dataclass(slots=True)
class Merged:
    """What goes into the target, and what is told: each changed value, each new body."""

    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    columns: list[Added] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def merge(target: Target, columns: Sequence[Column], members: Mapping[str, Member]) -> Merged:
    """All columns; bodies of the register that have no row yet get one where they are members."""
    merged = Merged()
    numbers = {code: row.cells[0].row for code, row in target.rows.items()}
    for code in sorted({code for column in columns for code in column.values} - numbers.keys()):
        if members[code].membership:
            numbers[code] = _new_row(target, members[code], merged)
        else:
            merged.told.append(f"{code} {members[code].name}: 会員でなく、行もないので、使いません")
    for column in columns:
        _put(target, column, members, numbers, merged)
    return merged


def _new_row(target: Target, member: Member, merged: Merged) -> int:
    grid, columns = target.table.grid, target.table.columns
    taken = max((row for row, _ in merged.cells), default=0)
    # Blank rows below the last one (a workbook has some, ready to be filled in) come next.
    number = max(taken, *(row[0].row for row in (grid.headings, *grid.rows))) + 1
    merged.cells[number, columns[CODE].column] = member.code
    merged.cells[number, columns[NAME].column] = member.name
    merged.told.append(f"{member.code} {member.name}: 行を加えます")
    return number


def _put(
    target: Target,
    column: Column,
    members: Mapping[str, Member],
    numbers: Mapping[str, int],
    merged: Merged,
) -> None:
    values = {numbers[code]: (code, v) for code, v in column.values.items() if code in numbers}
    if column.present is None:
        merged.columns.append(
            Added(heading=column.heading, values={n: v for n, (_, v) in values.items()})
        )
        merged.told.append(
            f"新しい列「{column.heading}」: {_counted(v for _, v in values.values())}"
        )
        return
    rows = {row.cells[0].row: row for row in target.table.rows()}
    for number, (code, value) in sorted(values.items()):
        text = rows[number].under(column.present).text if number in rows else ""
        if not column.same(text, value):
            merged.cells[number, column.present.column] = value
            merged.told.append(
                f"{code} {members[code].name} {column.present.text}: "
                f"{text or '空欄'} → {shown(value) or '空欄'}"
            )


def _counted(values: Iterable[Value]) -> str:
    """How many bodies have a value, and the sum of numbers: what a person can compare."""
    filled = [value for value in values if value != ""]
    numbers = [value for value in filled if isinstance(value, Fraction)]
    return f"{len(filled)}団体" + (f"、合計 {plain(sum(numbers, Fraction(0)))}" if numbers else "")


def written(target: Target, merged: Merged) -> bytes:
    """Bytes of the target with everything put in."""
    heading = target.table.grid.headings[0].row
    changes = Changes(heading=heading, cells=merged.cells, columns=merged.columns)
    return changed(target.path.suffix, target.data, changes)
