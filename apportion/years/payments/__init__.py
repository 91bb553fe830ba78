"""`import payments`: what a bank or an accounting system lists becomes rows of the payments table."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from apportion.core.dataclass import dataclass
from apportion.core.model import Payment
from apportion.core.problem import Findings, InputError, Problem, Source, grave, tell
from apportion.core.text import name_key
from apportion.core.year import AskedBudget, FiscalYear
from apportion.outcome.charges import to_csv
from apportion.outcome.checks.bills import beside_bills
from apportion.outputs.taken import take_in
from apportion.tables.cells import MONEY, measure
from apportion.tables.edit import Changes, Replacement, Value, changed, row_below
from apportion.tables.files import cleaned, content, open_table, opened
from apportion.tables.grid import Cell, Grid
from apportion.tables.payments import ACCOUNT, AMOUNT, DAY, FORM, TERM
from apportion.tables.register import CODE, NAME
from apportion.years.payments import zengin
from apportion.years.payments.bills import Aside, OpenBills, YearBills, year_bills
from apportion.years.payments.lists import ListReader, headed, headless, is_ledger
from apportion.years.payments.statement import Matching, StatementReader, is_statement
from apportion.years.payments.words import RowKind
from apportion.years.payments.zengin import is_zengin


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a list holds: how many payments it names, columns that were not used, rows of totals.

    `notes` are rows without any amount, `checked` counts totals that were added up again, and
    `balanced` says that the balances of a bank follow from what came and went.
    """

    file: str
    count: int
    unused: tuple[str, ...]
    totals: int
    checked: int
    notes: tuple[str, ...]
    balanced: bool


def read(path: Path, bills: OpenBills, findings: Findings) -> Listed | None:
    """Read a list and go through it with `bills`; what is at fault in it is in `findings`.

    Raises `InputError` where it is no table at all, `OutputError` where it is locked.
    """
    billed = bills.billed
    grid = _grid(path, billed.year, findings)
    if grid is None:
        return None
    grid = cleaned(grid, findings)
    ledger = headed(grid, is_ledger)
    bank = None if ledger else headed(grid, is_statement)
    if ledger:
        lists = ListReader(billed, ledger, findings)
        judged = lists.ledger()
        judged.judge(bills)
        bills.left += lists.left
        return _listed(lists, len(judged.entries), bills)
    if bank:
        statement = StatementReader(billed, bank, findings)
        deposits = statement.deposits()
        Matching(billed, bills, statement.undone).match(deposits)
        return _listed(statement, len(deposits), bills)
    findings.add(headless(grid).at(Source(file=grid.file, sheet=grid.sheet)))
    return None


def _listed(reader: ListReader | StatementReader, count: int, bills: OpenBills) -> Listed:
    bills.passed += reader.passed
    return Listed(
        file=reader.found.grid.file,
        count=count,
        unused=tuple(cell.text for cell in reader.table.rest()),
        totals=reader.totals.rows,
        checked=reader.totals.checked,
        notes=tuple(reader.notes),
        balanced=isinstance(reader, StatementReader) and reader.balanced,
    )


def _grid(path: Path, year: FiscalYear, findings: Findings) -> Grid | None:
    """The table of a file, or the records of a bank."""
    data = content(path)
    if is_zengin(data):
        return zengin.read(path.name, data, year, findings)
    return opened(path, findings)


_FIELDS = (CODE, NAME, TERM, DAY, AMOUNT)
_IMPORT = "import payments"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsProposal:
    """What a list would add to the payments of a year, and which of it is there already.

    `passed` are rows that are no payments, `left` those that a person has to decide. `problems` hold
    no error.
    """

    root: Path
    billed: YearBills
    listed: Listed
    new: tuple[Payment, ...]
    known: tuple[Payment, ...]
    passed: tuple[Aside, ...]
    left: tuple[Aside, ...]
    problems: tuple[Problem, ...]

    @property
    def nothing(self) -> Problem | None:
        """The fault of a list in which no row is a payment, though some rows speak of money."""
        spoken = [aside for aside in self.passed if aside.kind != RowKind.UNPAID.value]
        if self.new or self.known or not (spoken or self.left):
            return None
        file = self.listed.file
        passed, left = len(self.passed), len(self.left)
        return tell("W926", Source(file=file), file=file, passed=passed, left=left)


