"""`import figures` and `import roster`: columns of a table from elsewhere into that of the year."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from apportion.allocate.columns import as_of
from apportion.findings import Findings
from apportion.model import PREFECTURES, Member
from apportion.problem import InputError, Problem, Source
from apportion.tables import figures, register, roster
from apportion.tables.cells import MONEY, Fault, fraction
from apportion.tables.files import open_table
from apportion.tables.grid import Cell, Kind
from apportion.tables.headings import Measure, measure
from apportion.tables.table import Table
from apportion.text import name_key
from apportion.year import FiscalYear
from apportion.yearly import import_columns, import_source
from apportion.yearly.edit import Value
from apportion.yearly.import_columns import Taken
from apportion.yearly.import_merge import Column, Target, merge, opened, written
from apportion.yearly.import_source import Given
from apportion.yearly.replacing import Replacement, replace_files

_SHOWN = 10
_HEADS = ("人", "世帯")
"""Units of what a prefecture and its municipalities both count: that of the prefecture stays blank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What would be written: `data` is None where nothing differs; `told` are lines for a person."""

    target: Target
    data: bytes | None
    told: tuple[str, ...]

    def write(self) -> Path | None:
        """Write it; the folder with the former file. Raises `OutputError`."""
        assert self.data is not None
        path = self.target.path
        former = path if self.target.there else None
        return replace_files([Replacement(path=path, former=former, data=self.data)])


def propose_figures(root: Path, file: Path, year: FiscalYear, wanted: Sequence[str]) -> Proposal:
    """Figures from `file`; `wanted` names the columns (`見出し=名前（単位、時点）`).

    Raises `InputError`, with everything that is wrong, and `OutputError`.
    """
    members = _members(root, year)
    given = import_source.read(file, list(members.values()))
    taken = import_columns.figures(given, wanted, year.code)
    given.refuse(each.column.cell.column for each in taken)
    target = opened(root, figures.FORM, year)
    findings = Findings()
    columns = [_figures(given, each, target, year, members, findings) for each in taken]
    return _proposal(given, target, columns, members, findings)


def propose_rosters(root: Path, file: Path, year: FiscalYear, wanted: Sequence[str]) -> Proposal:
    """Rosters from `file`, otherwise as `propose_figures`; `wanted` are `見出し=名簿の名前`."""
    members = _members(root, year)
    given = import_source.read(file, list(members.values()))
    target = opened(root, roster.FORM, year)
    present = roster.claim(target.table)
    taken = import_columns.rosters(given, wanted, [cell.text for cell in present.values()])
    given.refuse(each.column.cell.column for each in taken)
    findings = Findings()
    columns = [
        Column(
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
    columns: Sequence[Column],
    members: Mapping[str, Member],
    findings: Findings,
) -> Proposal:
    if findings.faults:
        raise InputError(findings.problems)
    merged = merge(target, columns, members)
    differs = bool(merged.cells or merged.columns)
    told = (*merged.told, *_left(given, target, columns, members))
    return Proposal(
        target=target, data=written(target, merged) if differs else None, told=tuple(told)
    )


def _left(
    given: Given, target: Target, columns: Sequence[Column], members: Mapping[str, Member]
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
        more = "など" if len(names) > _SHOWN else ""
        yield f"{title}（{len(names)}）: {'、'.join(names[:_SHOWN])}{more}"


def _figures(
    given: Given,
    taken: Taken,
    target: Target,
    year: FiscalYear,
    members: Mapping[str, Member],
    findings: Findings,
) -> Column:
    assert taken.measure is not None
    present = _present(target.table, taken.measure, year)
    if present and not import_columns.same_unit(taken.measure.unit, present.unit):
        findings.extend([_other_unit(given, taken, present)])
    unit = present.unit if present else taken.measure.unit
    spared = _prefectures(members) if unit in _HEADS else frozenset[str]()
    values = dict(_numbers(given, taken, unit, spared, findings))
    return Column(taken.heading, present.heading if present else None, values, _same(unit))


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
    given: Given, taken: Taken, into: str, spared: AbstractSet[str], findings: Findings
) -> Iterator[tuple[str, Value]]:
    """Numbers of a column by 団体コード, in the unit `into`; blanks and who is spared are left out."""
    unit = taken.measure.unit if taken.measure else into
    for code, row in given.rows.items():
        cell = None if code in spared else _cell(row, taken)
        value = fraction(cell, unit) if cell and cell.text else None
        if isinstance(value, Fault):
            assert cell is not None
            value.add_to(findings, given.grid.source(cell))
        elif value is not None:
            yield code, value / MONEY.get(into, 1)


def _marks(
    given: Given, taken: Taken, year: FiscalYear, findings: Findings
) -> Iterator[tuple[str, Value]]:
    """Marks of a roster by 団体コード; a blank is one: it takes no part."""
    table = Table(given.grid, findings)
    for code, row in given.rows.items():
        cell = _cell(row, taken)
        found = roster.attendance(table, cell, year) if cell and cell.text else None
        if isinstance(found, Fault):
            assert cell is not None
            found.add_to(findings, given.grid.source(cell))
        elif cell and found and not (found.joins or found.leaves):
            yield code, "○"
        else:
            yield code, cell.text if cell else ""


def _cell(row: Sequence[Cell], taken: Taken) -> Cell | None:
    column = taken.column.cell.column
    return row[column - 1] if column <= len(row) else None


def _same(unit: str) -> Callable[[str, Value], bool]:
    """Whether a cell in `unit` holds a number already, however it is written."""

    def same(text: str, value: Value) -> bool:
        there = fraction(Cell(text, Kind.PLAIN, 1, 1), unit) if text else None
        return isinstance(value, Fraction) and there == value * MONEY.get(unit, 1)

    return same


def _other_unit(given: Given, taken: Taken, present: Measure) -> Problem:
    assert taken.measure is not None
    return Problem(
        code="W842",
        source=Source(file=given.grid.file, sheet=given.grid.sheet),
        what=f"「{taken.heading}」の単位が、基礎数値の「{present.heading.text}」と違います。",
        why="単位の違う数を同じ列に入れると、けたの違う計算になります。",
        fix=f"値を{present.unit}に直し、--column の単位も「{present.unit}」にしてください。",
    )
