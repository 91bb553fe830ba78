"""A table from elsewhere: where its headings are, which body each row is about.

It comes as ministries and staff make it: titles above, headings in several rows, codes of five or
six digits or names alone, totals and bodies of other prefectures between the rows.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from apportion.core.model import Member
from apportion.core.problem import Findings, InputError, Level, Problem, Source, tell
from apportion.core.text import fold, name_key
from apportion.tables.cells import check_digit, digits
from apportion.tables.files import cleaned, opened
from apportion.tables.grid import Cell, Grid, letters

_SIX, _FIVE = 6, 5


class Register:
    """The bodies that exist, by code and by name; a name may have its 郡 before it."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.by_code = {member.code: member for member in members}
        there = sorted(members, key=lambda member: member.valid_to is None)
        self.by_name = {name: member for member in there for name in _names(member)}

    def find(self, code: str, name: str) -> Member | None:
        """The body of a row; where a code may mean two, the name tells."""
        named = self.by_name.get(name_key(name))
        if not code:
            return named
        meant = [self.by_code[c] for c in _codes(digits(code)) if c in self.by_code]
        return named if named in meant else next(iter(meant), None)

    @staticmethod
    def disagrees(member: Member, name: str) -> bool:
        """Whether the name of a row is that of somebody else."""
        return bool(name) and name_key(name) not in _names(member)


def _names(member: Member) -> tuple[str, str]:
    return name_key(member.name), name_key(member.county + member.name)


def _codes(code: str) -> Iterator[str]:
    """Codes of six digits that a written one may mean: Excel loses a 0, some leave the last digit."""
    if not code.isascii() or not code.isdigit():
        return
    if len(code) == _SIX:
        yield code
    for padded in (code, f"0{code}"):
        if len(padded) == _FIVE:
            yield padded + check_digit(padded)
        elif len(padded) == _SIX and padded != code and padded[5] == check_digit(padded[:5]):
            yield padded


