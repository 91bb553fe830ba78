"""Rosters for the next year: who takes part all year, who left, who took over."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path

from apportion.core.dataclass import dataclass
from apportion.core.model import RESERVES, Member, Tables, total
from apportion.core.text import UNDECIDED, name_key
from apportion.core.year import FiscalYear, wareki
from apportion.outcome import workspace
from apportion.outcome.checks.texts import ADJUSTMENT, is_drawing, line_of
from apportion.outcome.computation import compute
from apportion.outcome.issued import OUTPUTS, Issues
from apportion.outcome.settled import NEXT_YEAR
from apportion.outputs import data
from apportion.rules.book import RuleBook
from apportion.tables import previous
from apportion.tables.cells import code_digits
from apportion.tables.edit import Added, Changes, Value, new_csv
from apportion.tables.grid import Cell
from apportion.tables.register import CODE, NAME
from apportion.tables.reserve import FORM
from apportion.tables.roster import claim
from apportion.tables.table import REMARK, Row, Table
from apportion.years.carried import Adjustments, adjustments, settled_data


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """The reserve as the budget foresees it (None: nobody knows), and what to do after the 精算."""

    reserve: bytes | None = None
    later: tuple[str, ...] = ()


def awaited(root: Path, old: FiscalYear, new: FiscalYear) -> Awaited:
    """From the tables and rules of the old year; nothing where they cannot be read."""
    read = workspace.load(root, old)
    if read.tables is None:
        return Awaited()
    reserve = _reserve(read.tables, old) if read.tables.reserve else None
    projects = _adjusted(read.tables, read.book)
    return Awaited(
        reserve=reserve,
        later=(
            *_replace_reserve(read.tables, old, new, known=reserve is not None),
            *_add_adjustments(projects, old, new),
        ),
    )


def _reserve(tables: Tables, old: FiscalYear) -> bytes:
    """Former balance, more by what the first budget lays by, less by what it draws."""
    lines = {name_key(line.project): line.project for line in tables.budget if line.project}
    projects = {key: balance.project for key, balance in tables.reserve.items()} | lines
    rows: list[tuple[object, ...]] = [(*FORM.headings.split(","), REMARK)]
    for key, project in projects.items():
        yen = _foreseen(tables, key)
        if key in tables.reserve or yen:
            remark = f"{old.label}の予算による見込み。精算のあとで置き換える {UNDECIDED}"
            rows.append((project, yen, remark))
    return new_csv(rows)


def _foreseen(tables: Tables, key: str) -> int:
    balance = tables.reserve.get(key)
    saved = (x for x in tables.budget if x.category == RESERVES and name_key(x.project) == key)
    drawn = (x for x in tables.income if is_drawing(x) and name_key(x.project) == key)
    before = balance.yen if balance else 0
    return before + total(x.amount or 0 for x in saved) - total(x.amount for x in drawn)


def _replace_reserve(
    tables: Tables, old: FiscalYear, new: FiscalYear, *, known: bool
) -> Iterator[str]:
    settled = f"outputs/{old.code}-精算/data/reserve.csv"
    if known:
        yield (
            f"積立金の残高: members/{new.code}/reserve.csv を {settled} に置き換えます"
            "（いまの額は予算による見込みです）。"
        )
    elif any(map(is_drawing, tables.income)):
        yield (
            f"積立金の残高: {settled} を members/{new.code}/reserve.csv に写します"
            f"（members/{old.code}/reserve.csv がないので、取崩が残高より多くても分かりません）。"
        )


def _adjusted(tables: Tables, book: RuleBook) -> list[str]:
    """事業 whose ■精算 adjusts in the next year, in the order of the budget."""
    projects = {name_key(line.project): line.project for line in tables.charged}
    return [name for key, name in projects.items() if NEXT_YEAR in _way(book, key)]


def _way(book: RuleBook, key: str) -> str:
    file = book.by_project.get(key)
    files = book.scope(file).files if file else ()
    said = next((each.settlement for each in files if each.settlement), None)
    return said.difference if said else ""


def _add_adjustments(projects: list[str], old: FiscalYear, new: FiscalYear) -> Iterator[str]:
    for project in projects:
        name = f"{ADJUSTMENT} {project}" if len(projects) > 1 else ADJUSTMENT
        yield (
            f"{name}: outputs/{old.code}-精算/data/adjustment.csv の列を members/{new.code}/figures.csv に"
            f"移し、「{project}」の規則の■経費に次の行を足します: {line_of(name)}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Files for the folder of members by name, what the 精算 leaves to bodies, and their origin.

    `adjustments` are yen by 団体コード for each name of a column: 前年度精算額, or one for each 事業.
    `later` is what to do after the 精算, where it is not done yet.
    """

    files: Mapping[str, bytes]
    adjustments: Adjustments
    told: tuple[str, ...]
    later: tuple[str, ...]


