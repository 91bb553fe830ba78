"""収入の部: one income line per row."""

from apportion.core.model import IncomeLine
from apportion.core.problem import fault
from apportion.tables.amounts import AMOUNT, claim_amounts, headings, read_amounts
from apportion.tables.cells import Measure
from apportion.tables.files import TableForm
from apportion.tables.table import MEMO, REMARK, Row, Table

FORM = TableForm("収入の部", "rules/{year}/income", "区分,事業,科目,予算額（円）")


def read(table: Table) -> tuple[IncomeLine, ...] | None:
    """Income lines in the order of the file, or None where a column is missing."""
    named = table.need("区分", "事業", "科目")
    money = claim_amounts(table)
    if money is None or not named:
        return None
    known = ["区分", "事業", "科目", *headings(money), REMARK, MEMO]
    table.allow(MEMO)
    table.report_unknown(known, money[AMOUNT].unit)
    return tuple(line for row in table.rows() if (line := _line(row, money)))


def _line(row: Row, money: dict[str, Measure]) -> IncomeLine | None:
    subject, amounts = row.name("科目"), read_amounts(row, money)
    if amounts.amount is None:
        row.table.report(row.under(money[AMOUNT].heading), fault("W118.income"))
    if subject is None or amounts.amount is None:
        return None
    return IncomeLine(
        category=row.text("区分"),
        project=row.text("事業"),
        subject=subject,
        amount=amounts.amount,
        previous=amounts.previous,
        columns=amounts.columns,
        cells=amounts.cells,
        texts=amounts.texts,
        text=amounts.text,
        unit=amounts.unit,
        note=row.text(REMARK),
        source=amounts.source,
    )