CODES = (
    *("団体コード", "市区町村コード", "市町村コード", "自治体コード", "全国地方公共団体コード"),
    *("地方公共団体コード", "標準地域コード", "地域コード", "コード"),
)
NAMES = (
    *(
        "団体名",
        "市区町村名",
        "市町村名",
        "自治体名",
        "市区町村",
        "市町村",
        "団体",
        "都道府県・市区町村名",
    ),
)
_DEEPEST = 30
_PLACE = re.compile(r"([A-Z]+)([0-9]+)")
_DASHES = ("-", "ー", "―", "…")


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column: its heading cell, its heading, and the same with the headings above it joined."""

    cell: Cell
    name: str
    joined: str

    def called(self, name: str) -> bool:
        """Whether `name` is this heading, in either form."""
        return name_key(name) in (name_key(self.name), name_key(self.joined))


@dataclass(frozen=True, slots=True)
class Given:
    """The table: `rows` by 団体コード of the bodies of the register, `unknown` the other rows."""

    grid: Grid
    findings: Findings
    columns: tuple[SourceColumn, ...]
    rows: Mapping[str, tuple[Cell, ...]]
    unknown: tuple[str, ...]
    keys: tuple[int, ...]

    def refuse(self, used: Iterable[int]) -> None:
        """Raise `InputError` where a row, or something below the headings of these columns, is at fault."""
        concerned = {*self.keys, *used}
        found = tuple(p for p in self.findings.problems if self._concerns(p, concerned))
        if any(problem.level is Level.ERROR for problem in found):
            raise InputError(found)

    def _concerns(self, problem: Problem, used: set[int]) -> bool:
        place = _PLACE.fullmatch(problem.source.cell)
        if place is None:
            return True
        start = self.columns[0].cell.row
        return int(place[2]) > start and place[1] in {letters(column) for column in used}


def read(path: Path, members: Sequence[Member]) -> Given:
    """Read `path`. Raises `InputError` where it is no such table, `OutputError` where it is locked."""
    findings = Findings()
    grid = opened(path, findings)
    rows = [grid.headings, *cleaned(grid, findings).rows]
    depth = max((n for n, row in enumerate(rows[:_DEEPEST]) if _is_heading(row)), default=None)
    if depth is None:
        raise InputError((_headless(path.name, grid),))
    heads = [row for row in rows[: depth + 1] if _is_heading(row)]
    return _matched(grid, findings, _columns(heads), rows[depth + 1 :], members)


def _is_heading(row: Sequence[Cell]) -> bool:
    keys = {name_key(cell.text) for cell in row}
    return bool(keys & {*CODES, *NAMES})


def _columns(heads: Sequence[Sequence[Cell]]) -> tuple[SourceColumn, ...]:
    above = [_carried(row) for row in heads[:-1]]
    return tuple(_column(above, cell) for cell in heads[-1])


def _carried(row: Sequence[Cell]) -> list[str]:
    """Headings of an upper row; a blank one belongs to the one on its left."""
    texts: list[str] = []
    for cell in row:
        texts.append(cell.text or (texts[-1] if texts else ""))
    return texts


def _column(above: Sequence[Sequence[str]], cell: Cell) -> SourceColumn:
    place = cell.column - 1
    parts = [row[place] for row in above if place < len(row)]
    joined = "".join(dict.fromkeys((*parts, cell.text))) if cell.text else "".join(parts[-1:])
    return SourceColumn(cell, cell.text or joined, joined)


def _matched(
    grid: Grid,
    findings: Findings,
    columns: tuple[SourceColumn, ...],
    rows: Sequence[tuple[Cell, ...]],
    members: Sequence[Member],
) -> Given:
    named = [column for names in (CODES, NAMES) if (column := _named(columns, names))]
    keys = tuple(column.cell.column for column in named)
    register, found = Register(members), dict[str, tuple[Cell, ...]]()
    unknown = []
    for row in rows:
        code, name = (_written(row, columns, names) for names in (CODES, NAMES))
        member = register.find(code, name)
        if member is None:
            unknown += [f"{code} {name}".strip()] if code or name else []
        elif register.disagrees(member, name):
            place = grid.source(row[keys[0] - 1])
            findings.add(_disagreement(place, code, name, member))
        elif found.setdefault(member.code, row) is not row:
            _compare(grid, findings, found[member.code], row, member)
    if not found and not findings.faults:
        raise InputError((_nobody(grid.file, unknown),))
    return Given(grid, findings, columns, found, tuple(unknown), keys)


def _disagreement(place: Source, code: str, name: str, member: Member) -> Problem:
    return tell(
        "W843.disagreement", place, code=code, name=name, known=member.code, member=member.name
    )


def _written(row: Sequence[Cell], columns: Sequence[SourceColumn], names: Sequence[str]) -> str:
    """What a row says in its column of codes or names; a dash there is a blank."""
    column = _named(columns, names)
    text = row[column.cell.column - 1].text if column else ""
    return "" if fold(text) in _DASHES else text


def _named(columns: Sequence[SourceColumn], names: Sequence[str]) -> SourceColumn | None:
    found = (column for name in names for column in columns if name_key(column.name) == name)
    return next(found, None)


def _compare(
    grid: Grid, findings: Findings, first: Sequence[Cell], row: Sequence[Cell], member: Member
) -> None:
    """A second row of one body may only say the same."""
    for before, cell in zip(first, row, strict=False):
        if before.text != cell.text:
            findings.add(
                tell(
                    "W844",
                    grid.source(cell),
                    member=member.name,
                    before=before.text or "空欄",
                    value=cell.text or "空欄",
                    place=before.place,
                )
            )


def _headless(file: str, grid: Grid) -> Problem:
    shown = "、".join(cell.text for cell in grid.headings if cell.text)
    return tell(
        "W840.table", Source(file=file, sheet=grid.sheet), deepest=_DEEPEST, shown=shown or "（空）"
    )


def _nobody(file: str, unknown: Sequence[str]) -> Problem:
    shown = "、".join(unknown[:3]) or "（団体の行がありません）"
    return tell("W843.nobody", Source(file=file), shown=shown)