def carried(root: Path, old: FiscalYear, new: FiscalYear) -> Carried:
    """From the last sealed issue of the year, else from a computation; reserves from its 精算, or its budget.

    Raises `InputError` where nothing is sealed and the year cannot be computed.
    """
    files, told = _charged(root, old)
    settled = settled_data(root, old)
    awaiting = Awaited() if settled.is_dir() else awaited(root, old, new)
    reserve = settled / "reserve.csv"
    if reserve.is_file():
        files["reserve.csv"] = reserve.read_bytes()
        told.append(f"積立金の残高: {old.label}の精算から")
    elif awaiting.reserve:
        files["reserve.csv"] = awaiting.reserve
        told.append(
            f"積立金の残高: {old.label}の前年度末残高 ＋ 予算の積立金 − 予算の取崩（見込み）"
        )
    adjustment = settled / "adjustment.csv"
    return Carried(
        files=files,
        adjustments=adjustments(adjustment) if adjustment.is_file() else {},
        told=tuple(told),
        later=awaiting.later,
    )


def _charged(root: Path, old: FiscalYear) -> tuple[dict[str, bytes], list[str]]:
    if issue := Issues.of(root, old).newest():
        rows = ((r.code, r.name, r.project, r.line, r.yen) for r in issue.charges())
        turns = "data/rotation.csv"
        rotates = turns in issue.record[OUTPUTS]
        rotation = issue.content(f"{OUTPUTS}/{turns}") if rotates else None
        origin = f"確定した{issue.label}から"
    else:
        outcome = compute(root, old)
        rows = (
            (c.member.code, c.member.name, c.line.project, c.line.name, c.yen)
            for c in outcome.charges
        )
        rotation = data.rotation_csv(outcome)
        origin = f"{old.label}の計算から（確定した回はありません）"
    charges = new_csv([previous.FORM.headings.split(","), *rows])
    files = {"previous.csv": charges} | ({"rotation.csv": rotation} if rotation else {})
    turn = ["輪番: 次の番を写しました"] if rotation else []
    return files, [f"前年度の負担金: {origin}", *turn]


def next_figures(
    table: Table, adjustments: Adjustments, old: FiscalYear
) -> tuple[Changes, tuple[str, ...]]:
    """Changes of the figures: what the 精算 leaves to each body, in yen; nothing else changes.

    A column that is new, or that still holds what the year before left, is marked 【要確認】.
    """
    table.need(CODE)
    row = table.grid.headings[0].row
    present = {
        name_key(found.name): found.heading
        for found in table.measures()
        if name_key(found.name).startswith(ADJUSTMENT)
    }
    new = {name_key(name): (name, amounts) for name, amounts in adjustments.items()}
    cells: dict[tuple[int, int], Value] = {
        (row, heading.column): f"{heading.text} {UNDECIDED}"
        for key, heading in present.items()
        if key not in new
    }
    added = []
    for key, (name, amounts) in new.items():
        heading, values = f"{name}（円、{old.label}決算）", _by_row(table, amounts)
        if key in present:
            column = present[key].column
            cells |= {(row, column): heading, **{(n, column): v for n, v in values.items()}}
        else:
            added.append(Added(heading=f"{heading} {UNDECIDED}", values=values))
    return Changes(heading=row, cells=cells, columns=added), tuple(
        f"基礎数値「{name}」: {old.label}の精算の額。規則の「{line_of(name)}」で使います"
        for name, _ in new.values()
    )


def _by_row(table: Table, amounts: Mapping[str, int]) -> dict[int, Value]:
    """Yen for each row of the table; 0 for whom nothing is left."""
    return {
        row.cells[0].row: str(amounts.get(code_digits(row.text(CODE)), 0)) for row in table.rows()
    }


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
    rows = {code_digits(row.text(CODE)): row for row in table.rows()}
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