def propose(
    root: Path,
    file: Path,
    year: FiscalYear,
    asked: AskedBudget | None = None,
    account: str = "",
) -> PaymentsProposal:
    """Read a list and compare it with the payments table of `year`; nothing is written.

    Where bills are divided, the list is of one 会計 (`account`). Raises `InputError` where the
    workspace or a row of the list cannot be understood.
    """
    billed, findings = _of_account(year_bills(root, year, asked), account, root, file), Findings()
    bills = OpenBills(billed)
    listed = read(file, bills, findings)
    if listed is None or grave(findings.problems):
        raise InputError(findings.problems)
    new = tuple(bills.new)
    findings.extend(_doubts(billed, new))
    return PaymentsProposal(
        root=root,
        billed=billed,
        listed=listed,
        new=new,
        known=tuple(bills.known),
        passed=tuple(bills.passed),
        left=tuple(bills.left),
        problems=findings.problems,
    )


def _of_account(billed: YearBills, account: str, root: Path, file: Path) -> YearBills:
    """What a list can be of: the bills of the 会計 that was chosen, where they are divided."""
    accounts, place, year = billed.accounts, Source(file=file.name), billed.year
    known = [one for one in accounts if name_key(one) == name_key(account)]
    if account and not known:
        others = "、".join(accounts) or "会計に分けていません"
        raise InputError((tell("W256.unknown", place, account=account, others=others),))
    if not accounts:
        return billed
    if not account:
        told = tell("W256.list", place, label=year.label, others="、".join(accounts))
        raise InputError((told,))
    table = open_table(root, FORM, year, Findings())
    if table and ACCOUNT not in {name_key(cell.text) for cell in table.grid.headings}:
        raise InputError((tell("W256.column", Source(file=table.grid.file)),))
    return billed.of_account(known[0])


def _doubts(billed: YearBills, new: tuple[Payment, ...]) -> tuple[Problem, ...]:
    """What `check` would say of the new payments."""
    tables = replace(billed.tables, payments=(*billed.tables.payments, *new))
    files = {payment.source.file for payment in new}
    found = beside_bills(tables, billed.book, billed.receivables)
    return tuple(problem for problem in found if problem.source.file in files)


def write(proposal: PaymentsProposal) -> Path | None:
    """Add the new rows; the folder in which the former table is kept, None where there was none.

    Raises `OutputError` where the disk or an open workbook forbids it; then all is as before.
    """
    root, billed = proposal.root, proposal.billed
    table = open_table(root, FORM, billed.year, Findings())
    if table is None:
        path = root / f"{FORM.path.format(year=billed.year.code)}.csv"
        rows = [_row(billed, payment) for payment in proposal.new]
        headings = [*FORM.headings.split(","), *([ACCOUNT] if billed.account else [])]
        data = to_csv(headings, rows)
        return take_in(root, _IMPORT, [Replacement(path=path, former=None, data=data)])
    path = root / table.grid.file
    data = changed(path.suffix, path.read_bytes(), _added(table.grid, billed, proposal.new))
    return take_in(root, _IMPORT, [Replacement(path=path, former=path, data=data)])


def _added(grid: Grid, billed: YearBills, new: Sequence[Payment]) -> Changes:
    """New rows below the last one of the present table, in its columns and its unit."""
    columns = {name_key(_name(cell)): cell for cell in grid.headings}
    amount = measure(columns[AMOUNT])
    unit = MONEY[amount.unit] if amount else 1
    cells: dict[tuple[int, int], Value] = {}
    for row, payment in enumerate(new, start=row_below(grid)):
        values = dict(zip((*_FIELDS, ACCOUNT), _row(billed, payment), strict=False))
        in_unit: dict[str, Value] = {
            **{field: str(value) for field, value in values.items()},
            TERM: Fraction(payment.number),
            AMOUNT: Fraction(payment.yen, unit),
        }
        for field, value in in_unit.items():
            cells[row, columns[field].column] = value
    return Changes(heading=grid.headings[0].row, cells=cells)


def _name(heading: Cell) -> str:
    found = measure(heading)
    return found.name if found else heading.text


def _row(billed: YearBills, payment: Payment) -> tuple[str | int, ...]:
    """Values of a payment in the order of the table's headings, the 会計 behind them."""
    name, day = billed.tables.by_code[payment.code].name, payment.day.isoformat()
    own = payment.code, name, payment.number, day, payment.yen
    return (*own, billed.account) if billed.account else own
