"""納入: who paid what on which day, optional; it changes no charge and no invoice."""

import re
from collections.abc import Sequence
from datetime import date

from apportion.core.model import Payment, Yen
from apportion.core.problem import Fault, fault
from apportion.core.text import fold, name_key
from apportion.core.year import FiscalYear, parse_date, wareki
from apportion.tables.amounts import report_no_amount
from apportion.tables.cells import NOTHING, Measure, digits, yen
from apportion.tables.files import TableForm
from apportion.tables.grid import Cell
from apportion.tables.register import CODE, NAME, Directory
from apportion.tables.table import REMARK, Row, Table

TERM, DAY, AMOUNT, ACCOUNT = "期", "納入日", "納入額", "会計"
FORM = TableForm(
    "納入",
    "members/{year}/payments",
    f"{CODE},{NAME},{TERM},{DAY},{AMOUNT}（円）",
    optional=True,
)

_SHOWN = 5
_TERM = re.compile(r"第?0*([1-9][0-9]?)期?分?")
_WEEKDAY = re.compile(r"\([日月火水木金土]\)$")
_CLOCK = re.compile(r"[T ][0-9:.]+$")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


def files(year: str) -> tuple[str, str]:
    """Where the table of a year (`r7`) may lie, below the workspace."""
    path = FORM.path.format(year=year)
    return f"{path}.csv", f"{path}.xlsx"


def read(table: Table, directory: Directory, year: FiscalYear) -> tuple[Payment, ...] | None:
    """Read all payments in the order of the file; None where a column is missing."""
    table.allow(ACCOUNT)
    named = table.need(CODE, NAME, TERM, DAY)
    money = {measure.name: measure for measure in table.measures() if measure.is_money}
    column = next((m for name, m in money.items() if name_key(name) == AMOUNT), None)
    if column is None:
        report_no_amount(table, AMOUNT, money)
        return None
    table.claim(AMOUNT, column.heading)
    table.report_unknown([*FORM.headings.split(","), REMARK])
    return _payments(table, directory, year, column) if named else None


def _payments(
    table: Table, directory: Directory, year: FiscalYear, column: Measure
) -> tuple[Payment, ...]:
    found: dict[Payment, Row] = {}
    listed, outside = [], []
    for row in table.rows():
        payment, cell = _payment(row, directory, year, column)
        outside += [cell] if cell else []
        if payment is None:
            continue
        listed.append(payment)
        first = found.setdefault(payment, row)
        if first is not row:
            table.report(
                row.cell(CODE),
                fault("W913", name=row.text(NAME), number=payment.number, first=first.cells[0].row),
            )
    if outside:
        _not_of_the_year(table, outside, year)
    return tuple(listed)


def _not_of_the_year(table: Table, cells: Sequence[Cell], year: FiscalYear) -> None:
    """Days on which nothing is income of the year: told once, at the first of them."""
    days = [wareki(day) for cell in cells if isinstance(day := paid_day(cell), date)]
    table.report(
        cells[0],
        fault(
            "W914.several" if len(days) > 1 else "W914",
            day=days[0],
            count=len(days),
            days="、".join(dict.fromkeys(days[:_SHOWN])) + (" など" if days[_SHOWN:] else ""),
            year=year.label,
            first_day=wareki(year.first_day),
            closing=wareki(closing_day(year)),
        ),
    )


def _payment(
    row: Row, directory: Directory, year: FiscalYear, column: Measure
) -> tuple[Payment | None, Cell | None]:
    """A payment, and the cell of its day where that is outside the year."""
    member = directory.find(row)
    number = row.take(row.cell(TERM), term) if row.name(TERM) else None
    day = row.take(row.cell(DAY), paid_day) if row.name(DAY) else None
    amount = _amount(row, column)
    outside = day is not None and not year.first_day <= day <= closing_day(year)
    place = row.cell(DAY) if outside else None
    if member is None or number is None or day is None or amount is None:
        return None, place
    source = row.table.source(row.under(column.heading))
    payment = Payment(
        code=member.code,
        number=number,
        day=day,
        yen=amount,
        source=source,
        account=row.text(ACCOUNT),
    )
    return payment, place


def _amount(row: Row, column: Measure) -> Yen | None:
    amount = row.number(column, yen, NOTHING)
    if amount is None:
        row.name(AMOUNT)  # says that it is blank
    return amount


def closing_day(year: FiscalYear) -> date:
    """Last day of 出納整理期間: 31 May."""
    return date(year.start + 1, 5, 31)


def term(cell: Cell) -> int | Fault:
    """Number of an instalment written as `1`, `01`, `第1期` or `1期分`."""
    match = _TERM.fullmatch(digits(cell.text))
    return int(match[1]) if match else fault("W912.term", text=cell.text)


def paid_day(cell: Cell) -> date | Fault:
    """Day as banks and accounting systems write it: `R7.7.31(木)`, `20250731`, `2025/7/31 10:20`."""
    text = _CLOCK.sub("", _WEEKDAY.sub("", fold(cell.text).strip()).strip())
    text = _COMPACT.sub(r"\1-\2-\3", text) if _COMPACT.fullmatch(text) else text
    return parse_date(text) or fault("W124.payment", cell=cell.text)
