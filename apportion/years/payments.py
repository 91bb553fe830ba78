"""`import payments`: what a bank or an accounting system lists becomes rows of the payments table."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from apportion.core.model import Member, Payment, Tables, Yen
from apportion.core.problem import Fault, Findings, InputError, Problem, Source, fault, grave
from apportion.core.text import fold, name_key, near
from apportion.core.year import FiscalYear
from apportion.outcome.charges import to_csv
from apportion.outcome.checks.bills import beside_bills
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome
from apportion.outcome.workspace import load
from apportion.tables.cells import MONEY, digits, measure, restored_code, yen
from apportion.tables.edit import Changes, Replacement, Value, changed, replace_files
from apportion.tables.files import cleaned, open_table, opened
from apportion.tables.grid import Cell, Grid
from apportion.tables.payments import AMOUNT, DAY, FORM, TERM, paid_day, term
from apportion.tables.register import CODE, NAME
from apportion.tables.revision import last
from apportion.tables.table import Row, Table

SERIAL = "整理番号"

_SERIAL = re.compile(r"([A-Z][0-9]{1,2})-([0-9]{6})(?:-.*)?")
_TERM = re.compile(r"-第([1-9][0-9]?)期")
_TITLES = re.compile(r"(?:様|殿|御中)$")


def serial_term(text: str) -> int | None:
    """期 that a 整理番号 names (`R7-232017-第1期`); None where it names none."""
    match = _TERM.search(digits(text))
    return int(match[1]) if match else None


@dataclass(frozen=True)
class RowPayers:
    """Finds the body of a row; all that the row says of it must agree."""

    outcome: Outcome

    @cached_property
    def by_name(self) -> dict[str, Member]:
        """Bodies by folded name, addressee (豊橋市長), and both with their 郡 before them."""
        found: dict[str, Member] = {}
        for member in sorted(self.outcome.tables.members, key=lambda m: m.valid_to is None):
            for name in (member.name, member.head):
                found[name_key(name)] = found[name_key(member.county + name)] = member
        return found

    def find(self, row: Row) -> Member | None:
        """The body of a row; None, with a problem, where there is none or the columns disagree."""
        found: dict[str, Member] = {}
        for heading, door in (
            (CODE, self._by_code),
            (SERIAL, self._by_serial),
            (NAME, self._by_name),
        ):
            cell = row.cell(heading)
            if not cell.text:
                continue
            member = row.take(cell, door)
            if member is None:
                return None
            found[heading] = member
        if not found:
            row.table.report(row.cells[0], fault("W118.payer"))
            return None
        first, *others = found.values()
        if any(other != first for other in others):
            row.table.report(row.cell(next(iter(found))), _disagree(found))
            return None
        return first

    def _by_code(self, cell: Cell) -> Member | Fault:
        known = self.outcome.tables.by_code
        code = digits(cell.text)
        member = known.get(code) or known.get(restored_code(cell) or "")
        return member or fault("W308.payer", code=code)

    def _by_serial(self, cell: Cell) -> Member | Fault:
        match = _SERIAL.fullmatch(digits(cell.text).upper())
        member = self.outcome.tables.by_code.get(match[2]) if match else None
        if match is None or member is None:
            return fault("W308.serial", serial=cell.text)
        if FiscalYear.parse(match[1]) != self.outcome.year:
            return fault(
                "W919",
                serial=cell.text,
                year=self.outcome.year.label,
                prefix=self.outcome.year.code.upper(),
            )
        return member

    def _by_name(self, cell: Cell) -> Member | Fault:
        name = _TITLES.sub("", fold(cell.text).strip()).strip()
        member = self.by_name.get(name_key(name))
        guess = near(name, (member.name for member in self.outcome.tables.members))
        return member or fault(
            "W309.payer-near" if guess else "W309.payer", name=cell.text, guess=guess
        )


def _disagree(found: Mapping[str, Member]) -> Fault:
    shown = "、".join(f"{heading}は{member.name}" for heading, member in found.items())
    return fault("W310.payment", shown=shown)


HEADINGS: Mapping[str, tuple[str, ...]] = {
    CODE: (CODE, "市町村コード", "市区町村コード", "自治体コード"),
    SERIAL: (SERIAL, "請求番号"),
    NAME: (
        *(NAME, "市町村名", "市区町村名", "納入者", "納入者名", "納入義務者"),
        *("債務者", "債務者名", "相手方", "宛先", "会員名"),
    ),
    TERM: (TERM, "期別", "納期"),
    DAY: (
        *(DAY, "収納日", "入金日", "収入日", "領収日", "納付日", "納入年月日", "収納年月日"),
        *("入金年月日", "収入年月日", "領収年月日", "納付年月日"),
    ),
    AMOUNT: (
        *(AMOUNT, "収納額", "入金額", "収入額", "領収額", "納付額", "金額", "納入済額"),
        *("収入済額", "納入金額", "収納金額", "入金金額", "納付金額"),
    ),
}
"""What each column may be called; the first one is ours."""

_WHO = (CODE, SERIAL, NAME)
_NEEDED = (TERM, DAY, AMOUNT)
_DEEPEST = 30
_TOTALS = frozenset({"計", "小計", "合計", "総計", "累計"})
_MONEY_SIGNS = re.compile(rf"^[{chr(0xA5)}￥\\]|円$")  # cp932 has no sign U+00A5


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Payments in the order of the list; headings that were not used; rows of totals."""

    file: str
    payments: tuple[Payment, ...]
    unused: tuple[str, ...]
    totals: int


