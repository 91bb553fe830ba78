"""`import payments`: what a bank or an accounting system lists becomes rows of the payments table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from apportion.check_payments import beside_bills
from apportion.computation import compute
from apportion.datafiles import to_csv
from apportion.findings import Findings
from apportion.model import Payment, Tables
from apportion.outcome import Outcome
from apportion.problem import InputError, Problem, grave
from apportion.tables.cells import MONEY
from apportion.tables.directory import CODE, NAME
from apportion.tables.files import open_table
from apportion.tables.grid import Cell, Grid
from apportion.tables.headings import measure
from apportion.tables.payments import AMOUNT, DAY, FORM, TERM
from apportion.tables.revision import last
from apportion.text import name_key
from apportion.workspace import load
from apportion.year import FiscalYear
from apportion.yearly.edit import Changes, Value, changed
from apportion.yearly.payment_list import Listed, read
from apportion.yearly.replacing import Replacement, replace_files

_FIELDS = (CODE, NAME, TERM, DAY, AMOUNT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
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
    return compute(root, year, case=last(tables) if tables else None)


def propose(root: Path, file: Path, year: FiscalYear) -> Proposal:
    """Read a list and compare it with the payments table of `year`; nothing is written.

    Raises `InputError` where the workspace or a row of the list cannot be understood.
    """
    outcome, findings = newest(root, year), Findings()
    listed = read(file, outcome, findings)
    if listed is None or grave(findings.problems):
        raise InputError(findings.problems)
    new, known = _compared(outcome.tables.payments, listed.payments)
    findings.extend(_doubts(outcome, new))
    return Proposal(
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
    found = beside_bills(tables, outcome.book, outcome.instalments, outcome.case)
    return tuple(problem for problem in found if problem.source.file in files)


def write(proposal: Proposal) -> Path | None:
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
