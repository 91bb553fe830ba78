"""`import figures` and `import roster`: columns of a table from elsewhere into that of the year."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field
from fractions import Fraction
from pathlib import Path

from apportion.allocate.columns import as_of
from apportion.core.dataclass import dataclass
from apportion.core.model import PREFECTURES, Member
from apportion.core.problem import Fault, Findings, InputError, Problem, tell
from apportion.core.text import name_key, some
from apportion.core.year import FiscalYear
from apportion.imports import source, totals
from apportion.imports.choice import Taken, figure_columns, roster_columns
from apportion.imports.facts import check_day, check_year, constant, unit_of
from apportion.imports.source import Given
from apportion.outputs.taken import take_in
from apportion.tables import csv_reader, figures, register, roster
from apportion.tables.cells import MONEY, Measure, code_digits, fraction, measure, plain
from apportion.tables.edit import Added, Changes, Replacement, Value, changed
from apportion.tables.files import TableForm, open_table
from apportion.tables.grid import Cell, CellKind
from apportion.tables.register import CODE, NAME
from apportion.tables.table import REMARK, Row, Table


def same_unit(new: str, old: str) -> bool:
    """Whether numbers in `new` can go into a column in `old`."""
    return new == old or (new in MONEY and old in MONEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The table of the year: its file, its bytes (those of an empty one, where there is none)."""

    root: Path
    path: Path
    there: bool
    data: bytes
    table: Table

    @property
    def rows(self) -> dict[str, Row]:
        """Rows by 団体コード."""
        return {code_digits(row.text(CODE)): row for row in self.table.rows()}


def opened(root: Path, form: TableForm, year: FiscalYear) -> Target:
    """Open the table, or begin one. Raises `InputError` where it cannot be read."""
    below = form.path.format(year=year.code)
    paths = [path for suffix in (".csv", ".xlsx") if (path := root / f"{below}{suffix}").is_file()]
    findings = Findings()
    if paths:
        table = open_table(root, form, year, findings)
        if table is None or not table.need(CODE, NAME):
            raise InputError(findings.problems)
        path = paths[0]
        return Target(root=root, path=path, there=True, data=path.read_bytes(), table=table)
    data = f"{CODE},{NAME},{REMARK}\n".encode("utf-8-sig").replace(b"\n", b"\r\n")
    grid = csv_reader.read(f"{below}.csv", data, findings)
    assert grid is not None
    table = Table(grid, findings)
    table.need(CODE, NAME)
    path = root / f"{below}.csv"
    return Target(root=root, path=path, there=False, data=data, table=table)


@dataclass(frozen=True, slots=True)
class NewColumn:
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
class MergedTable:
    """What goes into the target, and what is told: each changed value, each new body."""

    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    columns: list[Added] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def merge(
    target: Target, columns: Sequence[NewColumn], members: Mapping[str, Member]
) -> MergedTable:
    """All columns; bodies of the register that have no row yet get one where they are members."""
    merged = MergedTable()
    numbers = {code: row.cells[0].row for code, row in target.rows.items()}
    for code in sorted({code for column in columns for code in column.values} - numbers.keys()):
        if members[code].membership:
            numbers[code] = _new_row(target, members[code], merged)
        else:
            merged.told.append(f"{code} {members[code].name}: 会員でなく、行もないので、使いません")
    for column in columns:
        _put(target, column, members, numbers, merged)
    return merged


def _new_row(target: Target, member: Member, merged: MergedTable) -> int:
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
    column: NewColumn,
    members: Mapping[str, Member],
    numbers: Mapping[str, int],
    merged: MergedTable,
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


def written(target: Target, merged: MergedTable) -> bytes:
    """Bytes of the target with everything put in."""
    heading = target.table.grid.headings[0].row
    changes = Changes(heading=heading, cells=merged.cells, columns=merged.columns)
    return changed(target.path.suffix, target.data, changes)