def read(path: Path, outcome: Outcome, findings: Findings) -> Listed | None:
    """Read a list; what is at fault in its rows is in `findings`.

    Raises `InputError` where it is no table at all, `OutputError` where it is locked.
    """
    grid = opened(path, findings)
    headed = _headed(grid)
    if headed is None:
        findings.add(_headless(grid).at(Source(file=grid.file, sheet=grid.sheet)))
        return None
    table = Table(cleaned(headed, findings), findings)
    for name, cell in _columns(headed.headings).items():
        table.claim(name, cell)
    payers, found, totals = RowPayers(outcome), [], 0
    for row in table.rows():
        if _is_total(row):
            totals += 1
        elif payment := _payment(row, payers):
            found.append(payment)
    return Listed(
        file=grid.file,
        payments=tuple(found),
        unused=tuple(cell.text for cell in table.rest()),
        totals=totals,
    )


def _headed(grid: Grid) -> Grid | None:
    """The grid below the row that holds all headings; None where there is none."""
    rows = [grid.headings, *grid.rows]
    for place, row in enumerate(rows[:_DEEPEST]):
        found = _columns(row)
        if not any(_lacking(found)):
            return grid._replace(headings=row, width=len(row), rows=tuple(rows[place + 1 :]))
    return None


def _columns(row: tuple[Cell, ...]) -> dict[str, Cell]:
    """Columns of a row of headings by our name for each; the first one of a name counts."""
    found: dict[str, Cell] = {}
    for cell in row:
        key = name_key(_heading(cell))
        for name, others in HEADINGS.items():
            if key in map(name_key, others):
                found.setdefault(name, cell)
    return found


def _heading(cell: Cell) -> str:
    found = measure(cell)
    return found.name if found and found.is_money else cell.text


def _is_total(row: Row) -> bool:
    """Whether a row is one of totals, or empty but for columns that are not used."""
    if not any(row.text(name) for name in (*_WHO, *_NEEDED)):
        return True
    return not row.text(DAY) and any(name_key(cell.text) in _TOTALS for cell in row.cells)


def _payment(row: Row, payers: RowPayers) -> Payment | None:
    member = payers.find(row)
    number = _term(row)
    day = row.take(row.cell(DAY), paid_day) if row.name(DAY) else None
    amount = row.take(row.cell(AMOUNT), lambda cell: _yen(row, cell)) if row.name(AMOUNT) else None
    if member is None or number is None or day is None or amount is None:
        return None
    source = row.table.source(row.cell(AMOUNT))
    return Payment(code=member.code, number=number, day=day, yen=amount, source=source)


def _term(row: Row) -> int | None:
    """期 of a row: its own column, or the 整理番号 of a bill of one 期; both must agree."""
    named = serial_term(row.text(SERIAL)) if SERIAL in row.table.columns else None
    if named is None:
        return row.take(row.cell(TERM), term) if row.name(TERM) else None
    written = row.take(row.cell(TERM), term) if row.text(TERM) else named
    if written in (named, None):
        return written
    row.table.report(row.cell(TERM), fault("W912.two", written=written, named=named))
    return None


def _yen(row: Row, cell: Cell) -> Yen | Fault:
    """Amount with or without the signs of yen; without a unit in the heading it is in 円, as banks write."""
    found = measure(row.table.columns[AMOUNT])
    text = _MONEY_SIGNS.sub("", fold(cell.text).replace(" ", ""))
    return yen(cell._replace(text=text), found.unit if found and found.unit in MONEY else "円")


def _missing(grid: Grid) -> Iterator[str]:
    """Columns that the most promising row lacks."""
    rows = [grid.headings, *grid.rows][:_DEEPEST]
    best = max((_columns(row) for row in rows), key=len)
    yield from _lacking(best)


def _lacking(columns: Mapping[str, Cell]) -> Iterator[str]:
    """Columns that are needed and not there; a 整理番号 may say the 期."""
    if not any(name in columns for name in _WHO):
        yield CODE
    needed = (name for name in _NEEDED if name != TERM or SERIAL not in columns)
    yield from (name for name in needed if name not in columns)


def _headless(grid: Grid) -> Fault:
    missing = list(_missing(grid))
    names = "、".join(HEADINGS[missing[0]])
    return fault(
        "W840.payments",
        missing="」「".join(missing),
        deepest=_DEEPEST,
        first=missing[0],
        names=names,
    )


_FIELDS = (CODE, NAME, TERM, DAY, AMOUNT)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsProposal:
    """What a list would add to the payments of `outcome`, and which of it is there already.

    `problems` hold no error.
    """

    root: Path
    outcome: Outcome
    listed: Listed
    new: tuple[Payment, ...]
    known: tuple[Payment, ...]
    problems: tuple[Problem, ...]


def newest(root: Path, year: FiscalYear) -> Outcome:
    """The outcome that payments follow: after the last 補正. Raises `InputError`."""
    tables = load(root, year).tables
    return compute(root, year, edition=last(tables) if tables else None)


def propose(root: Path, file: Path, year: FiscalYear) -> PaymentsProposal:
    """Read a list and compare it with the payments table of `year`; nothing is written.

    Raises `InputError` where the workspace or a row of the list cannot be understood.
    """
    outcome, findings = newest(root, year), Findings()
    listed = read(file, outcome, findings)
    if listed is None or grave(findings.problems):
        raise InputError(findings.problems)
    new, known = _compared(outcome.tables.payments, listed.payments)
    findings.extend(_doubts(outcome, new))
    return PaymentsProposal(
        root=root,
        outcome=outcome,
        listed=listed,
        new=new,
        known=known,
        problems=findings.problems,
    )


def _compared(
    present: Sequence[Payment], listed: Sequence[Payment]
) -> tuple[tuple[Payment, ...], tuple[Payment, ...]]:
    """Payments that the table lacks, and those that it has; equal ones are counted."""
    left = Counter(present)
    new: list[Payment] = []
    known: list[Payment] = []
    for payment in listed:
        there = left[payment] > 0
        left[payment] -= there
        (known if there else new).append(payment)
    return tuple(new), tuple(known)


def _doubts(outcome: Outcome, new: tuple[Payment, ...]) -> tuple[Problem, ...]:
    """What `check` would say of the new payments."""
    tables = replace(outcome.tables, payments=(*outcome.tables.payments, *new))
    files = {payment.source.file for payment in new}
    found = beside_bills(tables, outcome.book, outcome.instalments, outcome.edition)
    return tuple(problem for problem in found if problem.source.file in files)


def write(proposal: PaymentsProposal) -> Path | None:
    """Add the new rows; the folder in which the former table is kept, None where there was none.

    Raises `OutputError` where the disk or an open workbook forbids it; then all is as before.
    """
    root, outcome = proposal.root, proposal.outcome
    table = open_table(root, FORM, outcome.year, Findings())
    if table is None:
        path = root / f"{FORM.path.format(year=outcome.year.code)}.csv"
        rows = [_row(outcome.tables, payment) for payment in proposal.new]
        data = to_csv(FORM.headings.split(","), rows)
        return replace_files([Replacement(path=path, former=None, data=data)])
    path = root / table.grid.file
    data = changed(path.suffix, path.read_bytes(), _added(table.grid, outcome, proposal.new))
    return replace_files([Replacement(path=path, former=path, data=data)])


def _added(grid: Grid, outcome: Outcome, new: Sequence[Payment]) -> Changes:
    """New rows below the last one of the present table, in its columns and its unit."""
    last = max(cells[0].row for cells in (grid.headings, *grid.rows))
    columns = {name_key(_name(cell)): cell for cell in grid.headings}
    amount = measure(columns[AMOUNT])
    unit = MONEY[amount.unit] if amount else 1
    cells: dict[tuple[int, int], Value] = {}
    for row, payment in enumerate(new, start=last + 1):
        code, name, number, day, yen = _row(outcome.tables, payment)
        values: tuple[Value, ...] = (code, name, Fraction(number), day, Fraction(yen, unit))
        for field, value in zip(_FIELDS, values, strict=True):
            cells[row, columns[field].column] = value
    return Changes(heading=grid.headings[0].row, cells=cells)


def _name(heading: Cell) -> str:
    found = measure(heading)
    return found.name if found else heading.text


def _row(tables: Tables, payment: Payment) -> tuple[str, str, int, str, int]:
    """Values of a payment in the order of the table's headings."""
    name = tables.by_code[payment.code].name
    return payment.code, name, payment.number, payment.day.isoformat(), payment.yen