_SHOWN = 10
_HEADS = ("人", "世帯")
"""Units of what a prefecture and its municipalities both count: that of the prefecture stays blank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableProposal:
    """What would be written: `data` is None where nothing differs.

    `told` are lines for a person on what changes, `read` on what was read and what passed over.
    """

    target: Target
    data: bytes | None
    told: tuple[str, ...]
    read: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def write(self) -> Path | None:
        """Write it; the folder with the former file. Raises `OutputError`."""
        assert self.data is not None
        path = self.target.path
        former = path if self.target.there else None
        new = [Replacement(path=path, former=former, data=self.data)]
        return take_in(self.target.root, f"import {path.stem}", new)


def propose_figures(
    root: Path, file: Path, year: FiscalYear, wanted: Sequence[str]
) -> TableProposal:
    """Figures from `file`; `wanted` names the columns (`見出し=名前（単位、時点）`).

    Raises `InputError`, with everything that is wrong, and `OutputError`.
    """
    members = _members(root, year)
    given = source.read(file, list(members.values()))
    taken = figure_columns(given, wanted, year.code)
    target = opened(root, figures.FORM, year)
    counted = all(each.measure and each.measure.unit in _HEADS for each in taken)
    missed = _wanted(members, year) - (_prefectures(members) if counted else frozenset())
    findings = Findings()
    findings.extend(given.account((each.column.column for each in taken), missed, marks=False))
    findings.stop()
    columns = [_figures(given, each, target, year, members, findings) for each in taken]
    return _proposal(given, target, columns, members, findings)


def propose_rosters(
    root: Path, file: Path, year: FiscalYear, wanted: Sequence[str]
) -> TableProposal:
    """Rosters from `file`, otherwise as `propose_figures`; `wanted` are `見出し=名簿の名前`."""
    members = _members(root, year)
    given = source.read(file, list(members.values()))
    target = opened(root, roster.FORM, year)
    present = roster.claim(target.table)
    taken = roster_columns(given, wanted, [cell.text for cell in present.values()])
    findings = Findings()
    used = [each.column for each in taken]
    findings.extend(check_year(given, used, year))
    findings.extend(given.account((c.column for c in used), _wanted(members, year), marks=True))
    findings.stop()
    columns = [
        NewColumn(
            each.heading,
            present.get(name_key(each.heading)),
            dict(_marks(given, each, year, findings)),
            lambda text, value: text == value,
        )
        for each in taken
    ]
    return _proposal(given, target, columns, members, findings)


def _members(root: Path, year: FiscalYear) -> Mapping[str, Member]:
    findings = Findings()
    table = open_table(root, register.FORM, year, findings)
    directory = register.read(table) if table else None
    if directory is None:
        raise InputError(findings.problems)
    return directory.by_code


def _proposal(
    given: Given,
    target: Target,
    columns: Sequence[NewColumn],
    members: Mapping[str, Member],
    findings: Findings,
) -> TableProposal:
    findings.stop()
    merged = merge(target, columns, members)
    differs = bool(merged.cells or merged.columns)
    told = (*merged.told, *_left(given, target, columns, members))
    return TableProposal(
        target=target,
        data=written(target, merged) if differs else None,
        told=tuple(told),
        read=(*given.told, *_alike(given), *given.ledger.lines()),
        problems=findings.problems,
    )


def _alike(given: Given) -> Iterator[str]:
    """What columns that are not taken say of all rows: a table of men only is no population."""
    for name, text in constant(given):
        yield f"取り込まない「{name}」の列は、どの団体も「{text}」です。"


def _left(
    given: Given, target: Target, columns: Sequence[NewColumn], members: Mapping[str, Member]
) -> Iterator[str]:
    """What is not taken over: bodies that only one of the two tables has, blanks, columns."""
    missing = [members[c].name for c in target.rows if c in members and c not in given.rows]
    blank = {c for column in columns for c in given.rows if c not in column.values}
    yield from _listed("この表にない団体（前のまま）", missing)
    yield from _listed(
        "値が空欄の団体と、人口などの重なる県（前のまま）", [members[c].name for c in sorted(blank)]
    )
    yield from _listed("団体一覧にない行（使いません）", given.unknown)


def _listed(title: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"{title}（{len(names)}）: {some(names, _SHOWN)}"


def _figures(
    given: Given,
    taken: Taken,
    target: Target,
    year: FiscalYear,
    members: Mapping[str, Member],
    findings: Findings,
) -> NewColumn:
    assert taken.measure is not None
    written_in = unit_of(given, taken.column, taken.measure)
    if isinstance(written_in, Problem):
        findings.add(written_in)
        written_in = taken.measure.unit
    if other := check_day(given, taken.column, taken.measure, year):
        findings.add(other)
    findings.extend(totals.check(given, taken.column, written_in))
    present = _present(target.table, taken.measure, year)
    if present and not same_unit(taken.measure.unit, present.unit):
        findings.extend([_other_unit(given, taken, present)])
    unit = present.unit if present else taken.measure.unit
    spared = _prefectures(members) if unit in _HEADS else frozenset[str]()
    values = dict(_numbers(given, taken, (written_in, unit), spared, findings))
    return NewColumn(taken.heading, present.heading if present else None, values, _same(unit))


def _wanted(members: Mapping[str, Member], year: FiscalYear) -> frozenset[str]:
    """Bodies that a table should not miss: members that exist in the year."""
    there = (m for m in members.values() if m.exists_between(year.first_day, year.last_day))
    return frozenset(member.code for member in there if member.membership)


def _prefectures(members: Mapping[str, Member]) -> frozenset[str]:
    return frozenset(code for code, member in members.items() if member.kind in PREFECTURES)


def _present(table: Table, new: Measure, year: FiscalYear) -> Measure | None:
    """The column of the same name and 時点, where there is one."""
    for cell in table.grid.headings:
        old = measure(cell)
        if (
            old
            and name_key(old.name) == name_key(new.name)
            and as_of(old.as_of, year) == as_of(new.as_of, year)
        ):
            return old
    return None


def _numbers(
    given: Given,
    taken: Taken,
    units: tuple[str, str],
    spared: AbstractSet[str],
    findings: Findings,
) -> Iterator[tuple[str, Value]]:
    """Numbers of a column by 団体コード; blanks and who is spared are left out.

    `units` are the one of the file and the one of the target.
    """
    unit, into = units
    for code, row in given.rows.items():
        cell = None if code in spared else taken.column.cell(row)
        value = fraction(cell, unit) if cell and cell.text else None
        if isinstance(value, Fault):
            assert cell is not None
            findings.add(value.at(given.grid.source(cell)))
        elif value is not None:
            yield code, value / MONEY.get(into, 1)


def _marks(
    given: Given, taken: Taken, year: FiscalYear, findings: Findings
) -> Iterator[tuple[str, Value]]:
    """Marks of a roster by 団体コード; a blank is one: it takes no part."""
    table = Table(given.grid, findings)
    for code, row in given.rows.items():
        cell = taken.column.cell(row)
        found = roster.attendance(table, cell, year) if cell and cell.text else None
        if isinstance(found, Fault):
            assert cell is not None
            findings.add(found.at(given.grid.source(cell)))
        elif cell and found and not (found.joins or found.leaves):
            yield code, "○"
        else:
            yield code, cell.text if cell else ""


def _same(unit: str) -> Callable[[str, Value], bool]:
    """Whether a cell in `unit` holds a number already, however it is written."""

    def same(text: str, value: Value) -> bool:
        there = fraction(Cell(text, CellKind.PLAIN, 1, 1), unit) if text else None
        return isinstance(value, Fraction) and there == value * MONEY.get(unit, 1)

    return same


def _other_unit(given: Given, taken: Taken, present: Measure) -> Problem:
    assert taken.measure is not None
    return tell(
        "W842",
        given.place,
        heading=taken.heading,
        present=present.heading.text,
        unit=present.unit,
    )
